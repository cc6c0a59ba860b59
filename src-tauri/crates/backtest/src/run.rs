//! One run from script to report.

use crate::evaluate::{Truths, conditions};
use crate::graph::Plan;
use crate::simulate::{ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, simulate};
use crate::truth::TRUE;
use crate::{BacktestError, Benchmark, Config, ENGINE_VERSION, Inputs, Metrics, Report, Script, Sides, hash};

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
    let wanted = [plan.enter_long, plan.exit_long, plan.enter_short, plan.exit_short];
    let used = [
        config.side.long(),
        config.side.long(),
        config.side.short(),
        config.side.short(),
    ];
    let mut wanted_used = wanted;
    for (signal, used) in wanted_used.iter_mut().zip(used) {
        *signal = signal.filter(|_| used);
    }
    let columns = conditions(&plan.graph, wanted_used, inputs, cancel)?;
    let bars = inputs.bars();
    let signals = packed(columns, bars.len());
    let outcome = simulate(bars, &signals, plan.stops, config, cancel)?;
    let (metrics, monthly) = Metrics::of(&outcome, inputs, config);
    let benchmark = Benchmark::of(inputs, config);
    let mut report = Report {
        schema: 1,
        engine: ENGINE_VERSION.to_owned(),
        strategy: script.name().to_owned(),
        hash: hash::run_hash(inputs, script.source(), &params, config),
        params,
        config: config.clone(),
        fills: "r1".to_owned(),
        interval: bars.interval.to_string(),
        first_bar: bars.open_time.first().copied().unwrap_or_default(),
        last_bar: bars.open_time.last().copied().unwrap_or_default(),
        bars: bars.len(),
        gaps: inputs.gaps(),
        trades: outcome.trades,
        open_position: outcome.open_position,
        metrics,
        benchmark,
        monthly,
        warnings: Vec::new(),
        equity: outcome.equity,
    };
    report.warnings = warnings(&report, &plan);
    Ok(report)
}

/// One byte a bar with a bit for each signal that is true.
fn packed(columns: [Option<Truths>; 4], len: usize) -> Vec<u8> {
    let mut signals = vec![0_u8; len];
    for (column, bit) in columns
        .into_iter()
        .zip([ENTER_LONG, EXIT_LONG, ENTER_SHORT, EXIT_SHORT])
    {
        // All ones where the condition is true: bytes have no vector shift.
        let marked = |truth: u8| 0_u8.wrapping_sub(truth & TRUE) & bit;
        match column {
            Some(Truths::Column(column)) => {
                for (signal, truth) in signals.iter_mut().zip(column) {
                    *signal |= marked(truth);
                }
            }
            Some(Truths::Always(truth)) => {
                for signal in &mut signals {
                    *signal |= marked(truth);
                }
            }
            None => {}
        }
    }
    signals
}

fn warnings(report: &Report, plan: &Plan) -> Vec<String> {
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
            "{} entries were not made because the cash did not pay for them.",
            report.metrics.refused_entries
        ));
    }
    if report.equity.iter().any(|equity| *equity <= 0.0) {
        warnings.push(
            "The equity fell to zero or below. An exchange would have liquidated the position; this engine does not, so \
             figures after that are not meaningful."
                .to_owned(),
        );
    }
    if report.trades.is_empty() && report.open_position.is_none() {
        warnings.push("The strategy never traded on these bars.".to_owned());
    }
    warnings
}
