//! Sweeps: a strategy over every combination of some values of its parameters.
//!
//! The runs are planned first. What several of them compute alike is computed once ([`shared`]), then each run borrows it. A row is
//! what a run alone would give, to the last bit, on any number of threads.

mod axis;
mod shared;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::evaluate::Value;
use crate::execution::{Market, Outcome, execute};
use crate::graph::NodeId;
use crate::instructions::instructions;
use crate::metrics::{Blocks, PartSums, Shape};
use crate::overfitting::Trials;
use crate::plan::Plan;
use crate::report::params_as_map;
use crate::{
    BacktestError, Benchmark, Config, ENGINE_VERSION, Fills, Inputs, Metrics, Overfitting, Script, hash,
};
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
    /// How far the best of them can be believed.
    pub overfitting: Overfitting,
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

/// How a sweep works, and with whom it talks meanwhile.
#[derive(Clone, Copy)]
pub struct Pace<'a> {
    /// Threads that share the runs, at least one.
    pub threads: usize,
    /// Asked all the time, from all threads, whether to stop.
    pub cancel: &'a (dyn Fn() -> bool + Sync),
    /// Told of every run that has ended, from all threads.
    pub ran: &'a (dyn Fn() + Sync),
}

impl std::fmt::Debug for Pace<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pace")
            .field("threads", &self.threads)
            .finish_non_exhaustive()
    }
}

/// How many runs a sweep has.
///
/// # Errors
/// [`BacktestError`] for axes and parameters that the script does not take, and for too many runs.
pub fn sweep_runs(script: &Script, axes: &[Axis], params: &[(String, f64)]) -> Result<usize, BacktestError> {
    Ok(axis::combinations(script, axes, params)?.len())
}

/// Runs a strategy with every combination of the axes' values; `params` are those that stay the same.
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
    pace: Pace<'_>,
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
        even_step: inputs.even_step(),
    };
    let run = SweepRun {
        script,
        params,
        inputs,
        config,
        market,
        pace,
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(pace.threads.max(1))
        .build()
        .map_err(|error| BacktestError::Threads(error.to_string()))?;
    let (rows, overfitting) = pool.install(|| {
        let mut rows = Vec::with_capacity(combinations.len());
        let mut trials = Trials::over(bars.len());
        for part in combinations.chunks(PLANNED) {
            for (row, sums) in run.rows(part, trials.parts())? {
                if let Some(metrics) = &row.metrics {
                    trials.add(rows.len(), metrics, &sums);
                }
                rows.push(row);
            }
        }
        let shape = |row: usize| run.shape(combinations.get(row).map(Vec::as_slice).unwrap_or_default());
        let overfitting = trials.judge(shape, pace.cancel)?;
        Ok::<_, BacktestError>((rows, overfitting))
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
        overfitting,
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
    pace: Pace<'a>,
}

/// The values of a combination, and what the script asks for with them.
type Planned<'c> = (&'c [(String, f64)], Result<Plan, BacktestError>);

/// A row, and what its returns sum up to in each part of the span.
type Ran = (SweepRow, Vec<PartSums>);

impl SweepRun<'_> {
    /// Runs the combinations, and sums their returns up in so many `parts`.
    fn rows(&self, combinations: &[Vec<(String, f64)>], parts: usize) -> Result<Vec<Ran>, BacktestError> {
        let planned: Vec<Planned<'_>> = combinations
            .par_iter()
            .map(|tried| (tried.as_slice(), self.plan(tried)))
            .collect();
        if (self.pace.cancel)() {
            return Err(BacktestError::Cancelled);
        }
        self.group(&planned, parts)
    }

    fn plan(&self, tried: &[(String, f64)]) -> Result<Plan, BacktestError> {
        // What is given last counts.
        let params: Vec<(String, f64)> = self.params.iter().chain(tried).cloned().collect();
        let plan = self.script.plan(&self.script.resolve(&params)?)?;
        if plan.rotation.is_some() {
            return Err(BacktestError::Rotation(ONE_SYMBOL));
        }
        Ok(plan)
    }

    /// Runs what has been planned, in two halves where the shared columns would take too much memory.
    fn group(&self, planned: &[Planned<'_>], parts: usize) -> Result<Vec<Ran>, BacktestError> {
        let plans: Vec<Option<&Plan>> = planned.iter().map(|(_, plan)| plan.as_ref().ok()).collect();
        let mut sharing = Sharing::of(&plans, self.inputs, self.config);
        if planned.len() > 1 && sharing.bytes(self.inputs.bars().len()) > SHARED_LIMIT {
            let (first, second) = planned.split_at(planned.len() / 2);
            let mut rows = self.group(first, parts)?;
            rows.extend(self.group(second, parts)?);
            return Ok(rows);
        }
        let longer = match sharing.longer_bars(self.inputs) {
            Ok(longer) => longer,
            // Some runs ask for bars that cannot be made; each will find out for itself.
            Err(_) => {
                sharing = Sharing::of(&[], self.inputs, self.config);
                Vec::new()
            }
        };
        let shared = sharing.compute(self.inputs, &longer, self.pace.cancel)?;
        planned
            .par_iter()
            .enumerate()
            .map(|(number, (tried, plan))| {
                let measured = match plan {
                    Ok(plan) => self.measured(plan, number, &shared, parts),
                    Err(error) => Err(error.clone()),
                };
                let (metrics, sums, problem) = match measured {
                    Err(BacktestError::Cancelled) => return Err(BacktestError::Cancelled),
                    Ok((metrics, sums)) => (Some(metrics), sums, None),
                    Err(error) => (None, Vec::new(), Some(error.to_string())),
                };
                (self.pace.ran)();
                let row = SweepRow {
                    params: tried.to_vec(),
                    metrics,
                    problem,
                };
                Ok((row, sums))
            })
            .collect()
    }

    fn measured(
        &self,
        plan: &Plan,
        number: usize,
        shared: &Shared<'_>,
        parts: usize,
    ) -> Result<(Metrics, Vec<PartSums>), BacktestError> {
        let outcome = self.outcome(plan, &|id| shared.value(number, id))?;
        let mut blocks = Blocks::of(self.inputs.bars().len(), parts);
        let (metrics, ..) = Metrics::of(&outcome, self.inputs, self.config, &mut blocks);
        Ok((metrics, blocks.into_sums()))
    }

    fn outcome<'v>(
        &self,
        plan: &Plan,
        known: &dyn Fn(NodeId) -> Option<Value<'v>>,
    ) -> Result<Outcome, BacktestError> {
        let instructions = instructions(plan, self.inputs, self.config, known, &self.pace.cancel)?;
        execute(self.market, &instructions, self.config, &self.pace.cancel)
    }

    /// Runs a combination once more and measures how its returns are spread.
    fn shape(&self, tried: &[(String, f64)]) -> Result<Shape, BacktestError> {
        let outcome = self.outcome(&self.plan(tried)?, &|_| None)?;
        Ok(Shape::of_changes(self.config.cash, &outcome.equity))
    }
}
