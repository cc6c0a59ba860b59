//! What every test here needs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use promptpal_domain::{Candle, Clock, Interval, Span, Symbol, Timestamp, Venue};
use promptpal_market::{Binance, BinanceConfig, History, HistoryEvent, LiveTimings, MarketError};
use promptpal_testkit::exchange::{Exchange, ExchangeOptions};

/// Nothing here takes so long, even on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);
pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const DAY: i64 = 1440 * MINUTE;

/// A clock that runs with real time from a fixed instant on.
#[derive(Debug)]
pub(crate) struct RunningClock(Instant);

impl Clock for RunningClock {
    fn now(&self) -> Timestamp {
        start().plus_millis(i64::try_from(self.0.elapsed().as_millis()).unwrap())
    }
}

pub(crate) fn clock() -> Arc<dyn Clock> {
    Arc::new(RunningClock(Instant::now()))
}

/// The first minute of every tape here.
pub(crate) fn start() -> Timestamp {
    "2024-03-01".parse().unwrap()
}

/// Options of a tape from [`start`] on, standing `minutes` later and 17 seconds into the minute.
pub(crate) fn options(minutes: i64) -> ExchangeOptions {
    ExchangeOptions::sample(42, start(), start().plus_millis(minutes * MINUTE + 17_000))
}

pub(crate) fn config(exchange: &Exchange) -> BinanceConfig {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut config =
        BinanceConfig::at(Venue::binance(), &exchange.rest_url(), &exchange.stream_url()).unwrap();
    config.retry_wait = Duration::from_millis(20);
    config.live = LiveTimings {
        least_wait: Duration::from_millis(5),
        first_wait: Duration::from_millis(20),
        longest_wait: Duration::from_millis(100),
        tick: Duration::from_millis(5),
        reorder_wait: Duration::from_millis(50),
        ..LiveTimings::default()
    };
    config
}

pub(crate) fn client(exchange: &Exchange) -> Binance {
    Binance::new(config(exchange), clock()).unwrap()
}

pub(crate) fn symbol(name: &str) -> Symbol {
    name.parse().unwrap()
}

pub(crate) fn span(from: Timestamp, to: Timestamp) -> Span {
    Span::new(from, to).unwrap()
}

/// What a history told, in order.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) candles: Vec<Candle>,
    pub(crate) covered: Vec<Span>,
    pub(crate) live: Option<Candle>,
    pub(crate) waits: Vec<String>,
    pub(crate) error: Option<MarketError>,
}

pub(crate) async fn listen(mut history: History) -> Told {
    let mut told = Told::default();
    while let Some(event) = tokio::time::timeout(LIMIT, history.recv())
        .await
        .expect("the history goes on")
    {
        match event {
            Ok(HistoryEvent::Page(page)) => {
                assert!(
                    page.candles
                        .iter()
                        .all(|candle| page.covered.contains(candle.open_time))
                );
                assert!(told.live.is_none(), "the forming candle comes with the last page");
                told.covered.push(page.covered);
                told.candles.extend(page.candles);
                told.live = page.live.map(|live| live.candle);
            }
            Ok(HistoryEvent::Waiting { reason, .. }) => told.waits.push(format!("{reason:?}")),
            Err(error) => told.error = Some(error),
        }
    }
    told
}

/// Waits until `met` holds.
pub(crate) async fn eventually(what: &str, mut met: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !met() {
        assert!(begun.elapsed() < LIMIT, "never: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

pub(crate) fn tape(
    exchange: &Exchange,
    name: &str,
    interval: Interval,
    from: Timestamp,
    to: Timestamp,
) -> Vec<Candle> {
    exchange.closed_candles(&symbol(name), interval, from, to)
}
