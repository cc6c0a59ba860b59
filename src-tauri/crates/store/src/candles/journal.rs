//! The table `pages`: the journal of what came in.

use promptpal_domain::{CandleSource, SeriesId, Span, Timestamp};
use sqlx::SqliteConnection;

use super::Stored;
use super::archives;
use super::origins::{Origin, checksum, source_of};
use super::stretches::{Stretch, span_of};
use crate::error::Fault;
use crate::names::count;
use crate::{Store, StoreError};

/// More pages than this are not listed.
const MAX_PAGES: u32 = 10_000;

/// A page of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRow {
    /// Its number; later pages have higher ones.
    pub id: i64,
    /// How it came.
    pub source: CandleSource,
    /// From where: the host, the name of the archive's file, or of the user's file.
    pub name: String,
    /// Of the file, in lower-case hexadecimal; `None` where the source is no file.
    pub sha256: Option<String>,
    /// What was asked for, or else the time of its candles.
    pub span: Span,
    /// Candles in it.
    pub rows: u64,
    /// Those that were new.
    pub inserted: u64,
    /// Those that replaced other numbers.
    pub corrected: u64,
    /// When it was stored; of live candles that followed each other, the last of them.
    pub at: Timestamp,
}

type Row = (i64, String, String, String, i64, i64, i64, i64, i64, i64);

impl Store {
    /// The newest `limit` pages that were put into a series, at most 10,000, newest first.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn journal(&self, id: SeriesId, limit: u32) -> Result<Vec<PageRow>, StoreError> {
        self.read("read the journal", move |tx| {
            Box::pin(async move {
                let rows: Vec<Row> = sqlx::query_as(
                    "SELECT p.id, o.source, o.name, o.sha256, p.from_ms, p.to_ms, p.candles, p.inserted, p.corrected,
                            p.stored_at
                     FROM pages AS p JOIN origins AS o ON o.id = p.origin_id
                     WHERE p.series_id = ?1 ORDER BY p.id DESC LIMIT ?2",
                )
                .bind(id.0)
                .bind(limit.min(MAX_PAGES))
                .fetch_all(&mut **tx)
                .await?;
                Ok(rows.into_iter().map(page_of).collect::<Result<_, _>>()?)
            })
        })
        .await
    }
}

fn page_of(
    (id, source, name, sha256, from, to, rows, inserted, corrected, at): Row,
) -> Result<PageRow, StoreError> {
    Ok(PageRow {
        id,
        source: source_of(&source)?,
        name,
        sha256: checksum(&sha256),
        span: span_of((from, to)),
        rows: count("pages.candles", rows)?,
        inserted: count("pages.inserted", inserted)?,
        corrected: count("pages.corrected", corrected)?,
        at: Timestamp::from_millis(at),
    })
}

/// Notes a page, and the file of an archive that it is.
pub(super) async fn note(
    connection: &mut SqliteConnection,
    origin: &Origin,
    stretch: Stretch,
    candles: u64,
    stored: &Stored,
    now: Timestamp,
) -> Result<(), Fault> {
    let id = stored.series;
    let counted = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    if origin.source == CandleSource::Archive {
        archives::note(connection, id, origin, stretch, counted(candles), now).await?;
    }
    // A stream hands over a candle at a time for years: one row as long as they follow each other.
    if origin.source == CandleSource::Live {
        let extended = sqlx::query(
            "UPDATE pages SET to_ms = ?4, candles = candles + ?5, inserted = inserted + ?6,
                    corrected = corrected + ?7, stored_at = ?8
             WHERE id = (SELECT max(id) FROM pages WHERE series_id = ?1) AND origin_id = ?2 AND to_ms = ?3",
        )
        .bind(id.0)
        .bind(origin.id)
        .bind(stretch.0)
        .bind(stretch.1)
        .bind(counted(candles))
        .bind(counted(stored.inserted))
        .bind(counted(stored.corrected))
        .bind(now.millis())
        .execute(&mut *connection)
        .await?;
        if extended.rows_affected() > 0 {
            return Ok(());
        }
    }
    sqlx::query(
        "INSERT INTO pages (series_id, origin_id, from_ms, to_ms, candles, inserted, corrected, stored_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(id.0)
    .bind(origin.id)
    .bind(stretch.0)
    .bind(stretch.1)
    .bind(counted(candles))
    .bind(counted(stored.inserted))
    .bind(counted(stored.corrected))
    .bind(now.millis())
    .execute(connection)
    .await?;
    Ok(())
}
