//! Which code an error has.

use std::sync::atomic::{AtomicU64, Ordering};

use promptpal_app::AppError;
use promptpal_app::causes::{
    AccountError, BacktestError, MarketError, NewsError, ScoringError, StoreError,
};

use crate::{ApiError, ErrorCode};

static NEXT: AtomicU64 = AtomicU64::new(1);

impl ApiError {
    /// An error with an id of its own, which is written to the log together with it.
    #[must_use]
    pub fn new(code: ErrorCode, message: String, hint: Option<String>, retryable: bool) -> Self {
        let id = format!("{:x}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        if code == ErrorCode::Internal {
            tracing::error!(%id, %message, "internal error");
        } else {
            tracing::info!(%id, ?code, %message, "answered with an error");
        }
        Self { code, message, hint, retryable, id }
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
        Self::new(code(error), message, error.hint(), error.is_retryable())
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        Self::from(&error)
    }
}

fn code(error: &AppError) -> ErrorCode {
    if error.is_cancelled() {
        return ErrorCode::Cancelled;
    }
    match error {
        AppError::Store(error) => store(error),
        AppError::Market(error) => market(error),
        AppError::News(error) => news(error),
        AppError::Scoring(error) => scoring(error),
        AppError::Account(error) => account(error),
        AppError::Backtest(BacktestError::Cancelled) => ErrorCode::Cancelled,
        AppError::Backtest(_) | AppError::Script(_) | AppError::Indicator(_) => ErrorCode::Invalid,
        AppError::Invalid { .. } | AppError::Config { .. } => ErrorCode::Invalid,
        AppError::NotFound { .. } => ErrorCode::NotFound,
        AppError::Busy(_) => ErrorCode::Busy,
        AppError::Cancelled => ErrorCode::Cancelled,
        AppError::File { .. } | AppError::NoHome | AppError::Opening(_) => ErrorCode::File,
        AppError::Update(_) => ErrorCode::Remote,
        _ => ErrorCode::Internal,
    }
}

fn store(error: &StoreError) -> ErrorCode {
    match error {
        StoreError::DatabaseNewer { .. } => ErrorCode::DatabaseNewer,
        StoreError::DiskFull { .. } => ErrorCode::DiskFull,
        StoreError::Locked { .. } => ErrorCode::DatabaseLocked,
        StoreError::NotFound { .. } => ErrorCode::NotFound,
        StoreError::DoesNotFit { .. } => ErrorCode::Invalid,
        StoreError::File { .. } => ErrorCode::File,
        _ => ErrorCode::Database,
    }
}

fn market(error: &MarketError) -> ErrorCode {
    match error {
        MarketError::Unreachable { .. } | MarketError::Timeout { .. } => ErrorCode::Offline,
        MarketError::RateLimited { .. } | MarketError::Banned { .. } | MarketError::OverBudget { .. } => {
            ErrorCode::RateLimited
        }
        MarketError::Blocked { .. } | MarketError::Restricted { .. } => ErrorCode::Denied,
        MarketError::UnknownSymbol(_) => ErrorCode::NotFound,
        MarketError::Address(_) | MarketError::Refused { .. } | MarketError::TooManyStreams { .. } => ErrorCode::Invalid,
        MarketError::Cancelled => ErrorCode::Cancelled,
        _ => ErrorCode::Remote,
    }
}

fn news(error: &NewsError) -> ErrorCode {
    match error {
        NewsError::Network { .. } | NewsError::Timeout { .. } => ErrorCode::Offline,
        NewsError::RateLimited { .. } => ErrorCode::RateLimited,
        NewsError::Blocked { .. } | NewsError::Paywalled { .. } | NewsError::AddressRefused { .. } => ErrorCode::Denied,
        NewsError::InvalidUrl { .. } | NewsError::NotFeed { .. } | NewsError::NotHtml { .. } => ErrorCode::Invalid,
        NewsError::Gone { .. } => ErrorCode::NotFound,
        NewsError::Client { .. } => ErrorCode::Internal,
        _ => ErrorCode::Remote,
    }
}

fn scoring(error: &ScoringError) -> ErrorCode {
    match error {
        ScoringError::Missing { .. } | ScoringError::ModelRefused { .. } => ErrorCode::ModelMissing,
        ScoringError::Cancelled | ScoringError::Stopped => ErrorCode::Cancelled,
        ScoringError::Quarantined { .. } => ErrorCode::Invalid,
        ScoringError::WorkerFailed { .. } | ScoringError::TimedOut { .. } => ErrorCode::Internal,
    }
}

fn account(error: &AccountError) -> ErrorCode {
    match error {
        AccountError::NotConfigured | AccountError::IssuerRefused { .. } => ErrorCode::Invalid,
        AccountError::SecretStoreMissing { .. }
        | AccountError::SecretStoreLocked { .. }
        | AccountError::SecretStoreSilent(_)
        | AccountError::SecretStoreFailed { .. } => ErrorCode::SecretStoreMissing,
        AccountError::SignInUnderWay => ErrorCode::Busy,
        AccountError::Cancelled | AccountError::ShuttingDown => ErrorCode::Cancelled,
        AccountError::Unreachable { .. } => ErrorCode::Offline,
        AccountError::Denied | AccountError::CallbackRefused(_) | AccountError::IdTokenRefused { .. } => ErrorCode::Denied,
        AccountError::NotSignedIn | AccountError::Expired => ErrorCode::SignInExpired,
        AccountError::TimedOut(_) => ErrorCode::Cancelled,
        _ => ErrorCode::Remote,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_messages_and_hints() {
        let check = |error: AppError, expected: ErrorCode| {
            let api = ApiError::from(&error);
            assert_eq!(api.code, expected, "{error}");
            assert!(!api.message.is_empty() && !api.id.is_empty());
        };
        check(AppError::Cancelled, ErrorCode::Cancelled);
        check(AppError::Busy("Fetch".to_owned()), ErrorCode::Busy);
        check(AppError::Store(StoreError::DiskFull { doing: "store candles" }), ErrorCode::DiskFull);
        check(AppError::Store(StoreError::Locked { doing: "store candles" }), ErrorCode::DatabaseLocked);
        check(AppError::Account(AccountError::Expired), ErrorCode::SignInExpired);
        check(AppError::Scoring(ScoringError::Missing { what: "x".to_owned() }), ErrorCode::ModelMissing);
        let denied = AppError::Market(MarketError::Restricted { host: "h".to_owned(), message: "m".to_owned() });
        assert!(ApiError::from(&denied).hint.is_some());
        check(denied, ErrorCode::Denied);
        let (first, second) = (ApiError::from(&AppError::Cancelled), ApiError::from(&AppError::Cancelled));
        assert_ne!(first.id, second.id);
    }
}
