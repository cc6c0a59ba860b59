//! Measures of volatility and distribution of our own.

use crate::column::Frame;
use crate::moments::over_windows;
use crate::talib::numbers;
use crate::{IndicatorError, exact, window};

/// Crypto markets trade on every day of the year.
const YEAR_MS: f64 = 365.0 * 86_400_000.0;

/// Historical volatility: sample deviation of the last `n` logarithmic returns, to a year of 365 days, in percent.
pub(crate) fn historical(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let source = frame.source.values;
    let before = std::iter::once(&f64::NAN).chain(source);
    let returns: Vec<f64> = source
        .iter()
        .zip(before)
        .map(|(now, before)| (now / before).ln())
        .collect();
    let bars_a_year = YEAR_MS / frame.bars.interval.nominal_millis() as f64;
    let [line] = over_windows(&returns, n as usize, |window, _| {
        [100.0 * (window.variance(1.0) * bars_a_year).sqrt()]
    });
    Ok(vec![line])
}

/// Ulcer index (Martin 1987): root of the mean square of how many percent the source is below its highest of `n` bars.
pub(crate) fn ulcer(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let source = frame.source.values;
    let squares: Vec<f64> = source
        .iter()
        .zip(window::highest(source, n as usize))
        .map(|(x, peak)| (100.0 * (x - peak) / peak).powi(2))
        .collect();
    let sums = exact::sum(&squares, n as usize).into_iter();
    // What rounding leaves of a window of zeros may lie below zero.
    Ok(vec![
        sums.map(|sum| if sum < 0.0 { 0.0 } else { (sum / n).sqrt() })
            .collect(),
    ])
}

/// Distance of the source from its mean in standard deviations (population); none where the window is flat.
pub(crate) fn zscore(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let [line] = over_windows(frame.source.values, n as usize, |window, x| {
        let variance = window.variance(0.0);
        [if variance > 0.0 {
            window.distance(x) / variance.sqrt()
        } else {
            f64::NAN
        }]
    });
    Ok(vec![line])
}
