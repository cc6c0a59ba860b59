//! The system's clock: the one place that asks the operating system for the time.

use std::time::{SystemTime, UNIX_EPOCH};

use promptpal_domain::{Clock, Timestamp};

/// UTC as the operating system has it.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
