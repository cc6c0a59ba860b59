//! Reports on our own seeded bars, kept as files: nothing changes unnoticed. UPDATE_GOLDEN=1 writes them anew.

use std::path::Path;
use std::{fs, thread};

use promptpal_backtest::{Config, Inputs, Report, Sides, Sizing, builtin, run};
use serde_json::Value;

use crate::market::walk;

fn report(id: &str, side: Sides, size: Sizing, params: &[(&str, f64)]) -> Report {
    let bars = walk(2_024, 1_500);
    let params: Vec<_> = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect();
    let config = Config {
        side,
        size,
        slippage_bps: 1.0,
        ..Config::default()
    };
    let script = builtin(id).unwrap().script().unwrap();
    run(
        &script,
        &params,
        &Inputs::new(&bars, &[]).unwrap(),
        &config,
        &|| false,
    )
    .unwrap()
}

/// Equal, numbers to 1e-9: functions of the system's library may differ in the last digit.
fn agree(path: &str, a: &Value, b: &Value) {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            let (x, y) = (x.as_f64().unwrap(), y.as_f64().unwrap());
            assert!((x - y).abs() <= 1e-9 * x.abs().max(1e-9), "{path}: {x} and {y}");
        }
        (Value::Array(x), Value::Array(y)) => {
            assert_eq!(x.len(), y.len(), "{path}");
            for (i, (x, y)) in x.iter().zip(y).enumerate() {
                agree(&format!("{path}[{i}]"), x, y);
            }
        }
        (Value::Object(x), Value::Object(y)) => {
            assert_eq!(
                x.keys().collect::<Vec<_>>(),
                y.keys().collect::<Vec<_>>(),
                "{path}"
            );
            for (key, x) in x {
                agree(&format!("{path}.{key}"), x, &y[key]);
            }
        }
        _ => assert_eq!(a, b, "{path}"),
    }
}

#[test]
fn reports_are_as_kept() {
    let cases = [
        (
            "sma-cross",
            report(
                "sma-cross",
                Sides::Both,
                Sizing::All,
                &[("fast", 5.0), ("slow", 20.0)],
            ),
        ),
        (
            "rsi-reversion",
            report(
                "rsi-reversion",
                Sides::Long,
                Sizing::Percent(50.0),
                &[("stop", 2.0), ("target", 3.0)],
            ),
        ),
    ];
    for (name, report) in cases {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.json"));
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, serde_json::to_string(&report).unwrap() + "\n").unwrap();
        }
        let text = fs::read_to_string(&path).unwrap();
        let kept: Value = serde_json::from_str(&text).unwrap();
        agree(name, &serde_json::to_value(&report).unwrap(), &kept);
        let read: Report = serde_json::from_str(&text).unwrap();
        assert_eq!(
            (read.hash, read.params, read.trades.len()),
            (report.hash, report.params, report.trades.len())
        );
    }
}

#[test]
fn same_inputs_give_same_bytes_on_any_thread() {
    let json = || serde_json::to_string(&report("macd", Sides::Both, Sizing::All, &[])).unwrap();
    let first = json();
    let others: Vec<_> = (0..2).map(|_| thread::spawn(json)).collect();
    for other in others {
        assert_eq!(other.join().unwrap(), first);
    }
    assert!(!first.contains("NaN") && !first.contains("inf"));
}

#[test]
fn anything_that_changes_the_result_changes_the_hash() {
    let base = report("sma-cross", Sides::Long, Sizing::All, &[]);
    let others = [
        report("sma-cross", Sides::Both, Sizing::All, &[]),
        report("sma-cross", Sides::Long, Sizing::Units(1.0), &[]),
        report("sma-cross", Sides::Long, Sizing::All, &[("fast", 11.0)]),
        report(
            "ema-cross",
            Sides::Long,
            Sizing::All,
            &[("fast", 10.0), ("slow", 30.0)],
        ),
    ];
    for other in &others {
        assert_ne!(base.hash, other.hash);
    }
    assert_eq!(
        base.hash,
        report("sma-cross", Sides::Long, Sizing::All, &[("slow", 30.0)]).hash
    );
    let mut bars = walk(2_024, 1_500);
    bars.close[700] += 0.01;
    bars.high[700] += 0.01;
    let script = builtin("sma-cross").unwrap().script().unwrap();
    let config = base.config.clone();
    let changed = run(&script, &[], &Inputs::new(&bars, &[]).unwrap(), &config, &|| {
        false
    })
    .unwrap();
    assert_ne!(base.hash, changed.hash);
    assert_eq!((base.hash.len(), base.schema), (64, 1));
}

#[test]
fn a_run_without_any_trade_has_no_undefined_figures_in_its_json() {
    let bars = walk(1, 3);
    let script = promptpal_backtest::Script::compile("enter_long(close > 1e9);").unwrap();
    let report = run(
        &script,
        &[],
        &Inputs::new(&bars, &[]).unwrap(),
        &Config::default(),
        &|| false,
    )
    .unwrap();
    let json: Value = serde_json::to_value(&report).unwrap();
    for name in [
        "win_rate",
        "profit_factor",
        "bar_sharpe_ddof1",
        "bar_sortino",
        "bar_calmar",
        "sqn",
        "payoff",
    ] {
        assert_eq!(json["metrics"][name], Value::Null, "{name}");
    }
    assert_eq!(json["metrics"]["final_equity"], 10_000.0);
    assert!(
        json["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|w| w.as_str().unwrap().contains("90 days"))
    );
}
