//! Longer bars in a script: the values of those that have closed, and never of one that still forms.

use promptpal_backtest::{BacktestError, Config, Inputs, Script, run};
use promptpal_domain::{Bars, Interval, Timestamp};

use crate::market::{backtest, walk};

const HOUR: i64 = 3_600_000;

/// Open, high, low and close of the longer bars that have closed when a tested bar closes, worked out from nothing but the
/// tested bars up to it.
fn closed_by(tested: &Bars, bar: usize, interval: Interval) -> Vec<[f64; 4]> {
    let now = tested.open_time[bar] + HOUR;
    let mut longer: Vec<(i64, [f64; 4])> = Vec::new();
    for at in 0..=bar {
        let begin = interval
            .floor(Timestamp::from_millis(tested.open_time[at]))
            .millis();
        let [open, high, low, close] =
            [&tested.open, &tested.high, &tested.low, &tested.close].map(|c| c[at]);
        let none = longer.is_empty();
        match longer.last_mut().filter(|(known, _)| *known == begin) {
            Some((_, bar)) => *bar = [bar[0], bar[1].max(high), bar[2].min(low), close],
            // The first may have begun before the first tested bar.
            None if none && begin != tested.open_time[at] => {}
            None => longer.push((begin, [open, high, low, close])),
        }
    }
    let over = |begin: i64| interval.next(Timestamp::from_millis(begin)).millis() <= now;
    longer
        .into_iter()
        .filter(|(begin, _)| over(*begin))
        .map(|(_, bar)| bar)
        .collect()
}

#[test]
fn a_script_sees_longer_bars_when_they_have_closed() {
    let script = "let day = timeframe(\"4h\");\n\
                  let mean = sma(day.close, 3);\n\
                  enter_long(close > mean & day.close > day.open.ago(1));\n\
                  exit_long(crosses_below(day.close, mean) | close < lowest(day.low, 5));";
    let (mut trades, mut exits) = (0, 0);
    for seed in 0..12 {
        let tested = walk(seed, 500);
        let mean = |known: &[[f64; 4]]| match known {
            [.., a, b, c] => (a[3] + b[3] + c[3]) / 3.0,
            _ => f64::NAN,
        };
        let below = |known: &[[f64; 4]]| match known.last() {
            Some(last) if last[3] < mean(known) => Some(true),
            Some(last) if last[3] >= mean(known) => Some(false),
            _ => None,
        };
        let (mut held, mut expected) = (None, Vec::new());
        let mut before = None;
        for bar in 0..tested.len() - 1 {
            let known = closed_by(&tested, bar, Interval::Hour4);
            let close = tested.close[bar];
            let enter = match known.as_slice() {
                [.., earlier, last] => close > mean(&known) && last[3] > earlier[0],
                _ => false,
            };
            let now = below(&known);
            let crossed = before == Some(false) && now == Some(true);
            before = now;
            let lowest = known
                .iter()
                .rev()
                .take(5)
                .map(|bar| bar[2])
                .fold(f64::INFINITY, f64::min);
            let exit = crossed || (known.len() >= 5 && close < lowest);
            match held {
                None if enter => held = Some(bar + 1),
                Some(entry) if exit => {
                    expected.push((entry, bar + 1));
                    held = None;
                }
                _ => {}
            }
            exits += usize::from(exit);
        }
        let report = backtest(script, &tested, &Config::default());
        let got: Vec<(usize, usize)> = report.trades.iter().map(|t| (t.entry_bar, t.exit_bar)).collect();
        assert_eq!(got, expected, "seed {seed}");
        trades += got.len();
    }
    assert!(trades > 100 && exits > 100, "{trades} trades, {exits} exits");
}

#[test]
fn what_comes_later_changes_nothing() {
    let script = "let week = timeframe(\"1d\"); let range = atr(week, 3);\n\
                  enter_long(close > week.high.ago(1) - range); exit_long(close < week.low + range * 0.1);";
    let whole = walk(5, 900);
    let all = backtest(script, &whole, &Config::default()).trades;
    assert!(all.len() > 10, "{}", all.len());
    for len in (100..900).step_by(37) {
        let mut part = whole.clone();
        for column in [
            &mut part.open,
            &mut part.high,
            &mut part.low,
            &mut part.close,
            &mut part.volume,
        ] {
            column.truncate(len);
        }
        part.open_time.truncate(len);
        let report = backtest(script, &part, &Config::default());
        let known: Vec<_> = all.iter().filter(|trade| trade.exit_bar < len).cloned().collect();
        assert_eq!(report.trades, known, "{len} bars");
    }
}

#[test]
fn longer_bars_mix_with_tested_ones_and_with_each_other() {
    let tested = walk(3, 600);
    let config = Config::default();
    let same = |a: &str, b: &str| {
        let (a, b) = (backtest(a, &tested, &config), backtest(b, &tested, &config));
        assert!(!a.trades.is_empty());
        assert_eq!(a.trades, b.trades);
    };
    // The bars' own length is every bar; a difference is taken where both are known.
    same(
        "enter_long(timeframe(\"1h\").close > sma(timeframe(\"1h\").close, 5)); exit_long(close < sma(close, 5));",
        "enter_long(close > sma(close, 5)); exit_long(close < sma(close, 5));",
    );
    same(
        "let a = timeframe(\"4h\").close; let b = timeframe(\"12h\").close;\n\
         enter_long(a - b > 0.5); exit_long(a - b < -0.5); stop_loss(distance(timeframe(\"4h\").high - timeframe(\"4h\").low + 1.0));",
        "let a = choose(true, timeframe(\"4h\").close, 0); let b = choose(true, timeframe(\"12h\").close, 0);\n\
         let high = choose(true, timeframe(\"4h\").high, 0); let low = choose(true, timeframe(\"4h\").low, 0);\n\
         enter_long(a > b + 0.5); exit_long(a < b - 0.5); stop_loss(distance(high - low + 1.0));",
    );
}

#[test]
fn what_cannot_be_made_is_said() {
    let tested = walk(1, 50);
    let fails = |source: &str| {
        let script = Script::compile(source).unwrap();
        run(
            &script,
            &[],
            &Inputs::new(&tested, &[]).unwrap(),
            &Config::default(),
            &|| false,
        )
        .unwrap_err()
    };
    let error = fails("enter_long(close > timeframe(\"5m\").close);");
    assert!(matches!(error, BacktestError::Timeframe { .. }), "{error}");
    assert!(
        error.to_string().contains("5m") && error.to_string().contains("1h"),
        "{error}"
    );
    let wrong = |source: &str| Script::compile(source).unwrap_err().message;
    assert!(wrong("enter_long(close > timeframe(\"7m\").close);").contains("no length of a bar"));
    assert!(wrong("enter_long(close > timeframe(\"4h\"));").contains("a timeframe"));
    let many = "let x = close; for i in [\"1h\",\"2h\",\"4h\",\"6h\",\"8h\",\"12h\",\"1d\",\"3d\",\"1w\"] { x = x + timeframe(i).close; } enter_long(x > 0);";
    assert!(wrong(many).contains("no more than 8 timeframes"));
}
