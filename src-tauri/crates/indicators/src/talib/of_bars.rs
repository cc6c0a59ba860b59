//! TA-Lib's functions of the bars' columns.

use super::{Frame, IndicatorError, MAType, core, numbers, padded, period, real, with_signal};

/// `name = function lookback (columns) (parameters) [further arguments] -> (outputs)`
macro_rules! of_bars {
    ($($name:ident = $function:ident $lookback:ident ($($column:ident)+) ($($p:ident: $kind:ident),*) [$($fixed:expr),*] -> ($($out:ident),+);)+) => {$(
        pub(crate) mod $name {
            #[allow(unused_imports, reason = "not every function takes every kind of parameter")]
            use super::{Frame, IndicatorError, MAType, core, numbers, padded, period, real};

            pub(crate) fn warm_up(params: &[f64]) -> f64 {
                let [$($p),*] = numbers(params);
                core().$lookback($($kind($p),)* $($fixed),*).map_or(0.0, |bars| bars as f64)
            }

            pub(crate) fn compute(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
                let [$($p),*] = numbers(params);
                let bars = frame.bars;
                padded(
                    stringify!($name),
                    bars.len(),
                    core().$lookback($($kind($p),)* $($fixed),*),
                    |end, [$($out),+]| {
                        core().$function(0, end, $(bars.$column,)+ $($kind($p),)* $($fixed,)* $($out),+)
                    },
                )
                .map(Vec::from)
            }
        }
    )+};
}

of_bars! {
    frama_of = frama frama_lookback (high low) (n: period) [] -> (out);
    sar = sar sar_lookback (high low) (acceleration: real, maximum: real) [] -> (out);
    acceleration_bands = accbands accbands_lookback (high low close) (n: period) [] -> (upper, mid, lower);
    chande_kroll = cksp cksp_lookback (high low close) (n: period, width: real, stop: period) [] -> (long, short);
    heikin_ashi = ha ha_lookback (open high low close) () [] -> (first, highest, lowest, last);

    adx = adx adx_lookback (high low close) (n: period) [] -> (out);
    adxr = adxr adxr_lookback (high low close) (n: period) [] -> (out);
    plus_di = plus_di plus_di_lookback (high low close) (n: period) [] -> (out);
    minus_di = minus_di minus_di_lookback (high low close) (n: period) [] -> (out);
    aroon = aroon aroon_lookback (high low) (n: period) [] -> (down, up);
    aroon_oscillator = aroonosc aroonosc_lookback (high low) (n: period) [] -> (out);
    vortex = vortex vortex_lookback (high low close) (n: period) [] -> (plus, minus);
    mass = massi massi_lookback (high low) (smooth: period, n: period) [] -> (out);
    choppiness = chop chop_lookback (high low close) (n: period) [] -> (out);
    elder_ray = eri eri_lookback (high low close) (n: period) [] -> (bull, bear);

    cci = cci cci_lookback (high low close) (n: period) [] -> (out);
    willr = willr willr_lookback (high low close) (n: period) [] -> (out);
    ultosc = ultosc ultosc_lookback (high low close) (a: period, b: period, c: period) [] -> (out);
    bop = bop bop_lookback (open high low close) () [] -> (out);
    fisher = fisher fisher_lookback (high low) (n: period) [] -> (line, trigger);
    stochastic_momentum = smi smi_lookback (high low close) (n: period, first: period, second: period, signal: period) [] -> (line, average);
    imi = imi imi_lookback (open close) (n: period) [] -> (out);
    wavetrend = wavetrend wavetrend_lookback (high low close) (channel: period, average: period, signal: period) [] -> (line, trigger);

    atr = atr atr_lookback (high low close) (n: period) [] -> (out);
    natr = natr natr_lookback (high low close) (n: period) [] -> (out);
    trange = trange trange_lookback (high low close) () [] -> (out);
    chaikin_volatility = cvi cvi_lookback (high low) (n: period, change: period) [] -> (out);

    obv = obv obv_lookback (close volume) () [] -> (out);
    adl = ad ad_lookback (high low close volume) () [] -> (out);
    adosc = adosc adosc_lookback (high low close volume) (fast: period, slow: period) [] -> (out);
    mfi = mfi mfi_lookback (high low close volume) (n: period) [] -> (out);
    cmf = cmf cmf_lookback (high low close volume) (n: period) [] -> (out);
    force = efi efi_lookback (close volume) (n: period) [] -> (out);
    volume_oscillator = pvo pvo_lookback (volume) (fast: period, slow: period) [MAType::EMA] -> (out);
    pvt = pvt pvt_lookback (close volume) () [] -> (out);
    nvi = nvi nvi_lookback (close volume) () [] -> (out);
    pvi = pvi pvi_lookback (close volume) () [] -> (out);
    klinger = kvo kvo_lookback (high low close volume) (fast: period, slow: period, signal: period) [] -> (line, average);
    ease = emv emv_lookback (high low volume) (n: period, divisor: real) [] -> (out);
    relative_volume = rvol rvol_lookback (volume) (n: period) [] -> (out);
}

/// The fractal adaptive average; the library takes the whole window, which must be even.
pub(crate) fn frama(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [half] = numbers(params);
    frama_of::compute(frame, &[2.0 * half])
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
                bars.high,
                bars.low,
                bars.close,
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

/// The stochastic with Wilder's smoothing and the line `3K - 2D`.
pub(crate) fn kdj(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, k, d] = numbers(params).map(period);
    let bars = frame.bars;
    padded(
        "kdj",
        bars.len(),
        core().kdj_lookback(n, k, MAType::RMA, d, MAType::RMA),
        |end, [line_k, line_d, line_j]| {
            core().kdj(
                0,
                end,
                bars.high,
                bars.low,
                bars.close,
                n,
                k,
                MAType::RMA,
                d,
                MAType::RMA,
                line_k,
                line_d,
                line_j,
            )
        },
    )
    .map(Vec::from)
}

/// Both directional indicators and the strength of the trend in one.
pub(crate) fn dmi(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let parts = [
        plus_di::compute(frame, params)?,
        minus_di::compute(frame, params)?,
        adx::compute(frame, params)?,
    ];
    Ok(parts.into_iter().flatten().collect())
}

/// The percentage volume oscillator with its signal line.
pub(crate) fn pvo(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [fast, slow, signal] = numbers(params);
    let line = volume_oscillator::compute(frame, &[fast, slow])?
        .into_iter()
        .next();
    with_signal(line.unwrap_or_default(), signal)
}
