//! Sweeps: a strategy over every combination of some values of its parameters.
//!
//! The runs are planned first. What several of them compute alike is computed once ([`shared`]), then each run borrows it. A row is
//! what a run alone would give, to the last bit, on any number of threads.

mod axis;
mod shared;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::execution::{Market, execute};
use crate::graph::NodeId;
use crate::instructions::instructions;
use crate::plan::Plan;
use crate::report::params_as_map;
use crate::{BacktestError, Benchmark, Config, ENGINE_VERSION, Fills, Inputs, Metrics, Script, hash};
pub use axis::{Axis, AxisError};
use shared::{Shared, Sharing};

const ONE_SYMBOL: &str = "a sweep runs over one symbol, and this strategy rotates over several";

/// Most runs of a sweep.
pub const MAX_SWEEP_RUNS: usize = 100_000;

/// Runs that are planned at once; what they share is found among them.
const PLANNED: usize = 2_000;

/// Bytes that shared columns may take. With more, the runs go in smaller groups, which share less.
const SHARED_LIMIT: usize = 256 << 20;

/// The result of a sweep. Serialised it is the JSON of the command line (schema 1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sweep {
    /// Version of this layout: 1.
    pub schema: u32,
    /// Version of the engine's rules.
    pub engine: String,
    /// Name of the strategy.
    pub strategy: String,
    /// Names of the parameters that were tried, the last one changing fastest.
    pub axes: Vec<String>,
    /// Parameters that were the same in all runs.
    #[serde(with = "params_as_map")]
    pub params: Vec<(String, f64)>,
    /// The account and its costs.
    pub config: Config,
    /// Convention of the fills: `r1` or `minute`.
    pub fills: String,
    /// Length of a bar: `1h`.
    pub interval: String,
    /// Open time of the first bar.
    pub first_bar: i64,
    /// Open time of the last bar.
    pub last_bar: i64,
    /// Number of bars.
    pub bars: usize,
    /// Places between neighbouring bars where at least one is missing.
    pub gaps: usize,
    /// Buying at the first chance and holding to the end, with the same costs.
    pub benchmark: Benchmark,
    /// One for each combination, in order.
    pub rows: Vec<SweepRow>,
    /// SHA-256 over data, engine version, script, parameters and account, lower-case hex: same hash, same rows.
    pub hash: String,
}

/// One combination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepRow {
    /// The values that were tried, in the order of [`Sweep::axes`].
    #[serde(with = "params_as_map")]
    pub params: Vec<(String, f64)>,
    /// The figures, where the run came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Metrics>,
    /// Why there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Runs a strategy with every combination of the axes' values; `params` are those that stay the same. It uses so many `threads`,
/// at least one.
///
/// `cancel` is asked all the time, from all threads.
///
/// # Errors
/// [`BacktestError`] for what is wrong with all runs: axes and parameters, settings, or a cancelled sweep. What is wrong with one
/// combination is a [`SweepRow::problem`].
pub fn sweep(
    script: &Script,
    axes: &[Axis],
    params: &[(String, f64)],
    inputs: &Inputs<'_>,
    config: &Config,
    threads: usize,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Result<Sweep, BacktestError> {
    config.validate()?;
    if script.rotates() {
        return Err(BacktestError::Rotation(ONE_SYMBOL));
    }
    let combinations = axis::combinations(script, axes, params)?;
    let fixed: Vec<(String, f64)> = script
        .resolve(params)?
        .into_iter()
        .filter(|(name, _)| axes.iter().all(|axis| axis.name() != name))
        .collect();
    let minutes = match config.fills {
        Fills::R1 => None,
        Fills::Minute => Some(inputs.minutes().ok_or(BacktestError::NoFinerBars)?),
    };
    let bars = inputs.bars();
    let market = Market {
        bars,
        minutes,
        funding: inputs.funding(),
    };
    let run = SweepRun {
        script,
        params,
        inputs,
        config,
        market,
        cancel,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads.max(1))
        .build()
        .map_err(|error| BacktestError::Threads(error.to_string()))?;
    let rows = pool.install(|| {
        let mut rows = Vec::with_capacity(combinations.len());
        for part in combinations.chunks(PLANNED) {
            rows.extend(run.rows(part)?);
        }
        Ok::<_, BacktestError>(rows)
    })?;
    let tried = combinations.iter().flatten().chain(&fixed);
    Ok(Sweep {
        schema: 1,
        engine: ENGINE_VERSION.to_owned(),
        strategy: script.name().to_owned(),
        axes: axes.iter().map(|axis| axis.name().to_owned()).collect(),
        hash: hash::run_hash(
            inputs,
            script.source(),
            &tried.cloned().collect::<Vec<_>>(),
            config,
        ),
        params: fixed,
        config: config.clone(),
        fills: config.fills.as_str().to_owned(),
        interval: bars.interval.to_string(),
        first_bar: bars.open_time.first().copied().unwrap_or_default(),
        last_bar: bars.open_time.last().copied().unwrap_or_default(),
        bars: bars.len(),
        gaps: inputs.gaps(),
        benchmark: Benchmark::of(inputs, config),
        rows,
    })
}

/// What all runs of a sweep have in common.
struct SweepRun<'a> {
    script: &'a Script,
    params: &'a [(String, f64)],
    inputs: &'a Inputs<'a>,
    config: &'a Config,
    market: Market<'a>,
    cancel: &'a (dyn Fn() -> bool + Sync),
}

/// The values of a combination, and what the script asks for with them.
type Planned<'c> = (&'c [(String, f64)], Result<Plan, BacktestError>);

impl SweepRun<'_> {
    fn rows(&self, combinations: &[Vec<(String, f64)>]) -> Result<Vec<SweepRow>, BacktestError> {
        let plan = |tried: &[(String, f64)]| {
            // What is given last counts.
            let params: Vec<(String, f64)> = self.params.iter().chain(tried).cloned().collect();
            let plan = self.script.plan(&self.script.resolve(&params)?)?;
            if plan.rotation.is_some() {
                return Err(BacktestError::Rotation(ONE_SYMBOL));
            }
            Ok(plan)
        };
        let planned: Vec<Planned<'_>> = combinations
            .par_iter()
            .map(|tried| (tried.as_slice(), plan(tried)))
            .collect();
        if (self.cancel)() {
            return Err(BacktestError::Cancelled);
        }
        self.group(&planned)
    }

    /// Runs what has been planned, in two halves where the shared columns would take too much memory.
    fn group(&self, planned: &[Planned<'_>]) -> Result<Vec<SweepRow>, BacktestError> {
        let plans: Vec<Option<&Plan>> = planned.iter().map(|(_, plan)| plan.as_ref().ok()).collect();
        let mut sharing = Sharing::of(&plans, self.config);
        if planned.len() > 1 && sharing.bytes(self.inputs.bars().len()) > SHARED_LIMIT {
            let (first, second) = planned.split_at(planned.len() / 2);
            let mut rows = self.group(first)?;
            rows.extend(self.group(second)?);
            return Ok(rows);
        }
        let longer = match sharing.longer_bars(self.inputs) {
            Ok(longer) => longer,
            // Some runs ask for bars that cannot be made; each will find out for itself.
            Err(_) => {
                sharing = Sharing::of(&[], self.config);
                Vec::new()
            }
        };
        let shared = sharing.compute(self.inputs, &longer, self.cancel)?;
        planned
            .par_iter()
            .enumerate()
            .map(|(number, (tried, plan))| {
                let metrics = match plan {
                    Ok(plan) => self.metrics(plan, number, &shared),
                    Err(error) => Err(error.clone()),
                };
                let (metrics, problem) = match metrics {
                    Err(BacktestError::Cancelled) => return Err(BacktestError::Cancelled),
                    Ok(metrics) => (Some(metrics), None),
                    Err(error) => (None, Some(error.to_string())),
                };
                Ok(SweepRow {
                    params: tried.to_vec(),
                    metrics,
                    problem,
                })
            })
            .collect()
    }

    fn metrics(&self, plan: &Plan, number: usize, shared: &Shared<'_>) -> Result<Metrics, BacktestError> {
        let known = |id: NodeId| shared.value(number, id);
        let instructions = instructions(plan, self.inputs, self.config, &known, &self.cancel)?;
        let outcome = execute(self.market, &instructions, self.config, &self.cancel)?;
        Ok(Metrics::of(&outcome, self.inputs, self.config).0)
    }
}
