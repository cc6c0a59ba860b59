//! What the whole process owes a host, whoever speaks to it and over which protocol: the pauses it has asked for, and how
//! often it may be connected to.
//!
//! Time here is what passes, not what a clock tells: a clock that is set ends no pause early and makes none longer.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use promptpal_domain::Timestamp;
use tokio::time::Instant;

use crate::MarketError;

/// Bans last three days at the most.
const LONGEST_PAUSE: Duration = Duration::from_secs(3 * 86_400);
/// Attempts to connect that are counted: 300 in five minutes are allowed.
const ATTEMPTS: usize = 300;
const ATTEMPTS_WINDOW: Duration = Duration::from_secs(300);

static HOSTS: LazyLock<Mutex<HashMap<String, Arc<Host>>>> = LazyLock::new(Mutex::default);

/// Why a host wants to be left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PauseKind {
    /// 429: too many requests.
    TooMany,
    /// 403: a firewall has had enough.
    Blocked,
    /// 418: this address is banned.
    Banned,
}

/// One host, the same for everybody in this process.
#[derive(Debug, Default)]
pub(crate) struct Host {
    name: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    pause: Option<(Instant, PauseKind)>,
    attempts: VecDeque<Instant>,
}

/// Why nothing may be sent now, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closed {
    pub(crate) wait: Duration,
    /// Nothing when it is only a matter of connecting too often.
    pub(crate) pause: Option<PauseKind>,
}

impl PauseKind {
    /// The pause that goes with a status, if one does.
    pub(crate) const fn of_status(status: u16) -> Option<Self> {
        match status {
            429 => Some(Self::TooMany),
            418 => Some(Self::Banned),
            403 => Some(Self::Blocked),
            _ => None,
        }
    }

    /// How long it is when the host does not say.
    pub(crate) const fn usual(self) -> Duration {
        match self {
            Self::TooMany | Self::Blocked => Duration::from_secs(60),
            Self::Banned => Duration::from_secs(120),
        }
    }

    /// The error that says so.
    pub(crate) fn error(self, host: &str, until: Timestamp) -> MarketError {
        match self {
            Self::TooMany => MarketError::RateLimited { until },
            Self::Banned => MarketError::Banned { until },
            Self::Blocked => MarketError::Blocked {
                host: host.to_owned(),
            },
        }
    }
}

impl Host {
    /// The host of this name. Pauses and attempts outlive those who asked.
    pub(crate) fn of(name: &str) -> Arc<Self> {
        let mut hosts = HOSTS.lock().unwrap_or_else(PoisonError::into_inner);
        hosts.retain(|known, host| known == name || Arc::strong_count(host) > 1 || host.is_owed());
        let made = || {
            Arc::new(Self {
                name: name.to_owned(),
                state: Mutex::default(),
            })
        };
        Arc::clone(hosts.entry(name.to_owned()).or_insert_with(made))
    }

    /// Its name, with the port where that is not the usual one.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Closes the host for as long as the answer says (`Retry-After` in seconds, else `usual`), and returns how long that
    /// is from now. A pause that runs longer stays, and a ban stays a ban.
    pub(crate) fn pause(&self, kind: PauseKind, headers: &HeaderMap, usual: Duration) -> Duration {
        let asked = headers
            .get(http::header::RETRY_AFTER)
            .and_then(|v| v.to_str().ok());
        let asked = asked
            .and_then(|v| v.trim().parse().ok())
            .map(|s: u64| Duration::from_secs(s.max(1)));
        let now = Instant::now();
        let until = now + asked.unwrap_or(usual).min(LONGEST_PAUSE);
        let mut state = self.lock();
        let (until, kind) = match state.pause.filter(|(end, _)| *end > now) {
            Some((end, before)) => (end.max(until), before.max(kind)),
            None => (until, kind),
        };
        state.pause = Some((until, kind));
        until - now
    }

    /// How long nothing may be sent, and why.
    pub(crate) fn paused(&self) -> Option<(Duration, PauseKind)> {
        let now = Instant::now();
        let pause = self.lock().pause.filter(|(end, _)| *end > now);
        pause.map(|(end, kind)| (end - now, kind))
    }

    /// Leave for one attempt to connect, at least `apart` after the one before; or how long to wait.
    pub(crate) fn connect(&self, apart: Duration) -> Result<(), Closed> {
        if let Some((wait, kind)) = self.paused() {
            return Err(Closed {
                wait,
                pause: Some(kind),
            });
        }
        let now = Instant::now();
        let mut state = self.lock();
        let is_old = |at: &Instant| now.duration_since(*at) >= ATTEMPTS_WINDOW;
        while state.attempts.front().is_some_and(is_old) {
            state.attempts.pop_front();
        }
        if state.attempts.len() >= ATTEMPTS
            && let Some(first) = state.attempts.front()
        {
            let wait = ATTEMPTS_WINDOW.saturating_sub(now.duration_since(*first));
            return Err(Closed { wait, pause: None });
        }
        let since_last = state.attempts.back().map(|last| now.duration_since(*last));
        match since_last.map(|since| apart.saturating_sub(since)) {
            Some(wait) if !wait.is_zero() => Err(Closed { wait, pause: None }),
            _ => {
                state.attempts.push_back(now);
                Ok(())
            }
        }
    }

    /// Whether anything has to be remembered although nobody asks.
    fn is_owed(&self) -> bool {
        let recent = |at: &Instant| at.elapsed() < ATTEMPTS_WINDOW;
        self.paused().is_some() || self.lock().attempts.back().is_some_and(recent)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Plain instants: whatever a panicking holder left is still usable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use tokio::time::advance;

    use super::*;

    fn after(seconds: &'static str) -> HeaderMap {
        [(http::header::RETRY_AFTER, HeaderValue::from_static(seconds))]
            .into_iter()
            .collect()
    }

    #[tokio::test(start_paused = true)]
    async fn everybody_knows_of_a_pause_until_it_is_over() {
        let (one, other) = (Host::of("pause.test"), Host::of("pause.test"));
        assert_eq!(
            one.pause(PauseKind::TooMany, &after("7"), PauseKind::TooMany.usual()),
            Duration::from_secs(7)
        );
        advance(Duration::from_millis(6_999)).await;
        assert_eq!(
            other.paused(),
            Some((Duration::from_millis(1), PauseKind::TooMany))
        );
        assert!(other.connect(Duration::ZERO).is_err());
        // A shorter pause does not shorten the one that runs, and a ban stays a ban.
        one.pause(PauseKind::Banned, &after("90"), PauseKind::Banned.usual());
        one.pause(PauseKind::TooMany, &after("1"), PauseKind::TooMany.usual());
        drop((one, other));
        let later = Host::of("pause.test");
        advance(Duration::from_secs(89)).await;
        assert_eq!(later.paused(), Some((Duration::from_secs(1), PauseKind::Banned)));
        advance(Duration::from_secs(1)).await;
        assert_eq!(later.paused(), None);
        assert_eq!(Host::of("other.test").paused(), None);
        assert_eq!(
            later.pause(PauseKind::Banned, &HeaderMap::new(), PauseKind::Banned.usual()),
            Duration::from_secs(120)
        );
    }

    #[tokio::test(start_paused = true)]
    async fn three_hundred_attempts_in_five_minutes_and_each_a_second_after_the_last() {
        let host = Host::of("attempts.test");
        let apart = Duration::from_secs(1);
        let begun = Instant::now();
        let mut made = VecDeque::new();
        while made.len() < 1000 {
            match host.connect(apart) {
                Ok(()) => made.push_back(begun.elapsed()),
                Err(closed) => advance(closed.wait).await,
            }
        }
        for (one, next) in made.iter().zip(made.iter().skip(1)) {
            assert!(*next - *one >= apart);
        }
        // Faster than that, the window counts.
        let host = Host::of("fast.test");
        let begun = Instant::now();
        let mut made = Vec::new();
        while made.len() < 1000 {
            match host.connect(Duration::from_millis(10)) {
                Ok(()) => made.push(begun.elapsed()),
                Err(closed) => advance(closed.wait).await,
            }
        }
        for (one, later) in made.iter().zip(made.iter().skip(ATTEMPTS)) {
            assert!(*later - *one >= ATTEMPTS_WINDOW, "{one:?} {later:?}");
        }
    }
}
