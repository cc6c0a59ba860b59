//! Why there is no score.

use std::time::Duration;

use crate::{ManifestError, MissingPart, TextScore, WorkerFault};

/// A text that brought the worker down twice and is not sent again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarantinedText {
    /// Its place in the list that was to be scored.
    pub index: usize,
    /// How it begins.
    pub excerpt: String,
    /// What it did.
    pub reason: String,
}

/// Why there is no score.
#[derive(Debug, thiserror::Error)]
pub enum ScoringError {
    /// The worker, a library of it or the model is not installed.
    #[error("{what} is missing")]
    Missing {
        /// Which of them.
        part: MissingPart,
        /// What is not there.
        what: String,
    },
    /// The model's folder is damaged, half copied or of another kind.
    #[error("the sentiment model was refused: {reason}")]
    ModelRefused {
        /// Why, in the words of whoever refused it.
        reason: String,
    },
    /// The worker cannot be started, or does not stay up.
    #[error("the scoring worker failed: {reason}")]
    WorkerFailed {
        /// What it did last.
        reason: String,
    },
    /// The memory does not suffice to load the model, or to score a single text.
    #[error("the memory does not suffice for scoring: {reason}")]
    OutOfMemory {
        /// The worker's own words.
        reason: String,
    },
    /// The worker was started several times and each time killed, because it did not load its model in time.
    #[error("the scoring worker was not ready within {} s", .after.as_secs_f32())]
    TimedOut {
        /// How long it was waited for.
        after: Duration,
    },
    /// Some texts bring the worker down. All others were scored.
    #[error("{} of {} texts bring the scoring worker down and are left out", .texts.len(), .scored.len())]
    Quarantined {
        /// Which.
        texts: Vec<QuarantinedText>,
        /// The scores of all texts in the order asked, `None` for those left out.
        scored: Vec<Option<TextScore>>,
    },
    /// The caller gave up.
    #[error("scoring was cancelled")]
    Cancelled,
    /// The worker was stopped by [`Scorer::stop`](crate::Scorer::stop) or [`Scorer::reconfigure`](crate::Scorer::reconfigure)
    /// while it was scoring.
    #[error("the scoring worker was stopped")]
    Stopped,
}

impl From<ManifestError> for ScoringError {
    fn from(error: ManifestError) -> Self {
        match error {
            ManifestError::Missing(path) => Self::Missing {
                part: MissingPart::Model,
                what: format!("the sentiment model's {}", path.display()),
            },
            other => Self::ModelRefused {
                reason: other.to_string(),
            },
        }
    }
}

impl ScoringError {
    /// How the worker failed, where a start of it ended with this.
    pub(crate) fn fault(&self) -> WorkerFault {
        match self {
            Self::ModelRefused { .. } => WorkerFault::ModelRefused,
            Self::TimedOut { .. } => WorkerFault::NotReady,
            Self::OutOfMemory { .. } => WorkerFault::OutOfMemory,
            Self::Missing { .. }
            | Self::WorkerFailed { .. }
            | Self::Quarantined { .. }
            | Self::Cancelled
            | Self::Stopped => WorkerFault::CannotStart,
        }
    }
}
