//! What finer bars decide: the order of prices within a bar, and what is left open without them.

use promptpal_backtest::{BacktestError, Config, Fills, Inputs, Report, Script, Sides, Sizing, run};
use promptpal_domain::{Bars, Interval};

use crate::market;
use crate::orders::{FLAT, LONG, bars, config, report, script, trades};

const HOUR: i64 = 3_600_000;

/// Hourly bars over quarters of an hour, and those quarters.
fn quarters(rows: &[([f64; 4], u32)], quarters: &[&[[f64; 4]]]) -> (Bars, Bars) {
    let bars = bars(rows);
    let mut fine = Bars::empty(Interval::Minute15, 2, 0);
    for (bar, quarters) in quarters.iter().enumerate() {
        for (i, [open, high, low, close]) in quarters.iter().enumerate() {
            fine.open_time.push(bars.open_time[bar] + i as i64 * HOUR / 4);
            fine.open.push(*open);
            fine.high.push(*high);
            fine.low.push(*low);
            fine.close.push(*close);
            fine.volume.push(1.0);
        }
    }
    (bars, fine)
}

fn fine_report(source: &str, (bars, fine): &(Bars, Bars)) -> Report {
    let inputs = Inputs::new(bars, &[]).unwrap().with_minutes(fine).unwrap();
    let config = Config {
        fills: Fills::Minute,
        ..config()
    };
    run(&Script::compile(source).unwrap(), &[], &inputs, &config, &|| {
        false
    })
    .unwrap()
}

const CRASH: [f64; 4] = [100.0, 110.0, 90.0, 100.0];

#[test]
fn minutes_tell_which_of_two_prices_came_first() {
    let bracket = script("", "bracket(percent(3), percent(6));");
    let calm: &[[f64; 4]] = &[FLAT];
    let check = |last: &[[f64; 4]], expected: (f64, &str), ambiguous: usize| {
        let market = quarters(&[(FLAT, LONG), (FLAT, 0), (CRASH, 0)], &[calm, calm, last]);
        let ran = fine_report(&bracket, &market);
        assert_eq!(trades(&ran), [(1, 2, 100.0, expected.0, expected.1)], "{last:?}");
        assert_eq!(ran.metrics.ambiguous_fills, ambiguous);
        assert_eq!((ran.fills.as_str(), ran.fine_share), ("minute", Some(1.0)));
    };
    let (up, down) = ([100.0, 110.0, 100.0, 101.0], [101.0, 101.0, 90.0, 100.0]);
    check(&[FLAT, up, down], (106.0, "tp"), 0);
    check(&[FLAT, down, up], (97.0, "sl"), 0);
    // What one of them cannot decide is the stop.
    check(&[FLAT, CRASH], (97.0, "sl"), 1);
    // An open beyond the target decides, whatever comes after it.
    check(&[FLAT, [108.0, 110.0, 90.0, 100.0]], (108.0, "tp"), 0);
}

#[test]
fn on_minutes_the_entry_bar_counts_from_the_fill_on() {
    let calm: &[[f64; 4]] = &[FLAT];
    let stop = script("", "stop_loss(percent(3));");
    let market = quarters(
        &[(FLAT, LONG), (CRASH, 0)],
        &[calm, &[FLAT, [100.0, 110.0, 90.0, 100.0]]],
    );
    let ran = fine_report(&stop, &market);
    assert_eq!(trades(&ran), [(1, 1, 100.0, 97.0, "sl")]);
    let trade = &ran.trades[0];
    let hour = market.0.open_time[1];
    assert_eq!((trade.entry_time, trade.exit_time), (hour, hour + HOUR / 4));
    // By R1 the entry bar is not watched.
    assert_eq!(
        report(&stop, &[(FLAT, LONG), (CRASH, 0)], &config()).trades.len(),
        0
    );

    // A fall before the entry does nothing; after it, it does.
    let limit = script("limit_order(99)", "stop_loss(percent(3));");
    let dip = [100.0, 101.0, 98.0, 100.0];
    let rows = [(FLAT, LONG), ([100.0, 105.0, 95.0, 100.0], 0)];
    let before = quarters(&rows, &[calm, &[[98.0, 105.0, 95.0, 100.0], FLAT]]);
    let ran = fine_report(&script("stop_order(102)", "stop_loss(percent(3));"), &before);
    // One quarter holds the fall and the rise to the entry: the worse is taken, and counted.
    assert_eq!(trades(&ran), [(1, 1, 102.0, 98.94, "sl")]);
    assert_eq!(ran.metrics.ambiguous_fills, 1);
    let after = quarters(&rows, &[calm, &[dip, [100.0, 105.0, 95.0, 100.0]]]);
    assert_eq!(trades(&fine_report(&limit, &after)), [(1, 1, 99.0, 96.03, "sl")]);
}

#[test]
fn where_minutes_are_missing_the_bars_decide() {
    let calm: &[[f64; 4]] = &[FLAT];
    let bracket = script("", "bracket(percent(3), percent(6));");
    let rows = [(FLAT, LONG), (FLAT, 0), (CRASH, 0), (FLAT, 0)];
    // The quarter with the low is missing: trusting the rest would overlook the stop.
    let market = quarters(&rows, &[calm, calm, &[FLAT, [100.0, 110.0, 100.0, 101.0]], &[]]);
    let ran = fine_report(&bracket, &market);
    assert_eq!(trades(&ran), [(1, 2, 100.0, 97.0, "sl")]);
    assert_eq!((ran.fine_share, ran.metrics.ambiguous_fills), (Some(0.5), 1));
    assert!(ran.warnings.iter().any(|warning| warning.contains("50.0 %")));

    let (bars, _) = market;
    let inputs = Inputs::new(&bars, &[]).unwrap();
    let config = Config {
        fills: Fills::Minute,
        ..config()
    };
    let script = Script::compile(&bracket).unwrap();
    assert_eq!(
        run(&script, &[], &inputs, &config, &|| false),
        Err(BacktestError::NoFinerBars)
    );
    let same = Inputs::new(&bars, &[]).unwrap().with_minutes(&bars);
    assert!(matches!(same, Err(BacktestError::Bars(_))));
}

#[test]
fn on_minutes_the_same_inputs_give_the_same_bytes_on_any_thread() {
    let json = || {
        let (all, kept) = market::quarters(5, 4_000);
        let bars = market::resampled(&all);
        let inputs = Inputs::new(&bars, &[]).unwrap().with_minutes(&kept).unwrap();
        let source = "
            enter_long(crosses_above(close, sma(close, 9)), limit_order(close * 0.999, 3));
            enter_short(crosses_below(close, sma(close, 9)), stop_order(close * 0.999, 3));
            bracket(distance(atr(14)), percent(1)); trailing_stop(percent(2)); pyramiding(3);";
        let config = Config {
            fills: Fills::Minute,
            side: Sides::Both,
            size: Sizing::Risk(1.0),
            ..Config::default()
        };
        let report = run(&Script::compile(source).unwrap(), &[], &inputs, &config, &|| {
            false
        })
        .unwrap();
        assert!(report.trades.len() > 50, "{}", report.trades.len());
        serde_json::to_string(&report).unwrap()
    };
    let first = json();
    assert_eq!(json(), first);
    let others: Vec<_> = (0..2).map(|_| std::thread::spawn(json)).collect();
    for other in others {
        assert_eq!(other.join().unwrap(), first);
    }
}
