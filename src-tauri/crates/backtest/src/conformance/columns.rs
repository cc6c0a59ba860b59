//! Reference columns of indicators.

use promptpal_domain::Bars;
use promptpal_indicators::compute;

use super::{ColumnResult, IndicatorTimes, LIMIT, difference};
use crate::BacktestError;

/// Where a reference column is computed by us: indicator, parameters, output.
type Recipe = (&'static str, Vec<f64>, &'static str);

/// Names that stand for one output of an indicator with default parameters, or with the numbers in the name.
const NAMES: &[(&str, &str, &str, &[f64])] = &[
    ("macd", "macd", "macd", &[12.0, 26.0, 9.0]),
    ("macd_signal", "macd", "signal", &[12.0, 26.0, 9.0]),
    ("macd_hist", "macd", "histogram", &[12.0, 26.0, 9.0]),
    ("bb_upper", "bollinger", "upper", &[20.0, 2.0]),
    ("bb_mid", "bollinger", "mid", &[20.0, 2.0]),
    ("bb_lower", "bollinger", "lower", &[20.0, 2.0]),
    ("stoch_k", "stoch", "k", &[14.0, 3.0, 3.0]),
    ("stoch_d", "stoch", "d", &[14.0, 3.0, 3.0]),
    ("stochrsi_k", "stochrsi", "k", &[14.0, 14.0, 3.0]),
    ("stochrsi_d", "stochrsi", "d", &[14.0, 14.0, 3.0]),
    ("ultosc", "ultosc", "value", &[7.0, 14.0, 28.0]),
    ("aroon_dn", "aroon", "down", &[25.0]),
    ("aroon_up", "aroon", "up", &[25.0]),
    ("sar", "sar", "value", &[0.02, 0.2]),
    ("donchian_up", "donchian", "upper", &[20.0]),
    ("donchian_dn", "donchian", "lower", &[20.0]),
    ("vwap_day", "vwap", "value", &[]),
    ("supertrend", "supertrend", "value", &[10.0, 3.0]),
    ("supertrend_dir", "supertrend", "direction", &[10.0, 3.0]),
    ("kc_lower", "keltner", "lower", &[20.0, 2.0]),
    ("kc_mid", "keltner", "mid", &[20.0, 2.0]),
    ("kc_upper", "keltner", "upper", &[20.0, 2.0]),
    ("ichi_isa_9", "ichimoku", "span_a", &[9.0, 26.0, 52.0]),
    ("ichi_isb_26", "ichimoku", "span_b", &[9.0, 26.0, 52.0]),
    ("ichi_its_9", "ichimoku", "conversion", &[9.0, 26.0, 52.0]),
    ("ichi_iks_26", "ichimoku", "base", &[9.0, 26.0, 52.0]),
    // TA-Lib's own names where ours differ.
    ("ad", "adl", "value", &[]),
    ("linearreg", "linreg", "value", &[14.0]),
    ("linearreg_slope", "linreg_slope", "value", &[14.0]),
    ("mcgd", "mcginley", "value", &[14.0]),
    ("percentb", "bollinger_percent", "value", &[20.0, 2.0]),
    ("bbw", "bollinger_width", "value", &[20.0, 2.0]),
    ("aroonosc", "aroon_oscillator", "value", &[14.0]),
    ("massi", "mass", "value", &[9.0, 25.0]),
    ("chop", "choppiness", "value", &[14.0]),
    ("er", "efficiency", "value", &[10.0]),
    ("cti", "trend_correlation", "value", &[20.0]),
    ("crsi", "connors_rsi", "value", &[3.0, 2.0, 100.0]),
    ("stc", "schaff", "value", &[23.0, 50.0, 10.0]),
    ("ao", "awesome", "value", &[5.0, 34.0]),
    ("ac", "accelerator", "value", &[5.0, 34.0, 5.0]),
    ("dpo", "detrended", "value", &[20.0]),
    ("cvi", "chaikin_volatility", "value", &[10.0, 10.0]),
    ("efi", "force", "value", &[13.0]),
    ("kvo", "klinger", "value", &[34.0, 55.0, 13.0]),
    ("emv", "ease", "value", &[14.0, 10_000.0]),
    ("rvol", "relative_volume", "value", &[20.0]),
    ("percentrank", "percent_rank", "value", &[100.0]),
];

/// How a column of this name is computed.
fn recipe(column: &str) -> Option<Recipe> {
    if let Some((_, id, output, params)) = NAMES.iter().find(|(name, ..)| *name == column) {
        return Some((id, params.to_vec(), output));
    }
    // The rest are a name and its numbers: sma_10, supertrend_10_3.
    let mut params = Vec::new();
    let mut name = column;
    while let Some((head, number)) = name.rsplit_once('_')
        && let Ok(number) = number.parse::<f64>()
    {
        params.insert(0, number);
        name = head;
    }
    if let Some((_, id, output, _)) = NAMES.iter().find(|(known, ..)| *known == name) {
        return Some((id, params, output));
    }
    let indicator = promptpal_indicators::find(name)?;
    Some((indicator.id, params, indicator.outputs.first()?.id))
}

fn rows(csv: &str) -> impl Iterator<Item = Vec<&str>> {
    csv.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| line.split(',').map(str::trim).collect())
}

/// Which bars a file of reference columns belongs to.
///
/// # Errors
/// [`BacktestError::Reference`] when it is not a CSV whose first column is `open_time`.
pub fn indicator_times(csv: &str) -> Result<IndicatorTimes, BacktestError> {
    let times = times(csv)?;
    match (times.first(), times.last()) {
        (Some(&first), Some(&last)) => Ok(IndicatorTimes {
            first,
            last,
            rows: times.len(),
        }),
        _ => Err(BacktestError::Reference("there is no row".to_owned())),
    }
}

fn times(csv: &str) -> Result<Vec<i64>, BacktestError> {
    let mut rows = rows(csv);
    if rows.next().and_then(|header| header.first().copied()) != Some("open_time") {
        return Err(BacktestError::Reference(
            "the first column is not open_time".to_owned(),
        ));
    }
    rows.map(|row| {
        let time = row.first().copied().unwrap_or_default();
        time.parse()
            .map_err(|_| BacktestError::Reference(format!("'{time}' is no open time")))
    })
    .collect()
}

/// Computes every column of a reference file on the bars of its rows and compares value by value. The bars must begin with
/// the file's first row; later ones are not used.
///
/// # Errors
/// [`BacktestError::Reference`] when the file cannot be read or its times are not those of the bars.
pub fn check_indicators(csv: &str, bars: &Bars) -> Result<Vec<ColumnResult>, BacktestError> {
    let times = times(csv)?;
    let Some(from) = times
        .first()
        .and_then(|first| bars.open_time.iter().position(|time| time == first))
    else {
        return Err(BacktestError::Reference(
            "the bars do not hold the file's first row".to_owned(),
        ));
    };
    let cut = |column: &[f64]| column.get(from..from + times.len()).unwrap_or_default().to_vec();
    let part = Bars {
        open_time: bars
            .open_time
            .get(from..from + times.len())
            .unwrap_or_default()
            .to_vec(),
        open: cut(&bars.open),
        high: cut(&bars.high),
        low: cut(&bars.low),
        close: cut(&bars.close),
        volume: cut(&bars.volume),
        ..*bars
    };
    if part.open_time != times {
        return Err(BacktestError::Reference(
            "the file's times are not those of the bars".to_owned(),
        ));
    }
    let header: Vec<&str> = rows(csv).next().unwrap_or_default();
    let body: Vec<Vec<&str>> = rows(csv).skip(1).collect();
    let columns = header.iter().enumerate().skip(1);
    Ok(columns
        .map(|(at, name)| check_column(name, body.iter().map(|row| row.get(at).copied()), &part))
        .collect())
}

fn check_column<'a>(
    column: &str,
    expected: impl Iterator<Item = Option<&'a str>> + Clone,
    bars: &Bars,
) -> ColumnResult {
    let mut result = ColumnResult {
        column: column.to_owned(),
        passed: false,
        values: 0,
        difference: 0.0,
        failure: None,
    };
    let Some((id, params, output)) = recipe(column) else {
        result.failure = Some("no indicator of ours computes this column".to_owned());
        return result;
    };
    let outputs = match compute(id, &params, bars) {
        Ok(outputs) => outputs,
        Err(error) => {
            result.failure = Some(error.to_string());
            return result;
        }
    };
    let sizes = expected
        .clone()
        .filter_map(|text| text?.parse::<f64>().ok())
        .map(f64::abs)
        .filter(|size| size.is_finite());
    let (count, total) = sizes.fold((0_usize, 0.0), |(count, total), size| (count + 1, total + size));
    let floor = total / count.max(1) as f64 * 1e-3;
    let values = outputs
        .into_iter()
        .find(|candidate| candidate.name == output)
        .map(|found| found.values);
    for (row, (got, text)) in values.unwrap_or_default().into_iter().zip(expected).enumerate() {
        let text = text.unwrap_or_default();
        let expected = if text.is_empty() {
            Ok(f64::NAN)
        } else {
            text.to_lowercase().parse::<f64>()
        };
        match expected {
            Ok(expected) if expected.is_nan() && got.is_nan() => {}
            Ok(expected) => {
                result.values += 1;
                let differs = difference(got, expected, floor);
                result.difference = result.difference.max(differs);
                if differs > LIMIT {
                    result
                        .failure
                        .get_or_insert(format!("row {row}: {got} where the reference has {expected}"));
                }
            }
            Err(_) => {
                result
                    .failure
                    .get_or_insert(format!("row {row}: '{text}' is no number"));
            }
        }
    }
    result.passed = result.failure.is_none();
    result
}
