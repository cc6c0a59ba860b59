//! What is known of each series that is followed: which candle closed last, which closing frame is awaited, how often it
//! is heard of. It decides what is handed out, and in which order.
//!
//! # Invariants
//! - The closed candles of a series are handed out in the order of their opening, each once; a forming one never after
//!   the closed one, nor an older state after a newer.
//! - A closed candle never comes out before the one in front of it unless [`LiveEvent::CloseMissing`] has been told.

mod followed;

use std::collections::HashMap;

use promptpal_domain::{LiveCandle, SeriesKey, Symbol, Timestamp};
use tokio::time::Instant;

use self::followed::Followed;
use super::event::LiveEvent;
use super::outbox::Outbox;
use crate::{LiveTimings, Ticker};

/// All series, numbered; tickers are numbered behind them.
#[derive(Debug)]
pub(crate) struct Book {
    timings: LiveTimings,
    followed: Vec<Followed>,
    numbers: HashMap<SeriesKey, usize>,
    tickers: HashMap<Symbol, (usize, Timestamp)>,
}

impl Book {
    /// `series` with the number of the line that carries each.
    pub(crate) fn new(
        timings: LiveTimings,
        series: impl IntoIterator<Item = (SeriesKey, usize)>,
        tickers: impl IntoIterator<Item = Symbol>,
    ) -> Self {
        let mut book = Self {
            timings,
            followed: Vec::new(),
            numbers: HashMap::new(),
            tickers: HashMap::new(),
        };
        for (key, line) in series {
            if book.numbers.insert(key.clone(), book.followed.len()).is_none() {
                book.followed.push(Followed::new(key, line));
            }
        }
        for symbol in tickers {
            let number = book.followed.len() + book.tickers.len();
            book.tickers.entry(symbol).or_insert((number, Timestamp::EPOCH));
        }
        book
    }

    /// Takes in a candle; what is to be handed out goes into the outbox.
    pub(crate) fn candle(&mut self, live: Box<LiveCandle>, now: Instant, outbox: &mut Outbox) {
        // A series that nobody asked for is an old subscription's last word, or the venue's mistake.
        if let Some(number) = self.numbers.get(&live.series).copied()
            && let Some(followed) = self.followed.get_mut(number)
        {
            followed.take(live, number, now, outbox);
        }
    }

    /// Takes in the figures of a symbol.
    pub(crate) fn ticker(&mut self, ticker: Ticker, outbox: &mut Outbox) {
        if let Some((number, at)) = self.tickers.get_mut(&ticker.symbol)
            && ticker.at > *at
        {
            *at = ticker.at;
            outbox.push_latest(*number, LiveEvent::Ticker(ticker));
        }
    }

    /// A line has been confirmed; after a break what closed meanwhile may be missing, and is asked for with
    /// `tell_missing` at once.
    pub(crate) fn connected(
        &mut self,
        line: usize,
        broken: bool,
        tell_missing: bool,
        now: Instant,
        outbox: &mut Outbox,
    ) {
        let grace = self.timings.close_grace;
        for followed in self.followed.iter_mut().filter(|followed| followed.line == line) {
            followed.connected(broken, tell_missing, now, grace, outbox);
        }
    }

    /// Looks after what is overdue. `server` is the venue's time.
    pub(crate) fn look(&mut self, server: Option<Timestamp>, now: Instant, outbox: &mut Outbox) {
        for (number, followed) in self.followed.iter_mut().enumerate() {
            followed.look(number, server, now, &self.timings, outbox);
        }
    }

    /// Series that are silent for too long.
    pub(crate) fn stalled(&self) -> impl Iterator<Item = &SeriesKey> {
        self.followed
            .iter()
            .filter(|followed| followed.stalled)
            .map(|followed| &followed.key)
    }

    /// Whether each series of a line that has any is silent for too long.
    pub(crate) fn is_silent(&self, line: usize) -> bool {
        let mut of_line = self
            .followed
            .iter()
            .filter(|followed| followed.line == line)
            .peekable();
        of_line.peek().is_some() && of_line.all(|followed| followed.stalled)
    }
}

#[cfg(test)]
pub(crate) mod tests;
