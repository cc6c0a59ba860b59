//! Connections.

use promptpal_app::{Alternative, Connection, ConnectionState};

use crate::{ConnectionDto, ConnectionStateDto, HostsDto};

impl From<ConnectionState> for ConnectionStateDto {
    fn from(state: ConnectionState) -> Self {
        match state {
            ConnectionState::Off => Self::Off,
            ConnectionState::Connecting => Self::Connecting,
            ConnectionState::Live => Self::Live,
            ConnectionState::Reconnecting => Self::Reconnecting,
            ConnectionState::Paused => Self::Paused,
            ConnectionState::Banned => Self::Banned,
            ConnectionState::Restricted => Self::Restricted,
            ConnectionState::Blocked => Self::Blocked,
            ConnectionState::Unreachable => Self::Unreachable,
            ConnectionState::Failed => Self::Failed,
        }
    }
}

impl From<Alternative> for HostsDto {
    fn from(hosts: Alternative) -> Self {
        Self {
            name: hosts.name,
            rest_url: hosts.rest_url,
            stream_url: hosts.stream_url,
        }
    }
}

impl From<Connection> for ConnectionDto {
    fn from(connection: Connection) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self {
            venue: connection.venue.to_string(),
            state: connection.state.into(),
            since: connection.since.map(Into::into),
            retry_at: connection.retry_at.map(Into::into),
            reason: connection.reason,
            advice: connection.advice.map(str::to_owned),
            alternative: connection.alternative.map(Into::into),
            paused_until: connection.paused_until.map(Into::into),
            can_try_now: connection.can_try_now,
            weight_used: Some(connection.limits.used),
            weight_limit: Some(connection.limits.limit),
            connections: count(connection.health.connections),
            streams: count(connection.health.streams),
            last_frame: connection.health.last_frame.map(Into::into),
            malformed: connection.health.malformed,
        }
    }
}
