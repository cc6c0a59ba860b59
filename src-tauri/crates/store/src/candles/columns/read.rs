//! Reading bars: sealed stretches from their columns, the rest from rows.

use promptpal_domain::{Bars, Decimal, Interval, SeriesId};
use sqlx::SqliteConnection;

use super::encoding::{BarColumns, FORMAT, decode_bars};
use super::planes::Decoder;
use crate::candles::stretches::Stretch;
use crate::candles::{PAGE_ROWS, Scales, SeriesRow};
use crate::error::Fault;

/// Open time, open, high, low, close, volume.
pub(in crate::candles) type BarTicks = (i64, i64, i64, i64, i64, i64);

/// Candles in sealed stretches that are read in one transaction, about.
const SEALED_CANDLES: i64 = 100_000;

/// Candles for which a thread is worth its start: about a millisecond's work.
const WORTH_A_THREAD: usize = 20_000;

/// A part of a series as it was read, not decoded yet.
enum Part {
    Rows(Vec<BarTicks>),
    Sealed {
        stretch: Stretch,
        count: usize,
        bars: Vec<u8>,
    },
}

/// What one transaction read.
pub(in crate::candles) struct BarChunk {
    pub(in crate::candles) series: SeriesRow,
    parts: Vec<Part>,
    /// From where the next has to read on; `None` when all is read.
    pub(in crate::candles) next: Option<i64>,
}

impl BarChunk {
    /// Whether there is something to decode that takes its time.
    pub(in crate::candles) fn has_sealed(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Sealed { .. }))
    }

    /// How many candles it has.
    pub(in crate::candles) fn candles(&self) -> usize {
        let candles = |part: &Part| match part {
            Part::Rows(rows) => rows.len(),
            Part::Sealed { count, .. } => *count,
        };
        self.parts.iter().map(candles).sum()
    }

    /// What can be decoded side by side: two parts of it, or all where that would not be worth it.
    pub(in crate::candles) fn halves(mut self) -> (Self, Option<Self>) {
        if self.candles() < WORTH_A_THREAD {
            return (self, None);
        }
        let second = Self {
            series: self.series.clone(),
            parts: self.parts.split_off(self.parts.len() / 2),
            next: self.next,
        };
        (self, Some(second))
    }
}

/// Reads the candles that open in `span`, or as many of the first as one short transaction may read.
pub(in crate::candles) async fn read_chunk(
    connection: &mut SqliteConnection,
    id: SeriesId,
    span: Stretch,
    sealed: bool,
) -> Result<BarChunk, Fault> {
    let series = SeriesRow::load(connection, id).await?;
    let mut chunk = BarChunk {
        series,
        parts: Vec::new(),
        next: None,
    };
    let (mut at, mut left) = (span.0, PAGE_ROWS);
    let limit = stretches_at_once(chunk.series.key()?.interval);
    let stretches = if sealed {
        sealed_within(connection, id, span, limit).await?
    } else {
        Vec::new()
    };
    let more = stretches.len() as i64 == limit;
    for (from, to, count, bars) in stretches {
        if at < from
            && !chunk
                .rows(connection, id, (at, from.min(span.1)), &mut left)
                .await?
        {
            return Ok(chunk);
        }
        let count = usize::try_from(count).unwrap_or(0);
        let stretch = (from, to);
        chunk.parts.push(Part::Sealed { stretch, count, bars });
        at = to;
    }
    if more {
        chunk.next = Some(at).filter(|at| *at < span.1);
    } else if at < span.1 {
        chunk.rows(connection, id, (at, span.1), &mut left).await?;
    }
    Ok(chunk)
}

impl BarChunk {
    /// Reads rows; tells whether that were all, or else notes where to read on.
    async fn rows(
        &mut self,
        connection: &mut SqliteConnection,
        id: SeriesId,
        (from, to): Stretch,
        left: &mut u32,
    ) -> Result<bool, Fault> {
        let rows: Vec<BarTicks> = sqlx::query_as(
            "SELECT open_time, open, high, low, close, volume FROM candles
             WHERE series_id = ?1 AND open_time >= ?2 AND open_time < ?3 ORDER BY open_time LIMIT ?4",
        )
        .bind(id.0)
        .bind(from)
        .bind(to)
        .bind(*left)
        .fetch_all(connection)
        .await?;
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        if count >= *left {
            self.next = Some(rows.last().map_or(from, |row| row.0.saturating_add(1)));
        }
        *left = left.saturating_sub(count);
        self.parts.push(Part::Rows(rows));
        Ok(self.next.is_none())
    }
}

/// How many sealed stretches of this interval may be read in one transaction.
fn stretches_at_once(interval: Interval) -> i64 {
    let length = super::units::unit_of(interval, 0).map_or(1, |(from, to)| to - from);
    (SEALED_CANDLES / (length / interval.nominal_millis()).max(1)).max(1)
}

type SealedRow = (i64, i64, i64, Vec<u8>);

async fn sealed_within(
    connection: &mut SqliteConnection,
    id: SeriesId,
    span: Stretch,
    limit: i64,
) -> Result<Vec<SealedRow>, Fault> {
    let rows = sqlx::query_as(
        "SELECT from_ms, to_ms, candles, bars FROM candle_columns
         WHERE series_id = ?1 AND to_ms > ?2 AND from_ms < ?3 AND format = ?4 AND from_ms >= coalesce(
             (SELECT max(from_ms) FROM candle_columns WHERE series_id = ?1 AND from_ms <= ?2), ?2)
         ORDER BY from_ms LIMIT ?5",
    )
    .bind(id.0)
    .bind(span.0)
    .bind(span.1)
    .bind(FORMAT)
    .bind(limit)
    .fetch_all(connection)
    .await?;
    Ok(rows)
}

/// Appends what of a chunk opens in `span` to the bars, up to the first stretch whose columns cannot be read: that has to
/// be taken from rows.
pub(in crate::candles) fn append_chunk(
    bars: &mut Bars,
    chunk: &BarChunk,
    span: Stretch,
) -> Result<(), Stretch> {
    let scales = chunk.series.scales();
    bars.price_scale = bars.price_scale.max(scales.price);
    bars.volume_scale = bars.volume_scale.max(scales.volume);
    let mut columns = BarColumns::default();
    let mut decoder: Option<Decoder<'_>> = None;
    for part in &chunk.parts {
        match part {
            Part::Rows(rows) => append_rows(bars, scales, rows),
            Part::Sealed {
                stretch,
                count,
                bars: packed,
            } => {
                let unusable = |_| *stretch;
                let decoder = match &mut decoder {
                    Some(decoder) => decoder,
                    None => decoder.insert(Decoder::new().map_err(unusable)?),
                };
                decode_bars(decoder, packed, bars.interval, *count, &mut columns).map_err(unusable)?;
                append_columns(bars, scales, &columns, span);
            }
        }
    }
    Ok(())
}

/// Makes room for `count` more candles, once: growing in steps would copy them.
pub(in crate::candles) fn reserve(bars: &mut Bars, count: usize) {
    let columns = [
        &mut bars.open,
        &mut bars.high,
        &mut bars.low,
        &mut bars.close,
        &mut bars.volume,
    ];
    for column in columns {
        column.reserve(count);
    }
    bars.open_time.reserve(count);
}

/// Moves all bars of `more` behind those of `bars`.
pub(in crate::candles) fn append_bars(bars: &mut Bars, more: &mut Bars) {
    bars.price_scale = bars.price_scale.max(more.price_scale);
    bars.volume_scale = bars.volume_scale.max(more.volume_scale);
    bars.open_time.append(&mut more.open_time);
    bars.open.append(&mut more.open);
    bars.high.append(&mut more.high);
    bars.low.append(&mut more.low);
    bars.close.append(&mut more.close);
    bars.volume.append(&mut more.volume);
}

/// Appends rows at their scales.
pub(in crate::candles) fn append_rows(bars: &mut Bars, scales: Scales, rows: &[BarTicks]) {
    reserve(bars, rows.len());
    for (at, open, high, low, close, volume) in rows {
        bars.open_time.push(*at);
        bars.open.push(Decimal::new(*open, scales.price).to_f64());
        bars.high.push(Decimal::new(*high, scales.price).to_f64());
        bars.low.push(Decimal::new(*low, scales.price).to_f64());
        bars.close.push(Decimal::new(*close, scales.price).to_f64());
        bars.volume.push(Decimal::new(*volume, scales.volume).to_f64());
    }
}

/// Appends those of the columns' candles that open in `span`.
fn append_columns(bars: &mut Bars, scales: Scales, columns: &BarColumns, span: Stretch) {
    let first = columns.open_time.partition_point(|at| *at < span.0);
    let last = columns.open_time.partition_point(|at| *at < span.1);
    let range = first..last.max(first);
    let of = |column| part(column, range.clone());
    bars.open_time.extend_from_slice(of(&columns.open_time));
    append_floats(&mut bars.open, of(&columns.open), scales.price);
    append_floats(&mut bars.high, of(&columns.high), scales.price);
    append_floats(&mut bars.low, of(&columns.low), scales.price);
    append_floats(&mut bars.close, of(&columns.close), scales.price);
    append_floats(&mut bars.volume, of(&columns.volume), scales.volume);
}

fn part(column: &[i64], range: std::ops::Range<usize>) -> &[i64] {
    column.get(range).unwrap_or(&[])
}

/// The nearest float of each number of units of `10^-scale`; the same as [`Decimal::to_f64`], which is one division where
/// both sides are exact.
fn append_floats(floats: &mut Vec<f64>, units: &[i64], scale: u8) {
    /// Up to here a number can be put into the mantissa of a float as it is, which unlike a conversion is done for
    /// several at once.
    const PLAIN: u64 = 1 << 51;
    /// 1.5 * 2^52, whose mantissa counts in ones and has room for both signs.
    const ONES: f64 = 6_755_399_441_055_744.0;
    let largest = units.iter().fold(0, |bits, units| bits | units.unsigned_abs());
    if largest < PLAIN && scale <= 15 {
        let unit = 10_i64.pow(u32::from(scale)) as f64;
        let float = |units: &i64| f64::from_bits(ONES.to_bits().wrapping_add_signed(*units)) - ONES;
        floats.extend(units.iter().map(|units| float(units) / unit));
    } else {
        floats.extend(units.iter().map(|units| Decimal::new(*units, scale).to_f64()));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn floats_are_the_nearest(
            units in proptest::collection::vec(prop_oneof![any::<i64>(), -(1_i64 << 51)..(1 << 51)], 1..9),
            scale in 0_u8..19,
        ) {
            for part in [units.as_slice(), &units[..1]] {
                let mut floats = Vec::new();
                append_floats(&mut floats, part, scale);
                let expected: Vec<u64> =
                    part.iter().map(|units| Decimal::new(*units, scale).to_f64().to_bits()).collect();
                let bits: Vec<u64> = floats.into_iter().map(f64::to_bits).collect();
                prop_assert_eq!(bits, expected);
            }
        }
    }
}
