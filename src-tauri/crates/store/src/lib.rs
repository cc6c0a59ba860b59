//! The workspace's one SQLite file: candles, news, scores, runs, jobs and settings.
//!
//! [`Store`] is a cheap handle. Writes go through one task that owns the only writing connection; reads through a
//! small pool of read-only connections. `docs/data-format.md` explains the tables to people who read the file directly.
//!
//! # Invariants
//! - Every write is one transaction, and its future resolves after the commit. A write that fails or panics leaves
//!   nothing behind and does not stop the writer.
//! - Candles are integer ticks at their series' scale: a value is kept exactly or refused.
//! - A candle changes only by a correction, which keeps the old numbers and counts a revision.
//! - Work queues are rows: an article that is pending, or has no score under a model, *is* the queue.
//! - A database written by a newer version is refused untouched; a migration that rewrites a table makes a copy first.
//! - Every list has a bound. Reads are short, so that no reader keeps the write-ahead log from being emptied.
//!
//! # Not here
//! Network, JSON of the UI, resampling, scoring, the clock (times are arguments), and any text that a user wrote as SQL.
#![warn(missing_docs)]

mod candles;
mod database;
mod error;
mod export;
mod jobs;
mod names;
mod news;
mod runs;
mod settings;
mod strategies;

pub use candles::{Correction, Stored};
pub use database::{Store, StoreOptions};
pub use error::StoreError;
pub use export::{Exported, Partition};
pub use jobs::{Job, JobOwner, JobProgress, StartedJob};
pub use news::{ArticleFilter, ArticleRow, NewArticle, NewSource, SourceHealth, Tone, UnscoredArticle};
pub use runs::{EquityCurve, NewRun, Run};
pub use strategies::{Strategy, StrategyRow};

/*
PUBLIC SIGNATURES (being filled in now; code against these)

impl Store {                       // Clone + Debug + Send + Sync; all Result<_, StoreError>
  async fn open(path: impl AsRef<Path>, options: StoreOptions, now: Timestamp) -> Result<Self>
  async fn close(&self) -> Result<()>                  // drain writer, checkpoint WAL; idempotent
  async fn integrity_check(&self) -> Result<()>        // StoreError::Corrupt otherwise
  fn path(&self) -> &Path
  fn size_bytes(&self) -> Result<u64>                  // file + WAL

  // candles
  async fn ensure_series(&self, key: &SeriesKey) -> Result<SeriesId>
  async fn list_series(&self) -> Result<Vec<Series>>   // at most 10,000
  async fn find_series(&self, key: &SeriesKey) -> Result<Option<Series>>
  async fn series(&self, id: SeriesId) -> Result<Series>             // NotFound
  async fn delete_series(&self, id: SeriesId) -> Result<()>          // NotFound
  async fn put_candles(&self, id: SeriesId, candles: Vec<Candle>, asked: Option<Span>, now: Timestamp) -> Result<Stored>
  async fn candles(&self, id, span: Span, limit: u32) -> Result<Vec<Candle>>
  async fn bars(&self, id, span: Span) -> Result<Bars>
  async fn last_bars(&self, id, before: Option<Timestamp>, limit: u32) -> Result<Bars>   // ascending, opens before `before`
  async fn gaps(&self, id, limit: u32) -> Result<Vec<Gap>>
  async fn coverage(&self, id) -> Result<Vec<Span>>
  async fn missing_spans(&self, id, span: Span) -> Result<Vec<Span>>  // neither asked nor stored; at most 10,000
  async fn corrections(&self, id, limit: u32) -> Result<Vec<Correction>>

  // news
  async fn add_source(&self, &NewSource) -> Result<SourceId>          // same url: the id that it has
  async fn sources(&self) -> Result<Vec<Source>>
  async fn source(&self, SourceId) -> Result<Source>
  async fn set_source_enabled(&self, SourceId, bool) -> Result<()>
  async fn update_source_health(&self, SourceId, SourceHealth) -> Result<()>
  async fn remove_source(&self, SourceId) -> Result<()>               // and its articles
  async fn put_feed_items(&self, SourceId, Vec<NewArticle>) -> Result<Vec<ArticleId>>   // only the new ones
  async fn pending_articles(&self, limit: u32) -> Result<Vec<Article>>
  async fn put_content(&self, ArticleId, ArticleContent, Vec<AssetTag>) -> Result<()>   // drops older scores: text changed
  async fn articles(&self, &ArticleFilter) -> Result<Vec<ArticleRow>>  // newest first
  async fn article(&self, ArticleId) -> Result<Article>
  async fn asset_counts(&self, since: Timestamp, limit: u32) -> Result<Vec<(Asset, u64)>>

  // sentiment
  async fn unscored_articles(&self, &ModelRef, limit: u32) -> Result<Vec<UnscoredArticle>>
  async fn unscored_count(&self, &ModelRef) -> Result<u64>
  async fn put_scores(&self, ArticleId, &ModelRef, Vec<SentenceScore>, Sentiment, at: Timestamp) -> Result<()>
  async fn article_score(&self, ArticleId, &ModelRef) -> Result<Option<Sentiment>>
  async fn sentence_scores(&self, ArticleId, &ModelRef) -> Result<Vec<SentenceScore>>
  async fn sentiment_points(&self, &Asset, &ModelRef, Span) -> Result<Vec<SentimentPoint>>
  async fn models(&self) -> Result<Vec<ModelRef>>

  // runs
  async fn put_run(&self, NewRun) -> Result<RunId>                     // same hash: takes its place, keeps number and note
  async fn runs(&self, limit: u32) -> Result<Vec<RunSummary>>          // newest first
  async fn run(&self, RunId) -> Result<Run>
  async fn run_by_hash(&self, &str) -> Result<Option<RunSummary>>
  async fn trades(&self, RunId, offset: u32, limit: u32) -> Result<Vec<Trade>>
  async fn set_run_note(&self, RunId, &str) -> Result<()>
  async fn delete_run(&self, RunId) -> Result<()>

  // strategies (user scripts)
  async fn put_strategy(&self, name: &str, script: &str, now: Timestamp) -> Result<()>
  async fn strategies(&self) -> Result<Vec<StrategyRow>>
  async fn strategy(&self, name: &str) -> Result<Option<Strategy>>
  async fn delete_strategy(&self, name: &str) -> Result<()>

  // settings
  async fn setting(&self, key: &str) -> Result<Option<serde_json::Value>>
  async fn put_setting(&self, key: &str, &serde_json::Value) -> Result<()>
  async fn delete_setting(&self, key: &str) -> Result<()>

  // jobs
  async fn start_job(&self, &Job) -> Result<StartedJob>                // New | AlreadyActive(JobId): same key queued or running
  async fn update_job(&self, &JobId, JobProgress) -> Result<()>
  async fn jobs(&self, limit: u32) -> Result<Vec<Job>>                 // newest first
  async fn job(&self, &JobId) -> Result<Option<Job>>
  async fn interrupt_running_jobs(&self, alive: impl Fn(&JobOwner) -> bool, now: Timestamp) -> Result<Vec<JobId>>

  // export; `progress` gets rows written so far; dropping the future cancels and leaves no half file
  async fn export_csv(&self, id: SeriesId, span: Span, out: &Path, progress: impl Fn(u64)) -> Result<Exported>
  async fn export_parquet(&self, id: SeriesId, span: Span, out: &Path, Partition, progress: impl Fn(u64)) -> Result<Exported>
}
*/
