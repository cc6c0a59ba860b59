//! Live candles by polling, behind the same events as a stream.
//!
//! # Invariants
//! - A series is asked for just after each close and every few seconds in between; with many series less often, so that
//!   polling takes at most half of the pace of all requests.
//! - Closed candles come once and in order. One that the venue shows only after a later one was handed out is left to the
//!   history: [`LiveEvent::CloseMissing`] says where a candle is missing between two.
//! - A failure ends nothing: the events tell of it, and the next try comes by itself after a back-off.

use std::collections::HashMap;
use std::time::Duration;

use promptpal_domain::{Candle, Interval, LiveCandle, SeriesKey, Symbol, Timestamp};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::client::{Coinbase, PAGE_OPENINGS, millis};
use crate::stream::Backoff;
use crate::{LiveEvent, LiveRequest, LiveTimings, MarketError, StreamHealth, Ticker};

/// Events that may wait for the receiver.
const EVENTS_AHEAD: usize = 256;
/// How often it is told that all is well.
const HEALTH_EVERY: Duration = Duration::from_secs(1);

impl Coinbase {
    pub(super) fn poll(&self, request: LiveRequest, cancel: CancellationToken) -> mpsc::Receiver<LiveEvent> {
        let (events, receiver) = mpsc::channel(EVENTS_AHEAD);
        let poller = Poller::new(self.clone(), request);
        tokio::spawn(async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = events.closed() => {}
                () = poller.run(&events) => {}
            }
        });
        receiver
    }
}

/// A series that is followed.
#[derive(Debug)]
struct Followed {
    key: SeriesKey,
    /// The first opening whose closed candle has not been handed out.
    next_open: Option<Timestamp>,
    /// The forming candle as it was handed out last.
    forming: Option<Candle>,
    /// When it is to be asked for.
    due: Instant,
}

#[derive(Debug)]
struct Poller {
    client: Coinbase,
    series: Vec<Followed>,
    tickers: Vec<Symbol>,
    /// The figures as they were handed out last.
    figures: HashMap<Symbol, Ticker>,
    tickers_due: Instant,
    health_due: Instant,
    backoff: Backoff,
    /// Events that wait for the connection to stand.
    waiting: Vec<LiveEvent>,
}

impl Poller {
    fn new(client: Coinbase, mut request: LiveRequest) -> Self {
        request.series.sort();
        request.series.dedup();
        request.tickers.sort();
        request.tickers.dedup();
        let now = Instant::now();
        let poll = client.config().poll;
        let timings = LiveTimings {
            least_wait: poll.least_wait,
            first_wait: poll.first_wait,
            longest_wait: poll.longest_wait,
            stable_after: poll.stable_after,
            ..LiveTimings::default()
        };
        let follow = |(symbol, interval): (Symbol, Interval)| Followed {
            key: SeriesKey {
                venue: client.config().venue.clone(),
                symbol,
                interval,
            },
            next_open: None,
            forming: None,
            due: now,
        };
        Self {
            series: request.series.into_iter().map(follow).collect(),
            tickers: request.tickers,
            figures: HashMap::new(),
            tickers_due: now,
            health_due: now,
            backoff: Backoff::new(timings),
            waiting: Vec::new(),
            client,
        }
    }

    async fn run(mut self, events: &mpsc::Sender<LiveEvent>) {
        let mut heard: Option<Timestamp> = None;
        let mut connected: Option<Instant> = None;
        loop {
            let outcome = self.round().await;
            if outcome.is_ok() {
                if connected.is_none() {
                    connected = Some(Instant::now());
                    self.waiting.insert(0, LiveEvent::Connected { since: heard });
                }
                heard = Some(self.client.inner.clock.now());
                if self.health_due <= Instant::now() {
                    self.health_due = Instant::now() + HEALTH_EVERY;
                    let health = StreamHealth {
                        connections: 1,
                        streams: self.series.len() + self.tickers.len(),
                        last_frame: heard,
                        ..StreamHealth::default()
                    };
                    self.waiting.push(LiveEvent::Health(health));
                }
            }
            if connected.is_some() {
                for event in self.waiting.drain(..) {
                    if events.send(event).await.is_err() {
                        return;
                    }
                }
            }
            match outcome {
                Ok(()) => sleep_until(self.next_due()).await,
                Err(error) if ends(&error) => {
                    let _ = events.send(LiveEvent::Stopped(error)).await;
                    return;
                }
                Err(error) => {
                    let lived = connected.take().map_or(Duration::ZERO, |since| since.elapsed());
                    let wait = self.wait_after(&error, lived);
                    let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
                    let reason = error.with_cause();
                    tracing::info!(reason, wait_ms, "polling failed");
                    if events
                        .send(LiveEvent::Reconnecting { reason, wait_ms })
                        .await
                        .is_err()
                    {
                        return;
                    }
                    sleep(wait).await;
                }
            }
        }
    }

    /// Asks for everything that is due.
    async fn round(&mut self) -> Result<(), MarketError> {
        let begun = Instant::now();
        for followed in &self.series {
            self.client.offered(followed.key.interval)?;
        }
        let period = self.period();
        if self.series.iter().any(|followed| followed.due <= begun) {
            // What is closed is judged by the venue's time before it is asked.
            let now = self.client.server_time().await?;
            for followed in self.series.iter_mut().filter(|followed| followed.due <= begun) {
                let asked = Instant::now();
                ask(&self.client, followed, now, &mut self.waiting).await?;
                let grace = millis(self.client.config().close_grace);
                let interval = followed.key.interval;
                let closes = interval.next(now.plus_millis(-grace)).plus_millis(grace);
                let until_close = u64::try_from(closes.since(now)).unwrap_or_default();
                followed.due = asked + period.min(Duration::from_millis(until_close));
            }
        }
        if !self.tickers.is_empty() && self.tickers_due <= begun {
            for ticker in self.client.tickers(&self.tickers).await? {
                let known = self.figures.insert(ticker.symbol.clone(), ticker.clone());
                let same = known.is_some_and(|known| {
                    Ticker {
                        at: ticker.at,
                        ..known
                    } == ticker
                });
                self.waiting.extend((!same).then_some(LiveEvent::Ticker(ticker)));
            }
            self.tickers_due = Instant::now() + self.client.config().poll.tickers_every;
        }
        Ok(())
    }

    /// How often a forming candle is looked at.
    fn period(&self) -> Duration {
        let config = self.client.config();
        let series = u32::try_from(self.series.len()).unwrap_or(u32::MAX);
        let fair = config.request_gap.saturating_mul(series.saturating_mul(2));
        config.poll.forming_every.max(fair)
    }

    fn next_due(&self) -> Instant {
        let series = self.series.iter().map(|followed| followed.due);
        let tickers = (!self.tickers.is_empty()).then_some(self.tickers_due);
        let far = || Instant::now() + self.client.config().poll.tickers_every;
        series.chain(tickers).min().unwrap_or_else(far)
    }

    fn wait_after(&mut self, error: &MarketError, lived: Duration) -> Duration {
        let wait = self.backoff.next(lived);
        let now = self.client.inner.clock.now();
        let pause = error
            .retry_at()
            .and_then(|until| u64::try_from(until.since(now)).ok());
        wait.max(Duration::from_millis(pause.unwrap_or_default()))
    }
}

/// Asks for the candles of a series from the first that was not handed out as closed.
async fn ask(
    client: &Coinbase,
    followed: &mut Followed,
    now: Timestamp,
    events: &mut Vec<LiveEvent>,
) -> Result<(), MarketError> {
    let interval = followed.key.interval;
    let newest = interval.floor(now);
    // After a long sleep only the newest page; what lies before it is the history's.
    let oldest = newest.plus_millis(-(PAGE_OPENINGS - 1) * interval.nominal_millis());
    let from = followed
        .next_open
        .map_or(newest, |next| next.clamp(oldest, newest));
    let candles = client
        .candles(&followed.key.symbol, interval, from, newest)
        .await?;
    let mut next_open = from;
    let grace_ms = millis(client.config().close_grace);
    for candle in candles {
        let end = interval.next(candle.open_time);
        let closed = end.plus_millis(grace_ms) <= now;
        if closed {
            if candle.open_time > next_open {
                // Nothing was traded, or the candle is late: the history settles which.
                events.push(LiveEvent::CloseMissing {
                    series: followed.key.clone(),
                    open_time: next_open,
                });
            }
            next_open = end;
            followed.forming = None;
        } else if followed.forming.as_ref() == Some(&candle) {
            continue;
        } else {
            followed.forming = Some(candle.clone());
        }
        events.push(LiveEvent::Candle(Box::new(LiveCandle {
            series: followed.key.clone(),
            candle,
            closed,
            sent: now,
        })));
    }
    followed.next_open = Some(next_open);
    Ok(())
}

/// Whether trying again would not help until something is changed.
const fn ends(error: &MarketError) -> bool {
    matches!(error, MarketError::Blocked { .. }) || !error.is_retryable()
}
