//! Series and their candles: ticks in the tables, exact decimals and columns outside.

mod coverage;
mod gaps;
mod put;
mod read;
mod series;
mod ticks;

use promptpal_domain::{Candle, SeriesId, Span, Timestamp};

pub(crate) use read::{PAGE_ROWS, ReadPage};
pub(crate) use series::SeriesRow;
pub(crate) use ticks::{Scales, Ticks};

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
