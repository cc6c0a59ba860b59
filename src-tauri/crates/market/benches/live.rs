//! What live data costs: a line of JSON for each case, `{"case", "ours", "unit"}`.
//!
//! `cargo bench -p promptpal-market --bench live`. Frames are counted in CPU time of this thread; the backfill is the share
//! of the exchange's weight that a history uses over some windows of a loopback exchange, with the number of its 429s.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement may stop at the first surprise, and its output is its result"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use cpu_time::ThreadTime;
use promptpal_domain::{Clock, Interval, Span, Timestamp, Venue};
use promptpal_market::{Binance, BinanceConfig, is_candle};
use promptpal_testkit::exchange::{Exchange, ExchangeOptions};
use serde_json::json;
use tokio_util::sync::CancellationToken;

const FRAMES: u32 = 200_000;
const WINDOWS: u32 = 10;
const LIMIT: u32 = 100;
const FRAME: &str = r#"{"stream":"btcusdt@kline_1m","data":{"e":"kline","E":1672515782136,"s":"BTCUSDT","k":{"t":1672515780000,"T":1672515839999,"s":"BTCUSDT","i":"1m","f":2388402391,"L":2388402542,"o":"16541.77000000","c":"16543.02000000","h":"16544.76000000","l":"16538.45000000","v":"56.82840000","n":152,"x":false,"q":"940020.48274130","V":"29.21150000","Q":"483197.06611950","B":"0"}}}"#;

#[derive(Debug)]
struct System;

impl Clock for System {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

fn main() {
    frames();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(backfill());
}

fn frames() {
    let venue = Venue::binance();
    let mut best = f64::INFINITY;
    for _ in 0..5 {
        let begun = ThreadTime::now();
        for _ in 0..FRAMES {
            assert!(is_candle(black_box(FRAME), &venue));
        }
        best = best.min(begun.elapsed().as_secs_f64() * 1e6 / f64::from(FRAMES));
    }
    println!(
        "{}",
        json!({"case": "kline frame to candle", "ours": best, "unit": "us CPU"})
    );
}

async fn backfill() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let from: Timestamp = "2023-01-01".parse().unwrap();
    let pages = i64::from((WINDOWS + 1) * LIMIT / 2);
    let options = ExchangeOptions {
        weight_limit: LIMIT,
        weight_window: Duration::from_secs(2),
        ..ExchangeOptions::sample(1, from, from.plus_millis(pages * 1000 * 60_000))
    };
    let window = options.weight_window;
    let exchange = Exchange::start(options).await.unwrap();
    let config = BinanceConfig::at(Venue::binance(), &exchange.rest_url(), &exchange.stream_url()).unwrap();
    let client = Binance::new(config, Arc::new(System)).unwrap();
    let span = Span::new(from, exchange.now()).unwrap();
    let begun = Instant::now();
    let mut history = client.history(
        "BTCUSDT".parse().unwrap(),
        Interval::Minute1,
        span,
        CancellationToken::new(),
    );
    while begun.elapsed() < window * WINDOWS && history.recv().await.is_some() {}
    let requests = exchange.requests();
    let weight: u32 = requests
        .iter()
        .map(|request| if request.path.ends_with("klines") { 2 } else { 20 })
        .sum();
    let possible = begun.elapsed().as_secs_f64() / window.as_secs_f64() * f64::from(LIMIT);
    let refused = requests.iter().filter(|request| request.status == 429).count();
    println!(
        "{}",
        json!({"case": "backfill", "ours": f64::from(weight) / possible, "unit": "share of the weight", "refused": refused})
    );
}
