//! The REST client.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use promptpal_domain::{Candle, Clock, Interval, Symbol, Timestamp};

use super::CoinbaseConfig;
use super::wire::{self, Product, Products, Stats, Time};
use crate::net::limits::{Allowance, Gate};
use crate::net::pace::Pace;
use crate::net::{Request, Target, Transport};
use crate::{LimitState, MarketError, SymbolInfo, Ticker};

/// Candle lengths that the venue has.
pub(super) const INTERVALS: [Interval; 6] = [
    Interval::Minute1,
    Interval::Minute5,
    Interval::Minute15,
    Interval::Hour1,
    Interval::Hour6,
    Interval::Day1,
];
/// Most candles of one answer.
pub(super) const PAGE_LIMIT: u16 = 300;
/// Openings asked for at once: one less than the limit, so that one more fits behind whichever way the venue counts the
/// end of a span.
pub(super) const PAGE_OPENINGS: i64 = 299;
/// Public requests a second that the venue allows one address.
const REQUESTS_A_SECOND: u32 = 10;
/// A pause when the venue names none with its 429. It counts by the second, so this is ample.
const DEFAULT_PAUSE_MS: i64 = 10_000;

/// A client of Coinbase Exchange. Clones share pace and pauses.
#[derive(Clone, Debug)]
pub struct Coinbase {
    pub(super) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    pub(super) config: CoinbaseConfig,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) transport: Transport,
    /// The venue's time is at least this, in milliseconds.
    server_seen: AtomicI64,
    /// Days on which products were first traded, as far as that was asked.
    beginnings: Mutex<HashMap<Symbol, Timestamp>>,
}

impl Coinbase {
    /// A client. No request is sent.
    ///
    /// # Errors
    /// [`MarketError::Unreachable`] when no HTTP client can be made (no TLS provider, no certificates).
    pub fn new(config: CoinbaseConfig, clock: Arc<dyn Clock>) -> Result<Self, MarketError> {
        let target = Target {
            base: &config.rest_base,
            connect_timeout: config.connect_timeout,
            request_timeout: config.request_timeout,
        };
        // The pace alone keeps us below the limit; the count is there to be shown, and for a pace set from outside.
        let paced = 1_000_000 / config.request_gap.as_micros().max(1);
        let allowance = Allowance {
            limit: u32::try_from(paced * 2)
                .unwrap_or(u32::MAX)
                .max(REQUESTS_A_SECOND),
            window_ms: 1000,
            header: String::new(),
            share_percent: 100,
            pause_ms: DEFAULT_PAUSE_MS,
        };
        let gate = Gate::new(Arc::clone(&clock), allowance);
        let transport = Transport::new(target, gate, Some(Pace::new(config.request_gap)))?;
        let inner = Inner {
            config,
            clock,
            transport,
            server_seen: AtomicI64::new(i64::MIN),
            beginnings: Mutex::default(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// What it was made with.
    #[must_use]
    pub fn config(&self) -> &CoinbaseConfig {
        &self.inner.config
    }

    /// How the request budget stands.
    #[must_use]
    pub fn limits(&self) -> LimitState {
        self.inner.transport.gate.limits()
    }

    /// The venue's own time.
    ///
    /// # Errors
    /// [`MarketError`] by what went wrong.
    pub async fn server_time(&self) -> Result<Timestamp, MarketError> {
        let what = "server time";
        let body = self.get(what, &["time"], &[]).await?;
        let time: Time = self.read(what, &body)?;
        let at: Timestamp = time.iso.parse().map_err(|error| unreadable(what, &error))?;
        self.inner.server_seen.fetch_max(at.millis(), Ordering::AcqRel);
        Ok(at)
    }

    /// The venue's time is at least this; nothing until it was asked.
    pub(super) fn server_seen(&self) -> Option<Timestamp> {
        let seen = self.inner.server_seen.load(Ordering::Acquire);
        (seen != i64::MIN).then(|| Timestamp::from_millis(seen))
    }

    /// All instruments, in the venue's order.
    ///
    /// # Errors
    /// [`MarketError`] by what went wrong.
    pub async fn symbols(&self) -> Result<Vec<SymbolInfo>, MarketError> {
        let what = "list of symbols";
        let body = self.get(what, &["products"], &[]).await?;
        let products: Products = self.read(what, &body)?;
        Ok(products.rows.into_iter().filter_map(Product::info).collect())
    }

    /// One instrument.
    ///
    /// # Errors
    /// [`MarketError::UnknownSymbol`] when there is none, else [`MarketError`] by what went wrong.
    pub async fn symbol(&self, symbol: &Symbol) -> Result<SymbolInfo, MarketError> {
        let what = "symbol";
        let body = self.get_of(symbol, what, &[], &[]).await?;
        let product: Product = self.read(what, &body)?;
        product
            .info()
            .filter(|info| info.symbol == *symbol)
            .ok_or_else(|| MarketError::UnknownSymbol(symbol.clone()))
    }

    /// Figures of the last 24 hours, one request for each symbol, in the order asked for; instruments without figures are
    /// left out. When they were taken is told by our clock.
    ///
    /// # Errors
    /// [`MarketError`] by what went wrong with one of them.
    pub async fn tickers(&self, symbols: &[Symbol]) -> Result<Vec<Ticker>, MarketError> {
        let mut tickers = Vec::with_capacity(symbols.len());
        for symbol in symbols {
            let what = "24 h figures";
            let body = self.get_of(symbol, what, &["stats"], &[]).await?;
            let stats: Stats<'_> = self.read(what, &body)?;
            tickers.extend(stats.ticker(symbol.clone(), self.inner.clock.now()));
        }
        Ok(tickers)
    }

    /// Candles, the forming one included, oldest first, that open from `first` to `last`, at most [`PAGE_OPENINGS`] of
    /// them.
    pub(super) async fn candles(
        &self,
        symbol: &Symbol,
        interval: Interval,
        first: Timestamp,
        last: Timestamp,
    ) -> Result<Vec<Candle>, MarketError> {
        self.offered(interval)?;
        let step = interval.nominal_millis();
        let query = [
            ("granularity", (step / 1000).to_string()),
            ("start", first.to_string()),
            ("end", last.plus_millis(step).to_string()),
        ];
        let what = "candles";
        let body = self.get_of(symbol, what, &["candles"], &query).await?;
        let read =
            wire::candles(&body).map_err(|error| self.inner.transport.unreadable(what, &body, &error))?;
        let mut candles = read.map_err(|error| unreadable(what, &error))?;
        // The venue may put candles before the start.
        candles.retain(|candle| first <= candle.open_time && candle.open_time <= last);
        Ok(candles)
    }

    /// # Errors
    /// [`MarketError::NoInterval`] when the venue has no candles of this length.
    pub(super) fn offered(&self, interval: Interval) -> Result<(), MarketError> {
        if INTERVALS.contains(&interval) {
            return Ok(());
        }
        Err(MarketError::NoInterval {
            venue: self.inner.config.venue.clone(),
            interval,
        })
    }

    pub(super) fn beginning(&self, symbol: &Symbol) -> Option<Timestamp> {
        let beginnings = self
            .inner
            .beginnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        beginnings.get(symbol).copied()
    }

    pub(super) fn note_beginning(&self, symbol: &Symbol, day: Timestamp) {
        let mut beginnings = self
            .inner
            .beginnings
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        beginnings.insert(symbol.clone(), day);
    }

    async fn get_of(
        &self,
        symbol: &Symbol,
        what: &'static str,
        below: &[&str],
        query: &[(&'static str, String)],
    ) -> Result<Bytes, MarketError> {
        let mut path = vec!["products", symbol.as_str()];
        path.extend(below);
        let answer = self.get(what, &path, query).await;
        answer.map_err(|error| match error {
            MarketError::Refused { status: 404, .. } => MarketError::UnknownSymbol(symbol.clone()),
            other => other,
        })
    }

    async fn get(
        &self,
        what: &'static str,
        path: &[&str],
        query: &[(&'static str, String)],
    ) -> Result<Bytes, MarketError> {
        let request = Request {
            what,
            path,
            query,
            weight: 1,
            max_bytes: self.inner.config.max_body_bytes,
        };
        self.inner.transport.get(request).await
    }

    fn read<'a, T: serde::Deserialize<'a>>(
        &self,
        what: &'static str,
        body: &'a [u8],
    ) -> Result<T, MarketError> {
        serde_json::from_slice(body).map_err(|error| self.inner.transport.unreadable(what, body, &error))
    }
}

fn unreadable(what: &'static str, error: &dyn std::error::Error) -> MarketError {
    MarketError::Unreadable {
        what,
        detail: error.to_string(),
    }
}

pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
