//! Candles as columns of `f64`, for indicators, backtests and charts.

use crate::{Interval, Timestamp};

/// Columns of equal length, ordered by time. Values are the nearest `f64` to the exact decimals.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// The length of a candle.
    pub interval: Interval,
    /// Decimals of the prices: `price * 10^price_scale` is an integer, so sums can be exact.
    pub price_scale: u8,
    /// Decimals of the volume.
    pub volume_scale: u8,
    /// Open times in milliseconds since 1970, strictly ascending.
    pub open_time: Vec<i64>,
    /// Open prices.
    pub open: Vec<f64>,
    /// High prices.
    pub high: Vec<f64>,
    /// Low prices.
    pub low: Vec<f64>,
    /// Close prices.
    pub close: Vec<f64>,
    /// Base volumes.
    pub volume: Vec<f64>,
}

impl Bars {
    /// No candles yet.
    #[must_use]
    pub fn empty(interval: Interval, price_scale: u8, volume_scale: u8) -> Self {
        Self {
            interval,
            price_scale,
            volume_scale,
            open_time: Vec::new(),
            open: Vec::new(),
            high: Vec::new(),
            low: Vec::new(),
            close: Vec::new(),
            volume: Vec::new(),
        }
    }

    /// Number of bars.
    #[must_use]
    pub fn len(&self) -> usize {
        self.open_time.len()
    }

    /// Whether there is no bar.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open_time.is_empty()
    }

    /// Open time of bar `index`.
    #[must_use]
    pub fn time(&self, index: usize) -> Option<Timestamp> {
        self.open_time.get(index).copied().map(Timestamp::from_millis)
    }

    /// How many places between neighbouring bars miss at least one candle of the grid.
    #[must_use]
    pub fn gap_count(&self) -> usize {
        let missing = |pair: &&[i64]| match pair {
            [a, b] => self.interval.next(Timestamp::from_millis(*a)).millis() < *b,
            _ => false,
        };
        self.open_time.windows(2).filter(missing).count()
    }
}
