//! The strategies that come with the program.

use promptpal_backtest::{Config, Inputs, Sides, builtin, builtins, run};
use promptpal_domain::{SentimentPoint, Timestamp};

use crate::market::walk;

#[test]
fn every_one_compiles_has_a_page_and_trades() {
    let bars = walk(11, 5_000);
    let points: Vec<SentimentPoint> = (0..600)
        .map(|i| SentimentPoint {
            available_at: Timestamp::from_millis(bars.open_time[0] + i * 30_000_000),
            score: ((i * 37) % 19) as f64 / 9.5 - 1.0,
            weight: 1.0,
        })
        .collect();
    let inputs = Inputs::new(&bars, &points).unwrap();
    for strategy in builtins() {
        let script = strategy
            .script()
            .unwrap_or_else(|error| panic!("{}: {error}", strategy.id));
        assert!(strategy.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
        for part in ["## Idea", "## Parameters", "## When it fails"] {
            assert!(script.about().contains(part), "{} has no {part}", strategy.id);
        }
        assert!(script.params().iter().all(|param| !param.about.is_empty()));
        if script.rotates() {
            continue;
        }
        let long_only = ["buy-and-hold", "grid", "dca"];
        let sides: &[Sides] = if strategy.id.contains("sentiment") || long_only.contains(&strategy.id) {
            &[Sides::Long]
        } else {
            &[Sides::Long, Sides::Short, Sides::Both]
        };
        for &side in sides {
            let report = run(
                &script,
                &[],
                &inputs,
                &Config {
                    side,
                    ..Config::default()
                },
                &|| false,
            )
            .unwrap();
            if ["buy-and-hold", "dca"].contains(&strategy.id) {
                let open = report.open_position.as_ref().unwrap();
                assert!(open.entry_bar >= 1 && report.trades.is_empty());
            } else {
                assert!(
                    report.trades.len() > 5,
                    "{} trades {} times",
                    strategy.id,
                    report.trades.len()
                );
            }
        }
    }
    assert_eq!(builtins().len(), 18);
    assert!(builtin("sma-cross").is_some() && builtin("nonsense").is_none());
}

#[test]
fn buying_and_holding_is_the_benchmark() {
    let bars = walk(12, 1_000);
    let inputs = Inputs::new(&bars, &[]).unwrap();
    let config = Config {
        slippage_bps: 5.0,
        spread_bps: 4.0,
        ..Config::default()
    };
    let report = run(
        &builtin("buy-and-hold").unwrap().script().unwrap(),
        &[],
        &inputs,
        &config,
        &|| false,
    )
    .unwrap();
    let (ours, benchmark) = (&report.metrics, &report.benchmark);
    let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
    close(ours.final_equity, benchmark.final_equity);
    close(
        ours.bar_sharpe_ddof1.unwrap(),
        benchmark.bar_sharpe_ddof1.unwrap(),
    );
    close(ours.max_drawdown, benchmark.max_drawdown);
    for (a, b) in report.equity.iter().zip(report.benchmark_equity(&bars)) {
        close(*a, b);
    }
    let deepest = report.drawdown().into_iter().fold(0.0, f64::min);
    close(ours.max_drawdown, deepest);
}
