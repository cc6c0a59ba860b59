//! How the program stands with each venue: in one word, since when, why, and what happens next.

use promptpal_domain::{SeriesId, Timestamp, Venue};
use promptpal_market::{BinanceConfig, Exchange, LimitState, MarketError, StreamHealth};

use super::LiveState;
use crate::App;
use crate::progress::lock;

/// In one word how a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// Nothing of it is followed, and nothing keeps it from being asked.
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
    /// A firewall refuses.
    Blocked,
    /// There is no way to the venue.
    Unreachable,
    /// Given up.
    Failed,
}

impl ConnectionState {
    /// Whether it waits to be tried again, or has been given up: a person may ask for a try at once.
    pub(super) const fn is_stuck(self) -> bool {
        match self {
            Self::Off | Self::Connecting | Self::Live => false,
            Self::Reconnecting
            | Self::Paused
            | Self::Banned
            | Self::Restricted
            | Self::Blocked
            | Self::Unreachable
            | Self::Failed => true,
        }
    }
}

/// Other hosts with the same market data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// The host, for people.
    pub name: String,
    /// Base address of its REST interface.
    pub rest_url: String,
    /// Base address of its stream.
    pub stream_url: String,
}

/// The connection with a venue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The venue.
    pub venue: Venue,
    /// How it stands.
    pub state: ConnectionState,
    /// Since when.
    pub since: Option<Timestamp>,
    /// When the next try, or the end of a pause, is due.
    pub retry_at: Option<Timestamp>,
    /// Why, as it was told.
    pub reason: Option<String>,
    /// What to do.
    pub advice: Option<&'static str>,
    /// Other hosts to be tried, where the venue refuses and they are not in use.
    pub alternative: Option<Alternative>,
    /// The end of a pause that the venue has asked for; nothing is sent before.
    pub paused_until: Option<Timestamp>,
    /// Whether [`App::reconnect`] would try it at once.
    pub can_try_now: bool,
    /// The request budget.
    pub limits: LimitState,
    /// The stream.
    pub health: StreamHealth,
}

/// What a feed knows of its venue.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) state: ConnectionState,
    pub(super) since: Timestamp,
    pub(super) series: Vec<SeriesId>,
    pub(super) retry_at: Option<Timestamp>,
    pub(super) wait_ms: u64,
    pub(super) reason: Option<String>,
    pub(super) advice: Option<&'static str>,
    /// Why candles cannot be stored.
    pub(super) not_stored: Option<String>,
    pub(super) health: StreamHealth,
}

impl Standing {
    pub(super) fn connecting(now: Timestamp, series: Vec<SeriesId>) -> Self {
        Self {
            state: ConnectionState::Connecting,
            since: now,
            series,
            retry_at: None,
            wait_ms: 0,
            reason: None,
            advice: None,
            not_stored: None,
            health: StreamHealth::default(),
        }
    }

    /// The same, in another state.
    pub(super) fn turn(&mut self, state: ConnectionState, now: Timestamp) {
        if self.state != state {
            self.state = state;
            self.since = now;
        }
        (self.retry_at, self.reason, self.advice, self.wait_ms) = (None, None, None, 0);
    }
}

/// What an error that ends a feed makes of its venue.
pub(super) const fn state_of(error: &MarketError) -> ConnectionState {
    match error {
        MarketError::Restricted { .. } => ConnectionState::Restricted,
        MarketError::Blocked { .. } => ConnectionState::Blocked,
        MarketError::Banned { .. } => ConnectionState::Banned,
        MarketError::RateLimited { .. } | MarketError::OverBudget { .. } => ConnectionState::Paused,
        MarketError::Unreachable { .. } | MarketError::Timeout { .. } => ConnectionState::Unreachable,
        _ => ConnectionState::Failed,
    }
}

/// The standings of all venues as one: the worst first.
pub(super) fn together<'a>(standings: impl Iterator<Item = &'a Standing> + Clone) -> LiveState {
    use ConnectionState as S;
    let find = |wanted: &[S]| {
        standings
            .clone()
            .find(|standing| wanted.contains(&standing.state))
    };
    let words = |standing: &Standing| standing.reason.clone().unwrap_or_default();
    if let Some(given_up) = find(&[S::Failed, S::Restricted, S::Blocked, S::Unreachable]) {
        let reason = words(given_up);
        let advice = given_up.advice.unwrap_or_default();
        return LiveState::Failed {
            reason: format!("{reason}. {advice}").trim_end().to_owned(),
        };
    }
    if let Some(reason) = standings.clone().find_map(|standing| standing.not_stored.clone()) {
        return LiveState::NotStored { reason };
    }
    if let Some(broken) = find(&[S::Reconnecting, S::Paused, S::Banned]) {
        return LiveState::Reconnecting {
            reason: words(broken),
            wait_ms: broken.wait_ms,
        };
    }
    if find(&[S::Connecting]).is_some() {
        return LiveState::Connecting;
    }
    let mut series: Vec<SeriesId> = standings
        .clone()
        .flat_map(|standing| standing.series.clone())
        .collect();
    series.sort();
    if find(&[S::Live]).is_some() {
        LiveState::Live(series)
    } else {
        LiveState::Off
    }
}

impl App {
    /// How the program stands with each venue, followed or not.
    ///
    /// # Errors
    /// [`AppError::Market`](crate::AppError::Market) when no client can be made.
    pub fn connections(&self) -> Result<Vec<Connection>, crate::AppError> {
        let standings = lock(&self.inner.live.standings).clone();
        let venues = self.venues()?;
        let view = |exchange: &dyn Exchange| {
            let limits = exchange.limits();
            let pause = self.pause_of(exchange);
            let mut connection = Connection {
                venue: exchange.venue().clone(),
                state: if pause.is_some() {
                    ConnectionState::Paused
                } else {
                    ConnectionState::Off
                },
                since: None,
                retry_at: pause,
                reason: pause.map(|_| "the venue asked for a pause".to_owned()),
                advice: None,
                alternative: None,
                paused_until: pause,
                can_try_now: false,
                limits,
                health: StreamHealth::default(),
            };
            if let Some(standing) = standings.get(exchange.venue()) {
                connection.state = standing.state;
                connection.since = Some(standing.since);
                connection.retry_at = standing.retry_at.or(pause);
                connection.reason = standing.not_stored.clone().or_else(|| standing.reason.clone());
                connection.advice = standing.advice;
                connection.health = standing.health.clone();
                connection.can_try_now = standing.state.is_stuck() && pause.is_none();
            }
            connection.alternative = self.alternative(&connection);
            connection
        };
        Ok(venues.iter().map(|exchange| view(exchange.as_ref())).collect())
    }

    /// Binance has hosts that serve nothing but market data, also where its own do not answer.
    fn alternative(&self, connection: &Connection) -> Option<Alternative> {
        let refused = matches!(
            connection.state,
            ConnectionState::Restricted | ConnectionState::Blocked | ConnectionState::Unreachable
        );
        if !refused || connection.venue != Venue::binance() || self.config().exchange.rest_url.is_some() {
            return None;
        }
        let hosts = BinanceConfig::data_only().ok()?;
        let in_use = self.settings().rest_url.is_some_and(|url| url == hosts.rest_base);
        (!in_use).then(|| Alternative {
            name: hosts.rest_base.host_str().unwrap_or_default().to_owned(),
            rest_url: hosts.rest_base.to_string(),
            stream_url: hosts.stream_base.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_venue_is_shown() {
        let at = |state: ConnectionState, id: i64| {
            let mut standing = Standing::connecting(Timestamp::EPOCH, vec![SeriesId(id)]);
            standing.turn(state, Timestamp::EPOCH);
            standing
        };
        let check = |standings: &[Standing], expected: &str| {
            let word = format!("{:?}", together(standings.iter()));
            assert!(word.starts_with(expected), "{word} is not {expected}");
        };
        use ConnectionState as S;
        check(&[], "Off");
        check(
            &[at(S::Live, 2), at(S::Live, 1)],
            "Live([SeriesId(1), SeriesId(2)])",
        );
        check(&[at(S::Live, 1), at(S::Connecting, 2)], "Connecting");
        check(&[at(S::Live, 1), at(S::Reconnecting, 2)], "Reconnecting");
        check(&[at(S::Reconnecting, 1), at(S::Restricted, 2)], "Failed");
        let mut full = at(S::Live, 1);
        full.not_stored = Some("the disk is full".to_owned());
        check(&[full, at(S::Reconnecting, 2)], "NotStored");
    }
}
