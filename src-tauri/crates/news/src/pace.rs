//! Waiting as an argument: how time passes between two requests to a host. The program waits in real time, a test that goes
//! through a week in seconds does not.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use tokio::time::Instant;

/// A wait under way.
pub type Waiting = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A time that only goes forward, and how to wait in it.
pub trait Pace: Send + Sync + fmt::Debug {
    /// The time since some beginning that never changes.
    fn now(&self) -> Duration;
    /// Waits until that time.
    fn wait_until(&self, at: Duration) -> Waiting;
}

/// The time of the runtime, which does not jump when somebody sets the clock.
#[derive(Clone, Copy, Debug)]
pub struct RealPace(Instant);

impl Default for RealPace {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Pace for RealPace {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    fn wait_until(&self, at: Duration) -> Waiting {
        Box::pin(tokio::time::sleep_until(self.0 + at))
    }
}
