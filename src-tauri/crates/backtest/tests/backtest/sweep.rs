//! Sweeps: rows are what single runs give, in order, on any number of threads.

use promptpal_backtest::{
    Axis, BacktestError, Config, Fills, Inputs, MAX_SWEEP_RUNS, Script, Sides, Sizing, Sweep, SweepRow,
    builtin, run, sweep,
};
use promptpal_domain::Bars;

use crate::market::{quarters, resampled, walk};

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
    sweep(script, &axes(texts), params, &inputs, config, threads, &|| false).unwrap()
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
    let found = sweep(&script, &axes, &[], &inputs, &config, 2, &|| false).unwrap();
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
        sweep(&sma_cross(), &axes(texts), params, &inputs, config, 1, &|| false).unwrap_err()
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
        2,
        &|| true,
    );
    assert_eq!(cancelled, Err(BacktestError::Cancelled));
}
