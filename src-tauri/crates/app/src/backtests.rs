//! Backtests: over stored candles and news, kept as runs; or over a file, kept nowhere.

use std::path::Path;
use std::sync::Arc;

use promptpal_backtest::{BacktestError, Config, Inputs, Report, Script, Sides, bars_from_csv};
use promptpal_domain::{Bars, RunId, SentimentPoint, SeriesId, SeriesKey, Span, Timestamp, Trade};
use promptpal_store::{EquityCurve, NewRun};
use serde::Serialize;

use crate::asset::base_and_quote;
use crate::bus::Event;
use crate::progress::Progress;
use crate::requests::{BacktestRequest, Direction, Terms};
use crate::{App, AppError};

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

/// How long the parts of a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Timing {
    /// Reading the bars, in seconds.
    pub load_s: f64,
    /// The engine, in seconds.
    pub engine_s: f64,
    /// The engine's processor time, in seconds.
    pub engine_cpu_s: f64,
}

fn run_number<S: serde::Serializer>(run: &RunId, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i64(run.0)
}

/// A finished run with the bars it was made on.
struct Finished {
    report: Report,
    bars: Bars,
    benchmark: Vec<f64>,
    timing: Timing,
}

impl App {
    pub(crate) async fn backtest(
        &self,
        request: &BacktestRequest,
        progress: &Progress,
    ) -> Result<RunOutcome, AppError> {
        let source = match &request.script {
            Some(script) => script.clone(),
            None => self.strategy_source(&request.strategy).await?,
        };
        let series = self.store().series(SeriesId(request.series)).await?;
        let span = Self::limited(&series, request.from, request.to)?;
        progress.phase(format!("Reading {}", series.key), "bars", None);
        let began = std::time::Instant::now();
        let bars = self.store().bars(series.id, span).await?;
        let points = self.points_of(&series.key, span).await?;
        let load_s = began.elapsed().as_secs_f64();
        progress.phase(
            format!("Testing {} on {}", request.strategy, series.key),
            "bars",
            Some(bars.len() as u64),
        );
        let mut finished = self
            .compute(
                source,
                request.strategy.clone(),
                bars,
                points,
                &request.terms,
                progress,
            )
            .await?;
        finished.timing.load_s = load_s;
        progress.reached(finished.report.bars as u64);
        let Finished {
            report,
            bars,
            benchmark,
            timing,
        } = finished;
        let report = Arc::new(report);
        let run = self
            .store()
            .put_run(new_run(
                &report,
                series.key,
                bars,
                benchmark,
                self.inner.clock.now(),
            )?)
            .await?;
        self.bus().announce(Event::RunFinished(run));
        Ok(RunOutcome { run, report, timing })
    }

    /// Runs a script over a CSV of candles, without the store.
    ///
    /// # Errors
    /// [`AppError::File`], [`AppError::Backtest`], [`AppError::Script`].
    pub async fn backtest_file(
        &self,
        strategy: &str,
        source: String,
        file: &Path,
        span: Span,
        terms: &Terms,
    ) -> Result<(Report, Timing), AppError> {
        let began = std::time::Instant::now();
        let path = file.to_owned();
        let bars = tokio::task::spawn_blocking(move || read_bars(&path, span)).await??;
        let load_s = began.elapsed().as_secs_f64();
        let progress = Progress::new(self.inner.clock.clone(), self.inner.stop.child_token());
        let finished = self
            .compute(source, strategy.to_owned(), bars, Vec::new(), terms, &progress)
            .await?;
        Ok((
            finished.report,
            Timing {
                load_s,
                ..finished.timing
            },
        ))
    }

    async fn compute(
        &self,
        source: String,
        strategy: String,
        bars: Bars,
        points: Vec<SentimentPoint>,
        terms: &Terms,
        progress: &Progress,
    ) -> Result<Finished, AppError> {
        let terms = terms.clone();
        let cancel = progress.cancel_token().clone();
        let finished = tokio::task::spawn_blocking(move || {
            let script = Script::compile(&source)?;
            let config = config_of(&terms, &script)?;
            let (began, cpu) = (std::time::Instant::now(), cpu_time::ThreadTime::now());
            let inputs = Inputs::new(&bars, &points)?;
            let mut report = promptpal_backtest::run(&script, &terms.params, &inputs, &config, &|| {
                cancel.is_cancelled()
            })?;
            let timing = Timing {
                load_s: 0.0,
                engine_s: began.elapsed().as_secs_f64(),
                engine_cpu_s: cpu.elapsed().as_secs_f64(),
            };
            report.strategy = strategy;
            let benchmark = report.benchmark_equity(&bars);
            Ok::<_, AppError>(Finished {
                report,
                bars,
                benchmark,
                timing,
            })
        });
        match finished.await? {
            Err(AppError::Backtest(BacktestError::Cancelled)) => Err(AppError::Cancelled),
            other => other,
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

fn read_bars(path: &Path, span: Span) -> Result<Bars, AppError> {
    let bytes = std::fs::read(path).map_err(|source| AppError::File {
        doing: "read",
        path: path.to_owned(),
        source,
    })?;
    let bars = bars_from_csv(&bytes)?;
    if span == Span::ALL {
        return Ok(bars);
    }
    let inside = |at: &i64| span.contains(Timestamp::from_millis(*at));
    let skip = bars.open_time.iter().position(inside).unwrap_or(bars.len());
    let take = bars.open_time.iter().filter(|at| inside(at)).count();
    let cut = |column: Vec<f64>| column.into_iter().skip(skip).take(take).collect();
    Ok(Bars {
        open_time: bars.open_time.iter().copied().skip(skip).take(take).collect(),
        open: cut(bars.open),
        high: cut(bars.high),
        low: cut(bars.low),
        close: cut(bars.close),
        volume: cut(bars.volume),
        ..Bars::empty(bars.interval, bars.price_scale, bars.volume_scale)
    })
}

fn config_of(terms: &Terms, script: &Script) -> Result<Config, AppError> {
    let side = match terms.side {
        Some(Direction::Long) => Sides::Long,
        Some(Direction::Short) => Sides::Short,
        Some(Direction::Both) => Sides::Both,
        None => script.default_side(),
    };
    let config = Config {
        cash: terms.cash,
        fee: terms.fee,
        slippage_bps: terms.slippage_bps,
        spread_bps: terms.spread_bps,
        size: terms.size.parse()?,
        side,
        ..Config::default()
    };
    config.validate()?;
    Ok(config)
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
