//! The workspace's one SQLite file: candles, news, scores, runs, sweeps, jobs and settings.
//!
//! [`Store`] is a cheap handle. Writes go through one task that owns the only writing connection; reads through a
//! small pool of read-only connections. `docs/data-format.md` explains the tables to people who read the file directly.
//!
//! # Invariants
//! - Every write is one transaction, and its future resolves after the commit. A write that fails or panics leaves
//!   nothing behind and does not stop the writer.
//! - Candles are integer ticks at their series' scale: a value is kept exactly or refused.
//! - A candle changes only by a correction, which keeps the old numbers and counts a revision.
//! - What the ledger calls absent has evidence: which source said so, and when it was asked. It does not depend on the
//!   order in which pages came.
//! - Columns of candles are derived: reading them gives what reading the rows gives, and a write drops what it touches.
//! - Work queues are rows: an article that is pending, or has no score under a model, *is* the queue.
//! - A database written by a newer version is refused untouched; a migration that rewrites a table makes a copy first.
//! - Every list has a bound. Reads are short, so that no reader keeps the write-ahead log from being emptied.
//!
//! # Not here
//! Network, JSON of the UI, resampling, scoring, the clock (times are arguments), and any text that a user wrote as SQL.
#![warn(missing_docs)]

mod apart;
mod candles;
mod database;
mod error;
mod export;
mod jobs;
mod json;
mod names;
mod news;
mod runs;
mod settings;
mod strategies;
mod sweeps;

pub use candles::{ArchiveRow, ColumnCheck, Correction, Page, PageRow, Stored, StripCell};
pub use database::{Store, StoreOptions};
pub use error::StoreError;
pub use export::{Exported, Partition, write_file};
pub use jobs::{Job, JobOwner, JobProgress, StartedJob};
pub use news::{
    ArticleFilter, ArticleRow, ArticleScores, ComparedArticle, NewArticle, NewSource, SourceCounts,
    SourceHealth, StoryPlace, StoryRow, Tone, UnscoredArticle, UnsharedScore, VisitedPage,
};
pub use runs::{EquityCurve, NewRun, Run};
pub use strategies::{Strategy, StrategyRow};
pub use sweeps::{NewSweep, StoredSweep};
