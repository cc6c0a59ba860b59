//! How long work waits after an answer that was none, and when it gives up.

use std::time::Duration;

use promptpal_domain::{Clock, Timestamp};

use crate::{MarketError, WaitReason};

/// Tries for one request before a passing failure counts as lasting.
const TRIES: u32 = 5;
/// A wait looks at the clock this often, so that a clock that jumps is noticed.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How long work waits, and for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// First wait after a passing failure; doubles from there.
    pub(crate) retry_wait: Duration,
    /// Longest pause that is waited out.
    pub(crate) longest_wait: Duration,
}

/// Until when to wait before the same request is sent again, and why; the error itself when it is no use.
///
/// `failures` counts passing failures of this request.
pub(crate) fn wait_for(
    error: MarketError,
    failures: &mut u32,
    now: Timestamp,
    patience: Patience,
) -> Result<(Timestamp, WaitReason), MarketError> {
    let (until, reason) = match error {
        MarketError::OverBudget { until } => (until, WaitReason::Budget),
        MarketError::RateLimited { until } | MarketError::Banned { until } => {
            (until, WaitReason::Pause(error))
        }
        error if passes(&error) && *failures + 1 < TRIES => {
            let wait = patience.retry_wait.saturating_mul(1 << (*failures).min(16));
            *failures += 1;
            (now.plus_millis(millis(wait)), WaitReason::Failure(error))
        }
        error => return Err(error),
    };
    if until.since(now) > millis(patience.longest_wait) {
        return Err(match reason {
            WaitReason::Budget => MarketError::OverBudget { until },
            WaitReason::Pause(error) | WaitReason::Failure(error) => error,
        });
    }
    Ok((until, reason))
}

/// Waits until the clock shows it. Cancel-safe.
pub(crate) async fn wait_until(clock: &dyn Clock, until: Timestamp) {
    loop {
        let left = until.since(clock.now());
        let Ok(left @ 1..) = u64::try_from(left) else {
            return;
        };
        tokio::time::sleep(Duration::from_millis(left).min(LOOK_EVERY)).await;
    }
}

/// Whether the same request is likely to succeed in a moment.
const fn passes(error: &MarketError) -> bool {
    matches!(
        error,
        MarketError::Unreachable { .. }
            | MarketError::Timeout { .. }
            | MarketError::Unavailable { .. }
            | MarketError::NotJson { .. }
            | MarketError::Unreadable { .. }
    )
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
