//! The main figures on real data: 58,419 hours of BTCUSDT and the trades of two other engines on them.

use serde_json::Value;

use crate::program::{Home, shared};

fn close(got: &Value, expected: &Value, limit: f64, what: &str) {
    let (got, expected) = (got.as_f64().unwrap(), expected.as_f64().unwrap());
    assert!(
        (got - expected).abs() <= limit * expected.abs(),
        "{what}: {got}, not {expected}"
    );
}

#[test]
fn the_reference_backtest_on_real_hours() {
    let Some(shared) = shared() else { return };
    let file = shared.join("data/candles/btcusdt_1h_201708_202404.csv");
    let home = Home::new();
    let report = home.json(&[
        "import",
        file.to_str().unwrap(),
        "--symbol",
        "BTCUSDT",
        "--interval",
        "1h",
    ]);
    assert_eq!(
        (&report["rows"], &report["gap_count"]),
        (&58_419.into(), &28.into())
    );
    assert_eq!(report["gaps"].as_array().unwrap().len(), 28);

    let line = "backtest sma-cross --symbol BTCUSDT --interval 1h --param fast=10 --param slow=30 --fee 0.001 --cash 10000 \
                --fills r1";
    let report = home.json(&line.split_whitespace().collect::<Vec<_>>());
    let text = std::fs::read(shared.join("reference/c1_sma_10_30_btc1h.json")).unwrap();
    let oracle = &serde_json::from_slice::<Value>(&text).unwrap()["oracle"];
    close(
        &report["metrics"]["final_equity"],
        &74_640.421_099_323_49.into(),
        1e-9,
        "final equity",
    );
    let (ours, theirs) = (
        report["trades"].as_array().unwrap(),
        oracle["trades"].as_array().unwrap(),
    );
    assert_eq!((ours.len(), theirs.len()), (1_179, 1_179));
    for (a, b) in ours.iter().zip(theirs) {
        for key in ["entry_time", "exit_time", "reason"] {
            assert_eq!(a[key], b[key], "{key}: {a}");
        }
        for key in ["entry_price", "exit_price"] {
            close(&a[key], &b[key], 1e-12, key);
        }
        close(&a["size"], &b["size"], 1e-9, "size");
    }
}
