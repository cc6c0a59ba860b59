//! A run over what has been read.

use std::time::{Duration, Instant};

use cpu_time::{ProcessTime, ThreadTime};
use promptpal_backtest::{
    Axis, BacktestError, Config, Fills, FundingRate, Inputs, Leg, Pace, Report, Script, Sweep, run,
    run_rotation, sweep,
};
use promptpal_domain::{Bars, SentimentPoint};
use serde::Serialize;

use super::config::config_of;
use crate::AppError;
use crate::requests::Terms;

/// How long the parts of a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Timing {
    /// Reading and checking the bars and taking their fingerprint, in seconds.
    pub load_s: f64,
    /// The engine, in seconds.
    pub engine_s: f64,
    /// The engine's processor time, in seconds.
    pub engine_cpu_s: f64,
}

/// What a run looks at.
pub(super) struct Material {
    pub(super) bars: Bars,
    pub(super) points: Vec<SentimentPoint>,
    pub(super) minutes: Option<Bars>,
    pub(super) funding: Vec<FundingRate>,
}

/// One of the symbols of a rotation.
pub(super) struct LegMaterial {
    pub(super) name: String,
    pub(super) bars: Bars,
    pub(super) points: Vec<SentimentPoint>,
}

/// A finished run with the bars it was made on.
pub(super) struct Finished {
    pub(super) report: Report,
    pub(super) bars: Bars,
    pub(super) timing: Timing,
}

/// Runs a script by the terms. `cancel` is asked now and then.
///
/// # Errors
/// [`AppError::Backtest`], [`AppError::Cancelled`].
pub(super) fn compute(
    script: &Script,
    strategy: String,
    material: Material,
    terms: &Terms,
    cancel: &dyn Fn() -> bool,
) -> Result<Finished, AppError> {
    let prepared = Instant::now();
    let (inputs, config) = inputs_of(&material, script, terms)?;
    let load_s = prepared.elapsed().as_secs_f64();
    let cpu = ThreadTime::now();
    let (mut report, timing) = measured(
        load_s,
        || cpu.elapsed(),
        || run(script, &terms.params, &inputs, &config, cancel),
    )?;
    report.strategy = strategy;
    Ok(Finished {
        report,
        bars: material.bars,
        timing,
    })
}

/// Runs a script with every combination of the axes' values.
///
/// # Errors
/// [`AppError::Backtest`], [`AppError::Cancelled`].
pub(super) fn compute_sweep(
    script: &Script,
    strategy: String,
    material: &Material,
    terms: &Terms,
    axes: &[Axis],
    pace: Pace<'_>,
) -> Result<(Sweep, Timing), AppError> {
    let prepared = Instant::now();
    let (inputs, config) = inputs_of(material, script, terms)?;
    let load_s = prepared.elapsed().as_secs_f64();
    let cpu = ProcessTime::now();
    let (mut found, timing) = measured(
        load_s,
        || cpu.elapsed(),
        || sweep(script, axes, &terms.params, &inputs, &config, pace),
    )?;
    found.strategy = strategy;
    Ok((found, timing))
}

/// Lets the engine work and measures it; `cpu` tells the processor time since before.
fn measured<T>(
    load_s: f64,
    cpu: impl FnOnce() -> Duration,
    work: impl FnOnce() -> Result<T, BacktestError>,
) -> Result<(T, Timing), AppError> {
    let began = Instant::now();
    let outcome = match work() {
        Err(BacktestError::Cancelled) => return Err(AppError::Cancelled),
        other => other?,
    };
    let timing = Timing {
        load_s,
        engine_s: began.elapsed().as_secs_f64(),
        engine_cpu_s: cpu().as_secs_f64(),
    };
    Ok((outcome, timing))
}

/// The checked inputs and the account. Finer bars are used where the terms want them or leave it open, and there are any.
fn inputs_of<'m>(
    material: &'m Material,
    script: &Script,
    terms: &Terms,
) -> Result<(Inputs<'m>, Config), AppError> {
    let mut config = config_of(terms, script)?;
    let mut inputs = Inputs::new(&material.bars, &material.points)?;
    if !material.funding.is_empty() {
        inputs = inputs.with_funding(&material.funding)?;
    }
    if let Some(minutes) = material
        .minutes
        .as_ref()
        .filter(|_| config.fills == Fills::Minute)
    {
        inputs = inputs.with_minutes(minutes)?;
    }
    if terms.fills.is_none() && inputs.fine_share().unwrap_or(0.0) == 0.0 {
        config.fills = Fills::R1;
    }
    Ok((inputs, config))
}

/// Runs a script that rotates over several symbols by the terms. `cancel` is asked now and then.
///
/// # Errors
/// [`AppError::Invalid`] for funding or finer candles, which a rotation has no use for; [`AppError::Backtest`],
/// [`AppError::Cancelled`].
pub(super) fn compute_rotation(
    script: &Script,
    strategy: String,
    legs: &[LegMaterial],
    terms: &Terms,
    cancel: &dyn Fn() -> bool,
) -> Result<Finished, AppError> {
    if terms.funding.is_some() || terms.minutes.is_some() {
        return Err(AppError::invalid(
            "a rotation trades at opens and holds no contracts: it takes neither funding rates nor finer candles",
            "Leave them out.",
        ));
    }
    let terms = Terms {
        fills: terms.fills.or(Some(Fills::R1)),
        ..terms.clone()
    };
    let config = config_of(&terms, script)?;
    let prepared = Instant::now();
    let mut inputs = Vec::with_capacity(legs.len());
    for leg in legs {
        inputs.push(Leg {
            name: leg.name.clone(),
            inputs: Inputs::new(&leg.bars, &leg.points)?,
        });
    }
    let load_s = prepared.elapsed().as_secs_f64();
    let cpu = ThreadTime::now();
    let ((mut report, bars), timing) = measured(
        load_s,
        || cpu.elapsed(),
        || run_rotation(script, &terms.params, &inputs, &config, cancel),
    )?;
    report.strategy = strategy;
    Ok(Finished { report, bars, timing })
}
