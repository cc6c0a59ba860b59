//! The finer bars below the tested ones.

use promptpal_domain::{Bars, Timestamp};

/// Which finer bars lie in which of the tested bars.
#[derive(Debug)]
pub(crate) struct Minutes<'a> {
    bars: &'a Bars,
    /// For each tested bar the first finer one and the one after the last; the same where they are not to be trusted.
    ranges: Vec<(usize, usize)>,
    covered: usize,
}

/// A stretch of time of which only the extremes are known: a bar or a finer bar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slice {
    pub(super) time: i64,
    /// When the next one begins.
    pub(super) end: i64,
    pub(super) open: f64,
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) close: f64,
    pub(super) volume: f64,
}

impl<'a> Minutes<'a> {
    /// Lays `minutes` below `bars`. A tested bar is covered when the finer bars in it reach its high and its low: where some of
    /// them are missing, a stop might be overlooked.
    pub(crate) fn below(bars: &Bars, minutes: &'a Bars) -> Self {
        let mut from = 0;
        let ranges: Vec<(usize, usize)> = (0..bars.len())
            .map(|bar| {
                let (begin, end) = (time(bars, bar), end(bars, bar));
                while minutes.open_time.get(from).is_some_and(|&at| at < begin) {
                    from += 1;
                }
                let first = from;
                while minutes.open_time.get(from).is_some_and(|&at| at < end) {
                    from += 1;
                }
                let inside = |column: &'a [f64]| column.get(first..from).unwrap_or_default().iter().copied();
                let high = inside(&minutes.high).fold(f64::NEG_INFINITY, f64::max);
                let low = inside(&minutes.low).fold(f64::INFINITY, f64::min);
                if high >= value(&bars.high, bar) && low <= value(&bars.low, bar) {
                    (first, from)
                } else {
                    (first, first)
                }
            })
            .collect();
        let covered = ranges.iter().filter(|(first, after)| first < after).count();
        Self {
            bars: minutes,
            ranges,
            covered,
        }
    }

    /// Part of the tested bars that finer bars cover.
    pub(crate) fn share(&self) -> f64 {
        self.covered as f64 / self.ranges.len().max(1) as f64
    }

    /// The finer bars in a tested bar; none where it is not covered.
    pub(super) fn of(&self, bar: usize) -> Option<std::ops::Range<usize>> {
        self.ranges
            .get(bar)
            .filter(|(first, after)| first < after)
            .map(|&(first, after)| first..after)
    }

    /// A finer bar as a slice of a tested bar whose finer bars are those before number `before`, and which lasts until `end`.
    pub(super) fn slice(&self, at: usize, before: usize, end: i64) -> Slice {
        let next = self.bars.open_time.get(at + 1).filter(|_| at + 1 < before);
        slice(self.bars, at, next.copied().unwrap_or(end))
    }
}

/// A bar as one slice.
pub(super) fn whole(bars: &Bars, bar: usize) -> Slice {
    slice(bars, bar, next_open(bars, bar))
}

/// When the next bar begins; after the last one, when it would.
pub(super) fn next_open(bars: &Bars, bar: usize) -> i64 {
    bars.open_time
        .get(bar + 1)
        .copied()
        .unwrap_or_else(|| end(bars, bar))
}

fn slice(bars: &Bars, at: usize, end: i64) -> Slice {
    Slice {
        time: time(bars, at),
        end,
        open: value(&bars.open, at),
        high: value(&bars.high, at),
        low: value(&bars.low, at),
        close: value(&bars.close, at),
        volume: value(&bars.volume, at),
    }
}

/// When a bar's own time is over.
fn end(bars: &Bars, bar: usize) -> i64 {
    bars.interval
        .next(Timestamp::from_millis(time(bars, bar)))
        .millis()
}

fn time(bars: &Bars, at: usize) -> i64 {
    bars.open_time.get(at).copied().unwrap_or_default()
}

fn value(column: &[f64], at: usize) -> f64 {
    column.get(at).copied().unwrap_or(f64::NAN)
}
