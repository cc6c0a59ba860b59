//! Paging, limits, pauses.

use std::time::Duration;

use promptpal_domain::{Interval, Span, Timestamp};
use promptpal_market::MarketError;
use promptpal_testkit::exchange::{Exchange, ExchangeOptions, Fault};
use tokio_util::sync::CancellationToken;

use crate::setting::*;

fn all_of(exchange: &Exchange) -> Span {
    span(Timestamp::EPOCH, exchange.now().plus_millis(DAY))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paging_returns_exactly_the_tape() {
    // Forty days hold one halt of some hours.
    let exchange = Exchange::start(options(40 * 1440)).await.unwrap();
    let client = client(&exchange);
    for (interval, from) in [
        (Interval::Minute1, start()),
        (Interval::Minute1, Timestamp::EPOCH),
        (Interval::Minute5, start().plus_millis(DAY + 1)),
        (Interval::Hour1, Timestamp::EPOCH),
        (Interval::Week1, Timestamp::EPOCH),
        (Interval::Month1, start()),
    ] {
        let asked = span(from, exchange.now());
        let before = exchange.count("/api/v3/klines");
        let told = listen(client.history(symbol("ETHUSDT"), interval, asked, CancellationToken::new())).await;
        assert!(told.error.is_none() && told.waits.is_empty(), "{told:?}");
        let expected = tape(&exchange, "ETHUSDT", interval, from, exchange.now());
        assert_eq!(told.candles, expected, "{interval}");
        // One page follows the other, from the start of the span to the forming candle.
        assert_eq!(told.covered[0].from(), from);
        assert!(told.covered.windows(2).all(|pair| pair[0].to() == pair[1].from()));
        let live = told.live.expect("the span reaches the present");
        assert_eq!(told.covered.last().unwrap().to(), live.open_time);
        assert_eq!(live.open_time, interval.floor(exchange.now()));
        // One request a page of a thousand, and at most two more.
        let pages = exchange.count("/api/v3/klines") - before;
        assert!(
            pages <= expected.len() / 1000 + 2,
            "{interval}: {pages} pages of {} candles",
            expected.len()
        );
    }
    assert!(exchange.requests().iter().all(|request| request.status == 200));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_span_in_the_past_is_covered_whole_and_nothing_beyond_it_is_told() {
    let exchange = Exchange::start(options(3000)).await.unwrap();
    let client = client(&exchange);
    let asked = span(
        start().plus_millis(10 * MINUTE),
        start().plus_millis(1510 * MINUTE),
    );
    let told = listen(client.history(
        symbol("BTCUSDT"),
        Interval::Minute1,
        asked,
        CancellationToken::new(),
    ))
    .await;
    assert_eq!(told.candles.len(), 1500);
    assert_eq!(
        (told.covered[0].from(), told.covered.last().unwrap().to()),
        (asked.from(), asked.to())
    );
    assert!(told.live.is_none());
    // The same page by page: the span's end does not belong to it.
    let page = client
        .klines(&symbol("BTCUSDT"), Interval::Minute1, asked, 7)
        .await
        .unwrap();
    assert_eq!((page.candles.len(), page.full, page.live), (7, true, None));
    assert_eq!(
        page.covered,
        span(asked.from(), asked.from().plus_millis(7 * MINUTE))
    );
    // Just closed, and asked for up to its very end.
    let now = exchange.now().plus_millis(-17_000);
    let last = span(now.plus_millis(-MINUTE), now);
    let page = client
        .klines(&symbol("BTCUSDT"), Interval::Minute1, last, 10)
        .await
        .unwrap();
    assert_eq!((page.candles.len(), page.live, page.covered), (1, None, last));
    // The future is empty and covers nothing.
    let future = span(now.plus_millis(DAY), now.plus_millis(2 * DAY));
    let page = client
        .klines(&symbol("BTCUSDT"), Interval::Minute1, future, 10)
        .await
        .unwrap();
    assert!(page.candles.is_empty() && page.covered.is_empty());
    let latest = client
        .latest(&symbol("BTCUSDT"), Interval::Hour1, 5)
        .await
        .unwrap();
    assert_eq!(
        latest.candles,
        tape(
            &exchange,
            "BTCUSDT",
            Interval::Hour1,
            now.plus_millis(-4 * 60 * MINUTE),
            now
        )
    );
    assert!(latest.live.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_exchanges_limit_is_read_and_kept() {
    let limited = ExchangeOptions {
        weight_limit: 40,
        weight_window: Duration::from_secs(3),
        ..options(30_000)
    };
    let exchange = Exchange::start(limited).await.unwrap();
    let client = client(&exchange);
    let history = client.history(
        symbol("BTCUSDT"),
        Interval::Minute1,
        all_of(&exchange),
        CancellationToken::new(),
    );
    let told = listen(history).await;
    assert_eq!(
        told.candles,
        tape(&exchange, "BTCUSDT", Interval::Minute1, start(), exchange.now())
    );
    assert!(
        told.waits.iter().any(|wait| wait.starts_with("Budget")),
        "{:?}",
        told.waits
    );
    assert!(exchange.requests().iter().all(|request| request.status == 200));
    assert_eq!((client.limits().limit, client.limits().window_ms), (40, 3000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_during_a_pause_and_then_it_goes_on() {
    for fault in [Fault::TooManyRequests(1), Fault::Banned(1)] {
        let exchange = Exchange::start(options(5000)).await.unwrap();
        let client = client(&exchange);
        client.server_time().await.unwrap();
        exchange.inject(fault);
        let history = client.history(
            symbol("SOLUSDT"),
            Interval::Minute1,
            all_of(&exchange),
            CancellationToken::new(),
        );
        eventually("the pause begins", || client.limits().paused_until.is_some()).await;
        let before = exchange.requests().len();
        let refused = client.clone().server_time().await.unwrap_err();
        assert!(refused.retry_at().is_some(), "{refused}");
        assert_eq!(exchange.requests().len(), before, "the refusal is our own");
        let told = listen(history).await;
        assert_eq!(
            told.candles,
            tape(&exchange, "SOLUSDT", Interval::Minute1, start(), exchange.now())
        );
        assert!(told.waits[0].starts_with("Pause"), "{:?}", told.waits);
        assert_eq!(exchange.requests_during_pause(), 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_long_a_ban_ends_a_history() {
    let exchange = Exchange::start(options(50)).await.unwrap();
    exchange.inject(Fault::Banned(7200));
    let client = client(&exchange);
    let history = client.history(
        symbol("BTCUSDT"),
        Interval::Minute1,
        all_of(&exchange),
        CancellationToken::new(),
    );
    assert!(matches!(
        listen(history).await.error,
        Some(MarketError::Banned { .. })
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passing_failures_are_tried_again_visibly_and_lasting_ones_end_it() {
    let exchange = Exchange::start(options(3000)).await.unwrap();
    let client = client(&exchange);
    client.symbol(&symbol("BTCUSDT")).await.unwrap();
    for fault in [Fault::Unavailable, Fault::Html, Fault::CutJson] {
        exchange.inject(fault);
    }
    let history = client.history(
        symbol("BTCUSDT"),
        Interval::Minute1,
        all_of(&exchange),
        CancellationToken::new(),
    );
    let told = listen(history).await;
    assert_eq!(
        (told.waits.len(), told.candles.len()),
        (3, 3000),
        "{:?}",
        told.waits
    );
    for _ in 0..5 {
        exchange.inject(Fault::Unavailable);
    }
    let history = client.history(
        symbol("BTCUSDT"),
        Interval::Minute1,
        all_of(&exchange),
        CancellationToken::new(),
    );
    let told = listen(history).await;
    assert_eq!(told.waits.len(), 4);
    assert!(matches!(
        told.error,
        Some(MarketError::Unavailable { status: 503, .. })
    ));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_history_ends_when_it_is_cancelled_or_nobody_listens() {
    let exchange = Exchange::start(options(30_000)).await.unwrap();
    let client = client(&exchange);
    let cancel = CancellationToken::new();
    let mut history = client.history(
        symbol("BTCUSDT"),
        Interval::Minute1,
        all_of(&exchange),
        cancel.clone(),
    );
    assert!(history.recv().await.unwrap().is_ok());
    cancel.cancel();
    let rest = tokio::time::timeout(Duration::from_secs(1), listen(history))
        .await
        .expect("within a second");
    assert!(rest.error.is_none() && rest.covered.len() <= 3);
    let history = client.history(
        symbol("BTCUSDT"),
        Interval::Minute1,
        all_of(&exchange),
        CancellationToken::new(),
    );
    drop(history);
    // The exchange stays usable: the task has ended without a fuss.
    client.server_time().await.unwrap();
}
