//! A venue that is not like Binance, behind the same seam.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{Candle, Interval, Span, Timestamp};
use promptpal_market::{
    Coinbase, CoinbaseConfig, Exchange as Venue, LiveEvent, LiveRequest, MarketError, Order, PollTimings,
    SymbolStatus,
};
use promptpal_testkit::coinbase::{CoinbaseDouble, CoinbaseFault, CoinbaseOptions};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::setting::{DAY, LIMIT, MINUTE, clock, span, start, symbol};
use crate::venues::{Heard, hear};

/// A tape from [`start`] on, standing `minutes` later and 17 seconds into the minute, that allows any pace.
fn options(minutes: i64) -> CoinbaseOptions {
    let now = start().plus_millis(minutes * MINUTE + 17_000);
    CoinbaseOptions {
        requests_a_second: 10_000,
        ..CoinbaseOptions::sample(42, start(), now)
    }
}

fn config(double: &CoinbaseDouble) -> CoinbaseConfig {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut config = CoinbaseConfig::at("coinbase".parse().unwrap(), &double.url()).unwrap();
    config.request_gap = Duration::from_micros(100);
    config.retry_wait = Duration::from_millis(20);
    config.poll = PollTimings {
        forming_every: Duration::from_millis(10),
        tickers_every: Duration::from_millis(10),
        least_wait: Duration::from_millis(5),
        first_wait: Duration::from_millis(20),
        longest_wait: Duration::from_millis(100),
        stable_after: Duration::from_secs(60),
    };
    config
}

fn client(double: &CoinbaseDouble) -> Coinbase {
    Coinbase::new(config(double), clock()).unwrap()
}

async fn history(client: &Coinbase, name: &str, interval: Interval, asked: Span, order: Order) -> Heard {
    hear(Venue::history(
        client,
        symbol(name),
        interval,
        asked,
        order,
        CancellationToken::new(),
    ))
    .await
}

/// Pages as time went.
fn in_time(mut heard: Heard, order: Order) -> Heard {
    if order == Order::OldestFirst {
        heard.pages.reverse();
    }
    heard
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_is_the_tape_from_either_end() {
    let double = CoinbaseDouble::start(options(20 * 1440)).await.unwrap();
    let client = client(&double);
    for interval in client.traits().intervals.iter().copied() {
        for order in [Order::OldestFirst, Order::NewestFirst] {
            let asked = span(start().plus_millis(MINUTE + 1), double.now());
            let before = double.count("/candles");
            let heard = in_time(history(&client, "ETH-USD", interval, asked, order).await, order);
            assert!(heard.error.is_none() && heard.waits.is_empty(), "{heard:?}");
            let expected = double.closed_candles(&symbol("ETH-USD"), interval, asked.from(), asked.to());
            assert_eq!(heard.candles(), expected, "{interval} {order:?}");
            let live = heard.pages[0].live.as_ref().map(|live| live.candle.open_time);
            let covered = heard.covered();
            assert_eq!(covered.from(), asked.from());
            // The newest minutes may be quiet, and what is absent there may only be late.
            let edge = live.unwrap_or(covered.to());
            assert!(
                covered.to() == edge
                    && edge.since(double.now()).abs() <= interval.nominal_millis().max(2 * MINUTE)
            );
            let openings = interval.count_between(asked.from(), asked.to());
            let pages = double.count("/candles") - before;
            assert!(
                pages as u64 <= openings / 299 + 20,
                "{interval} {order:?}: {pages} pages"
            );
        }
    }
    assert!(double.requests().iter().all(|request| request.status == 200));
    // Nothing that the venue does not tell is made up.
    let asked = span(start(), start().plus_millis(DAY));
    let heard = history(&client, "BTC-USD", Interval::Minute1, asked, Order::NewestFirst).await;
    assert!(heard.candles().len() < 1440, "quiet minutes are absent");
    assert!(
        heard
            .candles()
            .iter()
            .all(|c| c.trades.is_none() && c.quote_volume.is_none())
    );
    assert_eq!(heard.covered(), asked, "and settled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn years_before_the_first_trade_are_not_asked_for() {
    let double = CoinbaseDouble::start(options(2000)).await.unwrap();
    for order in [Order::OldestFirst, Order::NewestFirst] {
        let client = client(&double);
        let asked = span(Timestamp::EPOCH, double.now());
        let before = double.count("/candles");
        let heard = in_time(
            history(&client, "SOL-USD", Interval::Minute1, asked, order).await,
            order,
        );
        assert!(heard.error.is_none(), "{heard:?}");
        let expected = double.closed_candles(&symbol("SOL-USD"), Interval::Minute1, start(), double.now());
        assert_eq!(heard.candles(), expected, "{order:?}");
        assert_eq!(heard.covered().from(), Timestamp::EPOCH);
        let pages = double.count("/candles") - before;
        assert!(pages < 30, "{order:?}: {pages} requests");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn damage_is_told_or_mended() {
    let double = CoinbaseDouble::start(options(1000)).await.unwrap();
    let client = client(&double);
    let asked = span(start(), start().plus_millis(900 * MINUTE));
    let expected = double.closed_candles(&symbol("BTC-USD"), Interval::Minute1, asked.from(), asked.to());
    let check = async |fault: CoinbaseFault, wait: Option<&str>| {
        double.inject(fault);
        let heard = history(&client, "BTC-USD", Interval::Minute1, asked, Order::NewestFirst).await;
        assert!(heard.error.is_none(), "{fault:?}: {heard:?}");
        assert_eq!(heard.candles(), expected, "{fault:?}");
        let kinds: Vec<_> = heard
            .waits
            .iter()
            .map(|wait| wait.split([' ', '{']).next().unwrap())
            .collect();
        assert_eq!(kinds, wait.into_iter().collect::<Vec<_>>(), "{fault:?}");
    };
    check(CoinbaseFault::OutOfOrder, None).await;
    check(CoinbaseFault::CutJson, Some("Failure(Unreadable")).await;
    check(CoinbaseFault::Html, Some("Failure(NotJson")).await;
    check(CoinbaseFault::Unavailable, Some("Failure(Unavailable")).await;
    check(CoinbaseFault::TooManyRequests(Some(1)), Some("Pause(RateLimited")).await;
    for (fault, name) in [
        (CoinbaseFault::Restricted, "Restricted"),
        (CoinbaseFault::Forbidden, "Blocked"),
    ] {
        double.inject(fault);
        let heard = history(&client, "BTC-USD", Interval::Minute1, asked, Order::OldestFirst).await;
        let error = heard.error.unwrap();
        assert!(format!("{error:?}").starts_with(name), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_absent_at_the_present_may_only_be_late() {
    let mut quiet = options(1000);
    quiet.quiet_in = 0;
    let double = CoinbaseDouble::start(quiet).await.unwrap();
    let client = client(&double);
    let asked = span(start().plus_millis(900 * MINUTE), double.now());
    // The forming candle and the one before it are not there yet.
    double.inject(CoinbaseFault::Late);
    let heard = history(&client, "BTC-USD", Interval::Minute1, asked, Order::NewestFirst).await;
    let settled = start().plus_millis(999 * MINUTE);
    assert_eq!((heard.candles().len(), heard.covered().to()), (99, settled));
    assert!(heard.pages[0].live.is_none());
    let rest = span(heard.covered().to(), double.now());
    let heard = history(&client, "BTC-USD", Interval::Minute1, rest, Order::NewestFirst).await;
    assert_eq!((heard.candles().len(), heard.pages[0].live.is_some()), (1, true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pace_stays_below_what_the_venue_allows() {
    let strict = CoinbaseOptions {
        requests_a_second: 40,
        ..options(20_000)
    };
    let double = CoinbaseDouble::start(strict).await.unwrap();
    // Half of what is allowed, as the program's own pace is.
    let mut config = config(&double);
    config.request_gap = Duration::from_millis(50);
    let client = Coinbase::new(config, clock()).unwrap();
    let asked = span(start(), double.now());
    let heard = history(&client, "BTC-USD", Interval::Minute1, asked, Order::NewestFirst).await;
    assert!(
        heard.error.is_none() && heard.waits.is_empty(),
        "{:?}",
        heard.waits
    );
    assert!(double.requests().len() > 60 && double.requests().iter().all(|request| request.status == 200));
    let own = CoinbaseConfig::own().unwrap();
    assert!(
        own.request_gap >= Duration::from_millis(200),
        "five a second of ten"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn symbols_figures_and_refusals_are_its_own() {
    let double = CoinbaseDouble::start(options(2 * 1440)).await.unwrap();
    let client = client(&double);
    let symbols = client.symbols().await.unwrap();
    let names: Vec<_> = symbols
        .iter()
        .map(|i| (i.symbol.as_str(), i.base.as_str(), i.quote.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("BTC-USD", "BTC", "USD"),
            ("ETH-USD", "ETH", "USD"),
            ("SOL-USD", "SOL", "USD")
        ]
    );
    assert_eq!(client.symbol(&symbol("BTC-USD")).await.unwrap(), symbols[0]);
    assert_eq!(
        (symbols[0].status.clone(), symbols[0].tick.unwrap().to_string()),
        (SymbolStatus::Trading, "0.01".to_owned())
    );
    for name in ["BTCUSDT", "BTC/USD", "币安人生-USD"] {
        let unknown = client.symbol(&symbol(name)).await.unwrap_err();
        assert!(
            matches!(unknown, MarketError::UnknownSymbol(_)),
            "{name}: {unknown}"
        );
    }
    let wanted = [symbol("SOL-USD"), symbol("BTC-USD")];
    let tickers = client.tickers(&wanted).await.unwrap();
    assert_eq!(
        tickers.iter().map(|t| &t.symbol).collect::<Vec<_>>(),
        wanted.iter().collect::<Vec<_>>()
    );
    let now = double.now();
    let minutes = double.closed_candles(&wanted[1], Interval::Minute1, now.plus_millis(-DAY), now);
    let btc = &tickers[1];
    assert_eq!(btc.open_24h, minutes[0].open);
    assert!(
        minutes
            .iter()
            .all(|m| m.high <= btc.high_24h && btc.low_24h <= m.low)
    );
    assert_eq!(btc.quote_volume_24h, None);
    let asked = span(start(), now);
    let heard = history(&client, "BTC-USD", Interval::Minute30, asked, Order::NewestFirst).await;
    let error = heard.error.unwrap();
    assert_eq!(error.to_string(), "coinbase has no candles of 30m");
    assert!(!error.is_retryable() && !error.advice().is_empty());
    let at = client.server_time().await.unwrap();
    assert_eq!(at, now);
}

/// A listener that keeps the closed candles it hears, and holds them to come once and in order.
struct Listener {
    events: mpsc::Receiver<LiveEvent>,
    closed: BTreeMap<String, Vec<Candle>>,
    forming: usize,
    tickers: usize,
    missing: Vec<(String, Timestamp)>,
    health: usize,
    _cancel: DropGuard,
}

impl Listener {
    fn start(client: &Arc<dyn Venue>, request: LiveRequest) -> Self {
        let cancel = CancellationToken::new();
        Self {
            events: client.live(request, cancel.clone()),
            closed: BTreeMap::new(),
            forming: 0,
            tickers: 0,
            missing: Vec::new(),
            health: 0,
            _cancel: cancel.drop_guard(),
        }
    }

    /// The next event that is neither candle nor figure.
    async fn next(&mut self) -> LiveEvent {
        loop {
            if let Some(event) = self.take().await {
                return event;
            }
        }
    }

    async fn take(&mut self) -> Option<LiveEvent> {
        let event = tokio::time::timeout(LIMIT, self.events.recv())
            .await
            .expect("events come");
        match event.expect("polling goes on") {
            LiveEvent::Candle(live) if live.closed => {
                let candles = self.closed.entry(live.series.to_string()).or_default();
                assert!(
                    candles
                        .last()
                        .is_none_or(|last| last.open_time < live.candle.open_time)
                );
                candles.push(live.candle);
            }
            LiveEvent::Candle(_) => self.forming += 1,
            LiveEvent::Ticker(_) => self.tickers += 1,
            LiveEvent::CloseMissing { series, open_time } => {
                self.missing.push((series.to_string(), open_time))
            }
            LiveEvent::Health(health) => {
                assert!(health.connections == 1 && health.streams > 0 && health.last_frame.is_some());
                self.health += 1;
            }
            other => return Some(other),
        }
        None
    }

    /// Waits until the last candle of `series` that opens before `end` has come.
    async fn until(&mut self, series: &str, last: Timestamp) {
        while self
            .closed
            .get(series)
            .and_then(|c| c.last())
            .is_none_or(|c| c.open_time < last)
        {
            assert!(self.take().await.is_none());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closed_candles_are_polled_once_and_in_order() {
    let double = CoinbaseDouble::start(options(125)).await.unwrap();
    let client: Arc<dyn Venue> = Arc::new(client(&double));
    let series = [
        ("BTC-USD", Interval::Minute1),
        ("BTC-USD", Interval::Minute5),
        ("SOL-USD", Interval::Minute1),
    ];
    let request = LiveRequest {
        series: series
            .iter()
            .map(|(name, interval)| (symbol(name), *interval))
            .collect(),
        tickers: vec![symbol("ETH-USD")],
    };
    let mut listener = Listener::start(&client, request);
    assert!(matches!(
        listener.next().await,
        LiveEvent::Connected { since: None }
    ));
    let from = start().plus_millis(125 * MINUTE);
    for _ in 0..60 {
        double.advance(10_000);
        let rounds = double.count("/time");
        while double.count("/time") < rounds + 2 {
            tokio::select! {
                other = listener.take() => assert!(other.is_none(), "{other:?}"),
                () = tokio::time::sleep(Duration::from_millis(2)) => {}
            }
        }
    }
    for (name, interval) in series {
        let expected = double.closed_candles(&symbol(name), interval, from, double.now());
        let key = format!("coinbase {name} {interval}");
        listener.until(&key, expected.last().unwrap().open_time).await;
        assert_eq!(listener.closed[&key], expected, "{key}");
        // Where nothing was traded, that is said, so that the history settles it.
        let mut next = from;
        for candle in &expected {
            let told = listener.missing.contains(&(key.clone(), next));
            assert_eq!(told, candle.open_time > next, "{key} {next}");
            next = interval.next(candle.open_time);
        }
    }
    assert!(
        listener.forming > 0 && listener.tickers > 0 && listener.health > 0 && !listener.missing.is_empty()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn failures_of_a_poll_are_told_and_nothing_is_lost() {
    let double = CoinbaseDouble::start(options(125)).await.unwrap();
    let client: Arc<dyn Venue> = Arc::new(client(&double));
    let request = LiveRequest {
        series: vec![(symbol("BTC-USD"), Interval::Minute1)],
        tickers: Vec::new(),
    };
    let mut listener = Listener::start(&client, request);
    assert!(matches!(
        listener.next().await,
        LiveEvent::Connected { since: None }
    ));
    let from = start().plus_millis(125 * MINUTE);
    let faults = [
        CoinbaseFault::Unavailable,
        CoinbaseFault::Html,
        CoinbaseFault::CutJson,
        CoinbaseFault::TooManyRequests(Some(1)),
    ];
    for fault in faults {
        double.inject(fault);
        let LiveEvent::Reconnecting { reason, wait_ms } = listener.next().await else {
            panic!("{fault:?} is told");
        };
        assert!(!reason.is_empty());
        if matches!(fault, CoinbaseFault::TooManyRequests(_)) {
            assert!(wait_ms > 500, "the pause is kept: {wait_ms} ms");
        }
        double.advance(4 * MINUTE);
        assert!(
            matches!(listener.next().await, LiveEvent::Connected { since: Some(_) }),
            "{fault:?}"
        );
    }
    double.inject(CoinbaseFault::OutOfOrder);
    double.advance(3 * MINUTE);
    let expected = double.closed_candles(&symbol("BTC-USD"), Interval::Minute1, from, double.now());
    listener
        .until("coinbase BTC-USD 1m", expected.last().unwrap().open_time)
        .await;
    assert_eq!(listener.closed["coinbase BTC-USD 1m"], expected);
    double.inject(CoinbaseFault::Restricted);
    assert!(matches!(
        listener.next().await,
        LiveEvent::Stopped(MarketError::Restricted { .. })
    ));
    assert!(listener.events.recv().await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_followed_stops_at_once() {
    let double = CoinbaseDouble::start(options(125)).await.unwrap();
    let client: Arc<dyn Venue> = Arc::new(client(&double));
    let follow = |name: &str, interval: Interval| {
        let request = LiveRequest {
            series: vec![(symbol(name), interval)],
            tickers: Vec::new(),
        };
        Listener::start(&client, request)
    };
    let ended = follow("BTC-USD", Interval::Month1).next().await;
    assert!(
        matches!(ended, LiveEvent::Stopped(MarketError::NoInterval { .. })),
        "{ended:?}"
    );
    let ended = follow("NO-USD", Interval::Minute1).next().await;
    assert!(
        matches!(ended, LiveEvent::Stopped(MarketError::UnknownSymbol(_))),
        "{ended:?}"
    );
    double.inject(CoinbaseFault::Forbidden);
    let ended = follow("BTC-USD", Interval::Minute1).next().await;
    assert!(
        matches!(ended, LiveEvent::Stopped(MarketError::Blocked { .. })),
        "{ended:?}"
    );
}
