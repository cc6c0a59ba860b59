//! Reference cases: a strategy, its data, and what other engines agree on.

use promptpal_domain::Bars;
use serde::Deserialize;
use serde_json::Value;

use super::{CaseResult, LIMIT, PRICE_LIMIT, difference};
use crate::{BacktestError, Config, Inputs, Report, Script, Sides, Sizing, run};

/// Metrics smaller than this are compared absolutely.
const FLOOR: f64 = 1e-6;

#[derive(Deserialize)]
struct File {
    case: Case,
    rows: Option<usize>,
    oracle: Oracle,
}

#[derive(Deserialize)]
struct Case {
    id: String,
    data: String,
    kind: String,
    fast: Option<u32>,
    slow: Option<u32>,
    n: Option<u32>,
    m: Option<u32>,
    k: Option<f64>,
    signal: Option<u32>,
    lo: Option<f64>,
    hi: Option<f64>,
    fee: f64,
    cash: f64,
    size: Value,
    #[serde(default)]
    short: bool,
    sl: Option<f64>,
    tp: Option<f64>,
    ann: Option<f64>,
}

#[derive(Deserialize)]
struct Oracle {
    metrics: serde_json::Map<String, Value>,
    open_position: Option<Open>,
    equity_samples: Samples,
    trades: Vec<ExpectedTrade>,
}

#[derive(Deserialize)]
struct Open {
    entry_bar: usize,
    entry_price: f64,
    size: f64,
}

#[derive(Deserialize)]
struct Samples {
    bars: Vec<usize>,
    equity: Vec<f64>,
}

#[derive(Deserialize)]
struct ExpectedTrade {
    entry_bar: usize,
    exit_bar: usize,
    entry_price: f64,
    exit_price: f64,
    size: f64,
    pnl: f64,
    return_pct: f64,
    reason: String,
}

fn read(case_json: &str) -> Result<File, BacktestError> {
    // Python writes NaN and Infinity, which are no JSON.
    serde_json::from_str(&without_nan(case_json)).map_err(|error| BacktestError::Reference(error.to_string()))
}

/// Replaces `NaN`, `Infinity` and `-Infinity` outside of strings by `null`.
fn without_nan(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut rest, mut quoted) = (json, false);
    while let Some(letter) = rest.chars().next() {
        let word = ["NaN", "-Infinity", "Infinity"]
            .into_iter()
            .find(|word| !quoted && rest.starts_with(word));
        let taken = if let Some(word) = word {
            out.push_str("null");
            word.len()
        } else if quoted && letter == '\\' {
            let escaped = letter.len_utf8() + rest.chars().nth(1).map_or(0, char::len_utf8);
            out.push_str(rest.get(..escaped).unwrap_or_default());
            escaped
        } else {
            quoted ^= letter == '"';
            out.push(letter);
            letter.len_utf8()
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    out
}

/// The candle file a case runs on, relative to the data folder.
///
/// # Errors
/// [`BacktestError::Reference`] when the file is no case.
pub fn case_data_path(case_json: &str) -> Result<String, BacktestError> {
    Ok(read(case_json)?.case.data)
}

/// Runs a case on its bars and compares everything with what the reference holds.
///
/// # Errors
/// [`BacktestError::Reference`] when the file is no case or of an unknown kind; the engine's own errors.
pub fn check_case(case_json: &str, bars: &Bars) -> Result<CaseResult, BacktestError> {
    let File { case, rows, oracle } = read(case_json)?;
    let script = Script::compile(&script(&case)?)?;
    let size = match &case.size {
        Value::Number(number) => Sizing::Units(number.as_f64().unwrap_or_default()),
        Value::String(text) => text.parse()?,
        other => {
            return Err(BacktestError::Reference(format!(
                "size {other} is neither a number nor a text"
            )));
        }
    };
    let config = Config {
        cash: case.cash,
        fee: case.fee,
        size,
        side: if case.short { Sides::Both } else { Sides::Long },
        days_per_year: case.ann.unwrap_or(365.0),
        ..Config::default()
    };
    let report = run(&script, &[], &Inputs::new(bars, &[])?, &config, &|| false)?;
    let mut result = CaseResult {
        id: case.id,
        passed: false,
        trades: report.trades.len(),
        expected_trades: oracle.trades.len(),
        final_equity: report.metrics.final_equity,
        price_difference: 0.0,
        equity_difference: 0.0,
        metric_difference: (String::new(), 0.0),
        failure: rows
            .filter(|rows| *rows != bars.len())
            .map(|rows| format!("the reference has {rows} bars, the data {}", bars.len())),
    };
    compare_trades(&mut result, &report, &oracle);
    compare_equity(&mut result, &report, &oracle.equity_samples);
    compare_metrics(&mut result, &report, &oracle);
    result.passed = result.failure.is_none();
    Ok(result)
}

/// The case as a script of our language. The reference enters and leaves by the same signals on both sides.
fn script(case: &Case) -> Result<String, BacktestError> {
    let missing = |name: &str| BacktestError::Reference(format!("case {} lacks {name}", case.id));
    let whole = |value: Option<u32>, name: &str| value.ok_or_else(|| missing(name));
    let (enter, leave) = match case.kind.as_str() {
        kind @ ("sma" | "ema") => {
            let (fast, slow) = (whole(case.fast, "fast")?, whole(case.slow, "slow")?);
            let pair = format!("{kind}(close, {fast}), {kind}(close, {slow})");
            (
                format!("crosses_above({pair})"),
                Some(format!("crosses_below({pair})")),
            )
        }
        "rsi" => {
            let (n, low) = (whole(case.n, "n")?, case.lo.ok_or_else(|| missing("lo"))?);
            let leave = case
                .hi
                .map(|high| format!("crosses_above(rsi(close, {n}), {high:?})"));
            (format!("crosses_below(rsi(close, {n}), {low:?})"), leave)
        }
        "macd" => {
            let (fast, slow, signal) = (
                case.fast.unwrap_or(12),
                case.slow.unwrap_or(26),
                case.signal.unwrap_or(9),
            );
            let lines = format!("macd(close, {fast}, {slow}, {signal})");
            let pair = format!("{lines}.macd, {lines}.signal");
            (
                format!("crosses_above({pair})"),
                Some(format!("crosses_below({pair})")),
            )
        }
        "bb" => {
            let (n, k) = (whole(case.n, "n")?, case.k.ok_or_else(|| missing("k"))?);
            let bands = format!("bollinger(close, {n}, {k:?})");
            (
                format!("crosses_below(close, {bands}.lower)"),
                Some(format!("crosses_above(close, {bands}.mid)")),
            )
        }
        "donch" => {
            let (n, m) = (whole(case.n, "n")?, whole(case.m, "m")?);
            (
                format!("close > highest(high, {n}).ago(1)"),
                Some(format!("close < lowest(low, {m}).ago(1)")),
            )
        }
        other => return Err(BacktestError::Reference(format!("kind '{other}' is not known"))),
    };
    let mut script = format!("enter_long({enter});\n");
    if let Some(leave) = leave {
        if case.short {
            script += &format!("enter_short({leave});\n");
        } else {
            script += &format!("exit_long({leave});\n");
        }
    }
    for (call, part) in [("stop_loss", case.sl), ("take_profit", case.tp)] {
        if let Some(part) = part {
            script += &format!("{call}(part({part:?}));\n");
        }
    }
    Ok(script)
}

fn fail(result: &mut CaseResult, message: impl FnOnce() -> String) {
    result.failure.get_or_insert_with(message);
}

fn compare_trades(result: &mut CaseResult, report: &Report, oracle: &Oracle) {
    for (at, (got, expected)) in report.trades.iter().zip(&oracle.trades).enumerate() {
        if (got.entry_bar, got.exit_bar, got.reason.as_str())
            != (expected.entry_bar, expected.exit_bar, &expected.reason)
        {
            return fail(result, || {
                format!(
                    "trade {at}: bars {} to {} ({}) where the reference has {} to {} ({})",
                    got.entry_bar,
                    got.exit_bar,
                    got.reason.as_str(),
                    expected.entry_bar,
                    expected.exit_bar,
                    expected.reason
                )
            });
        }
        for (got, expected) in [
            (got.entry_price, expected.entry_price),
            (got.exit_price, expected.exit_price),
        ] {
            let differs = difference(got, expected, 0.0);
            result.price_difference = result.price_difference.max(differs);
            if differs > PRICE_LIMIT {
                fail(result, || {
                    format!("trade {at}: price {got} where the reference has {expected}")
                });
            }
        }
        // Profit is a small difference of large numbers: it is measured against what was traded.
        let notional = expected.size.abs() * expected.entry_price;
        let money = [
            (got.size, expected.size, expected.size.abs()),
            (got.pnl, expected.pnl, notional),
            (got.return_pct, expected.return_pct, 1.0),
        ];
        for (got, expected, scale) in money {
            let differs = (got - expected).abs() / scale;
            if differs.is_nan() || differs > LIMIT {
                fail(result, || {
                    format!("trade {at}: {got} where the reference has {expected}")
                });
            }
        }
    }
    if report.trades.len() != oracle.trades.len() {
        let (got, expected) = (report.trades.len(), oracle.trades.len());
        fail(result, || {
            format!("{got} trades where the reference has {expected}")
        });
    }
    let open = report.open_position.as_ref();
    let same = match (open, &oracle.open_position) {
        (None, None) => true,
        (Some(got), Some(expected)) => {
            got.entry_bar == expected.entry_bar
                && difference(got.entry_price, expected.entry_price, 0.0) <= PRICE_LIMIT
                && difference(got.size, expected.size, 0.0) <= LIMIT
        }
        _ => false,
    };
    if !same {
        fail(result, || "the open position differs".to_owned());
    }
}

fn compare_equity(result: &mut CaseResult, report: &Report, samples: &Samples) {
    for (&bar, &expected) in samples.bars.iter().zip(&samples.equity) {
        let got = report.equity.get(bar).copied().unwrap_or(f64::NAN);
        let differs = difference(got, expected, FLOOR);
        result.equity_difference = result.equity_difference.max(differs);
        if differs > LIMIT {
            fail(result, || {
                format!("equity at bar {bar}: {got} where the reference has {expected}")
            });
        }
    }
}

fn compare_metrics(result: &mut CaseResult, report: &Report, oracle: &Oracle) {
    let Ok(Value::Object(ours)) = serde_json::to_value(&report.metrics) else {
        return fail(result, || "our metrics cannot be written".to_owned());
    };
    for (name, expected) in &oracle.metrics {
        let got = ours.get(name).unwrap_or(&Value::Null);
        match (got.as_f64(), expected.as_f64()) {
            (Some(got), Some(expected)) => {
                let differs = difference(got, expected, FLOOR);
                if differs > result.metric_difference.1 {
                    result.metric_difference = (name.clone(), differs);
                }
                if differs > LIMIT {
                    fail(result, || {
                        format!("{name}: {got} where the reference has {expected}")
                    });
                }
            }
            (None, None) => {}
            _ => fail(result, || {
                format!("{name}: {got} where the reference has {expected}")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_python_writes() {
        let check = |json: &str, expected: &str| assert_eq!(without_nan(json), expected);
        check(
            r#"{"a":NaN,"b":-Infinity,"c":[Infinity,-1]}"#,
            r#"{"a":null,"b":null,"c":[null,-1]}"#,
        );
        check(r#"{"NaN":"a \" NaN","é":"\\"}"#, r#"{"NaN":"a \" NaN","é":"\\"}"#);
        check("\"", "\"");
    }
}
