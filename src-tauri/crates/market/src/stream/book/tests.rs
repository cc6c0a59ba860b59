use std::time::Duration;

use promptpal_domain::{Candle, Decimal, Interval, Venue};

use super::*;
use crate::LiveTimings;

const MINUTE: i64 = 60_000;

/// A minute's candle, told apart by its trades; sent a second after the one with one trade less.
pub(crate) fn candle(minute: i64, trades: i64, closed: bool) -> Box<LiveCandle> {
    let one = Decimal::new(1, 0);
    Box::new(LiveCandle {
        series: key(),
        candle: Candle {
            open_time: Timestamp::from_millis(minute * MINUTE),
            close_time: None,
            open: one,
            high: one,
            low: one,
            close: one,
            volume: one,
            quote_volume: None,
            trades: Some(trades),
            taker_base_volume: None,
            taker_quote_volume: None,
        },
        closed,
        sent: Timestamp::from_millis(trades * 1000),
    })
}

fn key() -> SeriesKey {
    SeriesKey {
        venue: Venue::binance(),
        symbol: "A".parse().unwrap(),
        interval: Interval::Minute1,
    }
}

/// A book of one series, and what it hands out as text: `2` forming, `2!` closed, `2?` missing.
struct Desk {
    book: Book,
    outbox: Outbox,
    began: Instant,
}

impl Desk {
    fn new() -> Self {
        let mut desk = Self {
            book: Book::new(LiveTimings::default(), [(key(), 0)], []),
            outbox: Outbox::default(),
            began: Instant::now(),
        };
        desk.book.connected(0, false, false, desk.began, &mut desk.outbox);
        desk
    }

    fn at(&self, second: u64) -> Instant {
        self.began + Duration::from_secs(second)
    }

    async fn told(&mut self) -> String {
        let (events, mut receiver) = tokio::sync::mpsc::channel(100);
        self.outbox.drain(&events).await;
        drop(events);
        let mut told = Vec::new();
        while let Some(event) = receiver.recv().await {
            told.push(match event {
                LiveEvent::Candle(live) => format!(
                    "{}{}",
                    live.candle.open_time.millis() / MINUTE,
                    if live.closed { "!" } else { "" }
                ),
                LiveEvent::CloseMissing { open_time, .. } => format!("{}?", open_time.millis() / MINUTE),
                other => panic!("{other:?}"),
            });
        }
        told.join(" ")
    }

    /// Takes frames such as `2@5` (forming, the fifth second) and `2!@6`, all heard at `second`.
    async fn take(&mut self, frames: &str, second: u64) -> String {
        let now = self.at(second);
        let mut told = Vec::new();
        for frame in frames.split_whitespace() {
            let (name, sent) = frame.split_once('@').unwrap();
            let minute = name.trim_end_matches('!').parse().unwrap();
            let live = candle(minute, sent.parse().unwrap(), name.ends_with('!'));
            self.book.candle(live, now, &mut self.outbox);
            told.push(self.told().await);
        }
        told.retain(|text| !text.is_empty());
        told.join(" ")
    }

    /// Looks at `second` of ours, `server` seconds of the venue's.
    async fn look(&mut self, second: u64, server: Option<i64>) -> String {
        let server = server.map(|second| Timestamp::from_millis(second * 1000));
        self.book.look(server, self.at(second), &mut self.outbox);
        self.told().await
    }
}

#[tokio::test]
async fn doubles_and_older_states_are_dropped() {
    let mut desk = Desk::new();
    assert_eq!(desk.take("2@121 2@121 2@120 2@125", 1).await, "2 2");
    assert_eq!(desk.take("2!@180 2!@180 2@170 3@181 2@182", 2).await, "2! 3");
    assert_eq!(desk.take("3!@240 1!@120 2!@240", 3).await, "3!");
    // A candle of another series is not ours to hand out.
    let mut other = candle(4, 241, true);
    other.series.interval = Interval::Minute5;
    desk.book.candle(other, desk.at(4), &mut desk.outbox);
    assert_eq!(desk.told().await, "");
}

#[tokio::test]
async fn neighbours_that_change_places_come_out_in_order() {
    let mut desk = Desk::new();
    assert_eq!(desk.take("2@121 3!@240 4!@300", 1).await, "2");
    assert_eq!(desk.take("2!@180", 1).await, "2! 3! 4!");
    assert_eq!(desk.look(9, Some(302)).await, "");
}

#[tokio::test]
async fn a_hole_is_told_before_what_follows_it() {
    let mut desk = Desk::new();
    assert_eq!(desk.take("2!@180 4!@300 6!@420 4!@300", 1).await, "2!");
    assert_eq!(desk.look(1, Some(420)).await, "", "it may still come");
    assert_eq!(desk.look(2, Some(421)).await, "3? 4! 5? 6!");
    assert_eq!(
        desk.take("3!@422 5!@422 6!@423 7!@480", 3).await,
        "7!",
        "that is REST's now"
    );
}

#[tokio::test]
async fn an_overdue_close_is_told_by_the_venues_clock_and_ever_more_rarely() {
    let mut desk = Desk::new();
    assert_eq!(desk.take("2@121", 0).await, "2");
    assert_eq!(desk.look(30, Some(184)).await, "");
    assert_eq!(desk.look(31, Some(185)).await, "2?");
    assert_eq!(desk.take("3@186", 32).await, "3");
    assert_eq!(desk.look(89, Some(243)).await, "");
    assert_eq!(desk.look(91, Some(245)).await, "2?");
    assert_eq!(desk.look(151, Some(305)).await, "");
    assert_eq!(desk.look(211, Some(365)).await, "2?");
    // It comes after all, and all starts over.
    assert_eq!(desk.take("2!@366 3!@367", 212).await, "2! 3!");
    assert_eq!(desk.look(213, Some(368)).await, "4?");
}

#[tokio::test]
async fn silence_is_told_once_it_is_implausible() {
    let mut desk = Desk::new();
    for second in 0..5 {
        desk.take(&format!("2@{}", 121 + second * 30), second as u64 * 30)
            .await;
    }
    // Heard every thirty seconds: two minutes are four times as long.
    assert_eq!(desk.look(240, Some(175)).await, "");
    assert_eq!(desk.book.stalled().count(), 0);
    assert_eq!(desk.look(241, Some(175)).await, "2?");
    assert!(desk.book.is_silent(0) && !desk.book.is_silent(1));
    assert_eq!(desk.look(242, Some(176)).await, "");
    assert_eq!(desk.look(301, Some(177)).await, "2?");
    desk.take("2@300", 302).await;
    assert!(!desk.book.is_silent(0));
    // Never heard since the start.
    let mut desk = Desk::new();
    assert_eq!(desk.look(120, Some(200)).await, "");
    assert_eq!(desk.look(121, Some(200)).await, "3?");
}

#[tokio::test]
async fn after_a_break_nothing_is_held_back() {
    let mut desk = Desk::new();
    assert_eq!(desk.take("2!@180", 1).await, "2!");
    let now = desk.at(2);
    desk.book.connected(0, true, false, now, &mut desk.outbox);
    assert_eq!(desk.told().await, "");
    assert_eq!(desk.take("9@541 9!@600", 3).await, "9 3? 9!");
    let now = desk.at(4);
    desk.book.connected(0, true, true, now, &mut desk.outbox);
    assert_eq!(desk.told().await, "10?");
    assert_eq!(desk.look(5, Some(700)).await, "", "just told");
    assert_eq!(desk.look(9, Some(704)).await, "10?");
}
