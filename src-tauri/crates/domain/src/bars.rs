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
        let step = self.interval.nominal_millis();
        let even = self.interval != Interval::Month1;
        // From a bar on the grid a whole step leads to the next, which needs no division to be seen.
        let mut on_grid = false;
        let mut gaps = 0;
        for (&at, &later) in self.open_time.iter().zip(self.open_time.iter().skip(1)) {
            if on_grid && later.wrapping_sub(at) == step {
                continue;
            }
            let (at, later) = (Timestamp::from_millis(at), Timestamp::from_millis(later));
            gaps += usize::from(self.interval.next(at) < later);
            on_grid = even && self.interval.floor(later) == later;
        }
        gaps
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn gaps_are_where_an_opening_of_the_grid_is_skipped(
            interval in proptest::sample::select(Interval::ALL.to_vec()),
            steps in proptest::collection::vec((0_i64..4, -1_i64..2), 0..60),
        ) {
            let mut bars = Bars::empty(interval, 2, 2);
            let mut at = Timestamp::EPOCH;
            for (openings, beside) in steps {
                for _ in 0..openings {
                    at = interval.next(at);
                }
                // Now and then beside the grid.
                bars.open_time.push(at.millis() + beside.max(0) * 7);
            }
            bars.open_time.dedup();
            let expected = bars.open_time.windows(2).filter(|pair| {
                interval.next(Timestamp::from_millis(pair[0])).millis() < pair[1]
            });
            prop_assert_eq!(bars.gap_count(), expected.count());
        }
    }
}
