//! The table `series`.

use promptpal_domain::{Series, SeriesId, SeriesKey, Timestamp};
use sqlx::SqliteConnection;

use super::ticks::Scales;
use crate::error::Fault;
use crate::names::{count, series_key, unreadable};
use crate::{Store, StoreError};

/// More series than this are not listed.
const MAX_SERIES: i64 = 10_000;

/// A row of the table.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct SeriesRow {
    pub(crate) id: i64,
    venue: String,
    symbol: String,
    interval: String,
    price_scale: u8,
    volume_scale: u8,
    quote_scale: u8,
    pub(crate) candle_count: i64,
    pub(crate) gap_count: i64,
    pub(crate) first_open: Option<i64>,
    pub(crate) last_open: Option<i64>,
}

impl SeriesRow {
    pub(crate) async fn load(connection: &mut SqliteConnection, id: SeriesId) -> Result<Self, Fault> {
        let found: Option<Self> = sqlx::query_as(
            "SELECT id, venue, symbol, interval, price_scale, volume_scale, quote_scale,
                    candle_count, gap_count, first_open, last_open
             FROM series WHERE id = ?1",
        )
        .bind(id.0)
        .fetch_optional(connection)
        .await?;
        found.ok_or_else(|| not_found(id).into())
    }

    pub(crate) fn key(&self) -> Result<SeriesKey, StoreError> {
        series_key(&self.venue, &self.symbol, &self.interval)
    }

    pub(crate) const fn scales(&self) -> Scales {
        Scales {
            price: self.price_scale,
            volume: self.volume_scale,
            quote: self.quote_scale,
        }
    }

    fn into_series(self) -> Result<Series, StoreError> {
        let ends = self.first_open.zip(self.last_open);
        Ok(Series {
            id: SeriesId(self.id),
            key: self.key()?,
            price_scale: self.price_scale,
            volume_scale: self.volume_scale,
            rows: count("series.candle_count", self.candle_count)?,
            first_last: ends.map(|(a, b)| (Timestamp::from_millis(a), Timestamp::from_millis(b))),
            gaps: count("series.gap_count", self.gap_count)?,
        })
    }
}

pub(super) fn not_found(id: SeriesId) -> StoreError {
    StoreError::NotFound {
        what: "series",
        id: id.0.to_string(),
    }
}

impl Store {
    /// The series of this key, made where there is none.
    ///
    /// # Errors
    /// Those of every write: [`StoreError::DiskFull`], [`StoreError::Locked`], [`StoreError::Closed`] and the like.
    pub async fn ensure_series(&self, key: &SeriesKey) -> Result<SeriesId, StoreError> {
        let key = key.clone();
        self.write("add a series", move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO series (venue, symbol, interval) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )
                .bind(key.venue.as_str())
                .bind(key.symbol.as_str())
                .bind(key.interval.as_str())
                .execute(&mut *tx)
                .await?;
                let id = sqlx::query_scalar(
                    "SELECT id FROM series WHERE venue = ?1 AND symbol = ?2 AND interval = ?3",
                )
                .bind(key.venue.as_str())
                .bind(key.symbol.as_str())
                .bind(key.interval.as_str())
                .fetch_one(&mut *tx)
                .await?;
                Ok(SeriesId(id))
            })
        })
        .await
    }

    /// All series by venue, symbol and length of candle; at most 10,000.
    ///
    /// # Errors
    /// Those of every read: [`StoreError::Closed`], [`StoreError::Corrupt`] and the like.
    pub async fn list_series(&self) -> Result<Vec<Series>, StoreError> {
        let mut series: Vec<Series> = self
            .read("list the series", |tx| {
                Box::pin(async move {
                    let rows: Vec<SeriesRow> = sqlx::query_as(
                        "SELECT id, venue, symbol, interval, price_scale, volume_scale, quote_scale,
                                candle_count, gap_count, first_open, last_open
                         FROM series ORDER BY venue, symbol LIMIT ?1",
                    )
                    .bind(MAX_SERIES)
                    .fetch_all(&mut **tx)
                    .await?;
                    Ok(rows
                        .into_iter()
                        .map(SeriesRow::into_series)
                        .collect::<Result<_, _>>()?)
                })
            })
            .await?;
        series.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(series)
    }

    /// The series of this key, if it is stored.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn find_series(&self, key: &SeriesKey) -> Result<Option<Series>, StoreError> {
        let key = key.clone();
        self.read("find a series", move |tx| {
            Box::pin(async move {
                let row: Option<SeriesRow> = sqlx::query_as(
                    "SELECT id, venue, symbol, interval, price_scale, volume_scale, quote_scale,
                            candle_count, gap_count, first_open, last_open
                     FROM series WHERE venue = ?1 AND symbol = ?2 AND interval = ?3",
                )
                .bind(key.venue.as_str())
                .bind(key.symbol.as_str())
                .bind(key.interval.as_str())
                .fetch_optional(&mut **tx)
                .await?;
                Ok(row.map(SeriesRow::into_series).transpose()?)
            })
        })
        .await
    }

    /// The series of this number.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn series(&self, id: SeriesId) -> Result<Series, StoreError> {
        self.read("read a series", move |tx| {
            Box::pin(async move { Ok(SeriesRow::load(tx, id).await?.into_series()?) })
        })
        .await
    }

    /// Deletes a series with its candles, corrections and coverage.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn delete_series(&self, id: SeriesId) -> Result<(), StoreError> {
        self.write("delete a series", move |tx| {
            Box::pin(async move {
                let deleted = sqlx::query("DELETE FROM series WHERE id = ?1")
                    .bind(id.0)
                    .execute(tx)
                    .await?;
                if deleted.rows_affected() == 0 {
                    Err(not_found(id).into())
                } else {
                    Ok(())
                }
            })
        })
        .await
    }
}

/// A revision counter as stored.
pub(super) fn revision(value: i64) -> Result<u32, StoreError> {
    u32::try_from(value).map_err(|_| unreadable("corrections.revision", value.to_string()))
}
