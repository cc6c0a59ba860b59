//! Sweeps as jobs, kept with what they were asked for.

use std::num::NonZeroUsize;

use promptpal_backtest::{Axis, AxisError, Sweep, sweep_runs};
use promptpal_domain::{SeriesId, Span, SweepId, SweepSummary, Timestamp};
use promptpal_store::NewSweep;
use serde::Serialize;

use super::{SweepPlan, SweepRun, Timing};
use crate::bus::Event;
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::requests::{JobRequest, SweepRequest};
use crate::{App, AppError};

/// Most runs of a sweep that is kept and shown; without a window there may be more.
pub const MOST_KEPT_RUNS: usize = 10_000;

/// Sweeps listed.
const LISTED: u32 = 200;

/// A stored sweep.
#[derive(Clone, Debug, Serialize)]
pub struct SweepOutcome {
    /// Its number.
    #[serde(serialize_with = "sweep_number")]
    pub sweep: SweepId,
    /// How many sets of parameters were tried.
    pub runs: usize,
    /// How long it took.
    pub timing: Timing,
}

fn sweep_number<S: serde::Serializer>(sweep: &SweepId, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i64(sweep.0)
}

/// A sweep in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepLine {
    /// What it is of.
    pub summary: SweepSummary,
    /// The series it ran on, while that is stored.
    pub series: Option<SeriesId>,
}

/// A stored sweep in full.
#[derive(Clone, Debug)]
pub struct SweepView {
    /// Its line in the list.
    pub line: SweepLine,
    /// What was asked for.
    pub request: SweepRequest,
    /// All its rows, and what is known of them together.
    pub sweep: Sweep,
}

impl App {
    /// Sweeps a strategy over stored candles and news and stores what came of it.
    pub(crate) async fn sweep_and_keep(
        &self,
        request: &SweepRequest,
        progress: &Progress,
    ) -> Result<SweepOutcome, AppError> {
        let SweepRequest { run, axes } = request;
        let axes: Vec<Axis> = axes
            .iter()
            .map(|axis| Axis::range(&axis.name, axis.from, axis.to, axis.step))
            .collect::<Result<_, AxisError>>()
            .map_err(|error| AppError::invalid(error.to_string(), "Change the values that are tried."))?;
        // What is tried of a parameter stands in place of its value.
        let mut run = run.clone();
        run.terms
            .params
            .retain(|(name, _)| axes.iter().all(|axis| axis.name() != name));
        let script = self.script_of(&run).await?;
        let runs = sweep_runs(&script, &axes, &run.terms.params)?;
        if runs > MOST_KEPT_RUNS {
            return Err(AppError::invalid(
                format!("that is {runs} runs, and {MOST_KEPT_RUNS} are the most that are kept"),
                "Try fewer values, or use the command line, which keeps none.",
            ));
        }
        let series = self.store().series(SeriesId(run.series)).await?;
        progress.phase(
            Step::Testing.of([run.strategy.clone(), series.key.to_string()]),
            Unit::Runs,
            Some(runs as u64),
        );
        // One core is left to the window.
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let plan = SweepPlan {
            axes,
            threads: cores.saturating_sub(1).max(1),
        };
        let counted = progress.clone();
        let cancel = progress.cancel_token().clone();
        let found = self
            .swept(&run, script, plan, cancel, move || counted.advance(1))
            .await?;
        let SweepRun { sweep, timing } = found;
        let end = series.key.interval.next(Timestamp::from_millis(sweep.last_bar));
        let span = Span::new(Timestamp::from_millis(sweep.first_bar), end);
        let internal = |error: &dyn std::fmt::Display| AppError::Internal(error.to_string());
        let id = self
            .store()
            .put_sweep(NewSweep {
                strategy: run.strategy.clone(),
                series: series.key,
                span: span.map_err(|error| internal(&error))?,
                axes: sweep.axes.clone(),
                runs: runs as u64,
                finished: self.inner.clock.now(),
                hash: sweep.hash.clone(),
                request: serde_json::to_value(JobRequest::Sweep(request.clone()))
                    .map_err(|error| internal(&error))?,
                result: serde_json::to_vec(&sweep).map_err(|error| internal(&error))?,
            })
            .await?;
        self.bus().announce(Event::SweepFinished(id));
        Ok(SweepOutcome {
            sweep: id,
            runs,
            timing,
        })
    }

    /// The newest sweeps.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn sweeps(&self) -> Result<Vec<SweepLine>, AppError> {
        let stored = self.store().list_series().await?;
        let line = |summary: SweepSummary| SweepLine {
            series: stored
                .iter()
                .find(|series| series.key == summary.series)
                .map(|series| series.id),
            summary,
        };
        Ok(self.store().sweeps(LISTED).await?.into_iter().map(line).collect())
    }

    /// A stored sweep with all its rows.
    ///
    /// # Errors
    /// [`AppError::Store`], and [`AppError::Invalid`] for one that another version stored.
    pub async fn sweep_report(&self, id: SweepId) -> Result<SweepView, AppError> {
        let stored = self.store().sweep(id).await?;
        let series = self.store().find_series(&stored.summary.series).await?;
        let line = SweepLine {
            series: series.map(|series| series.id),
            summary: stored.summary,
        };
        let read = tokio::task::spawn_blocking(move || {
            let request: JobRequest = serde_json::from_value(stored.request)?;
            let sweep: Sweep = serde_json::from_slice(&stored.result)?;
            Ok::<_, serde_json::Error>((request, sweep))
        });
        match read.await? {
            Ok((JobRequest::Sweep(request), sweep)) => Ok(SweepView { line, request, sweep }),
            _ => Err(AppError::invalid(
                format!("sweep {} was stored by another version", id.0),
                "Run it again.",
            )),
        }
    }

    /// Deletes a sweep. Runs that were made of its rows stay.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn delete_sweep(&self, id: SweepId) -> Result<(), AppError> {
        self.store().delete_sweep(id).await?;
        self.bus().announce(Event::SweepFinished(id));
        Ok(())
    }
}
