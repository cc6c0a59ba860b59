//! The indicators that TA-Lib defines, by its official Rust port.
//!
//! The library writes results without their warm-up; here every column keeps the length of its input.

use std::sync::OnceLock;

use ta_lib::{Core, MAType, OutRange, RetCode};

use crate::column::on_runs;
use crate::{Frame, IndicatorError};

type Columns<const N: usize> = Result<[Vec<f64>; N], IndicatorError>;

fn core() -> &'static Core {
    static CORE: OnceLock<Core> = OnceLock::new();
    CORE.get_or_init(Core::new)
}

/// Columns of `len` values, the first `lookback` of them `NaN`, the rest written by `write`.
fn padded<const N: usize>(
    indicator: &'static str,
    len: usize,
    lookback: Result<usize, RetCode>,
    write: impl FnOnce(usize, [&mut [f64]; N]) -> Result<OutRange, RetCode>,
) -> Columns<N> {
    let refused = |code: RetCode| IndicatorError::Refused {
        indicator,
        code: format!("{code:?}"),
    };
    let lookback = lookback.map_err(refused)?;
    let mut columns: [Vec<f64>; N] = std::array::from_fn(|_| vec![f64::NAN; len]);
    if len > lookback {
        let parts = columns
            .each_mut()
            .map(|column| column.get_mut(lookback..).unwrap_or_default());
        write(len - 1, parts).map_err(refused)?;
    }
    Ok(columns)
}

/// A period as the library wants it. The catalogue's bounds keep it small.
fn period(value: f64) -> i32 {
    value as i32
}

/// One source column in, one column out, one period.
macro_rules! of_source {
    ($($name:ident $lookback:ident),+ $(,)?) => {$(
        pub(crate) fn $name(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
            let [n] = numbers(params);
            let n = period(n);
            on_runs(frame.source.values, |run| {
                padded(stringify!($name), run.len(), core().$lookback(n), |end, [out]| core().$name(0, end, run, n, out))
            })
            .map(Vec::from)
        }
    )+};
}

/// Some columns of the bars in, one column out, one period.
macro_rules! of_bars {
    ($($name:ident $lookback:ident ($($column:ident),+)),+ $(,)?) => {$(
        pub(crate) fn $name(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
            let [n] = numbers(params);
            let n = period(n);
            let bars = frame.bars;
            padded(stringify!($name), bars.len(), core().$lookback(n), |end, [out]| {
                core().$name(0, end, $(&bars.$column),+, n, out)
            })
            .map(Vec::from)
        }
    )+};
}

of_source!(
    ema ema_lookback, wma wma_lookback, dema dema_lookback, tema tema_lookback, kama kama_lookback, rsi rsi_lookback,
    roc roc_lookback, mom mom_lookback, cmo cmo_lookback, trix trix_lookback, linearreg linearreg_lookback,
);

of_bars!(
    atr atr_lookback(high, low, close),
    natr natr_lookback(high, low, close),
    adx adx_lookback(high, low, close),
    plus_di plus_di_lookback(high, low, close),
    minus_di minus_di_lookback(high, low, close),
    cci cci_lookback(high, low, close),
    willr willr_lookback(high, low, close),
    mfi mfi_lookback(high, low, close, volume),
);

/// The first `N` parameters; the catalogue fills in what is missing before it calls.
pub(crate) fn numbers<const N: usize>(params: &[f64]) -> [f64; N] {
    std::array::from_fn(|i| params.get(i).copied().unwrap_or(f64::NAN))
}

pub(crate) fn macd(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [fast, slow, signal] = numbers(params).map(period);
    on_runs(frame.source.values, |run| {
        padded(
            "macd",
            run.len(),
            core().macd_lookback(fast, slow, signal),
            |end, [line, average, histogram]| {
                core().macd(0, end, run, fast, slow, signal, line, average, histogram)
            },
        )
    })
    .map(Vec::from)
}

pub(crate) fn bollinger(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, width] = numbers(params);
    let n = period(n);
    on_runs(frame.source.values, |run| {
        let lookback = core().bbands_lookback(n, width, width, MAType::SMA);
        padded("bollinger", run.len(), lookback, |end, [upper, mid, lower]| {
            core().bbands(0, end, run, n, width, width, MAType::SMA, upper, mid, lower)
        })
    })
    .map(Vec::from)
}

pub(crate) fn stddev(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params).map(period);
    on_runs(frame.source.values, |run| {
        padded(
            "stddev",
            run.len(),
            core().stddev_lookback(n, 1.0),
            |end, [out]| core().stddev(0, end, run, n, 1.0, out),
        )
    })
    .map(Vec::from)
}

pub(crate) fn stochrsi(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, k, d] = numbers(params).map(period);
    on_runs(frame.source.values, |run| {
        padded(
            "stochrsi",
            run.len(),
            core().stochrsi_lookback(n, k, d, MAType::SMA),
            |end, [fast_k, fast_d]| core().stochrsi(0, end, run, n, k, d, MAType::SMA, fast_k, fast_d),
        )
    })
    .map(Vec::from)
}

pub(crate) fn trange(frame: &Frame<'_>, _: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let bars = frame.bars;
    padded("tr", bars.len(), core().trange_lookback(), |end, [out]| {
        core().trange(0, end, &bars.high, &bars.low, &bars.close, out)
    })
    .map(Vec::from)
}

pub(crate) fn stoch(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, k, d] = numbers(params).map(period);
    let bars = frame.bars;
    padded(
        "stoch",
        bars.len(),
        core().stoch_lookback(n, k, MAType::SMA, d, MAType::SMA),
        |end, [slow_k, slow_d]| {
            core().stoch(
                0,
                end,
                &bars.high,
                &bars.low,
                &bars.close,
                n,
                k,
                MAType::SMA,
                d,
                MAType::SMA,
                slow_k,
                slow_d,
            )
        },
    )
    .map(Vec::from)
}

pub(crate) fn obv(frame: &Frame<'_>, _: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let bars = frame.bars;
    padded("obv", bars.len(), core().obv_lookback(), |end, [out]| {
        core().obv(0, end, &bars.close, &bars.volume, out)
    })
    .map(Vec::from)
}

pub(crate) fn adl(frame: &Frame<'_>, _: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let bars = frame.bars;
    padded("adl", bars.len(), core().ad_lookback(), |end, [out]| {
        core().ad(0, end, &bars.high, &bars.low, &bars.close, &bars.volume, out)
    })
    .map(Vec::from)
}

pub(crate) fn ultosc(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [a, b, c] = numbers(params).map(period);
    let bars = frame.bars;
    padded(
        "ultosc",
        bars.len(),
        core().ultosc_lookback(a, b, c),
        |end, [out]| core().ultosc(0, end, &bars.high, &bars.low, &bars.close, a, b, c, out),
    )
    .map(Vec::from)
}

pub(crate) fn aroon(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params).map(period);
    let bars = frame.bars;
    padded(
        "aroon",
        bars.len(),
        core().aroon_lookback(n),
        |end, [down, up]| core().aroon(0, end, &bars.high, &bars.low, n, down, up),
    )
    .map(Vec::from)
}

pub(crate) fn sar(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [acceleration, maximum] = numbers(params);
    let bars = frame.bars;
    padded(
        "sar",
        bars.len(),
        core().sar_lookback(acceleration, maximum),
        |end, [out]| core().sar(0, end, &bars.high, &bars.low, acceleration, maximum, out),
    )
    .map(Vec::from)
}
