//! Live candles: one connection that carries up to 1,024 series, kept alive until it is cancelled.
//!
//! # Invariants
//! - The socket is read without a break: a slow receiver never keeps a ping waiting. Updates of a forming candle that
//!   nobody fetched are replaced by newer ones; closed candles are kept in order. When too many of them wait, the
//!   connection is given up, which the receiver sees as [`LiveEvent::Reconnecting`].
//! - The exchange repeats nothing after a reconnect and does not promise a closing frame: after every
//!   [`LiveEvent::Connected`] the receiver fetches over REST what it has no closed candle for.
//! - A frame that cannot be read is counted and skipped.

mod backoff;
mod outbox;
mod session;

use std::sync::Arc;

use promptpal_domain::{Clock, Interval, LiveCandle, Symbol, Timestamp};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use self::backoff::Backoff;
use self::outbox::Outbox;
use self::session::{End, Session};
use crate::binance::frame::stream_name;
use crate::{BinanceConfig, MarketError};

/// Most streams the exchange allows on one connection.
const STREAM_LIMIT: usize = 1024;
/// Events that may wait for the receiver, besides those that the outbox holds.
const EVENTS_AHEAD: usize = 256;

/// What the live stream tells.
#[derive(Debug)]
pub enum LiveEvent {
    /// Every series is subscribed.
    Connected {
        /// The last moment something was heard on the connection before, by our clock; nothing on the first.
        /// Candles that closed since may be missing: fetch them.
        since: Option<Timestamp>,
    },
    /// A candle's newest state.
    Candle(Box<LiveCandle>),
    /// The connection is gone; the next attempt comes by itself.
    Reconnecting {
        /// Why, for people.
        reason: String,
        /// After so many milliseconds.
        wait_ms: u64,
    },
    /// The end: trying again would not help until something is changed.
    Stopped(MarketError),
}

/// The live stream of some series.
#[derive(Debug)]
pub struct LiveFeed;

impl LiveFeed {
    /// Starts following `series` until `cancel` or until the receiver is dropped. Every event comes over the receiver,
    /// which closes at the end: after [`LiveEvent::Stopped`], or without a word when cancelled.
    ///
    /// At most 1,024 series; more end at once with [`MarketError::TooManyStreams`].
    #[must_use]
    pub fn start(
        config: BinanceConfig,
        series: Vec<(Symbol, Interval)>,
        clock: Arc<dyn Clock>,
        cancel: CancellationToken,
    ) -> mpsc::Receiver<LiveEvent> {
        let (events, receiver) = mpsc::channel(EVENTS_AHEAD);
        tokio::spawn(async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = follow(&config, &series, clock, &events) => {}
            }
        });
        receiver
    }
}

async fn follow(
    config: &BinanceConfig,
    series: &[(Symbol, Interval)],
    clock: Arc<dyn Clock>,
    events: &mpsc::Sender<LiveEvent>,
) {
    let mut streams: Vec<String> = series
        .iter()
        .map(|(symbol, interval)| stream_name(symbol, *interval))
        .collect();
    streams.sort_unstable();
    streams.dedup();
    if streams.len() > STREAM_LIMIT {
        let error = MarketError::TooManyStreams {
            asked: streams.len(),
            limit: STREAM_LIMIT,
        };
        let _ = events.send(LiveEvent::Stopped(error)).await;
        return;
    }
    let mut outbox = Outbox::default();
    let mut backoff = Backoff::new(config.live);
    let mut heard: Option<Timestamp> = None;
    loop {
        let started = Instant::now();
        let session = Session {
            config,
            streams: &streams,
            clock: &clock,
            events,
        };
        let end = session.run(&mut outbox, &mut heard).await;
        let (reason, at_least) = match end {
            End::Unheard => return,
            End::Refused(error) => {
                outbox.push(LiveEvent::Stopped(error));
                let _ = outbox.drain(events).await;
                return;
            }
            End::Lost(error) => (with_cause(&error), None),
            End::Shutdown => ("the exchange is restarting this server".to_owned(), None),
            End::Overrun => ("this program was too slow for the stream".to_owned(), None),
            End::Pause(error, pause) => (error.to_string(), Some(pause)),
        };
        let wait = backoff.next(started.elapsed()).max(at_least.unwrap_or_default());
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(reason, wait_ms, "live stream lost");
        outbox.push(LiveEvent::Reconnecting { reason, wait_ms });
        let until = Instant::now() + wait;
        if outbox.drain(events).await.is_err() {
            return;
        }
        sleep(until.saturating_duration_since(Instant::now())).await;
    }
}

/// The error with what caused it, for a line in a status bar.
fn with_cause(error: &MarketError) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
