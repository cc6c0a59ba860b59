//! Series and their candles: ticks in the tables, exact decimals and columns outside.
//!
//! Three tables say what is known of a series' time. `coverage` is what the venue was asked for and answered, `presence`
//! the time of the stored candles, `absences` the openings that a source has no candle at. An opening is present, absent
//! on the word of a source, or pending; the ledger reads that from a row for each stretch, never from the candles.

mod absences;
mod append;
mod archives;
mod build;
mod columns;
mod coverage;
mod gaps;
mod journal;
mod ledger;
mod origins;
mod put;
mod read;
mod rows;
mod series;
mod size;
mod stretches;
mod ticks;

use promptpal_domain::{Candle, CandleSource, SeriesId, Span, Timestamp};

pub use archives::ArchiveRow;
pub(crate) use build::build_ledgers;
pub use columns::ColumnCheck;
pub use journal::PageRow;
pub use ledger::StripCell;
pub(crate) use read::{PAGE_ROWS, ReadPage};
pub(crate) use series::SeriesRow;
pub(crate) use ticks::{Scales, Ticks};

/// Closed candles as they came, with what was asked to get them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The candles, in any order.
    pub candles: Vec<Candle>,
    /// The span that the source was asked for; `None` where it was not asked, as for a live candle.
    pub asked: Option<Span>,
    /// How they came.
    pub source: CandleSource,
    /// From where: the host, the name of the archive's file, or of the user's file.
    pub name: String,
    /// Of the file, in lower-case hexadecimal; `None` where the source is no file.
    pub sha256: Option<String>,
}

/// What became of candles that were put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The series.
    pub series: SeriesId,
    /// Candles that were new.
    pub inserted: u64,
    /// Candles that stood there already, number by number.
    pub unchanged: u64,
    /// Candles that replaced other numbers; the old ones are kept as corrections.
    pub corrected: u64,
    /// From the first to behind the last candle that was new or corrected; `None` when nothing changed.
    pub span: Option<Span>,
}

/// A candle as it was before it was corrected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Its old numbers.
    pub candle: Candle,
    /// 0 for the numbers that were stored first.
    pub revision: u32,
    /// When they were replaced.
    pub replaced_at: Timestamp,
}
