//! Requests at an even pace, for a venue that counts them by the second.
//!
//! Such a wait is shorter than a second and part of asking: nobody is told of it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Turns that come one after the other, at least `gap` apart.
#[derive(Debug)]
pub(crate) struct Pace {
    gap: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    pub(crate) fn new(gap: Duration) -> Self {
        Self {
            gap,
            next: Mutex::new(Instant::now()),
        }
    }

    /// Waits for one's turn. A turn that is given up while waiting is lost, which only makes the pace slower.
    pub(crate) async fn turn(&self) {
        let at = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let at = (*next).max(Instant::now());
            *next = at + self.gap;
            at
        };
        sleep_until(at).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn turns_are_a_gap_apart() {
        let pace = Pace::new(Duration::from_millis(200));
        let begun = Instant::now();
        let mut at = Vec::new();
        for _ in 0..4 {
            pace.turn().await;
            at.push(begun.elapsed().as_millis());
        }
        assert_eq!(at, [0, 200, 400, 600]);
        tokio::time::advance(Duration::from_secs(5)).await;
        let rested = Instant::now();
        pace.turn().await;
        pace.turn().await;
        assert_eq!(
            rested.elapsed().as_millis(),
            200,
            "what was not used is not saved up"
        );
    }
}
