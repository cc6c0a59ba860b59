//! Bands, channels and clouds of our own, and the moving extremes they are made of.

use crate::column::{Column, Frame};
use crate::moments::over_lines;
use crate::movement::later;
use crate::talib::{self, numbers};
use crate::{IndicatorError, exact, window};

/// Donchian channel: highest high and lowest low of `n` bars, the current one among them, and their middle.
pub(crate) fn donchian(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let (upper, lower) = (
        window::highest(frame.bars.high, n as usize),
        window::lowest(frame.bars.low, n as usize),
    );
    let mid = upper
        .iter()
        .zip(&lower)
        .map(|(upper, lower)| 0.5 * (upper + lower))
        .collect();
    Ok(vec![upper, mid, lower])
}

/// Highest of the last `n` values of the source.
pub(crate) fn highest(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    Ok(vec![window::highest(frame.source.values, n as usize)])
}

/// Lowest of the last `n` values of the source.
pub(crate) fn lowest(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    Ok(vec![window::lowest(frame.source.values, n as usize)])
}

/// Keltner channel: `EMA(close, n) +- width * EMA(true range, n)`.
pub(crate) fn keltner(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, width] = numbers(params);
    let mid = talib::ema_of(frame.bars.close, n)?;
    let band = talib::ema_of(&talib::true_range(frame)?, n)?;
    Ok(around(mid, &band, width))
}

/// A middle line with a band on each side: upper, middle, lower.
fn around(mid: Vec<f64>, band: &[f64], width: f64) -> Vec<Vec<f64>> {
    let side = |sign: f64| {
        mid.iter()
            .zip(band)
            .map(|(mid, band)| mid + sign * width * band)
            .collect()
    };
    let (upper, lower) = (side(1.0), side(-1.0));
    vec![upper, mid, lower]
}

/// Bollinger's bands: the library's, with the exact mean in the middle, so that it equals the simple average.
pub(crate) fn bollinger(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let mut columns = talib::bollinger(frame, params)?;
    if let Some(mid) = columns.get_mut(1) {
        *mid = exact::sma(frame.source, n as usize);
    }
    Ok(columns)
}

/// Simple average with a part of itself, in percent, on each side.
pub(crate) fn envelope(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, percent] = numbers(params);
    let mid = exact::sma(frame.source, n as usize);
    let band = mid.clone();
    Ok(around(mid, &band, percent / 100.0))
}

/// End point of the regression line with standard deviations of the distances from it (population) on each side.
pub(crate) fn linreg_channel(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, width] = numbers(params);
    let [mid, band] = over_lines(frame.source.values, n as usize, |window, _| {
        let fit = window.fit();
        [fit.end, (fit.squared_errors / n).sqrt()]
    });
    Ok(around(mid, &band, width))
}

/// Andersen's standard error bands: the regression's end point and its standard errors, each smoothed by a simple average.
pub(crate) fn error_bands(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, width, smooth] = numbers(params);
    let [mid, band] = over_lines(frame.source.values, n as usize, |window, _| {
        let fit = window.fit();
        [fit.end, (fit.squared_errors / (n - 2.0)).sqrt()]
    });
    let smoothed = |values: &[f64]| exact::sma(Column::new(values), smooth as usize);
    Ok(around(smoothed(&mid), &smoothed(&band), width))
}

/// Ichimoku's conversion and base line, and the two spans as they stand over the current bar (computed `base` bars ago).
/// The lagging span would show later bars, so it does not exist here.
pub(crate) fn ichimoku(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [conversion, base, span] = numbers(params).map(|n| n as usize);
    let middle = |n: usize| -> Vec<f64> {
        let (high, low) = (
            window::highest(frame.bars.high, n),
            window::lowest(frame.bars.low, n),
        );
        high.iter()
            .zip(&low)
            .map(|(high, low)| 0.5 * (low + high))
            .collect()
    };
    let shifted = |values: &[f64]| later(values.iter().copied(), base, values.len());
    let (conversion, base_line) = (middle(conversion), middle(base));
    let leading: Vec<f64> = conversion
        .iter()
        .zip(&base_line)
        .map(|(a, b)| 0.5 * (a + b))
        .collect();
    let (span_a, span_b) = (shifted(&leading), shifted(&middle(span)));
    Ok(vec![conversion, base_line, span_a, span_b])
}
