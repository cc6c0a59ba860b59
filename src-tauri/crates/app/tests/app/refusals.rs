//! What the program does while its store or the venue refuses: a state that is shown, nothing lost, and it goes on by itself.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use promptpal_app::{App, ErrorKind, LiveState, Options, SystemClock};
use promptpal_domain::{Clock, Interval, SeriesId, Timestamp};
use promptpal_store::Store;
use promptpal_testkit::exchange::{Exchange, Fault};

use crate::desk::{Desk, MINUTE, exchange, fetch, minutes, start, tape_start, until};
use crate::live::stored;
use crate::market::fetched;

/// Another program that keeps the database locked for writing until it is dropped.
struct Holder(Child);

impl Holder {
    fn of(database: &Path) -> Self {
        const HOLD: &str = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); \
                            c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()";
        let mut child = Command::new(if cfg!(windows) { "python" } else { "python3" })
            .args(["-c", HOLD])
            .arg(database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line.trim(), "held");
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn venue_of(exchange: &Exchange, options: &mut Options) {
    options.config.exchange.rest_url = Some(exchange.rest_url().parse().unwrap());
    options.config.exchange.stream_url = Some(exchange.stream_url().parse().unwrap());
}

/// The exchange's time as it was when the program began, going on as the system's does.
#[derive(Debug)]
struct ShiftedClock(i64);

impl ShiftedClock {
    fn to(at: Timestamp) -> Self {
        Self(at.since(SystemClock.now()))
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_millis(self.0)
    }
}

/// A program whose store soon says that it cannot write.
async fn hasty(exchange: &Exchange, max_bytes: Option<u64>) -> Desk {
    Desk::with(|options| {
        venue_of(exchange, options);
        options.clock = Arc::new(ShiftedClock::to(exchange.now()));
        options.store.busy_timeout = Duration::from_millis(200);
        options.store.max_bytes = max_bytes;
    })
    .await
}

async fn go_live(app: &App, exchange: &Exchange, ids: &[SeriesId]) {
    app.start_live(ids.to_vec()).await.unwrap();
    let state = app.live_state();
    until(app, "the stream connects", async || {
        matches!(*state.borrow(), LiveState::Live(_)) && exchange.streams().subscribed >= 1
    })
    .await;
}

async fn holds_all(exchange: &Exchange, store: &Store, id: SeriesId, symbol: &str) -> bool {
    let symbol = symbol.parse().unwrap();
    let tape = exchange.closed_candles(&symbol, Interval::Minute1, tape_start(), exchange.now());
    stored(store, id).await == tape
}

/// While another program holds the database, closed candles wait; then they are stored, all of them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_store_loses_nothing() {
    let exchange = exchange(30).await;
    let desk = hasty(&exchange, None).await;
    let id = SeriesId(fetched(&desk, minutes()).await.series_id);
    go_live(&desk.app, &exchange, &[id]).await;
    let state = desk.app.live_state();
    let holder = Holder::of(&desk.folder.path().join("promptpal.db"));
    exchange.advance(MINUTE);
    until(&desk.app, "the refusal is shown", async || {
        exchange.advance(MINUTE / 4);
        matches!(&*state.borrow(), LiveState::NotStored { reason } if reason.contains("locked"))
    })
    .await;
    drop(holder);
    let store = desk.store().await;
    until(&desk.app, "the candles are stored", async || {
        holds_all(&exchange, &store, id, "BTCUSDT").await && matches!(*state.borrow(), LiveState::Live(_))
    })
    .await;
    desk.app.shutdown().await;
}

/// A full disk ends a fetch with what to do, and keeps live candles until there is room again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing() {
    let exchange = exchange(30_000).await;
    let empty = Desk::offline().await;
    let room = empty.store().await.size_bytes().unwrap() + 600_000;
    empty.app.shutdown().await;
    let desk = hasty(&exchange, Some(room)).await;
    let followed = desk
        .app
        .follow_symbol(None, &"ETHUSDT".parse().unwrap(), Interval::Minute1)
        .await
        .unwrap();
    go_live(&desk.app, &exchange, &[followed]).await;
    until(&desk.app, "the recent past is stored", async || {
        !stored(&desk.store().await, followed).await.is_empty()
    })
    .await;
    let from = stored(&desk.store().await, followed).await[0].open_time;

    let error = desk.app.run(fetch("BTCUSDT")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DiskFull, "{error}");
    assert!(error.hint().unwrap().contains("Make room"));

    let state = desk.app.live_state();
    // What the last page of the fetch needed more than there was may be room for a thousand candles that come one by one.
    until(&desk.app, "the refusal is shown", async || {
        exchange.advance(10 * MINUTE);
        matches!(&*state.borrow(), LiveState::NotStored { reason } if reason.contains("Make room"))
    })
    .await;
    exchange.advance(5 * MINUTE);
    let series = desk.app.series().await.unwrap();
    let large = series.iter().find(|one| one.series.id != followed).unwrap();
    assert!(
        large.series.rows > 1_000,
        "the pages before the last one are kept"
    );
    // Room is made, as a person would.
    desk.app.delete_series(large.series.id).await.unwrap();
    let store = desk.store().await;
    let symbol = "ETHUSDT".parse().unwrap();
    until(&desk.app, "the candles are stored", async || {
        let tape = exchange.closed_candles(&symbol, Interval::Minute1, from, exchange.now());
        stored(&store, followed).await == tape && matches!(*state.borrow(), LiveState::Live(_))
    })
    .await;
    store.integrity_check().await.unwrap();
    desk.app.shutdown().await;
}

/// A hole that could not be filled is asked for again by itself: nothing else happens on the stream meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hole_that_could_not_be_filled_is_asked_for_again() {
    let exchange = exchange(60).await;
    let desk = hasty(&exchange, None).await;
    let id = SeriesId(fetched(&desk, minutes()).await.series_id);
    go_live(&desk.app, &exchange, &[id]).await;
    let connects = exchange.streams().connects;
    let asked = || exchange.count("/api/v3/time") + exchange.count("/api/v3/klines");
    let before = asked();
    // Two of the questions for the time and for the page that it takes.
    exchange.inject(Fault::Restricted);
    exchange.inject(Fault::Restricted);
    exchange.drop_connections();
    exchange.advance(7 * MINUTE);
    until(&desk.app, "the connection is made again", async || {
        let streams = exchange.streams();
        streams.connects > connects && streams.subscribed >= 1
    })
    .await;
    let store = desk.store().await;
    let connects = exchange.streams().connects;
    until(&desk.app, "the hole is filled", async || {
        holds_all(&exchange, &store, id, "BTCUSDT").await
    })
    .await;
    assert!(asked() - before >= 4, "two that failed, and two that did not");
    assert_eq!(exchange.streams().connects, connects);
    desk.app.shutdown().await;
}

/// A series that is deleted while it is followed takes nothing with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_series_does_not_hold_up_the_others() {
    let exchange = exchange(30).await;
    let desk = hasty(&exchange, None).await;
    let kept = SeriesId(fetched(&desk, minutes()).await.series_id);
    let gone = SeriesId(fetched(&desk, fetch("ETHUSDT")).await.series_id);
    go_live(&desk.app, &exchange, &[kept, gone]).await;
    desk.app.delete_series(gone).await.unwrap();
    let store = desk.store().await;
    for _ in 0..3 {
        exchange.advance(MINUTE);
        until(&desk.app, "the other one is stored", async || {
            holds_all(&exchange, &store, kept, "BTCUSDT").await
        })
        .await;
    }
    let state = desk.app.live_state();
    assert!(
        matches!(*state.borrow(), LiveState::Live(_)),
        "{:?}",
        *state.borrow()
    );
    desk.app.shutdown().await;
}

/// A second program on the same workspace follows the same series and wants the same history: one of them fetches, the
/// other says that it is being fetched; nothing is lost, nothing is there twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_share_a_workspace() {
    let exchange = exchange(3_000).await;
    let desk = Desk::at(&exchange).await;
    let second = start(desk.folder.path(), |options| venue_of(&exchange, options)).await;
    let id = desk
        .app
        .follow_symbol(None, &"BTCUSDT".parse().unwrap(), Interval::Minute1)
        .await
        .unwrap();
    go_live(&desk.app, &exchange, &[id]).await;
    go_live(&second, &exchange, &[id]).await;
    let advancing = async {
        for _ in 0..20 {
            exchange.advance(MINUTE / 2);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let (one, other, ()) = tokio::join!(desk.app.run(minutes()), second.run(minutes()), advancing);
    let outcomes = [one, other];
    assert!(outcomes.iter().any(Result::is_ok), "{outcomes:?}");
    for error in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        assert_eq!(error.kind(), ErrorKind::Busy);
    }
    let store = desk.store().await;
    until(&desk.app, "every candle is stored", async || {
        holds_all(&exchange, &store, id, "BTCUSDT").await
    })
    .await;
    for app in [&desk.app, &second] {
        assert!(matches!(*app.live_state().borrow(), LiveState::Live(_)));
    }
    let series = store.series(id).await.unwrap();
    assert_eq!((series.corrections, series.pending), (0, 0));
    store.integrity_check().await.unwrap();
    second.shutdown().await;
    desk.app.shutdown().await;
}
