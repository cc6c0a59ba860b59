//! A long stretch of candles, page by page, with every wait told: what all venues' histories have in common.

use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{Candle, Clock, LiveCandle, SeriesKey, Span, Timestamp};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::MarketError;

/// Pages that may wait for the receiver.
const PAGES_AHEAD: usize = 2;
/// Tries for one page before a passing failure counts as lasting.
const TRIES: u32 = 5;
/// A wait looks at the clock this often, so that a clock that jumps is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Which end of a span is fetched first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// As time went.
    #[default]
    OldestFirst,
    /// From the present backwards, so that a chart is useful at once.
    NewestFirst,
}

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
    /// not have. The pages' spans adjoin without overlap, from the start of the span asked for to its end, or from where
    /// the present begins back to its start.
    pub covered: Span,
    /// Closed candles in it, oldest first.
    pub candles: Vec<Candle>,
    /// The forming candle, with the page that reaches the present: the last one, or the first in
    /// [`Order::NewestFirst`].
    pub live: Option<LiveCandle>,
}

/// How long a history waits, and for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// First wait after a passing failure; doubles from there.
    pub(crate) retry_wait: Duration,
    /// Longest pause that is waited out.
    pub(crate) longest_wait: Duration,
}

/// Why a walk through a history ends early.
pub(crate) enum Stop {
    /// Nobody listens any more.
    Unheard,
    /// It cannot go on.
    Error(MarketError),
}

/// The mouth of a history: hands out pages and waits.
#[derive(Debug)]
pub(crate) struct Teller {
    events: mpsc::Sender<Result<HistoryEvent, MarketError>>,
    clock: Arc<dyn Clock>,
    patience: Patience,
}

/// Runs `walk` until it ends, until `cancel`, or until nobody listens. Its error, if any, is the last event.
pub(crate) fn start<W, F>(
    clock: Arc<dyn Clock>,
    patience: Patience,
    cancel: CancellationToken,
    walk: W,
) -> mpsc::Receiver<Result<HistoryEvent, MarketError>>
where
    W: FnOnce(Teller) -> F + Send + 'static,
    F: Future<Output = Result<(), Stop>> + Send,
{
    let (events, receiver) = mpsc::channel(PAGES_AHEAD);
    let teller = Teller {
        events: events.clone(),
        clock,
        patience,
    };
    tokio::spawn(async move {
        let outcome = tokio::select! {
            () = cancel.cancelled() => return,
            () = events.closed() => return,
            outcome = walk(teller) => outcome,
        };
        if let Err(Stop::Error(error)) = outcome {
            let _ = events.send(Err(error)).await;
        }
    });
    receiver
}

impl Teller {
    pub(crate) async fn page(&self, page: HistoryPage) -> Result<(), Stop> {
        self.send(HistoryEvent::Page(page)).await
    }

    /// Does it, waiting out pauses and trying passing failures again, and tells of each wait.
    pub(crate) async fn patiently<T, F: Future<Output = Result<T, MarketError>>>(
        &self,
        ask: impl Fn() -> F,
    ) -> Result<T, Stop> {
        let mut failures = 0;
        loop {
            let error = match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let now = self.clock.now();
            let (until, reason) = match error {
                MarketError::OverBudget { until } => (until, WaitReason::Budget),
                MarketError::RateLimited { until } | MarketError::Banned { until } => {
                    (until, WaitReason::Pause(error))
                }
                error if passes(&error) && failures + 1 < TRIES => {
                    let wait = self.patience.retry_wait.saturating_mul(1 << failures.min(16));
                    failures += 1;
                    (now.plus_millis(millis(wait)), WaitReason::Failure(error))
                }
                error => return Err(Stop::Error(error)),
            };
            if until.since(now) > millis(self.patience.longest_wait) {
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
            let left = until.since(self.clock.now());
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

/// `[from, to)`, empty at `from` when `to` is not later.
pub(crate) fn span_between(from: Timestamp, to: Timestamp) -> Span {
    Span::new(from, to.max(from)).unwrap_or(Span::ALL)
}
