//! Connections that take over from each other, and what makes them: age, shutdown, silence, sleep.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use promptpal_domain::{Candle, Clock, Interval, Timestamp};
use promptpal_market::{BinanceConfig, LiveEvent, LiveFeed, LiveRequest};
use promptpal_testkit::exchange::{Exchange, ExchangeOptions, Fault};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::setting::*;

/// What a stream of BTCUSDT minutes told.
struct Ear {
    events: mpsc::Receiver<LiveEvent>,
    closed: BTreeMap<Timestamp, Candle>,
    connected: Vec<Option<Timestamp>>,
    reasons: Vec<String>,
    missing: Vec<Timestamp>,
    stalled: usize,
    tickers: usize,
    _cancel: DropGuard,
}

impl Ear {
    fn start(config: BinanceConfig, clock: Arc<dyn Clock>) -> Self {
        let cancel = CancellationToken::new();
        let request = LiveRequest {
            series: vec![(symbol("BTCUSDT"), Interval::Minute1)],
            tickers: vec![symbol("BTCUSDT")],
        };
        Self {
            events: LiveFeed::follow(config, request, clock, cancel.clone()),
            closed: BTreeMap::new(),
            connected: Vec::new(),
            reasons: Vec::new(),
            missing: Vec::new(),
            stalled: 0,
            tickers: 0,
            _cancel: cancel.drop_guard(),
        }
    }

    /// Listens until `met` holds; between two events it looks again after a moment, and calls `meanwhile`.
    async fn until(&mut self, what: &str, mut meanwhile: impl FnMut(), met: impl Fn(&Self) -> bool) {
        let begun = std::time::Instant::now();
        while !met(self) {
            assert!(begun.elapsed() < LIMIT, "never: {what}");
            meanwhile();
            let next = tokio::time::timeout(Duration::from_millis(5), self.events.recv()).await;
            match next {
                Err(_) => {}
                Ok(Some(LiveEvent::Candle(live))) if live.closed => {
                    let open = live.candle.open_time;
                    assert!(self.closed.last_key_value().is_none_or(|(last, _)| *last < open));
                    self.closed.insert(open, live.candle);
                }
                Ok(Some(LiveEvent::Candle(_))) => {}
                Ok(Some(LiveEvent::Connected { since })) => self.connected.push(since),
                Ok(Some(LiveEvent::Reconnecting { reason, .. })) => self.reasons.push(reason),
                Ok(Some(LiveEvent::CloseMissing { open_time, .. })) => self.missing.push(open_time),
                Ok(Some(LiveEvent::Ticker(ticker))) => {
                    assert!(ticker.low_24h <= ticker.last && ticker.last <= ticker.high_24h);
                    self.tickers += 1;
                }
                Ok(Some(LiveEvent::Health(health))) => self.stalled += health.stalled.len(),
                Ok(other) => panic!("{other:?}"),
            }
        }
    }

    fn assert_tape(&self, exchange: &Exchange, from: Timestamp) {
        let expected = tape(exchange, "BTCUSDT", Interval::Minute1, from, exchange.now());
        assert_eq!(self.closed.values().cloned().collect::<Vec<_>>(), expected);
    }
}

fn beginning() -> Timestamp {
    start().plus_millis(125 * MINUTE)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_connection_is_let_go_only_after_the_next_one_carries_the_streams() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let mut config = config(&exchange);
    config.live.renew_after = Duration::from_millis(150);
    config.live.overlap = Duration::from_millis(30);
    let mut ear = Ear::start(config, clock());
    ear.until("connected", || (), |ear| !ear.connected.is_empty())
        .await;
    let goes_on = || {
        exchange.advance(20_000);
    };
    ear.until("three more connections", goes_on, |_| {
        exchange.streams().connects >= 4
    })
    .await;
    exchange.advance(MINUTE);
    let minutes = exchange.now().since(beginning()) / MINUTE;
    ear.until("all closed", || (), |ear| ear.closed.len() as i64 == minutes)
        .await;
    ear.assert_tape(&exchange, beginning());
    assert_eq!(
        (ear.connected, ear.reasons),
        (vec![None], Vec::new()),
        "nothing was ever lost"
    );
    assert!(ear.tickers > 0 && ear.missing.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shutdown_with_notice_loses_nothing() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let mut ear = Ear::start(config(&exchange), clock());
    ear.until("connected", || (), |ear| !ear.connected.is_empty())
        .await;
    exchange.inject(Fault::Shutdown(90));
    ear.until(
        "the next one carries both",
        || (),
        |_| exchange.streams().subscribed == 4,
    )
    .await;
    exchange.advance(3 * MINUTE);
    ear.until("all closed", || (), |ear| ear.closed.len() == 3).await;
    ear.until("the old one is gone", || (), |_| exchange.streams().open == 1)
        .await;
    exchange.advance(2 * MINUTE);
    ear.until("all closed", || (), |ear| ear.closed.len() == 5).await;
    ear.assert_tape(&exchange, beginning());
    assert_eq!((ear.connected, ear.reasons), (vec![None], Vec::new()));
    assert_eq!(exchange.streams().connects, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pings_without_candles_are_told_and_another_connection_is_made() {
    let exchange = Exchange::start(ExchangeOptions {
        ping_every: Duration::from_millis(20),
        ..options(125)
    })
    .await
    .unwrap();
    let mut config = config(&exchange);
    config.live.series_quiet = Duration::from_millis(150);
    config.live.health_every = Duration::from_millis(20);
    let mut ear = Ear::start(config, clock());
    ear.until("connected", || (), |ear| !ear.connected.is_empty())
        .await;
    exchange.advance(MINUTE);
    ear.until("closed", || (), |ear| ear.closed.len() == 1).await;
    exchange.inject(Fault::StallWithPings);
    let open = beginning().plus_millis(MINUTE);
    let told = |ear: &Ear| ear.stalled > 0 && ear.missing.first() == Some(&open);
    ear.until("said so", || (), told).await;
    ear.until("another connection", || (), |_| exchange.streams().connects >= 2)
        .await;
    let goes_on = || {
        exchange.advance(MINUTE);
    };
    ear.until("alive again", goes_on, |ear| ear.closed.len() > 1)
        .await;
    assert_eq!(ear.reasons, Vec::<String>::new(), "a quiet market breaks nothing");
}

/// Real time, and what a person adds to it.
#[derive(Debug)]
struct SetClock(Arc<dyn Clock>, AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        self.0.now().plus_millis(self.1.load(Ordering::SeqCst))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_sleep_or_a_clock_that_was_set_everything_is_connected_anew() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let set = Arc::new(SetClock(clock(), AtomicI64::new(0)));
    let mut ear = Ear::start(config(&exchange), set.clone());
    ear.until("connected", || (), |ear| ear.connected.len() == 1)
        .await;
    for (count, ms) in [(2, 3_600_000), (3, -7_200_000)] {
        let closed = ear.closed.len();
        exchange.advance(MINUTE);
        ear.until("a candle", || (), |ear| ear.closed.len() > closed)
            .await;
        set.1.fetch_add(ms, Ordering::SeqCst);
        ear.until("connected again", || (), |ear| ear.connected.len() == count)
            .await;
        assert!(
            ear.reasons.last().unwrap().contains("asleep"),
            "{:?}",
            ear.reasons
        );
        // By the exchange's clock, whatever ours says.
        let since = ear.connected.last().unwrap().unwrap();
        assert!(exchange.now().since(since).abs() < 60 * MINUTE / 2, "{since}");
    }
    assert_eq!(ear.reasons.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pause_that_rest_was_asked_for_holds_for_handshakes() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    exchange.inject(Fault::Banned(1));
    client(&exchange).server_time().await.unwrap_err();
    let mut ear = Ear::start(config(&exchange), clock());
    ear.until("told", || (), |ear| !ear.reasons.is_empty()).await;
    assert!(ear.reasons[0].contains("banned"), "{:?}", ear.reasons);
    assert_eq!(exchange.streams().attempts, 0);
    ear.until("connected", || (), |ear| !ear.connected.is_empty())
        .await;
    assert_eq!(
        (exchange.streams().attempts, exchange.streams().during_pause),
        (1, 0)
    );
}
