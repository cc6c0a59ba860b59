//! The table `candle_columns`: sealed stretches of candles as compressed columns.
//!
//! It is derived: what reads it takes rows where it has nothing, and gets the same numbers. A write drops the stretches
//! that it touches, in its transaction; [`Store::seal`] makes what is missing.

mod encoding;
mod planes;
mod read;
mod seal;
mod units;
mod verify;

use promptpal_domain::SeriesId;
use sqlx::SqliteConnection;

use super::stretches::Stretch;
use crate::error::Fault;
use crate::{Store, StoreError};

pub(super) use read::{BarChunk, BarTicks, append_bars, append_chunk, append_rows, read_chunk, reserve};
pub use verify::ColumnCheck;

impl Store {
    /// Drops all columns of a series. Nothing is lost: reading takes the rows, and [`Store::seal`] makes them again.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn drop_columns(&self, id: SeriesId) -> Result<(), StoreError> {
        self.write("drop the columns", move |tx| Box::pin(drop_all(tx, id)))
            .await
    }
}

/// Drops the columns of the whole series.
pub(super) async fn drop_all(connection: &mut SqliteConnection, id: SeriesId) -> Result<(), Fault> {
    sqlx::query("DELETE FROM candle_columns WHERE series_id = ?1")
        .bind(id.0)
        .execute(connection)
        .await?;
    Ok(())
}

/// Drops the columns that hold a part of `stretch`.
pub(super) async fn drop_within(
    connection: &mut SqliteConnection,
    id: SeriesId,
    stretch: Stretch,
) -> Result<(), Fault> {
    sqlx::query(
        "DELETE FROM candle_columns WHERE series_id = ?1 AND from_ms < ?3 AND to_ms > ?2 AND from_ms >= coalesce(
             (SELECT max(from_ms) FROM candle_columns WHERE series_id = ?1 AND from_ms <= ?2), ?2)",
    )
    .bind(id.0)
    .bind(stretch.0)
    .bind(stretch.1)
    .execute(connection)
    .await?;
    Ok(())
}
