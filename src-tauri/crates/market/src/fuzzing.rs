//! Doors for fuzzing: what reads foreign bytes, with what must hold whatever they are.
//!
//! Each function takes any bytes and returns how many candles (or sums, or bytes) came of them. `Err` says which promise
//! was broken; a panic would be a broken promise as well. The targets in `fuzz` and the seeded run in [`drive`] call the
//! same functions.

#[cfg(test)]
mod drive;
#[cfg(test)]
mod mutate;

use std::collections::HashSet;
use std::io::{Cursor, Read};

use bytes::Bytes;
use promptpal_domain::{Candle, Decimal, Interval, Span, Timestamp, Venue};

use crate::archive;
use crate::binance::frame::Frame;
use crate::binance::wire::KlineRow;
use crate::zipped::Zipped;
use crate::{CandleFile, ColumnMap, FileFormat, ReadOptions};

/// A promise that did not hold.
pub type Broken = String;

/// The most that is taken out of a zip here.
const ZIP_LIMIT: u64 = 1 << 20;

/// A text frame of the stream.
///
/// # Errors
/// When what came out is no candle, or not the same each time.
pub fn frame(bytes: &[u8]) -> Result<usize, Broken> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Ok(0);
    };
    let parsed = Frame::parse(text, &Venue::binance());
    if let (Ok(once), Ok(twice)) = (&parsed, &Frame::parse(text, &Venue::binance()))
        && once != twice
    {
        return Err("the same frame was read in two ways".to_owned());
    }
    match parsed {
        Ok(Frame::Candle(live)) => {
            candle(&live.candle)?;
            let grid = live.series.interval;
            if grid.floor(live.candle.open_time) > live.candle.open_time {
                return Err("a candle opens before its own grid".to_owned());
            }
            Ok(1)
        }
        Ok(_) | Err(_) => Ok(0),
    }
}

/// A page of candles over REST.
///
/// # Errors
/// When a row becomes something that is no candle.
pub fn klines(bytes: &[u8]) -> Result<usize, Broken> {
    let Ok(rows) = serde_json::from_slice::<Vec<KlineRow<'_>>>(bytes) else {
        return Ok(0);
    };
    let mut count = 0;
    for row in rows {
        for interval in [Interval::Minute1, Interval::Week1, Interval::Month1] {
            if let Ok(made) = row.candle(interval) {
                candle(&made)?;
                count += 1;
            }
        }
    }
    Ok(count)
}

/// A file of candles, as a table, as an archive's table and as a capture.
///
/// # Errors
/// When what came out is no candle, comes twice, is not counted, or is not the same when it is written and read again.
pub fn table(bytes: &[u8]) -> Result<usize, Broken> {
    let symbol = "RUNEEUR".parse().map_err(|error| format!("{error:?}"))?;
    let formats = [
        FileFormat::Csv(ColumnMap::default()),
        FileFormat::Archive,
        FileFormat::Capture(symbol),
    ];
    let mut count = 0;
    for format in formats {
        let options = ReadOptions {
            format,
            interval: Interval::Minute1,
        };
        let Ok(mut file) = CandleFile::open(bytes, options) else {
            continue;
        };
        let (mut times, mut refused, mut written) = (HashSet::new(), 0, String::new());
        let mut made = Vec::new();
        for row in file.by_ref() {
            match row {
                Ok(row) => {
                    candle(&row)?;
                    if !times.insert(row.open_time) {
                        return Err(format!("two candles at {}", row.open_time));
                    }
                    write_row(&mut written, &row);
                    made.push(row);
                }
                Err(_) => refused += 1,
            }
        }
        let report = file.report();
        if (report.candles, report.rejected) != (times.len() as u64, refused) {
            return Err(format!("{} and {refused} rows became {report:?}", times.len()));
        }
        again(&written, &made)?;
        count += made.len();
    }
    Ok(count)
}

/// A published checksum.
///
/// # Errors
/// When it is no SHA-256.
pub fn checksum(bytes: &[u8]) -> Result<usize, Broken> {
    match archive::parse_checksum(bytes, "BTCUSDT-1m-2024-03-01.zip") {
        Ok(sum) if sum.as_str().parse().as_ref() == Ok(&sum) => Ok(1),
        Ok(sum) => Err(format!("'{sum}' is no sum")),
        Err(_) => Ok(0),
    }
}

/// A file of the archives whose checksum matched, and the zip by itself.
///
/// # Errors
/// When more comes out than was allowed, or a row that does not belong into the file.
pub fn zip(bytes: &[u8]) -> Result<usize, Broken> {
    let mut count = 0;
    if let Ok(mut zipped) = Zipped::open(Cursor::new(bytes), ZIP_LIMIT) {
        let mut body = Vec::new();
        let whole = zipped.read_to_end(&mut body).is_ok();
        if body.len() as u64 > ZIP_LIMIT {
            return Err(format!("{} bytes came out", body.len()));
        }
        count += usize::from(whole);
    }
    let day = Timestamp::from_millis(1_709_251_200_000);
    let span = Span::new(day, Interval::Day1.next(day)).map_err(|error| error.to_string())?;
    if let Ok(page) = archive::read_page("BTCUSDT-1m-2024-03-01.zip", span, Bytes::copy_from_slice(bytes)) {
        for row in &page.candles {
            candle(row)?;
            if !span.contains(row.open_time) {
                return Err(format!("a candle at {} in a file of {span:?}", row.open_time));
            }
        }
        let complete: u64 = page
            .complete
            .iter()
            .map(|part| Interval::Minute1.count_between(part.from(), part.to()))
            .sum();
        if complete > page.candles.len() as u64 {
            return Err(format!(
                "{} candles complete {complete} openings",
                page.candles.len()
            ));
        }
        count += page.candles.len();
    }
    Ok(count)
}

fn candle(candle: &Candle) -> Result<(), Broken> {
    match candle.clone().checked() {
        Ok(same) if same == *candle => Ok(()),
        Ok(other) => Err(format!("{candle:?} became {other:?}")),
        Err(error) => Err(error.to_string()),
    }
}

/// Writes a candle as the archives do, without its close time where that goes without saying.
fn write_row(table: &mut String, candle: &Candle) {
    let decimal = |value: Option<Decimal>| value.map(|value| value.to_string()).unwrap_or_default();
    let fields = [
        candle.open_time.millis().to_string(),
        candle.open.to_string(),
        candle.high.to_string(),
        candle.low.to_string(),
        candle.close.to_string(),
        candle.volume.to_string(),
        candle
            .close_time
            .map(|at| at.millis().to_string())
            .unwrap_or_default(),
        decimal(candle.quote_volume),
        candle.trades.map(|trades| trades.to_string()).unwrap_or_default(),
        decimal(candle.taker_base_volume),
        decimal(candle.taker_quote_volume),
    ];
    table.push_str(&fields.join(","));
    table.push('\n');
}

/// What is written reads the same, wherever times are ones that a file in milliseconds can hold.
fn again(table: &str, made: &[Candle]) -> Result<(), Broken> {
    let millis = 100_000_000_000..100_000_000_000_000_i64;
    let plain = |at: Timestamp| millis.contains(&at.millis());
    let fits = |candle: &Candle| plain(candle.open_time) && candle.close_time.is_none_or(plain);
    if made.is_empty() || !made.iter().all(fits) {
        return Ok(());
    }
    let options = ReadOptions {
        format: FileFormat::Archive,
        interval: Interval::Minute1,
    };
    let read: Result<Vec<Candle>, _> = CandleFile::open(table.as_bytes(), options)
        .map_err(|error| error.to_string())?
        .collect();
    let read = read.map_err(|error| format!("{error} in {table}"))?;
    let texts = |candles: &[Candle]| {
        let mut all = String::new();
        candles.iter().for_each(|candle| write_row(&mut all, candle));
        all
    };
    if read == made && texts(&read) == texts(made) {
        Ok(())
    } else {
        Err(format!("{made:?} came back as {read:?}"))
    }
}
