//! Jobs and events.

use promptpal_app::{Event, JobRequest, JobView, Phase, SeriesChanges, Step, Unit};
use promptpal_domain::{JobKind, JobState};
use serde_json::Value;

use super::id;
use crate::{
    ApiError, ErrorCode, EventDto, JobDto, JobKindDto, JobPhaseDto, JobStateDto, JobStepDto, JobTaskDto,
    JobUnitDto, SeriesChangesDto, SeriesKeyDto,
};

impl From<JobKind> for JobKindDto {
    fn from(kind: JobKind) -> Self {
        match kind {
            JobKind::Fetch => Self::Fetch,
            JobKind::Verify => Self::Verify,
            JobKind::Import => Self::Import,
            JobKind::Export => Self::Export,
            JobKind::Crawl => Self::Crawl,
            JobKind::Score => Self::Score,
            JobKind::Evaluate => Self::Evaluate,
            JobKind::Model => Self::Model,
            JobKind::Backtest => Self::Backtest,
            JobKind::Sweep => Self::Sweep,
            JobKind::Sample => Self::Sample,
        }
    }
}

impl From<JobState> for JobStateDto {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Queued => Self::Queued,
            JobState::Running => Self::Running,
            JobState::Succeeded => Self::Succeeded,
            JobState::Failed => Self::Failed,
            JobState::Cancelled => Self::Cancelled,
            JobState::Interrupted => Self::Interrupted,
        }
    }
}

impl From<SeriesChanges> for SeriesChangesDto {
    fn from(changes: SeriesChanges) -> Self {
        Self {
            inserted: changes.inserted,
            unchanged: changes.unchanged,
            corrected: changes.corrected,
            gaps: changes.gaps,
            rejected: changes.rejected,
            problems: changes.problems,
        }
    }
}

impl From<JobView> for JobDto {
    fn from(view: JobView) -> Self {
        let JobView { job, live, changes } = view;
        let (series_id, series_key) = series_of(job.kind, &job.params);
        let stored = job.progress;
        // A request of another version says no more than its kind.
        let request = serde_json::from_value::<JobRequest>(job.params).ok();
        let mut view = Self {
            id: job.id.0,
            kind: job.kind.into(),
            title: job.title,
            task: request.as_ref().map_or_else(|| job.kind.into(), JobTaskDto::from),
            subject: request.as_ref().and_then(JobRequest::subject),
            state: stored.state.into(),
            phase: stored.phase,
            now: None,
            done: stored.done,
            total: stored.total,
            unit: job.unit,
            counts: None,
            rate: None,
            eta_ms: None,
            started: job.started.into(),
            finished: stored.finished.map(Into::into),
            error: stored.error.map(stored_error),
            log: stored.log,
            series_id,
            series_key,
            result_id: stored.result_id.map(id),
            changes: changes.map(Into::into),
        };
        if let Some(now) = live {
            view.eta_ms = now.eta_ms();
            view.unit = now.unit.map(|unit| unit.to_string()).unwrap_or_default();
            view.counts = now.unit.map(Into::into);
            view.phase = now.phase.to_string();
            view.now = phase(now.phase);
            (view.done, view.total, view.rate) = (now.done, now.total, now.rate);
        }
        view
    }
}

fn phase(phase: Phase) -> Option<JobPhaseDto> {
    Some(JobPhaseDto {
        step: phase.step?.into(),
        of: phase.of,
    })
}

impl From<&JobRequest> for JobTaskDto {
    fn from(request: &JobRequest) -> Self {
        match request {
            JobRequest::Fetch(_) => Self::Fetch,
            JobRequest::Verify(_) => Self::Verify,
            JobRequest::Import(_) => Self::Import,
            JobRequest::Export(_) => Self::Export,
            JobRequest::Crawl(_) => Self::Crawl,
            JobRequest::Score => Self::Score,
            JobRequest::Evaluate(_) => Self::Evaluate,
            JobRequest::DownloadModel(_) => Self::DownloadModel,
            JobRequest::ImportModel(_) => Self::ImportModel,
            JobRequest::Backtest(_) => Self::Backtest,
            JobRequest::Sweep(_) => Self::Sweep,
            JobRequest::Sample => Self::Sample,
        }
    }
}

impl From<JobKind> for JobTaskDto {
    fn from(kind: JobKind) -> Self {
        match kind {
            JobKind::Fetch => Self::Fetch,
            JobKind::Verify => Self::Verify,
            JobKind::Import => Self::Import,
            JobKind::Export => Self::Export,
            JobKind::Crawl => Self::Crawl,
            JobKind::Score => Self::Score,
            JobKind::Evaluate => Self::Evaluate,
            JobKind::Model => Self::DownloadModel,
            JobKind::Backtest => Self::Backtest,
            JobKind::Sweep => Self::Sweep,
            JobKind::Sample => Self::Sample,
        }
    }
}

impl From<Step> for JobStepDto {
    fn from(step: Step) -> Self {
        match step {
            Step::LookingUp => Self::LookingUp,
            Step::Fetching => Self::Fetching,
            Step::ReadingArchives => Self::ReadingArchives,
            Step::CheckingCandles => Self::CheckingCandles,
            Step::ReadingFile => Self::ReadingFile,
            Step::ReadingSeries => Self::ReadingSeries,
            Step::WritingSeries => Self::WritingSeries,
            Step::ReadingFeeds => Self::ReadingFeeds,
            Step::ReadingSitemaps => Self::ReadingSitemaps,
            Step::FetchingArticles => Self::FetchingArticles,
            Step::ScoringArticles => Self::ScoringArticles,
            Step::ScoringTexts => Self::ScoringTexts,
            Step::AskingHub => Self::AskingHub,
            Step::Downloading => Self::Downloading,
            Step::CheckingFiles => Self::CheckingFiles,
            Step::Testing => Self::Testing,
            Step::WritingSampleNews => Self::WritingSampleNews,
            Step::Simulating => Self::Simulating,
            Step::StoringSample => Self::StoringSample,
        }
    }
}

impl From<Unit> for JobUnitDto {
    fn from(unit: Unit) -> Self {
        match unit {
            Unit::Candles => Self::Candles,
            Unit::Bars => Self::Bars,
            Unit::Runs => Self::Runs,
            Unit::Sources => Self::Sources,
            Unit::Articles => Self::Articles,
            Unit::Texts => Self::Texts,
            Unit::Bytes => Self::Bytes,
        }
    }
}

/// The series that a job is about, as its request names it.
fn series_of(kind: JobKind, params: &Value) -> (Option<i32>, Option<SeriesKeyDto>) {
    let text = |key: &str| params.get(key).and_then(Value::as_str).map(str::to_owned);
    match kind {
        JobKind::Fetch | JobKind::Import => {
            let key = text("symbol").zip(text("interval"));
            let key = key.map(|(symbol, interval)| SeriesKeyDto {
                // A fetch that names no venue is of the default one.
                venue: text("venue").unwrap_or_else(|| "binance".to_owned()),
                symbol,
                interval,
            });
            (None, key)
        }
        JobKind::Export | JobKind::Verify => (params.get("series").and_then(Value::as_i64).map(id), None),
        JobKind::Crawl
        | JobKind::Score
        | JobKind::Evaluate
        | JobKind::Model
        | JobKind::Backtest
        | JobKind::Sweep
        | JobKind::Sample => (None, None),
    }
}

/// An error as a job keeps it.
fn stored_error(value: Value) -> ApiError {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    ApiError {
        code: value
            .get("code")
            .cloned()
            .and_then(|code| serde_json::from_value(code).ok())
            .unwrap_or(ErrorCode::Internal),
        message: text("message").unwrap_or_default(),
        hint: text("hint"),
        retryable: value.get("retryable").and_then(Value::as_bool).unwrap_or(false),
        id: text("id").unwrap_or_default(),
    }
}

impl From<Event> for EventDto {
    fn from(event: Event) -> Self {
        let ids =
            |ids: Vec<promptpal_domain::ArticleId>| ids.into_iter().map(|article| id(article.0)).collect();
        match event {
            Event::CandlesStored(series) => Self::CandlesStored {
                series_id: id(series.0),
            },
            Event::ArticlesStored(articles) => Self::ArticlesStored { ids: ids(articles) },
            Event::ArticlesRead(articles) => Self::ArticlesRead { ids: ids(articles) },
            Event::ArticlesScored(articles) => Self::ArticlesScored { ids: ids(articles) },
            Event::SourcesChanged => Self::SourcesChanged,
            Event::RunFinished(run) => Self::RunFinished { run_id: id(run.0) },
            Event::SweepFinished(sweep) => Self::SweepFinished {
                sweep_id: id(sweep.0),
            },
            Event::EvaluationsChanged => Self::EvaluationsChanged,
            Event::ModelsChanged => Self::ModelsChanged,
            Event::JobChanged(job) => Self::JobChanged { id: job.0 },
            Event::SessionChanged => Self::SessionChanged,
            Event::SettingsChanged => Self::SettingsChanged,
            Event::StatusChanged => Self::StatusChanged,
            Event::WatchlistChanged => Self::WatchlistChanged,
        }
    }
}
