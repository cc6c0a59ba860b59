//! Backtests: over stored candles and news, kept as runs and sweeps; or over a file, kept nowhere.

use std::sync::Arc;

use promptpal_backtest::{Fills, FundingRate, Report, Script};
use promptpal_domain::{
    Bars, Interval, RunId, SentimentPoint, Series, SeriesId, SeriesKey, Span, Symbol, Timestamp, Trade,
};
use promptpal_store::{EquityCurve, NewRun};
use serde::Serialize;

use crate::asset::base_and_quote;
use crate::bus::Event;
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::requests::{BacktestRequest, Terms};
use crate::{App, AppError};
pub use compute::Timing;
use compute::{Finished, Material, compute};
use files::read_funding;
pub use files::{FileRun, backtest_files};
pub use sweep_job::{MOST_KEPT_RUNS, SweepLine, SweepOutcome, SweepView};
pub use sweeps::{SweepPlan, SweepRun, sweep_file};

mod compute;
mod config;
mod files;
mod rotation;
mod sweep_job;
mod sweeps;

/// A stored run.
#[derive(Clone, Debug, Serialize)]
pub struct RunOutcome {
    /// Its number.
    #[serde(serialize_with = "run_number")]
    pub run: RunId,
    /// Its full report.
    pub report: Arc<Report>,
    /// How long it took.
    pub timing: Timing,
}

fn run_number<S: serde::Serializer>(run: &RunId, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i64(run.0)
}

impl App {
    pub(crate) async fn backtest(
        &self,
        request: &BacktestRequest,
        progress: &Progress,
    ) -> Result<RunOutcome, AppError> {
        let script = self.script_of(request).await?;
        let series = self.store().series(SeriesId(request.series)).await?;
        if !request.others.is_empty() {
            return self.rotate(request, script, series, progress).await;
        }
        let span = Self::limited(&series, request.from, request.to)?;
        progress.phase(Step::ReadingSeries.of([&series.key]), Unit::Bars, None);
        let began = std::time::Instant::now();
        let material = self.material_of(&series, span, &script, &request.terms).await?;
        let load_s = began.elapsed().as_secs_f64();
        progress.phase(
            Step::Testing.of([request.strategy.clone(), series.key.to_string()]),
            Unit::Bars,
            Some(material.bars.len() as u64),
        );
        let mut finished = self
            .compute(
                script,
                request.strategy.clone(),
                material,
                &request.terms,
                progress,
            )
            .await?;
        finished.timing.load_s += load_s;
        progress.reached(finished.report.bars as u64);
        self.keep(finished, series.key, Vec::new()).await
    }

    /// The script that is to be run.
    async fn script_of(&self, request: &BacktestRequest) -> Result<Script, AppError> {
        let source = match &request.script {
            Some(script) => script.clone(),
            None => self.strategy_source(&request.strategy).await?,
        };
        Ok(Script::compile(&source)?)
    }

    /// What a run over one series looks at.
    async fn material_of(
        &self,
        series: &Series,
        span: Span,
        script: &Script,
        terms: &Terms,
    ) -> Result<Material, AppError> {
        Ok(Material {
            bars: self.store().bars(series.id, span).await?,
            points: self.points_of(&series.key, span).await?,
            minutes: self.minutes_below(series, span, script, terms).await?,
            funding: funding_of(terms).await?,
        })
    }

    /// Stores a finished run.
    async fn keep(
        &self,
        finished: Finished,
        series: SeriesKey,
        others: Vec<Symbol>,
    ) -> Result<RunOutcome, AppError> {
        let Finished { report, bars, timing } = finished;
        let benchmark = report.benchmark_equity(&bars);
        let report = Arc::new(report);
        let run = self
            .store()
            .put_run(NewRun {
                others,
                ..new_run(&report, series, bars, benchmark, self.inner.clock.now())?
            })
            .await?;
        self.bus().announce(Event::RunFinished(run));
        Ok(RunOutcome { run, report, timing })
    }

    async fn compute(
        &self,
        script: Script,
        strategy: String,
        material: Material,
        terms: &Terms,
        progress: &Progress,
    ) -> Result<Finished, AppError> {
        let terms = terms.clone();
        let cancel = progress.cancel_token().clone();
        tokio::task::spawn_blocking(move || {
            compute(&script, strategy, material, &terms, &|| cancel.is_cancelled())
        })
        .await?
    }

    /// The stored minutes below a series, where the run's terms want them and the strategy has orders that they decide.
    async fn minutes_below(
        &self,
        series: &Series,
        span: Span,
        script: &Script,
        terms: &Terms,
    ) -> Result<Option<Bars>, AppError> {
        let asked = match terms.fills {
            Some(fills) => fills == Fills::Minute,
            None => terms.leverage.is_some() || script.watches_prices(&terms.params)?,
        };
        if !asked || series.key.interval == Interval::Minute1 {
            return Ok(None);
        }
        let key = SeriesKey {
            interval: Interval::Minute1,
            ..series.key.clone()
        };
        match self.store().find_series(&key).await? {
            Some(minutes) => Ok(Some(self.store().bars(minutes.id, span).await?)),
            None => Ok(None),
        }
    }

    /// The scored articles of a series' asset that may matter in a span: also those shortly before it.
    async fn points_of(&self, key: &SeriesKey, span: Span) -> Result<Vec<SentimentPoint>, AppError> {
        /// The longest window of the strategy language.
        const LONGEST_WINDOW_MS: i64 = 366 * 86_400_000;
        let Some((asset, _)) = base_and_quote(&key.symbol) else {
            return Ok(Vec::new());
        };
        let known = Span::new(span.from().plus_millis(-LONGEST_WINDOW_MS), span.to()).unwrap_or(span);
        self.sentiment_points(&asset, known).await
    }
}

async fn funding_of(terms: &Terms) -> Result<Vec<FundingRate>, AppError> {
    match terms.funding.clone() {
        Some(path) => tokio::task::spawn_blocking(move || read_funding(&path)).await?,
        None => Ok(Vec::new()),
    }
}

fn new_run(
    report: &Report,
    series: SeriesKey,
    bars: Bars,
    benchmark: Vec<f64>,
    finished: Timestamp,
) -> Result<NewRun, AppError> {
    let end = series.interval.next(Timestamp::from_millis(report.last_bar));
    let span = Span::new(Timestamp::from_millis(report.first_bar), end)
        .map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(NewRun {
        strategy: report.strategy.clone(),
        series,
        others: Vec::new(),
        span,
        params: report.params.clone(),
        finished,
        bars: report.bars as u64,
        gaps: report.gaps as u64,
        total_return: report.metrics.total_return,
        benchmark_return: report.benchmark.total_return,
        sharpe: report.metrics.bar_sharpe_ddof1,
        max_drawdown: report.metrics.max_drawdown,
        hash: report.hash.clone(),
        note: String::new(),
        report: serde_json::to_vec(report).map_err(|error| AppError::Internal(error.to_string()))?,
        equity: EquityCurve {
            time: bars.open_time,
            equity: report.equity.clone(),
            benchmark,
        },
        trades: report.trades.iter().map(Trade::from).collect(),
    })
}
