//! A second engine, written to be obviously right and sharing no code with the first: it asks every condition bar by bar,
//! looking back as far as it needs to, and moves one bar or fine bar at a time. Both must agree trade for trade.

mod conditions;
mod desk;
mod strategy;

use std::collections::BTreeMap;

use promptpal_backtest::{Config, Fills, Filters, FundingRate, Inputs, Margin, Script, Sides, Sizing, run};
use promptpal_domain::{Bars, Timestamp};

use crate::market::{Dice, quarters, resampled, walk};
use desk::Desk;
use strategy::Strategy;

/// Strategies and markets of the default run.
const CASES: u64 = 1_000;

/// How often each thing happened.
#[derive(Default)]
struct Tally(BTreeMap<String, usize>);

impl Tally {
    fn count(&mut self, kind: &str, what: impl std::fmt::Display, times: usize) {
        *self.0.entry(format!("{kind} {what}")).or_default() += times;
    }
}

/// Everything a run may be told.
fn any_config(dice: &mut Dice, strategy: &Strategy) -> Config {
    let costs = dice.roll(2) == 0;
    let sizes = [
        Sizing::All,
        Sizing::Units(3.0),
        Sizing::Cash(2_500.0),
        Sizing::Percent(40.0),
        Sizing::Units(80.0),
        Sizing::Volatility(40.0),
        Sizing::Risk(2.0),
    ];
    let choices = if strategy.has_stop() { 7 } else { 6 };
    let leverage = [1.0, 5.0, 25.0, 80.0][dice.roll(4) as usize];
    let lent = dice.roll(2) == 0;
    Config {
        cash: 10_000.0,
        fee: dice.roll(3) as f64 / 1_000.0,
        maker_fee: (dice.roll(3) == 0).then(|| (dice.roll(6) - 1) as f64 / 10_000.0),
        slippage_bps: if costs { dice.roll(10) as f64 } else { 0.0 },
        spread_bps: if costs { dice.roll(10) as f64 } else { 0.0 },
        impact_bps: if dice.roll(3) == 0 {
            dice.roll(5) as f64
        } else {
            0.0
        },
        size: match dice.roll(if lent { 2 * choices } else { choices }) {
            choice if choice < choices as i64 => sizes[choice as usize],
            _ => Sizing::All,
        },
        side: [Sides::Long, Sides::Short, Sides::Both][dice.roll(3) as usize],
        margin: lent.then(|| Margin {
            leverage,
            maintenance: (1 + dice.roll(6)) as f64 / 10.0 / leverage,
        }),
        filters: if dice.roll(3) == 0 {
            Filters {
                tick: [0.0, 0.05, 0.5][dice.roll(3) as usize],
                lot: [0.0, 0.1, 1.0][dice.roll(3) as usize],
                min_notional: [0.0, 500.0][dice.roll(2) as usize],
            }
        } else {
            Filters::default()
        },
        ..Config::default()
    }
}

/// The settings that the fused loop knows.
fn plain_config(dice: &mut Dice) -> Config {
    let costs = dice.roll(2) == 0;
    let sizes = [
        Sizing::All,
        Sizing::Units(3.0),
        Sizing::Cash(2_500.0),
        Sizing::Percent(40.0),
        Sizing::Units(80.0),
    ];
    Config {
        fee: dice.roll(3) as f64 / 1_000.0,
        slippage_bps: if costs { dice.roll(10) as f64 } else { 0.0 },
        spread_bps: if costs { dice.roll(10) as f64 } else { 0.0 },
        size: sizes[dice.roll(5) as usize],
        side: [Sides::Long, Sides::Short, Sides::Both][dice.roll(3) as usize],
        ..Config::default()
    }
}

fn stamps(dice: &mut Dice, bars: &Bars) -> Vec<FundingRate> {
    let (first, last) = (bars.open_time[0], bars.open_time[bars.len() - 1]);
    let every = [8 * 3_600_000, 5 * 3_600_000 + 600_000][dice.roll(2) as usize];
    (first / every - 1..last / every + 2)
        .map(|i| FundingRate {
            time: Timestamp::from_millis(i * every),
            rate: (dice.roll(41) - 20) as f64 / 10_000.0,
        })
        .collect()
}

fn close(got: f64, expected: f64, scale: f64, limit: f64) -> bool {
    got == expected || (got - expected).abs() <= limit * expected.abs().max(scale)
}

/// Runs one case in both engines and compares everything that they say.
fn check(seed: u64, tally: &mut Tally) {
    let mut dice = Dice::new(seed + 1);
    let plain = dice.roll(4) == 0;
    let strategy = Strategy::random(&mut dice, plain);
    let mut config = if plain {
        plain_config(&mut dice)
    } else {
        any_config(&mut dice, &strategy)
    };
    let len = 60 + dice.roll(180) as usize;
    let mut fine = None;
    let bars = if !plain && dice.roll(2) == 0 {
        let (all, kept) = quarters(seed, 4 * len);
        fine = Some(kept);
        config.fills = Fills::Minute;
        resampled(&all)
    } else {
        walk(seed, len)
    };
    let funding = if !plain && dice.roll(3) == 0 {
        stamps(&mut dice, &bars)
    } else {
        Vec::new()
    };

    let mut desk = Desk::new(&bars, fine.as_ref(), &funding, &config, &strategy);
    desk.run();
    let context = format!("seed {seed}\n{}\n{config:?}", strategy.script());
    let script = Script::compile(&strategy.script()).unwrap_or_else(|error| panic!("{error}\n{context}"));
    let mut inputs = Inputs::new(&bars, &[]).unwrap().with_funding(&funding).unwrap();
    if let Some(fine) = &fine {
        inputs = inputs.with_minutes(fine).unwrap();
    }
    let report =
        run(&script, &[], &inputs, &config, &|| false).unwrap_or_else(|error| panic!("{error}\n{context}"));

    for (got, expected) in report.trades.iter().zip(&desk.done) {
        let same = (got.entry_bar, got.exit_bar, got.reason.as_str(), got.entries)
            == (
                expected.entry_bar,
                expected.exit_bar,
                expected.reason,
                expected.entries,
            )
            && (got.entry_time, got.exit_time) == (expected.entry_time, expected.exit_time)
            && close(got.entry_price, expected.entry_price, 0.0, 1e-12)
            && close(got.exit_price, expected.exit_price, 0.0, 1e-12)
            && close(got.size, expected.size, 0.0, 1e-9)
            && close(
                got.pnl,
                expected.pnl,
                expected.size.abs() * expected.entry_price,
                1e-9,
            );
        assert!(same, "{got:?}\n{expected:?}\n{context}");
        tally.count("exit", expected.reason, 1);
        tally.count("order", expected.order, 1);
        tally.count("side", if expected.size < 0.0 { "short" } else { "long" }, 1);
        tally.count("fills", config.fills.as_str(), 1);
        tally.count("size", config.size.to_string().split(':').next().unwrap(), 1);
        tally.count("entries", expected.entries > 1, 1);
    }
    assert_eq!(report.trades.len(), desk.done.len(), "{context}");
    assert_eq!(report.equity.len(), desk.equity.len());
    for (bar, (got, expected)) in report.equity.iter().zip(&desk.equity).enumerate() {
        assert!(
            close(*got, *expected, config.cash, 1e-9),
            "bar {bar}: {got} {expected} {context}"
        );
    }
    let metrics = &report.metrics;
    assert_eq!(
        (
            metrics.ambiguous_fills,
            metrics.refused_entries,
            metrics.margin_calls
        ),
        (desk.ambiguous, desk.refused, desk.calls),
        "{context}"
    );
    assert!(
        close(metrics.funding_paid, desk.paid_funding, 1.0, 1e-9),
        "{context}"
    );
    tally.count("count", "ambiguous", desk.ambiguous);
    tally.count("count", "refused", desk.refused);
    tally.count("count", "margin calls", desk.calls);
    tally.count("count", "funding", usize::from(desk.paid_funding != 0.0));
}

#[test]
fn both_engines_agree_on_random_strategies_and_markets() {
    let mut tally = Tally::default();
    for seed in 0..CASES {
        check(seed, &mut tally);
    }
    let shown: Vec<String> = tally
        .0
        .iter()
        .map(|(what, times)| format!("{what}: {times}"))
        .collect();
    println!("agreed on {CASES} strategies and markets; {}", shown.join(", "));
    for what in [
        "exit signal",
        "exit sl",
        "exit tp",
        "exit trail",
        "exit liquidation",
        "order market",
        "order limit",
        "order stop",
        "order stop_limit",
        "side long",
        "side short",
        "fills r1",
        "fills minute",
        "size all",
        "size units",
        "size cash",
        "size percent",
        "size risk",
        "size vol",
        "entries true",
        "count ambiguous",
        "count refused",
        "count margin calls",
        "count funding",
    ] {
        let times = tally.0.get(what).copied().unwrap_or_default();
        assert!(times >= 20, "the random strategies hardly meet {what}: {shown:?}");
    }
}
