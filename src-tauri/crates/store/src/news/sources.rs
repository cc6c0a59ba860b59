//! The table `sources`.

use std::collections::HashMap;

use promptpal_domain::{Source, SourceId, Timestamp};

use super::{NewSource, SourceHealth};
use crate::names::{source_kind, source_kind_name, unreadable};
use crate::{Store, StoreError};

/// More sources than this are not listed.
const MAX_SOURCES: i64 = 10_000;

/// How much came from a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceCounts {
    /// Articles stored.
    pub articles: u64,
    /// Those that its feed listed first since some moment.
    pub recent: u64,
    /// When the first of all was seen.
    pub first: Timestamp,
}

#[derive(sqlx::FromRow)]
struct SourceRow {
    id: i64,
    kind: String,
    url: String,
    title: String,
    enabled: bool,
    full_text: bool,
    etag: Option<String>,
    last_modified: Option<String>,
    last_fetch: Option<i64>,
    next_fetch: Option<i64>,
    interval_ms: Option<i64>,
    ttl_ms: Option<i64>,
    last_status: Option<i64>,
    failures: i64,
    last_error: Option<String>,
}

impl SourceRow {
    fn into_source(self) -> Result<Source, StoreError> {
        Ok(Source {
            id: SourceId(self.id),
            kind: source_kind(&self.kind)?,
            url: self.url,
            title: self.title,
            enabled: self.enabled,
            full_text: self.full_text,
            etag: self.etag,
            last_modified: self.last_modified,
            last_fetch: self.last_fetch.map(Timestamp::from_millis),
            next_fetch: self.next_fetch.map(Timestamp::from_millis),
            interval_ms: self.interval_ms,
            ttl_ms: self.ttl_ms,
            last_status: self.last_status.and_then(|status| u16::try_from(status).ok()),
            failures: u32::try_from(self.failures)
                .map_err(|_| unreadable("sources.failures", self.failures.to_string()))?,
            last_error: self.last_error,
        })
    }
}

fn not_found(id: SourceId) -> StoreError {
    StoreError::NotFound {
        what: "source",
        id: id.0.to_string(),
    }
}

impl Store {
    /// Adds a source, or finds the one that has this address already.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn add_source(&self, source: &NewSource) -> Result<SourceId, StoreError> {
        let source = source.clone();
        self.write("add a source", move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO sources (kind, url, title, full_text) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                )
                .bind(source_kind_name(source.kind))
                .bind(&source.url)
                .bind(&source.title)
                .bind(source.full_text)
                .execute(&mut *tx)
                .await?;
                let id = sqlx::query_scalar("SELECT id FROM sources WHERE url = ?1")
                    .bind(&source.url)
                    .fetch_one(&mut *tx)
                    .await?;
                Ok(SourceId(id))
            })
        })
        .await
    }

    /// All sources by name; at most 10,000.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn sources(&self) -> Result<Vec<Source>, StoreError> {
        self.read("list the sources", |tx| {
            Box::pin(async move {
                let rows: Vec<SourceRow> = sqlx::query_as(
                    "SELECT id, kind, url, title, enabled, full_text, etag, last_modified, last_fetch, next_fetch,
                            interval_ms, ttl_ms, last_status, failures, last_error
                     FROM sources ORDER BY title, id LIMIT ?1",
                )
                .bind(MAX_SOURCES)
                .fetch_all(&mut **tx)
                .await?;
                Ok(rows.into_iter().map(SourceRow::into_source).collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// How many articles are stored from each source, and how many of them were seen since `since`.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn source_counts(
        &self,
        since: Timestamp,
    ) -> Result<HashMap<SourceId, SourceCounts>, StoreError> {
        self.read("count the articles of the sources", move |tx| {
            Box::pin(async move {
                let rows: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
                    "SELECT source_id, count(*), sum(first_seen >= ?1 AND backfill_delay_ms IS NULL), min(first_seen)
                     FROM articles GROUP BY source_id",
                )
                .bind(since.millis())
                .fetch_all(&mut **tx)
                .await?;
                let counts = rows.into_iter().map(|(source, articles, recent, first)| {
                    let counts = SourceCounts {
                        articles: articles.unsigned_abs(),
                        recent: recent.unsigned_abs(),
                        first: Timestamp::from_millis(first),
                    };
                    (SourceId(source), counts)
                });
                Ok(counts.collect())
            })
        })
        .await
    }

    /// The source of this number.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn source(&self, id: SourceId) -> Result<Source, StoreError> {
        self.read("read a source", move |tx| {
            Box::pin(async move {
                let row: Option<SourceRow> = sqlx::query_as(
                    "SELECT id, kind, url, title, enabled, full_text, etag, last_modified, last_fetch, next_fetch,
                            interval_ms, ttl_ms, last_status, failures, last_error
                     FROM sources WHERE id = ?1",
                )
                .bind(id.0)
                .fetch_optional(&mut **tx)
                .await?;
                Ok(row.ok_or_else(|| not_found(id))?.into_source()?)
            })
        })
        .await
    }

    /// Whether the source is asked at all.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn set_source_enabled(&self, id: SourceId, enabled: bool) -> Result<(), StoreError> {
        let sql = "UPDATE sources SET enabled = ?2 WHERE id = ?1";
        self.switch_source("switch a source", sql, id, enabled).await
    }

    /// Whether the pages of a source's articles are fetched from now on. What is stored stays as it is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn set_source_full_text(&self, id: SourceId, full_text: bool) -> Result<(), StoreError> {
        let sql = "UPDATE sources SET full_text = ?2 WHERE id = ?1";
        self.switch_source("switch a source's full text", sql, id, full_text)
            .await
    }

    async fn switch_source(
        &self,
        doing: &'static str,
        sql: &'static str,
        id: SourceId,
        on: bool,
    ) -> Result<(), StoreError> {
        self.write(doing, move |tx| {
            Box::pin(async move {
                let changed = sqlx::query(sql).bind(id.0).bind(on).execute(tx).await?;
                if changed.rows_affected() == 0 {
                    Err(not_found(id).into())
                } else {
                    Ok(())
                }
            })
        })
        .await
    }

    /// Notes what a visit showed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn update_source_health(&self, id: SourceId, health: SourceHealth) -> Result<(), StoreError> {
        self.write("note a visit to a source", move |tx| {
            Box::pin(async move {
                let changed = sqlx::query(
                    "UPDATE sources SET title = coalesce(?2, title), etag = ?3, last_modified = ?4, last_fetch = ?5,
                            next_fetch = ?6, failures = ?7, last_error = ?8, interval_ms = ?9, ttl_ms = ?10,
                            last_status = ?11, url = CASE
                                WHEN ?12 IS NULL OR EXISTS (SELECT 1 FROM sources AS o WHERE o.url = ?12) THEN url
                                ELSE ?12 END
                     WHERE id = ?1",
                )
                .bind(id.0)
                .bind(health.title)
                .bind(health.etag)
                .bind(health.last_modified)
                .bind(health.last_fetch.millis())
                .bind(health.next_fetch.map(Timestamp::millis))
                .bind(health.failures)
                .bind(health.last_error)
                .bind(health.interval_ms)
                .bind(health.ttl_ms)
                .bind(health.last_status)
                .bind(health.moved_to)
                .execute(tx)
                .await?;
                if changed.rows_affected() == 0 { Err(not_found(id).into()) } else { Ok(()) }
            })
        })
        .await
    }

    /// Removes a source with its articles and their scores.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn remove_source(&self, id: SourceId) -> Result<(), StoreError> {
        self.write("remove a source", move |tx| {
            Box::pin(async move {
                let removed = sqlx::query("DELETE FROM sources WHERE id = ?1")
                    .bind(id.0)
                    .execute(tx)
                    .await?;
                if removed.rows_affected() == 0 {
                    Err(not_found(id).into())
                } else {
                    Ok(())
                }
            })
        })
        .await
    }
}
