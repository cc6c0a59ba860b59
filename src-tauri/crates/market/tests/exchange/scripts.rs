//! Every script of faults: what the live stream and REST hand out together is the tape.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use promptpal_domain::{Candle, Interval, SeriesKey, Timestamp};
use promptpal_market::{Binance, BinanceConfig, HistoryEvent, LiveEvent, LiveFeed};
use promptpal_testkit::exchange::{Exchange, Script};
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::setting::*;

/// After its script an exchange behaves, and each run tells how long it took to catch up: a second or two. Where nothing is caught
/// up after this long, nothing will be, however busy the machine.
const CATCH_UP: Duration = Duration::from_secs(60);
const SERIES: [(&str, Interval); 3] = [
    ("BTCUSDT", Interval::Minute1),
    ("ETHUSDT", Interval::Minute1),
    ("ETHUSDT", Interval::Minute5),
];

/// Does with the events what they ask for, as a program that stores candles would.
struct Keeper {
    config: BinanceConfig,
    rest: Binance,
    events: mpsc::Receiver<LiveEvent>,
    _cancel: DropGuard,
    from: Timestamp,
    kept: BTreeMap<(String, Interval, Timestamp), Candle>,
    /// Opening of the last closed candle that the stream handed out.
    last: BTreeMap<SeriesKey, Timestamp>,
    must_ask: bool,
}

impl Keeper {
    fn start(config: BinanceConfig, from: Timestamp) -> Self {
        let (events, cancel) = Self::follow(&config);
        Self {
            rest: Binance::new(config.clone(), clock()).unwrap(),
            config,
            events,
            _cancel: cancel,
            from,
            kept: BTreeMap::new(),
            last: BTreeMap::new(),
            must_ask: false,
        }
    }

    fn follow(config: &BinanceConfig) -> (mpsc::Receiver<LiveEvent>, DropGuard) {
        let cancel = CancellationToken::new();
        let series = SERIES.map(|(name, interval)| (symbol(name), interval)).to_vec();
        let events = LiveFeed::start(config.clone(), series, clock(), cancel.clone());
        (events, cancel.drop_guard())
    }

    /// Takes every event there is within a moment.
    async fn take(&mut self) {
        while let Ok(event) = tokio::time::timeout(Duration::from_millis(3), self.events.recv()).await {
            match event {
                Some(LiveEvent::Candle(live)) if live.closed => {
                    let open = live.candle.open_time;
                    let before = self.last.insert(live.series.clone(), open);
                    assert!(
                        before.is_none_or(|before| before < open),
                        "{} {open}",
                        live.series
                    );
                    self.keep(live.series.symbol.as_str(), live.series.interval, live.candle);
                }
                Some(LiveEvent::Connected { .. } | LiveEvent::CloseMissing { .. }) => self.must_ask = true,
                Some(LiveEvent::Candle(_) | LiveEvent::Ticker(_) | LiveEvent::Health(_)) => {}
                Some(LiveEvent::Reconnecting { .. }) => {}
                // A person tries again.
                Some(LiveEvent::Stopped(_)) | None => {
                    (self.events, self._cancel) = Self::follow(&self.config);
                    self.last.clear();
                }
            }
        }
        if self.must_ask {
            self.must_ask = !self.ask().await;
        }
    }

    fn keep(&mut self, name: &str, interval: Interval, candle: Candle) {
        let at = (name.to_owned(), interval, candle.open_time);
        if let Some(before) = self.kept.insert(at, candle.clone()) {
            assert_eq!(before, candle, "{name} {interval}");
        }
    }

    /// Asks REST for what is missing; whether it has answered everything.
    async fn ask(&mut self) -> bool {
        let Ok(now) = self.rest.server_time().await else {
            return false;
        };
        for (name, interval) in SERIES {
            let mut from = interval.floor(self.from);
            while self.kept.contains_key(&(name.to_owned(), interval, from)) {
                from = interval.next(from);
            }
            if from >= now {
                continue;
            }
            let mut history =
                self.rest
                    .history(symbol(name), interval, span(from, now), CancellationToken::new());
            while let Some(event) = history.recv().await {
                match event {
                    Ok(HistoryEvent::Page(page)) => {
                        for candle in page.candles {
                            self.keep(name, interval, candle);
                        }
                    }
                    Ok(HistoryEvent::Waiting { .. }) => {}
                    Err(_) => return false,
                }
            }
        }
        true
    }

    async fn catch_up(&mut self, exchange: &Exchange, script: &str, since: Instant) {
        loop {
            let differences = self.differences(exchange);
            if differences.is_empty() {
                return;
            }
            assert!(since.elapsed() < CATCH_UP, "{script}: {differences:#?}");
            self.take().await;
        }
    }

    fn differences(&self, exchange: &Exchange) -> Vec<String> {
        let mut differences = Vec::new();
        for (name, interval) in SERIES {
            let expected = tape(
                exchange,
                name,
                interval,
                interval.floor(self.from),
                exchange.now(),
            );
            let series = self
                .kept
                .iter()
                .filter(|((of, length, _), _)| of == name && *length == interval);
            let kept: Vec<&Candle> = series.map(|(_, candle)| candle).collect();
            if kept != expected.iter().collect::<Vec<_>>() {
                let openings = |candles: Vec<&Candle>| {
                    let texts = candles.iter().map(|candle| candle.open_time.to_string());
                    texts.collect::<Vec<_>>().join(" ")
                };
                differences.push(format!(
                    "{name} {interval}: kept {}; the tape has {}",
                    openings(kept),
                    openings(expected.iter().collect())
                ));
            }
        }
        differences
    }
}

async fn run(script: &Script) -> Duration {
    let exchange = Exchange::start(options(125)).await.unwrap();
    let mut config = config(&exchange);
    config.live.stall_after = Duration::from_millis(400);
    config.live.connect_timeout = Duration::from_millis(400);
    config.live.series_quiet = Duration::from_millis(200);
    config.live.close_grace = Duration::from_millis(50);
    config.live.longest_tell = Duration::from_millis(800);
    config.live.overlap = Duration::from_millis(50);
    let mut keeper = Keeper::start(config, exchange.now());
    while !keeper.must_ask && keeper.kept.is_empty() && exchange.streams().subscribed < SERIES.len() {
        keeper.take().await;
    }
    exchange.run_script(script);
    while exchange.script_is_running() {
        exchange.advance(10_000);
        keeper.take().await;
    }
    let ended = Instant::now();
    keeper.catch_up(&exchange, script.name(), ended).await;
    let caught_up = ended.elapsed();
    // The stream itself is alive again, or will be.
    let newest = |keeper: &Keeper| keeper.last.values().max().copied();
    let before = newest(&keeper);
    while newest(&keeper) == before {
        assert!(
            ended.elapsed() < 3 * CATCH_UP,
            "{}: no live candle",
            script.name()
        );
        exchange.advance(60_000);
        keeper.take().await;
    }
    keeper.catch_up(&exchange, script.name(), Instant::now()).await;
    assert_eq!(exchange.requests_during_pause(), 0, "{}", script.name());
    assert_eq!(exchange.streams().during_pause, 0, "{}", script.name());
    assert_eq!(exchange.streams().too_fast, 0, "{}", script.name());
    caught_up
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_every_script_stream_and_rest_have_handed_out_the_tape() {
    // All at once: most of the time is waiting.
    let running = Script::all().into_iter().map(|script| async move {
        let took = run(&script).await;
        eprintln!("{}: caught up after {} ms", script.name(), took.as_millis());
    });
    futures_util::future::join_all(running).await;
}
