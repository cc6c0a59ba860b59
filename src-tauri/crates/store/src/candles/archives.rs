//! The table `archive_files`: which files of a venue's archive were read, with their checksums.

use promptpal_domain::{SeriesId, Span, Timestamp};
use sqlx::SqliteConnection;

use super::origins::Origin;
use super::stretches::{Stretch, span_of};
use crate::error::Fault;
use crate::names::count;
use crate::{Store, StoreError};

/// More files than this are not listed: daily files of 27 years.
const MAX_FILES: i64 = 10_000;

/// A file of an archive whose candles are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveRow {
    /// Its name.
    pub name: String,
    /// Its checksum when it was read, in lower-case hexadecimal.
    pub sha256: String,
    /// The time it is for.
    pub span: Span,
    /// Candles in it.
    pub rows: u64,
    /// When it was read.
    pub stored_at: Timestamp,
    /// When the checksum was last compared with that of the archive.
    pub checked_at: Timestamp,
}

impl Store {
    /// The files of the archive that were read into a series, by time; at most 10,000.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn archive_files(&self, id: SeriesId) -> Result<Vec<ArchiveRow>, StoreError> {
        self.read("list the archive's files", move |tx| {
            Box::pin(async move {
                type Row = (String, String, i64, i64, i64, i64, i64);
                let rows: Vec<Row> = sqlx::query_as(
                    "SELECT name, sha256, from_ms, to_ms, candles, stored_at, checked_at FROM archive_files
                     WHERE series_id = ?1 ORDER BY from_ms, name LIMIT ?2",
                )
                .bind(id.0)
                .bind(MAX_FILES)
                .fetch_all(&mut **tx)
                .await?;
                let file = |(name, sha256, from, to, rows, stored, checked): Row| -> Result<_, StoreError> {
                    Ok(ArchiveRow {
                        name,
                        sha256,
                        span: span_of((from, to)),
                        rows: count("archive_files.candles", rows)?,
                        stored_at: Timestamp::from_millis(stored),
                        checked_at: Timestamp::from_millis(checked),
                    })
                };
                Ok(rows.into_iter().map(file).collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// Notes that the checksum of a file was compared with that of the archive at `now`, and is the same.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when no file of this name was read into the series, and those of every write.
    pub async fn archive_checked(&self, id: SeriesId, name: &str, now: Timestamp) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.write("note an archive's checksum", move |tx| {
            Box::pin(async move {
                let changed = sqlx::query(
                    "UPDATE archive_files SET checked_at = ?3 WHERE series_id = ?1 AND name = ?2",
                )
                .bind(id.0)
                .bind(&name)
                .bind(now.millis())
                .execute(tx)
                .await?;
                if changed.rows_affected() == 0 {
                    return Err(StoreError::NotFound {
                        what: "archive file",
                        id: name,
                    }
                    .into());
                }
                Ok(())
            })
        })
        .await
    }
}

/// Notes that a file was read, in place of an earlier issue of it.
pub(super) async fn note(
    connection: &mut SqliteConnection,
    id: SeriesId,
    file: &Origin,
    stretch: Stretch,
    candles: i64,
    now: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO archive_files (series_id, name, sha256, from_ms, to_ms, candles, stored_at, checked_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
         ON CONFLICT DO UPDATE SET sha256 = excluded.sha256, from_ms = excluded.from_ms, to_ms = excluded.to_ms,
             candles = excluded.candles, stored_at = excluded.stored_at, checked_at = excluded.checked_at",
    )
    .bind(id.0)
    .bind(&file.name)
    .bind(&file.sha256)
    .bind(stretch.0)
    .bind(stretch.1)
    .bind(candles)
    .bind(now.millis())
    .execute(connection)
    .await?;
    Ok(())
}
