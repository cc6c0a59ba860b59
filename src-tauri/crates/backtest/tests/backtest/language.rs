//! What the language promises: parameters, series, news, and shared parts.

use promptpal_backtest::{BacktestError, Config, Inputs, Script, Sizing, run};
use promptpal_domain::{SentimentPoint, Timestamp};

use crate::market::{backtest, bars, walk};

fn compile(source: &str) -> Script {
    Script::compile(source).unwrap_or_else(|error| panic!("{error}\n{source}"))
}

#[test]
fn a_script_describes_itself() {
    let script = compile(
        "//! # My rule\n//! Does this.\n//!\n//! And that.\n\
         let fast = param(\"fast\", 10, #{min: 2, max: 60, step: 1, about: \"Fast average\", unit: \"bars\"});\n\
         let part = param(\"part\", -0.5);\n\
         enter_long(close > sma(close, fast) * (1.0 + part));",
    );
    assert_eq!(
        (script.name(), script.about()),
        ("My rule", "Does this.\n\nAnd that.")
    );
    let [fast, part] = script.params() else {
        panic!("{:?}", script.params())
    };
    assert_eq!(
        (fast.name.as_str(), fast.default, fast.min, fast.max, fast.step),
        ("fast", 10.0, 2.0, 60.0, 1.0)
    );
    assert_eq!(
        (fast.about.as_str(), fast.unit.as_str(), fast.integer),
        ("Fast average", "bars", true)
    );
    assert_eq!(
        (part.default, part.integer, part.min < -0.5, part.max > -0.5),
        (-0.5, false, true, true)
    );
    let named = compile("strategy(\"Other\", \"By call.\"); enter_long(true);");
    assert_eq!((named.name(), named.about()), ("Other", "By call."));
    assert_eq!(compile("enter_long(true);").name(), "Unnamed strategy");
}

#[test]
fn parameters_are_checked_by_name_and_bounds() {
    let script = compile("let n = param(\"n\", 5, #{min: 2, max: 9}); enter_long(close > sma(close, n));");
    let resolve = |given: &[(&str, f64)]| {
        script.resolve(
            &given
                .iter()
                .map(|(name, value)| ((*name).to_owned(), *value))
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(resolve(&[]).unwrap(), [("n".to_owned(), 5.0)]);
    assert_eq!(resolve(&[("n", 7.0)]).unwrap(), [("n".to_owned(), 7.0)]);
    assert!(matches!(resolve(&[("m", 7.0)]), Err(BacktestError::UnknownParam { known, .. }) if known == "n"));
    assert!(matches!(
        resolve(&[("n", 10.0)]),
        Err(BacktestError::ParamOutOfBounds { .. })
    ));
    assert!(matches!(
        resolve(&[("n", f64::NAN)]),
        Err(BacktestError::ParamOutOfBounds { .. })
    ));
    let bars = walk(1, 50);
    let run = run(
        &script,
        &[("n".to_owned(), 2.5)],
        &Inputs::new(&bars, &[]).unwrap(),
        &Config::default(),
        &|| false,
    );
    assert!(matches!(run, Err(BacktestError::WholeParam { .. })), "{run:?}");
}

/// Where a condition holds, as a row of x and dots: the position tells it one bar later.
fn holds(condition: &str, closes: &[f64]) -> String {
    let rows: Vec<[f64; 4]> = closes
        .iter()
        .chain([&1.0])
        .map(|close| [*close, 99.0, 0.5, *close])
        .collect();
    let config = Config {
        size: Sizing::Units(1.0),
        fee: 0.0,
        ..Config::default()
    };
    let report = backtest(
        &format!("let c = {condition}; enter_long(c); exit_long(!c);"),
        &bars(&rows),
        &config,
    );
    let mut row = vec!['.'; rows.len()];
    for trade in &report.trades {
        row[trade.entry_bar..trade.exit_bar].fill('x');
    }
    if let Some(open) = report.open_position {
        row[open.entry_bar..].fill('x');
    }
    row[1..].iter().collect()
}

#[test]
fn series_compute_as_written() {
    let closes = [1.0, 2.0, 3.0, 2.0, 1.0, 4.0];
    for (condition, expected) in [
        ("close > 2", "..x..x"),
        ("close >= 2", ".xxx.x"),
        ("close < 2", "x...x."),
        ("2 < close", "..x..x"),
        ("close == 2", ".x.x.."),
        ("close != 2", "x.x.xx"),
        ("close + 1 > 3", "..x..x"),
        ("1 + close > 3", "..x..x"),
        ("-close < -2", "..x..x"),
        ("close * 2 - 1 == 3.0", ".x.x.."),
        ("close / 2 > 1", "..x..x"),
        ("close ** 2 > 8", "..x..x"),
        ("close % 2 == 1", "x.x.x."),
        ("close > close.ago(1)", ".xx..x"),
        ("(close > 2).ago(1)", "...x.."),
        ("close.ago(0) > 2", "..x..x"),
        ("crosses_above(close, 2)", "..x..x"),
        ("crosses_below(close, 2)", "....x."),
        ("becomes_true(close == 2)", ".x.x.."),
        ("highest(close, 3) == 3", "..xxx."),
        ("sum(close, 2) > 4", "..xx.x"),
        ("max(close, 2) == 2", "xx.xx."),
        ("min(close, 2) == 2", ".xxx.x"),
        ("abs(close - 2) == 1", "x.x.x."),
        ("sqrt(close) > 1.5", "..x..x"),
        ("exp(ln(close)) > 3.9", ".....x"),
        ("choose(close > 2, 10, close) == 10", "..x..x"),
        ("(close > 1) & (close < 3)", ".x.x.."),
        ("(close == 1) | (close == 4)", "x...xx"),
        ("(close > 1) & true", ".xxx.x"),
        ("!(close > 1)", "x...x."),
        ("close > 1 & close < 3", ".x.x.."),
    ] {
        assert_eq!(holds(condition, &closes), expected, "{condition}");
    }
}

#[test]
fn plain_values_work_as_everywhere() {
    let script = compile(
        "fn twice(n) { n * 2 }\nlet n = param(\"n\", 3);\nlet stop = 0.0;\n\
         if n > 2 && n != 4 || \"a\" == \"b\" { stop = 5; }\nlet total = 0;\nfor i in 0..n { total += i; }\n\
         if stop > 0 { stop_loss(percent(stop)); }\nenter_long(close > sma(close, twice(n) + total));",
    );
    assert_eq!(script.params().len(), 1);
}

#[test]
fn news_counts_from_the_close_of_the_bar_it_was_known_in() {
    let bars = bars(&[[1.0; 4]; 6]);
    let bar = |index: usize, ms: i64| Timestamp::from_millis(bars.open_time[index] + ms);
    let point = |available_at, score| SentimentPoint {
        available_at,
        score,
        weight: 1.0,
    };
    let entered = |points: &[SentimentPoint]| {
        let script = compile("enter_long(sentiment(\"2h\") > 0.5); exit_long(sentiment_count(\"2h\") == 0);");
        let report = run(
            &script,
            &[],
            &Inputs::new(&bars, points).unwrap(),
            &Config::default(),
            &|| false,
        )
        .unwrap();
        let open = report.open_position.map(|open| open.entry_bar);
        (
            report
                .trades
                .first()
                .map(|trade| (trade.entry_bar, trade.exit_bar)),
            open,
        )
    };
    // Known in the last millisecond of bar 1: decided at its close, bought at the open of bar 2.
    assert_eq!(entered(&[point(bar(1, 3_599_999), 0.9)]), (Some((2, 4)), None));
    // Known when bar 2 opens: its close decides.
    assert_eq!(entered(&[point(bar(2, 0), 0.9)]), (Some((3, 5)), None));
    assert_eq!(entered(&[point(bar(1, 0), 0.2)]), (None, None));
    assert_eq!(entered(&[]), (None, None));
    let unordered = [point(bar(2, 0), 0.9), point(bar(1, 0), 0.9)];
    assert!(Inputs::new(&bars, &unordered).is_err());
}

#[test]
fn many_columns_do_not_fill_the_memory() {
    // Each column is let go after its last reader; 900 of them over these bars at once would be 1.4 GB.
    let bars = walk(5, 200_000);
    let source = "let s = close; for i in 1..300 { s = s + sma(close, i + 1); } enter_long(s > 0);";
    assert_eq!(backtest(source, &bars, &Config::default()).bars, 200_000);
}
