//! Every script of faults against the whole program: after it, what is stored is what the exchange has, and every hole is
//! known to be the exchange's.

use std::time::{Duration, Instant};

use promptpal_app::{App, LiveState};
use promptpal_domain::{GapReason, Interval, SeriesId, Timestamp};
use promptpal_store::Store;
use promptpal_testkit::exchange::{Exchange, Script};

use crate::desk::{Desk, MINUTE, exchange};
use crate::live::stored;

/// After its script an exchange behaves, and each run tells how long it took to catch up: a second or two. Where nothing is caught
/// up after this long, nothing will be, however busy the machine.
const CATCH_UP: Duration = Duration::from_secs(60);

/// A program that loses its patience soon, following one series.
async fn following(exchange: &Exchange) -> (Desk, SeriesId) {
    let (rest, stream) = (exchange.rest_url(), exchange.stream_url());
    let desk = Desk::with(|options| {
        options.config.exchange.rest_url = Some(rest.parse().unwrap());
        options.config.exchange.stream_url = Some(stream.parse().unwrap());
        let patience = &mut options.live_timings;
        patience.least_wait = Duration::from_millis(20);
        patience.first_wait = Duration::from_millis(40);
        patience.longest_wait = Duration::from_millis(200);
        patience.stall_after = Duration::from_millis(400);
        patience.connect_timeout = Duration::from_millis(400);
        patience.series_quiet = Duration::from_millis(200);
        patience.close_grace = Duration::from_millis(50);
        patience.longest_tell = Duration::from_millis(800);
        patience.overlap = Duration::from_millis(50);
    })
    .await;
    let symbol = "BTCUSDT".parse().unwrap();
    let id = desk
        .app
        .follow_symbol(None, &symbol, Interval::Minute1)
        .await
        .unwrap();
    desk.app.start_live(vec![id]).await.unwrap();
    let began = Instant::now();
    while !matches!(*desk.app.live_state().borrow(), LiveState::Live(_)) {
        assert!(began.elapsed() < CATCH_UP, "no live stream");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    (desk, id)
}

/// A stream that was given up is followed again, as a person would.
async fn revive(app: &App, id: SeriesId) {
    let given_up = matches!(*app.live_state().borrow(), LiveState::Failed { .. });
    if given_up {
        app.start_live(vec![id]).await.unwrap();
    }
}

/// What is stored and not on the tape, or on the tape and not stored, from `from` on.
async fn difference(exchange: &Exchange, store: &Store, id: SeriesId, from: Timestamp) -> Option<String> {
    let symbol = "BTCUSDT".parse().unwrap();
    let tape = exchange.closed_candles(&symbol, Interval::Minute1, from, exchange.now());
    let mut kept = stored(store, id).await;
    kept.retain(|candle| candle.open_time >= from);
    (kept != tape).then(|| {
        format!(
            "{} candles are stored, {} are on the tape",
            kept.len(),
            tape.len()
        )
    })
}

async fn run(script: &Script) -> Duration {
    let exchange = exchange(125).await;
    let (desk, id) = following(&exchange).await;
    let store = desk.store().await;
    let from = Interval::Minute1.floor(exchange.now());
    exchange.run_script(script);
    while exchange.script_is_running() {
        exchange.advance(10_000);
        tokio::time::sleep(Duration::from_millis(5)).await;
        revive(&desk.app, id).await;
    }
    let ended = Instant::now();
    let mut looks = 0;
    let caught_up = loop {
        revive(&desk.app, id).await;
        let difference = difference(&exchange, &store, id, from).await;
        let unexplained = desk
            .app
            .gaps(id)
            .await
            .unwrap()
            .into_iter()
            .find(|gap| gap.reason == GapReason::Pending);
        match (difference, unexplained) {
            (None, None) => break ended.elapsed(),
            (difference, gap) => {
                assert!(
                    ended.elapsed() < CATCH_UP,
                    "{}: {difference:?}, {gap:?}",
                    script.name()
                );
            }
        }
        // A candle that closes makes the stream tell what it has missed; until the next one there is time to store it.
        if looks % 10 == 0 {
            exchange.advance(MINUTE / 6);
        }
        looks += 1;
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let holes = exchange.holes().len();
    let absent = desk.app.gaps(id).await.unwrap().len();
    assert!(
        absent >= usize::from(holes > 0),
        "{}: {holes} holes, {absent} gaps",
        script.name()
    );
    assert_eq!(exchange.requests_during_pause(), 0, "{}", script.name());
    assert_eq!(exchange.streams().during_pause, 0, "{}", script.name());
    desk.app.shutdown().await;
    caught_up
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_every_script_the_store_holds_the_tape() {
    // All at once: most of the time is waiting.
    let running = Script::all().into_iter().map(|script| async move {
        let took = run(&script).await;
        println!("{}: caught up after {} ms", script.name(), took.as_millis());
    });
    futures_util::future::join_all(running).await;
}
