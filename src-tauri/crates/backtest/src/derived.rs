//! What a report shows beside its figures, worked out from the curve and the trades when it is asked for.

use crate::metrics::day_ends;

/// Longest and shortest trailing window of [`rolling_sharpe`], in daily returns.
const WINDOWS: (usize, usize) = (90, 14);

/// Sharpe ratios of trailing windows of daily returns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RollingSharpe {
    /// Daily returns in each window; 0 when the run is too short for any.
    pub window: usize,
    /// The last day of each window, as its first millisecond since 1970, with the ratio. Windows without spread are left
    /// out.
    pub points: Vec<(i64, f64)>,
}

/// Sharpe ratios of trailing windows: `mean / std(ddof 1) * sqrt(days_per_year)` of the changes between the last equities
/// of UTC days that have bars. The window is 90 of them, less for a run that has fewer than 180, and never under 14.
#[must_use]
pub fn rolling_sharpe(times: &[i64], equity: &[f64], days_per_year: f64) -> RollingSharpe {
    let days = day_ends(times, equity);
    let changes: Vec<(i64, f64)> = days
        .windows(2)
        .filter_map(|pair| match pair {
            [(_, before), (day, after)] => Some((*day, after / before - 1.0)),
            _ => None,
        })
        .collect();
    let window = (changes.len() / 2).min(WINDOWS.0);
    if window < WINDOWS.1 {
        return RollingSharpe::default();
    }
    let n = window as f64;
    let ratio = |part: &[(i64, f64)]| {
        let mean = part.iter().map(|(_, change)| change).sum::<f64>() / n;
        let squares: f64 = part
            .iter()
            .map(|(_, change)| (change - mean) * (change - mean))
            .sum();
        let ratio = mean / (squares / (n - 1.0)).sqrt() * days_per_year.sqrt();
        let day = part.last().map(|(day, _)| day * crate::calendar::DAY_MS);
        day.zip(ratio.is_finite().then_some(ratio))
    };
    RollingSharpe {
        window,
        points: changes.windows(window).filter_map(ratio).collect(),
    }
}

/// How the returns of closed trades are spread.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TradeSpread {
    /// Width of a class: 0.01 is one percent. Classes begin at whole multiples of it.
    pub width: f64,
    /// Lower bound of the first class.
    pub from: f64,
    /// Trades in each class; the first and the last also hold what lies beyond them.
    pub counts: Vec<u32>,
    /// The lowest return, the 5th, 25th, 50th, 75th and 95th percentile (linear between neighbours), and the highest.
    pub quantiles: Option<[f64; 7]>,
}

/// Most classes of [`trade_spread`].
const CLASSES: f64 = 24.0;
/// Lifts a value that stands on a bound and was rounded below it.
const NUDGE: f64 = 1e-9;

/// Sorts returns into at most 25 classes of a round width that hold the middle 98 % of them.
#[must_use]
pub fn trade_spread(returns: impl IntoIterator<Item = f64>) -> TradeSpread {
    let mut sorted: Vec<f64> = returns.into_iter().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.is_empty() {
        return TradeSpread::default();
    }
    let (low, high) = (quantile(&sorted, 0.01), quantile(&sorted, 0.99));
    let width = round_width((high - low) / CLASSES);
    let class_of = |value: f64| (value / width + NUDGE).floor();
    let first = class_of(low);
    let classes = (class_of(high) - first) as usize + 1;
    let mut counts = vec![0_u32; classes];
    for value in &sorted {
        let class = (class_of(*value) - first).clamp(0.0, (classes - 1) as f64) as usize;
        if let Some(count) = counts.get_mut(class) {
            *count += 1;
        }
    }
    TradeSpread {
        width,
        from: first * width,
        counts,
        quantiles: Some([0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0].map(|part| quantile(&sorted, part))),
    }
}

/// The smallest of 1, 2, 2.5 and 5 times a power of ten that is no smaller; at least a hundredth of a percent.
fn round_width(least: f64) -> f64 {
    let least = least.max(1e-4);
    let power = 10_f64.powf(least.log10().floor());
    let steps = [1.0, 2.0, 2.5, 5.0, 10.0];
    let fits = |step: &f64| step * power >= least * (1.0 - 1e-12);
    steps.into_iter().find(fits).unwrap_or(10.0) * power
}

/// The value below which `part` of the ascending values lie, linear between neighbours.
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len().saturating_sub(1)) as f64;
    let at = |index: f64| sorted.get(index as usize).copied().unwrap_or(f64::NAN);
    let (low, high) = (at(place.floor()), at(place.ceil()));
    low + (high - low) * place.fract()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::DAY_MS;

    #[test]
    fn windows_are_measured_as_the_whole_is() {
        let changes: Vec<f64> = (0..60).map(|i| 0.01 * f64::from(i % 7 - 2)).collect();
        let (mut times, mut equity, mut level) = (vec![0], vec![100.0], 100.0);
        for (day, change) in (1..).zip(&changes) {
            level *= 1.0 + change;
            // Two bars a day; the last one counts.
            times.extend([day * DAY_MS, day * DAY_MS + DAY_MS / 2]);
            equity.extend([1.0, level]);
        }
        let rolling = rolling_sharpe(&times, &equity, 365.0);
        assert_eq!((rolling.window, rolling.points.len()), (30, 31));
        let last = &changes[30..];
        let mean = last.iter().sum::<f64>() / 30.0;
        let var = last.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 29.0;
        let (day, ratio) = rolling.points[30];
        assert_eq!(day, 60 * DAY_MS);
        assert!(
            (ratio - mean / var.sqrt() * 365_f64.sqrt()).abs() < 1e-9,
            "{ratio}"
        );
        assert_eq!(
            rolling_sharpe(&times[..20], &equity[..20], 365.0),
            RollingSharpe::default()
        );
        let flat = rolling_sharpe(&times, &vec![1.0; times.len()], 365.0);
        assert!(flat.points.is_empty());
    }

    #[test]
    fn every_trade_is_in_a_class() {
        let returns: Vec<f64> = (0..1_000)
            .map(|i| f64::from(i - 400) / 10_000.0)
            .chain([9.0])
            .collect();
        let spread = trade_spread(returns.iter().copied());
        assert_eq!(spread.counts.iter().sum::<u32>(), 1_001);
        assert_eq!(spread.width, 0.005);
        assert_eq!(spread.from, -0.04);
        assert!(spread.counts.len() <= 25);
        assert_eq!(spread.counts[1], 50);
        let [least, .., most] = spread.quantiles.unwrap();
        assert_eq!((least, most), (-0.04, 9.0));
        assert_eq!(spread.quantiles.unwrap()[3], 0.01);
        assert_eq!(trade_spread([]), TradeSpread::default());
        assert_eq!(trade_spread([0.02]).counts, [1]);
    }
}
