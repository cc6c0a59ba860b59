//! Why a model cannot be had or used.

use std::io;
use std::path::{Path, PathBuf};

use crate::ManifestError;

/// Why a model cannot be downloaded, taken from a folder or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The hub cannot be reached, or the connection broke.
    #[error("{host} cannot be reached")]
    Unreachable {
        /// Where.
        host: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The hub did not answer in time.
    #[error("{host} did not answer in time")]
    Timeout {
        /// Where.
        host: String,
    },
    /// The hub has no such model or file.
    #[error("{host} has no {what}")]
    NotThere {
        /// Where.
        host: String,
        /// What was asked for.
        what: String,
    },
    /// The hub refuses, or answers what it should not.
    #[error("{host} {problem}")]
    Refused {
        /// Where.
        host: String,
        /// What it said.
        problem: String,
    },
    /// What arrived is not what the hub said it would be.
    #[error("{file} is not the file that the hub names: {problem}")]
    Changed {
        /// Which.
        file: String,
        /// What differs.
        problem: String,
    },
    /// The files are no model that can be run, or not whole.
    #[error("this is no model that can be used: {reason}")]
    Unfit {
        /// Why.
        reason: String,
    },
    /// A model's own manifest does not fit its files.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A file on this machine.
    #[error("cannot {doing} {}", .path.display())]
    File {
        /// What was being done: "read".
        doing: &'static str,
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The user stopped it.
    #[error("cancelled")]
    Cancelled,
}

impl ModelError {
    pub(crate) fn unfit(reason: impl Into<String>) -> Self {
        Self::Unfit {
            reason: reason.into(),
        }
    }

    /// For `map_err`.
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }

    /// Whether the same may work later without anybody changing anything. What was downloaded by then is kept.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. } | Self::Timeout { .. } | Self::Changed { .. }
        )
    }
}
