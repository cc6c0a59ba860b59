//! Hosts' turns: one request at a time to a host, and a pause between two.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use url::Url;

/// Hosts remembered before those that nobody waits for are forgotten.
const REMEMBERED: usize = 4096;

/// Who may ask which host when. Time is the runtime's, so that it can be paused in tests.
#[derive(Debug, Default)]
pub(super) struct Turns {
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

#[derive(Debug)]
struct Host {
    turn: Arc<Semaphore>,
    /// When the last request to the host ended.
    ended: Mutex<Option<Instant>>,
}

/// The right to ask a host now; the pause begins when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    host: Arc<Host>,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.host.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

impl Turns {
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
            tokio::time::sleep_until(ended + delay).await;
        }
        Turn {
            host,
            _permit: permit,
        }
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
        Arc::clone(hosts.entry(key(url)).or_insert_with(new))
    }
}

/// What counts as one host: its name without `www.`, and its port, so that two doubles on loopback are two hosts.
fn key(url: &Url) -> String {
    let name = url.host_str().unwrap_or_default();
    let name = name.strip_prefix("www.").unwrap_or(name);
    match url.port() {
        Some(port) => format!("{name}:{port}"),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_host_is_asked_in_turn_and_with_pauses() {
        let turns = Arc::new(Turns::default());
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
            ask("https://news.example/3"),
            ask("https://other.example/1"),
        );
        assert_eq!([a, b, c, other], [0, 2500, 5000, 0]);
    }
}
