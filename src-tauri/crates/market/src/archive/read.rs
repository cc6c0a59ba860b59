//! From the bytes of a file to its candles.

use std::io::{Cursor, Read};

use bytes::Bytes;
use promptpal_domain::{Candle, Interval, Span};

use super::download::unusable;
use super::{ArchiveFile, ArchivePage, Sha256Hex};
use crate::MarketError;
use crate::csv::{CandleFile, FileFormat, ReadOptions};
use crate::zipped::Zipped;

/// Longest row that is taken for one. Real ones have 110 to 180 characters.
const ROW_BYTES: u64 = 320;
/// Rows that a file may have beyond the openings it is for: a header, and a few that will be refused.
const SPARE_ROWS: u64 = 1000;

/// Reads a file whose checksum matched.
pub(super) fn page(file: ArchiveFile, sha256: Sha256Hex, zip: Bytes) -> Result<ArchivePage, MarketError> {
    let openings = file.interval.count_between(file.span.from(), file.span.to());
    let limit = openings.saturating_add(SPARE_ROWS).saturating_mul(ROW_BYTES);
    let zipped = Zipped::open(Cursor::new(zip), limit).map_err(|problem| unusable(&file, &problem))?;
    let table = file.name.replace(".zip", ".csv");
    // Names beyond ASCII are written in more than one way.
    if table.is_ascii() && zipped.name() != table {
        let problem = format!("it holds '{}' instead of '{table}'", zipped.name());
        return Err(unusable(&file, &problem));
    }
    rows(file, sha256, zipped)
}

fn rows(file: ArchiveFile, sha256: Sha256Hex, table: impl Read) -> Result<ArchivePage, MarketError> {
    let options = ReadOptions {
        format: FileFormat::Archive,
        interval: file.interval,
    };
    let mut reader = CandleFile::open(table, options)
        .map_err(|problem| unusable(&file, &problem))?
        .within(file.span);
    // What is wrong with a row is in the report.
    let mut candles: Vec<Candle> = reader.by_ref().flatten().collect();
    let report = reader.report();
    if report.broken_off {
        let problem = report.problems.last().map(ToString::to_string);
        return Err(unusable(
            &file,
            &problem.unwrap_or_else(|| "it breaks off".to_owned()),
        ));
    }
    candles.sort_by_key(|candle| candle.open_time);
    Ok(ArchivePage {
        complete: complete(file.interval, &candles),
        file,
        sha256,
        candles,
        rejected: report.problems,
        rejected_count: report.rejected,
    })
}

/// Runs of candles on the grid, each the neighbour of the one before. Candles in order.
fn complete(interval: Interval, candles: &[Candle]) -> Vec<Span> {
    let mut runs: Vec<Span> = Vec::new();
    for at in candles.iter().map(|candle| candle.open_time) {
        if interval.floor(at) != at {
            continue;
        }
        let next = interval.next(at);
        let grown = match runs.last() {
            Some(run) if run.to() == at => Span::new(run.from(), next).ok().map(|run| (true, run)),
            _ => Span::new(at, next).ok().map(|run| (false, run)),
        };
        match grown {
            Some((true, run)) => {
                if let Some(last) = runs.last_mut() {
                    *last = run;
                }
            }
            Some((false, run)) => runs.push(run),
            None => {}
        }
    }
    runs
}

/// Reads any bytes as the file of a day of minutes, as if its checksum had matched.
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) fn day(name: &str, span: Span, zip: Bytes) -> Result<ArchivePage, MarketError> {
    let address = |_| MarketError::Address(name.to_owned());
    let file = ArchiveFile {
        name: name.to_owned(),
        url: url::Url::parse("http://127.0.0.1:1/").map_err(address)?,
        span,
        symbol: "BTCUSDT"
            .parse()
            .map_err(|_| MarketError::Address(name.to_owned()))?,
        interval: Interval::Minute1,
        period: super::ArchivePeriod::Day,
    };
    page(file, Sha256Hex::of(&zip), zip)
}

#[cfg(test)]
mod tests;
