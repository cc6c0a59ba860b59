//! The live stream: what arrives, and what survives.

use std::collections::BTreeMap;
use std::time::Duration;

use promptpal_domain::{Candle, Interval, Timestamp};
use promptpal_market::{BinanceConfig, LiveEvent, LiveFeed, MarketError};
use promptpal_testkit::exchange::{Exchange, Fault};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::setting::*;

/// A listener that keeps what it hears.
struct Listener {
    events: mpsc::Receiver<LiveEvent>,
    closed: BTreeMap<(String, Timestamp), Candle>,
    forming: usize,
    _cancel: DropGuard,
}

impl Listener {
    fn start(config: BinanceConfig, series: &[(&str, Interval)]) -> Self {
        let cancel = CancellationToken::new();
        let series = series
            .iter()
            .map(|(name, interval)| (symbol(name), *interval))
            .collect();
        let events = LiveFeed::start(config, series, clock(), cancel.clone());
        Self {
            events,
            closed: BTreeMap::new(),
            forming: 0,
            _cancel: cancel.drop_guard(),
        }
    }

    /// The next event that is no candle; candles on the way are kept.
    async fn next(&mut self) -> LiveEvent {
        loop {
            let event = tokio::time::timeout(LIMIT, self.events.recv())
                .await
                .expect("the stream goes on");
            match event.expect("the stream has not ended") {
                LiveEvent::Candle(live) => self.keep(*live),
                LiveEvent::Health(_) => {}
                other => return other,
            }
        }
    }

    fn keep(&mut self, live: promptpal_domain::LiveCandle) {
        if live.closed {
            self.closed
                .insert((live.series.to_string(), live.candle.open_time), live.candle);
        } else {
            self.forming += 1;
        }
    }

    async fn connected(&mut self) -> Option<Timestamp> {
        loop {
            match self.next().await {
                LiveEvent::Connected { since } => return since,
                LiveEvent::Reconnecting { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }

    /// Waits for `count` closed candles in all.
    async fn closed(&mut self, count: usize) {
        while self.closed.len() < count {
            let event = tokio::time::timeout(LIMIT, self.events.recv())
                .await
                .expect("candles arrive");
            match event.expect("the stream has not ended") {
                LiveEvent::Candle(live) => self.keep(*live),
                LiveEvent::Health(_) | LiveEvent::CloseMissing { .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn candles(&self, series: &str) -> Vec<Candle> {
        self.closed
            .iter()
            .filter(|((key, _), _)| key == series)
            .map(|(_, candle)| candle.clone())
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn candles_form_and_close_as_on_the_tape() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let series = [
        ("BTCUSDT", Interval::Minute1),
        ("BTCUSDT", Interval::Minute5),
        ("SOLUSDT", Interval::Minute1),
    ];
    let mut listener = Listener::start(config(&exchange), &series);
    assert_eq!(listener.connected().await, None);
    for _ in 0..60 {
        exchange.advance(10_000);
    }
    listener.closed(10 + 2 + 10).await;
    let from = start().plus_millis(125 * MINUTE);
    for (name, interval) in series {
        let expected = tape(&exchange, name, interval, from, exchange.now());
        assert_eq!(
            listener.candles(&format!("binance {name} {interval}")),
            expected,
            "{name} {interval}"
        );
    }
    assert!(listener.forming > 0);
    exchange.ping();
    eventually("a pong with the same payload", || exchange.streams().pongs == 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_rest_fills_the_hole_of_a_reconnect() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let from = start().plus_millis(125 * MINUTE);
    let rest = client(&exchange);
    for fault in [Fault::Drop, Fault::Shutdown(0), Fault::Stall] {
        let mut impatient = config(&exchange);
        impatient.live.stall_after = Duration::from_millis(if fault == Fault::Stall { 300 } else { 30_000 });
        let mut listener = Listener::start(impatient, &[("BTCUSDT", Interval::Minute1)]);
        listener.connected().await;
        let first = exchange.now();
        exchange.advance(3 * MINUTE);
        listener.closed(3).await;
        let connects = exchange.streams().connects;
        exchange.inject(fault);
        eventually("the connection is given up", || {
            exchange.streams().open == 0 || fault == Fault::Stall
        })
        .await;
        // Time passes while nobody listens, or on the silent connection.
        exchange.advance(4 * MINUTE);
        assert!(listener.connected().await.is_some(), "{fault:?}");
        assert_eq!(exchange.streams().connects, connects + 1, "{fault:?}");
        let hole = span(from, exchange.now());
        let told = listen(rest.history(
            symbol("BTCUSDT"),
            Interval::Minute1,
            hole,
            CancellationToken::new(),
        ))
        .await;
        for candle in told.candles {
            listener
                .closed
                .insert(("binance BTCUSDT 1m".to_owned(), candle.open_time), candle);
        }
        let have = listener.closed.len();
        exchange.advance(3 * MINUTE);
        listener.closed(have + 3).await;
        assert_eq!(
            listener.candles("binance BTCUSDT 1m"),
            tape(&exchange, "BTCUSDT", Interval::Minute1, from, exchange.now()),
            "{fault:?} since {first}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damaged_and_disordered_frames_do_no_harm() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let mut listener = Listener::start(config(&exchange), &[("BTCUSDT", Interval::Minute1)]);
    listener.connected().await;
    let mut expected = 0;
    for fault in [
        Fault::Malformed,
        Fault::Binary,
        Fault::Duplicate,
        Fault::OutOfOrder,
    ] {
        exchange.inject(fault);
        exchange.advance(2 * MINUTE);
        expected += 2;
        listener.closed(expected).await;
    }
    // A closing frame that never comes is for REST to find: the next candle tells that it is missing.
    exchange.inject(Fault::MissingClose);
    exchange.advance(2 * MINUTE);
    listener.closed(expected + 1).await;
    let mut all = tape(
        &exchange,
        "BTCUSDT",
        Interval::Minute1,
        start().plus_millis(125 * MINUTE),
        exchange.now(),
    );
    all.remove(expected);
    assert_eq!(listener.candles("binance BTCUSDT 1m"), all);
    assert_eq!(exchange.streams().connects, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_series_are_subscribed_within_the_exchanges_limits() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let names: Vec<String> = (0..1300).map(|n| format!("COIN{n}USDT")).collect();
    let series: Vec<_> = names
        .iter()
        .map(|name| (name.as_str(), Interval::Minute1))
        .collect();
    let mut listener = Listener::start(config(&exchange), &series);
    listener.connected().await;
    let stats = exchange.streams();
    assert_eq!(
        (
            stats.most_streams,
            stats.subscribed,
            stats.connects,
            stats.too_fast
        ),
        (1024, 1300, 2, 0)
    );
    let more: Vec<String> = (0..20_481).map(|n| format!("COIN{n}USDT")).collect();
    let more: Vec<_> = more
        .iter()
        .map(|name| (name.as_str(), Interval::Minute1))
        .collect();
    let mut refused = Listener::start(config(&exchange), &more);
    let event = refused.next().await;
    assert!(matches!(
        event,
        LiveEvent::Stopped(MarketError::TooManyStreams {
            asked: 20_481,
            limit: 20_480
        })
    ));
    assert!(refused.events.recv().await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_for_the_country_ends_the_stream_and_others_do_not() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    exchange.refuse_streams(451, 1);
    let mut listener = Listener::start(config(&exchange), &[("BTCUSDT", Interval::Minute1)]);
    match listener.next().await {
        LiveEvent::Stopped(MarketError::Restricted { message, .. }) => assert!(message.contains("location")),
        other => panic!("{other:?}"),
    }
    assert!(listener.events.recv().await.is_none());
    exchange.refuse_streams(503, 3);
    let mut listener = Listener::start(config(&exchange), &[("BTCUSDT", Interval::Minute1)]);
    for _ in 0..3 {
        let event = listener.next().await;
        assert!(
            matches!(&event, LiveEvent::Reconnecting { reason, .. } if reason.contains("503")),
            "{event:?}"
        );
    }
    listener.connected().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_for_a_while_is_waited_out_by_every_stream_of_the_host() {
    for (status, part, wait_ms) in [
        (429, "pause", 1_000),
        (418, "banned", 1_000),
        (403, "403", 60_000),
    ] {
        let exchange = Exchange::start(options(125)).await.unwrap();
        exchange.refuse_streams(status, 1);
        let mut one = Listener::start(config(&exchange), &[("BTCUSDT", Interval::Minute1)]);
        let event = one.next().await;
        let told = matches!(&event, LiveEvent::Reconnecting { reason, wait_ms: wait }
            if reason.contains(part) && *wait <= wait_ms && *wait > wait_ms / 2);
        assert!(told, "{event:?}");
        // Another stream is told so without asking.
        let mut other = Listener::start(config(&exchange), &[("ETHUSDT", Interval::Minute1)]);
        let event = other.next().await;
        assert!(
            matches!(&event, LiveEvent::Reconnecting { reason, .. } if reason.contains(part)),
            "{event:?}"
        );
        assert_eq!(exchange.streams().attempts, 1);
        if wait_ms <= 1_000 {
            one.connected().await;
            other.connected().await;
            assert_eq!(exchange.streams().attempts, 3);
        }
        assert_eq!(exchange.streams().during_pause, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_receiver_gets_every_closed_candle_and_the_connection_lives() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let mut listener = Listener::start(config(&exchange), &[("BTCUSDT", Interval::Minute1)]);
    listener.connected().await;
    for _ in 0..2000 {
        exchange.advance(30_000);
    }
    exchange.ping();
    eventually("the ping is answered although nobody takes the candles", || {
        exchange.streams().pongs == 1
    })
    .await;
    listener.closed(1000).await;
    let from = start().plus_millis(125 * MINUTE);
    assert_eq!(
        listener.candles("binance BTCUSDT 1m"),
        tape(&exchange, "BTCUSDT", Interval::Minute1, from, exchange.now())
    );
    assert_eq!(exchange.streams().connects, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelling_and_dropping_end_the_connection() {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let cancel = CancellationToken::new();
    let series = vec![(symbol("BTCUSDT"), Interval::Minute1)];
    let mut events = LiveFeed::start(config(&exchange), series.clone(), clock(), cancel.clone());
    assert!(matches!(
        events.recv().await,
        Some(LiveEvent::Connected { since: None })
    ));
    cancel.cancel();
    assert!(
        tokio::time::timeout(Duration::from_secs(1), events.recv())
            .await
            .expect("within a second")
            .is_none()
    );
    eventually("the connection is gone", || exchange.streams().open == 0).await;
    let mut events = LiveFeed::start(config(&exchange), series, clock(), CancellationToken::new());
    assert!(matches!(events.recv().await, Some(LiveEvent::Connected { .. })));
    drop(events);
    eventually("the connection is gone", || exchange.streams().open == 0).await;
}
