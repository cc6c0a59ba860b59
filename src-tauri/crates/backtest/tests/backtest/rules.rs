//! Hand-made markets, one for each rule of convention R1. The volume column carries the signals as bits.

use promptpal_backtest::{BacktestError, Config, Inputs, Report, Script, Sides, Sizing, run};
use promptpal_domain::Bars;

use crate::market;

const LONG: u32 = 1;
const SELL: u32 = 2;
const SHORT: u32 = 4;
const COVER: u32 = 8;

const SCRIPT: &str = "
enter_long(volume % 2 == 1);
exit_long(volume % 4 >= 2);
enter_short(volume % 8 >= 4);
exit_short(volume >= 8);
";

fn config(side: Sides) -> Config {
    Config {
        cash: 1_000.0,
        fee: 0.0,
        size: Sizing::Units(1.0),
        side,
        ..Config::default()
    }
}

fn bars(rows: &[([f64; 4], u32)]) -> Bars {
    let mut bars = market::bars(&rows.iter().map(|row| row.0).collect::<Vec<_>>());
    bars.volume = rows.iter().map(|row| f64::from(row.1)).collect();
    bars
}

fn report(rows: &[([f64; 4], u32)], stops: &str, config: &Config) -> Report {
    market::backtest(&format!("{SCRIPT}{stops}"), &bars(rows), config)
}

/// Runs and lists the closed trades as (entry bar, exit bar, entry price, exit price, size, reason).
fn check(
    rows: &[([f64; 4], u32)],
    stops: &str,
    side: Sides,
    expected: &[(usize, usize, f64, f64, f64, &str)],
) -> Report {
    let report = report(rows, stops, &config(side));
    let trades: Vec<_> = report
        .trades
        .iter()
        .map(|t| {
            (
                t.entry_bar,
                t.exit_bar,
                t.entry_price,
                t.exit_price,
                t.size,
                t.reason.as_str(),
            )
        })
        .collect();
    assert_eq!(trades, expected);
    assert_eq!(report.equity.len(), rows.len());
    report
}

const FLAT: [f64; 4] = [100.0, 100.0, 100.0, 100.0];

#[test]
fn a_signal_fills_at_the_next_open() {
    let rows = [
        (FLAT, LONG),
        ([101.0, 105.0, 100.0, 104.0], 0),
        ([103.0, 106.0, 102.0, 105.0], SELL),
        ([107.0, 108.0, 106.0, 107.0], 0),
    ];
    let report = check(&rows, "", Sides::Long, &[(1, 3, 101.0, 107.0, 1.0, "signal")]);
    assert_eq!(report.equity, [1_000.0, 1_003.0, 1_004.0, 1_006.0]);
    assert_eq!(report.metrics.exposure_bars, 0.5);
    assert_eq!(
        (report.trades[0].entry_time, report.trades[0].exit_time),
        (1_704_070_800_000, 1_704_078_000_000)
    );
}

#[test]
fn a_signal_on_the_last_bar_never_trades() {
    let report = check(&[(FLAT, 0), (FLAT, LONG)], "", Sides::Long, &[]);
    assert_eq!(report.open_position, None);
    let report = check(&[(FLAT, LONG), (FLAT, 0), (FLAT, SELL)], "", Sides::Long, &[]);
    assert_eq!(report.open_position.unwrap().entry_bar, 1);
}

#[test]
fn a_position_open_at_the_end_is_marked_and_reported_apart() {
    let config = Config {
        fee: 0.01,
        ..config(Sides::Long)
    };
    let report = report(&[(FLAT, LONG), ([100.0, 120.0, 100.0, 110.0], 0)], "", &config);
    let open = report.open_position.unwrap();
    assert_eq!(
        (
            open.entry_bar,
            open.entry_price,
            open.size,
            open.mark_price,
            open.unrealized_pnl
        ),
        (1, 100.0, 1.0, 110.0, 9.0)
    );
    assert_eq!(
        (
            report.trades.len(),
            report.metrics.final_equity,
            report.metrics.win_rate
        ),
        (0, 1_009.0, None)
    );
}

#[test]
fn signals_that_do_not_fit_the_position_are_ignored() {
    let rows = [
        (FLAT, SELL),
        (FLAT, LONG),
        (FLAT, LONG),
        (FLAT, LONG),
        (FLAT, SELL | LONG),
        (FLAT, 0),
        (FLAT, 0),
    ];
    check(&rows, "", Sides::Long, &[(2, 5, 100.0, 100.0, 1.0, "signal")]);
}

#[test]
fn stops_are_watched_from_the_bar_after_the_entry_bar() {
    // The entry bar itself falls through the stop at 97 and reaches the target at 106.
    let crash = [100.0, 110.0, 90.0, 100.0];
    let rows = [
        (FLAT, LONG),
        (crash, 0),
        ([100.0, 101.0, 96.0, 98.0], 0),
        (FLAT, 0),
    ];
    check(
        &rows,
        "stop_loss(percent(3)); take_profit(percent(6));",
        Sides::Long,
        &[(1, 2, 100.0, 97.0, 1.0, "sl")],
    );
}

#[test]
fn with_both_inside_one_bar_the_stop_counts() {
    let rows = [(FLAT, LONG), (FLAT, 0), ([100.0, 110.0, 90.0, 100.0], 0)];
    check(
        &rows,
        "stop_loss(percent(3)); take_profit(percent(6));",
        Sides::Long,
        &[(1, 2, 100.0, 97.0, 1.0, "sl")],
    );
}

#[test]
fn a_gap_fills_at_the_open() {
    let through_stop = [(FLAT, LONG), (FLAT, 0), ([92.0, 95.0, 91.0, 94.0], 0)];
    check(
        &through_stop,
        "stop_loss(percent(3));",
        Sides::Long,
        &[(1, 2, 100.0, 92.0, 1.0, "sl")],
    );
    let through_target = [(FLAT, LONG), (FLAT, 0), ([112.0, 115.0, 111.0, 112.0], 0)];
    check(
        &through_target,
        "take_profit(percent(6));",
        Sides::Long,
        &[(1, 2, 100.0, 112.0, 1.0, "tp")],
    );
}

#[test]
fn the_level_itself_is_reached() {
    let stop = [(FLAT, LONG), (FLAT, 0), ([100.0, 100.0, 97.0, 99.0], 0)];
    check(
        &stop,
        "stop_loss(percent(3));",
        Sides::Long,
        &[(1, 2, 100.0, 97.0, 1.0, "sl")],
    );
    let target = [(FLAT, LONG), (FLAT, 0), ([100.0, 106.0, 100.0, 99.0], 0)];
    check(
        &target,
        "take_profit(percent(6));",
        Sides::Long,
        &[(1, 2, 100.0, 106.0, 1.0, "tp")],
    );
}

#[test]
fn after_a_stop_only_a_new_signal_enters() {
    let fall = [100.0, 100.0, 90.0, 95.0];
    // The signal of the bar before the stop was spent on the position; the stop bar's own close may enter again.
    let rows = [
        (FLAT, LONG),
        (FLAT, LONG),
        (fall, 0),
        (FLAT, 0),
        (FLAT, LONG),
        (FLAT, 0),
        (fall, LONG),
        (FLAT, 0),
    ];
    let report = check(
        &rows,
        "stop_loss(percent(3));",
        Sides::Long,
        &[(1, 2, 100.0, 97.0, 1.0, "sl"), (5, 6, 100.0, 97.0, 1.0, "sl")],
    );
    assert_eq!(report.open_position.unwrap().entry_bar, 7);
}

#[test]
fn an_exit_at_the_open_comes_before_the_stop_of_that_bar() {
    let rows = [(FLAT, LONG), (FLAT, SELL), ([99.0, 99.0, 80.0, 85.0], 0)];
    check(
        &rows,
        "stop_loss(percent(3));",
        Sides::Long,
        &[(1, 2, 100.0, 99.0, 1.0, "signal")],
    );
}

#[test]
fn short_positions_mirror_long_ones() {
    let stops = "stop_loss(percent(3)); take_profit(percent(6));";
    let signal = [(FLAT, SHORT), (FLAT, COVER), ([95.0, 96.0, 94.0, 95.0], 0)];
    let report = check(&signal, "", Sides::Short, &[(1, 2, 100.0, 95.0, -1.0, "signal")]);
    assert_eq!((report.trades[0].pnl, report.trades[0].return_pct), (5.0, 0.05));
    let stop = [(FLAT, SHORT), (FLAT, 0), ([101.0, 104.0, 90.0, 101.0], 0)];
    check(&stop, stops, Sides::Short, &[(1, 2, 100.0, 103.0, -1.0, "sl")]);
    let gap = [(FLAT, SHORT), (FLAT, 0), ([108.0, 109.0, 107.0, 108.0], 0)];
    check(&gap, stops, Sides::Short, &[(1, 2, 100.0, 108.0, -1.0, "sl")]);
    let target = [(FLAT, SHORT), (FLAT, 0), ([96.0, 97.0, 93.0, 95.0], 0)];
    check(&target, stops, Sides::Short, &[(1, 2, 100.0, 94.0, -1.0, "tp")]);
    let gap_target = [(FLAT, SHORT), (FLAT, 0), ([90.0, 91.0, 89.0, 90.0], 0)];
    check(
        &gap_target,
        stops,
        Sides::Short,
        &[(1, 2, 100.0, 90.0, -1.0, "tp")],
    );
}

#[test]
fn trading_both_sides_an_opposite_entry_reverses_at_one_open() {
    let rows = [
        (FLAT, LONG),
        (FLAT, SHORT),
        ([102.0, 103.0, 101.0, 102.0], LONG),
        ([98.0, 99.0, 97.0, 98.0], 0),
    ];
    let report = check(
        &rows,
        "",
        Sides::Both,
        &[
            (1, 2, 100.0, 102.0, 1.0, "signal"),
            (2, 3, 102.0, 98.0, -1.0, "signal"),
        ],
    );
    assert_eq!(report.open_position.unwrap().entry_price, 98.0);
    // Long is preferred where a bar says both.
    let both = [(FLAT, LONG | SHORT), (FLAT, LONG | SHORT), (FLAT, 0)];
    assert_eq!(
        check(&both, "", Sides::Both, &[]).open_position.unwrap().size,
        1.0
    );
}

#[test]
fn entries_of_a_side_that_is_not_traded_are_ignored() {
    let rows = [
        (FLAT, SHORT),
        (FLAT, LONG),
        (FLAT, SHORT),
        (FLAT, SELL),
        (FLAT, 0),
    ];
    check(&rows, "", Sides::Long, &[(2, 4, 100.0, 100.0, 1.0, "signal")]);
    assert_eq!(
        check(&rows, "", Sides::Short, &[])
            .open_position
            .unwrap()
            .entry_bar,
        1
    );
}

#[test]
fn fees_are_paid_on_both_sides() {
    let rows = [(FLAT, LONG), (FLAT, SELL), ([110.0, 110.0, 110.0, 110.0], 0)];
    let all_in = Config {
        fee: 0.01,
        size: Sizing::All,
        ..config(Sides::Long)
    };
    let report = report(&rows, "", &all_in);
    let trade = &report.trades[0];
    assert_eq!(trade.size, 1_000.0 / (100.0 * 1.01));
    assert!((report.metrics.final_equity - trade.size * 110.0 * 0.99).abs() < 1e-9);
    assert!((trade.pnl - (report.metrics.final_equity - 1_000.0)).abs() < 1e-9);
    assert!((report.metrics.fees_paid - trade.size * (1.0 + 1.1)).abs() < 1e-9);
}

#[test]
fn sizes_are_what_they_say() {
    let rows = [(FLAT, LONG), (FLAT, 0)];
    let check = |size: Sizing, fee: f64, units: f64| {
        let report = report(
            &rows,
            "",
            &Config {
                fee,
                size,
                ..config(Sides::Long)
            },
        );
        assert!(
            (report.open_position.unwrap().size - units).abs() < 1e-12,
            "{size}"
        );
    };
    check(Sizing::All, 0.0, 10.0);
    check(Sizing::Units(0.25), 0.01, 0.25);
    check(Sizing::Cash(500.0), 0.25, 4.0);
    check(Sizing::Cash(1_000.0), 0.001, 1_000.0 / 100.1);
    check(Sizing::Percent(50.0), 0.25, 4.0);
    check(Sizing::Percent(100.0), 0.003, 1_000.0 / 100.3);
}

#[test]
fn what_the_cash_does_not_pay_for_is_not_bought() {
    let rows = [(FLAT, LONG), (FLAT, 0)];
    for size in [Sizing::Units(10.1), Sizing::Cash(1_001.0)] {
        for side in [Sides::Long, Sides::Both] {
            let report = report(&rows, "", &Config { size, ..config(side) });
            assert_eq!((report.open_position, report.metrics.refused_entries), (None, 1));
            assert!(
                report
                    .warnings
                    .iter()
                    .any(|warning| warning.contains("cash did not pay"))
            );
        }
    }
}

#[test]
fn spread_and_slippage_worsen_market_and_stop_fills_but_not_targets() {
    // 20 bps of slippage and half of 60 bps: 0.5 %.
    let config = Config {
        slippage_bps: 20.0,
        spread_bps: 60.0,
        ..config(Sides::Both)
    };
    let check = |rows: &[([f64; 4], u32)], stops: &str, entry: f64, exit: f64| {
        let report = report(rows, stops, &config);
        let trade = &report.trades[0];
        assert!(
            (trade.entry_price - entry).abs() < 1e-9 && (trade.exit_price - exit).abs() < 1e-9,
            "{trade:?}"
        );
    };
    check(&[(FLAT, LONG), (FLAT, SELL), (FLAT, 0)], "", 100.5, 99.5);
    check(&[(FLAT, SHORT), (FLAT, COVER), (FLAT, 0)], "", 99.5, 100.5);
    let fall = [100.0, 100.0, 80.0, 90.0];
    check(
        &[(FLAT, LONG), (FLAT, 0), (fall, 0)],
        "stop_loss(percent(10));",
        100.5,
        100.5 * 0.9 * 0.995,
    );
    let rise = [100.0, 120.0, 100.0, 110.0];
    check(
        &[(FLAT, LONG), (FLAT, 0), (rise, 0)],
        "take_profit(percent(10));",
        100.5,
        100.5 * 1.1,
    );
}

#[test]
fn a_missing_value_is_no_signal_not_even_negated() {
    let bars = market::bars(&[[1.0; 4]; 12]);
    let config = config(Sides::Long);
    let first_entry = |source: &str| {
        market::backtest(source, &bars, &config)
            .open_position
            .map(|open| open.entry_bar)
    };
    // sma(close, 5) exists from bar 4; the order fills on bar 5.
    assert_eq!(first_entry("enter_long(close >= sma(close, 5));"), Some(5));
    assert_eq!(first_entry("enter_long(!(close > sma(close, 5)));"), Some(5));
    assert_eq!(first_entry("enter_long(close != sma(close, 5) - 1);"), Some(5));
    assert_eq!(
        first_entry("enter_long((close > sma(close, 5)) | (close > 0));"),
        Some(1)
    );
    assert_eq!(first_entry("enter_long(sentiment(\"6h\") < 2);"), None);
}

#[test]
fn a_tie_is_no_cross_and_the_bar_after_it_may_be() {
    let closes = [1.0, 1.0, 2.0, 2.0, 1.0, 2.0];
    let rows: Vec<[f64; 4]> = closes.iter().map(|c| [*c, 2.0, 1.0, *c]).collect();
    let report = market::backtest(
        "enter_long(crosses_above(close, 1)); exit_long(crosses_below(close, 2));",
        &market::bars(&rows),
        &config(Sides::Long),
    );
    let trades: Vec<_> = report.trades.iter().map(|t| (t.entry_bar, t.exit_bar)).collect();
    assert_eq!(trades, [(3, 5)]);
}

#[test]
fn gaps_are_counted_and_shown_never_filled() {
    let mut bars = market::bars(&[[1.0; 4]; 6]);
    for time in &mut bars.open_time[3..] {
        *time += 7_200_000;
    }
    let report = market::backtest("enter_long(true);", &bars, &config(Sides::Long));
    assert_eq!((report.bars, report.gaps), (6, 1));
    assert!(report.warnings.iter().any(|warning| warning.contains("missing")));
}

#[test]
fn a_cancelled_run_ends_with_an_error() {
    let bars = market::walk(3, 20_000);
    let inputs = Inputs::new(&bars, &[]).unwrap();
    let script = Script::compile("enter_long(true);").unwrap();
    for allowed in [0, 1, 3] {
        let asked = std::cell::Cell::new(0);
        let cancel = || {
            asked.set(asked.get() + 1);
            asked.get() > allowed
        };
        assert_eq!(
            run(&script, &[], &inputs, &Config::default(), &cancel),
            Err(BacktestError::Cancelled)
        );
    }
}

#[test]
fn bars_that_cannot_be_true_are_refused() {
    let check = |change: fn(&mut Bars)| {
        let mut bars = market::bars(&[[1.0; 4]; 3]);
        change(&mut bars);
        assert!(Inputs::new(&bars, &[]).is_err());
    };
    check(|bars| bars.open_time.swap(0, 1));
    check(|bars| bars.close[1] = f64::NAN);
    check(|bars| bars.low[1] = 0.0);
    check(|bars| bars.high[2] = f64::INFINITY);
    check(|bars| bars.volume.truncate(2));
    check(|bars| bars.volume[0] = f64::NAN);
    check(|bars| *bars = Bars::empty(bars.interval, 2, 2));
}
