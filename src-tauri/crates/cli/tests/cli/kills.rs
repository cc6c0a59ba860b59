//! Many kills at random moments, in the middle of live candles and history at once: what was acknowledged is there, no page
//! is half there, and after each kill at most one page of a series is asked for again.
//!
//! `PROMPTPAL_KILLS` says how many; the usual run makes 25.

use std::collections::{BTreeMap, HashMap};
use std::process::Stdio;
use std::time::Duration;

use promptpal_domain::{Interval, Span, Symbol, Timestamp};
use promptpal_store::{Store, StoreOptions};
use promptpal_testkit::exchange::{Exchange, ExchangeOptions};

use crate::kill::{acknowledged, kill, noise};
use crate::program::Home;

const KILLS: u64 = 25;
/// Days of minutes before the present: 130 pages of history.
const DAYS: i64 = 90;
const DAY: i64 = 86_400_000;

fn kills() -> u64 {
    std::env::var("PROMPTPAL_KILLS").map_or(KILLS, |text| text.parse().unwrap())
}

async fn store(home: &Home, now: Timestamp) -> Store {
    Store::open(&home.path().join("promptpal.db"), StoreOptions::default(), now)
        .await
        .unwrap()
}

/// How often each page of a symbol's history was answered since the request of that number, by its query.
fn pages(exchange: &Exchange, symbol: &str, since: usize) -> HashMap<String, u64> {
    let mut asked = HashMap::new();
    let wanted = format!("symbol={symbol}&");
    for request in exchange.requests().into_iter().skip(since) {
        let is_page = request.path == "/api/v3/klines" && request.status == 200;
        if is_page && format!("{}&", request.query).contains(&wanted) {
            *asked.entry(request.query).or_default() += 1;
        }
    }
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_little_is_asked_twice() {
    let home = Home::new();
    let start: Timestamp = "2024-03-01".parse().unwrap();
    let now = start.plus_millis(DAYS * DAY);
    // Ten minutes a second, so that every round sees candles close.
    let exchange = Exchange::start(ExchangeOptions {
        speed: Some(600.0),
        weight_limit: 1_000_000,
        ..ExchangeOptions::sample(7, start, now)
    })
    .await
    .unwrap();
    let (rest, ws) = (exchange.rest_url(), exchange.stream_url());
    let (from, to) = (start.to_string(), now.to_string());
    let live_line = [
        "stream",
        "BTCUSDT",
        "--interval",
        "1m",
        "--ws-url",
        &ws,
        "--base-url",
        &rest,
        "--json",
    ];
    let history_line = [
        "fetch",
        "ETHUSDT",
        "--interval",
        "1m",
        "--from",
        &from,
        "--to",
        &to,
        "--source",
        "rest",
        "--base-url",
        &rest,
        "--json",
    ];
    let eth: Symbol = "ETHUSDT".parse().unwrap();
    let mut all: BTreeMap<i64, f64> = BTreeMap::new();
    let (mut asked_before, mut since) = (HashMap::new(), 0);
    let (mut again, mut whole_histories, mut cut_short) = (0, 0, 0);
    for round in 0..kills() {
        let mut stream = home.command(&live_line).stderr(Stdio::null()).spawn().unwrap();
        let (seen, reader) = acknowledged(stream.stdout.take().unwrap());
        while seen.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let history = home
            .command(&history_line)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(Duration::from_millis((900.0 * noise(round)) as u64)).await;
        kill(stream);
        kill(history);
        reader.join().unwrap();
        all.extend(seen.lock().unwrap().iter());

        let store = store(&home, now).await;
        store.integrity_check().await.unwrap();
        let series = store.list_series().await.unwrap();
        let btc = series
            .iter()
            .find(|one| one.key.symbol.as_str() == "BTCUSDT")
            .unwrap();
        let live = store.bars(btc.id, Span::ALL).await.unwrap();
        let stored: HashMap<i64, f64> = live
            .open_time
            .iter()
            .copied()
            .zip(live.close.iter().copied())
            .collect();
        for (at, close) in &all {
            assert_eq!(
                stored.get(at),
                Some(close),
                "round {round}: {at} was acknowledged"
            );
        }
        // Every candle stands as on the tape, and whatever was covered is whole.
        if let Some(history) = series.iter().find(|one| one.key.symbol == eth) {
            let tape = exchange.closed_candles(&eth, Interval::Minute1, start, now);
            let tape: HashMap<i64, _> = tape
                .into_iter()
                .map(|candle| (candle.open_time.millis(), candle))
                .collect();
            let candles = store.candles(history.id, Span::ALL, 1_000_000).await.unwrap();
            for candle in &candles {
                let expected = &tape[&candle.open_time.millis()];
                assert_eq!(candle, expected, "round {round}");
            }
            let coverage = store.coverage(history.id).await.unwrap();
            let is_covered = |at: &i64| {
                coverage
                    .iter()
                    .any(|span| span.contains(Timestamp::from_millis(*at)))
            };
            let settled = tape.keys().filter(|at| is_covered(at)).count();
            assert_eq!(candles.len(), settled, "round {round}: a page is half there");
            let pages = pages(&exchange, "ETHUSDT", since);
            let repeated: u64 = pages.values().map(|times| times - 1).sum::<u64>()
                - asked_before.values().map(|times: &u64| times - 1).sum::<u64>();
            assert!(
                repeated <= 1,
                "round {round}: {repeated} pages were asked for again"
            );
            again += repeated;
            asked_before = pages;
            if settled == tape.len() {
                whole_histories += 1;
                store.delete_series(history.id).await.unwrap();
                since = exchange.requests().len();
                asked_before = HashMap::new();
            } else {
                cut_short += 1;
            }
        }
        store.close().await.unwrap();
    }
    assert!(cut_short > 0, "no kill met a history");
    println!(
        "{} kills: {} candles acknowledged, none lost; {cut_short} histories cut short, {whole_histories} completed, {again} pages asked for again",
        kills(),
        all.len()
    );
}
