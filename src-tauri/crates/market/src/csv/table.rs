//! Rows of a separated table.

use std::io::BufRead;

use promptpal_domain::{Candle, Decimal, DecimalError, Interval};

use super::columns::{Column, ColumnMap, Positions};
use super::report::{RowError, RowProblem};
use super::{FileProblem, Row, moments};
use crate::binance::wire::{amount, irregular_close};

/// Columns of an archive row, the unused last one included or not.
const ARCHIVE_COLUMNS: usize = 11;
/// A row of candles is far shorter; a longer one would only fill the memory.
const LONGEST_TEXT: usize = 64;

pub(crate) struct Table<R: BufRead> {
    records: ::csv::Reader<R>,
    record: ::csv::StringRecord,
    /// A first row that turned out to be no header.
    held: Option<::csv::StringRecord>,
    positions: Positions,
    interval: Interval,
    ended: bool,
}

/// A table whose first row has been read.
pub(super) struct Beginning<R: BufRead> {
    pub(super) records: ::csv::Reader<R>,
    pub(super) first: ::csv::StringRecord,
    /// Whether that row names the columns.
    pub(super) is_header: bool,
}

impl<R: BufRead> Beginning<R> {
    pub(super) fn of(mut file: R) -> Result<Self, FileProblem> {
        let delimiter = delimiter_of(file.fill_buf()?);
        let mut records = ::csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .trim(::csv::Trim::All)
            .from_reader(file);
        let mut first = ::csv::StringRecord::new();
        match records.read_record(&mut first) {
            Ok(true) => {}
            Ok(false) => return Err(FileProblem::Empty),
            Err(error) => return Err(FileProblem::Read(error.into())),
        }
        let is_header = first.get(0).is_none_or(|text| moments::parse(text).is_none())
            || first
                .get(1)
                .is_none_or(|text| !text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)));
        Ok(Self {
            records,
            first,
            is_header,
        })
    }

    /// The columns of a table without a header.
    pub(super) fn in_order(&self, archive: bool) -> Positions {
        Positions::in_order(is_archive(archive, &self.first))
    }
}

fn is_archive(said: bool, first: &::csv::StringRecord) -> bool {
    said || first.len() >= ARCHIVE_COLUMNS
}

impl<R: BufRead> Table<R> {
    /// `map` names columns of a CSV; an archive has none.
    pub(crate) fn open(file: R, map: Option<&ColumnMap>, interval: Interval) -> Result<Self, FileProblem> {
        let Beginning {
            records,
            first,
            is_header,
        } = Beginning::of(file)?;
        let positions = if is_header {
            Positions::of_header(
                &first.iter().collect::<Vec<_>>(),
                map.unwrap_or(&ColumnMap::default()),
            )?
        } else {
            Positions::in_order(is_archive(map.is_none(), &first))
        };
        let held = (!is_header).then_some(first);
        let record = ::csv::StringRecord::new();
        Ok(Self {
            records,
            record,
            held,
            positions,
            interval,
            ended: false,
        })
    }

    pub(crate) fn next_row(&mut self) -> Option<Row> {
        if self.ended {
            return None;
        }
        if let Some(first) = self.held.take() {
            return Some(self.row(&first));
        }
        let mut record = std::mem::take(&mut self.record);
        let row = match self.records.read_record(&mut record) {
            Ok(true) => Some(self.row(&record)),
            Ok(false) => None,
            Err(error) => {
                let line = error
                    .position()
                    .map_or_else(|| self.records.position().line(), ::csv::Position::line);
                let text = error.to_string();
                if error.is_io_error() {
                    self.ended = true;
                    Some(Row::Broken(RowError {
                        line,
                        reason: RowProblem::BrokenOff(text),
                    }))
                } else {
                    Some(Row::Problem(RowError {
                        line,
                        reason: RowProblem::Text(text),
                    }))
                }
            }
        };
        self.record = record;
        row
    }

    fn row(&self, record: &::csv::StringRecord) -> Row {
        let line = record.position().map_or(0, ::csv::Position::line);
        match self.candle(record) {
            Ok(candle) => Row::Candle { line, candle },
            Err(reason) => Row::Problem(RowError { line, reason }),
        }
    }

    fn candle(&self, record: &::csv::StringRecord) -> Result<Candle, RowProblem> {
        let text = |column: Column| {
            self.positions
                .of(column)
                .and_then(|at| record.get(at))
                .filter(|text| !text.is_empty())
        };
        let required = |column: Column| text(column).ok_or(RowProblem::Missing(column.as_str()));
        let time = |column: Column, text: &str| {
            let bad = || RowProblem::Time {
                column: column.as_str(),
                text: text.chars().take(LONGEST_TEXT).collect(),
            };
            moments::parse(text).ok_or_else(bad)
        };
        let price = |column: Column| {
            Decimal::parse_bytes(required(column)?.as_bytes()).map_err(|source| number(column, source))
        };
        let optional = |column: Column| {
            text(column)
                .map(|text| amount(text).map_err(|source| number(column, source)))
                .transpose()
        };
        let open_time = time(Column::OpenTime, required(Column::OpenTime)?)?;
        let close_time = text(Column::CloseTime)
            .map(|text| time(Column::CloseTime, text))
            .transpose()?;
        let trades =
            text(Column::Trades).map(|text| count(text).map_err(|source| number(Column::Trades, source)));
        let candle = Candle {
            open_time,
            close_time: close_time.and_then(|close| irregular_close(self.interval, open_time, close)),
            open: price(Column::Open)?,
            high: price(Column::High)?,
            low: price(Column::Low)?,
            close: price(Column::Close)?,
            volume: amount(required(Column::Volume)?).map_err(|source| number(Column::Volume, source))?,
            quote_volume: optional(Column::QuoteVolume)?,
            trades: trades.transpose()?,
            taker_base_volume: optional(Column::TakerBaseVolume)?,
            taker_quote_volume: optional(Column::TakerQuoteVolume)?,
        };
        Ok(candle.checked()?)
    }
}

fn number(column: Column, source: DecimalError) -> RowProblem {
    let source = match source {
        DecimalError::Unreadable(text) => DecimalError::Unreadable(text.chars().take(LONGEST_TEXT).collect()),
        DecimalError::TooLarge(text) => DecimalError::TooLarge(text.chars().take(LONGEST_TEXT).collect()),
        inexact @ DecimalError::Inexact { .. } => inexact,
    };
    RowProblem::Number {
        column: column.as_str(),
        source,
    }
}

/// A count, as `12` or `12.0`.
fn count(text: &str) -> Result<i64, DecimalError> {
    Decimal::parse_bytes(text.as_bytes())?.trimmed().units_at(0)
}

/// The separator that the first line has most of, comments aside.
fn delimiter_of(beginning: &[u8]) -> u8 {
    let first_line = beginning
        .split(|b| *b == b'\n')
        .find(|line| !line.starts_with(b"#"))
        .unwrap_or_default();
    let count = |delimiter: u8| first_line.iter().filter(|b| **b == delimiter).count();
    // The last of equals wins, so the comma is named last.
    [b'\t', b';', b',']
        .into_iter()
        .max_by_key(|delimiter| count(*delimiter))
        .unwrap_or(b',')
}
