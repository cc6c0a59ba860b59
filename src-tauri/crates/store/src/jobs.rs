//! The table `jobs`: how long work stands, for every process that has the file open.

use promptpal_domain::{JobId, JobKind, JobState, Timestamp};
use serde_json::Value;
use sqlx::SqliteConnection;

use crate::error::Fault;
use crate::names::{count, job_kind, job_state, unreadable};
use crate::{Store, StoreError};

/// The process that works on a job.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct JobOwner {
    /// Its number.
    pub pid: u32,
    /// What tells it from a later process with the same number, such as its start time.
    pub start: String,
}

/// How far a job is.
#[derive(Clone, Debug, PartialEq)]
pub struct JobProgress {
    /// How it stands.
    pub state: JobState,
    /// What it is doing now, for people.
    pub phase: String,
    /// How much is done, in units.
    pub done: u64,
    /// How much there is, where it is known.
    pub total: Option<u64>,
    /// What it said, oldest first. The caller keeps it short.
    pub log: Vec<String>,
    /// What went wrong, as the caller shows it.
    pub error: Option<Value>,
    /// Number of what it made, such as a run's.
    pub result_id: Option<i64>,
    /// When it ended.
    pub finished: Option<Timestamp>,
}

/// A job.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// What makes two jobs the same job, such as `fetch binance BTCUSDT 1h`.
    pub key: String,
    /// For people.
    pub title: String,
    /// What is counted: "candles".
    pub unit: String,
    /// What is needed to start it again.
    pub params: Value,
    /// Who works on it.
    pub owner: JobOwner,
    /// When it began.
    pub started: Timestamp,
    /// How far it is.
    pub progress: JobProgress,
}

/// Whether a job was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StartedJob {
    /// It is stored as new.
    New,
    /// A job with the same key is queued or running, in this process or another: this one was not stored.
    AlreadyActive(JobId),
}

#[derive(sqlx::FromRow)]
struct JobRow {
    id: String,
    kind: String,
    key: String,
    title: String,
    state: String,
    phase: String,
    done: i64,
    total: Option<i64>,
    unit: String,
    params: String,
    error: Option<String>,
    log: String,
    result_id: Option<i64>,
    owner_pid: i64,
    owner_start: String,
    started: i64,
    finished: Option<i64>,
}

impl JobRow {
    fn into_job(self) -> Result<Job, StoreError> {
        let value = |column, text: &str| serde_json::from_str(text).map_err(|_| unreadable(column, text));
        Ok(Job {
            id: JobId(self.id),
            kind: job_kind(&self.kind)?,
            key: self.key,
            title: self.title,
            unit: self.unit,
            params: value("jobs.params", &self.params)?,
            owner: JobOwner {
                pid: u32::try_from(self.owner_pid)
                    .map_err(|_| unreadable("jobs.owner_pid", self.owner_pid.to_string()))?,
                start: self.owner_start,
            },
            started: Timestamp::from_millis(self.started),
            progress: JobProgress {
                state: job_state(&self.state)?,
                phase: self.phase,
                done: count("jobs.done", self.done)?,
                total: self.total.map(|total| count("jobs.total", total)).transpose()?,
                log: serde_json::from_str(&self.log).map_err(|_| unreadable("jobs.log", self.log))?,
                error: self.error.map(|text| value("jobs.error", &text)).transpose()?,
                result_id: self.result_id,
                finished: self.finished.map(Timestamp::from_millis),
            },
        })
    }
}

impl Store {
    /// Stores a new job, unless the same job is active already.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn start_job(&self, job: &Job) -> Result<StartedJob, StoreError> {
        let job = job.clone();
        self.write("start a job", move |tx| Box::pin(start(tx, job)))
            .await
    }

    /// Notes how far a job is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Refused`] when it is made active while the same job is active already,
    /// and those of every write.
    pub async fn update_job(&self, id: &JobId, progress: JobProgress) -> Result<(), StoreError> {
        let id = id.clone();
        self.write("note the progress of a job", move |tx| {
            Box::pin(async move {
                let changed = sqlx::query(
                    "UPDATE jobs SET state = ?2, phase = ?3, done = ?4, total = ?5, log = ?6, error = ?7,
                            result_id = ?8, finished = ?9
                     WHERE id = ?1",
                )
                .bind(&id.0)
                .bind(progress.state.as_str())
                .bind(&progress.phase)
                .bind(amount(progress.done))
                .bind(progress.total.map(amount))
                .bind(Value::from(progress.log).to_string())
                .bind(progress.error.map(|error| error.to_string()))
                .bind(progress.result_id)
                .bind(progress.finished.map(Timestamp::millis))
                .execute(tx)
                .await?;
                if changed.rows_affected() == 0 {
                    return Err(StoreError::NotFound {
                        what: "job",
                        id: id.0,
                    }
                    .into());
                }
                Ok(())
            })
        })
        .await
    }

    /// The newest `limit` jobs.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn jobs(&self, limit: u32) -> Result<Vec<Job>, StoreError> {
        self.read("list the jobs", move |tx| {
            Box::pin(async move {
                let rows: Vec<JobRow> = sqlx::query_as(
                    "SELECT id, kind, key, title, state, phase, done, total, unit, params, error, log, result_id,
                            owner_pid, owner_start, started, finished
                     FROM jobs ORDER BY started DESC, id DESC LIMIT ?1",
                )
                .bind(limit)
                .fetch_all(&mut **tx)
                .await?;
                Ok(rows.into_iter().map(JobRow::into_job).collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// The job of this id.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn job(&self, id: &JobId) -> Result<Option<Job>, StoreError> {
        let id = id.clone();
        self.read("read a job", move |tx| {
            Box::pin(async move {
                let row: Option<JobRow> = sqlx::query_as(
                    "SELECT id, kind, key, title, state, phase, done, total, unit, params, error, log, result_id,
                            owner_pid, owner_start, started, finished
                     FROM jobs WHERE id = ?1",
                )
                .bind(&id.0)
                .fetch_optional(&mut **tx)
                .await?;
                Ok(row.map(JobRow::into_job).transpose()?)
            })
        })
        .await
    }

    /// Marks the active jobs whose process is gone as interrupted at `now` and returns their ids. Jobs of a process that
    /// `alive` knows, this one or another, are left alone.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn interrupt_running_jobs(
        &self,
        alive: impl Fn(&JobOwner) -> bool,
        now: Timestamp,
    ) -> Result<Vec<JobId>, StoreError> {
        let doing = "mark interrupted jobs";
        let active: Vec<(String, i64, String)> = self
            .read(doing, |tx| {
                Box::pin(async move {
                    Ok(sqlx::query_as(
                        "SELECT id, owner_pid, owner_start FROM jobs WHERE state IN ('queued', 'running') LIMIT 10000",
                    )
                    .fetch_all(&mut **tx)
                    .await?)
                })
            })
            .await?;
        let dead: Vec<String> = active
            .into_iter()
            .filter(|(_, pid, start)| {
                u32::try_from(*pid).map_or(true, |pid| {
                    !alive(&JobOwner {
                        pid,
                        start: start.clone(),
                    })
                })
            })
            .map(|(id, _, _)| id)
            .collect();
        if dead.is_empty() {
            return Ok(Vec::new());
        }
        self.write(doing, move |tx| {
            Box::pin(async move {
                let mut marked = Vec::new();
                for id in dead {
                    let changed = sqlx::query(
                        "UPDATE jobs SET state = 'interrupted', finished = ?2
                         WHERE id = ?1 AND state IN ('queued', 'running')",
                    )
                    .bind(&id)
                    .bind(now.millis())
                    .execute(&mut *tx)
                    .await?;
                    if changed.rows_affected() > 0 {
                        marked.push(JobId(id));
                    }
                }
                Ok(marked)
            })
        })
        .await
    }
}

async fn start(connection: &mut SqliteConnection, job: Job) -> Result<StartedJob, Fault> {
    let active: Option<String> =
        sqlx::query_scalar("SELECT id FROM jobs WHERE key = ?1 AND state IN ('queued', 'running')")
            .bind(&job.key)
            .fetch_optional(&mut *connection)
            .await?;
    if let Some(id) = active {
        return Ok(StartedJob::AlreadyActive(JobId(id)));
    }
    let progress = job.progress;
    sqlx::query(
        "INSERT INTO jobs (id, kind, key, title, state, phase, done, total, unit, params, error, log, result_id,
                           owner_pid, owner_start, started, finished)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )
    .bind(job.id.0)
    .bind(job.kind.as_str())
    .bind(job.key)
    .bind(job.title)
    .bind(progress.state.as_str())
    .bind(progress.phase)
    .bind(amount(progress.done))
    .bind(progress.total.map(amount))
    .bind(job.unit)
    .bind(job.params.to_string())
    .bind(progress.error.map(|error| error.to_string()))
    .bind(Value::from(progress.log).to_string())
    .bind(progress.result_id)
    .bind(job.owner.pid)
    .bind(job.owner.start)
    .bind(job.started.millis())
    .bind(progress.finished.map(Timestamp::millis))
    .execute(connection)
    .await?;
    Ok(StartedJob::New)
}

/// A count as SQLite keeps it.
fn amount(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
