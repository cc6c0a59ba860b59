//! The exchange's bulk archives: a zip of candles a month or a day, each with a published checksum.
//!
//! [`Archive::plan`] says which files hold a span, [`Archive::walk`] fetches them newest first and tells of each what it
//! was: a page, unchanged since last time, not there, or refused. [`Archive::checksum`] and [`Archive::fetch`] are the
//! two steps by themselves.
//!
//! # Invariants
//! - No row is believed before the SHA-256 of its file matches the published one.
//! - A file is bounded in size, as it comes and as it swells.
//! - Rows are kept exactly, also off the grid and with early closes. A row that makes no candle, or opens outside of the
//!   file's days, is told with its reason.
//! - The archive explains nothing by silence: only where every opening has its candle it counts as complete
//!   ([`ArchivePage::complete`]). Holes, missing files and the present day are left to REST.
//! - A file that was published again has another checksum: a caller that remembers the last one sees the difference.
//! - Nothing is sent while the host asked for a pause.

mod checksum;
mod download;
mod plan;
mod read;
mod walk;

use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{Candle, Clock, Interval, Span, Symbol};
use tokio_util::sync::CancellationToken;
use url::Url;

pub use self::checksum::{ChecksumProblem, Sha256Hex};
use self::download::Download;
pub use self::walk::ArchiveEvent;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) use self::{checksum::parse as parse_checksum, read::day as read_page};
use crate::csv::RowError;
use crate::{MarketError, net};

/// Where the archives are, and how patiently they are fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveConfig {
    /// The host, without `/data/spot`.
    pub base: Url,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long nothing may arrive before a download is given up.
    pub read_timeout: Duration,
    /// How long a whole file may take.
    pub file_timeout: Duration,
    /// Size limit of a file as it is downloaded.
    pub max_file_bytes: usize,
    /// A file is planned only where it gives at least so many candles of the span. REST gives a thousand with one
    /// request, an archive takes two requests.
    pub least_openings: u64,
    /// Files that are fetched side by side.
    pub at_once: usize,
    /// How long a walk may wait for a pause to end before it gives up.
    pub longest_wait: Duration,
    /// First wait of a walk after a passing failure; doubles from there.
    pub retry_wait: Duration,
}

impl ArchiveConfig {
    /// The public archives of the international exchange. Its US sister has none.
    ///
    /// # Errors
    /// None in practice: the address is a constant.
    pub fn public() -> Result<Self, MarketError> {
        Self::at("https://data.binance.vision/")
    }

    /// Archives at an address of one's own, such as a loopback double or a mirror.
    ///
    /// # Errors
    /// [`MarketError::Address`] unless it is an http(s) URL.
    pub fn at(base: &str) -> Result<Self, MarketError> {
        Ok(Self {
            base: net::base_url(base, ["http", "https"])?,
            connect_timeout: Duration::from_secs(10),
            read_timeout: Duration::from_secs(30),
            file_timeout: Duration::from_secs(600),
            max_file_bytes: 64 << 20,
            least_openings: 1000,
            at_once: 3,
            longest_wait: Duration::from_secs(300),
            retry_wait: Duration::from_secs(1),
        })
    }
}

/// A month or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArchivePeriod {
    /// A calendar month. Published some days after its end.
    Month,
    /// A calendar day. Published on the next day.
    Day,
}

/// One file of the archives. It may not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveFile {
    /// `BTCUSDT-1m-2024-03.zip`
    pub name: String,
    /// Where it is.
    pub url: Url,
    /// The openings it is for: whole days, UTC.
    pub span: Span,
    /// Whose candles.
    pub symbol: Symbol,
    /// The length of a candle.
    pub interval: Interval,
    /// What it is a file of.
    pub period: ArchivePeriod,
}

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArchiveProgress {
    /// Bytes that have arrived.
    pub done: u64,
    /// Bytes there will be, where the host says so.
    pub total: Option<u64>,
}

/// The candles of a file whose checksum matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchivePage {
    /// Which file.
    pub file: ArchiveFile,
    /// Its checksum, as published and as found.
    pub sha256: Sha256Hex,
    /// Closed candles that open in the file's span, oldest first.
    pub candles: Vec<Candle>,
    /// Parts of time in which every opening has its candle, oldest first. Everything else of the file's span is still
    /// to be asked for by REST: a hole in an archive does not say that nothing was traded.
    pub complete: Vec<Span>,
    /// Why rows made no candle, the first hundred.
    pub rejected: Vec<RowError>,
    /// How many rows made none.
    pub rejected_count: u64,
}

/// A client of the archives. Clones share pauses.
#[derive(Clone, Debug)]
pub struct Archive {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: ArchiveConfig,
    clock: Arc<dyn Clock>,
    download: Download,
}

impl Archive {
    /// A client. No request is sent.
    ///
    /// # Errors
    /// [`MarketError::Unreachable`] when no HTTP client can be made (no TLS provider, no certificates).
    pub fn new(config: ArchiveConfig, clock: Arc<dyn Clock>) -> Result<Self, MarketError> {
        let download = Download::new(&config, Arc::clone(&clock))?;
        Ok(Self {
            inner: Arc::new(Inner {
                config,
                clock,
                download,
            }),
        })
    }

    /// What it was made with.
    #[must_use]
    pub fn config(&self) -> &ArchiveConfig {
        &self.inner.config
    }

    /// The published checksum of a file; `None` when there is no such file (yet).
    ///
    /// # Errors
    /// [`MarketError`] by what went wrong, [`MarketError::ArchiveUnusable`] when the answer is no checksum of this file.
    pub async fn checksum(&self, file: &ArchiveFile) -> Result<Option<Sha256Hex>, MarketError> {
        self.inner.download.checksum(file).await
    }

    /// Downloads a file, compares its SHA-256 with `expected`, and only then reads its rows. `None` when there is no such
    /// file. `progress` is called for each piece that arrives.
    ///
    /// # Errors
    /// [`MarketError::ChecksumMismatch`] when it is another file than was published (then ask for the checksum again: it
    /// may just have been issued anew), [`MarketError::ArchiveUnusable`] when it is no zip of candles,
    /// [`MarketError::Cancelled`] after `cancel`, else [`MarketError`] by what went wrong.
    pub async fn fetch(
        &self,
        file: &ArchiveFile,
        expected: &Sha256Hex,
        progress: impl FnMut(ArchiveProgress) + Send,
        cancel: &CancellationToken,
    ) -> Result<Option<ArchivePage>, MarketError> {
        let work = async {
            let Some(zip) = self.inner.download.zip(file, expected, progress).await? else {
                return Ok(None);
            };
            let (file, expected) = (file.clone(), expected.clone());
            // A month of minutes takes tens of milliseconds.
            let reading = tokio::task::spawn_blocking(move || read::page(file, expected, zip));
            reading
                .await
                .unwrap_or_else(|error| {
                    Err(MarketError::Unreadable {
                        what: "archive",
                        detail: error.to_string(),
                    })
                })
                .map(Some)
        };
        tokio::select! {
            () = cancel.cancelled() => Err(MarketError::Cancelled),
            outcome = work => outcome,
        }
    }
}
