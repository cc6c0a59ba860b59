//! Sweeps: a strategy over every combination of some values of its parameters. Here they are kept nowhere; `sweep_job` keeps them.

use std::path::Path;
use std::time::Instant;

use promptpal_backtest::{Axis, FIGURES, Metrics, Pace, Script, Sweep};
use promptpal_domain::{SeriesId, Span};
use serde::Serialize;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::compute::{Material, Timing, compute_sweep};
use super::files::material_of;
use crate::requests::{BacktestRequest, Terms};
use crate::{App, AppError};

/// A finished sweep.
#[derive(Clone, Debug, Serialize)]
pub struct SweepRun {
    /// Its rows and what they have in common.
    #[serde(flatten)]
    pub sweep: Sweep,
    /// What took how long.
    pub timing: Timing,
}

/// What is tried.
#[derive(Clone, Debug)]
pub struct SweepPlan {
    /// Parameters and their values.
    pub axes: Vec<Axis>,
    /// Threads that share the runs.
    pub threads: usize,
}

impl SweepRun {
    /// The numbers of the rows, those with the largest figure of this name ([`FIGURES`]) first; rows without it come last, in their
    /// order.
    #[must_use]
    pub fn ranked(&self, figure: &str) -> Vec<usize> {
        let value = |metrics: &Metrics| {
            let fields = serde_json::to_value(metrics).unwrap_or_default();
            fields.get(figure).and_then(Value::as_f64)
        };
        let values: Vec<f64> = self
            .sweep
            .rows
            .iter()
            .map(|row| row.metrics.as_ref().and_then(value).unwrap_or(f64::NEG_INFINITY))
            .collect();
        let mut order: Vec<usize> = (0..values.len()).collect();
        let at = |row: &usize| values.get(*row).copied().unwrap_or(f64::NEG_INFINITY);
        order.sort_by(|a, b| at(b).total_cmp(&at(a)));
        order
    }

    /// Writes the rows to a file, which appears when it is complete: as CSV for `.csv` (the parameters that were tried, then every
    /// figure), else as JSON.
    ///
    /// # Errors
    /// [`AppError::Store`] for a file that cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), AppError> {
        let is_csv = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let contents = if is_csv {
            self.csv().into_bytes()
        } else {
            serde_json::to_vec(&self.sweep).map_err(|error| AppError::Internal(error.to_string()))?
        };
        Ok(promptpal_store::write_file(path, &contents)?)
    }

    fn csv(&self) -> String {
        let mut text = self.sweep.axes.join(",");
        for figure in FIGURES {
            text.push(',');
            text.push_str(figure.id);
        }
        text.push_str(",problem\n");
        for row in &self.sweep.rows {
            let tried: Vec<String> = row.params.iter().map(|(_, value)| value.to_string()).collect();
            text.push_str(&tried.join(","));
            let fields = serde_json::to_value(&row.metrics).unwrap_or_default();
            for figure in FIGURES {
                text.push(',');
                if let Some(value) = fields.get(figure.id).filter(|value| !value.is_null()) {
                    text.push_str(&value.to_string());
                }
            }
            let problem = row.problem.as_deref().unwrap_or_default();
            text.push_str(&format!(",{}\n", quoted(problem)));
        }
        text
    }
}

/// A text as a field of CSV.
fn quoted(text: &str) -> String {
    if text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// Sweeps a script over a CSV of candles. It needs no store and keeps nothing; it takes this thread for as long as it lasts.
///
/// # Errors
/// [`AppError::File`], [`AppError::Backtest`], [`AppError::Script`], and [`AppError::Cancelled`] when `cancel` says so.
pub fn sweep_file(
    strategy: &str,
    source: &str,
    file: &Path,
    span: Span,
    terms: &Terms,
    plan: &SweepPlan,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Result<SweepRun, AppError> {
    let began = Instant::now();
    let script = Script::compile(source)?;
    let material = material_of(file, span, terms)?;
    let load_s = began.elapsed().as_secs_f64();
    let pace = Pace {
        threads: plan.threads,
        cancel,
        ran: &|| {},
    };
    finished(&script, strategy.to_owned(), &material, terms, plan, load_s, pace)
}

fn finished(
    script: &Script,
    strategy: String,
    material: &Material,
    terms: &Terms,
    plan: &SweepPlan,
    load_s: f64,
    pace: Pace<'_>,
) -> Result<SweepRun, AppError> {
    let (sweep, mut timing) = compute_sweep(script, strategy, material, terms, &plan.axes, pace)?;
    timing.load_s += load_s;
    Ok(SweepRun { sweep, timing })
}

impl App {
    /// Sweeps a strategy over stored candles and news, on threads of its own, until it is done or called off.
    ///
    /// # Errors
    /// As [`sweep_file`], and [`AppError::Store`].
    pub async fn sweep(
        &self,
        request: &BacktestRequest,
        plan: SweepPlan,
        cancel: CancellationToken,
    ) -> Result<SweepRun, AppError> {
        let script = self.script_of(request).await?;
        self.swept(request, script, plan, cancel, || {}).await
    }

    /// Sweeps a script over what is stored; `ran` is called after each run.
    pub(super) async fn swept(
        &self,
        request: &BacktestRequest,
        script: Script,
        plan: SweepPlan,
        cancel: CancellationToken,
        ran: impl Fn() + Send + Sync + 'static,
    ) -> Result<SweepRun, AppError> {
        if !request.others.is_empty() {
            return Err(AppError::invalid(
                "a sweep runs over one symbol",
                "Name one, or leave the sweep out.",
            ));
        }
        let series = self.store().series(SeriesId(request.series)).await?;
        let span = Self::limited(&series, request.from, request.to)?;
        let began = Instant::now();
        let material = self.material_of(&series, span, &script, &request.terms).await?;
        let load_s = began.elapsed().as_secs_f64();
        let (strategy, terms) = (request.strategy.clone(), request.terms.clone());
        tokio::task::spawn_blocking(move || {
            let pace = Pace {
                threads: plan.threads,
                cancel: &|| cancel.is_cancelled(),
                ran: &ran,
            };
            finished(&script, strategy, &material, &terms, &plan, load_s, pace)
        })
        .await?
    }
}
