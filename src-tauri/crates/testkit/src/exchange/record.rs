//! What clients did.

use promptpal_domain::Timestamp;

/// One REST request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// `/api/v3/klines`
    pub path: String,
    /// Without the question mark.
    pub query: String,
    /// What was answered; 0 for silence.
    pub status: u16,
    /// Virtual time.
    pub at: Timestamp,
    /// Whether the client should have waited.
    pub during_pause: bool,
}

/// What stream clients did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamStats {
    /// Connections ever made.
    pub connects: usize,
    /// Connections now.
    pub open: usize,
    /// Streams that the open connections have subscribed, all of them together.
    pub subscribed: usize,
    /// Events sent.
    pub events: usize,
    /// Pongs with the payload of our last ping.
    pub pongs: usize,
    /// Connections ended because the client sent more than five frames in a second.
    pub too_fast: usize,
    /// The most streams that one connection has had.
    pub most_streams: usize,
    /// Attempts to connect, refused ones included.
    pub attempts: usize,
    /// Attempts during a pause that a 429 or 418 had asked for.
    pub during_pause: usize,
}
