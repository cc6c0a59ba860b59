//! The task that owns the worker process: starts, feeds, watches, restarts and stops it.

use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::Sentiment;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::protocol::{FaultCode, RawScore, Reply, Request};
use crate::scorer::pauses::pause;
use crate::scorer::process::{Line, Worker, excerpt};
use crate::scorer::suspects::Suspects;
use crate::scorer::{Configured, PreparedText, Shared};
use crate::{ScoringError, TextScore, WorkerFault, WorkerState, memory};

/// Failed starts in a row after which a caller is told.
const STARTS: u32 = 3;
/// Attempts at a single text, each by a fresh worker, after which a caller is told that the memory does not suffice.
const TRIES_SHORT_OF_MEMORY: u32 = 2;
/// How long a cancelled request may keep the worker busy before it is killed.
const CANCEL_GRACE: Duration = Duration::from_secs(2);

/// Some texts of one caller.
pub(super) struct Batch {
    pub(super) texts: Vec<PreparedText>,
    pub(super) cancel: CancellationToken,
    pub(super) reply: oneshot::Sender<Result<Vec<Outcome>, ScoringError>>,
}

/// What became of one text.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Scored(TextScore),
    Quarantined { excerpt: String, reason: String },
}

/// What else the supervisor is told.
pub(super) enum Control {
    /// Stop the worker, then say so.
    Stop(oneshot::Sender<()>),
}

/// Why texts sent to the worker came back without scores.
enum Attempt {
    /// The worker died, hung or talked nonsense and is gone, or it failed on these texts and is still there.
    Broken(String),
    /// The worker ran out of memory on these texts and is gone. They are not to blame: no text is longer than the model reads.
    OutOfMemory(String),
    /// There is no point in going on.
    Over(ScoringError),
}

pub(super) struct Supervisor {
    shared: Arc<Shared>,
    worker: Option<Worker>,
    /// Under which configuration the worker was started, and texts became suspect.
    generation: u64,
    suspects: Suspects,
    failures: u32,
    not_before: Instant,
    next_id: u64,
}

impl Supervisor {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            worker: None,
            generation: 0,
            suspects: Suspects::default(),
            failures: 0,
            not_before: Instant::now(),
            next_id: 0,
        }
    }

    /// Works until the last scorer is dropped; then the worker is killed with `self`.
    pub(super) async fn run(
        mut self,
        mut batches: mpsc::Receiver<Batch>,
        mut control: mpsc::Receiver<Control>,
    ) {
        let mut idle_since = Instant::now();
        loop {
            let running = self.worker.is_some();
            tokio::select! {
                biased;
                Some(Control::Stop(done)) = control.recv() => self.stop(Some(done)).await,
                batch = batches.recv() => {
                    let Some(batch) = batch else { return };
                    self.serve(batch, &mut control).await;
                    idle_since = Instant::now();
                }
                line = next_line(&mut self.worker) => self.unasked(line).await,
                () = sleep_until(idle_since + self.shared.configured().config.idle_stop), if running => self.stop(None).await,
            }
        }
    }

    async fn stop(&mut self, done: Option<oneshot::Sender<()>>) {
        if let Some(worker) = self.worker.take() {
            worker.stop().await;
        }
        self.shared.show(WorkerState::Stopped);
        if let Some(done) = done {
            // Whoever asked may have lost interest.
            let _ = done.send(());
        }
    }

    /// The worker said something or ended although it was not asked anything.
    async fn unasked(&mut self, line: Option<Line>) {
        let (fault, reason) = match line {
            Some(line) => {
                let reason = format!("it spoke without being asked: {}", line.excerpt());
                (WorkerFault::Nonsense, reason)
            }
            None => match self.worker.as_mut() {
                Some(worker) => (WorkerFault::Ended, worker.end_report().await),
                None => return,
            },
        };
        self.broken(fault, &reason).await;
    }

    async fn serve(&mut self, batch: Batch, control: &mut mpsc::Receiver<Control>) {
        let Batch { texts, cancel, reply } = batch;
        if reply.is_closed() {
            return;
        }
        let mut stop = None;
        let answer = tokio::select! {
            biased;
            Some(Control::Stop(done)) = control.recv() => {
                stop = Some(done);
                Err(ScoringError::Stopped)
            }
            answer = self.score(&texts, &cancel) => answer,
        };
        // The caller may have given up; nobody else waits for the answer.
        let _ = reply.send(answer);
        if stop.is_some() {
            // In the middle of a request the worker would not listen.
            if let Some(mut worker) = self.worker.take() {
                worker.kill().await;
            }
            self.stop(stop).await;
        }
    }

    /// Scores a batch, text by text where the worker does not survive it.
    async fn score(
        &mut self,
        texts: &[PreparedText],
        cancel: &CancellationToken,
    ) -> Result<Vec<Outcome>, ScoringError> {
        let mut outcomes: Vec<Option<Outcome>> = texts.iter().map(|text| self.quarantined(text)).collect();
        let open = |outcomes: &[Option<Outcome>]| {
            texts
                .iter()
                .zip(outcomes)
                .enumerate()
                .filter(|(_, (_, o))| o.is_none())
                .map(|(i, (t, _))| (i, t))
                .collect::<Vec<_>>()
        };
        let together = open(&outcomes);
        if together.len() > 1 {
            match self
                .attempt(
                    &together.iter().map(|(_, text)| *text).collect::<Vec<_>>(),
                    cancel,
                )
                .await
            {
                Ok(scores) => place(
                    &mut outcomes,
                    together.iter().map(|(index, _)| *index).zip(scores),
                ),
                Err(Attempt::Over(error)) => return Err(error),
                // One text needs less memory than all, too.
                Err(Attempt::Broken(reason) | Attempt::OutOfMemory(reason)) => tracing::warn!(
                    reason,
                    texts = together.len(),
                    "scoring one by one after a failure"
                ),
            }
        }
        for (index, text) in open(&outcomes) {
            let outcome = self.score_alone(text, cancel).await?;
            place(&mut outcomes, [(index, outcome)]);
        }
        Ok(outcomes.into_iter().flatten().collect())
    }

    /// Scores one text, as often as it takes to have a score or a verdict.
    async fn score_alone(
        &mut self,
        text: &PreparedText,
        cancel: &CancellationToken,
    ) -> Result<Outcome, ScoringError> {
        let mut short_of_memory = 0;
        loop {
            if let Some(outcome) = self.quarantined(text) {
                return Ok(outcome);
            }
            match self.attempt(&[text], cancel).await {
                Ok(scores) => {
                    if let Some(outcome) = scores.into_iter().next() {
                        return Ok(outcome);
                    }
                }
                Err(Attempt::Over(error)) => return Err(error),
                Err(Attempt::Broken(reason)) => {
                    if !self.suspects.strike(&text.text, &reason) {
                        return Err(ScoringError::WorkerFailed { reason });
                    }
                }
                Err(Attempt::OutOfMemory(reason)) => {
                    short_of_memory += 1;
                    if short_of_memory >= TRIES_SHORT_OF_MEMORY {
                        return Err(ScoringError::OutOfMemory { reason });
                    }
                }
            }
        }
    }

    fn quarantined(&self, text: &PreparedText) -> Option<Outcome> {
        let reason = self.suspects.verdict(&text.text)?.to_owned();
        Some(Outcome::Quarantined {
            excerpt: excerpt(&text.text),
            reason,
        })
    }

    /// Sends texts to the worker once, after starting it if need be.
    async fn attempt(
        &mut self,
        texts: &[&PreparedText],
        cancel: &CancellationToken,
    ) -> Result<Vec<Outcome>, Attempt> {
        self.ensure_running(cancel).await.map_err(Attempt::Over)?;
        self.shared.show_scoring();
        self.next_id += 1;
        let id = self.next_id;
        let request = Request::Score {
            id,
            texts: texts.iter().map(|text| text.text.clone()).collect(),
        };
        let answer = self.exchange(id, &request, cancel).await;
        match answer {
            Ok((scores, truncated)) if scores.len() == texts.len() && truncated.len() == texts.len() => {
                let cut = texts.iter().map(|text| text.cut);
                let outcomes: Option<Vec<Outcome>> = scores
                    .iter()
                    .zip(truncated)
                    .zip(cut)
                    .map(|((raw, short), cut)| outcome(raw, short || cut))
                    .collect();
                match outcomes {
                    Some(outcomes) => {
                        self.failures = 0;
                        self.suspects.worker_works();
                        Ok(outcomes)
                    }
                    None => {
                        let reason = "its scores are no probabilities";
                        Err(self.broken(WorkerFault::Nonsense, reason).await)
                    }
                }
            }
            Ok((scores, _)) => {
                let reason = format!("it answered {} texts with {} scores", texts.len(), scores.len());
                Err(self.broken(WorkerFault::Nonsense, &reason).await)
            }
            Err(failed) => Err(failed),
        }
    }

    /// Sends a request and waits for its answer.
    async fn exchange(
        &mut self,
        id: u64,
        request: &Request,
        cancel: &CancellationToken,
    ) -> Result<(Vec<RawScore>, Vec<bool>), Attempt> {
        let patience = self.shared.configured().config.request_timeout;
        let Some(worker) = self.worker.as_mut() else {
            return Err(Attempt::Broken("it is not running".to_owned()));
        };
        match timeout(patience, worker.send(request)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => {
                let reason = worker.end_report().await;
                return Err(self.broken(WorkerFault::Ended, &reason).await);
            }
            Err(_) => return Err(self.hung().await),
        }
        loop {
            let line = tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(self.give_up(id).await),
                line = worker.next_within(patience) => line,
            };
            match line {
                Err(_) => return Err(self.hung().await),
                Ok(Some(Line::Reply(Reply::Progress { id: of, .. }))) if of == id => {}
                Ok(Some(Line::Reply(Reply::Scores {
                    id: of,
                    scores,
                    truncated,
                }))) if of == id => return Ok((scores, truncated)),
                Ok(Some(Line::Reply(Reply::Error { id: Some(of), error }))) if of == id => {
                    return Err(match error.code {
                        FaultCode::Internal if memory::ran_out(&error.message).is_some() => {
                            self.broken(WorkerFault::OutOfMemory, &error.message).await
                        }
                        FaultCode::Internal => Attempt::Broken(error.message),
                        _ => {
                            let reason = format!("it refused a request: {}", error.message);
                            self.broken(WorkerFault::Nonsense, &reason).await
                        }
                    });
                }
                Ok(Some(other)) => {
                    let reason = format!("it talks nonsense: {}", other.excerpt());
                    return Err(self.broken(WorkerFault::Nonsense, &reason).await);
                }
                Ok(None) => {
                    let reason = worker.end_report().await;
                    return Err(self.broken(WorkerFault::Ended, &reason).await);
                }
            }
        }
    }

    /// Cancels a request. Keeps the worker if it answers soon, so that the next caller finds it warm.
    async fn give_up(&mut self, id: u64) -> Attempt {
        let answered = async |worker: &mut Worker| {
            if worker.send(&Request::Cancel { id }).await.is_err() {
                return false;
            }
            loop {
                match worker.next().await {
                    Some(Line::Reply(Reply::Progress { id: of, .. })) if of == id => {}
                    Some(Line::Reply(Reply::Scores { id: of, .. } | Reply::Error { id: Some(of), .. })) => {
                        return of == id;
                    }
                    _ => return false,
                }
            }
        };
        let settled = match self.worker.as_mut() {
            Some(worker) => timeout(CANCEL_GRACE, answered(worker)).await.unwrap_or(false),
            None => true,
        };
        if !settled && let Some(mut worker) = self.worker.take() {
            worker.kill().await;
            self.shared.show(WorkerState::Stopped);
        }
        Attempt::Over(ScoringError::Cancelled)
    }

    async fn hung(&mut self) -> Attempt {
        let patience = self.shared.configured().config.request_timeout.as_secs_f32();
        let reason = format!("it gave no sign of progress for {patience} s and was killed");
        self.broken(WorkerFault::Hung, &reason).await
    }

    /// Brings the worker down for `reason`, which may be that the memory ran out, whatever else it looks like.
    async fn broken(&mut self, fault: WorkerFault, reason: &str) -> Attempt {
        if let Some(reason) = memory::ran_out(reason) {
            self.bring_down(WorkerFault::OutOfMemory, &reason).await;
            return Attempt::OutOfMemory(reason);
        }
        self.bring_down(fault, reason).await;
        Attempt::Broken(reason.to_owned())
    }

    /// Ends a worker that cannot be trusted any more and sets the time before which there is no other.
    async fn bring_down(&mut self, fault: WorkerFault, reason: &str) {
        if let Some(mut worker) = self.worker.take() {
            worker.kill().await;
        }
        tracing::warn!(reason, "the scoring worker failed");
        self.note_failure();
        self.shared.show(WorkerState::Failed {
            fault,
            reason: reason.to_owned(),
        });
    }

    fn note_failure(&mut self) {
        self.not_before = Instant::now() + pause(self.failures);
        self.failures = self.failures.saturating_add(1);
    }

    /// Starts the worker if it is not running as it should. Gives up after [`STARTS`] failed starts.
    async fn ensure_running(&mut self, cancel: &CancellationToken) -> Result<(), ScoringError> {
        let Configured { generation, config } = self.shared.configured();
        if generation != self.generation {
            if let Some(mut worker) = self.worker.take() {
                worker.kill().await;
            }
            // What another model or engine did not survive says nothing of this one.
            (self.suspects, self.failures, self.not_before) = (Suspects::default(), 0, Instant::now());
            self.generation = generation;
        }
        let mut starts = 0;
        while self.worker.is_none() {
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Err(ScoringError::Cancelled),
                () = sleep_until(self.not_before) => {}
            }
            self.shared.show(WorkerState::Starting);
            let started = tokio::select! {
                biased;
                () = cancel.cancelled() => {
                    self.shared.show(WorkerState::Stopped);
                    return Err(ScoringError::Cancelled);
                }
                started = Worker::start(&config) => started,
            };
            match started {
                Ok(worker) => self.worker = Some(worker),
                Err(ScoringError::Missing { part, what }) => {
                    self.shared.show(WorkerState::Missing {
                        part,
                        what: what.clone(),
                    });
                    return Err(ScoringError::Missing { part, what });
                }
                Err(error) => {
                    self.bring_down(error.fault(), &error.to_string()).await;
                    starts += 1;
                    if starts >= STARTS || matches!(error, ScoringError::ModelRefused { .. }) {
                        return Err(error);
                    }
                }
            }
        }
        Ok(())
    }
}

/// The next line of a worker that is there; waits for ever when there is none.
async fn next_line(worker: &mut Option<Worker>) -> Option<Line> {
    match worker {
        Some(worker) => worker.next().await,
        None => std::future::pending().await,
    }
}

fn place(outcomes: &mut [Option<Outcome>], found: impl IntoIterator<Item = (usize, Outcome)>) {
    for (index, outcome) in found {
        if let Some(slot) = outcomes.get_mut(index) {
            *slot = Some(outcome);
        }
    }
}

fn outcome(raw: &RawScore, truncated: bool) -> Option<Outcome> {
    let sentiment = Sentiment::new(raw.positive, raw.negative, raw.neutral).ok()?;
    Some(Outcome::Scored(TextScore {
        sentiment,
        logits: raw.logits,
        truncated,
    }))
}
