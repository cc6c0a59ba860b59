//! What can go wrong in a use case.

use std::path::PathBuf;

use promptpal_account::AccountError;
use promptpal_backtest::{BacktestError, ScriptError};
use promptpal_indicators::IndicatorError;
use promptpal_market::MarketError;
use promptpal_news::NewsError;
use promptpal_sentiment::{ModelError, ScoringError};
use promptpal_store::StoreError;

use crate::error_kind::{ErrorKind, kind_of};

/// Why a use case did not do what was asked. The causes of the crates below stay whole.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The exchange.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// A news site.
    #[error(transparent)]
    News(#[from] NewsError),
    /// The scoring worker.
    #[error(transparent)]
    Scoring(#[from] ScoringError),
    /// A model that is to come here.
    #[error(transparent)]
    Model(ModelError),
    /// The engine.
    #[error(transparent)]
    Backtest(#[from] BacktestError),
    /// A strategy's script.
    #[error(transparent)]
    Script(#[from] ScriptError),
    /// An indicator.
    #[error(transparent)]
    Indicator(#[from] IndicatorError),
    /// Sign-in.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The request makes no sense as it stands.
    #[error("{message}")]
    Invalid {
        /// What is wrong.
        message: String,
        /// What to do instead.
        hint: String,
    },
    /// There is no such thing.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its number or name.
        id: String,
    },
    /// The same work is under way.
    #[error("{0} is under way already")]
    Busy(String),
    /// The user stopped it.
    #[error("cancelled")]
    Cancelled,
    /// A file could not be read or written.
    #[error("cannot {doing} {}: {source}", path.display())]
    File {
        /// What was being done: "read".
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The configuration file is wrong.
    #[error("{} is not a valid configuration: {reason}", file.display())]
    Config {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The system names no folder for the user's data.
    #[error("the system names no home folder for this user")]
    NoHome,
    /// The updater.
    #[error("checking for or installing an update failed: {0}")]
    Update(String),
    /// The system could not open something.
    #[error("the system could not open it: {0}")]
    Opening(String),
    /// A mistake of ours.
    #[error("an internal task ended before its time: {0}")]
    Internal(String),
}

impl AppError {
    /// A request that makes no sense, with what to do instead.
    pub fn invalid(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Invalid {
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// The updater's own words.
    #[must_use]
    pub fn update(reason: String) -> Self {
        Self::Update(reason)
    }

    /// The system's own words on why nothing opened.
    #[must_use]
    pub fn opening(reason: String) -> Self {
        Self::Opening(reason)
    }
}

impl AppError {
    /// Whether the user stopped it.
    #[must_use]
    pub const fn is_cancelled(&self) -> bool {
        matches!(
            self,
            Self::Cancelled
                | Self::Market(MarketError::Cancelled)
                | Self::Scoring(ScoringError::Cancelled)
                | Self::Backtest(BacktestError::Cancelled)
                | Self::Account(AccountError::Cancelled)
        )
    }

    /// The short word for it.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        kind_of(self)
    }

    /// Whether the same request may work later without anybody changing anything.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Market(error) => error.is_retryable(),
            Self::News(error) => error.is_retryable(),
            Self::Account(error) => error.is_retryable(),
            Self::Model(error) => error.is_retryable(),
            Self::Store(StoreError::Locked { .. } | StoreError::DiskFull { .. }) => true,
            Self::Scoring(
                ScoringError::TimedOut { .. }
                | ScoringError::WorkerFailed { .. }
                | ScoringError::OutOfMemory { .. },
            ) => true,
            Self::Busy(_) | Self::Update(_) => true,
            _ => false,
        }
    }

    /// What a person can do next.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Market(error) => error.advice(),
            Self::Invalid { hint, .. } => return Some(hint.clone()),
            Self::Script(error) => return error.hint.clone(),
            Self::Backtest(BacktestError::Script(error)) => return error.hint.clone(),
            Self::Store(error) => return store_hint(error).map(str::to_owned),
            Self::Scoring(ScoringError::Missing { .. }) => {
                "Install the part that is missing: `promptpal doctor` names its place."
            }
            Self::Scoring(ScoringError::ModelRefused { .. }) => {
                "Restore the model's folder from the installation."
            }
            Self::Scoring(ScoringError::OutOfMemory { .. }) => {
                "Close other programs or choose the fast engine, which needs less. It is tried again by itself."
            }
            Self::Model(ModelError::Unreachable { .. } | ModelError::Timeout { .. }) => {
                "Check the internet connection and start it again: what has arrived is kept."
            }
            Self::Model(ModelError::Changed { .. }) => "Start it again: what did not fit was thrown away.",
            Self::Model(ModelError::Unfit { .. } | ModelError::Manifest(_)) => {
                "Take the whole folder of a BERT classifier of positive, negative and neutral."
            }
            Self::Scoring(_) => "Try again; the log has the worker's own words.",
            Self::News(NewsError::AddressRefused { .. }) => {
                "Only addresses on the public internet are fetched."
            }
            Self::News(NewsError::NotFeed { .. }) => "Give the address of an RSS or Atom feed.",
            Self::News(error) if error.is_retryable() => {
                "Check the internet connection; it is tried again by itself."
            }
            Self::Account(AccountError::NotConfigured) => "Set the issuer's address in the settings first.",
            Self::Account(AccountError::Expired | AccountError::NotSignedIn) => "Sign in again.",
            Self::Busy(_) => "Wait for it to end, or cancel it.",
            Self::Config { .. } => "Mend the file, or move it away.",
            Self::NoHome => "Set PROMPTPAL_HOME to a folder for the program's data.",
            Self::Update(_) => "The program goes on as it is; try again later.",
            Self::Internal(_) => "This is a mistake of ours: please report it with the log.",
            _ => return None,
        };
        Some(text.to_owned())
    }
}

/// What a person can do when the store refuses.
pub(crate) const fn store_hint(error: &StoreError) -> Option<&'static str> {
    Some(match error {
        StoreError::DatabaseNewer { .. } => {
            "Install the newest version of Promptpal; this one leaves the file as it is."
        }
        StoreError::DiskFull { .. } => {
            "Make room on the disk, then try again. Nothing that was stored is lost."
        }
        StoreError::ReadOnly { .. } => "Make the file and its folder writable, or choose another database.",
        StoreError::Locked { .. } => "Close the program that keeps the database busy, then try again.",
        StoreError::Corrupt { .. } => "Restore the file from a backup, or move it away to begin anew.",
        _ => return None,
    })
}

impl From<tokio::task::JoinError> for AppError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::Internal(error.to_string())
    }
}

/// An address that may be handed to the system's browser.
///
/// # Errors
/// [`AppError::Invalid`] for anything but http and https: news is hostile, and a `file:` link is no article.
pub fn web_link(url: &str) -> Result<String, AppError> {
    match url::Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(parsed.into()),
        _ => Err(AppError::invalid(
            format!("'{url}' is not a web address"),
            "Only http and https addresses are opened.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        assert!(web_link("https://example.org/a").is_ok());
        for refused in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "smb://x",
            "nonsense",
            "",
        ] {
            assert!(web_link(refused).is_err(), "{refused}");
        }
    }
}
