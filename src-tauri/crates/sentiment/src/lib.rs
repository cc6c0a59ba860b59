//! Sentiment of texts: what a model says about a sentence, how an article is cut into sentences, how their scores become the
//! article's, how good a model is on texts that people have labelled, and where models come from: a catalogue, a hub, a folder.
//!
//! The model runs in a program of its own (package `promptpal-sentiment-worker`), because libtorch is large and a process that
//! links it does not start when one of its files is missing. There are two such programs, one for each [`Engine`]. [`Scorer`] is
//! their client: it starts the one that is wanted on demand, stops it when idle, restarts it after a crash and kills it when it
//! hangs.
//!
//! # Invariants
//! - The worker can be missing, refuse, crash or hang: that is a [`WorkerState`] and an error, never a wait without end.
//! - A text is never cut in silence: [`passages()`] splits long sentences, and a score says when the model saw only a beginning.
//! - A score belongs to a [`ModelRef`](promptpal_domain::ModelRef): id and SHA-256 of the weights.
//! - What comes from a hub or a folder is checked before it is a model: checksums, the kind of network, names and shapes of its tensors.
//!   Weights that torch saved are read without running anything in them.
//! - No process outlives its [`Scorer`]: the worker is killed when the last clone is dropped, and ends by itself when its
//!   input closes.
//!
//! # Not here
//! The neural network (`sentiment-worker`), storing scores (`store`), which articles are due and series over time (`app`).
#![warn(missing_docs)]

mod aggregate;
mod assemble;
mod catalogue;
mod checkpoint;
mod config;
mod engine;
mod error;
mod evaluation;
mod hub;
mod layout;
mod manifest;
mod memory;
mod model_error;
mod passages;
pub mod protocol;
mod scorer;
mod sentences;
mod state;
mod tensors;

pub use aggregate::{TITLE_SHARE, aggregate};
pub use assemble::{ModelFacts, assemble, check_texts, is_id};
pub use catalogue::CatalogueModel;
pub use config::WorkerConfig;
pub use engine::{Engine, EngineNameError};
pub use error::{QuarantinedText, ScoringError};
pub use evaluation::{
    Agreement, Calibration, CalibrationBin, Evaluation, Label, LabelAgreement, LabelNameError, LabelNames,
    LabelledFile, LabelledFileError, LabelledText, RefusedRow, WordList,
};
pub use hub::{Hub, HubConfig, HubFile, HubModel};
pub use manifest::{FastAgreement, ManifestError, ModelFile, ModelManifest};
pub use model_error::ModelError;
pub use passages::{Passage, passages};
pub use scorer::Scorer;
pub use sentences::sentences;
pub use state::{MissingPart, TextScore, WorkerFault, WorkerState};
