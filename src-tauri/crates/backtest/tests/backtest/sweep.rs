//! Sweeps: rows are what single runs give, in order, on any number of threads.

use promptpal_backtest::{
    Absence, Axis, BacktestError, Config, Fills, Finding, Inputs, MAX_SWEEP_RUNS, Pace, Script, Sides,
    Sizing, Sweep, SweepRow, builtin, run, sweep, sweep_runs,
};
use promptpal_domain::Bars;

use crate::market::{quarters, resampled, walk};

/// So many threads, never called off.
fn on(threads: usize) -> Pace<'static> {
    Pace {
        threads,
        cancel: &|| false,
        ran: &|| {},
    }
}

fn axes(texts: &[&str]) -> Vec<Axis> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

fn swept(
    script: &Script,
    texts: &[&str],
    params: &[(String, f64)],
    bars: &Bars,
    config: &Config,
    threads: usize,
) -> Sweep {
    let inputs = Inputs::new(bars, &[]).unwrap();
    sweep(script, &axes(texts), params, &inputs, config, on(threads)).unwrap()
}

/// Every row is what a run alone gives, and more threads change nothing.
fn check(script: &Script, texts: &[&str], params: &[(String, f64)], bars: &Bars, config: &Config) -> Sweep {
    let one = swept(script, texts, params, bars, config, 1);
    let inputs = Inputs::new(bars, &[]).unwrap();
    for SweepRow {
        params: tried,
        metrics,
        problem,
    } in &one.rows
    {
        let all: Vec<(String, f64)> = params.iter().chain(tried).cloned().collect();
        match run(script, &all, &inputs, config, &|| false) {
            Ok(report) => assert_eq!(
                (metrics.as_ref(), problem),
                (Some(&report.metrics), &None),
                "{tried:?}"
            ),
            Err(error) => assert_eq!((metrics, problem), (&None, &Some(error.to_string())), "{tried:?}"),
        }
    }
    let two = swept(script, texts, params, bars, config, 2);
    assert_eq!(
        serde_json::to_string(&one).unwrap(),
        serde_json::to_string(&two).unwrap()
    );
    one
}

fn compile(source: &str) -> Script {
    Script::compile(source).unwrap_or_else(|error| panic!("{error}\n{source}"))
}

fn sma_cross() -> Script {
    builtin("sma-cross").unwrap().script().unwrap()
}

#[test]
fn rows_are_what_single_runs_give() {
    let bars = walk(11, 3_000);
    let config = Config {
        side: Sides::Both,
        size: Sizing::Percent(50.0),
        ..Config::default()
    };
    let found = check(
        &sma_cross(),
        &["slow=20..40:10", "fast=2..8:2"],
        &[],
        &bars,
        &config,
    );
    let tried: Vec<[f64; 2]> = found
        .rows
        .iter()
        .map(|row| [row.params[0].1, row.params[1].1])
        .collect();
    assert_eq!(tried.len(), 12);
    // The last axis changes fastest.
    assert_eq!(
        tried[..5],
        [[20.0, 2.0], [20.0, 4.0], [20.0, 6.0], [20.0, 8.0], [30.0, 2.0]]
    );
    assert_eq!(found.axes, ["slow", "fast"]);
    assert!(
        found
            .rows
            .iter()
            .all(|row| row.metrics.as_ref().unwrap().n_closed_trades > 0)
    );
}

#[test]
fn every_strategy_can_be_swept() {
    let bars = walk(12, 1_200);
    for strategy in promptpal_backtest::builtins() {
        let script = strategy.script().unwrap();
        if script.rotates() {
            continue;
        }
        // Up to two parameters, each at its default and a step beyond.
        let texts: Vec<String> = script
            .params()
            .iter()
            .take(2)
            .map(|spec| {
                let beyond = if spec.default + spec.step <= spec.max {
                    spec.default + spec.step
                } else {
                    spec.default - spec.step
                };
                format!("{}={},{beyond}", spec.name, spec.default)
            })
            .collect();
        if texts.is_empty() {
            continue;
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let config = Config {
            side: script.default_side(),
            ..Config::default()
        };
        check(&script, &texts, &[], &bars, &config);
    }
}

#[test]
fn what_stays_the_same_is_said_once() {
    let bars = walk(13, 800);
    let rsi = builtin("rsi-reversion").unwrap().script().unwrap();
    let fixed = [("length".to_owned(), 9.0)];
    let found = check(&rsi, &["stop=1..3:1"], &fixed, &bars, &Config::default());
    assert!(found.params.contains(&("length".to_owned(), 9.0)));
    assert!(found.params.iter().all(|(name, _)| name != "stop"));
    assert_eq!(found.rows.len(), 3);
}

#[test]
fn columns_of_longer_bars_of_conditions_and_of_what_was_before_are_shared_too() {
    let bars = walk(14, 4_000);
    let script = compile(
        "let n = param(\"n\", 5); let m = param(\"m\", 2); let day = timeframe(\"4h\");\n\
         let calm = ema(day.close, n); let bands = bollinger(close, n + 3);\n\
         enter_long((close > calm) & (close.ago(m) < bands.mid) & in_session(\"06:00-20:00\"));\n\
         exit_long(crosses_below(ema(ema(close, n), m + 1), sma((high + low) / 2, n)));\n\
         stop_loss(distance(atr(n) * (m + 1)));",
    );
    let found = check(&script, &["n=4..8:2", "m=1..3"], &[], &bars, &Config::default());
    assert_eq!(found.rows.len(), 9);
    assert!(found.rows.iter().all(|row| row.metrics.is_some()));
}

#[test]
fn a_combination_at_fault_is_a_row_with_its_problem() {
    let bars = walk(15, 500);
    let script = compile(
        "let a = param(\"a\", 2); let b = param(\"b\", 5); if a >= b { throw \"a must be below b\"; }\n\
         let t = if b == 7 { timeframe(\"1m\").close } else { close };\n\
         enter_long(crosses_above(sma(t, a), sma(close, b))); exit_long(close < sma(close, b));",
    );
    let found = check(&script, &["a=2..6:2", "b=5..7"], &[], &bars, &Config::default());
    let problems: Vec<bool> = found.rows.iter().map(|row| row.problem.is_some()).collect();
    assert_eq!(
        problems,
        [false, false, true, false, false, true, true, true, true]
    );
    assert!(
        found.rows[6]
            .problem
            .as_ref()
            .unwrap()
            .contains("a must be below b")
    );
    assert!(found.rows[2].problem.as_ref().unwrap().contains("timeframe"));
}

#[test]
fn minutes_decide_in_sweeps_too() {
    let (_, minutes) = quarters(16, 6_000);
    let hours = resampled(&minutes);
    let inputs = Inputs::new(&hours, &[]).unwrap().with_minutes(&minutes).unwrap();
    let config = Config {
        fills: Fills::Minute,
        ..Config::default()
    };
    let script = compile(
        "let s = param(\"s\", 1.0); enter_long(close > sma(close, 3)); exit_long(close < sma(close, 3));\n\
         stop_loss(percent(s)); take_profit(percent(s));",
    );
    let axes = axes(&["s=0.5..2:0.5"]);
    let found = sweep(&script, &axes, &[], &inputs, &config, on(2)).unwrap();
    assert_eq!(found.fills, "minute");
    for row in &found.rows {
        let alone = run(&script, &row.params, &inputs, &config, &|| false).unwrap();
        assert_eq!(row.metrics.as_ref(), Some(&alone.metrics));
        assert!(alone.trades.len() > 2);
    }
}

#[test]
fn what_is_wrong_with_all_runs_is_an_error() {
    let bars = walk(17, 100);
    let inputs = Inputs::new(&bars, &[]).unwrap();
    let fixed = [("fast".to_owned(), 5.0)];
    let refused = |texts: &[&str], params: &[(String, f64)], config: &Config| {
        sweep(&sma_cross(), &axes(texts), params, &inputs, config, on(1)).unwrap_err()
    };
    let config = Config::default();
    assert!(matches!(refused(&[], &[], &config), BacktestError::Sweep(_)));
    assert!(matches!(
        refused(&["fast=2,3", "fast=4"], &[], &config),
        BacktestError::Sweep(_)
    ));
    assert!(matches!(
        refused(&["fast=2,3"], &fixed, &config),
        BacktestError::Sweep(_)
    ));
    assert!(matches!(
        refused(&["quick=2,3"], &[], &config),
        BacktestError::UnknownParam { .. }
    ));
    assert!(matches!(
        refused(&["fast=0..3"], &[], &config),
        BacktestError::ParamOutOfBounds { .. }
    ));
    assert!(matches!(
        refused(&["fast=2..3:0.5"], &[], &config),
        BacktestError::WholeParam { .. }
    ));
    let many = refused(&["fast=1..400", "slow=2..2000"], &[], &config);
    assert!(many.to_string().contains(&MAX_SWEEP_RUNS.to_string()), "{many}");
    let minute = Config {
        fills: Fills::Minute,
        ..Config::default()
    };
    assert_eq!(refused(&["fast=2,3"], &[], &minute), BacktestError::NoFinerBars);
    let cancelled = sweep(
        &sma_cross(),
        &axes(&["fast=2,3"]),
        &[],
        &inputs,
        &config,
        Pace {
            cancel: &|| true,
            ..on(2)
        },
    );
    assert_eq!(cancelled, Err(BacktestError::Cancelled));
}

#[test]
fn every_run_is_told_once() {
    let bars = walk(18, 300);
    let inputs = Inputs::new(&bars, &[]).unwrap();
    let told = std::sync::atomic::AtomicUsize::new(0);
    let ran = || {
        told.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    };
    let axes = axes(&["fast=2..6", "slow=10..30:5"]);
    let pace = Pace { ran: &ran, ..on(2) };
    let found = sweep(&sma_cross(), &axes, &[], &inputs, &Config::default(), pace).unwrap();
    assert_eq!(sweep_runs(&sma_cross(), &axes, &[]), Ok(found.rows.len()));
    assert_eq!(told.into_inner(), found.rows.len());
}

/// The Sharpe ratio and the moments are those of the equity that a run alone has.
#[test]
fn the_best_is_measured_on_its_own_returns() {
    let bars = walk(19, 2_500);
    let config = Config::default();
    let found = swept(
        &sma_cross(),
        &["fast=2..9", "slow=12..40:4"],
        &[],
        &bars,
        &config,
        2,
    );
    let best = found.overfitting.best.unwrap();
    let sharpe = |row: &SweepRow| row.metrics.as_ref().and_then(|metrics| metrics.bar_sharpe_ddof1);
    assert!(
        found
            .rows
            .iter()
            .all(|row| sharpe(row) <= sharpe(&found.rows[best]))
    );
    assert_eq!(
        found.overfitting.trials,
        found.rows.iter().filter(|row| sharpe(row).is_some()).count()
    );

    let inputs = Inputs::new(&bars, &[]).unwrap();
    let report = run(&sma_cross(), &found.rows[best].params, &inputs, &config, &|| {
        false
    })
    .unwrap();
    let before = std::iter::once(&config.cash).chain(&report.equity);
    let returns: Vec<f64> = before
        .zip(&report.equity)
        .map(|(before, level)| level / before - 1.0)
        .collect();
    let n = returns.len() as f64;
    let mean = returns.iter().sum::<f64>() / n;
    let moment = |power| returns.iter().map(|r| (r - mean).powi(power)).sum::<f64>() / n;
    let variance = moment(2);
    let deflated = found.overfitting.deflated_sharpe.found().unwrap();
    let close = |got: f64, expected: f64| {
        assert!(
            (got - expected).abs() < 1e-9 * expected.abs().max(1.0),
            "{got} {expected}"
        )
    };
    close(deflated.sharpe, mean / (variance * n / (n - 1.0)).sqrt());
    close(deflated.skewness, moment(3) / variance.powf(1.5));
    close(deflated.kurtosis, moment(4) / (variance * variance));
    let chosen = found.overfitting.overfitting_probability.found().unwrap();
    assert_eq!((chosen.parts, chosen.combinations), (16, 12_870));
    let back: Sweep = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
    assert_eq!(back, found);
}

#[test]
fn what_cannot_be_judged_says_why() {
    let check = |texts: &[&str], bars: usize, trials: usize, absence: Absence| {
        let found = swept(&sma_cross(), texts, &[], &walk(20, bars), &Config::default(), 1).overfitting;
        assert_eq!(found.trials, trials, "{texts:?}");
        assert_eq!(found.deflated_sharpe, Finding::Absent(absence), "{texts:?}");
        assert_eq!(
            found.overfitting_probability.absence(),
            Some(absence),
            "{texts:?}"
        );
    };
    check(&["fast=5"], 500, 1, Absence::OneTrial);
    // Averages that are longer than the history never cross.
    check(&["slow=150,200"], 120, 0, Absence::NoTrials);
    check(&["slow=6,8"], 39, 2, Absence::FewBars);
    // Both never sell, so they are the same run.
    let script = compile("let a = param(\"a\", 1); enter_long(close > 0); exit_long(close > 1e9 * a);");
    let found = swept(&script, &["a=1,2"], &[], &walk(21, 500), &Config::default(), 1).overfitting;
    assert_eq!((found.trials, found.best), (2, Some(0)));
    assert_eq!(found.deflated_sharpe, Finding::Absent(Absence::EqualTrials));
}
