//! Market data: exchanges behind one seam ([`Exchange`]), live streams, bulk archives, candle files, and a market simulator.
//!
//! This crate yields candles. What becomes of them is the caller's business.
//!
//! # Invariants
//! - Wire types stay in here: what leaves is a checked [`Candle`](promptpal_domain::Candle) with exact prices.
//! - A candle handed out as closed is closed: [`KlinePage`] and [`LiveCandle`](promptpal_domain::LiveCandle) keep the
//!   forming one apart.
//! - Every request has a timeout, a size limit and a price in weight; nothing is sent while the venue told us to wait.
//!   Repeats are visible: [`HistoryEvent::Waiting`], [`ArchiveEvent::Waiting`] and [`LiveEvent::Reconnecting`] say why
//!   and until when.
//! - No parser panics, whatever the bytes.
//!
//! # Not here
//! Storage and coverage (`store`), jobs (`app`), the window's types (`api`), a loopback exchange (`testkit`).

#![warn(missing_docs)]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        reason = "a failed test may stop at once"
    )
)]

mod amount;
pub mod archive;
pub mod binance;
pub mod coinbase;
#[cfg(test)]
mod conformance;
pub mod csv;
mod error;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod history;
mod lenient;
mod moment;
mod net;
mod patience;
mod resample;
pub mod simulator;
pub mod stream;
mod symbols;
mod venue;
mod zipped;

pub use archive::{
    Archive, ArchiveConfig, ArchiveEvent, ArchiveFile, ArchivePage, ArchivePeriod, ArchiveProgress, Sha256Hex,
};
#[doc(hidden)]
pub use binance::frame::is_candle;
pub use binance::{Binance, BinanceConfig, KlinePage, LiveTimings};
pub use coinbase::{Coinbase, CoinbaseConfig, PollTimings};
pub use csv::{
    CandleFile, ColumnMap, FileBody, FileFormat, FileProblem, ImportReport, ReadOptions, RowError, RowProblem,
};
pub use error::MarketError;
pub use history::{History, HistoryEvent, HistoryPage, Order, WaitReason};
pub use net::limits::LimitState;
pub use resample::{Bucket, BucketState, ResampleError, resample, resample_marked};
pub use simulator::{NewsShock, Scenario, SimulatedSeries, Simulation, simulate};
pub use stream::{LiveEvent, LiveFeed, StreamHealth};
pub use symbols::{SymbolInfo, SymbolStatus, search};
pub use venue::{Exchange, LiveRequest, Ticker, VenueTraits, VenuesConfig, venues};
