//! Falls from the highest equity.

/// The deepest and the longest fall.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Drawdown {
    pub(super) deepest: f64,
    pub(super) deepest_from_first_bar: f64,
    pub(super) longest_bars: usize,
    pub(super) longest_ms: i64,
}

impl Drawdown {
    /// Measures `equity` from the initial `cash`; a fall lasts from its peak to the first bar that is as high again, or to the
    /// last one.
    pub(super) fn of(cash: f64, equity: &[f64], times: &[i64]) -> Self {
        let from_cash = scan(cash, equity);
        // Equal in R1, where nothing can be filled on the first bar.
        let from_first = match equity.first() {
            Some(&first) if first < cash => scan(first, equity).deepest,
            _ => from_cash.deepest,
        };
        let (mut longest_bars, mut longest_ms) = (0, 0);
        for &(from, to) in &from_cash.spans {
            let time = |bar: usize| times.get(bar).copied().unwrap_or_default();
            longest_bars = longest_bars.max(to - from);
            longest_ms = longest_ms.max(time(to) - time(from));
        }
        Self {
            deepest: from_cash.deepest,
            deepest_from_first_bar: from_first,
            longest_bars,
            longest_ms,
        }
    }
}

struct Scan {
    deepest: f64,
    /// Falls of more than one bar, from peak to recovery.
    spans: Vec<(usize, usize)>,
}

fn scan(first_peak: f64, equity: &[f64]) -> Scan {
    let (mut peak, mut peak_bar, mut lowest) = (first_peak, 0, first_peak);
    let mut scan = Scan {
        deepest: 0.0,
        spans: Vec::new(),
    };
    let mut close = |peak: f64, lowest: f64, from: usize, to: usize| {
        if lowest < peak {
            scan.deepest = scan.deepest.min(lowest / peak - 1.0);
            scan.spans.push((from, to));
        }
    };
    for (bar, &equity) in equity.iter().enumerate() {
        if equity >= peak {
            close(peak, lowest, peak_bar, bar);
            (peak, peak_bar, lowest) = (equity, bar, equity);
        } else if equity < lowest {
            lowest = equity;
        }
    }
    close(peak, lowest, peak_bar, equity.len().saturating_sub(1));
    scan
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
}
