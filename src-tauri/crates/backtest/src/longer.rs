//! Longer bars made of the tested ones, as a script sees them: only those that have closed.

use promptpal_domain::{Bars, Interval, Timestamp};
use promptpal_indicators::LazyGrid;

use crate::BacktestError;
use crate::graph::Price;
use crate::prices::{Grids, column};

/// Bars of a longer interval below a run.
#[derive(Debug)]
pub(crate) struct Longer {
    pub(crate) bars: Bars,
    /// How many of them have closed when each tested bar closes.
    closed: Vec<u32>,
    grids: Grids,
}

impl Longer {
    /// Joins bars: first open, highest high, lowest low, last close, sum of the volumes. Bars follow
    /// [`Interval::floor`]. What stands before the first bar that begins where a longer one does is left out: the
    /// longer bar there is not known in full.
    ///
    /// # Errors
    /// [`BacktestError::Timeframe`] when the bars do not fill longer ones exactly.
    pub(crate) fn of(tested: &Bars, interval: Interval) -> Result<Self, BacktestError> {
        let mut bars = Bars::empty(interval, tested.price_scale, tested.volume_scale);
        let mut closed = Vec::with_capacity(tested.len());
        let mut end = i64::MIN;
        for (bar, &open) in tested.open_time.iter().enumerate() {
            let open_at = Timestamp::from_millis(open);
            let close = tested.interval.next(open_at).millis();
            if open >= end {
                let begin = interval.floor(open_at);
                end = interval.next(begin).millis();
                if close > end || interval.nominal_millis() < tested.interval.nominal_millis() {
                    return Err(BacktestError::Timeframe {
                        asked: interval,
                        tested: tested.interval,
                    });
                }
                if begin == open_at || !bars.is_empty() {
                    bars.open_time.push(begin.millis());
                    push(&mut bars.open, &tested.open, bar);
                    push(&mut bars.high, &tested.high, bar);
                    push(&mut bars.low, &tested.low, bar);
                    push(&mut bars.close, &tested.close, bar);
                    push(&mut bars.volume, &tested.volume, bar);
                }
            } else {
                join(&mut bars.high, &tested.high, bar, f64::max);
                join(&mut bars.low, &tested.low, bar, f64::min);
                join(&mut bars.close, &tested.close, bar, |_, close| close);
                join(&mut bars.volume, &tested.volume, bar, |sum, volume| sum + volume);
            }
            let forming = u32::from(close < end && !bars.is_empty());
            closed.push(u32::try_from(bars.len()).unwrap_or(u32::MAX) - forming);
        }
        let grids = Grids::of(bars.price_scale);
        Ok(Self { bars, closed, grids })
    }

    pub(crate) fn column(&self, price: Price) -> &[f64] {
        column(&self.bars, price)
    }

    pub(crate) const fn grid(&self, price: Price) -> Option<&LazyGrid> {
        self.grids.get(price)
    }

    /// A column of these bars as it is known at the close of each tested bar: the value of the last one that has closed.
    pub(crate) fn on_tested(&self, column: &[f64]) -> Vec<f64> {
        let known = |&closed: &u32| {
            let last = (closed as usize).checked_sub(1);
            last.and_then(|last| column.get(last))
                .copied()
                .unwrap_or(f64::NAN)
        };
        self.closed.iter().map(known).collect()
    }
}

fn push(into: &mut Vec<f64>, from: &[f64], bar: usize) {
    into.push(from.get(bar).copied().unwrap_or(f64::NAN));
}

fn join(into: &mut [f64], from: &[f64], bar: usize, how: impl Fn(f64, f64) -> f64) {
    if let (Some(last), Some(next)) = (into.last_mut(), from.get(bar)) {
        *last = how(*last, *next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn hours(opens: &[i64]) -> Bars {
        let mut bars = Bars::empty(Interval::Hour1, 0, 0);
        for &hour in opens {
            let price = hour as f64 + 100.0;
            bars.open_time.push(hour * HOUR);
            bars.open.push(price);
            bars.high.push(price + 5.0);
            bars.low.push(price - 5.0);
            bars.close.push(price + 1.0);
            bars.volume.push(2.0);
        }
        bars
    }

    #[test]
    fn only_what_has_closed_is_known() {
        // From the middle of a longer bar on, with hour 9 missing and nothing from 12 to 15.
        let tested = hours(&[2, 3, 4, 5, 6, 7, 8, 10, 11, 16]);
        let longer = Longer::of(&tested, Interval::Hour4).unwrap();
        assert_eq!(longer.bars.open_time, [4 * HOUR, 8 * HOUR, 16 * HOUR]);
        assert_eq!(longer.bars.open, [104.0, 108.0, 116.0]);
        assert_eq!(longer.bars.high, [112.0, 116.0, 121.0]);
        assert_eq!(longer.bars.low, [99.0, 103.0, 111.0]);
        assert_eq!(longer.bars.close, [108.0, 112.0, 117.0]);
        assert_eq!(longer.bars.volume, [8.0, 6.0, 2.0]);
        let known = longer.on_tested(&longer.bars.close);
        let none = f64::NAN;
        let expected = [none, none, none, none, none, 108.0, 108.0, 108.0, 112.0, 112.0];
        assert_eq!(format!("{known:?}"), format!("{expected:?}"));
    }

    #[test]
    fn a_bar_that_ends_without_its_last_hour_is_closed_by_the_next() {
        let tested = hours(&[4, 5, 6, 8, 9]);
        let longer = Longer::of(&tested, Interval::Hour4).unwrap();
        let known = longer.on_tested(&longer.bars.close);
        assert_eq!(
            format!("{known:?}"),
            format!("{:?}", [f64::NAN, f64::NAN, f64::NAN, 107.0, 107.0])
        );
    }

    #[test]
    fn shorter_bars_and_bars_that_do_not_nest_are_refused() {
        for interval in [Interval::Minute30, Interval::Second1] {
            let refused = Longer::of(&hours(&[1, 2]), interval);
            assert!(
                matches!(refused, Err(BacktestError::Timeframe { .. })),
                "{interval}"
            );
        }
        let mut weeks = hours(&[0]);
        weeks.interval = Interval::Week1;
        weeks.open_time = vec![Interval::Week1.floor("2024-04-29".parse().unwrap()).millis()];
        assert!(Longer::of(&weeks, Interval::Month1).is_err());
    }
}
