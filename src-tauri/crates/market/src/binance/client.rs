//! The REST client.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use promptpal_domain::{Candle, Clock, Interval, Span, Symbol, Timestamp};

use super::BinanceConfig;
use super::wire::{ExchangeInfo, KlineRow, ServerTime, SymbolRow};
use crate::history::span_between;
use crate::net::limits::{Allowance, Gate};
use crate::net::{Request, Target, Transport};
use crate::{Archive, LimitState, MarketError, SymbolInfo};

/// Most candles the exchange gives at once.
pub(crate) const PAGE_LIMIT: u16 = 1000;
/// The exchange's code for a symbol it does not know.
const INVALID_SYMBOL: i64 = -1121;
/// The list of all symbols may be this many times the usual limit.
pub(crate) const SYMBOLS_FACTOR: usize = 16;
/// A pause when the exchange names none with its 429.
const DEFAULT_PAUSE_MS: i64 = 60_000;

/// A client of one venue's REST interface. Clones share limits and pauses.
#[derive(Clone, Debug)]
pub struct Binance {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) config: BinanceConfig,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) transport: Transport,
    pub(crate) archive: Option<Archive>,
    /// The exchange's time is at least this, in milliseconds.
    server_seen: AtomicI64,
}

/// One answer of the exchange about candles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KlinePage {
    /// What was asked for.
    pub asked: Span,
    /// The part of it for which `candles` is all there is: what opens in it and is not here does not exist.
    /// Ends before the forming candle and, in a full page, after the last candle.
    pub covered: Span,
    /// Closed candles, oldest first.
    pub candles: Vec<Candle>,
    /// The candle that is still forming, where the answer reached it. Not to be stored.
    pub live: Option<Candle>,
    /// Whether the page is full: more may follow.
    pub full: bool,
}

impl Binance {
    /// A client. No request is sent.
    ///
    /// # Errors
    /// [`MarketError::Unreachable`] when no HTTP client can be made (no TLS provider, no certificates).
    pub fn new(config: BinanceConfig, clock: Arc<dyn Clock>) -> Result<Self, MarketError> {
        let allowance = Allowance {
            limit: config.assumed_weight_limit,
            window_ms: 60_000,
            header: "x-mbx-used-weight-1m".to_owned(),
            share_percent: config.weight_share_percent,
            pause_ms: DEFAULT_PAUSE_MS,
        };
        let target = Target {
            base: &config.rest_base,
            connect_timeout: config.connect_timeout,
            request_timeout: config.request_timeout,
        };
        let transport = Transport::new(target, Gate::new(Arc::clone(&clock), allowance), None)?;
        let archive = match &config.archive {
            Some(archive) => Some(Archive::new(archive.clone(), Arc::clone(&clock))?),
            None => None,
        };
        let inner = Inner {
            config,
            clock,
            transport,
            archive,
            server_seen: AtomicI64::new(i64::MIN),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// What it was made with.
    #[must_use]
    pub fn config(&self) -> &BinanceConfig {
        &self.inner.config
    }

    /// How the request budget stands.
    #[must_use]
    pub fn limits(&self) -> LimitState {
        self.inner.transport.gate.limits()
    }

    /// The exchange's own time. Weight 1.
    ///
    /// # Errors
    /// [`MarketError`] by what went wrong.
    pub async fn server_time(&self) -> Result<Timestamp, MarketError> {
        let request = Request {
            what: "server time",
            path: &["api", "v3", "time"],
            query: &[],
            weight: 1,
            max_bytes: self.inner.config.max_body_bytes,
        };
        let reply: ServerTime = self.inner.transport.get_json(request).await?;
        Ok(self.saw(reply.server_time))
    }

    /// All instruments, in the exchange's order. Weight 20, and an answer of many megabytes: keep it.
    ///
    /// # Errors
    /// [`MarketError`] by what went wrong.
    pub async fn symbols(&self) -> Result<Vec<SymbolInfo>, MarketError> {
        let info = self.exchange_info(&[], SYMBOLS_FACTOR).await?;
        // Thousands of rows with dozens of filters each take milliseconds.
        Ok(info.symbols.into_iter().filter_map(SymbolRow::info).collect())
    }

    /// One instrument. Weight 20. Also learns the exchange's limits.
    ///
    /// # Errors
    /// [`MarketError::UnknownSymbol`] when there is none, else [`MarketError`] by what went wrong.
    pub async fn symbol(&self, symbol: &Symbol) -> Result<SymbolInfo, MarketError> {
        let query = [("symbol", symbol.to_string())];
        let info = self
            .exchange_info(&query, 1)
            .await
            .map_err(|error| about(symbol, error))?;
        let mut found = info.symbols.into_iter().filter_map(SymbolRow::info);
        found
            .find(|info| info.symbol == *symbol)
            .ok_or_else(|| MarketError::UnknownSymbol(symbol.clone()))
    }

    /// Candles that open in `span`, oldest first, at most `limit` (1 to 1000). Weight 2, and 1 more when the answer may
    /// reach the present: which candle is closed is judged by the exchange's clock.
    ///
    /// # Errors
    /// [`MarketError`] by what went wrong. Also [`MarketError::Unreadable`] when a single row makes no candle.
    pub async fn klines(
        &self,
        symbol: &Symbol,
        interval: Interval,
        span: Span,
        limit: u16,
    ) -> Result<KlinePage, MarketError> {
        let limit = limit.clamp(1, PAGE_LIMIT);
        let from = Timestamp::from_millis(span.from().millis().max(0));
        let reach = from.plus_millis(interval.nominal_millis().saturating_mul(i64::from(limit)));
        let known = self.server_seen();
        if span.to() > known && reach > known {
            self.server_time().await?;
        }
        self.page(symbol, interval, span, limit).await
    }

    /// The newest closed candles, at most `limit` less the one that is forming. Weight 3.
    ///
    /// # Errors
    /// As [`Binance::klines`].
    pub async fn latest(
        &self,
        symbol: &Symbol,
        interval: Interval,
        limit: u16,
    ) -> Result<KlinePage, MarketError> {
        self.server_time().await?;
        let limit = limit.clamp(1, PAGE_LIMIT);
        let rows = self.rows(symbol, interval, None, None, limit).await?;
        let (candles, live) = self.split(interval, rows);
        let first = candles
            .first()
            .or(live.as_ref())
            .map_or_else(|| self.server_seen(), |candle| candle.open_time);
        let end = live
            .as_ref()
            .map(|c| c.open_time)
            .or_else(|| candles.last().map(|c| interval.next(c.open_time)));
        let covered = span_between(first, end.unwrap_or(first));
        Ok(KlinePage {
            asked: covered,
            covered,
            full: false,
            candles,
            live,
        })
    }

    /// One page, judged by what is known of the exchange's time already.
    pub(crate) async fn page(
        &self,
        symbol: &Symbol,
        interval: Interval,
        span: Span,
        limit: u16,
    ) -> Result<KlinePage, MarketError> {
        if span.is_empty() {
            return Ok(KlinePage {
                asked: span,
                covered: span,
                candles: Vec::new(),
                live: None,
                full: false,
            });
        }
        let known = self.server_seen();
        let from = span.from().millis().max(0);
        let to = (span.to() != Span::ALL.to()).then(|| span.to().millis() - 1);
        let rows = self.rows(symbol, interval, Some(from), to, limit).await?;
        let full = rows.len() >= usize::from(limit);
        let (candles, live) = self.split(interval, rows);
        let after_last = candles.last().map(|candle| interval.next(candle.open_time));
        let end = match &live {
            Some(live) => live.open_time,
            None if !full && span.to() <= known => span.to(),
            // At the present edge an absent candle may only be late: coverage ends with what is there.
            None => after_last.unwrap_or(span.from()),
        };
        let covered = span_between(span.from(), end.min(span.to()));
        Ok(KlinePage {
            asked: span,
            covered,
            candles,
            live,
            full,
        })
    }

    /// The newest page of `span`, judged by what is known of the exchange's time already. What it covers ends as a page
    /// of [`Binance::page`] does, and begins with its first candle where there may be more before it.
    pub(crate) async fn page_before(
        &self,
        symbol: &Symbol,
        interval: Interval,
        span: Span,
        most: u16,
    ) -> Result<KlinePage, MarketError> {
        let known = self.server_seen();
        let (from, to) = (span.from().max(Timestamp::EPOCH), span.to());
        if to <= from {
            return Ok(KlinePage {
                asked: span,
                covered: span,
                candles: Vec::new(),
                live: None,
                full: false,
            });
        }
        // One row more than can be wanted tells that the page reaches the start.
        let openings = interval.count_between(from, to.min(interval.next(known)));
        let limit = u16::try_from(openings.saturating_add(1)).map_or(most, |count| count.min(most));
        let last = (to != Span::ALL.to()).then(|| to.millis() - 1);
        let rows = self.rows(symbol, interval, None, last, limit).await?;
        let oldest = rows.first().map(|(candle, _)| candle.open_time);
        let cut = rows.len() >= usize::from(limit);
        let start = oldest
            .filter(|oldest| cut && *oldest > from)
            .unwrap_or(span.from());
        let (mut candles, live) = self.split(interval, rows);
        let after_last = candles.last().map(|candle| interval.next(candle.open_time));
        let end = match &live {
            Some(live) => live.open_time,
            None if to <= known => to,
            None => after_last.unwrap_or(start),
        };
        candles.retain(|candle| candle.open_time >= from);
        Ok(KlinePage {
            asked: span,
            covered: span_between(start, end.min(to)),
            candles,
            live: live.filter(|live| live.open_time >= from),
            full: start > span.from(),
        })
    }

    /// The exchange's time is at least this.
    pub(crate) fn server_seen(&self) -> Timestamp {
        Timestamp::from_millis(self.inner.server_seen.load(Ordering::Acquire))
    }

    pub(crate) async fn exchange_info(
        &self,
        query: &[(&'static str, String)],
        size_factor: usize,
    ) -> Result<ExchangeInfo, MarketError> {
        let request = Request {
            what: "list of symbols",
            path: &["api", "v3", "exchangeInfo"],
            query,
            weight: 20,
            max_bytes: self.inner.config.max_body_bytes.saturating_mul(size_factor),
        };
        let body = self.inner.transport.get(request).await?;
        let parse = move || (serde_json::from_slice::<ExchangeInfo>(&body), body);
        let (parsed, body) = if size_factor > 1 {
            tokio::task::spawn_blocking(parse)
                .await
                .map_err(|error| MarketError::Unreadable {
                    what: request.what,
                    detail: error.to_string(),
                })?
        } else {
            parse()
        };
        let info = parsed.map_err(|error| self.inner.transport.unreadable(request.what, &body, &error))?;
        self.saw(info.server_time);
        if let Some((limit, window_ms, header)) = info.weight_limit() {
            self.inner.transport.gate.learn(limit, window_ms, header);
        }
        Ok(info)
    }

    /// Notes a time the exchange stated and returns it.
    fn saw(&self, server_ms: i64) -> Timestamp {
        let at = crate::moment::by_magnitude(server_ms);
        self.inner.server_seen.fetch_max(at.millis(), Ordering::AcqRel);
        at
    }

    async fn rows(
        &self,
        symbol: &Symbol,
        interval: Interval,
        from: Option<i64>,
        last: Option<i64>,
        limit: u16,
    ) -> Result<Vec<(Candle, Timestamp)>, MarketError> {
        let what = "candles";
        let mut query = vec![
            ("symbol", symbol.to_string()),
            ("interval", interval.to_string()),
            ("limit", limit.to_string()),
        ];
        query.extend(from.map(|ms| ("startTime", ms.to_string())));
        query.extend(last.map(|ms| ("endTime", ms.to_string())));
        let request = Request {
            what,
            path: &["api", "v3", "klines"],
            query: &query,
            weight: 2,
            max_bytes: self.inner.config.max_body_bytes,
        };
        let body = self
            .inner
            .transport
            .get(request)
            .await
            .map_err(|error| about(symbol, error))?;
        let rows: Vec<KlineRow<'_>> = serde_json::from_slice(&body)
            .map_err(|error| self.inner.transport.unreadable(what, &body, &error))?;
        let mut candles: Vec<(Candle, Timestamp)> = Vec::with_capacity(rows.len());
        for row in rows {
            let candle = row.candle(interval).map_err(|error| MarketError::Unreadable {
                what,
                detail: error.to_string(),
            })?;
            if candles
                .last()
                .is_some_and(|(before, _)| before.open_time >= candle.open_time)
            {
                let detail = format!(
                    "the candle at {} does not follow the one before it",
                    candle.open_time
                );
                return Err(MarketError::Unreadable { what, detail });
            }
            candles.push((candle, crate::moment::by_magnitude(row.close_time)));
        }
        Ok(candles)
    }

    /// Closed candles and the forming one. Only the last of an answer can be forming, and it is unless the exchange's
    /// time, as known before the answer, had passed its grid end and its stated end.
    fn split(&self, interval: Interval, mut rows: Vec<(Candle, Timestamp)>) -> (Vec<Candle>, Option<Candle>) {
        let known = self.server_seen();
        let forming = |(candle, close): &(Candle, Timestamp)| {
            *close >= known || interval.next(candle.open_time) > known
        };
        let live = if rows.last().is_some_and(forming) {
            rows.pop().map(|(candle, _)| candle)
        } else {
            None
        };
        (rows.into_iter().map(|(candle, _)| candle).collect(), live)
    }
}

/// Names the symbol where the exchange says that it does not know it.
pub(crate) fn about(symbol: &Symbol, error: MarketError) -> MarketError {
    match error {
        MarketError::Refused {
            code: INVALID_SYMBOL, ..
        } => MarketError::UnknownSymbol(symbol.clone()),
        other => other,
    }
}
