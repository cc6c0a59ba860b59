//! One series of the book.

use std::collections::BTreeMap;
use std::time::Duration;

use promptpal_domain::{LiveCandle, SeriesKey, Timestamp};
use tokio::time::Instant;

use super::super::event::LiveEvent;
use super::super::outbox::Outbox;
use crate::LiveTimings;

/// A series is stalled when it has been silent for so many times its longest pause.
const PLAUSIBLE: u32 = 4;
/// Closed candles held back for the one before them; the hole is told when more wait.
const HELD: usize = 64;

#[derive(Debug)]
pub(super) struct Followed {
    pub(super) key: SeriesKey,
    pub(super) line: usize,
    pub(super) stalled: bool,
    /// Opening of the last closed candle handed out.
    closed: Option<Timestamp>,
    /// Opening and sending time of the newest state handed out of a forming one.
    forming: Option<(Timestamp, Timestamp)>,
    /// Opening of the oldest candle whose closing frame is awaited.
    expected: Option<Timestamp>,
    /// Closed candles that came before the expected one, since when.
    held: BTreeMap<Timestamp, Box<LiveCandle>>,
    held_since: Option<Instant>,
    /// A hole before the next closed candle is the break's doing: nothing is to be waited for.
    after_break: bool,
    /// The earliest moment to tell again that a closing frame is missing, and how often it was told.
    tell_at: Option<Instant>,
    told: u32,
    /// When it was last heard, or else its line was confirmed.
    heard: Option<Instant>,
    /// Whether it was heard since then.
    ever: bool,
    /// Its longest pause, slowly forgotten.
    pause: Duration,
}

impl Followed {
    pub(super) fn new(key: SeriesKey, line: usize) -> Self {
        Self {
            key,
            line,
            stalled: false,
            closed: None,
            forming: None,
            expected: None,
            held: BTreeMap::new(),
            held_since: None,
            after_break: false,
            tell_at: None,
            told: 0,
            heard: None,
            ever: false,
            pause: Duration::ZERO,
        }
    }

    pub(super) fn take(&mut self, live: Box<LiveCandle>, number: usize, now: Instant, outbox: &mut Outbox) {
        self.hear(now);
        let open = live.candle.open_time;
        if self.closed.is_some_and(|closed| open <= closed) {
            return;
        }
        if !live.closed {
            let state = (open, live.sent);
            if self.forming.is_some_and(|newest| state <= newest) {
                return;
            }
            self.forming = Some(state);
            self.expected.get_or_insert(open);
            outbox.push_latest(number, LiveEvent::Candle(live));
            return;
        }
        if self.expected.is_some_and(|expected| open > expected) {
            if self.after_break {
                self.tell(outbox);
                self.release(live, number, outbox);
            } else {
                self.held_since.get_or_insert(now);
                self.held.entry(open).or_insert(live);
                if self.held.len() > HELD {
                    self.give_up(number, outbox);
                }
            }
        } else {
            self.release(live, number, outbox);
            self.release_held(number, outbox);
        }
    }

    fn hear(&mut self, now: Instant) {
        if let Some(before) = self.heard.replace(now)
            && self.ever
        {
            self.pause = (self.pause * 99 / 100).max(now.saturating_duration_since(before));
        }
        self.ever = true;
        self.stalled = false;
    }

    fn release(&mut self, live: Box<LiveCandle>, number: usize, outbox: &mut Outbox) {
        let open = live.candle.open_time;
        self.closed = Some(open);
        self.expected = Some(self.key.interval.next(open));
        (self.tell_at, self.told, self.after_break) = (None, 0, false);
        outbox.push_closed(number, live);
    }

    /// Releases the held candles that follow without a hole.
    fn release_held(&mut self, number: usize, outbox: &mut Outbox) {
        while let Some(first) = self.held.first_entry()
            && self.expected.is_none_or(|expected| *first.key() <= expected)
        {
            let live = first.remove();
            if self.closed.is_none_or(|closed| live.candle.open_time > closed) {
                self.release(live, number, outbox);
            }
        }
        if self.held.is_empty() {
            self.held_since = None;
        }
    }

    /// Tells each hole before a held candle, and releases them all.
    fn give_up(&mut self, number: usize, outbox: &mut Outbox) {
        while let Some((_, live)) = self.held.pop_first() {
            if self
                .expected
                .is_some_and(|expected| live.candle.open_time > expected)
            {
                self.tell(outbox);
            }
            self.release(live, number, outbox);
            self.release_held(number, outbox);
        }
        self.held_since = None;
    }

    fn tell(&self, outbox: &mut Outbox) {
        if let Some(open_time) = self.expected {
            outbox.push(LiveEvent::CloseMissing {
                series: self.key.clone(),
                open_time,
            });
        }
    }

    pub(super) fn connected(
        &mut self,
        broken: bool,
        tell_missing: bool,
        now: Instant,
        grace: Duration,
        outbox: &mut Outbox,
    ) {
        (self.heard, self.ever, self.stalled) = (Some(now), false, false);
        if broken && self.expected.is_some() {
            self.after_break = true;
            (self.tell_at, self.told) = (Some(now + grace), 0);
            if tell_missing {
                self.tell(outbox);
            }
        }
    }

    pub(super) fn look(
        &mut self,
        number: usize,
        server: Option<Timestamp>,
        now: Instant,
        timings: &LiveTimings,
        outbox: &mut Outbox,
    ) {
        if self
            .held_since
            .is_some_and(|since| now >= since + timings.reorder_wait)
        {
            self.give_up(number, outbox);
        }
        let newly_stalled = self.stall(server, now, timings);
        let (Some(expected), Some(server)) = (self.expected, server) else {
            if newly_stalled {
                self.tell(outbox);
            }
            return;
        };
        let grace = i64::try_from(timings.close_grace.as_millis()).unwrap_or(i64::MAX);
        let overdue = self.held.is_empty() && server >= self.key.interval.next(expected).plus_millis(grace);
        let may_tell = self.tell_at.is_none_or(|at| now >= at);
        if newly_stalled || ((overdue || self.stalled) && may_tell) {
            self.tell(outbox);
            let wait = timings.series_quiet.saturating_mul(1 << self.told.min(16));
            self.told = self.told.saturating_add(1);
            self.tell_at = Some(now + wait.min(timings.longest_tell));
        }
    }

    /// Whether the series has just become stalled.
    fn stall(&mut self, server: Option<Timestamp>, now: Instant, timings: &LiveTimings) -> bool {
        let Some(heard) = self.heard.filter(|_| !self.stalled) else {
            return false;
        };
        let limit = if self.ever {
            timings.series_quiet.max(self.pause.saturating_mul(PLAUSIBLE))
        } else {
            timings.series_quiet.saturating_mul(2)
        };
        if now.saturating_duration_since(heard) <= limit {
            return false;
        }
        self.stalled = true;
        // Never heard of: what forms now is the first that may be missed.
        if let (None, Some(server)) = (self.expected, server) {
            self.expected = Some(self.key.interval.floor(server));
        }
        true
    }
}
