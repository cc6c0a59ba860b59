//! The indicators that TA-Lib defines, by its official Rust port.
//!
//! The library writes results without their warm-up; here every column keeps the length of its input. Each module holds one
//! indicator: `compute`, and the warm-up that the library states for it.

mod of_bars;
mod of_source;

use std::sync::OnceLock;

use ta_lib::{Core, MAType, OutRange, RetCode};

use crate::column::on_runs;
use crate::{Frame, IndicatorError};

pub(crate) use of_bars::*;
pub(crate) use of_source::*;

type Columns<const N: usize> = Result<[Vec<f64>; N], IndicatorError>;

fn core() -> &'static Core {
    static CORE: OnceLock<Core> = OnceLock::new();
    CORE.get_or_init(Core::new)
}

/// Columns of `len` values, the first `lookback` of them `NaN`, the rest written by `write`, which says how many it wrote.
fn padded<const N: usize>(
    indicator: &'static str,
    len: usize,
    lookback: Result<usize, RetCode>,
    write: impl FnOnce(usize, [&mut [f64]; N]) -> Result<OutRange, RetCode>,
) -> Columns<N> {
    let refused = |code: String| IndicatorError::Refused { indicator, code };
    let lookback = lookback.map_err(|code| refused(format!("{code:?}")))?;
    let mut columns: [Vec<f64>; N] = std::array::from_fn(|_| vec![0.0; len]);
    for column in &mut columns {
        column
            .get_mut(..lookback.min(len))
            .unwrap_or_default()
            .fill(f64::NAN);
    }
    if len > lookback {
        let parts = columns
            .each_mut()
            .map(|column| column.get_mut(lookback..).unwrap_or_default());
        let written = write(len - 1, parts).map_err(|code| refused(format!("{code:?}")))?;
        // A library that began elsewhere than it said would move every value to a wrong bar.
        if (written.beg_idx, written.count) != (lookback, len - lookback) {
            return Err(refused("results at other bars than stated".to_owned()));
        }
    }
    Ok(columns)
}

/// A period as the library wants it. The catalogue's bounds keep it small.
fn period(value: f64) -> i32 {
    value as i32
}

/// A number that the library takes as it is.
fn real(value: f64) -> f64 {
    value
}

/// The first `N` parameters; the catalogue fills in what is missing before it calls.
pub(crate) fn numbers<const N: usize>(params: &[f64]) -> [f64; N] {
    std::array::from_fn(|i| params.get(i).copied().unwrap_or(f64::NAN))
}

/// The library's exponential average (seeded with the simple mean of the first `n`) of any column; after a hole it starts
/// again. Of one value it is the value.
pub(crate) fn ema_of(values: &[f64], n: f64) -> Result<Vec<f64>, IndicatorError> {
    let n = period(n);
    if n < 2 {
        return Ok(values.to_vec());
    }
    let [average] = on_runs(values, |run| {
        padded("ema", run.len(), core().ema_lookback(n), |end, [out]| {
            core().ema(0, end, run, n, out)
        })
    })?;
    Ok(average)
}

/// The library's linearly weighted average of any column; after a hole it starts again. Of one value it is the value.
pub(crate) fn wma_of(values: &[f64], n: f64) -> Result<Vec<f64>, IndicatorError> {
    let n = period(n);
    if n < 2 {
        return Ok(values.to_vec());
    }
    let [average] = on_runs(values, |run| {
        padded("wma", run.len(), core().wma_lookback(n), |end, [out]| {
            core().wma(0, end, run, n, out)
        })
    })?;
    Ok(average)
}

/// True range of each bar after the first.
pub(crate) fn true_range(frame: &Frame<'_>) -> Result<Vec<f64>, IndicatorError> {
    Ok(trange::compute(frame, &[])?
        .into_iter()
        .next()
        .unwrap_or_default())
}

/// Wilder's average true range.
pub(crate) fn average_true_range(frame: &Frame<'_>, n: f64) -> Result<Vec<f64>, IndicatorError> {
    Ok(atr::compute(frame, &[n])?.into_iter().next().unwrap_or_default())
}

/// Differences, part by part.
fn minus(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a - b).collect()
}

/// A line, its exponential average and the distance of the two: how PPO and PVO are drawn.
fn with_signal(line: Vec<f64>, n: f64) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let signal = ema_of(&line, n)?;
    let histogram = minus(&line, &signal);
    Ok(vec![line, signal, histogram])
}
