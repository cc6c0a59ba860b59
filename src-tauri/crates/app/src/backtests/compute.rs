//! A run over what has been read.

use std::time::Instant;

use cpu_time::ThreadTime;
use promptpal_backtest::{BacktestError, Fills, FundingRate, Inputs, Report, Script, run};
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
    let Material {
        bars,
        points,
        minutes,
        funding,
    } = material;
    let mut config = config_of(terms, script)?;
    let prepared = Instant::now();
    let mut inputs = Inputs::new(&bars, &points)?;
    if !funding.is_empty() {
        inputs = inputs.with_funding(&funding)?;
    }
    if let Some(minutes) = minutes.as_ref().filter(|_| config.fills == Fills::Minute) {
        inputs = inputs.with_minutes(minutes)?;
    }
    if terms.fills.is_none() && inputs.fine_share().unwrap_or(0.0) == 0.0 {
        config.fills = Fills::R1;
    }
    let load_s = prepared.elapsed().as_secs_f64();
    let (began, cpu) = (Instant::now(), ThreadTime::now());
    let mut report = match run(script, &terms.params, &inputs, &config, cancel) {
        Err(BacktestError::Cancelled) => return Err(AppError::Cancelled),
        other => other?,
    };
    let timing = Timing {
        load_s,
        engine_s: began.elapsed().as_secs_f64(),
        engine_cpu_s: cpu.elapsed().as_secs_f64(),
    };
    report.strategy = strategy;
    Ok(Finished { report, bars, timing })
}
