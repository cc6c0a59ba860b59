//! What a live stream tells.

use promptpal_domain::{Interval, LiveCandle, SeriesKey, Symbol, Timestamp};

use crate::{MarketError, Ticker};

/// How the stream is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamHealth {
    /// Connections that have confirmed what they carry.
    pub connections: usize,
    /// Streams on them.
    pub streams: usize,
    /// When anything was last heard, by our clock.
    pub last_frame: Option<Timestamp>,
    /// Series that have been silent for longer than their past makes plausible.
    pub stalled: Vec<(Symbol, Interval)>,
    /// Frames skipped because they could not be read, since the start.
    pub malformed: u64,
}

/// What the live stream tells.
#[derive(Debug)]
pub enum LiveEvent {
    /// Everything is subscribed.
    Connected {
        /// The last moment something was heard before it broke, by the venue's clock where that is known, else by ours;
        /// nothing on the first. Candles that closed since may be missing: fetch them.
        since: Option<Timestamp>,
    },
    /// A candle's newest state. The closed ones of a series come in order, each once.
    Candle(Box<LiveCandle>),
    /// A closing frame is overdue, or candles that followed have come without it: fetch the series' closed candles from
    /// `open_time` to the present. It is said again, ever more rarely, while the closing frame is missing.
    CloseMissing {
        /// Whose.
        series: SeriesKey,
        /// First instant of the oldest candle whose closing frame has not come.
        open_time: Timestamp,
    },
    /// The newest figures of a symbol.
    Ticker(Ticker),
    /// How the stream is: at most one a second, the newest replaces one that nobody has fetched.
    Health(StreamHealth),
    /// A connection is gone; the next attempt comes by itself.
    Reconnecting {
        /// Why, for people.
        reason: String,
        /// After so many milliseconds.
        wait_ms: u64,
    },
    /// The end: trying again would not help until something is changed.
    Stopped(MarketError),
}
