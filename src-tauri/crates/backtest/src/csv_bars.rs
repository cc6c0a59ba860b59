//! Candle files for scripts and benches: a header line, then one candle a line.
//!
//! Columns are found by name (`open_time`, `open`, `high`, `low`, `close`, `volume`; others are skipped, `volume` may be
//! missing). Times are milliseconds, or seconds or microseconds as their size tells. The reader is made for files of a
//! million lines: numbers of up to 15 digits are read as an integer and divided once, which is exact.

use promptpal_domain::{Bars, Interval};

use crate::BacktestError;

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
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let (header, body) = split_line(text);
    let places = places(header)?;
    let mut bars = Bars::empty(Interval::Minute1, 0, 0);
    let rows = body.len() / 40 + 1;
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
    let mut rest = body;
    let mut line = 1;
    let mut last = i64::MIN;
    while !rest.is_empty() {
        line += 1;
        let (row, after) = split_line(rest);
        rest = after;
        if row.trim_ascii().is_empty() {
            continue;
        }
        let fail = |problem, text: &[u8]| {
            let text = String::from_utf8_lossy(text.get(..text.len().min(60)).unwrap_or(text)).into_owned();
            BacktestError::CsvRow { line, problem, text }
        };
        let mut fields: [&[u8]; 6] = [b"", b"", b"", b"", b"", b"0"];
        for (at, field) in row.split(|&byte| byte == b',').enumerate() {
            if let Some(slot) = places
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
        if at <= last {
            return Err(fail("the open time is not after the one before", time));
        }
        last = at;
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
    }
    if bars.is_empty() {
        return Err(BacktestError::NoBars);
    }
    bars.interval = interval(&bars.open_time)?;
    Ok(bars)
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

fn split_line(text: &[u8]) -> (&[u8], &[u8]) {
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
fn time_ms(field: &[u8]) -> Option<i64> {
    if field.is_empty() || field.len() > 17 {
        return None;
    }
    let mut value = 0_i64;
    for byte in field {
        value = value * 10 + i64::from(byte.is_ascii_digit().then(|| byte - b'0')?);
    }
    Some(match value {
        0..100_000_000_000 => value * 1_000,
        100_000_000_000..100_000_000_000_000 => value,
        _ => value / 1_000,
    })
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
    let mut steps: Vec<i64> = times
        .windows(2)
        .filter_map(|pair| Some(pair.last()? - pair.first()?))
        .collect();
    steps.sort_unstable();
    let mut best = (0, 0);
    for run in steps.chunk_by(|a, b| a == b) {
        if run.len() > best.1
            && let Some(&step) = run.first()
        {
            best = (step, run.len());
        }
    }
    const DAY: i64 = 86_400_000;
    let found = Interval::ALL
        .into_iter()
        .find(|interval| interval.nominal_millis() == best.0);
    match found {
        Some(interval) => Ok(interval),
        None if (28 * DAY..=31 * DAY).contains(&best.0) => Ok(Interval::Month1),
        // One bar alone has no step: any interval is as good.
        None if times.len() == 1 => Ok(Interval::Minute1),
        None => Err(BacktestError::CsvInterval(best.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_exchanges_and_tools_write() {
        let text = b"\xef\xbb\xbfopen_time,open,high,low,close,volume,trades\r\n1502942400000,4261.48,4313.62,4261.32,4308.83,47.181009,171\r\n1502946000000,4308.83,4328.690,4291.37,4315.32,2.3234916e1,9\r\n\r\n";
        let bars = bars_from_csv(text).unwrap();
        assert_eq!(
            (bars.len(), bars.interval, bars.price_scale, bars.volume_scale),
            (2, Interval::Hour1, 2, 6)
        );
        assert_eq!(
            (bars.high[1], bars.volume[1], bars.volume[0]),
            (4328.69, 23.234916, 47.181009)
        );
        let reordered =
            b"Date,Close,Open,Low,High\n1600000000,2,1,1,2\n1600086400,2,2,2,2\n1600172800,3,2,1,4";
        let bars = bars_from_csv(reordered).unwrap();
        assert_eq!(
            (bars.interval, bars.open_time[0], bars.high[2]),
            (Interval::Day1, 1_600_000_000_000, 4.0)
        );
        assert_eq!(bars.volume, [0.0; 3]);
        let micros =
            b"open_time,open,high,low,close,volume\n1735689600000000,1,1,1,1,0\n1735689660000000,1,1,1,1,0\n";
        assert_eq!(
            bars_from_csv(micros).unwrap().open_time,
            [1_735_689_600_000, 1_735_689_660_000]
        );
    }

    #[test]
    fn names_the_line_at_fault() {
        let check = |rows: &str, expected: BacktestError| {
            assert_eq!(
                bars_from_csv(format!("open_time,open,high,low,close,volume\n{rows}").as_bytes()),
                Err(expected)
            );
        };
        let row = |line, problem, text: &str| BacktestError::CsvRow {
            line,
            problem,
            text: text.to_owned(),
        };
        check("", BacktestError::NoBars);
        check("x,1,1,1,1,1", row(2, "the open time is no number", "x"));
        check(
            "1600000000000,1,1,1,1,1\n1600000000000,1,1,1,1,1",
            row(3, "the open time is not after the one before", "1600000000000"),
        );
        check(
            "1600000000000,1,1,1,1..2,1",
            row(2, "a price is no number", "1..2"),
        );
        check("1600000000000,1,1,1", row(2, "a price is no number", ""));
        check("1600000000000,1,1,1,.,1", row(2, "a price is no number", "."));
        check(
            "1600000000000,1,0,1,1,1",
            row(2, "a price is not above zero", "0"),
        );
        check("1600000000000,1,1,1,nan,1", row(2, "a price is no number", "nan"));
        check(
            "1600000000000,1,1,1,1,-1",
            row(2, "the volume is below zero", "-1"),
        );
        check(
            "1600000000000,1,1,1,1,1\n1600000000777,1,1,1,1,1",
            BacktestError::CsvInterval(777),
        );
        assert_eq!(
            bars_from_csv(b"time,open\n"),
            Err(BacktestError::CsvColumn("high"))
        );
        assert_eq!(bars_from_csv(b""), Err(BacktestError::CsvColumn("open_time")));
    }

    proptest! {
        #[test]
        fn reads_every_decimal_as_the_standard_library_does(whole in 0_u64..10_000_000_000, decimals in "[0-9]{0,20}") {
            let text = format!("{whole}.{decimals}");
            prop_assert_eq!(number(text.as_bytes()).unwrap().0, text.parse::<f64>().unwrap());
        }

        #[test]
        fn never_panics(text in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = bars_from_csv(&text);
            let mut with_header = b"open_time,open,high,low,close,volume\n".to_vec();
            with_header.extend(text);
            let _ = bars_from_csv(&with_header);
        }
    }
}
