//! The use cases: what Promptpal does, without a window and without a command line.
//!
//! [`App`] joins the store, the exchange, the news, the scoring worker, the engine and the account. The desktop program and
//! `promptpal` are two hosts of it; a use case is written here once.
//!
//! | use case | where |
//! |---|---|
//! | start, background work, shutdown | [`App::start`], [`App::work_in_background`], [`App::shutdown`] |
//! | long work: start, follow, cancel, retry | [`App::start_job`], [`App::run`], [`App::jobs`], [`App::cancel_job`], [`App::retry_job`] |
//! | series, gaps, charts | [`App::series`], [`App::gaps`], [`App::chart`], [`App::delete_series`] |
//! | ledgers, history, checks against the venue | [`App::ledger`], [`JobRequest::Fetch`], [`App::resume_request`], [`JobRequest::Verify`] |
//! | venues and their symbols | [`App::list_venues`], [`App::search_symbols`], [`App::connections`] |
//! | live candles | [`App::start_live`], [`App::live_updates`], [`App::live_state`] |
//! | watchlist | [`App::watchlist`], [`App::set_watchlist`] |
//! | files | [`App::preview_import`], [`JobRequest::Import`], [`JobRequest::Export`] |
//! | news | [`App::sources`], [`App::add_source`], [`App::discover_feeds`], [`App::import_sources`], [`App::stories`], [`App::article`], [`App::mark_read`], [`JobRequest::Crawl`] |
//! | sentiment | [`App::score_texts`], [`App::sentiment_series`], [`JobRequest::Score`], [`JobRequest::Evaluate`], [`App::mood_study`] |
//! | sentiment models | [`App::models`], [`App::model_card`], [`JobRequest::DownloadModel`], [`JobRequest::ImportModel`], [`App::use_model`], [`App::remove_model`] |
//! | strategies, backtests, runs | [`App::strategies`], [`JobRequest::Backtest`], [`JobRequest::Sweep`], [`App::sweep`], [`App::sweeps`], [`App::runs`], [`App::run_report`], [`App::export_run`] |
//! | session | [`App::session`], [`App::sign_in`], [`App::sign_out`] |
//! | settings, status, sample | [`App::settings`], [`App::status`], [`JobRequest::Sample`] |
//!
//! # Invariants
//! - A fact is written, committed, then announced on the [`Bus`]: an [`Event`] carries ids and no payload. A listener that
//!   lags reads the store again; losing an event never loses data.
//! - Work queues are rows: an article without its page or without a score is the queue, a missing span is what to fetch.
//! - Long work is a job: one id, one key (the same work is not started twice), progress, cancel within a second, and after a
//!   crash the state `interrupted` with a request that can be started again.
//! - Every background task has an owner and ends at [`App::shutdown`].
//!
//! # Not here
//! Windows, JSON of the window (`api`), printing (`cli`), SQL, wire formats.

#![warn(missing_docs)]

mod app;
mod articles;
mod asset;
mod asset_scores;
mod backtests;
mod bus;
mod changes;
mod chart;
mod clock;
mod config;
mod conformance;
mod crawl;
mod doctor;
mod engines;
mod error;
mod error_kind;
mod evaluation;
mod export;
mod feed_lists;
mod fetch;
mod import;
mod jobs;
mod ledger;
mod live;
mod logging;
mod models;
mod mood_study;
mod options;
mod paths;
mod phase;
mod progress;
mod report;
mod requests;
mod runs;
mod sample;
mod scoring;
mod series;
mod session;
mod settings;
mod sources;
mod status;
mod strategies;
mod text_form;
mod upkeep;
mod venues;
mod verify;
mod watchlist;
mod wrong_text;

pub use app::App;
pub use articles::{ArticleView, ArticlesQuery, NewsMarker, SentimentQuery, SentimentSeries};
pub use asset::base_and_quote;
pub use backtests::{
    FileRun, MOST_KEPT_RUNS, RunOutcome, SweepLine, SweepOutcome, SweepPlan, SweepRun, SweepView, Timing,
    backtest_files, sweep_file,
};
pub use bus::{Bus, Event};
pub use changes::SeriesChanges;
pub use chart::{Chart, ChartQuery, Drawn, Line, MOST_BARS, indicators};
pub use clock::SystemClock;
pub use config::{AccountConfig, Config, ExchangeConfig, NewsConfig, SentimentConfig, UpdatesConfig};
pub use conformance::{Check, conformance};
pub use crawl::CrawlReport;
pub use doctor::PartCheck;
pub use engines::{EngineView, NotFast};
pub use error::{AppError, web_link};
pub use error_kind::ErrorKind;
pub use evaluation::{EvaluationRequest, ModelEvaluation};
pub use export::ExportReport;
pub use feed_lists::{FeedPreview, ListImport};
pub use fetch::FetchReport;
pub use import::{GapLine, ImportPreview, ImportReport};
pub use jobs::{JobView, Outcome, Running};
pub use ledger::LedgerView;
pub use live::{Alternative, Connection, ConnectionState, LiveState, LiveUpdate};
pub use logging::{Logging, report_panics, start_logging};
pub use models::{ModelCard, ModelDownload, ModelImport, ModelLine, ModelOrigin, ModelReport, ModelState};
pub use mood_study::{MoodStudy, MoodStudyRequest};
pub use options::{Options, read_pages_if_asked};
pub use paths::Paths;
pub use phase::{Phase, Step, Unit};
pub use progress::{Progress, Snapshot};
pub use report::RunFormat;
pub use requests::{
    BacktestRequest, CandleFormat, CrawlRequest, Direction, ExportFormat, ExportRequest, FetchRequest,
    FetchSource, ImportRequest, JobRequest, SweepAxis, SweepRequest, Terms, VerifyRequest,
};
pub use runs::{RunLine, RunView};
pub use sample::SampleReport;
pub use scoring::{ScoreReport, ScoringTimings};
pub use series::SeriesOverview;
pub use session::SessionView;
pub use settings::{CandleColours, Settings, Theme, Zone};
pub use sources::SourceOverview;
pub use status::Status;
pub use strategies::StrategyView;
pub use venues::VenueView;
pub use verify::VerifyReport;
pub use watchlist::{WatchRow, WatchState, WatchSymbol};

/// Types of the crates below that the hosts name: causes of errors and parts of views.
pub mod causes {
    pub use promptpal_account::{AccountError, Contact, DevicePrompt, Profile, SessionState};
    pub use promptpal_backtest::{
        Absence, Axis, AxisError, BacktestError, CaseResult, ColumnResult, Config, FIGURES, Fills, Finding,
        FunctionDoc, Metrics, MonthReturn, OpenPosition, Overfitting, ParamSpec, Report, RollingSharpe,
        Script, ScriptError, Sides, Sweep, SweepRow, TradeRecord, TradeSpread,
    };
    pub use promptpal_indicators::{
        Group, Indicator, InputKind, OutputSpec, Pane, ParamSpec as IndicatorParam, Response, Shape,
    };
    pub use promptpal_market::csv::{Column, ColumnMap, FileColumn};
    pub use promptpal_market::{
        LimitState, LiveTimings, MarketError, StreamHealth, SymbolInfo, SymbolStatus, VenueTraits,
    };
    pub use promptpal_news::{FeedItem, FoundFeed, NewsError};
    pub use promptpal_sentiment::{
        Agreement, Calibration, CalibrationBin, Engine, Evaluation, FastAgreement, Label, LabelAgreement,
        LabelNameError, LabelNames, MissingPart, RefusedRow, ScoringError, TextScore, WorkerFault,
        WorkerState,
    };
    pub use promptpal_store::{ArticleRow, PageRow, StoreError, StoryRow, StripCell, Tone};
}

/// Pure tools over files and texts, for the command line.
pub mod tools {
    pub use promptpal_backtest::{builtin, language_functions, language_guide, language_reference};
    pub use promptpal_market::{Bucket, BucketState, CandleFile, FileFormat, ReadOptions, resample_marked};
    pub use promptpal_news::{
        ExplainedBlock, Explanation, Extracted, Feed, explain, extract, feed_detail, parse_feed, robots,
        tag_assets,
    };
}
