//! How the program stands with each venue.

use serde::{Deserialize, Serialize};

use crate::TimeMs;

/// In one word how the connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum ConnectionStateDto {
    /// Nothing of it is followed or fetched.
    Off,
    /// On the way.
    Connecting,
    /// Candles arrive.
    Live,
    /// Broken, will try again.
    Reconnecting,
    /// The venue asked for a pause; no request is sent before it ends.
    Paused,
    /// The venue has shut this address out for a while.
    Banned,
    /// The venue does not serve the place that this address is in.
    Restricted,
    /// Something on the way, such as a firewall or a filter, refuses.
    Blocked,
    /// There is no way to the venue: no network, no name, no answer.
    Unreachable,
    /// Given up.
    Failed,
}

/// Other hosts that serve the same market data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct HostsDto {
    /// For people: `data-api.binance.vision`
    pub name: String,
    /// Base address of its REST interface.
    pub rest_url: String,
    /// Base address of its stream.
    pub stream_url: String,
}

/// The connection with a venue: how it stands, why, and what happens next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionDto {
    /// `binance`
    pub venue: String,
    /// How it stands.
    pub state: ConnectionStateDto,
    /// Since when.
    pub since: Option<TimeMs>,
    /// When the next try, or the end of the pause, is due.
    pub retry_at: Option<TimeMs>,
    /// Why, as it was told.
    pub reason: Option<String>,
    /// What to do, where more is known than the state tells.
    pub advice: Option<String>,
    /// Other hosts to be tried, where there are any and they are not in use.
    pub alternative: Option<HostsDto>,
    /// The end of a pause that the venue has asked for; nothing is sent before.
    pub paused_until: Option<TimeMs>,
    /// Whether it waits and may be tried at once.
    pub can_try_now: bool,
    /// Weight of the requests in the running minute.
    pub weight_used: Option<u32>,
    /// The most that the venue allows.
    pub weight_limit: Option<u32>,
    /// Open connections of its stream.
    pub connections: u32,
    /// Streams on them.
    pub streams: u32,
    /// When the last frame came.
    pub last_frame: Option<TimeMs>,
    /// Frames that could not be read since the program began.
    #[specta(type = specta_typescript::Number)]
    pub malformed: u64,
}
