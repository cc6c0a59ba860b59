use super::*;
use crate::metrics::end_of;

const NEVER: &(dyn Fn() -> bool + Sync) = &|| false;

/// Trials from whole columns of returns.
fn trials(columns: &[Vec<f64>]) -> Trials {
    let bars = columns.first().map_or(0, Vec::len);
    let mut trials = Trials::over(bars);
    let parts = trials.parts();
    for (row, returns) in columns.iter().enumerate() {
        trials.rows.push(row);
        trials.sharpes.push(sharpe(returns));
        for part in 0..parts {
            let from = if part == 0 {
                0
            } else {
                end_of(part - 1, parts, bars)
            };
            let here = &returns[from..end_of(part, parts, bars)];
            trials.sums[part].push(here.iter().sum());
            trials.squares[part].push(here.iter().map(|r| r * r).sum());
        }
    }
    trials
}

fn sharpe(returns: &[f64]) -> f64 {
    let n = returns.len() as f64;
    let mean = returns.iter().sum::<f64>() / n;
    let squares: f64 = returns.iter().map(|r| (r - mean) * (r - mean)).sum();
    mean / (squares / (n - 1.0)).sqrt()
}

fn judged(columns: &[Vec<f64>]) -> Overfitting {
    let shape = |_| {
        Ok(Shape {
            skewness: 0.0,
            kurtosis: 3.0,
        })
    };
    trials(columns).judge(shape, NEVER).unwrap()
}

/// Numbers that are close to normal: twelve even ones, from a seeded generator.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        let mut sum = -6.0;
        for _ in 0..12 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            sum += (self.0 >> 11) as f64 / (1_u64 << 53) as f64;
        }
        sum
    }

    fn column(&mut self, bars: usize, mean: f64) -> Vec<f64> {
        (0..bars).map(|_| mean + 0.01 * self.next()).collect()
    }
}

#[test]
fn parts_are_sixteen_or_fewer_even_ones() {
    let check = |bars, expected| assert_eq!(cross_validation_parts(bars), expected, "{bars}");
    for bars in [0, 1, 39] {
        check(bars, None);
    }
    check(40, Some(4));
    check(59, Some(4));
    check(60, Some(6));
    check(123, Some(12));
    check(159, Some(14));
    check(160, Some(16));
    check(1_000_000, Some(16));
}

#[test]
fn the_best_of_many_without_skill_is_as_in_the_paper() {
    // Python: statistics.NormalDist().inv_cdf in the same formula.
    let check = |trials, expected: f64| {
        let found = expected_maximum_sharpe(trials, 1.0);
        assert!((found - expected).abs() < 1e-9, "{trials}: {found}");
    };
    check(2, 0.519_755_344_280_593_9);
    check(10, 1.574_598_301_345_75);
    check(46, 2.244_170_831_041);
    check(1_000, 3.255_121_513_652_723);
    check(100_000, 4.390_828_742_376_488);
    assert!(expected_maximum_sharpe(1, 1.0).is_nan());
}

#[test]
fn deflates_as_in_the_papers_example() {
    // The numerical example of the paper: five years of daily returns, an annual Sharpe ratio of 2.5, a variance of one half among
    // the annual ratios of the trials, skewness -3 and kurtosis 10. It prints 0.1132 and 0.9004 for 100 trials, 0.9505 for 46.
    let best = SharpeOfBest {
        sharpe: 2.5 / 250.0_f64.sqrt(),
        bars: 1_250,
        skewness: -3.0,
        kurtosis: 10.0,
    };
    let check = |trials: usize, threshold: f64, value: f64| {
        // As many ratios with just that variance: half of them above zero, half below.
        let half = (0.5 / 250.0 * (trials as f64 - 1.0) / trials as f64).sqrt();
        let sharpes: Vec<f64> = (0..trials)
            .map(|i| if i % 2 == 0 { half } else { -half })
            .collect();
        let found = deflated_sharpe(best, &sharpes).unwrap();
        assert!((found.expected_maximum - threshold).abs() < 1e-9, "{found:?}");
        assert!((found.value - value).abs() < 1e-9, "{found:?}");
    };
    check(100, 0.113_172_001_865_132_14, 0.900_396_834_449_390_4);
    check(46, 0.100_362_370_617_653_57, 0.950_501_706_875_578_6);
}

#[test]
fn deflates_a_short_list() {
    // Python: variance of the list by statistics.variance, then the two formulas.
    let best = SharpeOfBest {
        sharpe: 0.05,
        bars: 500,
        skewness: 0.4,
        kurtosis: 6.0,
    };
    let found = deflated_sharpe(best, &[0.01, -0.02, 0.03, 0.05, 0.0]).unwrap();
    assert!((found.sharpe_variance - 0.000_73).abs() < 1e-15, "{found:?}");
    assert!(
        (found.expected_maximum - 0.032_222_115_532_925_796).abs() < 1e-12,
        "{found:?}"
    );
    assert!((found.value - 0.655_613_824_832_844_2).abs() < 1e-9, "{found:?}");
}

#[test]
fn what_cannot_be_deflated_says_why() {
    let best = SharpeOfBest {
        sharpe: 0.1,
        bars: 100,
        skewness: 0.0,
        kurtosis: 3.0,
    };
    let check = |best, sharpes: &[f64], expected| assert_eq!(deflated_sharpe(best, sharpes), Err(expected));
    check(best, &[], Absence::NoTrials);
    check(best, &[0.1], Absence::OneTrial);
    check(best, &[0.1, 0.1, 0.1], Absence::EqualTrials);
    check(SharpeOfBest { bars: 1, ..best }, &[0.1, 0.2], Absence::FewBars);
    let odd = SharpeOfBest {
        kurtosis: f64::NAN,
        ..best
    };
    check(odd, &[0.1, 0.2], Absence::Undefined);
}

/// Returns by a formula, the same in the Python reckoning: `((b*b*(7+t) + 13*t*b + 5*t) % 97 - 48 + t) / 10000`.
fn by_formula(trial: usize, bars: usize) -> Vec<f64> {
    let at = |bar: usize| {
        let x = (bar * bar * (7 + trial) + 13 * trial * bar + 5 * trial) % 97;
        (x as f64 - 48.0 + trial as f64) / 10_000.0
    };
    (0..bars).map(at).collect()
}

#[test]
fn agrees_with_all_choices_written_out() {
    // Python: itertools.combinations over the parts, statistics.fmean and stdev for every Sharpe ratio, mean ranks, logits.
    let check = |count: usize, bars: usize, parts: usize, fallen: u64, all: u64| {
        let columns: Vec<Vec<f64>> = (0..count).map(|trial| by_formula(trial, bars)).collect();
        let found = judged(&columns);
        let expected = OverfittingProbability {
            value: fallen as f64 / all as f64,
            parts,
            combinations: all,
        };
        assert_eq!(
            found.overfitting_probability,
            Finding::Found(expected),
            "{count} {bars}"
        );
    };
    check(5, 45, 4, 2, 6);
    check(6, 83, 8, 19, 70);
    check(7, 123, 12, 60, 924);
    check(4, 200, 16, 7_072, 12_870);
}

#[test]
fn of_noise_half_is_chosen_wrong() {
    let mut noise = Noise(7);
    let seeds = 200;
    let mut sum = 0.0;
    for _ in 0..seeds {
        let columns: Vec<Vec<f64>> = (0..20).map(|_| noise.column(320, 0.0)).collect();
        sum += judged(&columns).overfitting_probability.found().unwrap().value;
    }
    let mean = sum / f64::from(seeds);
    assert!((mean - 0.5).abs() < 0.05, "{mean}");
}

#[test]
fn one_that_is_truly_better_is_found() {
    let mut noise = Noise(11);
    for _ in 0..20 {
        // A Sharpe ratio of one half a bar among twenty of zero.
        let mut columns: Vec<Vec<f64>> = (0..20).map(|_| noise.column(640, 0.0)).collect();
        columns[13] = noise.column(640, 0.005);
        let found = judged(&columns);
        assert_eq!(found.best, Some(13));
        assert!(
            found.overfitting_probability.found().unwrap().value < 0.01,
            "{found:?}"
        );
        assert!(found.deflated_sharpe.found().unwrap().value > 0.99, "{found:?}");
    }
}

#[test]
fn a_half_without_a_trade_counts_as_zero() {
    // Two trials: one earns steadily, the other trades in the first half only, where it loses.
    let mut noise = Noise(3);
    let good = noise.column(160, 0.02);
    let mut idle = noise.column(160, -0.02);
    idle[80..].fill(0.0);
    let found = judged(&[idle, good]);
    assert_eq!((found.trials, found.best), (2, Some(1)));
    assert_eq!(
        found.overfitting_probability.found().map(|found| found.value),
        Some(0.0)
    );
}

#[test]
fn what_cannot_be_judged_says_why() {
    let mut noise = Noise(5);
    let columns = [noise.column(100, 0.0), noise.column(100, 0.0)];
    let check = |columns: &[Vec<f64>], best, absence| {
        let found = judged(columns);
        assert_eq!((found.trials, found.best), (columns.len(), best));
        assert_eq!(found.deflated_sharpe, Finding::Absent(absence));
        assert_eq!(found.overfitting_probability, Finding::Absent(absence));
    };
    check(&[], None, Absence::NoTrials);
    check(&columns[..1], Some(0), Absence::OneTrial);
    check(
        &[columns[0].clone(), columns[0].clone()],
        Some(0),
        Absence::EqualTrials,
    );
    let short = [columns[0][..39].to_vec(), columns[1][..39].to_vec()];
    let best = if sharpe(&short[1]) > sharpe(&short[0]) {
        1
    } else {
        0
    };
    check(&short, Some(best), Absence::FewBars);
    assert!(judged(&columns).deflated_sharpe.found().is_some());
}

#[test]
fn can_be_called_off() {
    let mut noise = Noise(5);
    let columns = [noise.column(200, 0.0), noise.column(200, 0.0)];
    let shape = |_| {
        Ok(Shape {
            skewness: 0.0,
            kurtosis: 3.0,
        })
    };
    assert_eq!(
        trials(&columns).judge(shape, &|| true),
        Err(BacktestError::Cancelled)
    );
}
