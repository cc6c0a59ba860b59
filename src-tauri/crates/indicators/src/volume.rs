//! Averages weighted by volume.

use crate::column::Frame;
use crate::talib::numbers;
use crate::{IndicatorError, exact};

const DAY_MS: i64 = 86_400_000;

/// Volume-weighted mean of `(high + low + close) / 3` since 00:00 UTC; `NaN` while nothing was traded that day.
pub(crate) fn vwap(frame: &Frame<'_>, _: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let bars = frame.bars;
    let (mut day, mut amount, mut volume) = (None, 0.0, 0.0);
    let prices = bars.high.iter().zip(bars.low).zip(bars.close).zip(bars.volume);
    let line = bars
        .open_time
        .iter()
        .zip(prices)
        .map(|(time, (((high, low), close), traded))| {
            let today = Some(time.div_euclid(DAY_MS));
            if day != today {
                (day, amount, volume) = (today, 0.0, 0.0);
            }
            amount += (high + low + close) / 3.0 * traded;
            volume += traded;
            if volume > 0.0 { amount / volume } else { f64::NAN }
        })
        .collect();
    Ok(vec![line])
}

/// Volume-weighted mean of the last `n` values of the source; `NaN` where nothing was traded in the window.
pub(crate) fn vwma(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let n = n as usize;
    let weighted: Vec<f64> = frame
        .source
        .values
        .iter()
        .zip(frame.bars.volume)
        .map(|(x, volume)| x * volume)
        .collect();
    Ok(vec![mean(&weighted, frame.bars.volume, n)])
}

/// Volume-weighted mean of `(high + low + close) / 3` over the last `n` bars; `NaN` where nothing was traded in them.
pub(crate) fn rolling_vwap(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let bars = frame.bars;
    let prices = bars.high.iter().zip(bars.low).zip(bars.close);
    let weighted: Vec<f64> = prices
        .zip(bars.volume)
        .map(|(((high, low), close), volume)| (high + low + close) / 3.0 * volume)
        .collect();
    Ok(vec![mean(&weighted, bars.volume, n as usize)])
}

/// Sum of the last `n` amounts over the sum of the last `n` volumes.
fn mean(amounts: &[f64], volumes: &[f64], n: usize) -> Vec<f64> {
    let sums = exact::sum(amounts, n).into_iter().zip(exact::sum(volumes, n));
    sums.map(|(amount, volume)| if volume > 0.0 { amount / volume } else { f64::NAN })
        .collect()
}
