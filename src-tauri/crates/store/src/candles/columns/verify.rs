//! Comparing columns with the rows that they were made from.

use promptpal_domain::{Interval, SeriesId, Span};
use sqlx::SqliteConnection;

use super::drop_within;
use super::encoding::{Encoded, FORMAT, decode};
use super::seal::ticks_within;
use crate::candles::stretches::{Stretch, span_of};
use crate::candles::{Scales, SeriesRow, Ticks};
use crate::error::Fault;
use crate::{Store, StoreError};

const DOING: &str = "check the columns";

/// What a check of the columns found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnCheck {
    /// Sealed stretches that were compared with their rows, number by number.
    pub checked: u64,
    /// Those that differed, and were dropped.
    pub dropped: Vec<Span>,
}

/// A sealed stretch with the rows that it should hold.
struct Pair {
    stretch: Stretch,
    format: i64,
    count: i64,
    scales: (Scales, Scales),
    encoded: Encoded,
    rows: Vec<Ticks>,
}

impl Store {
    /// Compares all columns of a series with its rows and drops those that differ.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read and write.
    pub async fn verify_columns(&self, id: SeriesId) -> Result<ColumnCheck, StoreError> {
        let interval = self.series(id).await?.key.interval;
        let (mut check, mut after) = (ColumnCheck::default(), i64::MIN);
        while let Some(pair) = self
            .read(DOING, move |tx| Box::pin(read_pair(tx, id, after)))
            .await?
        {
            let stretch = pair.stretch;
            after = stretch.0;
            check.checked += 1;
            let comparing = tokio::task::spawn_blocking(move || pair.agrees(interval));
            if !comparing
                .await
                .map_err(|_| StoreError::Panicked { doing: DOING })?
            {
                check.dropped.push(span_of(stretch));
                self.write(DOING, move |tx| Box::pin(drop_within(tx, id, stretch)))
                    .await?;
            }
        }
        Ok(check)
    }
}

impl Pair {
    fn agrees(&self, interval: Interval) -> bool {
        let count = usize::try_from(self.count).unwrap_or(0);
        self.format == FORMAT
            && self.scales.0 == self.scales.1
            && decode(&self.encoded, interval, self.scales.0, count).is_ok_and(|rows| rows == self.rows)
    }
}

type Row = (i64, i64, i64, i64, u8, u8, u8, Vec<u8>, Vec<u8>);

/// The first sealed stretch that begins behind `after`.
async fn read_pair(
    connection: &mut SqliteConnection,
    id: SeriesId,
    after: i64,
) -> Result<Option<Pair>, Fault> {
    let found: Option<Row> = sqlx::query_as(
        "SELECT from_ms, to_ms, candles, format, price_scale, volume_scale, quote_scale, bars, amounts
         FROM candle_columns WHERE series_id = ?1 AND from_ms > ?2 ORDER BY from_ms LIMIT 1",
    )
    .bind(id.0)
    .bind(after)
    .fetch_optional(&mut *connection)
    .await?;
    let Some((from, to, count, format, price, volume, quote, bars, amounts)) = found else {
        return Ok(None);
    };
    let scales = Scales { price, volume, quote };
    Ok(Some(Pair {
        stretch: (from, to),
        format,
        count,
        scales: (scales, SeriesRow::load(connection, id).await?.scales()),
        encoded: Encoded { bars, amounts },
        rows: ticks_within(connection, id, (from, to)).await?,
    }))
}
