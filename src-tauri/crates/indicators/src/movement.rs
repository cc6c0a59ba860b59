//! Trend followers of our own: Hull's average, Supertrend, Chandelier exit, Alligator, and the exact simple average.

use crate::column::{Column, Frame};
use crate::talib::{self, numbers};
use crate::{IndicatorError, exact, window};

/// Hull (2005): `WMA(2 * WMA(x, n/2) - WMA(x, n), sqrt(n))`, both divisions rounded down.
pub(crate) fn hma(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let source = frame.source.values;
    let (half, full) = (
        talib::wma_of(source, (n / 2.0).floor())?,
        talib::wma_of(source, n)?,
    );
    let raw: Vec<f64> = half
        .iter()
        .zip(&full)
        .map(|(half, full)| 2.0 * half - full)
        .collect();
    Ok(vec![talib::wma_of(&raw, n.sqrt().floor())?])
}

/// Supertrend as pandas-ta has it: bands of `hl2 +- width * ATR(n)` that only tighten while the direction holds. The
/// direction starts at 1; the first bar's value is 0 by that library's definition, the rest of the warm-up is `NaN`.
pub(crate) fn supertrend(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, width] = numbers(params);
    let bars = frame.bars;
    let atr = talib::average_true_range(frame, n)?;
    let mut line = Vec::with_capacity(bars.len());
    let mut directions = Vec::with_capacity(bars.len());
    let (mut direction, mut last_upper, mut last_lower) = (1.0, f64::NAN, f64::NAN);
    let prices = bars.high.iter().zip(bars.low).zip(bars.close).zip(&atr);
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

/// Chandelier exit (LeBeau): ATRs below the highest high for long positions, above the lowest low for short ones.
pub(crate) fn chandelier(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, width] = numbers(params);
    let atr = talib::average_true_range(frame, n)?;
    let stop = |extreme: Vec<f64>, sign: f64| -> Vec<f64> {
        let pairs = extreme.iter().zip(&atr);
        pairs.map(|(extreme, atr)| extreme + sign * width * atr).collect()
    };
    Ok(vec![
        stop(window::highest(frame.bars.high, n as usize), -1.0),
        stop(window::lowest(frame.bars.low, n as usize), 1.0),
    ])
}

/// Bars by which Williams draws the jaw, the teeth and the lips later than they were computed.
const ALLIGATOR_SHIFTS: [usize; 3] = [8, 5, 3];

/// Alligator (Williams 1995): Wilder averages of the bars' middles, each drawn some bars later.
pub(crate) fn alligator(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let lengths: [f64; 3] = numbers(params);
    let middles = middles(frame);
    let source = Frame {
        bars: frame.bars,
        source: Column::new(&middles),
    };
    let mut lines = Vec::new();
    for (n, shift) in lengths.into_iter().zip(ALLIGATOR_SHIFTS) {
        let line = talib::rma::compute(&source, &[n])?.into_iter().flatten();
        lines.push(later(line, shift, middles.len()));
    }
    Ok(lines)
}

/// The middle of each bar.
pub(crate) fn middles(frame: &Frame<'_>) -> Vec<f64> {
    let pairs = frame.bars.high.iter().zip(frame.bars.low);
    pairs.map(|(high, low)| 0.5 * (high + low)).collect()
}

/// A column as it was `shift` bars before.
pub(crate) fn later(values: impl Iterator<Item = f64>, shift: usize, len: usize) -> Vec<f64> {
    std::iter::repeat_n(f64::NAN, shift)
        .chain(values)
        .take(len)
        .collect()
}

/// Simple moving average with an exact sum.
pub(crate) fn sma(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    Ok(vec![exact::sma(frame.source, n as usize)])
}
