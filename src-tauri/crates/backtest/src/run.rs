//! One run from script to report.

use crate::execution::{Market, Outcome, execute};
use crate::instructions::instructions;
use crate::metrics::Blocks;
use crate::plan::Plan;
use crate::{
    BacktestError, Benchmark, Config, ENGINE_VERSION, Fills, Inputs, Metrics, Report, Script, Sides, hash,
};

const QUARTER_MS: i64 = 90 * 86_400_000;

/// Runs a strategy over the inputs. Parameters not given take their defaults.
///
/// `cancel` is asked between columns and every 4,096 bars of the execution; when it returns `true` the run ends with
/// [`BacktestError::Cancelled`].
///
/// # Errors
/// [`BacktestError`] for parameters out of bounds, a script at fault, settings that make no sense, too large a strategy, or
/// a cancelled run.
pub fn run(
    script: &Script,
    params: &[(String, f64)],
    inputs: &Inputs<'_>,
    config: &Config,
    cancel: &dyn Fn() -> bool,
) -> Result<Report, BacktestError> {
    config.validate()?;
    let params = script.resolve(params)?;
    let plan = script.plan(&params)?;
    if plan.rotation.is_some() {
        return Err(BacktestError::Rotation(
            "this strategy rotates over several symbols: name two or more",
        ));
    }
    let minutes = match config.fills {
        Fills::R1 => None,
        Fills::Minute => Some(inputs.minutes().ok_or(BacktestError::NoFinerBars)?),
    };
    let instructions = instructions(&plan, inputs, config, &|_| None, cancel)?;
    let bars = inputs.bars();
    let market = Market {
        bars,
        minutes,
        funding: inputs.funding(),
        even_step: inputs.even_step(),
    };
    let outcome = execute(market, &instructions, config, cancel)?;
    Ok(report(script, params, &plan, inputs, config, outcome))
}

/// What happened, measured.
pub(crate) fn report(
    script: &Script,
    params: Vec<(String, f64)>,
    plan: &Plan,
    inputs: &Inputs<'_>,
    config: &Config,
    outcome: Outcome,
) -> Report {
    let bars = inputs.bars();
    let (metrics, monthly, lowest) = Metrics::of(&outcome, inputs, config, &mut Blocks::default());
    let benchmark = Benchmark::of(inputs, config);
    let mut report = Report {
        schema: 1,
        engine: ENGINE_VERSION.to_owned(),
        strategy: script.name().to_owned(),
        hash: hash::run_hash(inputs, script.source(), &params, config),
        params,
        config: config.clone(),
        fills: config.fills.as_str().to_owned(),
        fine_share: inputs.fine_share().filter(|_| config.fills == Fills::Minute),
        interval: bars.interval.to_string(),
        first_bar: bars.open_time.first().copied().unwrap_or_default(),
        last_bar: bars.open_time.last().copied().unwrap_or_default(),
        bars: bars.len(),
        gaps: inputs.gaps(),
        trades: outcome.trades,
        symbols: Vec::new(),
        open_position: outcome.open_position,
        open_positions: Vec::new(),
        metrics,
        benchmark,
        monthly,
        warnings: Vec::new(),
        equity: outcome.equity,
    };
    report.warnings = warnings(&report, plan, lowest);
    report
}

fn warnings(report: &Report, plan: &Plan, lowest_equity: f64) -> Vec<String> {
    let mut warnings = Vec::new();
    if report.last_bar - report.first_bar < QUARTER_MS {
        warnings.push(
            "The span is shorter than 90 days: annualised figures (Sharpe, Sortino, Calmar, annual return) say little."
                .to_owned(),
        );
    }
    if report.gaps > 0 {
        let places = if report.gaps == 1 { "place" } else { "places" };
        warnings.push(format!(
            "Bars are missing in {} {places}; they were not filled in, so averages span the holes.",
            report.gaps
        ));
    }
    match report.config.side {
        _ if plan.rotation.is_some() => {}
        Sides::Long if plan.enter_short.is_some() && plan.enter_long.is_none() => {
            warnings.push(
                "The strategy only sells short, and short is not traded: choose side short or both."
                    .to_owned(),
            );
        }
        Sides::Short if plan.enter_short.is_none() => {
            warnings.push("The strategy never sells short: choose side long.".to_owned());
        }
        _ => {}
    }
    if report.metrics.refused_entries > 0 {
        warnings.push(format!(
            "{} entries were not made: the cash did not pay for them, or they were too small for the exchange.",
            report.metrics.refused_entries
        ));
    }
    fill_warnings(report, &mut warnings);
    if report.config.margin.is_none() && lowest_equity <= 0.0 {
        warnings.push(
            "The equity fell to zero or below. An exchange would have liquidated the position; without a \
             margin account (a leverage) this engine does not, so figures after that are not meaningful."
                .to_owned(),
        );
    }
    if report.trades.is_empty() && report.open_position.is_none() {
        warnings.push("The strategy never traded on these bars.".to_owned());
    }
    warnings
}

/// What the fills leave open.
fn fill_warnings(report: &Report, warnings: &mut Vec<String>) {
    let metrics = &report.metrics;
    if metrics.ambiguous_fills > 0 {
        let what = match report.config.fills {
            Fills::R1 => "bars hold both stop and target",
            Fills::Minute => "minutes do not say which of two prices came first",
        };
        warnings.push(format!(
            "{} {what}; the worse was taken.",
            metrics.ambiguous_fills
        ));
    }
    if let Some(share) = report.fine_share.filter(|share| *share < 1.0) {
        warnings.push(format!(
            "Finer bars cover {:.1} % of the span; elsewhere stops were watched on the tested bars.",
            share * 100.0
        ));
    }
    if metrics.margin_calls > 0 {
        warnings.push(format!("{} margin calls came.", metrics.margin_calls));
    }
    if metrics.liquidations > 0 {
        warnings.push(format!(
            "The exchange closed {} positions because too little equity was left.",
            metrics.liquidations
        ));
    }
}
