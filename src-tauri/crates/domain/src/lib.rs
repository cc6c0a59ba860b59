//! The vocabulary of Promptpal: venues, symbols, intervals, time, exact decimals, candles, articles, scores, trades.
//!
//! Every other crate speaks in these types. They are plain data: no I/O, no async, no clock of their own, no wire format.
//!
//! # Invariants
//! - A value that exists is valid: constructors parse and refuse, nothing is re-checked inside.
//! - Time is UTC milliseconds in [`Timestamp`]; spans are half-open `[from, to)`.
//! - Prices and amounts are exact [`Decimal`]s. `f64` appears only in [`Bars`], the columns that indicators,
//!   backtests and charts compute on, and there each value is the correctly rounded decimal.
//!
//! # Not here
//! Parsing of exchange messages (`market`), of feeds (`news`), SQL (`store`), JSON (`api` and the file formats of their crates).

mod article;
mod bars;
mod candle;
mod clock;
mod decimal;
mod interval;
mod job;
mod ledger;
mod names;
mod run;
mod sentiment;
mod series;
mod time;

pub use article::{
    Article, ArticleContent, ArticleId, Asset, AssetTag, ContentStatus, DateOrigin, Exactness, Published,
    Source, SourceId, SourceKind,
};
pub use bars::Bars;
pub use candle::{Candle, CandleError, LiveCandle};
pub use clock::{Clock, ManualClock};
pub use decimal::{Decimal, DecimalError};
pub use interval::{Interval, IntervalError};
pub use job::{JobId, JobKind, JobState};
pub use ledger::{CandleSource, Evidence, LedgerSpan, LedgerState};
pub use names::{NameError, Symbol, Venue};
pub use run::{ExitReason, RunId, RunSummary, Side, SweepId, SweepSummary, Trade};
pub use sentiment::{AssetScore, ModelRef, SentenceScore, Sentiment, SentimentError, SentimentPoint};
pub use series::{Gap, GapReason, Series, SeriesId, SeriesKey};
pub use time::{Span, TimeError, Timestamp};
