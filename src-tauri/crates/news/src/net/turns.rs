//! Hosts' turns: one request at a time to a host, a pause between two, and none at all before the time a host named.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use promptpal_domain::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

use crate::host::host_key;
use crate::pace::Pace;

/// Hosts remembered before those that nobody waits for are forgotten.
const REMEMBERED: usize = 4096;

/// Who may ask which host when.
#[derive(Debug)]
pub(super) struct Turns {
    pace: Arc<dyn Pace>,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    /// Hosts that asked to be left alone, and until when.
    holds: Mutex<HashMap<String, Timestamp>>,
}

#[derive(Debug)]
struct Host {
    turn: Arc<Semaphore>,
    /// When the last request to the host ended.
    ended: Mutex<Option<Duration>>,
}

/// The right to ask a host now; the pause begins when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    pace: Arc<dyn Pace>,
    host: Arc<Host>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.host.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.pace.now());
    }
}

impl Turns {
    pub(super) fn new(pace: Arc<dyn Pace>) -> Self {
        Self {
            pace,
            hosts: Mutex::default(),
            holds: Mutex::default(),
        }
    }

    /// Waits until nobody else asks the host of `url` and `delay` has passed since the last request to it ended.
    /// Those who wait are served in the order they came.
    pub(super) async fn take(&self, url: &Url, delay: Duration) -> Turn {
        let host = self.host(url);
        let permit = loop {
            // The semaphore is never closed, so this loop runs once.
            if let Ok(permit) = Arc::clone(&host.turn).acquire_owned().await {
                break permit;
            }
        };
        let ended = *host.ended.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ended) = ended {
            self.pace.wait_until(ended + delay).await;
        }
        Turn {
            pace: Arc::clone(&self.pace),
            host,
            _permit: permit,
        }
    }

    /// Until when the host is to be left alone, if it is at `now`.
    pub(super) fn held(&self, host: &str, now: Timestamp) -> Option<Timestamp> {
        let holds = self.holds.lock().unwrap_or_else(PoisonError::into_inner);
        holds.get(host).copied().filter(|until| now < *until)
    }

    /// Leaves a host alone until then; a longer wait that is known stands.
    pub(super) fn hold(&self, host: String, until: Timestamp, now: Timestamp) {
        let mut holds = self.holds.lock().unwrap_or_else(PoisonError::into_inner);
        if holds.len() >= REMEMBERED {
            holds.retain(|_, until| now < *until);
        }
        let known = holds.entry(host).or_insert(until);
        *known = until.max(*known);
    }

    fn host(&self, url: &Url) -> Arc<Host> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= REMEMBERED {
            hosts.retain(|_, host| Arc::strong_count(host) > 1);
        }
        let new = || {
            Arc::new(Host {
                turn: Arc::new(Semaphore::new(1)),
                ended: Mutex::new(None),
            })
        };
        Arc::clone(hosts.entry(host_key(url).unwrap_or_default()).or_insert_with(new))
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;
    use crate::pace::RealPace;

    #[test]
    fn a_host_is_held_for_the_longest_that_it_asked() {
        let turns = Turns::new(Arc::new(RealPace::default()));
        let at = Timestamp::from_millis;
        turns.hold("a.example".to_owned(), at(5000), at(0));
        turns.hold("a.example".to_owned(), at(3000), at(0));
        assert_eq!(turns.held("a.example", at(4999)), Some(at(5000)));
        assert_eq!(turns.held("a.example", at(5000)), None);
        assert_eq!(turns.held("b.example", at(0)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_is_asked_in_turn_and_with_pauses() {
        let turns = Arc::new(Turns::new(Arc::new(RealPace::default())));
        let begun = Instant::now();
        let ask = |url: &'static str| {
            let turns = Arc::clone(&turns);
            async move {
                let turn = turns
                    .take(&Url::parse(url).unwrap(), Duration::from_secs(2))
                    .await;
                let at = begun.elapsed();
                tokio::time::sleep(Duration::from_millis(500)).await;
                drop(turn);
                at.as_millis()
            }
        };
        let (a, b, c, other) = tokio::join!(
            ask("https://news.example/1"),
            ask("https://www.news.example/2"),
            ask("https://feeds.news.example/3"),
            ask("https://other.example/1"),
        );
        assert_eq!([a, b, c, other], [0, 2500, 5000, 0]);
    }
}
