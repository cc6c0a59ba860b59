//! Live candles: stored before they are handed out, and no hole after whatever the connection does.

use promptpal_app::{App, ConnectionState, ErrorKind, LiveState};
use promptpal_domain::{Candle, Interval, SeriesId, Span, Timestamp};
use promptpal_store::Store;
use promptpal_testkit::exchange::{Exchange, Fault};

use crate::desk::{Desk, LIMIT, MINUTE, exchange, minutes, tape_start, until};

fn on_tape(exchange: &Exchange, from: Timestamp) -> Vec<Timestamp> {
    let candles = exchange.closed_candles(
        &"BTCUSDT".parse().unwrap(),
        Interval::Minute1,
        from,
        exchange.now(),
    );
    candles.into_iter().map(|candle| candle.open_time).collect()
}

pub(crate) async fn stored(store: &Store, id: SeriesId) -> Vec<Candle> {
    store.candles(id, Span::ALL, 100_000).await.unwrap()
}

/// Follows BTCUSDT 1m and returns when candles would arrive.
async fn follow(app: &App, exchange: &Exchange) -> SeriesId {
    let id = app
        .follow_symbol(None, &"BTCUSDT".parse().unwrap(), Interval::Minute1)
        .await
        .unwrap();
    app.start_live(vec![id]).await.unwrap();
    connected(app, exchange, id).await;
    id
}

async fn connected(app: &App, exchange: &Exchange, id: SeriesId) {
    let state = app.live_state();
    until(app, "the stream connects", async || {
        *state.borrow() == LiveState::Live(vec![id]) && exchange.streams().subscribed >= 1
    })
    .await;
}

async fn complete(desk: &Desk, exchange: &Exchange, store: &Store, id: SeriesId) {
    until(&desk.app, "every candle of the tape is stored", async || {
        let times: Vec<Timestamp> = stored(store, id)
            .await
            .iter()
            .map(|candle| candle.open_time)
            .collect();
        times == on_tape(exchange, tape_start())
    })
    .await;
}

#[tokio::test]
async fn closed_candles_are_stored_before_they_are_handed_out() {
    let exchange = exchange(120).await;
    let desk = Desk::at(&exchange).await;
    desk.app.run(minutes()).await.unwrap();
    let mut updates = desk.app.live_updates();
    let id = follow(&desk.app, &exchange).await;
    let store = desk.store().await;
    let mut closed = 0;
    for _ in 0..10 {
        exchange.advance(30_000);
    }
    while closed < 5 {
        let some = tokio::time::timeout(LIMIT, updates.recv())
            .await
            .unwrap()
            .unwrap();
        for update in some.iter() {
            assert_eq!(update.series, id);
            if update.live.closed {
                closed += 1;
                let last = stored(&store, id).await;
                assert!(
                    last.iter()
                        .any(|candle| candle.open_time == update.live.candle.open_time)
                );
            }
        }
    }
    exchange.advance(10_000);
    while tokio::time::timeout(LIMIT, updates.recv())
        .await
        .unwrap()
        .unwrap()
        .iter()
        .all(|update| update.live.closed)
    {}
    complete(&desk, &exchange, &store, id).await;
    desk.app.stop_live().await;
    assert_eq!(*desk.app.live_state().borrow(), LiveState::Off);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_reconnect_leaves_no_hole() {
    let exchange = exchange(120).await;
    let desk = Desk::at(&exchange).await;
    desk.app.run(minutes()).await.unwrap();
    let id = follow(&desk.app, &exchange).await;
    let store = desk.store().await;
    for round in 0..2 {
        let connects = exchange.streams().connects;
        exchange.drop_connections();
        exchange.advance(7 * MINUTE);
        until(&desk.app, "the connection is made again", async || {
            let streams = exchange.streams();
            streams.connects > connects && streams.subscribed >= 1
        })
        .await;
        // Candles of the new connection at once, before anything could be filled; a silent failure of the first filling.
        if round == 1 {
            exchange.inject(Fault::Unavailable);
        }
        exchange.advance(2 * MINUTE);
        complete(&desk, &exchange, &store, id).await;
    }
    assert_eq!(desk.app.gaps(id).await.unwrap(), []);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_closing_frame_that_never_came_is_fetched() {
    let exchange = exchange(60).await;
    let desk = Desk::at(&exchange).await;
    desk.app.run(minutes()).await.unwrap();
    let id = follow(&desk.app, &exchange).await;
    let store = desk.store().await;
    exchange.advance(MINUTE);
    complete(&desk, &exchange, &store, id).await;
    exchange.inject(Fault::MissingClose);
    exchange.advance(MINUTE);
    exchange.advance(MINUTE);
    complete(&desk, &exchange, &store, id).await;
    assert_eq!(exchange.streams().connects, 1);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_new_series_gets_its_recent_past() {
    let exchange = exchange(90).await;
    let desk = Desk::at(&exchange).await;
    let id = follow(&desk.app, &exchange).await;
    complete(&desk, &exchange, &desk.store().await, id).await;
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_refused_stream_is_a_state_with_a_reason() {
    let exchange = exchange(60).await;
    let desk = Desk::at(&exchange).await;
    exchange.refuse_streams(451, 1);
    let id = desk
        .app
        .follow_symbol(None, &"BTCUSDT".parse().unwrap(), Interval::Minute1)
        .await
        .unwrap();
    desk.app.start_live(vec![id]).await.unwrap();
    let state = desk.app.live_state();
    until(&desk.app, "the stream is given up", async || {
        matches!(*state.borrow(), LiveState::Failed { .. })
    })
    .await;
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_venue_that_was_given_up_is_tried_at_once_when_asked() {
    let exchange = exchange(60).await;
    let desk = Desk::at(&exchange).await;
    let id = follow(&desk.app, &exchange).await;
    let connection = || desk.app.connections().unwrap().remove(0);
    assert!(!connection().can_try_now, "it is live");
    exchange.refuse_streams(451, 1);
    exchange.drop_connections();
    until(&desk.app, "the stream is given up", async || {
        connection().state == ConnectionState::Restricted
    })
    .await;
    assert!(connection().can_try_now);
    desk.app.reconnect(None).await.unwrap();
    connected(&desk.app, &exchange, id).await;
    let connects = exchange.streams().connects;
    desk.app.reconnect(None).await.unwrap();
    assert_eq!(
        exchange.streams().connects,
        connects,
        "what is live is left alone"
    );
    assert!(exchange.advance(2 * MINUTE) > 0);
    complete(&desk, &exchange, &desk.store().await, id).await;
    desk.app.shutdown().await;
}

#[tokio::test]
async fn nobody_is_tried_during_a_pause() {
    let exchange = exchange(60).await;
    let desk = Desk::at(&exchange).await;
    follow(&desk.app, &exchange).await;
    exchange.inject(Fault::Refuse(418));
    exchange.drop_connections();
    let connection = || desk.app.connections().unwrap().remove(0);
    until(&desk.app, "the pause is known", async || {
        connection().paused_until.is_some()
    })
    .await;
    assert!(!connection().can_try_now);
    let connects = exchange.streams().connects;
    let error = desk.app.reconnect(None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(exchange.streams().connects, connects);
    assert_eq!(exchange.requests_during_pause(), 0);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn simulated_series_stand_still() {
    let desk = Desk::with_sample(|_| {}).await;
    let id = desk.app.series().await.unwrap()[0].series.id;
    let error = desk.app.start_live(vec![id]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    desk.app.shutdown().await;
}
