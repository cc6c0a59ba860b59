//! The status bar.

use promptpal_domain::{ModelRef, Timestamp};
use promptpal_sentiment::{MissingPart, ScoringError, WorkerFault, WorkerState};

use crate::live::LiveState;
use crate::{App, AppError, EngineView};

/// What the status bar shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Size of the database with its log.
    pub store_bytes: u64,
    /// The live connection.
    pub live: LiveState,
    /// The scoring worker.
    pub worker: WorkerState,
    /// What scores.
    pub engine: EngineView,
    /// The current model, if it is there.
    pub model: Option<ModelRef>,
    /// Articles that wait for their score.
    pub unscored: u64,
    /// The program's clock.
    pub now: Timestamp,
}

impl App {
    /// How the program stands.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn status(&self) -> Result<Status, AppError> {
        let model = self.model();
        let unscored = match &model {
            Ok(model) => self.store().unscored_count(model).await?,
            Err(_) => 0,
        };
        let worker = match (self.worker_state(), &model) {
            (WorkerState::Stopped, Err(AppError::Scoring(ScoringError::ModelRefused { reason }))) => {
                WorkerState::Failed {
                    fault: WorkerFault::ModelRefused,
                    reason: reason.clone(),
                }
            }
            (WorkerState::Stopped, Err(error)) => WorkerState::Missing {
                part: MissingPart::Model,
                what: error.to_string(),
            },
            (state, _) => state,
        };
        Ok(Status {
            store_bytes: self.store().size_bytes()?,
            live: self.live_state().borrow().clone(),
            worker,
            engine: self.engine(),
            model: model.ok(),
            unscored,
            now: self.inner.clock.now(),
        })
    }
}
