//! History from the exchange into the store.

use promptpal_app::{ErrorKind, FetchReport, FetchRequest, FetchSource, JobRequest, Outcome};
use promptpal_domain::{Interval, SeriesId, Span, Timestamp};
use promptpal_testkit::exchange::{Exchange, ExchangeOptions};

use crate::desk::{Desk, MINUTE, exchange, fetch, minutes, tape_start};

pub(crate) async fn fetched(desk: &Desk, request: JobRequest) -> FetchReport {
    match desk.app.run(request).await.unwrap() {
        Outcome::Fetched(report) => report,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn fetches_the_whole_tape_and_only_once() {
    let exchange = exchange(2_500).await;
    let desk = Desk::at(&exchange).await;
    let symbol = "BTCUSDT".parse().unwrap();
    let expected = exchange.closed_candles(&symbol, Interval::Minute1, tape_start(), exchange.now());
    assert!(expected.len() > 2_000);

    let first = fetched(&desk, minutes()).await;
    assert_eq!(
        (first.inserted, first.rows),
        (expected.len() as u64, expected.len() as u64)
    );
    assert_eq!(first.series, "binance BTCUSDT 1m");
    let stored = desk
        .store()
        .await
        .candles(SeriesId(first.series_id), Span::ALL, 10_000)
        .await
        .unwrap();
    assert_eq!(stored.len(), expected.len());
    for (stored, expected) in stored.iter().zip(&expected) {
        assert_eq!(stored.open_time, expected.open_time);
        for (a, b) in [
            (stored.open, expected.open),
            (stored.close, expected.close),
            (stored.volume, expected.volume),
        ] {
            assert_eq!(a.trimmed(), b.trimmed());
        }
    }

    let asked = exchange.count("/api/v3/klines");
    let second = fetched(&desk, minutes()).await;
    assert_eq!((second.pages, second.inserted, second.rows), (0, 0, first.rows));
    assert_eq!(exchange.count("/api/v3/klines"), asked);

    exchange.advance(10 * MINUTE);
    assert_eq!(fetched(&desk, minutes()).await.inserted, 10);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_time_long_past_asks_nobody_for_the_time() {
    let exchange = exchange(600).await;
    let desk = Desk::at(&exchange).await;
    let to = tape_start().plus_millis(120 * MINUTE);
    let request = |to| {
        JobRequest::Fetch(FetchRequest {
            venue: None,
            source: FetchSource::Rest,
            symbol: "ETHUSDT".parse().unwrap(),
            interval: Interval::Minute5,
            from: Some(tape_start()),
            to: Some(to),
        })
    };
    assert_eq!(fetched(&desk, request(to)).await.rows, 24);
    let asked = exchange.requests().len();
    fetched(&desk, request(to)).await;
    assert_eq!(exchange.requests().len(), asked);
    desk.app.shutdown().await;
}

/// The exchange says what time it is, also where our own clock is behind.
#[tokio::test]
async fn the_exchanges_clock_decides_what_the_present_is() {
    let from: Timestamp = "2100-01-01".parse().unwrap();
    let now = from.plus_millis(300 * MINUTE + 5_000);
    let exchange = Exchange::start(ExchangeOptions::sample(3, from, now))
        .await
        .unwrap();
    let desk = Desk::at(&exchange).await;
    for to in [None, Some(now), Some(now.plus_millis(1_000 * MINUTE))] {
        let request = JobRequest::Fetch(FetchRequest {
            venue: None,
            source: FetchSource::Rest,
            symbol: "SOLUSDT".parse().unwrap(),
            interval: Interval::Minute1,
            from: Some(from),
            to,
        });
        assert_eq!(fetched(&desk, request).await.rows, 300);
    }
    desk.app.shutdown().await;
}

#[tokio::test]
async fn an_unknown_symbol_leaves_no_series_behind() {
    let exchange = exchange(60).await;
    let desk = Desk::at(&exchange).await;
    let error = desk.app.run(fetch("NOSUCHUSDT")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    assert!(desk.app.series().await.unwrap().is_empty());
    desk.app.shutdown().await;
}

#[tokio::test]
async fn without_a_network_the_error_says_so() {
    let desk = Desk::offline().await;
    let error = desk.app.run(minutes()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_retryable()),
        (ErrorKind::Offline, true),
        "{error}"
    );
    assert!(error.hint().is_some());
    assert!(desk.app.series().await.unwrap().is_empty());
    let error = desk.app.search_symbols(None, "btc").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Offline);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn symbols_that_begin_with_the_query_come_first() {
    let exchange = exchange(60).await;
    let desk = Desk::at(&exchange).await;
    let found = desk.app.search_symbols(None, "eth").await.unwrap();
    assert_eq!(found[0].symbol.as_str(), "ETHUSDT");
    assert_eq!(desk.app.search_symbols(None, "usdt").await.unwrap().len(), 3);
    desk.app.shutdown().await;
}
