//! Channels and clouds of our own: Donchian, Keltner, Ichimoku, and the moving extremes.

use crate::column::{Column, Frame};
use crate::talib::{self, numbers};
use crate::{IndicatorError, window};

/// Donchian channel: highest high and lowest low of `n` bars, the current one among them, and their middle.
pub(crate) fn donchian(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let (upper, lower) = (
        window::highest(&frame.bars.high, n as usize),
        window::lowest(&frame.bars.low, n as usize),
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
    let ema = |values: &[f64]| -> Result<Vec<f64>, IndicatorError> {
        let source = Frame {
            bars: frame.bars,
            source: Column::new(values),
        };
        Ok(talib::ema(&source, &[n])?.into_iter().next().unwrap_or_default())
    };
    let range = talib::trange(frame, &[])?.into_iter().next().unwrap_or_default();
    let (mid, band) = (ema(&frame.bars.close)?, ema(&range)?);
    let side = |sign: f64| {
        mid.iter()
            .zip(&band)
            .map(|(mid, band)| mid + sign * width * band)
            .collect()
    };
    let (upper, lower) = (side(1.0), side(-1.0));
    Ok(vec![upper, mid, lower])
}

/// Ichimoku's conversion and base line, and the two spans as they stand over the current bar (computed `base` bars ago).
/// The lagging span would show later bars, so it does not exist here.
pub(crate) fn ichimoku(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [conversion, base, span] = numbers(params).map(|n| n as usize);
    let middle = |n: usize| -> Vec<f64> {
        let (high, low) = (
            window::highest(&frame.bars.high, n),
            window::lowest(&frame.bars.low, n),
        );
        high.iter()
            .zip(&low)
            .map(|(high, low)| 0.5 * (low + high))
            .collect()
    };
    let shifted = |values: &[f64]| -> Vec<f64> {
        std::iter::repeat_n(f64::NAN, base)
            .chain(values.iter().copied())
            .take(values.len())
            .collect()
    };
    let (conversion, base_line) = (middle(conversion), middle(base));
    let leading: Vec<f64> = conversion
        .iter()
        .zip(&base_line)
        .map(|(a, b)| 0.5 * (a + b))
        .collect();
    let (span_a, span_b) = (shifted(&leading), shifted(&middle(span)));
    Ok(vec![conversion, base_line, span_a, span_b])
}
