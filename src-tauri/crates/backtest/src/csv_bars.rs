//! Candle files for scripts and benches: a header line, then one candle a line.
//!
//! Columns are found by name (`open_time`, `open`, `high`, `low`, `close`, `volume`; others are skipped, `volume` may be
//! missing). Times are milliseconds, or seconds or microseconds as their size tells. The reader is made for files of a
//! million lines: numbers of up to 15 digits are read as an integer and divided once, which is exact.

mod plain;

use std::io::Read;

use promptpal_domain::{Bars, Interval};

use crate::BacktestError;

/// Bytes read at once.
const BLOCK: usize = 1 << 18;

const NAMES: [&str; 6] = ["open_time", "open", "high", "low", "close", "volume"];

/// Powers of ten that an `f64` holds exactly.
const POWERS: [f64; 16] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
];

/// Reads a candle file. The interval is the most frequent step between bars, the scales are the most decimals seen.
///
/// # Errors
/// [`BacktestError::CsvColumn`], [`BacktestError::CsvRow`] with its line, [`BacktestError::CsvInterval`],
/// [`BacktestError::NoBars`].
pub fn bars_from_csv(text: &[u8]) -> Result<Bars, BacktestError> {
    let (mut reading, body) = Reading::begin(text, text.len())?;
    reading.rows(body)?;
    reading.finish()
}

/// Reads a candle file block by block, so that it is never held as a whole. `size` is about how long it is.
///
/// # Errors
/// [`CsvReadError::Read`] when the file cannot be read, else as [`bars_from_csv`].
pub fn bars_from_reader(mut from: impl Read, size: usize) -> Result<Bars, CsvReadError> {
    let mut block = vec![0; BLOCK];
    let (mut filled, mut reading) = (0, None);
    loop {
        if filled == block.len() {
            // A line longer than the block.
            block.resize(block.len() * 2, 0);
        }
        let read = from.read(block.get_mut(filled..).unwrap_or_default())?;
        filled += read;
        let text = block.get(..filled).unwrap_or_default();
        // Whole lines only, but for the last one.
        let complete = match text.iter().rposition(|&byte| byte == b'\n') {
            _ if read == 0 => filled,
            Some(end) => end + 1,
            None => continue,
        };
        let lines = text.get(..complete).unwrap_or_default();
        match &mut reading {
            None => {
                let (mut begun, body) = Reading::begin(lines, size)?;
                begun.rows(body)?;
                reading = Some(begun);
            }
            Some(reading) => reading.rows(lines)?,
        }
        if read == 0 {
            break;
        }
        block.copy_within(complete..filled, 0);
        filled -= complete;
    }
    match reading {
        Some(reading) => Ok(reading.finish()?),
        None => Err(BacktestError::NoBars.into()),
    }
}

/// Why a candle file is not read.
#[derive(Debug, thiserror::Error)]
pub enum CsvReadError {
    /// The file itself.
    #[error(transparent)]
    Read(#[from] std::io::Error),
    /// What is in it.
    #[error(transparent)]
    Candles(#[from] BacktestError),
}

/// A file being read.
struct Reading {
    bars: Bars,
    /// Which of our columns stands at each place of a row.
    places: Vec<Option<usize>>,
    line: usize,
    last: i64,
}

impl Reading {
    /// Reads the header and hands back what follows it.
    fn begin(text: &[u8], size: usize) -> Result<(Self, &[u8]), BacktestError> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let (header, body) = split_line(text);
        let places = places(header)?;
        let mut bars = Bars::empty(Interval::Minute1, 0, 0);
        let rows = size / 40 + 1;
        bars.open_time.reserve(rows);
        for column in [
            &mut bars.open,
            &mut bars.high,
            &mut bars.low,
            &mut bars.close,
            &mut bars.volume,
        ] {
            column.reserve(rows);
        }
        let reading = Self {
            bars,
            places,
            line: 1,
            last: i64::MIN,
        };
        Ok((reading, body))
    }

    /// Reads whole lines.
    fn rows(&mut self, text: &[u8]) -> Result<(), BacktestError> {
        let mut rest = text;
        while !rest.is_empty() {
            self.line += 1;
            if let Some((row, after)) = plain::row(rest, &self.places)
                && self.plain(&row)
            {
                rest = after;
                continue;
            }
            let (row, after) = split_line(rest);
            rest = after;
            if !row.trim_ascii().is_empty() {
                self.row(row)?;
            }
        }
        Ok(())
    }

    /// Takes a row of plain numbers; `false` when something is wrong with it.
    fn plain(&mut self, row: &plain::Row) -> bool {
        let [time, prices @ .., volume] = row;
        let at = units_ms(time.units);
        if time.decimals > 0 || at <= self.last || prices.iter().any(|price| price.units == 0) {
            return false;
        }
        self.last = at;
        let bars = &mut self.bars;
        bars.open_time.push(at);
        let columns = [&mut bars.open, &mut bars.high, &mut bars.low, &mut bars.close];
        for (column, price) in columns.into_iter().zip(prices) {
            column.push(price.value());
            // Dividing by ten is what takes the time here, and is hardly ever needed.
            if price.decimals > usize::from(bars.price_scale) {
                bars.price_scale = bars.price_scale.max(significant(price.units, price.decimals));
            }
        }
        bars.volume.push(volume.value());
        if volume.decimals > usize::from(bars.volume_scale) {
            bars.volume_scale = bars.volume_scale.max(significant(volume.units, volume.decimals));
        }
        true
    }

    /// Takes any row, or says what is wrong with it.
    fn row(&mut self, row: &[u8]) -> Result<(), BacktestError> {
        let line = self.line;
        let fail = |problem, text: &[u8]| {
            let text = String::from_utf8_lossy(text.get(..text.len().min(60)).unwrap_or(text)).into_owned();
            BacktestError::CsvRow { line, problem, text }
        };
        let mut fields: [&[u8]; 6] = [b"", b"", b"", b"", b"", b"0"];
        for (at, field) in row.split(|&byte| byte == b',').enumerate() {
            if let Some(slot) = self
                .places
                .get(at)
                .copied()
                .flatten()
                .and_then(|column| fields.get_mut(column))
            {
                *slot = field.trim_ascii();
            }
        }
        let [time, open, high, low, close, volume] = fields;
        let at = time_ms(time).ok_or_else(|| fail("the open time is no number", time))?;
        if at <= self.last {
            return Err(fail("the open time is not after the one before", time));
        }
        self.last = at;
        let bars = &mut self.bars;
        bars.open_time.push(at);
        let prices = [
            (&mut bars.open, open),
            (&mut bars.high, high),
            (&mut bars.low, low),
            (&mut bars.close, close),
        ];
        for (column, field) in prices {
            let (value, scale) = number(field).ok_or_else(|| fail("a price is no number", field))?;
            if value <= 0.0 {
                return Err(fail("a price is not above zero", field));
            }
            bars.price_scale = bars.price_scale.max(scale);
            column.push(value);
        }
        let (value, scale) = number(volume).ok_or_else(|| fail("the volume is no number", volume))?;
        if value < 0.0 {
            return Err(fail("the volume is below zero", volume));
        }
        bars.volume_scale = bars.volume_scale.max(scale);
        bars.volume.push(value);
        Ok(())
    }

    fn finish(mut self) -> Result<Bars, BacktestError> {
        if self.bars.is_empty() {
            return Err(BacktestError::NoBars);
        }
        self.bars.interval = interval(&self.bars.open_time)?;
        Ok(self.bars)
    }
}

/// Which of our columns stands at each place of a row.
fn places(header: &[u8]) -> Result<Vec<Option<usize>>, BacktestError> {
    let header = String::from_utf8_lossy(header).to_lowercase();
    let places: Vec<Option<usize>> = header
        .split(',')
        .map(|name| {
            let name = name.trim().trim_matches('"');
            let name = if matches!(name, "timestamp" | "time" | "date") {
                "open_time"
            } else {
                name
            };
            NAMES.iter().position(|known| *known == name)
        })
        .collect();
    match NAMES
        .iter()
        .take(5)
        .enumerate()
        .find(|(column, _)| !places.contains(&Some(*column)))
    {
        Some((_, name)) => Err(BacktestError::CsvColumn(name)),
        None => Ok(places),
    }
}

pub(crate) fn split_line(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&byte| byte == b'\n');
    let (line, rest) = end.map_or((text, &[][..]), |end| {
        (
            text.get(..end).unwrap_or_default(),
            text.get(end + 1..).unwrap_or_default(),
        )
    });
    (line.strip_suffix(b"\r").unwrap_or(line), rest)
}

/// Milliseconds from a whole number of seconds, milliseconds or microseconds, told apart by size (years 1973 to 5138).
pub(crate) fn time_ms(field: &[u8]) -> Option<i64> {
    if field.is_empty() || field.len() > 17 {
        return None;
    }
    let mut value = 0_i64;
    for byte in field {
        value = value * 10 + i64::from(byte.is_ascii_digit().then(|| byte - b'0')?);
    }
    Some(units_ms(value.unsigned_abs()))
}

fn units_ms(value: u64) -> i64 {
    let value = i64::try_from(value).unwrap_or(i64::MAX);
    match value {
        0..100_000_000_000 => value * 1_000,
        100_000_000_000..100_000_000_000_000 => value,
        _ => value / 1_000,
    }
}

/// A number and its decimals.
fn number(field: &[u8]) -> Option<(f64, u8)> {
    let (mut units, mut digits, mut decimals, mut point) = (0_u64, 0_u32, 0_usize, false);
    for &byte in field {
        match byte {
            b'0'..=b'9' => {
                units = units.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                // Leading zeros need no room.
                digits += u32::from(units > 0);
                decimals += usize::from(point);
            }
            b'.' if !point => point = true,
            _ => return slow_number(field),
        }
    }
    match POWERS.get(decimals) {
        Some(power) if digits <= 15 && field.len() > usize::from(point) => {
            Some((units as f64 / power, significant(units, decimals)))
        }
        _ => slow_number(field),
    }
}

/// Decimals without trailing zeros: `1.50` has one.
fn significant(mut units: u64, mut decimals: usize) -> u8 {
    while decimals > 0 && units.is_multiple_of(10) {
        units /= 10;
        decimals -= 1;
    }
    u8::try_from(decimals).unwrap_or(u8::MAX)
}

/// Signs, exponents and long numbers, by the standard library. Decimals beyond 18 count as 18.
fn slow_number(field: &[u8]) -> Option<(f64, u8)> {
    let text = std::str::from_utf8(field).ok()?;
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    let shown = value.to_string();
    let decimals = shown.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    Some((value, u8::try_from(decimals.min(18)).unwrap_or(18)))
}

/// The interval whose length is the most frequent step; among equally frequent ones the shortest.
fn interval(times: &[i64]) -> Result<Interval, BacktestError> {
    let step = usual_step(times);
    const DAY: i64 = 86_400_000;
    let found = Interval::ALL
        .into_iter()
        .find(|interval| interval.nominal_millis() == step);
    match found {
        Some(interval) => Ok(interval),
        None if (28 * DAY..=31 * DAY).contains(&step) => Ok(Interval::Month1),
        // One bar alone has no step: any interval is as good.
        None if times.len() == 1 => Ok(Interval::Minute1),
        None => Err(BacktestError::CsvInterval(step)),
    }
}

/// The most frequent step between neighbours, the shortest of several; 0 where there is none.
fn usual_step(times: &[i64]) -> i64 {
    let steps = || times.iter().zip(times.iter().skip(1)).map(|(at, next)| next - at);
    // Nearly always it is the first one, which then is more than half of them.
    let first = steps().next().unwrap_or(0);
    if steps().filter(|step| *step == first).count() > times.len() / 2 {
        return first;
    }
    let mut steps: Vec<i64> = steps().collect();
    steps.sort_unstable();
    let mut usual = (0, 0);
    for run in steps.chunk_by(|a, b| a == b) {
        if run.len() > usual.1
            && let Some(&step) = run.first()
        {
            usual = (step, run.len());
        }
    }
    usual.0
}

#[cfg(test)]
mod tests;
