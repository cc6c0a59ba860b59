//! Candles as columns, the first format.
//!
//! Each number is written as what it differs by from what its neighbours suggest: the open time from one step behind the
//! last, the open from the last close, the close from the open, high and low from the further and nearer of the two; the
//! quote volume from the volume at the mean of the four prices, the taker's base volume from half of the volume, and its
//! quote volume from its base volume at the mean price of the candle. Arithmetic wraps, so that any number comes back.

use promptpal_domain::Interval;

use super::planes::{Damaged, Decoder, Encoder, unzigzag, zigzag};
use crate::candles::ticks::{Scales, Ticks};

/// The number of this format in the table.
pub(super) const FORMAT: i64 = 1;

/// Encoded candles: what charts and backtests read, and the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Encoded {
    pub(super) bars: Vec<u8>,
    pub(super) amounts: Vec<u8>,
}

/// The first six columns, in ticks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BarColumns {
    pub(super) open_time: Vec<i64>,
    pub(super) open: Vec<i64>,
    pub(super) high: Vec<i64>,
    pub(super) low: Vec<i64>,
    pub(super) close: Vec<i64>,
    pub(super) volume: Vec<i64>,
}

pub(super) fn encode(interval: Interval, scales: Scales, rows: &[Ticks]) -> std::io::Result<Encoded> {
    let mut out = Encoder::new()?;
    encode_bars(&mut out, interval, rows)?;
    let bars = std::mem::take(&mut out.bytes);
    encode_amounts(&mut out, interval, scales, rows)?;
    Ok(Encoded {
        bars,
        amounts: out.bytes,
    })
}

fn encode_bars(out: &mut Encoder, interval: Interval, rows: &[Ticks]) -> std::io::Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    let step = interval.nominal_millis();
    out.varint(zigzag(first.open_time));
    out.varint(zigzag(first.open));
    // What would stand before the first candle to suggest it: its open time and open are written above.
    let beginning = Ticks {
        open_time: first.open_time.wrapping_sub(step),
        close: first.open,
        ..*first
    };
    let mut column = |value: &dyn Fn(&Ticks, &Ticks) -> u64| {
        let before = std::iter::once(&beginning).chain(rows);
        let values: Vec<u64> = before.zip(rows).map(|(last, row)| value(last, row)).collect();
        out.column(&values)
    };
    column(&|last, row| zigzag(row.open_time.wrapping_sub(last.open_time).wrapping_sub(step)))?;
    column(&|last, row| zigzag(row.open.wrapping_sub(last.close)))?;
    column(&|_, row| zigzag(row.close.wrapping_sub(row.open)))?;
    column(&|_, row| row.high.wrapping_sub(row.open.max(row.close)) as u64)?;
    column(&|_, row| row.open.min(row.close).wrapping_sub(row.low) as u64)?;
    column(&|_, row| row.volume as u64)
}

fn encode_amounts(
    out: &mut Encoder,
    interval: Interval,
    scales: Scales,
    rows: &[Ticks],
) -> std::io::Result<()> {
    let step = interval.nominal_millis();
    let mut column = |value: &dyn Fn(&Ticks) -> Option<u64>| {
        let values: Vec<Option<u64>> = rows.iter().map(value).collect();
        out.optional(&values)
    };
    let off = |number: Option<i64>, suggested: i64| number.map(|n| zigzag(n.wrapping_sub(suggested)));
    column(&|row| off(row.close_time, usual_close(row.open_time, step)))?;
    column(&|row| {
        let mean = mean(row.open, row.high, row.low, row.close);
        off(row.quote_volume, quote_of(row.volume, mean, scales))
    })?;
    column(&|row| row.trades.map(|trades| trades as u64))?;
    column(&|row| off(row.taker_base_volume, row.volume / 2))?;
    column(&|row| off(row.taker_quote_volume, taker_quote_of(row)))
}

/// Decodes the first six columns of `count` candles in place of what `columns` held.
pub(super) fn decode_bars<'d>(
    decoder: &mut Decoder<'d>,
    bytes: &'d [u8],
    interval: Interval,
    count: usize,
    columns: &mut BarColumns,
) -> Result<(), Damaged> {
    let step = interval.nominal_millis();
    decoder.begin(bytes);
    let mut time = unzigzag(decoder.varint()?).wrapping_sub(step);
    let mut close = unzigzag(decoder.varint()?);
    let (mut numbers, mut moves) = (Vec::new(), Vec::new());
    decoder.column(count, &mut numbers)?;
    columns.open_time.clear();
    columns.open_time.extend(numbers.iter().map(|number| {
        time = time.wrapping_add(unzigzag(*number)).wrapping_add(step);
        time
    }));
    decoder.column(count, &mut numbers)?;
    decoder.column(count, &mut moves)?;
    columns.open.clear();
    columns.close.clear();
    columns.open.reserve(count);
    columns.close.reserve(count);
    for (jump, moved) in numbers.iter().zip(&moves) {
        let open = close.wrapping_add(unzigzag(*jump));
        close = open.wrapping_add(unzigzag(*moved));
        columns.open.push(open);
        columns.close.push(close);
    }
    let body = || columns.open.iter().zip(&columns.close);
    decoder.column(count, &mut numbers)?;
    columns.high.clear();
    columns.high.extend(
        body()
            .zip(&numbers)
            .map(|((open, close), number)| (*open.max(close)).wrapping_add(*number as i64)),
    );
    decoder.column(count, &mut numbers)?;
    columns.low.clear();
    columns.low.extend(
        body()
            .zip(&numbers)
            .map(|((open, close), number)| (*open.min(close)).wrapping_sub(*number as i64)),
    );
    decoder.column(count, &mut numbers)?;
    columns.volume.clear();
    columns.volume.extend(numbers.iter().map(|number| *number as i64));
    decoder.end()
}

/// Decodes all columns of `count` candles.
pub(super) fn decode(
    encoded: &Encoded,
    interval: Interval,
    scales: Scales,
    count: usize,
) -> Result<Vec<Ticks>, Damaged> {
    let mut decoder = Decoder::new()?;
    let mut bars = BarColumns::default();
    decode_bars(&mut decoder, &encoded.bars, interval, count, &mut bars)?;
    decoder.begin(&encoded.amounts);
    let mut close_times = decoder.optional(count)?.into_iter();
    let mut quotes = decoder.optional(count)?.into_iter();
    let mut trades = decoder.optional(count)?.into_iter();
    let mut takers = decoder.optional(count)?.into_iter();
    let mut taker_quotes = decoder.optional(count)?.into_iter();
    decoder.end()?;
    let step = interval.nominal_millis();
    let on = |number: Option<Option<u64>>, suggested: i64| {
        number.flatten().map(|n| unzigzag(n).wrapping_add(suggested))
    };
    let prices = bars
        .open
        .into_iter()
        .zip(bars.high)
        .zip(bars.low.into_iter().zip(bars.close));
    let others = bars.open_time.into_iter().zip(bars.volume);
    let mut rows = Vec::with_capacity(count);
    for (((open, high), (low, close)), (open_time, volume)) in prices.zip(others) {
        let mean = mean(open, high, low, close);
        let mut row = Ticks {
            open_time,
            close_time: on(close_times.next(), usual_close(open_time, step)),
            open,
            high,
            low,
            close,
            volume,
            quote_volume: on(quotes.next(), quote_of(volume, mean, scales)),
            trades: trades.next().flatten().map(|number| number as i64),
            taker_base_volume: on(takers.next(), volume / 2),
            taker_quote_volume: None,
        };
        row.taker_quote_volume = on(taker_quotes.next(), taker_quote_of(&row));
        rows.push(row);
    }
    Ok(rows)
}

const fn usual_close(open_time: i64, step: i64) -> i64 {
    open_time.wrapping_add(step).wrapping_sub(1)
}

const fn mean(open: i64, high: i64, low: i64, close: i64) -> i64 {
    ((open as i128 + high as i128 + low as i128 + close as i128) / 4) as i64
}

/// About what `volume` costs at `price`.
fn quote_of(volume: i64, price: i64, scales: Scales) -> i64 {
    let product = i128::from(volume) * i128::from(price);
    let shift = i32::from(scales.quote) - i32::from(scales.price) - i32::from(scales.volume);
    let power = 10_i128.pow(shift.unsigned_abs().min(36));
    if shift >= 0 {
        product.wrapping_mul(power) as i64
    } else {
        (product / power) as i64
    }
}

/// About what the taker's base volume costs at the mean price of the candle.
fn taker_quote_of(row: &Ticks) -> i64 {
    let (Some(quote), Some(taker)) = (row.quote_volume, row.taker_base_volume) else {
        return 0;
    };
    match row.volume {
        0 => 0,
        volume => (i128::from(quote) * i128::from(taker) / i128::from(volume)) as i64,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![
            -200_i64..200,
            any::<i64>(),
            Just(i64::MIN),
            Just(i64::MAX),
            6_500_000_i64..6_600_000
        ]
    }

    fn row() -> impl Strategy<Value = Ticks> {
        let maybe = || proptest::option::of(number());
        let amounts = (maybe(), maybe(), maybe(), maybe(), maybe());
        let prices = (number(), number(), number(), number());
        (number(), prices, number(), amounts).prop_map(|(open_time, (open, high, low, close), volume, a)| {
            Ticks {
                open_time,
                close_time: a.0,
                open,
                high,
                low,
                close,
                volume,
                quote_volume: a.1,
                trades: a.2,
                taker_base_volume: a.3,
                taker_quote_volume: a.4,
            }
        })
    }

    fn scales() -> impl Strategy<Value = Scales> {
        (0_u8..19, 0_u8..19, 0_u8..19).prop_map(|(price, volume, quote)| Scales { price, volume, quote })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_numbers_come_back(rows in proptest::collection::vec(row(), 1..40), scales in scales()) {
            let encoded = encode(Interval::Minute1, scales, &rows).unwrap();
            prop_assert_eq!(decode(&encoded, Interval::Minute1, scales, rows.len()), Ok(rows));
        }

        #[test]
        fn damage_is_noticed_or_harmless(
            rows in proptest::collection::vec(row(), 1..40), cut in any::<proptest::sample::Index>(),
            flip in any::<proptest::sample::Index>(), bit in 0_u8..8,
        ) {
            let scales = Scales { price: 2, volume: 5, quote: 8 };
            let whole = encode(Interval::Minute1, scales, &rows).unwrap();
            let mut short = whole.clone();
            short.bars.truncate(cut.index(whole.bars.len()));
            prop_assert_eq!(decode(&short, Interval::Minute1, scales, rows.len()), Err(Damaged));
            // A flipped bit of a price is a price; it must only not bring the program down.
            let mut flipped = whole;
            let at = flip.index(flipped.bars.len());
            flipped.bars[at] ^= 1 << bit;
            let _ = decode(&flipped, Interval::Minute1, scales, rows.len());
        }
    }
}
