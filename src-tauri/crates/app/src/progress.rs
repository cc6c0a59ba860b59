//! How far a job has come: what it tells while it works, and how it learns that it should stop.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::PoisonError;

use promptpal_domain::{Clock, Timestamp};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::AppError;
use crate::phase::{Phase, Unit};

/// Lines of log kept for a job.
const LOG_LINES: usize = 200;
/// Stretch over which the rate is measured.
const RATE_WINDOW_MS: i64 = 5_000;

/// A snapshot of a job's progress.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// What it is doing now.
    pub phase: Phase,
    /// Units done.
    pub done: u64,
    /// Units in all, where known.
    pub total: Option<u64>,
    /// What is counted; nothing before it has begun.
    pub unit: Option<Unit>,
    /// Units a second over the last seconds.
    pub rate: Option<f64>,
}

impl Snapshot {
    /// Milliseconds left at the present rate.
    #[must_use]
    pub fn eta_ms(&self) -> Option<u64> {
        let left = self.total?.saturating_sub(self.done);
        let rate = self.rate.filter(|rate| *rate > 0.0)?;
        Some((left as f64 / rate * 1000.0) as u64)
    }
}

/// Handed to the work of a job. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Progress {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    clock: Arc<dyn Clock>,
    snapshot: watch::Sender<Snapshot>,
    samples: Mutex<VecDeque<(Timestamp, u64)>>,
    log: Mutex<VecDeque<String>>,
    cancel: CancellationToken,
}

impl Progress {
    /// Progress of work that ends when `cancel` is cancelled.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, cancel: CancellationToken) -> Self {
        let (snapshot, _) = watch::channel(Snapshot::default());
        let shared = Shared {
            clock,
            snapshot,
            samples: Mutex::default(),
            log: Mutex::default(),
            cancel,
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Begins a phase: `unit`s are counted from zero again.
    pub fn phase(&self, phase: impl Into<Phase>, unit: Unit, total: Option<u64>) {
        let phase = phase.into();
        self.log(phase.to_string());
        lock(&self.shared.samples).clear();
        self.shared.snapshot.send_modify(|s| {
            *s = Snapshot {
                phase,
                done: 0,
                total,
                unit: Some(unit),
                rate: None,
            };
        });
    }

    /// Adds to what is done. Threads may do so at once.
    pub fn advance(&self, units: u64) {
        let mut done = 0;
        self.shared.snapshot.send_modify(|s| {
            s.done += units;
            done = s.done;
        });
        let rate = self.measure(done);
        self.shared.snapshot.send_modify(|s| s.rate = rate);
    }

    /// Sets what is done.
    pub fn reached(&self, done: u64) {
        let rate = self.measure(done);
        self.shared.snapshot.send_modify(|s| {
            s.done = done;
            s.rate = rate;
        });
    }

    /// Keeps a line for people.
    pub fn log(&self, line: impl Into<String>) {
        let mut log = lock(&self.shared.log);
        if log.len() == LOG_LINES {
            log.pop_front();
        }
        log.push_back(line.into());
    }

    /// The lines kept, oldest first.
    #[must_use]
    pub fn log_lines(&self) -> Vec<String> {
        lock(&self.shared.log).iter().cloned().collect()
    }

    /// Follows the snapshots.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Snapshot> {
        self.shared.snapshot.subscribe()
    }

    /// Cancelled when the work should stop.
    #[must_use]
    pub fn cancel_token(&self) -> &CancellationToken {
        &self.shared.cancel
    }

    /// # Errors
    /// [`AppError::Cancelled`] once the work should stop: call it at least every second.
    pub fn check(&self) -> Result<(), AppError> {
        if self.shared.cancel.is_cancelled() {
            Err(AppError::Cancelled)
        } else {
            Ok(())
        }
    }

    fn measure(&self, done: u64) -> Option<f64> {
        let now = self.shared.clock.now();
        let mut samples = lock(&self.shared.samples);
        samples.push_back((now, done));
        while samples.len() > 2
            && samples
                .get(1)
                .is_some_and(|(at, _)| now.since(*at) > RATE_WINDOW_MS)
        {
            samples.pop_front();
        }
        let (since, before) = *samples.front()?;
        let elapsed = now.since(since);
        (elapsed > 200).then(|| done.saturating_sub(before) as f64 * 1000.0 / elapsed as f64)
    }
}

/// A poisoned lock only means that a holder panicked; the plain data behind it is still whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use promptpal_domain::ManualClock;

    use super::*;
    use crate::phase::Step;

    #[test]
    fn measures_rate_and_eta() {
        let clock = Arc::new(ManualClock::new(Timestamp::EPOCH));
        let progress = Progress::new(clock.clone(), CancellationToken::new());
        progress.phase(Step::Fetching, Unit::Candles, Some(1_000));
        progress.reached(0);
        clock.advance_millis(1_000);
        progress.reached(250);
        let snapshot = progress.watch().borrow().clone();
        assert_eq!(snapshot.rate, Some(250.0));
        assert_eq!(snapshot.eta_ms(), Some(3_000));
        assert_eq!(progress.log_lines(), ["Fetching"]);
    }

    #[test]
    fn threads_count_together() {
        let progress = Progress::new(Arc::new(ManualClock::default()), CancellationToken::new());
        progress.phase(Step::Testing, Unit::Runs, Some(4_000));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..1_000).for_each(|_| progress.advance(1)));
            }
        });
        assert_eq!(progress.watch().borrow().done, 4_000);
    }

    #[test]
    fn says_when_to_stop() {
        let cancel = CancellationToken::new();
        let progress = Progress::new(Arc::new(ManualClock::default()), cancel.clone());
        assert!(progress.check().is_ok());
        cancel.cancel();
        assert!(matches!(progress.check(), Err(AppError::Cancelled)));
    }
}
