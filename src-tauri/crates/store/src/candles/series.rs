//! The table `series`.

use std::collections::HashMap;
use std::fmt::Write as _;

use promptpal_domain::{Series, SeriesId, SeriesKey, Span, Timestamp};
use sqlx::SqliteConnection;

use super::absences;
use super::stretches::{CALENDAR, Stretch, clip, hull, openings, slot, span_of, stretch_of};
use super::ticks::Scales;
use crate::error::Fault;
use crate::json::json_of;
use crate::names::{count, series_key, unreadable};
use crate::{Store, StoreError};

/// More series than this are not listed.
const MAX_SERIES: i64 = 10_000;

/// The columns of a [`SeriesRow`] in front of what a query goes on with.
macro_rules! select_series {
    ($rest:literal) => {
        concat!(
            "SELECT id, venue, symbol, interval, price_scale, volume_scale, quote_scale, candle_count, gap_count,
                    first_open, last_open, wanted_from, wanted_to, absent_count, pending_count, off_grid_count,
                    correction_count
             FROM series ",
            $rest
        )
    };
}

/// A row of the table.
#[derive(Clone, Debug, sqlx::FromRow)]
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
    pub(crate) wanted_from: Option<i64>,
    pub(crate) wanted_to: Option<i64>,
    pub(crate) absent_count: i64,
    pub(crate) pending_count: i64,
    pub(crate) off_grid_count: i64,
    pub(crate) correction_count: i64,
}

impl SeriesRow {
    pub(crate) async fn load(connection: &mut SqliteConnection, id: SeriesId) -> Result<Self, Fault> {
        let found: Option<Self> = sqlx::query_as(select_series!("WHERE id = ?1"))
            .bind(id.0)
            .fetch_optional(connection)
            .await?;
        found.ok_or_else(|| not_found(id).into())
    }

    /// Those of the numbers in a JSON list that there are, by number.
    pub(super) async fn load_many(
        connection: &mut SqliteConnection,
        ids: &str,
    ) -> Result<HashMap<i64, Self>, Fault> {
        let found: Vec<Self> =
            sqlx::query_as(select_series!("WHERE id IN (SELECT value FROM json_each(?1))"))
                .bind(ids)
                .fetch_all(connection)
                .await?;
        Ok(found.into_iter().map(|row| (row.id, row)).collect())
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

    /// Of a series without candles: what its first ones are kept at.
    pub(super) const fn set_scales(&mut self, scales: Scales) {
        let Scales { price, volume, quote } = scales;
        (self.price_scale, self.volume_scale, self.quote_scale) = (price, volume, quote);
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
            wanted: self.wanted().map(span_of),
            pending: count("series.pending_count", self.pending_count)?,
            absent: count("series.absent_count", self.absent_count)?,
            corrections: count("series.correction_count", self.correction_count)?,
        })
    }

    fn wanted(&self) -> Option<Stretch> {
        self.wanted_from.zip(self.wanted_to)
    }

    /// From the first to behind the last opening that is wanted or stored: where the ledger counts.
    pub(super) fn bounds(&self) -> Result<Option<Stretch>, StoreError> {
        let interval = self.key()?.interval;
        let stored = self
            .first_open
            .zip(self.last_open)
            .map(|(first, last)| (first, slot(interval, last).1));
        Ok(hull(stored, self.wanted()))
    }

    /// About how many candles a stretch holds, and no fewer where all of them are on the grid.
    pub(super) fn expected_within(&self, stretch: Stretch) -> Result<usize, StoreError> {
        let bounds = self.bounds()?.unwrap_or((0, 0));
        let places = openings(self.key()?.interval, clip(stretch, bounds));
        let stored = count("series.candle_count", self.candle_count)?;
        Ok(usize::try_from(places.min(stored)).unwrap_or(0))
    }

    /// Counts the absences of the time by which the bounds have grown since they were `before`.
    pub(super) async fn widen_absences(
        &mut self,
        connection: &mut SqliteConnection,
        before: Option<Stretch>,
    ) -> Result<(), Fault> {
        let Some(now) = self.bounds()? else { return Ok(()) };
        let (low, high) = match before {
            Some(before) => ((now.0, before.0), (before.1, now.1)),
            None => (now, (now.1, now.1)),
        };
        let interval = self.key()?.interval;
        for part in [low, high] {
            if part.0 < part.1 {
                for row in absences::within(connection, SeriesId(self.id), part, usize::MAX).await? {
                    let count = openings(interval, clip(row.stretch, part));
                    self.absent_count += i64::try_from(count).unwrap_or(i64::MAX);
                }
            }
        }
        Ok(())
    }

    /// Brings the number of openings that are still to be asked for up to date.
    pub(super) fn count_pending(&mut self) -> Result<(), StoreError> {
        let interval = self.key()?.interval;
        let all = self.bounds()?.map_or(0, |bounds| openings(interval, bounds));
        let known = self.candle_count - self.off_grid_count + self.absent_count;
        self.pending_count = (i64::try_from(all).unwrap_or(i64::MAX) - known).max(0);
        Ok(())
    }

    /// Writes the figures, with the openings that are still to be asked for.
    pub(super) async fn save_figures(&mut self, connection: &mut SqliteConnection) -> Result<(), Fault> {
        self.count_pending()?;
        sqlx::query(
            "UPDATE series SET candle_count = ?2, gap_count = ?3, first_open = ?4, last_open = ?5, wanted_from = ?6,
                    wanted_to = ?7, absent_count = ?8, pending_count = ?9, off_grid_count = ?10,
                    correction_count = ?11, ledger_built = 1
             WHERE id = ?1",
        )
        .bind(self.id)
        .bind(self.candle_count)
        .bind(self.gap_count)
        .bind(self.first_open)
        .bind(self.last_open)
        .bind(self.wanted_from)
        .bind(self.wanted_to)
        .bind(self.absent_count)
        .bind(self.pending_count)
        .bind(self.off_grid_count)
        .bind(self.correction_count)
        .execute(connection)
        .await?;
        Ok(())
    }
}

impl SeriesRow {
    /// Writes for many series at once what candles change that only follow the stored ones: the scales of the first of
    /// them, the ends, and the counts, of which [`Self::count_pending`] has been called.
    pub(super) async fn save_appended<'a>(
        connection: &mut SqliteConnection,
        all: impl IntoIterator<Item = &'a Self>,
    ) -> Result<(), Fault> {
        let figures = json_of(all, |json, one| {
            let (first, last) = (one.first_open.unwrap_or(0), one.last_open.unwrap_or(0));
            write!(
                json,
                "[{},{},{},{first},{last},{},{},{},{}]",
                one.id,
                one.candle_count,
                one.gap_count,
                one.pending_count,
                one.price_scale,
                one.volume_scale,
                one.quote_scale
            )
        });
        sqlx::query(
            "UPDATE series SET candle_count = new.value ->> 1, gap_count = new.value ->> 2,
                    first_open = new.value ->> 3, last_open = new.value ->> 4, pending_count = new.value ->> 5,
                    price_scale = new.value ->> 6, volume_scale = new.value ->> 7, quote_scale = new.value ->> 8,
                    ledger_built = 1
             FROM json_each(?1) AS new WHERE series.id = new.value ->> 0",
        )
        .bind(figures)
        .execute(connection)
        .await?;
        Ok(())
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
                    "INSERT INTO series (venue, symbol, interval, ledger_built) VALUES (?1, ?2, ?3, 1)
                     ON CONFLICT DO NOTHING",
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
                    let rows: Vec<SeriesRow> =
                        sqlx::query_as(select_series!("ORDER BY venue, symbol LIMIT ?1"))
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
                let row: Option<SeriesRow> = sqlx::query_as(select_series!(
                    "WHERE venue = ?1 AND symbol = ?2 AND interval = ?3"
                ))
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

    /// Widens what of a series is wanted complete by `span` and what lies between; openings of it that are neither stored
    /// nor known to be absent then count as pending.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn want(&self, id: SeriesId, span: Span) -> Result<(), StoreError> {
        let wanted = clip(stretch_of(span), CALENDAR);
        self.write("note what is wanted", move |tx| {
            Box::pin(async move {
                let mut series = SeriesRow::load(tx, id).await?;
                let whole = hull(series.wanted(), Some(wanted).filter(|(from, to)| from < to));
                if whole == series.wanted() {
                    return Ok(());
                }
                let before = series.bounds()?;
                (series.wanted_from, series.wanted_to) = (whole.map(|w| w.0), whole.map(|w| w.1));
                series.widen_absences(tx, before).await?;
                series.save_figures(tx).await
            })
        })
        .await
    }

    /// Deletes a series with its candles, corrections, ledger, journal and columns.
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
