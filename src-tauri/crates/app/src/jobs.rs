//! Jobs: long work with one id, progress, cancel, and a row in the store that survives the program.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use promptpal_domain::{Clock, JobId, JobState};
use promptpal_store::{Job, JobOwner, JobProgress, StartedJob, Store};
use serde::Serialize;
use serde_json::{Value, json};
use sysinfo::{Pid, ProcessRefreshKind, ProcessStatus, ProcessesToUpdate, System};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::backtests::{RunOutcome, SweepOutcome};
use crate::bus::Event;
use crate::changes::{RecentChanges, SeriesChanges};
use crate::crawl::CrawlReport;
use crate::evaluation::ModelEvaluation;
use crate::export::ExportReport;
use crate::fetch::FetchReport;
use crate::import::ImportReport;
use crate::models::ModelReport;
use crate::progress::{Progress, Snapshot, lock};
use crate::requests::JobRequest;

use crate::sample::SampleReport;
use crate::scoring::ScoreReport;
use crate::verify::VerifyReport;
use crate::{App, AppError};

/// Jobs listed.
const LISTED: u32 = 60;
/// How often a running job is announced.
const ANNOUNCE: Duration = Duration::from_millis(250);
/// Every so many announcements the row is written too.
const WRITE_EVERY: u32 = 4;

/// What a job brought.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Outcome {
    /// Of [`JobRequest::Fetch`].
    Fetched(FetchReport),
    /// Of [`JobRequest::Verify`].
    Verified(VerifyReport),
    /// Of [`JobRequest::Import`].
    Imported(ImportReport),
    /// Of [`JobRequest::Export`].
    Exported(ExportReport),
    /// Of [`JobRequest::Crawl`].
    Crawled(CrawlReport),
    /// Of [`JobRequest::Score`].
    Scored(ScoreReport),
    /// Of [`JobRequest::Evaluate`].
    Evaluated(Box<ModelEvaluation>),
    /// Of [`JobRequest::DownloadModel`] and [`JobRequest::ImportModel`].
    Installed(ModelReport),
    /// Of [`JobRequest::Backtest`].
    Ran(RunOutcome),
    /// Of [`JobRequest::Sweep`].
    Swept(SweepOutcome),
    /// Of [`JobRequest::Sample`].
    Sampled(SampleReport),
}

impl Outcome {
    fn result_id(&self) -> Option<i64> {
        match self {
            Self::Fetched(report) => Some(report.series_id),
            Self::Verified(report) => Some(report.series_id),
            Self::Imported(report) => Some(report.series_id),
            Self::Evaluated(found) => Some(found.id),
            Self::Ran(outcome) => Some(outcome.run.0),
            Self::Swept(outcome) => Some(outcome.sweep.0),
            Self::Exported(_)
            | Self::Crawled(_)
            | Self::Scored(_)
            | Self::Installed(_)
            | Self::Sampled(_) => None,
        }
    }
}

/// A job as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct JobView {
    /// As the store has it.
    pub job: Job,
    /// Fresher progress, while it runs in this process.
    pub live: Option<Snapshot>,
    /// What it changed, when it ended in this process.
    pub changes: Option<SeriesChanges>,
}

/// A job that was just started.
#[derive(Debug)]
pub struct Running {
    /// Its id.
    pub id: JobId,
    /// How far it has come.
    pub progress: Progress,
    outcome: oneshot::Receiver<Result<Outcome, Arc<AppError>>>,
}

impl Running {
    /// Waits for its end.
    ///
    /// # Errors
    /// What went wrong in it.
    pub async fn outcome(self) -> Result<Outcome, Arc<AppError>> {
        self.outcome
            .await
            .unwrap_or_else(|_| Err(Arc::new(AppError::Cancelled)))
    }
}

/// The jobs of this process.
#[derive(Debug)]
pub(crate) struct Jobs {
    owner: JobOwner,
    active: Mutex<HashMap<JobId, Progress>>,
    changes: RecentChanges,
}

impl Jobs {
    /// Marks what a process that died left behind.
    pub(crate) async fn open(store: &Store, clock: Arc<dyn Clock>) -> Result<Self, AppError> {
        let owner = tokio::task::spawn_blocking(|| process(std::process::id())).await?;
        let pid = std::process::id();
        let owner = owner.unwrap_or(JobOwner {
            pid,
            start: clock.now().millis().to_string(),
        });
        let me = owner.clone();
        let alive =
            move |other: &JobOwner| *other == me || process(other.pid).is_some_and(|found| found == *other);
        let interrupted = store.interrupt_running_jobs(alive, clock.now()).await?;
        if !interrupted.is_empty() {
            tracing::info!(
                count = interrupted.len(),
                "jobs of an earlier run were interrupted"
            );
        }
        Ok(Self {
            owner,
            active: Mutex::default(),
            changes: RecentChanges::default(),
        })
    }

    pub(crate) fn cancel_all(&self) {
        for progress in lock(&self.active).values() {
            progress.cancel_token().cancel();
        }
    }
}

/// A process by its number, with its start time, so that a later one with the same number is not taken for it.
fn process(pid: u32) -> Option<JobOwner> {
    let mut system = System::new();
    let wanted = [Pid::from_u32(pid)];
    system.refresh_processes_specifics(
        ProcessesToUpdate::Some(&wanted),
        true,
        ProcessRefreshKind::nothing(),
    );
    // One that has ended but was not waited for by its parent yet does no work any more.
    let found = system
        .process(Pid::from_u32(pid))
        .filter(|found| found.status() != ProcessStatus::Zombie)?;
    Some(JobOwner {
        pid,
        start: found.start_time().to_string(),
    })
}

impl App {
    /// Starts a job, or finds the one that does the same already.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn start_job(&self, request: JobRequest) -> Result<JobId, AppError> {
        match self.begin(request).await? {
            Begun::New(running) => Ok(running.id),
            Begun::Active(id) => Ok(id),
        }
    }

    /// Starts a job whose progress and outcome the caller follows.
    ///
    /// # Errors
    /// [`AppError::Busy`] when the same work is under way, here or in another process.
    pub async fn start_here(&self, request: JobRequest) -> Result<Running, AppError> {
        let title = request.title();
        match self.begin(request).await? {
            Begun::New(running) => Ok(running),
            Begun::Active(_) => Err(AppError::Busy(title)),
        }
    }

    /// Starts a job and waits for its outcome.
    ///
    /// # Errors
    /// [`AppError::Busy`] as [`App::start_here`]; what went wrong in the job.
    pub async fn run(&self, request: JobRequest) -> Result<Outcome, Arc<AppError>> {
        self.start_here(request).await.map_err(Arc::new)?.outcome().await
    }

    /// The newest jobs of all processes, newest first.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn jobs(&self) -> Result<Vec<JobView>, AppError> {
        let jobs = self.store().jobs(LISTED).await?;
        let active = lock(&self.inner.jobs.active);
        let view = |mut job: Job| {
            let progress = active.get(&job.id);
            if let Some(progress) = progress {
                job.progress.log = progress.log_lines();
            }
            JobView {
                live: progress.map(|progress| progress.watch().borrow().clone()),
                changes: self.inner.jobs.changes.of(&job.id),
                job,
            }
        };
        Ok(jobs.into_iter().map(view).collect())
    }

    /// Asks a job of this process to stop; it does within a second.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when no such job runs here.
    pub async fn cancel_job(&self, id: &JobId) -> Result<(), AppError> {
        let active = lock(&self.inner.jobs.active);
        let progress = active.get(id).ok_or_else(|| AppError::NotFound {
            what: "running job",
            id: id.to_string(),
        })?;
        progress.cancel_token().cancel();
        Ok(())
    }

    /// Starts an ended job's work again. What it stored already is not done twice.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Invalid`] when its request is of another version, [`AppError::Store`].
    pub async fn retry_job(&self, id: &JobId) -> Result<JobId, AppError> {
        let job = self.store().job(id).await?;
        let job = job.ok_or_else(|| AppError::NotFound {
            what: "job",
            id: id.to_string(),
        })?;
        let request: JobRequest = serde_json::from_value(job.params).map_err(|_| {
            AppError::invalid(
                format!("'{}' was started by another version", job.title),
                "Start it anew from its screen.",
            )
        })?;
        self.start_job(request).await
    }

    async fn begin(&self, request: JobRequest) -> Result<Begun, AppError> {
        let id = JobId(Uuid::now_v7().to_string());
        let job = Job {
            id: id.clone(),
            kind: request.kind(),
            key: request.key(),
            title: request.title(),
            unit: String::new(),
            params: serde_json::to_value(&request).map_err(|error| AppError::Internal(error.to_string()))?,
            owner: self.inner.jobs.owner.clone(),
            started: self.inner.clock.now(),
            progress: row(&Snapshot::default(), JobState::Running, Vec::new()),
        };
        if let StartedJob::AlreadyActive(active) = self.store().start_job(&job).await? {
            return Ok(Begun::Active(active));
        }
        let progress = Progress::new(self.inner.clock.clone(), self.inner.stop.child_token());
        lock(&self.inner.jobs.active).insert(id.clone(), progress.clone());
        self.bus().announce(Event::JobChanged(id.clone()));
        let (done, outcome) = oneshot::channel();
        let (app, own, own_id) = (self.clone(), progress.clone(), id.clone());
        // Not `spawn`: a job that is told to stop still writes down that it was.
        self.inner.tasks.spawn(async move {
            let result = app.carry_out(&own_id, request, &own).await;
            app.finish(&own_id, &own, &result).await;
            let _ = done.send(result);
        });
        Ok(Begun::New(Running {
            id,
            progress,
            outcome,
        }))
    }

    async fn carry_out(
        &self,
        id: &JobId,
        request: JobRequest,
        progress: &Progress,
    ) -> Result<Outcome, Arc<AppError>> {
        let work = AssertUnwindSafe(self.dispatch(request, progress)).catch_unwind();
        tokio::pin!(work);
        let mut beats: u32 = 0;
        let mut beat = tokio::time::interval(ANNOUNCE);
        let mut shown = Snapshot::default();
        loop {
            tokio::select! {
                biased;
                result = &mut work => {
                    return result.unwrap_or_else(|_| Err(AppError::Internal("it panicked".to_owned()))).map_err(Arc::new);
                }
                // Everything a job does is either one transaction or nothing, so it may be dropped anywhere.
                () = progress.cancel_token().cancelled() => return Err(Arc::new(AppError::Cancelled)),
                _ = beat.tick() => {
                    let now = progress.watch().borrow().clone();
                    if now == shown { continue; }
                    beats += 1;
                    if beats.is_multiple_of(WRITE_EVERY) {
                        let row = row(&now, JobState::Running, progress.log_lines());
                        if let Err(error) = self.store().update_job(id, row).await {
                            tracing::warn!(%error, "progress was not written down");
                        }
                    }
                    shown = now;
                    self.bus().announce(Event::JobChanged(id.clone()));
                }
            }
        }
    }

    async fn dispatch(&self, request: JobRequest, progress: &Progress) -> Result<Outcome, AppError> {
        Ok(match request {
            JobRequest::Fetch(request) => Outcome::Fetched(self.fetch(&request, progress).await?),
            JobRequest::Verify(request) => Outcome::Verified(self.verify(&request, progress).await?),
            JobRequest::Import(request) => Outcome::Imported(self.import(&request, progress).await?),
            JobRequest::Export(request) => Outcome::Exported(self.export(&request, progress).await?),
            JobRequest::Crawl(request) => Outcome::Crawled(self.crawl(&request, progress).await?),
            JobRequest::Score => Outcome::Scored(self.score_articles(progress).await?),
            JobRequest::Evaluate(request) => {
                Outcome::Evaluated(Box::new(self.evaluate_model(request, progress).await?))
            }
            JobRequest::DownloadModel(request) => {
                Outcome::Installed(self.download_model(request, progress).await?)
            }
            JobRequest::ImportModel(request) => {
                Outcome::Installed(self.import_model(request, progress).await?)
            }
            JobRequest::Backtest(request) => Outcome::Ran(self.backtest(&request, progress).await?),
            JobRequest::Sweep(request) => Outcome::Swept(self.sweep_and_keep(&request, progress).await?),
            JobRequest::Sample => Outcome::Sampled(self.sample(progress).await?),
        })
    }

    async fn finish(&self, id: &JobId, progress: &Progress, result: &Result<Outcome, Arc<AppError>>) {
        if let Some(changes) = result.as_ref().ok().and_then(SeriesChanges::of) {
            progress.log(changes.line());
            self.inner.jobs.changes.keep(id.clone(), changes);
        }
        let snapshot = progress.watch().borrow().clone();
        let (state, error) = match result {
            Ok(_) => (JobState::Succeeded, None),
            Err(error) if error.is_cancelled() => (JobState::Cancelled, None),
            Err(error) => {
                // Whoever waits for it gets the error too and says it aloud.
                tracing::info!(job = %id, %error, "a job failed");
                (JobState::Failed, Some(error_value(error)))
            }
        };
        let last = JobProgress {
            error,
            result_id: result.as_ref().ok().and_then(Outcome::result_id),
            finished: Some(self.inner.clock.now()),
            ..row(&snapshot, state, progress.log_lines())
        };
        if let Err(error) = self.store().update_job(id, last).await {
            tracing::error!(%error, job = %id, "the end of a job was not written down");
        }
        lock(&self.inner.jobs.active).remove(id);
        self.bus().announce(Event::JobChanged(id.clone()));
    }
}

enum Begun {
    New(Running),
    Active(JobId),
}

fn row(snapshot: &Snapshot, state: JobState, log: Vec<String>) -> JobProgress {
    JobProgress {
        state,
        phase: snapshot.phase.to_string(),
        done: snapshot.done,
        total: snapshot.total,
        log,
        error: None,
        result_id: None,
        finished: None,
    }
}

/// What the job list keeps of an error: its words. The log has the rest.
fn error_value(error: &AppError) -> Value {
    json!({ "code": error.kind(), "message": error.to_string(), "hint": error.hint(), "retryable": error.is_retryable() })
}
