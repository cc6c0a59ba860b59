//! How much of the file a series takes, about.

use promptpal_domain::SeriesId;

use super::{SeriesRow, Ticks};
use crate::{Store, StoreError};

/// Candles from either end whose size stands for all.
const SAMPLE: i64 = 200;

/// What a row costs beside its numbers: the record's head, its place in the page, the series' number, the revision.
const ROW_BYTES: u64 = 20;

impl Store {
    /// Bytes of the file that a series takes: its rows, estimated from the first and last few hundred candles, and its
    /// columns. Takes no longer for a long series.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn series_bytes(&self, id: SeriesId) -> Result<u64, StoreError> {
        self.read("estimate the size of a series", move |tx| {
            Box::pin(async move {
                let series = SeriesRow::load(tx, id).await?;
                // SQLite knows a blob's length without reading it.
                let columns: i64 = sqlx::query_scalar(
                    "SELECT coalesce(sum(length(bars) + length(amounts)), 0) FROM candle_columns WHERE series_id = ?1",
                )
                .bind(id.0)
                .fetch_one(&mut **tx)
                .await?;
                let sample: Vec<Ticks> = sqlx::query_as(
                    "SELECT * FROM (
                         SELECT open_time, close_time, open, high, low, close, volume, quote_volume, trades,
                                taker_base_volume, taker_quote_volume
                         FROM candles WHERE series_id = ?1 ORDER BY open_time LIMIT ?2)
                     UNION ALL SELECT * FROM (
                         SELECT open_time, close_time, open, high, low, close, volume, quote_volume, trades,
                                taker_base_volume, taker_quote_volume
                         FROM candles WHERE series_id = ?1 ORDER BY open_time DESC LIMIT ?2)",
                )
                .bind(id.0)
                .bind(SAMPLE)
                .fetch_all(&mut **tx)
                .await?;
                let sampled: u64 = sample.iter().map(row_bytes).sum();
                let rows = u64::try_from(series.candle_count + series.correction_count).unwrap_or(0);
                let stored = (sampled * rows).checked_div(sample.len() as u64).unwrap_or(0);
                Ok(stored + u64::try_from(columns).unwrap_or(0))
            })
        })
        .await
    }
}

/// The bytes of a row in a record of SQLite, <https://www.sqlite.org/fileformat2.html#record_format>.
fn row_bytes(row: &Ticks) -> u64 {
    let numbers = [
        Some(row.open_time),
        row.close_time,
        Some(row.open),
        Some(row.high),
        Some(row.low),
        Some(row.close),
        Some(row.volume),
        row.quote_volume,
        row.trades,
        row.taker_base_volume,
        row.taker_quote_volume,
    ];
    ROW_BYTES + numbers.into_iter().flatten().map(number_bytes).sum::<u64>()
}

const fn number_bytes(number: i64) -> u64 {
    match number {
        0 | 1 => 0,
        -0x80..=0x7f => 1,
        -0x8000..=0x7fff => 2,
        -0x80_0000..=0x7f_ffff => 3,
        -0x8000_0000..=0x7fff_ffff => 4,
        -0x8000_0000_0000..=0x7fff_ffff_ffff => 6,
        _ => 8,
    }
}
