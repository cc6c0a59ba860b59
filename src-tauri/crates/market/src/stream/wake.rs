//! Notices that this computer slept, that the program stood still, or that the clock was set: the two kinds of time that
//! we have, one that only passes and one that is told, come apart, or nobody looked for too long.

use std::time::Duration;

use promptpal_domain::Timestamp;
use tokio::time::Instant;

#[derive(Debug)]
pub(crate) struct Wake {
    told: Timestamp,
    passed: Instant,
}

impl Wake {
    pub(crate) fn new(told: Timestamp, passed: Instant) -> Self {
        Self { told, passed }
    }

    /// Whether since the last look more than `limit` went by unseen, or the clock was set by more than that.
    pub(crate) fn look(&mut self, told: Timestamp, passed: Instant, limit: Duration) -> bool {
        let by_passing = passed.saturating_duration_since(self.passed);
        let by_telling = told.since(self.told);
        *self = Self::new(told, passed);
        let apart = by_telling.saturating_sub(millis(by_passing)).saturating_abs();
        by_passing > limit || apart > millis(limit)
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_standstill_and_a_clock_that_is_set_are_noticed() {
        let limit = Duration::from_secs(10);
        let check = |told_ms: i64, passed_ms: u64, expected: bool| {
            let (told, passed) = (Timestamp::from_millis(1_000_000), Instant::now());
            let mut wake = Wake::new(told, passed);
            let then = passed + Duration::from_millis(passed_ms);
            assert_eq!(
                wake.look(told.plus_millis(told_ms), then, limit),
                expected,
                "{told_ms} {passed_ms}"
            );
            assert!(!wake.look(
                told.plus_millis(told_ms + 250),
                then + Duration::from_millis(250),
                limit
            ));
        };
        check(250, 250, false);
        check(9_000, 250, false);
        // Asleep: passing time stands still on most systems, and does not on others.
        check(3_600_000, 250, true);
        check(3_600_000, 3_600_000, true);
        // The clock was set, either way; the program was stopped.
        check(-60_000, 250, true);
        check(60_000, 250, true);
        check(12_000, 12_000, true);
    }
}
