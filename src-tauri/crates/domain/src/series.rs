//! A series: the candles of one symbol at one venue and interval, and the holes in it.

use std::fmt;

use crate::{Evidence, Interval, Span, Symbol, Timestamp, Venue};

/// The store's number of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesId(pub i64);

/// What makes a series: venue, symbol and interval.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey {
    /// Where the prices come from.
    pub venue: Venue,
    /// The venue's name of the instrument.
    pub symbol: Symbol,
    /// The length of a candle.
    pub interval: Interval,
}

impl fmt::Display for SeriesKey {
    /// `binance BTCUSDT 1h`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.venue, self.symbol, self.interval)
    }
}

/// A stored series with its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The store's number.
    pub id: SeriesId,
    /// What it is.
    pub key: SeriesKey,
    /// Decimals of its prices.
    pub price_scale: u8,
    /// Decimals of its amounts.
    pub volume_scale: u8,
    /// Closed candles stored.
    pub rows: u64,
    /// Open time of the first and of the last stored candle.
    pub first_last: Option<(Timestamp, Timestamp)>,
    /// Holes between first and last candle.
    pub gaps: u64,
    /// What was ever asked to be kept complete, with what lies between.
    pub wanted: Option<Span>,
    /// Openings of the grid, between the first and last that are wanted or stored, that are still to be asked for.
    pub pending: u64,
    /// Openings there of which a source said that it has none.
    pub absent: u64,
    /// How often a stored candle was corrected.
    pub corrections: u64,
}

/// A hole between stored candles: no candle opens in `span`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// From the first missing opening to the opening of the next stored candle.
    pub span: Span,
    /// How many candles are missing on the grid.
    pub missing: u64,
    /// Why.
    pub reason: GapReason,
}

/// Why candles are missing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum GapReason {
    /// For every opening of the span a source was asked and has none. Where several were, the one whose word counts
    /// least, so that the gap is as sure as its least sure part.
    ExchangeAbsent(Evidence),
    /// At least one opening was not asked for, or the answer is still to come.
    Pending,
}
