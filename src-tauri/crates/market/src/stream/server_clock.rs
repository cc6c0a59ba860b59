//! What the venue's clock says, judged by the times on its events: ours may be wrong by minutes, or be set meanwhile.

use std::time::Duration;

use promptpal_domain::Timestamp;
use tokio::time::Instant;

/// An estimate that no event has come up to for so long was ahead of the venue's clock, and is given up.
const FORGET: Duration = Duration::from_secs(60);

/// The estimate. An event cannot be heard before it is sent, so the one with the least delay is the best.
#[derive(Debug, Default)]
pub(crate) struct ServerClock {
    best: Option<Heard>,
    /// When an event last came up to the estimate.
    kept_up: Option<Instant>,
    /// The best of the events since then.
    second: Option<Heard>,
}

/// An event that was sent at `sent` and heard at `at`.
#[derive(Clone, Copy, Debug)]
struct Heard {
    sent: Timestamp,
    at: Instant,
}

impl Heard {
    /// The venue's time at `now` if this event had no delay.
    fn then(self, now: Instant) -> Timestamp {
        let passed = now.saturating_duration_since(self.at).as_millis();
        self.sent.plus_millis(i64::try_from(passed).unwrap_or(i64::MAX))
    }
}

impl ServerClock {
    /// Takes in an event that was sent at `sent` and is heard at `now`.
    pub(crate) fn hear(&mut self, sent: Timestamp, now: Instant) {
        let heard = Heard { sent, at: now };
        if self.now(now).is_none_or(|estimate| sent >= estimate) {
            *self = Self {
                best: Some(heard),
                kept_up: Some(now),
                second: None,
            };
            return;
        }
        if self.second.is_none_or(|second| sent >= second.then(now)) {
            self.second = Some(heard);
        }
        if self
            .kept_up
            .is_some_and(|at| now.saturating_duration_since(at) >= FORGET)
        {
            self.best = self.second.take();
            self.kept_up = Some(now);
        }
    }

    /// The venue's time at `now`; nothing before the first event.
    pub(crate) fn now(&self, now: Instant) -> Option<Timestamp> {
        self.best.map(|best| best.then(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_delayed_event_counts() {
        let start = Instant::now();
        let after = |ms: u64| start + Duration::from_millis(ms);
        let mut clock = ServerClock::default();
        assert_eq!(clock.now(start), None);
        let check = |clock: &ServerClock, ms: u64, expected: i64| {
            assert_eq!(
                clock.now(after(ms)),
                Some(Timestamp::from_millis(expected)),
                "{ms}"
            );
        };
        clock.hear(Timestamp::from_millis(1_000_000), after(300));
        check(&clock, 300, 1_000_000);
        // Later by 100 ms and heard only 50 ms later: less delayed.
        clock.hear(Timestamp::from_millis(1_000_100), after(350));
        check(&clock, 400, 1_000_150);
        // Late ones change nothing.
        clock.hear(Timestamp::from_millis(1_000_200), after(5_000));
        check(&clock, 5_000, 1_004_750);
        // A clock that was set ahead is followed at once, one that stands behind after a minute.
        clock.hear(Timestamp::from_millis(1_200_000), after(6_000));
        check(&clock, 6_000, 1_200_000);
        for second in 7..70 {
            clock.hear(
                Timestamp::from_millis(1_000_000 + second * 1000),
                after(second as u64 * 1000),
            );
        }
        check(&clock, 70_000, 1_070_000);
    }
}
