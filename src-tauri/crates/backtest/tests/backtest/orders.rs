//! Hand-made markets, one for each order and rule beyond convention R1. The volume column carries the signals as bits.

use promptpal_backtest::{
    BacktestError, Config, Filters, FundingRate, Inputs, Margin, Report, Script, Sides, Sizing, run,
};
use promptpal_domain::{Bars, Timestamp};

use crate::market;

pub(crate) const LONG: u32 = 1;
pub(crate) const SELL: u32 = 2;
const SHORT: u32 = 4;

pub(crate) const FLAT: [f64; 4] = [100.0; 4];
const HOUR: i64 = 3_600_000;

/// Conditions that read the signals; an order follows the entries.
pub(crate) fn script(order: &str, more: &str) -> String {
    let order = if order.is_empty() {
        String::new()
    } else {
        format!(", {order}")
    };
    format!(
        "enter_long(volume % 2 == 1{order});\nexit_long(volume % 4 >= 2);\nenter_short(volume % 8 >= 4{order});\n{more}"
    )
}

pub(crate) fn config() -> Config {
    Config {
        cash: 1_000.0,
        fee: 0.0,
        size: Sizing::Units(1.0),
        ..Config::default()
    }
}

pub(crate) fn bars(rows: &[([f64; 4], u32)]) -> Bars {
    let mut bars = market::bars(&rows.iter().map(|row| row.0).collect::<Vec<_>>());
    bars.volume = rows.iter().map(|row| f64::from(row.1)).collect();
    bars
}

pub(crate) fn report(source: &str, rows: &[([f64; 4], u32)], config: &Config) -> Report {
    market::backtest(source, &bars(rows), config)
}

/// Closed trades as (entry bar, exit bar, entry price, exit price, reason).
pub(crate) fn trades(report: &Report) -> Vec<(usize, usize, f64, f64, &str)> {
    let trade = |t: &promptpal_backtest::TradeRecord| {
        (
            t.entry_bar,
            t.exit_bar,
            (t.entry_price * 1e6).round() / 1e6,
            (t.exit_price * 1e6).round() / 1e6,
        )
    };
    report
        .trades
        .iter()
        .map(|t| {
            let (a, b, c, d) = trade(t);
            (a, b, c, d, t.reason.as_str())
        })
        .collect()
}

pub(crate) fn opened(report: &Report) -> Option<(usize, f64)> {
    report
        .open_position
        .as_ref()
        .map(|open| (open.entry_bar, (open.entry_price * 1e6).round() / 1e6))
}

#[test]
fn a_limit_order_waits_for_its_price_and_no_longer_than_it_stands() {
    let dip = [100.0, 101.0, 98.0, 99.0];
    let check = |order: &str, rows: &[([f64; 4], u32)], expected: Option<(usize, f64)>| {
        assert_eq!(
            opened(&report(&script(order, ""), rows, &config())),
            expected,
            "{order}"
        );
    };
    // Reached on the next bar; not reached; reached too late; reached within its life.
    check("limit_order(99)", &[(FLAT, LONG), (dip, 0)], Some((1, 99.0)));
    check("limit_order(97)", &[(FLAT, LONG), (dip, 0)], None);
    check("limit_order(99)", &[(FLAT, LONG), (FLAT, 0), (dip, 0)], None);
    check(
        "limit_order(99, 2)",
        &[(FLAT, LONG), (FLAT, 0), (dip, 0)],
        Some((2, 99.0)),
    );
    // A gap below it fills at the open, which is better.
    check(
        "limit_order(99, 2)",
        &[(FLAT, LONG), (FLAT, 0), ([95.0; 4], 0)],
        Some((2, 95.0)),
    );
    // The signal to leave takes it back.
    check(
        "limit_order(99, 5)",
        &[(FLAT, LONG), (FLAT, SELL), (dip, 0)],
        None,
    );
    // Without a price there is no order.
    check(
        "limit_order(sma(close, 3), 5)",
        &[(FLAT, LONG), (dip, 0), (dip, 0)],
        None,
    );
}

#[test]
fn a_limit_order_that_takes_the_first_open_pays_the_takers_fee_and_no_more_than_its_price() {
    let costs = Config {
        fee: 0.01,
        maker_fee: Some(0.001),
        slippage_bps: 200.0,
        ..config()
    };
    let rows = [(FLAT, LONG), (FLAT, 0)];
    let taken = report(&script("limit_order(101)", ""), &rows, &costs);
    assert_eq!(opened(&taken), Some((1, 101.0)));
    assert!((taken.metrics.fees_paid - 1.01).abs() < 1e-12);
    let waited = report(
        &script("limit_order(99)", ""),
        &[(FLAT, LONG), ([100.0, 100.0, 99.0, 99.0], 0)],
        &costs,
    );
    assert_eq!(opened(&waited), Some((1, 99.0)));
    assert!((waited.metrics.fees_paid - 0.099).abs() < 1e-12);
}

#[test]
fn a_stop_order_enters_a_breakout_at_the_market() {
    let up = [100.0, 104.0, 99.0, 103.0];
    let slip = Config {
        slippage_bps: 100.0,
        ..config()
    };
    let check = |rows: &[([f64; 4], u32)], config: &Config, expected: Option<(usize, f64)>| {
        assert_eq!(
            opened(&report(&script("stop_order(102)", ""), rows, config)),
            expected
        );
    };
    check(&[(FLAT, LONG), (up, 0)], &config(), Some((1, 102.0)));
    check(&[(FLAT, LONG), (up, 0)], &slip, Some((1, 103.02)));
    check(&[(FLAT, LONG), ([105.0; 4], 0)], &config(), Some((1, 105.0)));
    check(&[(FLAT, LONG), (FLAT, 0)], &config(), None);
}

#[test]
fn a_stop_limit_order_is_a_limit_order_once_it_is_triggered() {
    let up = [100.0, 104.0, 99.0, 103.0];
    let check = |order: &str, rows: &[([f64; 4], u32)], expected: Option<(usize, f64)>| {
        assert_eq!(
            opened(&report(&script(order, ""), rows, &config())),
            expected,
            "{order}"
        );
    };
    // The limit is above the trigger: filled there.
    check(
        "stop_limit_order(102, 103)",
        &[(FLAT, LONG), (up, 0)],
        Some((1, 102.0)),
    );
    // The limit is below it: waited for from the next bar on, though the bar itself was there before.
    check("stop_limit_order(102, 100, 3)", &[(FLAT, LONG), (up, 0)], None);
    let back = [103.0, 103.0, 99.0, 101.0];
    check(
        "stop_limit_order(102, 100, 3)",
        &[(FLAT, LONG), (up, 0), (back, 0)],
        Some((2, 100.0)),
    );
    // Opening beyond both triggers it and then waits within the bar.
    check(
        "stop_limit_order(102, 103)",
        &[(FLAT, LONG), ([105.0, 106.0, 102.0, 104.0], 0)],
        Some((1, 103.0)),
    );
}

#[test]
fn a_trailing_stop_follows_the_best_price_of_the_bars_before() {
    let rows = [
        (FLAT, LONG),
        ([100.0, 110.0, 100.0, 110.0], 0),
        // 5 % behind 110 is 104.5; the new high of this bar counts from the next one on.
        ([110.0, 120.0, 105.0, 118.0], 0),
        ([118.0, 119.0, 113.0, 115.0], 0),
    ];
    let ran = report(&script("", "trailing_stop(percent(5));"), &rows, &config());
    assert_eq!(trades(&ran), [(1, 3, 100.0, 114.0, "trail")]);
    // A gap through it fills at the open.
    let gap = [
        (FLAT, LONG),
        ([100.0, 110.0, 100.0, 110.0], 0),
        ([90.0, 95.0, 89.0, 90.0], 0),
    ];
    let ran = report(&script("", "trailing_stop(percent(5));"), &gap, &config());
    assert_eq!(trades(&ran), [(1, 2, 100.0, 90.0, "trail")]);
}

#[test]
fn a_bracket_is_a_stop_and_a_target_and_the_bar_with_both_is_counted() {
    let both = [(FLAT, LONG), (FLAT, 0), ([100.0, 110.0, 90.0, 100.0], 0)];
    let ran = report(&script("", "bracket(percent(3), percent(6));"), &both, &config());
    assert_eq!(trades(&ran), [(1, 2, 100.0, 97.0, "sl")]);
    assert_eq!(ran.metrics.ambiguous_fills, 1);
    // An open beyond the stop leaves nothing open.
    let gap = [(FLAT, LONG), (FLAT, 0), ([90.0, 110.0, 89.0, 100.0], 0)];
    let ran = report(&script("", "bracket(percent(3), distance(6));"), &gap, &config());
    assert_eq!(trades(&ran), [(1, 2, 100.0, 90.0, "sl")]);
    assert_eq!(ran.metrics.ambiguous_fills, 0);
}

#[test]
fn several_entries_are_one_position_at_their_mean_price() {
    let rows = [
        (FLAT, LONG),
        (FLAT, LONG),
        ([110.0; 4], LONG),
        // The stop is 10 % below the mean of 100 and 110.
        ([105.0, 105.0, 94.0, 95.0], 0),
    ];
    let ran = report(
        &script("", "pyramiding(2); stop_loss(percent(10));"),
        &rows,
        &config(),
    );
    assert_eq!(trades(&ran), [(1, 3, 105.0, 94.5, "sl")]);
    assert_eq!((ran.trades[0].entries, ran.trades[0].size), (2, 2.0));
    assert!((ran.trades[0].pnl + 21.0).abs() < 1e-9);
}

#[test]
fn after_an_exit_the_cooldown_holds_entries_back() {
    let rows = [
        (FLAT, LONG),
        (FLAT, SELL),
        (FLAT, LONG),
        (FLAT, LONG),
        (FLAT, LONG),
        (FLAT, 0),
    ];
    let entry = |more: &str| opened(&report(&script("", more), &rows, &config())).map(|open| open.0);
    assert_eq!(entry(""), Some(3));
    assert_eq!(entry("cooldown(1);"), Some(4));
    assert_eq!(entry("cooldown(2);"), Some(5));
}

#[test]
fn sizes_by_risk_and_volatility_are_what_they_say() {
    let rows = [(FLAT, LONG), (FLAT, 0)];
    let size = |size: Sizing, more: &str| {
        let ran = report(&script("", more), &rows, &Config { size, ..config() });
        ran.open_position.map(|open| (open.size * 1e9).round() / 1e9)
    };
    // 2 % of 1,000 is 20; the stop is 5 away.
    assert_eq!(size(Sizing::Risk(2.0), "stop_loss(percent(5));"), Some(4.0));
    assert_eq!(
        size(
            Sizing::Risk(2.0),
            "stop_loss(distance(8)); trailing_stop(percent(4));"
        ),
        Some(5.0)
    );
    // No more than the cash pays for.
    assert_eq!(size(Sizing::Risk(50.0), "stop_loss(percent(1));"), Some(10.0));
    // A part of it.
    assert_eq!(size(Sizing::All, "order_share(0.25);"), Some(2.5));
    let error = run(
        &Script::compile(&script("", "")).unwrap(),
        &[],
        &Inputs::new(&bars(&rows), &[]).unwrap(),
        &Config {
            size: Sizing::Risk(1.0),
            ..config()
        },
        &|| false,
    );
    assert!(matches!(
        error,
        Err(BacktestError::Setting { setting: "size", .. })
    ));

    // Returns of +1 % and -1 % in turn: 30 of them have the deviation sqrt(30/29) %.
    let mut closes = vec![100.0];
    for i in 0..40 {
        let last: f64 = *closes.last().unwrap();
        closes.push(last * if i % 2 == 0 { 1.01 } else { 0.99 });
    }
    let rows: Vec<_> = closes.iter().map(|c| ([*c; 4], LONG)).collect();
    let ran = report(
        &script("", ""),
        &rows,
        &Config {
            size: Sizing::Volatility(20.0),
            ..config()
        },
    );
    let open = ran.open_position.unwrap();
    let volatility = 0.01 * (30.0_f64 / 29.0).sqrt() * (365.0_f64 * 24.0).sqrt();
    assert_eq!(open.entry_bar, 31);
    assert!((open.size / (1_000.0 * 0.2 / (volatility * closes[31])) - 1.0).abs() < 1e-9);
    assert_eq!(ran.metrics.refused_entries, 30);
}

#[test]
fn a_leveraged_position_is_called_and_then_liquidated() {
    let margin = |leverage| Config {
        size: Sizing::All,
        margin: Some(Margin {
            leverage,
            maintenance: 0.01,
        }),
        ..config()
    };
    // 10 times 1,000 at 100 is 100 units. The equity is down to the maintenance margin where 100 p - 9,000 = p.
    let rows = [
        (FLAT, LONG),
        (FLAT, 0),
        ([100.0, 100.0, 91.1, 91.1], 0),
        ([91.1, 92.0, 88.0, 89.0], 0),
    ];
    let ran = report(&script("", ""), &rows, &margin(10.0));
    assert_eq!(trades(&ran), [(1, 3, 100.0, 90.909_091, "liquidation")]);
    assert_eq!((ran.metrics.liquidations, ran.metrics.margin_calls), (1, 1));
    assert!((ran.metrics.final_equity - 90.909_091).abs() < 1e-5);
    // A stop before it comes first.
    let ran = report(&script("", "stop_loss(percent(5));"), &rows, &margin(10.0));
    assert_eq!(trades(&ran), [(1, 2, 100.0, 95.0, "sl")]);
    // The same fall does nothing to an account without credit.
    let ran = report(&script("", ""), &rows, &margin(1.0));
    assert_eq!((trades(&ran), ran.metrics.liquidations), (vec![], 0));
    // Short: 1,000 + 100 * 100 = 100 p + p at 108.91.
    let rise = [(FLAT, SHORT), (FLAT, 0), ([100.0, 112.0, 100.0, 110.0], 0)];
    let short = Config {
        side: Sides::Short,
        ..margin(10.0)
    };
    assert_eq!(
        trades(&report(&script("", ""), &rise, &short)),
        [(1, 2, 100.0, 108.910_891, "liquidation")]
    );
}

#[test]
fn funding_is_paid_by_who_holds_at_its_stamp() {
    let rows = [(FLAT, LONG), (FLAT, 0), ([110.0; 4], 0), (FLAT, SELL), (FLAT, 0)];
    let bars = bars(&rows);
    let paid = |stamp: i64, source: &str, side: Sides| {
        let funding = [FundingRate {
            time: Timestamp::from_millis(bars.open_time[0] + stamp),
            rate: 0.01,
        }];
        let inputs = Inputs::new(&bars, &[]).unwrap().with_funding(&funding).unwrap();
        let script = Script::compile(source).unwrap();
        run(&script, &[], &inputs, &Config { side, ..config() }, &|| false).unwrap()
    };
    let long = |stamp: i64| paid(stamp, &script("", ""), Sides::Long);
    // Bought at the open of bar 1: at that very moment nothing is held yet.
    assert_eq!(long(HOUR).metrics.funding_paid, 0.0);
    assert_eq!(long(HOUR + 1).metrics.funding_paid, 1.0);
    let held = long(2 * HOUR);
    assert_eq!(
        (
            held.metrics.funding_paid,
            held.trades[0].funding,
            held.trades[0].pnl
        ),
        (1.1, 1.1, -1.1)
    );
    assert!((held.metrics.final_equity - 998.9).abs() < 1e-9);
    // Sold at the open of bar 4: at that moment it is still held.
    assert_eq!(long(4 * HOUR).metrics.funding_paid, 1.0);
    assert_eq!(long(4 * HOUR + 1).metrics.funding_paid, 0.0);
    assert_eq!(long(-1).metrics.funding_paid, 0.0);
    let short = paid(2 * HOUR, "enter_short(volume % 2 == 1);", Sides::Short);
    assert_eq!(short.metrics.funding_paid, -1.1);
    assert!((short.metrics.final_equity - 1_001.1).abs() < 1e-9);
}

#[test]
fn the_exchange_takes_whole_ticks_and_lots_and_nothing_too_small() {
    let filters = |tick, lot, min_notional| Config {
        size: Sizing::Cash(250.0),
        filters: Filters {
            tick,
            lot,
            min_notional,
        },
        slippage_bps: 3.0,
        ..config()
    };
    let rows = [(FLAT, LONG), (FLAT, SELL), (FLAT, 0)];
    let ran = report(&script("", ""), &rows, &filters(0.1, 0.5, 0.0));
    // 100.03 is bought at 100.1 and sold at 99.9; 250 buys 2.49 units, in halves 2.
    assert_eq!(trades(&ran), [(1, 2, 100.1, 99.9, "signal")]);
    assert_eq!(ran.trades[0].size, 2.0);
    let ran = report(&script("", ""), &rows, &filters(0.0, 0.0, 251.0));
    assert_eq!((ran.trades.len(), ran.metrics.refused_entries), (0, 1));
    let ran = report(&script("", ""), &rows, &filters(0.0, 3.0, 0.0));
    assert_eq!((ran.trades.len(), ran.metrics.refused_entries), (0, 1));
    // A buyer's limit is rounded down.
    let dip = [(FLAT, LONG), ([100.0, 100.0, 98.0, 99.0], 0)];
    let ran = report(&script("limit_order(99.19)", ""), &dip, &filters(0.5, 0.0, 0.0));
    assert_eq!(opened(&ran), Some((1, 99.0)));
}

#[test]
fn a_large_order_moves_the_price_by_its_part_of_the_volume() {
    // Volume 101 on the bar of the fill: 10.1 units are a tenth, 10 % at 5 bps each.
    let rows = [(FLAT, LONG), (FLAT, 101)];
    let ran = report(
        &script("", ""),
        &rows,
        &Config {
            size: Sizing::Units(10.1),
            cash: 10_000.0,
            impact_bps: 5.0,
            ..config()
        },
    );
    assert_eq!(opened(&ran), Some((1, 100.5)));
}

#[test]
fn what_cannot_be_funding_is_refused() {
    let bars = bars(&[(FLAT, 0), (FLAT, 0)]);
    let at = |time: i64, rate: f64| FundingRate {
        time: Timestamp::from_millis(time),
        rate,
    };
    for wrong in [
        [at(1, 0.0), at(1, 0.0)],
        [at(2, 0.0), at(1, 0.0)],
        [at(1, 0.0), at(2, 1.0)],
        [at(1, f64::NAN), at(2, 0.0)],
    ] {
        let inputs = Inputs::new(&bars, &[]).unwrap().with_funding(&wrong);
        assert!(matches!(inputs, Err(BacktestError::Funding(_))));
    }
}
