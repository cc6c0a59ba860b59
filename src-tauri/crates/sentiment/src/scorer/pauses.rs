//! How long the worker is left alone after it failed.

use std::time::Duration;

/// The pause before a restart, after the first failure. Doubles with every further one.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause before a restart.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The pause before a restart after so many failures in a row.
pub(crate) fn pause(failures: u32) -> Duration {
    FIRST_PAUSE
        .saturating_mul(2_u32.saturating_pow(failures))
        .min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        let millis: Vec<u128> = (0..10).map(|n| pause(n).as_millis()).collect();
        assert_eq!(
            millis,
            [200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]
        );
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}
