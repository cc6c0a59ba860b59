//! Oscillators of our own that are differences of simple averages: with exact sums, so that a zero is a zero.

use crate::column::{Column, Frame};
use crate::movement::{later, middles};
use crate::talib::numbers;
use crate::{IndicatorError, exact};

fn difference(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// Awesome oscillator (Williams 1995): `SMA(hl2, fast) - SMA(hl2, slow)`.
pub(crate) fn awesome(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [fast, slow] = numbers(params).map(|n| n as usize);
    let middles = middles(frame);
    let average = |n| exact::sma(Column::new(&middles), n);
    Ok(vec![difference(&average(fast), &average(slow))])
}

/// Accelerator oscillator (Williams 1998): the awesome oscillator less its simple average.
pub(crate) fn accelerator(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [.., smooth] = numbers::<3>(params);
    let line = awesome(frame, params)?.into_iter().next().unwrap_or_default();
    let average = exact::sma(Column::new(&line), smooth as usize);
    Ok(vec![difference(&line, &average)])
}

/// Detrended price: the source half a length and a bar ago, less the simple average of the whole length.
pub(crate) fn detrended(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params).map(|n| n as usize);
    let source = frame.source.values;
    let before = later(source.iter().copied(), n / 2 + 1, source.len());
    Ok(vec![difference(&before, &exact::sma(frame.source, n))])
}
