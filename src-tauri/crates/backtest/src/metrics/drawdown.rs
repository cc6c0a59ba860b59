//! Falls from the highest equity.

use multiversion::multiversion;

/// The deepest and the longest fall.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Drawdown {
    pub(super) deepest: f64,
    pub(super) deepest_from_first_bar: f64,
    pub(super) longest_bars: usize,
    pub(super) longest_ms: i64,
    /// The lowest level, or the first peak where none is lower.
    pub(super) lowest: f64,
}

impl Drawdown {
    /// Measures a whole column, see [`Falls`].
    #[cfg(test)]
    pub(super) fn of(cash: f64, equity: &[f64], times: &[i64]) -> Self {
        let mut falls = Falls::below(cash, times);
        falls.add(equity);
        falls.drawdown(equity)
    }
}

/// The falls of an equity that comes in blocks. A fall lasts from its peak to the first bar that is as high again, or to the
/// last one.
pub(super) struct Falls<'a> {
    times: &'a [i64],
    first_peak: f64,
    peak: f64,
    peak_bar: usize,
    lowest: f64,
    bar: usize,
    found: Drawdown,
}

impl<'a> Falls<'a> {
    /// None yet; the initial cash is the first peak. `times` are those of all bars.
    pub(super) fn below(cash: f64, times: &'a [i64]) -> Self {
        Self {
            times,
            first_peak: cash,
            peak: cash,
            peak_bar: 0,
            lowest: cash,
            bar: 0,
            found: Drawdown {
                lowest: cash,
                ..Drawdown::default()
            },
        }
    }

    /// Takes the next levels. Most groups of them neither reach the peak nor fall further, which vectors see at once.
    pub(super) fn add(&mut self, equity: &[f64]) {
        let mut rest = equity;
        while !rest.is_empty() {
            let (below, lowest) = below(self.peak, rest);
            self.lowest = self.lowest.min(lowest);
            self.bar += below;
            let (group, later) = rest.split_at(rest.len().min(below + GROUP));
            self.add_each(group.get(below..).unwrap_or_default());
            rest = later;
        }
    }

    fn add_each(&mut self, equity: &[f64]) {
        for &level in equity {
            if level >= self.peak {
                self.end(self.bar);
                (self.peak, self.peak_bar, self.lowest) = (level, self.bar, level);
            } else if level < self.lowest {
                self.lowest = level;
            }
            self.bar += 1;
        }
    }

    /// The fall from the last peak, if it was one, has ended.
    fn end(&mut self, bar: usize) {
        self.found.lowest = self.found.lowest.min(self.lowest);
        if self.lowest < self.peak {
            let time = |bar: usize| self.times.get(bar).copied().unwrap_or_default();
            let Drawdown {
                deepest,
                longest_bars,
                longest_ms,
                ..
            } = &mut self.found;
            *deepest = deepest.min(self.lowest / self.peak - 1.0);
            *longest_bars = (*longest_bars).max(bar - self.peak_bar);
            *longest_ms = (*longest_ms).max(time(bar) - time(self.peak_bar));
        }
    }

    /// What was found; `equity` is all that was added.
    pub(super) fn drawdown(mut self, equity: &[f64]) -> Drawdown {
        self.end(self.bar.saturating_sub(1));
        self.found.deepest_from_first_bar = match equity.first() {
            Some(&first) if first < self.first_peak => {
                let mut falls = Falls::below(first, self.times);
                falls.add(equity);
                falls.end(falls.bar.saturating_sub(1));
                falls.found.deepest
            }
            // Equal in R1, where nothing can be filled on the first bar.
            _ => self.found.deepest,
        };
        self.found
    }
}

/// Levels looked at together.
const GROUP: usize = 16;

/// How many whole groups at the beginning stay below `peak`, in levels, and the lowest of these.
#[multiversion(targets("x86_64+avx+avx2"))]
fn below(peak: f64, levels: &[f64]) -> (usize, f64) {
    const LANES: usize = 4;
    let mut lowest = [f64::INFINITY; LANES];
    let mut found = 0;
    for group in levels.as_chunks::<GROUP>().0 {
        let (mut highs, mut lows) = ([f64::NEG_INFINITY; LANES], lowest);
        for four in group.as_chunks::<LANES>().0 {
            for (level, (high, low)) in four.iter().zip(highs.iter_mut().zip(&mut lows)) {
                *high = if *level > *high { *level } else { *high };
                *low = if *level < *low { *level } else { *low };
            }
        }
        if highs.iter().any(|high| *high >= peak) {
            break;
        }
        lowest = lows;
        found += GROUP;
    }
    (found, lowest.into_iter().fold(f64::INFINITY, f64::min))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_depth_and_length() {
        let check = |equity: &[f64], deepest: f64, bars: usize| {
            let times: Vec<i64> = (0..equity.len() as i64).map(|i| i * 60_000).collect();
            let drawdown = Drawdown::of(100.0, equity, &times);
            assert!(
                (drawdown.deepest - deepest).abs() < 1e-15,
                "{equity:?} {drawdown:?}"
            );
            assert_eq!(
                (drawdown.longest_bars, drawdown.longest_ms),
                (bars, bars as i64 * 60_000),
                "{equity:?}"
            );
        };
        check(&[100.0, 110.0, 120.0], 0.0, 0);
        check(&[100.0, 110.0, 99.0, 104.5, 110.0], -0.1, 3);
        check(&[90.0, 80.0, 120.0, 60.0], -0.5, 2);
        check(&[100.0, 50.0], -0.5, 1);
        check(&[], 0.0, 0);
    }

    #[test]
    fn groups_find_what_single_steps_find() {
        let (mut level, mut state) = (100.0_f64, 3_u64);
        let equity: Vec<f64> = (0..10_000)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                level *= 1.0 + ((state >> 40) as f64 / f64::from(1 << 24) - 0.499) * 0.01;
                level
            })
            .collect();
        let times: Vec<i64> = (0..10_000).map(|i| i * 60_000).collect();
        for len in [1, 15, 16, 17, 1_000, 9_999, 10_000] {
            let equity = &equity[..len];
            let mut single = Falls::below(100.0, &times);
            single.add_each(equity);
            assert_eq!(
                Drawdown::of(100.0, equity, &times),
                single.drawdown(equity),
                "{len}"
            );
        }
    }
}
