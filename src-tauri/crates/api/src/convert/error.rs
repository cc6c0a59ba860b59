//! Which code an error has.

use std::sync::atomic::{AtomicU64, Ordering};

use promptpal_app::{AppError, ErrorKind};

use crate::{ApiError, ErrorCode};

static NEXT: AtomicU64 = AtomicU64::new(1);

impl ApiError {
    /// An error with an id of its own, which is written to the log together with it.
    #[must_use]
    pub fn new(code: ErrorCode, message: String, hint: Option<String>, retryable: bool) -> Self {
        let id = format!(
            "{:x}-{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        if code == ErrorCode::Internal {
            tracing::error!(%id, %message, "internal error");
        } else {
            tracing::info!(%id, ?code, %message, "answered with an error");
        }
        Self {
            code,
            message,
            hint,
            retryable,
            id,
        }
    }
}

impl From<&AppError> for ApiError {
    fn from(error: &AppError) -> Self {
        let mut message = error.to_string();
        // Causes that the top line does not repeat, for people who know what to make of them.
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            let text = inner.to_string();
            if !message.contains(&text) {
                message = format!("{message}: {text}");
            }
            cause = inner.source();
        }
        Self::new(error.kind().into(), message, error.hint(), error.is_retryable())
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        Self::from(&error)
    }
}

impl From<ErrorKind> for ErrorCode {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Invalid => Self::Invalid,
            ErrorKind::Offline => Self::Offline,
            ErrorKind::RateLimited => Self::RateLimited,
            ErrorKind::Remote => Self::Remote,
            ErrorKind::Denied => Self::Denied,
            ErrorKind::Busy => Self::Busy,
            ErrorKind::Cancelled => Self::Cancelled,
            ErrorKind::DiskFull => Self::DiskFull,
            ErrorKind::DatabaseLocked => Self::DatabaseLocked,
            ErrorKind::DatabaseNewer => Self::DatabaseNewer,
            ErrorKind::Database => Self::Database,
            ErrorKind::File => Self::File,
            ErrorKind::SecretStoreMissing => Self::SecretStoreMissing,
            ErrorKind::SignInExpired => Self::SignInExpired,
            ErrorKind::ModelMissing => Self::ModelMissing,
            ErrorKind::OutOfMemory => Self::OutOfMemory,
            ErrorKind::Internal => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_for_people_has_words_a_hint_and_an_id_of_its_own() {
        let first = ApiError::from(&AppError::Busy("Fetch BTCUSDT 1h".to_owned()));
        assert_eq!(first.code, ErrorCode::Busy);
        assert_eq!(first.message, "Fetch BTCUSDT 1h is under way already");
        assert!(first.hint.is_some() && first.retryable);
        assert_ne!(first.id, ApiError::from(&AppError::Cancelled).id);
    }
}
