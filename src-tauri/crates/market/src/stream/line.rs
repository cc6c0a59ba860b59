//! Up to 1,024 streams and the connection that carries them, or the two of them while one takes over from the other.

use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::Timestamp;
use tokio::time::Instant;

use super::backoff::Backoff;
use crate::LiveTimings;

/// Number of a connection, never used twice.
pub(crate) type ConnectionId = u64;

#[derive(Debug)]
pub(crate) struct Line {
    /// Names of the streams, each once.
    pub(crate) streams: Arc<[String]>,
    pub(crate) phase: Phase,
    pub(crate) backoff: Backoff,
    /// When the connection that carries the line was confirmed.
    pub(crate) since: Option<Instant>,
    /// Whether the line was ever confirmed, and has been lost since.
    pub(crate) broken: bool,
    /// The last moment anything was heard, by the venue's clock where it is known.
    pub(crate) heard: Option<Timestamp>,
    /// The next time that silence of all its series may make a new connection, and the pause after that.
    silence: Option<(Instant, Duration)>,
}

/// How a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// No connection; the next attempt comes then.
    Waiting(Instant),
    /// A connection is being made, and none carries the line.
    Connecting(ConnectionId),
    /// A confirmed connection carries it.
    Live(ConnectionId),
    /// A connection carries it, and one to take over will be made then.
    Renewing(ConnectionId, Instant),
    /// A connection carries it, and the second is being made to take over.
    TakingOver {
        /// Carries it.
        old: ConnectionId,
        /// Is not confirmed yet.
        new: ConnectionId,
    },
    /// Both carry it until the old one is let go.
    Overlapping {
        /// Is let go at the instant.
        old: ConnectionId,
        /// Stays.
        new: ConnectionId,
        /// When.
        until: Instant,
    },
}

/// What the end of a connection means for its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// Nothing is lost: another one carries the line.
    None,
    /// The one to take over failed; the old one goes on.
    Successor,
    /// The line is without a confirmed connection while the next is under way.
    Waited,
    /// The line is without any connection.
    All,
}

impl Line {
    pub(crate) fn new(streams: Arc<[String]>, timings: LiveTimings, now: Instant) -> Self {
        Self {
            streams,
            phase: Phase::Waiting(now),
            backoff: Backoff::new(timings),
            since: None,
            broken: false,
            heard: None,
            silence: None,
        }
    }

    /// Whether a confirmed connection carries it.
    pub(crate) const fn is_carried(&self) -> bool {
        !matches!(self.phase, Phase::Waiting(_) | Phase::Connecting(_))
    }

    /// Whether an attempt to connect is due.
    pub(crate) fn wants_connection(&self, now: Instant) -> bool {
        matches!(self.phase, Phase::Waiting(at) | Phase::Renewing(_, at) if at <= now)
    }

    /// A new connection was begun.
    pub(crate) const fn begun(&mut self, id: ConnectionId) {
        self.phase = match self.phase {
            Phase::Renewing(old, _) => Phase::TakingOver { old, new: id },
            _ => Phase::Connecting(id),
        };
    }

    /// The connection is confirmed. Tells whether it is the first that carries the line again.
    pub(crate) fn confirmed(&mut self, id: ConnectionId, now: Instant, overlap: Duration) -> bool {
        self.since = Some(now);
        match self.phase {
            Phase::TakingOver { old, new } if new == id => {
                let until = now + overlap;
                self.phase = Phase::Overlapping { old, new, until };
                false
            }
            _ => {
                self.phase = Phase::Live(id);
                true
            }
        }
    }

    /// A connection has ended.
    pub(crate) fn ended(&mut self, id: ConnectionId, now: Instant) -> Loss {
        let (phase, loss) = match self.phase {
            Phase::TakingOver { old, new } if new == id => (Phase::Renewing(old, now), Loss::Successor),
            Phase::TakingOver { old, new } if old == id => (Phase::Connecting(new), Loss::Waited),
            Phase::Overlapping { old, new, .. } if old == id => (Phase::Live(new), Loss::None),
            Phase::Overlapping { old, new, .. } if new == id => (Phase::Renewing(old, now), Loss::Successor),
            _ => (Phase::Waiting(now), Loss::All),
        };
        self.phase = phase;
        loss
    }

    /// Lets a new connection take over, beginning now, unless one does already.
    pub(crate) const fn renew(&mut self, now: Instant) {
        if let Phase::Live(id) = self.phase {
            self.phase = Phase::Renewing(id, now);
        }
    }

    /// Puts off the attempt that is due.
    pub(crate) const fn put_off(&mut self, until: Instant) {
        self.phase = match self.phase {
            Phase::Waiting(_) => Phase::Waiting(until),
            Phase::Renewing(old, _) => Phase::Renewing(old, until),
            other => other,
        };
    }

    /// Whether the silence of all its series is to make a new connection now: rarely, and ever more rarely.
    pub(crate) fn is_silence_due(&mut self, is_silent: bool, now: Instant, timings: &LiveTimings) -> bool {
        if !is_silent || !matches!(self.phase, Phase::Live(_)) {
            return false;
        }
        let (at, pause) = self.silence.unwrap_or((now, timings.series_quiet));
        if now < at {
            return false;
        }
        self.silence = Some((now + pause, pause.saturating_mul(2).min(timings.longest_tell)));
        true
    }

    /// Something of a series was heard.
    pub(crate) const fn heard_candle(&mut self) {
        self.silence = None;
    }
}
