//! Several symbols on one account: each rule by hand, and a second interpreter on random markets.

use std::collections::BTreeMap;

use promptpal_backtest::{
    BacktestError, Config, Fills, Inputs, Leg, Margin, Report, Script, Sides, Sizing, run, run_rotation,
};
use promptpal_domain::{Bars, ExitReason, Interval};

use crate::market::{Dice, bars, walk};

const BEST: &str = "rotate(close, param(\"hold\", 1), true);";

fn rotation(
    source: &str,
    params: &[(&str, f64)],
    legs: &[(&str, &Bars)],
    config: &Config,
) -> Result<Report, BacktestError> {
    let script = Script::compile(source).unwrap();
    let params: Vec<(String, f64)> = params
        .iter()
        .map(|(name, value)| ((*name).to_owned(), *value))
        .collect();
    let legs: Vec<Leg<'_>> = legs
        .iter()
        .map(|(name, bars)| Leg {
            name: (*name).to_owned(),
            inputs: Inputs::new(bars, &[]).unwrap(),
        })
        .collect();
    run_rotation(&script, &params, &legs, config, &|| false).map(|(report, _)| report)
}

/// Bars that open and close at the prices given.
fn steps(prices: &[(f64, f64)]) -> Bars {
    let rows: Vec<[f64; 4]> = prices
        .iter()
        .map(|&(open, close)| [open, open.max(close), open.min(close), close])
        .collect();
    bars(&rows)
}

fn free() -> Config {
    Config {
        cash: 1_000.0,
        fee: 0.0,
        ..Config::default()
    }
}

/// Symbol, bars of entry and exit, prices of both.
fn told(report: &Report) -> Vec<(&str, usize, usize, f64, f64)> {
    let trades = report.trades.iter();
    trades
        .map(|t| {
            (
                t.symbol.as_deref().unwrap(),
                t.entry_bar,
                t.exit_bar,
                t.entry_price,
                t.exit_price,
            )
        })
        .collect()
}

#[test]
fn the_best_is_held_from_the_next_open_until_another_is_better() {
    let a = steps(&[(10.0, 11.0), (11.0, 12.0), (13.0, 9.0), (8.0, 8.0), (7.0, 7.0)]);
    let b = steps(&[
        (10.0, 10.0),
        (10.0, 10.0),
        (10.0, 10.0),
        (20.0, 22.0),
        (24.0, 30.0),
    ]);
    let report = rotation(BEST, &[], &[("A", &a), ("B", &b)], &free()).unwrap();
    // Decided for A at 11, bought at 11; B is better from the close of bar 2 on.
    assert_eq!(told(&report), [("A", 1, 3, 11.0, 8.0)]);
    let cash = 1_000.0 / 11.0 * 8.0;
    let [open] = report.open_positions.as_slice() else {
        panic!("{:?}", report.open_positions)
    };
    assert_eq!(
        (open.symbol.as_deref(), open.entry_bar, open.entry_price),
        (Some("B"), 3, 20.0)
    );
    let units = cash / 20.0;
    let expected = [
        1_000.0,
        1_000.0 / 11.0 * 12.0,
        1_000.0 / 11.0 * 9.0,
        units * 22.0,
        units * 30.0,
    ];
    for (found, expected) in report.equity.iter().zip(expected) {
        assert!((found - expected).abs() < 1e-9, "{:?}", report.equity);
    }
    assert_eq!(report.symbols, ["A", "B"]);
    assert_eq!(report.trades[0].reason, ExitReason::Signal);
    // The basket: a half in each from the first open on, bought at its second.
    let basket = |bar: usize| f64::midpoint(a.close[bar] / 10.0, b.close[bar] / 10.0);
    let bought = f64::midpoint(a.open[1] / 10.0, b.open[1] / 10.0);
    assert!((report.benchmark.final_equity - 1_000.0 / bought * basket(4)).abs() < 1e-9);
}

#[test]
fn the_equity_is_shared_and_what_stays_is_left_alone() {
    let a = steps(&[(10.0, 10.0), (10.0, 20.0), (20.0, 40.0), (40.0, 40.0)]);
    let b = steps(&[(5.0, 5.0), (5.0, 5.0), (5.0, 1.0), (1.0, 1.0)]);
    let c = steps(&[(4.0, 4.0), (4.0, 4.0), (4.0, 4.0), (4.0, 4.0)]);
    let config = Config { fee: 0.01, ..free() };
    let report = rotation(
        BEST,
        &[("hold", 2.0)],
        &[("A", &a), ("B", &b), ("C", &c)],
        &config,
    )
    .unwrap();
    assert_eq!(told(&report), [("B", 1, 3, 5.0, 1.0)]);
    let half = 500.0 / 1.01;
    let (in_a, in_b) = (half / 10.0, half / 5.0);
    let cash = in_b - in_b * 0.01;
    // A has grown beyond its part: C gets the cash that is left.
    assert!((report.open_positions[0].size - in_a).abs() < 1e-9);
    assert!((report.open_positions[1].size - cash / 1.01 / 4.0).abs() < 1e-9);
    assert!((report.metrics.fees_paid - 0.01 * (2.0 * half + in_b + cash / 1.01)).abs() < 1e-9);
}

#[test]
fn an_order_waits_for_the_symbol_and_keeps_its_place() {
    let a = steps(&[(10.0, 10.0), (10.0, 1.0), (1.0, 1.0), (2.0, 1.0), (1.0, 1.0)]);
    let mut b = steps(&[(5.0, 5.0), (5.0, 5.0), (5.0, 5.0), (6.0, 6.0), (7.0, 7.0)]);
    let remove = |bars: &mut Bars, at: usize| {
        bars.open_time.remove(at);
        for column in [
            &mut bars.open,
            &mut bars.high,
            &mut bars.low,
            &mut bars.close,
            &mut bars.volume,
        ] {
            column.remove(at);
        }
    };
    remove(&mut b, 2);
    // True at the close of bar 1 only, where the basket falls.
    let once = "rotate(close, 1, becomes_true(close < 0.6));";
    // B is better there and has no bar 2: it is bought at bar 3.
    let report = rotation(once, &[], &[("A", &a), ("B", &b)], &free()).unwrap();
    assert_eq!(told(&report), []);
    let [open] = report.open_positions.as_slice() else {
        panic!()
    };
    assert_eq!(
        (open.symbol.as_deref(), open.entry_bar, open.entry_price),
        (Some("B"), 2 + 1, 6.0)
    );
    assert_eq!(report.gaps, 1);

    // What ends is kept with its last close, and takes the place.
    let mut ends = steps(&[(10.0, 10.0), (10.0, 12.0)]);
    ends.open_time.truncate(2);
    let report = rotation(BEST, &[], &[("A", &ends), ("B", &b)], &free()).unwrap();
    let [open] = report.open_positions.as_slice() else {
        panic!()
    };
    assert_eq!((open.symbol.as_deref(), open.mark_price), (Some("A"), 12.0));
    assert_eq!(report.equity.last(), Some(&1_200.0));
    assert!(
        report
            .warnings
            .iter()
            .any(|warning| warning.contains("The bars of A end")),
        "{:?}",
        report.warnings
    );
}

#[test]
fn only_what_is_eligible_is_held_and_ties_go_by_name_order_given() {
    let flat = steps(&[(10.0, 10.0); 4]);
    let falling = steps(&[(9.0, 9.0), (9.0, 8.0), (8.0, 7.0), (7.0, 6.0)]);
    let source = "rotate(close, 1, true, close < 10);";
    let report = rotation(source, &[], &[("A", &flat), ("B", &falling)], &free()).unwrap();
    assert_eq!(report.open_positions[0].symbol.as_deref(), Some("B"));
    let report = rotation(BEST, &[], &[("Z", &flat), ("A", &flat)], &free()).unwrap();
    assert_eq!(report.open_positions[0].symbol.as_deref(), Some("Z"));
}

#[test]
fn filters_refuse_what_is_too_small() {
    let a = steps(&[(10.0, 10.0); 3]);
    let b = steps(&[(5.0, 5.0); 3]);
    let mut config = free();
    config.filters.min_notional = 2_000.0;
    let report = rotation(BEST, &[], &[("A", &a), ("B", &b)], &config).unwrap();
    assert!(report.open_positions.is_empty());
    assert!(report.metrics.refused_entries > 0);
    config.filters.min_notional = 0.0;
    config.filters.lot = 30.0;
    let report = rotation(BEST, &[], &[("A", &a), ("B", &b)], &config).unwrap();
    assert_eq!(report.open_positions[0].size, 90.0);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_reason() {
    let a = steps(&[(10.0, 10.0); 3]);
    let mut days = a.clone();
    days.interval = Interval::Day1;
    let check = |legs: &[(&str, &Bars)], change: fn(&mut Config), expected: &str| {
        let mut config = free();
        change(&mut config);
        let error = rotation(BEST, &[], legs, &config).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    let two: [(&str, &Bars); 2] = [("A", &a), ("B", &a)];
    check(&[("A", &a)], |_| {}, "two symbols or more");
    check(&[("A", &a), ("A", &a)], |_| {}, "given twice");
    check(&[("A", &a), ("B", &days)], |_| {}, "one length");
    check(&two, |c| c.size = Sizing::Percent(50.0), "size is percent:50");
    check(&two, |c| c.side = Sides::Both, "side is both");
    check(&two, |c| c.fills = Fills::Minute, "fills is minute");
    check(
        &two,
        |c| {
            c.margin = Some(Margin {
                leverage: 2.0,
                maintenance: 0.005,
            });
        },
        "leverage is 2",
    );
    let error = rotation("enter_long(close > 1);", &[], &two, &free())
        .unwrap_err()
        .to_string();
    assert!(error.contains("trades one symbol"), "{error}");
    let script = Script::compile(BEST).unwrap();
    assert!(script.rotates());
    let error = run(&script, &[], &Inputs::new(&a, &[]).unwrap(), &free(), &|| false).unwrap_err();
    assert!(error.to_string().contains("name two or more"), "{error}");
    let axes = [promptpal_backtest::Axis::of("hold", vec![1.0, 2.0])];
    let inputs = Inputs::new(&a, &[]).unwrap();
    let pace = promptpal_backtest::Pace {
        threads: 1,
        cancel: &|| false,
        ran: &|| {},
    };
    let error = promptpal_backtest::sweep(&script, &axes, &[], &inputs, &free(), pace)
        .map(|_| ())
        .unwrap_err();
    assert!(
        error.to_string().contains("a sweep runs over one symbol"),
        "{error}"
    );
    for (source, expected) in [
        (
            "rotate(close, 1, true); stop_loss(percent(3));",
            "orders of its own",
        ),
        (
            "rotate(close, 1, true); enter_long(close > 1);",
            "orders of its own",
        ),
        ("rotate(close, 1, true); rotate(close, 1, true);", "called twice"),
        ("rotate(close, 0, true);", "from 1 to 100"),
        ("rotate(close, 1, close);", "a condition is needed"),
        ("rotate(close > 1, 1, true);", "number"),
    ] {
        let error = Script::compile(source).unwrap_err().to_string();
        assert!(error.contains(expected), "{source}: {error}");
    }
}

#[test]
fn the_hash_names_data_names_and_order() {
    let (a, b) = (walk(1, 200), walk(2, 200));
    let hash = |legs: &[(&str, &Bars)]| rotation(BEST, &[], legs, &free()).unwrap().hash;
    let first = hash(&[("A", &a), ("B", &b)]);
    assert_eq!(first, hash(&[("A", &a), ("B", &b)]));
    for other in [
        [("B", &b), ("A", &a)],
        [("A", &a), ("C", &b)],
        [("A", &a), ("B", &a)],
    ] {
        assert_ne!(first, hash(&other));
    }
}

/// A second interpreter: every hour of the calendar in turn, symbols looked up by their time.
fn by_the_hour(
    legs: &[(&str, &Bars)],
    hold: usize,
    every: i64,
    length: usize,
    config: &Config,
) -> (Vec<(String, i64, i64, f64)>, f64) {
    let rows: Vec<BTreeMap<i64, (usize, f64, f64)>> = legs
        .iter()
        .map(|(_, bars)| {
            (0..bars.len())
                .map(|i| (bars.open_time[i], (i, bars.open[i], bars.close[i])))
                .collect()
        })
        .collect();
    let first = rows.iter().filter_map(|rows| rows.keys().next()).min().unwrap();
    let last = rows.iter().filter_map(|rows| rows.keys().last()).max().unwrap();
    let mut cash = config.cash;
    let mut held: BTreeMap<usize, (i64, f64, f64)> = BTreeMap::new();
    let mut mark: BTreeMap<usize, f64> = BTreeMap::new();
    let (mut sell, mut buy): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut trades = Vec::new();
    let mut hour = *first;
    let mut before = None;
    while hour <= *last {
        let here = |leg: usize| rows[leg].get(&hour).copied();
        sell.retain(|&leg| {
            let Some((_, open, _)) = here(leg) else {
                return true;
            };
            let (since, _, units) = held.remove(&leg).unwrap();
            cash += units * open * (1.0 - config.fee);
            trades.push((legs[leg].0.to_owned(), since, hour, open));
            false
        });
        let mut equity = cash;
        for (leg, (_, _, units)) in &held {
            equity += units * here(*leg).map_or_else(|| mark[leg], |row| row.1);
        }
        buy.retain(|&leg| {
            let Some((_, open, _)) = here(leg) else {
                return true;
            };
            if held.len() >= hold {
                return true;
            }
            let amount = (equity / hold as f64).min(cash);
            let units = amount / (open * (1.0 + config.fee));
            if units <= 0.0 {
                return false;
            }
            cash -= units * open * (1.0 + config.fee);
            held.insert(leg, (hour, open, units));
            false
        });
        let present: Vec<usize> = (0..legs.len()).filter(|leg| here(*leg).is_some()).collect();
        for &leg in &present {
            mark.insert(leg, here(leg).unwrap().2);
        }
        let closes_at = hour + 3_600_000;
        let period = closes_at / every;
        let begins = before.is_some_and(|before| before != period);
        if !present.is_empty() {
            before = Some(period);
        }
        if !present.is_empty() && begins {
            let mut scores: Vec<(f64, usize)> = Vec::new();
            for &leg in &present {
                let (at, _, close) = here(leg).unwrap();
                if at >= length {
                    let before = legs[leg].1.close[at - length];
                    if close > before {
                        scores.push((close / before, leg));
                    }
                }
            }
            scores.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            scores.truncate(hold);
            let chosen: Vec<usize> = scores.into_iter().map(|score| score.1).collect();
            sell = held.keys().copied().filter(|leg| !chosen.contains(leg)).collect();
            buy = chosen.into_iter().filter(|leg| !held.contains_key(leg)).collect();
        }
        hour += 3_600_000;
    }
    let worth: f64 = held.iter().map(|(leg, (_, _, units))| units * mark[leg]).sum();
    (trades, cash + worth)
}

#[test]
fn a_second_interpreter_agrees_on_random_markets() {
    let mut traded = 0;
    for seed in 0..200 {
        let mut dice = Dice::new(seed + 4_000);
        let count = 2 + dice.roll(5) as usize;
        let names: Vec<String> = (0..count).map(|leg| format!("S{leg}")).collect();
        let markets: Vec<Bars> = (0..count)
            .map(|leg| {
                let mut bars = walk(seed * 10 + leg as u64, 60 + dice.roll(300) as usize);
                // Listed at different times.
                let later = dice.roll(40) * 3_600_000;
                bars.open_time.iter_mut().for_each(|time| *time += later);
                bars
            })
            .collect();
        let legs: Vec<(&str, &Bars)> = names.iter().map(String::as_str).zip(&markets).collect();
        let (hold, length, hours) = (
            1 + dice.roll(3) as usize,
            1 + dice.roll(20) as usize,
            1 + dice.roll(12),
        );
        let config = Config {
            cash: 10_000.0,
            fee: [0.0, 0.001, 0.01][dice.roll(3) as usize],
            ..Config::default()
        };
        let source = format!(
            "let before = close.ago({length}); rotate(close / before, {hold}, every(\"{hours}h\"), close > before);"
        );
        let report = rotation(&source, &[], &legs, &config).unwrap();
        let (trades, equity) = by_the_hour(&legs, hold, hours * 3_600_000, length, &config);
        let ours: Vec<(String, i64, i64, f64)> = report
            .trades
            .iter()
            .map(|t| {
                (
                    t.symbol.as_deref().unwrap().to_owned(),
                    t.entry_time,
                    t.exit_time,
                    t.exit_price,
                )
            })
            .collect();
        assert_eq!(ours, trades, "seed {seed}: {source}");
        let relative = (report.metrics.final_equity - equity).abs() / equity;
        assert!(
            relative < 1e-9,
            "seed {seed}: {} {equity}",
            report.metrics.final_equity
        );
        traded += trades.len();
    }
    assert!(traded > 2_000, "{traded}");
}

#[test]
fn the_built_in_rotation_trades() {
    let script = promptpal_backtest::builtin("momentum-rotation")
        .unwrap()
        .script()
        .unwrap();
    let markets: Vec<Bars> = (0..5).map(|seed| walk(seed + 70, 3_000)).collect();
    let legs: Vec<Leg<'_>> = markets
        .iter()
        .enumerate()
        .map(|(number, bars)| Leg {
            name: format!("S{number}"),
            inputs: Inputs::new(bars, &[]).unwrap(),
        })
        .collect();
    let (report, _) = run_rotation(
        &script,
        &[("days".to_owned(), 1.0)],
        &legs,
        &Config::default(),
        &|| false,
    )
    .unwrap();
    assert!(report.trades.len() > 50, "{}", report.trades.len());
    let mut names: Vec<&str> = report
        .trades
        .iter()
        .filter_map(|trade| trade.symbol.as_deref())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 5);
    // Never more than three at once.
    let mut changes: Vec<(i64, i32)> = report
        .trades
        .iter()
        .flat_map(|t| [(t.entry_time, 1), (t.exit_time, -1)])
        .collect();
    changes.sort_unstable();
    let mut held = 0;
    assert!(changes.into_iter().all(|(_, change)| {
        held += change;
        held <= 3
    }));
}
