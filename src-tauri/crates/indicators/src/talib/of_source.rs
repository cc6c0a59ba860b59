//! TA-Lib's functions of one column.

use super::{Frame, IndicatorError, MAType, core, ema_of, numbers, padded, period, real, with_signal};

/// `name = function lookback (parameters) [further arguments] -> (outputs)`
macro_rules! of_source {
    ($($(#[$note:meta])* $name:ident = $function:ident $lookback:ident ($($p:ident: $kind:ident),*) [$($fixed:expr),*] -> ($($out:ident),+);)+) => {$(
        $(#[$note])*
        pub(crate) mod $name {
            #[allow(unused_imports, reason = "not every function takes every kind of parameter")]
            use super::{Frame, IndicatorError, MAType, core, numbers, padded, period, real};

            pub(crate) fn warm_up(params: &[f64]) -> f64 {
                let [$($p),*] = numbers(params);
                core().$lookback($($kind($p),)* $($fixed),*).map_or(0.0, |bars| bars as f64)
            }

            pub(crate) fn compute(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
                let [$($p),*] = numbers(params);
                frame.source.on_runs(|run| {
                    padded(
                        stringify!($name),
                        run.len(),
                        core().$lookback($($kind($p),)* $($fixed),*),
                        |end, [$($out),+]| core().$function(0, end, run, $($kind($p),)* $($fixed,)* $($out),+),
                    )
                })
                .map(Vec::from)
            }
        }
    )+};
}

of_source! {
    ema = ema ema_lookback (n: period) [] -> (out);
    wma = wma wma_lookback (n: period) [] -> (out);
    dema = dema dema_lookback (n: period) [] -> (out);
    tema = tema tema_lookback (n: period) [] -> (out);
    trima = trima trima_lookback (n: period) [] -> (out);
    kama = kama kama_lookback (n: period) [] -> (out);
    rma = rma rma_lookback (n: period) [] -> (out);
    t3 = t3 t3_lookback (n: period, factor: real) [] -> (out);
    zlema = zlema zlema_lookback (n: period) [] -> (out);
    mcginley = mcgd mcgd_lookback (n: period) [] -> (out);
    vidya = vidya vidya_lookback (n: period, momentum: period) [] -> (out);
    median = median median_lookback (n: period) [] -> (out);
    linreg = linearreg linearreg_lookback (n: period) [] -> (out);
    linreg_slope = linearreg_slope linearreg_slope_lookback (n: period) [] -> (out);
    trend_correlation = cti cti_lookback (n: period) [] -> (out);
    efficiency = er er_lookback (n: period) [] -> (out);
    vhf = vhf vhf_lookback (n: period) [] -> (out);
    rsi = rsi rsi_lookback (n: period) [] -> (out);
    roc = roc roc_lookback (n: period) [] -> (out);
    mom = mom mom_lookback (n: period) [] -> (out);
    cmo = cmo cmo_lookback (n: period) [] -> (out);
    trix = trix trix_lookback (n: period) [] -> (out);
    macd = macd macd_lookback (fast: period, slow: period, signal: period) [] -> (line, average, histogram);
    apo = apo apo_lookback (fast: period, slow: period) [MAType::EMA] -> (out);
    ppo_line = ppo ppo_lookback (fast: period, slow: period) [MAType::EMA] -> (out);
    tsi_line = tsi tsi_lookback (long: period, short: period) [] -> (out);
    kst = kst kst_lookback (
        roc1: period, roc2: period, roc3: period, roc4: period,
        sma1: period, sma2: period, sma3: period, sma4: period, signal: period
    ) [] -> (line, average);
    coppock = coppock coppock_lookback (smooth: period, short: period, long: period) [] -> (out);
    connors_rsi = crsi crsi_lookback (n: period, streak: period, rank: period) [] -> (out);
    schaff = stc stc_lookback (fast: period, slow: period, cycle: period) [] -> (out);
    stochrsi = stochrsi stochrsi_lookback (n: period, k: period, d: period) [MAType::SMA] -> (fast_k, fast_d);
    rvi = rvi rvi_lookback (n: period, deviation: period) [] -> (out);
    stddev = stddev stddev_lookback (n: period) [1.0] -> (out);
    percent_rank = percentrank percentrank_lookback (n: period) [] -> (out);
}

/// Bollinger's bands with the library's deviation; the width applies to both sides.
pub(crate) fn bollinger(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, width] = numbers(params);
    let n = period(n);
    frame
        .source
        .on_runs(|run| {
            let lookback = core().bbands_lookback(n, width, width, MAType::SMA);
            padded("bollinger", run.len(), lookback, |end, [upper, mid, lower]| {
                core().bbands(0, end, run, n, width, width, MAType::SMA, upper, mid, lower)
            })
        })
        .map(Vec::from)
}

/// Where the source stands between its Bollinger bands.
pub(crate) fn bollinger_percent(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, width] = numbers(params);
    let n = period(n);
    frame
        .source
        .on_runs(|run| {
            let lookback = core().percentb_lookback(n, width, width, MAType::SMA);
            padded("bollinger_percent", run.len(), lookback, |end, [out]| {
                core().percentb(0, end, run, n, width, width, MAType::SMA, out)
            })
        })
        .map(Vec::from)
}

/// Distance of the Bollinger bands in percent of the middle.
pub(crate) fn bollinger_width(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, width] = numbers(params);
    let n = period(n);
    frame
        .source
        .on_runs(|run| {
            let lookback = core().bbw_lookback(n, width, width, MAType::SMA);
            padded("bollinger_width", run.len(), lookback, |end, [out]| {
                core().bbw(0, end, run, n, width, width, MAType::SMA, out)
            })
        })
        .map(Vec::from)
}

/// Arnaud Legoux's average; the offset comes before the sigma, as charts ask for them.
pub(crate) fn alma(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n, offset, sigma] = numbers(params);
    let n = period(n);
    frame
        .source
        .on_runs(|run| {
            padded(
                "alma",
                run.len(),
                core().alma_lookback(n, sigma, offset),
                |end, [out]| core().alma(0, end, run, n, sigma, offset, out),
            )
        })
        .map(Vec::from)
}

/// The percentage price oscillator with its signal line.
pub(crate) fn ppo(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [fast, slow, signal] = numbers(params);
    let line = ppo_line::compute(frame, &[fast, slow])?.into_iter().next();
    with_signal(line.unwrap_or_default(), signal)
}

/// The true strength index with its signal line.
pub(crate) fn tsi(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [long, short, signal] = numbers(params);
    let line = tsi_line::compute(frame, &[long, short])?
        .into_iter()
        .next()
        .unwrap_or_default();
    let signal = ema_of(&line, signal)?;
    Ok(vec![line, signal])
}

/// Correlation of the source with the close, over the runs in which both have numbers.
pub(crate) fn correlation(frame: &Frame<'_>, params: &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError> {
    let [n] = numbers(params);
    let n = period(n);
    let pairs: Vec<(f64, f64)> = frame
        .source
        .values
        .iter()
        .copied()
        .zip(frame.bars.close.iter().copied())
        .collect();
    let known = |pair: &(f64, f64)| pair.0.is_finite() && pair.1.is_finite();
    let mut out = Vec::with_capacity(pairs.len());
    for run in pairs.chunk_by(|a, b| known(a) == known(b)) {
        if !run.first().is_some_and(known) {
            out.resize(out.len() + run.len(), f64::NAN);
            continue;
        }
        let (a, b): (Vec<f64>, Vec<f64>) = run.iter().copied().unzip();
        let lookback = core().correl_lookback(n);
        let [part] = padded("correlation", run.len(), lookback, |end, [out]| {
            core().correl(0, end, &a, &b, n, out)
        })?;
        out.extend(part);
    }
    Ok(vec![out])
}
