//! The handle that the rest of the program holds.

mod hunger;
mod pauses;
mod process;
mod supervisor;
mod suspects;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use promptpal_domain::ModelRef;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::scorer::supervisor::{Batch, Control, Outcome, Supervisor};
use crate::{ModelManifest, QuarantinedText, ScoringError, TextScore, WorkerConfig, WorkerState};

/// The most texts sent to the worker at a time. Between two batches others get their turn.
const BATCH_TEXTS: usize = 64;
/// The most bytes of text sent at a time, unless one text alone is longer.
const BATCH_BYTES: usize = 256 << 10;
/// A text is cut here before it is sent, and counts as truncated: the model reads a few hundred words at most.
const TEXT_BYTES: usize = 64 << 10;

/// The client of the scoring worker. Clones share one worker.
///
/// The worker runs only while there is something to score and for [`WorkerConfig::idle_stop`] after. Several callers take
/// turns batch by batch. When the last clone is dropped the worker is killed.
#[derive(Clone)]
pub struct Scorer {
    inner: Arc<Inner>,
}

struct Inner {
    shared: Arc<Shared>,
    /// The way to the supervisor, which lives in the runtime that first asked for a score.
    supervisor: Mutex<Option<Lines>>,
}

/// What the handle and its supervisor both look at.
struct Shared {
    config: Mutex<Configured>,
    state: watch::Sender<WorkerState>,
    progress: Mutex<Progress>,
}

/// How the worker is run now.
#[derive(Clone, Debug)]
struct Configured {
    /// Counts the changes: a worker started under an earlier number is not the one that is wanted now.
    generation: u64,
    config: WorkerConfig,
}

/// Texts done and asked for since the worker last had nothing to do.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    done: usize,
    total: usize,
}

#[derive(Clone)]
struct Lines {
    batches: mpsc::Sender<Batch>,
    control: mpsc::Sender<Control>,
}

impl fmt::Debug for Scorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scorer")
            .field("config", &self.inner.shared.configured().config)
            .finish_non_exhaustive()
    }
}

impl Scorer {
    /// A scorer whose worker is not started yet. Nothing is checked here: what is missing shows when it is needed.
    #[must_use]
    pub fn new(config: WorkerConfig) -> Self {
        let (state, _) = watch::channel(WorkerState::Stopped);
        let shared = Arc::new(Shared {
            config: Mutex::new(Configured {
                generation: 0,
                config,
            }),
            state,
            progress: Mutex::default(),
        });
        Self {
            inner: Arc::new(Inner {
                shared,
                supervisor: Mutex::new(None),
            }),
        }
    }

    /// The model that scores now, as its manifest names it. Does not start the worker.
    ///
    /// # Errors
    /// [`ScoringError::Missing`] or [`ScoringError::ModelRefused`] when there is no readable manifest, or none of weights for the
    /// engine.
    pub fn model(&self) -> Result<ModelRef, ScoringError> {
        let config = self.config();
        Ok(ModelManifest::read(&config.model_dir)?.model_ref_for(config.engine)?)
    }

    /// How the worker is run.
    #[must_use]
    pub fn config(&self) -> WorkerConfig {
        self.inner.shared.configured().config
    }

    /// Runs the worker another way from now on, such as with another model. One that runs is stopped, and texts being scored end
    /// with [`ScoringError::Stopped`]: no call returns scores of two ways of running.
    pub async fn reconfigure(&self, change: impl FnOnce(&mut WorkerConfig)) {
        {
            let mut now = self.inner.shared.lock_config();
            now.generation += 1;
            change(&mut now.config);
        }
        self.stop().await;
    }

    /// The worker's state, now and as it changes.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<WorkerState> {
        self.inner.shared.state.subscribe()
    }

    /// Scores `texts`, in their order. Starts the worker if it is not running. Has to be called inside a tokio runtime.
    ///
    /// A worker that dies or hangs is started again and the texts of the broken batch are sent one by one; one that brings
    /// it down twice by itself is left out and never sent again by this scorer. Dropping the future gives up the work.
    ///
    /// # Errors
    /// - [`ScoringError::Quarantined`] when texts had to be left out; it holds the scores of all others.
    /// - [`ScoringError::Missing`], [`ScoringError::ModelRefused`] at once when there is nothing to start.
    /// - [`ScoringError::WorkerFailed`], [`ScoringError::TimedOut`] when the worker does not come up after three attempts.
    /// - [`ScoringError::Cancelled`] within a second of `cancel`, [`ScoringError::Stopped`] by [`Scorer::stop`] and
    ///   [`Scorer::reconfigure`].
    pub async fn score(
        &self,
        texts: Vec<String>,
        cancel: &CancellationToken,
    ) -> Result<Vec<TextScore>, ScoringError> {
        if cancel.is_cancelled() {
            return Err(ScoringError::Cancelled);
        }
        let generation = self.inner.shared.configured().generation;
        let token = cancel.child_token();
        let _given_up_when_dropped = token.clone().drop_guard();
        let mut remaining = Pending::new(&self.inner.shared, texts.len());
        let mut outcomes: Vec<(usize, Outcome)> = Vec::with_capacity(texts.len());
        for batch in batches(texts) {
            let (indices, texts): (Vec<usize>, Vec<PreparedText>) = batch.into_iter().unzip();
            let count = indices.len();
            let (reply, answer) = oneshot::channel();
            let batch = Batch {
                texts,
                cancel: token.clone(),
                reply,
            };
            let scored = async {
                self.lines().batches.send(batch).await.map_err(|_| closed())?;
                answer.await.map_err(|_| closed())?
            };
            let found = tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(ScoringError::Cancelled),
                found = scored => found?,
            };
            remaining.finish(count);
            outcomes.extend(indices.into_iter().zip(found));
        }
        if self.inner.shared.configured().generation != generation {
            return Err(ScoringError::Stopped);
        }
        in_order(outcomes)
    }

    /// Stops the worker and waits until it is gone. Texts being scored end with [`ScoringError::Stopped`]; later ones start
    /// it again.
    pub async fn stop(&self) {
        let lines = self
            .inner
            .supervisor
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let Some(lines) = lines else { return };
        let (done, stopped) = oneshot::channel();
        if lines.control.send(Control::Stop(done)).await.is_ok() {
            // An error means that the supervisor ended, and the worker with it.
            let _ = stopped.await;
        }
    }

    /// The way to the supervisor; starts it if this is the first call or its runtime has ended.
    fn lines(&self) -> Lines {
        let mut slot = self
            .inner
            .supervisor
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match slot.as_ref() {
            Some(lines) if !lines.batches.is_closed() => lines.clone(),
            _ => {
                let (batches, batches_in) = mpsc::channel(16);
                let (control, control_in) = mpsc::channel(4);
                // Ends when the last sender, held in `slot`, is dropped with the last clone of the scorer.
                drop(tokio::spawn(
                    Supervisor::new(Arc::clone(&self.inner.shared)).run(batches_in, control_in),
                ));
                slot.insert(Lines { batches, control }).clone()
            }
        }
    }
}

impl Shared {
    fn lock_config(&self) -> MutexGuard<'_, Configured> {
        self.config.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn configured(&self) -> Configured {
        self.lock_config().clone()
    }

    /// Changes the count and shows it if the worker is scoring.
    fn count(&self, change: impl FnOnce(&mut Progress)) {
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut progress);
        let Progress { done, total } = *progress;
        if done >= total {
            *progress = Progress::default();
        }
        self.state.send_if_modified(|state| match state {
            WorkerState::Scoring { .. } if done >= total => {
                *state = WorkerState::Ready;
                true
            }
            WorkerState::Scoring {
                done: shown,
                total: of,
            } => {
                let changed = (*shown, *of) != (done, total);
                (*shown, *of) = (done, total);
                changed
            }
            _ => false,
        });
    }

    fn show(&self, state: WorkerState) {
        self.state.send_if_modified(|shown| {
            let changed = *shown != state;
            *shown = state;
            changed
        });
    }

    fn show_scoring(&self) {
        let Progress { done, total } = *self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        self.show(if total == 0 {
            WorkerState::Ready
        } else {
            WorkerState::Scoring { done, total }
        });
    }
}

/// The texts of one call that are not done; whatever ends the call takes them off the count.
struct Pending<'a> {
    shared: &'a Shared,
    left: usize,
}

impl<'a> Pending<'a> {
    fn new(shared: &'a Shared, count: usize) -> Self {
        shared.count(|progress| progress.total += count);
        Self { shared, left: count }
    }

    fn finish(&mut self, count: usize) {
        let count = count.min(self.left);
        self.left -= count;
        self.shared.count(|progress| progress.done += count);
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        self.finish(self.left);
    }
}

/// A text as it is sent.
struct PreparedText {
    text: String,
    /// Whether it had to be cut to be sent at all.
    cut: bool,
}

/// The texts in batches, each with its place. Texts of like length go together, which spares the model the padding.
fn batches(texts: Vec<String>) -> Vec<Vec<(usize, PreparedText)>> {
    let mut prepared: Vec<(usize, PreparedText)> = texts.into_iter().map(prepare).enumerate().collect();
    prepared.sort_by_key(|(_, prepared)| prepared.text.len());
    let mut batches: Vec<Vec<(usize, PreparedText)>> = Vec::new();
    let mut bytes = 0;
    for entry in prepared {
        let more = entry.1.text.len();
        match batches.last_mut() {
            Some(batch) if batch.len() < BATCH_TEXTS && bytes + more <= BATCH_BYTES => {
                bytes += more;
                batch.push(entry);
            }
            _ => {
                bytes = more;
                batches.push(vec![entry]);
            }
        }
    }
    batches
}

fn prepare(mut text: String) -> PreparedText {
    let cut = text.len() > TEXT_BYTES;
    if cut {
        text.truncate(text.floor_char_boundary(TEXT_BYTES));
    }
    PreparedText { text, cut }
}

/// Puts the outcomes in the order of their texts.
fn in_order(mut outcomes: Vec<(usize, Outcome)>) -> Result<Vec<TextScore>, ScoringError> {
    outcomes.sort_by_key(|(index, _)| *index);
    let mut texts = Vec::new();
    let mut scored = Vec::with_capacity(outcomes.len());
    for (index, outcome) in outcomes {
        match outcome {
            Outcome::Scored(score) => scored.push(Some(score)),
            Outcome::Quarantined { excerpt, reason } => {
                texts.push(QuarantinedText {
                    index,
                    excerpt,
                    reason,
                });
                scored.push(None);
            }
        }
    }
    if texts.is_empty() {
        Ok(scored.into_iter().flatten().collect())
    } else {
        Err(ScoringError::Quarantined { texts, scored })
    }
}

/// The supervisor ended before it answered: its runtime is shutting down.
fn closed() -> ScoringError {
    ScoringError::Stopped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_bounded_and_hold_every_text_once() {
        let texts: Vec<String> = (0..1000).map(|n| "x".repeat((n * 7919) % 3000)).collect();
        let found = batches(texts.clone());
        let mut seen: Vec<usize> = found.iter().flatten().map(|(index, _)| *index).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..1000).collect::<Vec<_>>());
        for batch in &found {
            assert!(batch.len() <= BATCH_TEXTS);
            assert!(batch.iter().map(|(_, p)| p.text.len()).sum::<usize>() <= BATCH_BYTES);
            assert!(batch.iter().all(|(index, p)| p.text == texts[*index] && !p.cut));
        }
    }

    #[test]
    fn an_endless_text_is_cut_and_says_so() {
        let prepared = prepare("é".repeat(TEXT_BYTES));
        assert!(prepared.cut && prepared.text.len() <= TEXT_BYTES && prepared.text.ends_with('é'));
    }
}
