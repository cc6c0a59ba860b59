//! A long stretch of candles, page by page, with every wait told: what all venues' histories have in common.

use std::sync::Arc;

use promptpal_domain::{Candle, Clock, LiveCandle, SeriesKey, Span, Timestamp};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use crate::MarketError;
use crate::patience;
pub(crate) use crate::patience::Patience;

/// Events that may wait for the receiver. Pages do not wait: see [`History`].
const EVENTS_AHEAD: usize = 2;

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

/// A history while it is fetched. It is pulled: the next page is asked for only when [`History::recv`] is called after a
/// page, so that never more than one page has been fetched and is not taken care of yet. Dropping it ends the work.
#[derive(Debug)]
pub struct History {
    events: mpsc::Receiver<Result<HistoryEvent, MarketError>>,
    wanted: Arc<Semaphore>,
    handed_out: bool,
}

impl History {
    /// The next event; nothing after the last page, after an error, and after a cancel. Calling it says that the page before
    /// has been taken care of. Cancel-safe.
    pub async fn recv(&mut self) -> Option<Result<HistoryEvent, MarketError>> {
        if std::mem::take(&mut self.handed_out) {
            self.wanted.add_permits(1);
        }
        let event = self.events.recv().await;
        self.handed_out = matches!(event, Some(Ok(HistoryEvent::Page(_))));
        event
    }
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
    wanted: Arc<Semaphore>,
    clock: Arc<dyn Clock>,
    patience: Patience,
}

/// Runs `walk` until it ends, until `cancel`, or until nobody listens. Its error, if any, is the last event.
pub(crate) fn start<W, F>(
    clock: Arc<dyn Clock>,
    patience: Patience,
    cancel: CancellationToken,
    walk: W,
) -> History
where
    W: FnOnce(Teller) -> F + Send + 'static,
    F: Future<Output = Result<(), Stop>> + Send,
{
    let (events, receiver) = mpsc::channel(EVENTS_AHEAD);
    let wanted = Arc::new(Semaphore::new(0));
    let teller = Teller {
        events: events.clone(),
        wanted: Arc::clone(&wanted),
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
    History {
        events: receiver,
        wanted,
        handed_out: false,
    }
}

impl Teller {
    /// Hands a page out and waits until the next one is wanted.
    pub(crate) async fn page(&self, page: HistoryPage) -> Result<(), Stop> {
        self.send(HistoryEvent::Page(page)).await?;
        let wanted = self.wanted.acquire().await.map_err(|_| Stop::Unheard)?;
        wanted.forget();
        Ok(())
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
