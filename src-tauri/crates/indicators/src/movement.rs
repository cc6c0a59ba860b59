//! Trend followers of our own: Hull's average and Supertrend.

use crate::column::{Column, Frame, on_runs};
use crate::talib::{self, numbers};
use crate::{IndicatorError, exact};

/// Hull (2005): `WMA(2 * WMA(x, n/2) - WMA(x, n), sqrt(n))`, both divisions rounded down.
pub(crate) fn hma(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let average = |values: &[f64], n: f64| -> Result<Vec<f64>, IndicatorError> {
        // The library's shortest weighted average is of two values; of one it is the value.
        if n < 2.0 {
            return Ok(values.to_vec());
        }
        let source = Frame {
            bars: frame.bars,
            source: Column::new(values),
        };
        Ok(talib::wma(&source, &[n])?.into_iter().next().unwrap_or_default())
    };
    on_runs(frame.source.values, |run| {
        let (half, full) = (average(run, (n / 2.0).floor())?, average(run, n)?);
        let raw: Vec<f64> = half
            .iter()
            .zip(&full)
            .map(|(half, full)| 2.0 * half - full)
            .collect();
        Ok([average(&raw, n.sqrt().floor())?])
    })
    .map(Vec::from)
}

/// Supertrend as pandas-ta has it: bands of `hl2 +- width * ATR(n)` that only tighten while the direction holds. The
/// direction starts at 1; the first bar's value is 0 by that library's definition, the rest of the warm-up is `NaN`.
pub(crate) fn supertrend(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, width] = numbers(params);
    let bars = frame.bars;
    let atr = talib::atr(frame, &[n])?.into_iter().next().unwrap_or_default();
    let mut line = Vec::with_capacity(bars.len());
    let mut directions = Vec::with_capacity(bars.len());
    let (mut direction, mut last_upper, mut last_lower) = (1.0, f64::NAN, f64::NAN);
    let prices = bars.high.iter().zip(&bars.low).zip(&bars.close).zip(&atr);
    for (at, (((high, low), &close), atr)) in prices.enumerate() {
        let middle = 0.5 * (high + low);
        let (mut upper, mut lower) = (middle + width * atr, middle - width * atr);
        if at == 0 {
            line.push(0.0);
        } else {
            if close > last_upper {
                direction = 1.0;
            } else if close < last_lower {
                direction = -1.0;
            } else if direction > 0.0 && lower < last_lower {
                lower = last_lower;
            } else if direction < 0.0 && upper > last_upper {
                upper = last_upper;
            }
            line.push(if direction > 0.0 { lower } else { upper });
        }
        directions.push(direction);
        (last_upper, last_lower) = (upper, lower);
    }
    Ok(vec![line, directions])
}

/// Simple moving average with an exact sum.
pub(crate) fn sma(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    Ok(vec![exact::sma(frame.source, n as usize)])
}
