//! What callers see of the worker: its state and its scores.

use promptpal_domain::Sentiment;

/// What the model says about one text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextScore {
    /// The probabilities: softmax of the logits.
    pub sentiment: Sentiment,
    /// The model's raw outputs for positive, negative and neutral, in this order whatever the model's own order is.
    pub logits: [f32; 3],
    /// Whether the text was longer than the model can read and only its beginning was scored.
    pub truncated: bool,
}

/// What the scoring worker is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkerState {
    /// Not running; the next text starts it. No model is in memory.
    Stopped,
    /// Started, loading its model.
    Starting,
    /// Running, nothing to do.
    Ready,
    /// Scoring.
    Scoring {
        /// Texts finished since the worker last had nothing to do.
        done: usize,
        /// Texts asked for since then.
        total: usize,
    },
    /// It crashed, hung or refused its model. The next text tries again, after a pause that grows with every failure.
    Failed {
        /// What kind of failure it was.
        fault: WorkerFault,
        /// What happened, in English.
        reason: String,
    },
    /// The program, a library of it or the model is not installed.
    Missing {
        /// Which of them.
        part: MissingPart,
        /// What is not there, in English, with its path.
        what: String,
    },
}

/// How the scoring worker failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerFault {
    /// The system does not start it, or it is not the program that belongs here.
    CannotStart,
    /// It did not load its model in time.
    NotReady,
    /// It refused the model.
    ModelRefused,
    /// It ended by itself or was killed by the system.
    Ended,
    /// The memory did not suffice for it.
    OutOfMemory,
    /// It gave no sign of progress for too long.
    Hung,
    /// What it says makes no sense.
    Nonsense,
}

/// What scoring needs and is not installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingPart {
    /// The scoring program.
    Program,
    /// A library that the scoring program needs.
    Library,
    /// The model, or a file of it.
    Model,
}
