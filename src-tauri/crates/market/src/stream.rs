//! Live candles and tickers over one or several connections, kept alive until it is cancelled.
//!
//! # Invariants
//! - The sockets are read every 30 ms: a slow receiver never keeps a ping waiting. States that nobody fetched are
//!   replaced by newer ones; closed candles are kept, in order, each once. When too many of them wait, the connections
//!   are given up, which the receiver sees as [`LiveEvent::Reconnecting`].
//! - A connection that grows old or that the exchange is about to end is let go only after another one carries its
//!   streams. One that is silent, or older than this computer's sleep, is given up.
//! - The exchange repeats nothing after a break and does not promise a closing frame: after [`LiveEvent::Connected`] and
//!   [`LiveEvent::CloseMissing`] the receiver fetches over REST what it has no closed candle for. What is overdue is
//!   judged by the exchange's clock, never by ours.
//! - No more than 300 attempts to connect in five minutes and never two within a second, however many streams this
//!   process runs, and none while the host has asked for a pause, be it over REST.
//! - A frame that cannot be read is counted and skipped.

mod backoff;
mod book;
mod connection;
mod connections;
mod event;
mod hub;
mod line;
mod outbox;
mod server_clock;
mod socket;
mod wake;

use std::sync::Arc;

use promptpal_domain::{Clock, Interval, SeriesKey, Symbol};
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

pub(crate) use self::backoff::Backoff;
use self::book::Book;
pub use self::event::{LiveEvent, StreamHealth};
use self::hub::Hub;
use self::line::Line;
use crate::binance::frame::{stream_name, ticker_name};
use crate::{BinanceConfig, LiveRequest, MarketError};

/// Most streams the exchange allows on one connection.
const STREAMS: usize = 1024;
/// Most connections of one live stream.
const CONNECTIONS: usize = 20;
/// Events that may wait for the receiver, besides those that the outbox holds.
const EVENTS_AHEAD: usize = 256;

/// The live stream of some series.
#[derive(Debug)]
pub struct LiveFeed;

impl LiveFeed {
    /// Starts following `series`: [`LiveFeed::follow`] without tickers.
    #[must_use]
    pub fn start(
        config: BinanceConfig,
        series: Vec<(Symbol, Interval)>,
        clock: Arc<dyn Clock>,
        cancel: CancellationToken,
    ) -> mpsc::Receiver<LiveEvent> {
        let request = LiveRequest {
            series,
            tickers: Vec::new(),
        };
        Self::follow(config, request, clock, cancel)
    }

    /// Starts following what is asked for until `cancel` or until the receiver is dropped. Every event comes over the
    /// receiver, which closes at the end: after [`LiveEvent::Stopped`], or without a word when cancelled.
    ///
    /// At most 20,480 streams; more end at once with [`MarketError::TooManyStreams`].
    #[must_use]
    pub fn follow(
        config: BinanceConfig,
        request: LiveRequest,
        clock: Arc<dyn Clock>,
        cancel: CancellationToken,
    ) -> mpsc::Receiver<LiveEvent> {
        let (events, receiver) = mpsc::channel(EVENTS_AHEAD);
        tokio::spawn(async move {
            tokio::select! {
                () = cancel.cancelled() => {}
                () = run(&config, request, &clock, &events) => {}
            }
        });
        receiver
    }
}

async fn run(
    config: &BinanceConfig,
    request: LiveRequest,
    clock: &Arc<dyn Clock>,
    events: &mpsc::Sender<LiveEvent>,
) {
    let mut streams: Vec<(String, Option<SeriesKey>)> = Vec::new();
    for (symbol, interval) in request.series {
        let name = stream_name(&symbol, interval);
        let venue = config.venue.clone();
        let key = SeriesKey {
            venue,
            symbol,
            interval,
        };
        streams.push((name, Some(key)));
    }
    streams.extend(request.tickers.iter().map(|symbol| (ticker_name(symbol), None)));
    streams.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    streams.dedup_by(|(one, _), (other, _)| one == other);
    let limit = CONNECTIONS * STREAMS;
    if streams.len() > limit {
        let error = MarketError::TooManyStreams {
            asked: streams.len(),
            limit,
        };
        let _ = events.send(LiveEvent::Stopped(error)).await;
        return;
    }
    let now = Instant::now();
    let lines = streams.chunks(STREAMS).map(|chunk| {
        let names = chunk.iter().map(|(name, _)| name.clone()).collect();
        Line::new(names, config.live, now)
    });
    let lines: Vec<Line> = lines.collect();
    let numbered = streams.into_iter().enumerate();
    let series = numbered.filter_map(|(at, (_, key))| Some((key?, at / STREAMS)));
    let book = Book::new(config.live, series, request.tickers);
    Hub::new(config, clock, events, lines, book).run().await;
}
