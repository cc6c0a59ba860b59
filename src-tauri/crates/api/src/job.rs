//! Jobs as the tray shows them.

use serde::{Deserialize, Serialize};

use crate::{ApiError, TimeMs};

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum JobKindDto {
    Fetch,
    Verify,
    Import,
    Export,
    Crawl,
    Score,
    Evaluate,
    Model,
    Backtest,
    Sweep,
    Sample,
}

/// What a job does, as the window says it: with `subject` where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum JobTaskDto {
    Fetch,
    Verify,
    Import,
    Export,
    Crawl,
    Score,
    Evaluate,
    DownloadModel,
    ImportModel,
    Backtest,
    Sweep,
    Sample,
}

/// What a job is doing now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum JobStepDto {
    LookingUp,
    Fetching,
    ReadingArchives,
    CheckingCandles,
    ReadingFile,
    ReadingSeries,
    WritingSeries,
    ReadingFeeds,
    ReadingSitemaps,
    FetchingArticles,
    ScoringArticles,
    ScoringTexts,
    AskingHub,
    Downloading,
    CheckingFiles,
    Testing,
    WritingSampleNews,
    Simulating,
    StoringSample,
}

/// What a job counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum JobUnitDto {
    Candles,
    Bars,
    Runs,
    Sources,
    Articles,
    Texts,
    Bytes,
}

/// A step of a job's work, with what it is about: a series, a file, a strategy and its series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct JobPhaseDto {
    /// Which.
    pub step: JobStepDto,
    /// Names, as many as the step has places for.
    pub of: Vec<String>,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum JobStateDto {
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
    Interrupted,
}

/// What makes a series: it may be stored later than the job that fills it begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SeriesKeyDto {
    /// `binance`
    pub venue: String,
    /// `BTCUSDT`
    pub symbol: String,
    /// `1h`
    pub interval: String,
}

/// What a job changed in a series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SeriesChangesDto {
    /// Candles that are new.
    #[specta(type = specta_typescript::Number)]
    pub inserted: u64,
    /// Candles that were there with the same numbers.
    #[specta(type = specta_typescript::Number)]
    pub unchanged: u64,
    /// Candles whose numbers differed from those stored.
    #[specta(type = specta_typescript::Number)]
    pub corrected: u64,
    /// Holes in the series now, where the job looked.
    #[specta(type = Option<specta_typescript::Number>)]
    pub gaps: Option<u64>,
    /// Rows of files that made no candle.
    #[specta(type = specta_typescript::Number)]
    pub rejected: u64,
    /// Why, a line each with the number of the row, the first ones.
    pub problems: Vec<String>,
}

/// One job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct JobDto {
    /// Its id.
    pub id: String,
    /// What it does.
    pub kind: JobKindDto,
    /// In English: "Fetch BTCUSDT 1h".
    pub title: String,
    /// The same as a code.
    pub task: JobTaskDto,
    /// What it is about: "BTCUSDT 1h".
    pub subject: Option<String>,
    /// How it stands.
    pub state: JobStateDto,
    /// What it is doing now, in English.
    pub phase: String,
    /// The same as a code; null where it is not known: the job has ended, or runs in another program.
    pub now: Option<JobPhaseDto>,
    /// How much is done, in `unit`s.
    #[specta(type = specta_typescript::Number)]
    pub done: u64,
    /// How much there is, where it is known.
    #[specta(type = Option<specta_typescript::Number>)]
    pub total: Option<u64>,
    /// What is counted, in English: "candles".
    pub unit: String,
    /// The same as a code, while it is known.
    pub counts: Option<JobUnitDto>,
    /// Units a second, while running.
    #[specta(type = Option<specta_typescript::Number>)]
    pub rate: Option<f64>,
    /// Milliseconds left, while running and where it can be told.
    #[specta(type = Option<specta_typescript::Number>)]
    pub eta_ms: Option<u64>,
    /// When it began.
    pub started: TimeMs,
    /// When it ended.
    pub finished: Option<TimeMs>,
    /// Why it failed.
    pub error: Option<ApiError>,
    /// What it said, oldest first, at most 200 lines.
    pub log: Vec<String>,
    /// The series that it works on, where it was started for a stored one.
    pub series_id: Option<i32>,
    /// The series that it fills, where it was started by name.
    pub series_key: Option<SeriesKeyDto>,
    /// Id of what it made, such as a run's.
    pub result_id: Option<i32>,
    /// What it changed in its series, when it ended since the program began.
    pub changes: Option<SeriesChangesDto>,
}
