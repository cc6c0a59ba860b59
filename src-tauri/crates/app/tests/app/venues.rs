//! Venues behind one seam, their symbols, the watchlist, and how each connection stands.

use promptpal_app::{
    App, ConnectionState, ErrorKind, FetchRequest, FetchSource, JobRequest, WatchState, WatchSymbol,
};
use promptpal_domain::{Interval, SeriesId, Span, Venue};
use promptpal_testkit::coinbase::{CoinbaseDouble, CoinbaseOptions};
use promptpal_testkit::exchange::Fault;

use crate::desk::{Desk, MINUTE, exchange, minutes, tape_start, until};
use crate::market::fetched;

fn coinbase_venue() -> Venue {
    "coinbase".parse().unwrap()
}

fn watched(venue: &str, symbol: &str) -> WatchSymbol {
    WatchSymbol {
        venue: venue.parse().unwrap(),
        symbol: symbol.parse().unwrap(),
    }
}

#[tokio::test]
async fn another_venue_is_asked_in_the_same_way() {
    let now = tape_start().plus_millis(700 * MINUTE + 5_000);
    let coinbase = CoinbaseDouble::start(CoinbaseOptions::sample(5, tape_start(), now))
        .await
        .unwrap();
    let url = coinbase.url();
    let desk = Desk::with(|options| {
        options.config.venues.coinbase.rest_url = Some(url.parse().unwrap());
    })
    .await;
    let request = JobRequest::Fetch(FetchRequest {
        venue: Some(coinbase_venue()),
        symbol: "BTC-USD".parse().unwrap(),
        interval: Interval::Minute1,
        from: Some(tape_start()),
        to: None,
        source: FetchSource::Auto,
    });
    let report = fetched(&desk, request.clone()).await;
    assert_eq!(
        (report.series.as_str(), report.pending),
        ("coinbase BTC-USD 1m", 0)
    );
    let symbol = "BTC-USD".parse().unwrap();
    let tape = coinbase.closed_candles(&symbol, Interval::Minute1, tape_start(), coinbase.now());
    let kept = desk
        .store()
        .await
        .candles(SeriesId(report.series_id), Span::ALL, 10_000)
        .await
        .unwrap();
    assert_eq!(kept, tape);
    assert_eq!(fetched(&desk, request).await.pages, 0);

    // What it does not have is refused with what it has.
    let odd = JobRequest::Fetch(FetchRequest {
        venue: Some(coinbase_venue()),
        symbol: "BTC-USD".parse().unwrap(),
        interval: Interval::Hour8,
        from: None,
        to: None,
        source: FetchSource::Auto,
    });
    let error = desk.app.run(odd).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    assert!(error.hint().unwrap().contains("1h"), "{:?}", error.hint());
    let found = desk
        .app
        .search_symbols(Some(&coinbase_venue()), "btc")
        .await
        .unwrap();
    assert_eq!(found[0].symbol.as_str(), "BTC-USD");
    let ids: Vec<String> = desk
        .app
        .list_venues()
        .unwrap()
        .into_iter()
        .map(|view| view.venue.to_string())
        .collect();
    assert_eq!(ids, ["binance", "binance-us", "coinbase"]);
    let nowhere: Venue = "csv".parse().unwrap();
    assert_eq!(
        desk.app
            .search_symbols(Some(&nowhere), "btc")
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::Invalid
    );
    desk.app.shutdown().await;
}

#[tokio::test]
async fn the_list_of_symbols_is_asked_for_once() {
    let exchange = exchange(60).await;
    let desk = Desk::at(&exchange).await;
    for query in ["b", "bt", "btc", "eth"] {
        assert!(!desk.app.search_symbols(None, query).await.unwrap().is_empty());
    }
    assert_eq!(exchange.count("/api/v3/exchangeInfo"), 1);
    desk.app.shutdown().await;
}

async fn row(app: &App, symbol: &str) -> promptpal_app::WatchRow {
    let rows = app.watchlist().await.unwrap();
    rows.into_iter()
        .find(|row| row.watched.symbol.as_str() == symbol)
        .unwrap()
}

#[tokio::test]
async fn watched_symbols_have_figures_stored_or_live() {
    let exchange = exchange(200).await;
    let desk = Desk::at(&exchange).await;
    let report = fetched(&desk, minutes()).await;
    let stored = row(&desk.app, "BTCUSDT").await;
    assert_eq!((stored.state, stored.series.len()), (WatchState::Stored, 1));
    assert!(stored.last.is_some());

    let list = vec![
        watched("binance", "ETHUSDT"),
        watched("binance", "BTCUSDT"),
        watched("binance", "ETHUSDT"),
    ];
    desk.app.set_watchlist(list).await.unwrap();
    let symbols: Vec<String> = desk
        .app
        .watchlist()
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.watched.symbol.to_string())
        .collect();
    assert_eq!(symbols, ["ETHUSDT", "BTCUSDT"], "each once, in the order chosen");
    until(&desk.app, "the new row's figures are asked for", async || {
        row(&desk.app, "ETHUSDT").await.last.is_some()
    })
    .await;

    desk.app
        .start_live(vec![SeriesId(report.series_id)])
        .await
        .unwrap();
    until(&desk.app, "figures of the stream arrive", async || {
        exchange.advance(1_000);
        row(&desk.app, "BTCUSDT").await.state != WatchState::Stored
    })
    .await;
    let live = row(&desk.app, "ETHUSDT").await;
    assert!(
        live.series.is_empty() && live.high_24h >= live.last && live.low_24h <= live.last,
        "{live:?}"
    );
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_first_version_list_of_series_becomes_one_of_symbols() {
    let exchange = exchange(60).await;
    let desk = Desk::at(&exchange).await;
    let report = fetched(&desk, minutes()).await;
    let settings = serde_json::json!({ "watchlist": [report.series_id, 99] });
    desk.store()
        .await
        .put_setting("settings", &settings)
        .await
        .unwrap();
    desk.app.shutdown().await;
    let app = crate::desk::start(desk.folder.path(), |_| {}).await;
    let rows = app.watchlist().await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].watched, watched("binance", "BTCUSDT"));
    app.shutdown().await;
}

#[tokio::test]
async fn how_a_venue_stands_is_told_with_what_to_do() {
    let exchange = exchange(60).await;
    let desk = Desk::at(&exchange).await;
    let binance = || desk.app.connections().unwrap().remove(0);
    assert_eq!((binance().state, binance().since), (ConnectionState::Off, None));
    let report = fetched(&desk, minutes()).await;
    assert!(binance().limits.used > 0);
    exchange.refuse_streams(451, 1);
    desk.app
        .start_live(vec![SeriesId(report.series_id)])
        .await
        .unwrap();
    until(&desk.app, "the refusal is a state", async || {
        binance().state == ConnectionState::Restricted
    })
    .await;
    let restricted = binance();
    assert!(
        restricted.reason.is_some() && restricted.advice.is_some(),
        "{restricted:?}"
    );

    desk.app
        .start_live(vec![SeriesId(report.series_id)])
        .await
        .unwrap();
    until(&desk.app, "it is live", async || {
        binance().state == ConnectionState::Live
    })
    .await;
    assert!(binance().since.is_some());
    desk.app.stop_live().await;
    assert_eq!(binance().state, ConnectionState::Off);

    // A pause that REST was told holds for everything.
    exchange.inject(Fault::TooManyRequests(30));
    exchange.advance(10 * MINUTE);
    let running = desk.app.start_here(minutes()).await.unwrap();
    until(&desk.app, "the pause is shown", async || {
        binance().state == ConnectionState::Paused
    })
    .await;
    assert!(binance().retry_at.is_some());
    running.progress.cancel_token().cancel();
    running.outcome().await.unwrap_err();
    assert_eq!(exchange.requests_during_pause(), 0);
    desk.app.shutdown().await;
}
