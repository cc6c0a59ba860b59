//! Each way the exchange can refuse is an error of its own.

use std::time::Duration;

use promptpal_domain::{Interval, Venue};
use promptpal_market::{Binance, BinanceConfig, MarketError, SymbolStatus};
use promptpal_testkit::exchange::{Exchange, Fault};

use crate::setting::*;

/// The variant's name, which is what a caller goes by.
fn name(error: &MarketError) -> String {
    let text = format!("{error:?}");
    text.split([' ', '(']).next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refusals_are_told_apart() {
    let check = async |fault: Fault, expected: &str| {
        // Each its own: a pause holds for everybody who asks the same host.
        let exchange = Exchange::start(options(50)).await.unwrap();
        let mut config = config(&exchange);
        if fault == Fault::Silence {
            config.request_timeout = Duration::from_millis(400);
        }
        let client = Binance::new(config, clock()).unwrap();
        exchange.inject(fault);
        let span = span(start(), exchange.now());
        let error = client
            .klines(&symbol("BTCUSDT"), Interval::Minute1, span, 10)
            .await
            .unwrap_err();
        assert_eq!(name(&error), expected, "{error}");
        assert!(!error.advice().is_empty());
        error
    };
    assert!(check(Fault::Unavailable, "Unavailable").await.is_retryable());
    assert!(check(Fault::Forbidden, "Blocked").await.is_retryable());
    assert!(!check(Fault::Restricted, "Restricted").await.is_retryable());
    check(Fault::Html, "NotJson").await;
    check(Fault::CutJson, "Unreadable").await;
    check(Fault::Oversized, "TooLarge").await;
    check(Fault::Silence, "Timeout").await;
    check(Fault::TooManyRequests(1), "RateLimited").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_symbols_and_dead_hosts_are_named() {
    let exchange = Exchange::start(options(50)).await.unwrap();
    let client = client(&exchange);
    let unknown = symbol("币安人生USDT");
    let asked = span(start(), exchange.now());
    let error = client
        .klines(&unknown, Interval::Minute1, asked, 10)
        .await
        .unwrap_err();
    assert!(matches!(error, MarketError::UnknownSymbol(symbol) if symbol == unknown));
    assert!(matches!(
        client.symbol(&unknown).await,
        Err(MarketError::UnknownSymbol(_))
    ));
    let error = client
        .klines(&symbol("BTC/USDT"), Interval::Minute1, asked, 10)
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        MarketError::Refused {
            status: 400,
            code: -1100,
            ..
        }
    ));
    let rest = exchange.rest_url();
    drop(exchange);
    let dead = BinanceConfig::at(Venue::binance(), &rest, "ws://127.0.0.1:9").unwrap();
    let error = Binance::new(dead, clock())
        .unwrap()
        .server_time()
        .await
        .unwrap_err();
    assert!(
        matches!(error, MarketError::Unreachable { .. }) && !error.to_string().contains("http"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn symbols_come_with_their_steps() {
    let exchange = Exchange::start(options(50)).await.unwrap();
    let symbols = client(&exchange).symbols().await.unwrap();
    let names: Vec<_> = symbols
        .iter()
        .map(|info| (info.symbol.as_str(), info.base.as_str(), info.quote.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("BTCUSDT", "BTC", "USDT"),
            ("ETHUSDT", "ETH", "USDT"),
            ("SOLUSDT", "SOL", "USDT")
        ]
    );
    assert!(symbols.iter().all(|info| info.status == SymbolStatus::Trading));
    assert_eq!(symbols[0].tick.unwrap().to_string(), "0.01");
    assert_eq!(symbols[0].lot.unwrap().to_string(), "0.00001");
}
