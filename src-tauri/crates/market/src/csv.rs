//! Candles from files: CSV with any header, rows of the exchange's archives, captures of its stream.
//!
//! [`CandleFile`] is an iterator over one pass of the file: a candle or a [`RowError`] for each row, and at the end an
//! [`ImportReport`]. A row that makes no candle is told and skipped, never guessed. Candles off the interval's grid and
//! out of order are kept exactly as they are (archives have some) and noted. [`FileBody`] reads a file on disk, zipped or
//! not.
//!
//! Not here: downloading archives and checking their sums (`archive`), coverage, anything that stores.

mod body;
mod capture;
mod columns;
mod guess;
mod look;
mod moments;
mod report;
mod table;

use std::io::{BufRead, BufReader, Read};

use promptpal_domain::{Candle, Interval, Span, Symbol};

pub use self::body::FileBody;
use self::capture::Capture;
pub use self::columns::{Column, ColumnMap};
pub use self::guess::{guess_interval, guess_symbol};
pub use self::look::{FileColumn, TableLook, look};
use self::report::Tracker;
pub use self::report::{ImportReport, RowError, RowNote, RowProblem};
use self::table::Table;
pub use crate::zipped::ZipProblem;

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// A table with a header, or without one in the order time, open, high, low, close, volume.
    /// Separated by `,`, `;` or tabs; a table of twelve columns without a header is read as an archive.
    /// The map says which of its columns are meant where their names do not tell.
    Csv(ColumnMap),
    /// A file of the exchange's public archive: twelve columns, header or none, times in milli- or microseconds.
    Archive,
    /// A recording of the stream: `<seconds>: <frame>` a line. The closed candles of this symbol are taken.
    Capture(Symbol),
}

/// How to read a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// What the file is.
    pub format: FileFormat,
    /// The length of its candles.
    pub interval: Interval,
}

impl ReadOptions {
    /// A CSV whose header tells its columns.
    #[must_use]
    pub fn csv(interval: Interval) -> Self {
        Self {
            format: FileFormat::Csv(ColumnMap::default()),
            interval,
        }
    }
}

/// Why a file cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum FileProblem {
    /// The disk, or the file, gave nothing.
    #[error("the file cannot be read")]
    Read(#[from] std::io::Error),
    /// A zip archive that gives no file.
    #[error(transparent)]
    Zip(#[from] ZipProblem),
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// The header has no column of this meaning.
    #[error("no column for {column} among: {}. Name it with --map {column}=<header>", found.join(", "))]
    NoColumn {
        /// What is missing.
        column: Column,
        /// The header's names.
        found: Vec<String>,
    },
    /// A mapping names a header that the file does not have.
    #[error("--map {column}={header}: the file has no column '{header}'")]
    NoHeader {
        /// What was mapped.
        column: Column,
        /// To what.
        header: String,
    },
    /// A mapping that is none.
    #[error("'{0}' is no mapping: write one of {names}=<header>", names = Column::names())]
    Mapping(String),
}

/// The candles of a file, in its order. Reads as it goes; keep it off the async runtime's threads.
pub struct CandleFile<R: Read> {
    rows: Rows<BufReader<R>>,
    tracker: Tracker,
}

enum Rows<R: BufRead> {
    Table(Box<Table<R>>),
    Capture(Capture<R>),
}

/// One row, before it is compared with the others.
pub(crate) enum Row {
    Candle {
        line: u64,
        candle: Candle,
    },
    /// Read, and not for us: another symbol, a candle still forming.
    Ignored,
    Problem(RowError),
    /// The file broke off here.
    Broken(RowError),
}

impl<R: Read> std::fmt::Debug for CandleFile<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CandleFile")
            .field("report", self.tracker.report())
            .finish_non_exhaustive()
    }
}

impl<R: Read> CandleFile<R> {
    /// Looks at the beginning of a file.
    ///
    /// # Errors
    /// [`FileProblem`] when it is empty, cannot be read, or its columns do not tell what they are.
    pub fn open(file: R, options: ReadOptions) -> Result<Self, FileProblem> {
        let mut file = BufReader::with_capacity(1 << 16, file);
        skip_byte_order_mark(&mut file)?;
        if file.fill_buf()?.is_empty() {
            return Err(FileProblem::Empty);
        }
        let interval = options.interval;
        let rows = match options.format {
            FileFormat::Csv(map) => Rows::Table(Box::new(Table::open(file, Some(&map), interval)?)),
            FileFormat::Archive => Rows::Table(Box::new(Table::open(file, None, interval)?)),
            FileFormat::Capture(symbol) => Rows::Capture(Capture::new(file, symbol, interval)),
        };
        Ok(Self {
            rows,
            tracker: Tracker::new(interval),
        })
    }

    /// Refuses rows that open outside of `span`, each with its reason ([`RowProblem::Outside`]).
    #[must_use]
    pub fn within(mut self, span: Span) -> Self {
        self.tracker.only_within(span);
        self
    }

    /// What was found so far.
    #[must_use]
    pub fn report(&self) -> ImportReport {
        self.tracker.report().clone()
    }
}

impl<R: Read> Iterator for CandleFile<R> {
    type Item = Result<Candle, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let row = match &mut self.rows {
                Rows::Table(table) => table.next_row()?,
                Rows::Capture(capture) => capture.next_row()?,
            };
            match row {
                Row::Candle { line, candle } => return Some(self.tracker.accept(line, candle)),
                Row::Ignored => self.tracker.ignore(),
                Row::Problem(error) => return Some(Err(self.tracker.reject(error))),
                Row::Broken(error) => {
                    self.tracker.broke_off();
                    return Some(Err(self.tracker.reject(error)));
                }
            }
        }
    }
}

fn skip_byte_order_mark(file: &mut impl BufRead) -> Result<(), std::io::Error> {
    if file.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        file.consume(3);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
