//! A long stretch of candles, page by page, oldest first, with every wait told.

use std::time::Duration;

use promptpal_domain::{Candle, Interval, LiveCandle, SeriesKey, Span, Symbol, Timestamp};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::client::{Binance, KlinePage, PAGE_LIMIT};
use crate::MarketError;

/// Pages that may wait for the receiver.
const PAGES_AHEAD: usize = 2;
/// Tries for one page before a passing failure counts as lasting.
const TRIES: u32 = 5;
/// A wait looks at the clock this often, so that a clock that jumps is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What a history tells while it is fetched.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "one of them is made for each request over the network"
)]
pub enum HistoryEvent {
    /// A page.
    Page(HistoryPage),
    /// Nothing will happen until then; the history goes on by itself.
    Waiting {
        /// End of the wait by our clock.
        until: Timestamp,
        /// Why.
        reason: WaitReason,
    },
}

/// Why a history waits.
#[derive(Debug)]
pub enum WaitReason {
    /// Our share of the request budget is used up.
    Budget,
    /// The exchange asked for a pause, or has banned the address for a while.
    Pause(MarketError),
    /// A passing failure; the page will be asked for again.
    Failure(MarketError),
}

/// One page of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryPage {
    /// Whose candles.
    pub series: SeriesKey,
    /// The part of the history that this page settles: what opens in it and is not among `candles`, the exchange does
    /// not have. The pages' spans follow each other without overlap, from the start of the span asked for.
    pub covered: Span,
    /// Closed candles in it, oldest first.
    pub candles: Vec<Candle>,
    /// The forming candle, with the last page where the span reaches the present.
    pub live: Option<LiveCandle>,
}

impl Binance {
    /// Fetches the candles that open in `span`, oldest first. The receiver gets pages and waits; it closes after the last
    /// page, after an error, or after `cancel` (then without another word). Dropping it ends the work too.
    ///
    /// Pauses up to [`longest_wait`](super::BinanceConfig::longest_wait) are waited out. Passing failures (no connection,
    /// timeout, 5xx, an unreadable answer) are tried again four times with doubling waits; each wait is an event.
    #[must_use]
    pub fn history(
        &self,
        symbol: Symbol,
        interval: Interval,
        span: Span,
        cancel: CancellationToken,
    ) -> mpsc::Receiver<Result<HistoryEvent, MarketError>> {
        let (events, receiver) = mpsc::channel(PAGES_AHEAD);
        let walk = Walk {
            client: self.clone(),
            symbol,
            interval,
            span,
            events,
        };
        tokio::spawn(async move {
            let outcome = tokio::select! {
                () = cancel.cancelled() => return,
                outcome = walk.run() => outcome,
            };
            if let Err(Stop::Error(error)) = outcome {
                let _ = walk.events.send(Err(error)).await;
            }
        });
        receiver
    }
}

struct Walk {
    client: Binance,
    symbol: Symbol,
    interval: Interval,
    span: Span,
    events: mpsc::Sender<Result<HistoryEvent, MarketError>>,
}

enum Stop {
    /// Nobody listens any more.
    Unheard,
    Error(MarketError),
}

impl Walk {
    async fn run(&self) -> Result<(), Stop> {
        if !self.client.inner.transport.gate.is_known() {
            self.patiently(|| self.client.symbol(&self.symbol)).await?;
        }
        let mut from = self.span.from();
        let mut judge_by_server = false;
        loop {
            let Ok(rest) = Span::new(from, self.span.to()) else {
                return Ok(());
            };
            if rest.is_empty() {
                return Ok(());
            }
            let page = self.patiently(|| self.page(rest, judge_by_server)).await?;
            let fresh = judge_by_server || self.near_present(rest);
            let (next, full, reached_forming) = (page.covered.to(), page.full, page.live.is_some());
            // A last row that we held for forming only because our idea of the time was old is asked for once more.
            let ask_again = reached_forming && !fresh;
            self.send(HistoryEvent::Page(self.hand_out(page, ask_again)))
                .await?;
            if !(full || ask_again) || (reached_forming && fresh) || (next <= from && !ask_again) {
                return Ok(());
            }
            judge_by_server = ask_again;
            from = next;
        }
    }

    /// Whether [`Binance::klines`] looks at the exchange's clock for this span.
    fn near_present(&self, span: Span) -> bool {
        let known = self.client.server_seen();
        let page_ms = self
            .interval
            .nominal_millis()
            .saturating_mul(i64::from(PAGE_LIMIT));
        span.to() <= known || span.from().plus_millis(page_ms) > known
    }

    async fn page(&self, span: Span, judge_by_server: bool) -> Result<KlinePage, MarketError> {
        if judge_by_server {
            self.client.server_time().await?;
            return self
                .client
                .page(&self.symbol, self.interval, span, PAGE_LIMIT)
                .await;
        }
        self.client
            .klines(&self.symbol, self.interval, span, PAGE_LIMIT)
            .await
    }

    fn hand_out(&self, page: KlinePage, without_live: bool) -> HistoryPage {
        let series = SeriesKey {
            venue: self.client.config().venue.clone(),
            symbol: self.symbol.clone(),
            interval: self.interval,
        };
        let sent = self.client.server_seen();
        let live = page.live.filter(|_| !without_live);
        let live = live.map(|candle| LiveCandle {
            series: series.clone(),
            candle,
            closed: false,
            sent,
        });
        HistoryPage {
            series,
            covered: page.covered,
            candles: page.candles,
            live,
        }
    }

    /// Does it, waiting out pauses and trying passing failures again, and tells of each wait.
    async fn patiently<T, F: Future<Output = Result<T, MarketError>>>(
        &self,
        ask: impl Fn() -> F,
    ) -> Result<T, Stop> {
        let mut failures = 0;
        loop {
            let error = match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let now = self.client.inner.clock.now();
            let (until, reason) = match error {
                MarketError::OverBudget { until } => (until, WaitReason::Budget),
                MarketError::RateLimited { until } | MarketError::Banned { until } => {
                    (until, WaitReason::Pause(error))
                }
                error if passes(&error) && failures + 1 < TRIES => {
                    let wait = self
                        .client
                        .config()
                        .retry_wait
                        .saturating_mul(1 << failures.min(16));
                    failures += 1;
                    (now.plus_millis(millis(wait)), WaitReason::Failure(error))
                }
                error => return Err(Stop::Error(error)),
            };
            if until.since(now) > millis(self.client.config().longest_wait) {
                return Err(Stop::Error(match reason {
                    WaitReason::Budget => MarketError::OverBudget { until },
                    WaitReason::Pause(error) | WaitReason::Failure(error) => error,
                }));
            }
            self.send(HistoryEvent::Waiting { until, reason }).await?;
            self.wait(until).await;
        }
    }

    async fn wait(&self, until: Timestamp) {
        loop {
            let left = until.since(self.client.inner.clock.now());
            let Ok(left @ 1..) = u64::try_from(left) else {
                return;
            };
            tokio::time::sleep(Duration::from_millis(left).min(LOOK_EVERY)).await;
        }
    }

    async fn send(&self, event: HistoryEvent) -> Result<(), Stop> {
        self.events.send(Ok(event)).await.map_err(|_| Stop::Unheard)
    }
}

/// Whether the same request is likely to succeed in a moment.
const fn passes(error: &MarketError) -> bool {
    matches!(
        error,
        MarketError::Unreachable { .. }
            | MarketError::Timeout { .. }
            | MarketError::Unavailable { .. }
            | MarketError::NotJson { .. }
            | MarketError::Unreadable { .. }
    )
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
