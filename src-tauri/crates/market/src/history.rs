//! A long stretch of candles, page by page, with every wait told: what all venues' histories have in common.

use std::sync::Arc;

use promptpal_domain::{Candle, Clock, LiveCandle, SeriesKey, Span, Timestamp};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::MarketError;
use crate::patience;
pub(crate) use crate::patience::Patience;

/// Pages that may wait for the receiver.
const PAGES_AHEAD: usize = 2;
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
            let (until, reason) = patience::wait_for(error, &mut failures, self.clock.now(), self.patience)
                .map_err(Stop::Error)?;
            self.send(HistoryEvent::Waiting { until, reason }).await?;
            patience::wait_until(self.clock.as_ref(), until).await;
        }
    }

    async fn send(&self, event: HistoryEvent) -> Result<(), Stop> {
        self.events.send(Ok(event)).await.map_err(|_| Stop::Unheard)
    }
}

/// `[from, to)`, empty at `from` when `to` is not later.
pub(crate) fn span_between(from: Timestamp, to: Timestamp) -> Span {
    Span::new(from, to.max(from)).unwrap_or(Span::ALL)
}
