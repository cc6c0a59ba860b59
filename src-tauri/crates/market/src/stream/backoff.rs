//! Waits between attempts to connect: full jitter, so that many programs do not come back at the same moment
//! (<https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/>).

use std::time::Duration;

use rand::Rng;

use crate::LiveTimings;

#[derive(Debug)]
pub(crate) struct Backoff {
    timings: LiveTimings,
    failures: u32,
}

impl Backoff {
    pub(crate) fn new(timings: LiveTimings) -> Self {
        Self { timings, failures: 0 }
    }

    /// The wait after a connection that lived for `lived`.
    pub(crate) fn next(&mut self, lived: Duration) -> Duration {
        if lived >= self.timings.stable_after {
            self.failures = 0;
        }
        let range = self.range();
        self.failures = self.failures.saturating_add(1);
        let drawn = rand::rng().random_range(0.0..=1.0);
        range.mul_f64(drawn).max(self.timings.least_wait)
    }

    fn range(&self) -> Duration {
        self.timings
            .first_wait
            .saturating_mul(1 << self.failures.min(16))
            .min(self.timings.longest_wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_to_its_bound_and_starts_over_after_a_stable_connection() {
        let timings = LiveTimings::default();
        let mut backoff = Backoff::new(timings);
        let mut ranges = Vec::new();
        for _ in 0..8 {
            ranges.push(backoff.range().as_secs());
            let wait = backoff.next(Duration::ZERO);
            assert!(wait >= timings.least_wait && wait <= timings.longest_wait);
        }
        assert_eq!(ranges, [2, 4, 8, 16, 32, 60, 60, 60]);
        let _ = backoff.next(timings.stable_after);
        assert_eq!(backoff.range().as_secs(), 4);
        // 300 connections in five minutes are the exchange's limit.
        assert!(timings.least_wait > Duration::from_secs(1));
    }
}
