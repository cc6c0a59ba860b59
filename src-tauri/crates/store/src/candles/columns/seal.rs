//! Sealing: making the columns of stretches that are complete and past.

use promptpal_domain::{Interval, SeriesId, Timestamp};
use sqlx::SqliteConnection;

use super::encoding::{Encoded, FORMAT, encode};
use super::units::unit_of;
use crate::candles::stretches::{Stretch, Table, openings, slot, subtract, union};
use crate::candles::{Scales, SeriesRow, Ticks, absences};
use crate::error::Fault;
use crate::{Store, StoreError};

/// How long after its end a stretch is sealed: late candles and first corrections have come by then.
const MARGIN_MS: i64 = 3_600_000;

/// Stretches that one transaction writes.
const BATCH: usize = 16;

/// Candles that are held at once.
const BATCH_CANDLES: usize = 200_000;

const DOING: &str = "seal candles as columns";

/// A stretch as it was read, with what tells whether it has changed since.
struct Unit {
    stretch: Stretch,
    scales: Scales,
    rows: Vec<Ticks>,
    revisions: i64,
}

/// The columns of a stretch, to be stored when it is still what they were made from.
struct Sealed {
    stretch: Stretch,
    scales: Scales,
    count: i64,
    revisions: i64,
    encoded: Encoded,
}

impl Store {
    /// Makes the columns that a series lacks: of each day (of candles up to a minute), month (up to half an hour) or year
    /// (up to twelve hours) of UTC that ended an hour before `now` or earlier and in which no opening between the first
    /// and last candle is pending. Returns how many were made. A stretch that is written to meanwhile is left for the
    /// next time.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write. What was made before stays.
    pub async fn seal(&self, id: SeriesId, now: Timestamp) -> Result<u64, StoreError> {
        let last = now.millis().saturating_sub(MARGIN_MS);
        let (interval, waiting) = self
            .read(DOING, move |tx| Box::pin(waiting(tx, id, last)))
            .await?;
        let (mut made, mut batch, mut held) = (0, Vec::new(), 0);
        for stretch in waiting {
            let unit = self
                .read(DOING, move |tx| Box::pin(read_unit(tx, id, stretch)))
                .await?;
            held += unit.rows.len();
            batch.push(unit);
            if batch.len() >= BATCH || held >= BATCH_CANDLES {
                made += self.seal_batch(id, interval, std::mem::take(&mut batch)).await?;
                held = 0;
            }
        }
        made += self.seal_batch(id, interval, batch).await?;
        Ok(made)
    }

    async fn seal_batch(
        &self,
        id: SeriesId,
        interval: Interval,
        units: Vec<Unit>,
    ) -> Result<u64, StoreError> {
        let units: Vec<Unit> = units.into_iter().filter(|unit| !unit.rows.is_empty()).collect();
        if units.is_empty() {
            return Ok(0);
        }
        let encoding = tokio::task::spawn_blocking(move || {
            units
                .into_iter()
                .map(|unit| sealed(interval, unit))
                .collect::<std::io::Result<Vec<_>>>()
        });
        let sealed = encoding
            .await
            .map_err(|_| StoreError::Panicked { doing: DOING })?
            .map_err(|source| StoreError::Columns { source })?;
        self.write(DOING, move |tx| {
            Box::pin(async move {
                let mut made = 0;
                for unit in sealed {
                    made += u64::from(write_unit(tx, id, unit).await?);
                }
                Ok(made)
            })
        })
        .await
    }
}

/// The stretches that may be sealed and are not, ascending.
async fn waiting(
    connection: &mut SqliteConnection,
    id: SeriesId,
    last: i64,
) -> Result<(Interval, Vec<Stretch>), Fault> {
    let series = SeriesRow::load(connection, id).await?;
    let interval = series.key()?.interval;
    let Some((first, end)) = series.first_open.zip(series.last_open) else {
        return Ok((interval, Vec::new()));
    };
    let whole = (first, slot(interval, end).1);
    let present = Table::Presence.within(connection, id, whole, usize::MAX).await?;
    let absent: Vec<Stretch> = absences::within(connection, id, whole, usize::MAX)
        .await?
        .into_iter()
        .map(|row| row.stretch)
        .collect();
    let pending: Vec<Stretch> = subtract(&[whole], &union(&present, &absent))
        .into_iter()
        .filter(|stretch| openings(interval, *stretch) > 0)
        .collect();
    let sealed: Vec<i64> = sqlx::query_scalar(
        "SELECT from_ms FROM candle_columns WHERE series_id = ?1 AND format = ?2 ORDER BY from_ms",
    )
    .bind(id.0)
    .bind(FORMAT)
    .fetch_all(connection)
    .await?;
    let mut waiting = Vec::new();
    // From one stretch of candles to the next, so that centuries without any cost nothing.
    let mut at = i64::MIN;
    for part in present {
        at = at.max(part.0);
        while at < part.1 {
            let Some(unit) = unit_of(interval, at) else {
                return Ok((interval, Vec::new()));
            };
            let next = pending.partition_point(|stretch| stretch.1 <= unit.0);
            let open = pending.get(next).is_some_and(|stretch| stretch.0 < unit.1);
            if unit.1 <= last && !open && sealed.binary_search(&unit.0).is_err() {
                waiting.push(unit);
            }
            at = unit.1;
        }
    }
    Ok((interval, waiting))
}

async fn read_unit(connection: &mut SqliteConnection, id: SeriesId, stretch: Stretch) -> Result<Unit, Fault> {
    let scales = SeriesRow::load(connection, id).await?.scales();
    let (_, revisions) = state(connection, id, stretch).await?;
    Ok(Unit {
        stretch,
        scales,
        rows: ticks_within(connection, id, stretch).await?,
        revisions,
    })
}

/// All candles that open in the stretch.
pub(super) async fn ticks_within(
    connection: &mut SqliteConnection,
    id: SeriesId,
    stretch: Stretch,
) -> Result<Vec<Ticks>, Fault> {
    let rows = sqlx::query_as(
        "SELECT open_time, close_time, open, high, low, close, volume, quote_volume, trades, taker_base_volume,
                taker_quote_volume
         FROM candles WHERE series_id = ?1 AND open_time >= ?2 AND open_time < ?3 ORDER BY open_time",
    )
    .bind(id.0)
    .bind(stretch.0)
    .bind(stretch.1)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// How many candles open in the stretch and how often they were corrected: candles only come and are corrected, so that
/// with the scales this tells one state of the stretch from every other.
async fn state(
    connection: &mut SqliteConnection,
    id: SeriesId,
    stretch: Stretch,
) -> Result<(i64, i64), Fault> {
    let found = sqlx::query_as(
        "SELECT count(*), coalesce(sum(revision), 0) FROM candles
         WHERE series_id = ?1 AND open_time >= ?2 AND open_time < ?3",
    )
    .bind(id.0)
    .bind(stretch.0)
    .bind(stretch.1)
    .fetch_one(connection)
    .await?;
    Ok(found)
}

fn sealed(interval: Interval, unit: Unit) -> std::io::Result<Sealed> {
    Ok(Sealed {
        stretch: unit.stretch,
        scales: unit.scales,
        count: unit.rows.len() as i64,
        revisions: unit.revisions,
        encoded: encode(interval, unit.scales, &unit.rows)?,
    })
}

/// Stores columns; tells whether the stretch was still the one they were made from.
async fn write_unit(connection: &mut SqliteConnection, id: SeriesId, unit: Sealed) -> Result<bool, Fault> {
    let series = SeriesRow::load(connection, id).await?;
    let found = state(connection, id, unit.stretch).await?;
    if series.scales() != unit.scales || found != (unit.count, unit.revisions) {
        return Ok(false);
    }
    sqlx::query(
        "INSERT OR REPLACE INTO candle_columns
             (series_id, from_ms, to_ms, candles, format, price_scale, volume_scale, quote_scale, bars, amounts)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(id.0)
    .bind(unit.stretch.0)
    .bind(unit.stretch.1)
    .bind(unit.count)
    .bind(FORMAT)
    .bind(unit.scales.price)
    .bind(unit.scales.volume)
    .bind(unit.scales.quote)
    .bind(unit.encoded.bars)
    .bind(unit.encoded.amounts)
    .execute(connection)
    .await?;
    Ok(true)
}
