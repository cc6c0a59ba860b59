//! The short list of what can go wrong: what a host switches over. The error itself says the rest.

use promptpal_account::AccountError;
use promptpal_backtest::BacktestError;
use promptpal_market::MarketError;
use promptpal_news::NewsError;
use promptpal_sentiment::{ModelError, ScoringError};
use promptpal_store::StoreError;
use serde::{Deserialize, Serialize};

use crate::AppError;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The thing asked for does not exist.
    NotFound,
    /// The request makes no sense as it stands.
    Invalid,
    /// The network cannot be reached.
    Offline,
    /// The other side asks us to wait.
    RateLimited,
    /// The other side failed or answered nonsense.
    Remote,
    /// The other side refuses us.
    Denied,
    /// The same work is already under way.
    Busy,
    /// The user stopped it.
    Cancelled,
    /// The disk is full.
    DiskFull,
    /// Another program holds the database.
    DatabaseLocked,
    /// The database was written by a newer version.
    DatabaseNewer,
    /// The database cannot be read or written.
    Database,
    /// A file cannot be read or written.
    File,
    /// The system offers no place for secrets.
    SecretStoreMissing,
    /// The session has ended.
    SignInExpired,
    /// The scoring worker, its library or its model is missing or damaged.
    ModelMissing,
    /// The memory does not suffice for the work.
    OutOfMemory,
    /// A mistake of ours.
    Internal,
}

pub(crate) fn kind_of(error: &AppError) -> ErrorKind {
    if error.is_cancelled() {
        return ErrorKind::Cancelled;
    }
    match error {
        AppError::Store(error) => store(error),
        AppError::Market(error) => market(error),
        AppError::News(error) => news(error),
        AppError::Scoring(error) => scoring(error),
        AppError::Account(error) => account(error),
        AppError::Model(error) => model(error),
        AppError::Backtest(BacktestError::Cancelled) => ErrorKind::Cancelled,
        AppError::Backtest(_) | AppError::Script(_) | AppError::Indicator(_) => ErrorKind::Invalid,
        AppError::Invalid { .. } | AppError::Config { .. } => ErrorKind::Invalid,
        AppError::NotFound { .. } => ErrorKind::NotFound,
        AppError::Busy(_) => ErrorKind::Busy,
        AppError::Cancelled => ErrorKind::Cancelled,
        AppError::File { .. } | AppError::NoHome | AppError::Opening(_) => ErrorKind::File,
        AppError::Update(_) => ErrorKind::Remote,
        _ => ErrorKind::Internal,
    }
}

fn store(error: &StoreError) -> ErrorKind {
    match error {
        StoreError::DatabaseNewer { .. } => ErrorKind::DatabaseNewer,
        StoreError::DiskFull { .. } => ErrorKind::DiskFull,
        StoreError::Locked { .. } => ErrorKind::DatabaseLocked,
        StoreError::NotFound { .. } => ErrorKind::NotFound,
        StoreError::DoesNotFit { .. } => ErrorKind::Invalid,
        StoreError::File { .. } => ErrorKind::File,
        _ => ErrorKind::Database,
    }
}

fn market(error: &MarketError) -> ErrorKind {
    match error {
        MarketError::Unreachable { .. } | MarketError::Timeout { .. } => ErrorKind::Offline,
        MarketError::RateLimited { .. } | MarketError::Banned { .. } | MarketError::OverBudget { .. } => {
            ErrorKind::RateLimited
        }
        MarketError::Blocked { .. } | MarketError::Restricted { .. } => ErrorKind::Denied,
        MarketError::UnknownSymbol(_) => ErrorKind::NotFound,
        MarketError::Address(_)
        | MarketError::NoInterval { .. }
        | MarketError::Refused { .. }
        | MarketError::TooManyStreams { .. } => ErrorKind::Invalid,
        MarketError::Cancelled => ErrorKind::Cancelled,
        _ => ErrorKind::Remote,
    }
}

fn news(error: &NewsError) -> ErrorKind {
    match error {
        NewsError::Network { .. } | NewsError::Timeout { .. } => ErrorKind::Offline,
        NewsError::RateLimited { .. } => ErrorKind::RateLimited,
        NewsError::Blocked { .. } | NewsError::Paywalled { .. } | NewsError::AddressRefused { .. } => {
            ErrorKind::Denied
        }
        NewsError::InvalidUrl { .. } | NewsError::NotFeed { .. } | NewsError::NotHtml { .. } => {
            ErrorKind::Invalid
        }
        NewsError::Gone { .. } => ErrorKind::NotFound,
        NewsError::Client { .. } => ErrorKind::Internal,
        _ => ErrorKind::Remote,
    }
}

fn scoring(error: &ScoringError) -> ErrorKind {
    match error {
        ScoringError::Missing { .. } | ScoringError::ModelRefused { .. } => ErrorKind::ModelMissing,
        ScoringError::Cancelled | ScoringError::Stopped => ErrorKind::Cancelled,
        ScoringError::Quarantined { .. } => ErrorKind::Invalid,
        ScoringError::OutOfMemory { .. } => ErrorKind::OutOfMemory,
        ScoringError::WorkerFailed { .. } | ScoringError::TimedOut { .. } => ErrorKind::Internal,
    }
}

fn model(error: &ModelError) -> ErrorKind {
    match error {
        ModelError::Unreachable { .. } | ModelError::Timeout { .. } => ErrorKind::Offline,
        ModelError::NotThere { .. } => ErrorKind::NotFound,
        ModelError::Unfit { .. } | ModelError::Manifest(_) => ErrorKind::Invalid,
        ModelError::File { source, .. } if source.kind() == std::io::ErrorKind::StorageFull => {
            ErrorKind::DiskFull
        }
        ModelError::File { .. } => ErrorKind::File,
        ModelError::Cancelled => ErrorKind::Cancelled,
        _ => ErrorKind::Remote,
    }
}

fn account(error: &AccountError) -> ErrorKind {
    match error {
        AccountError::NotConfigured | AccountError::IssuerRefused { .. } => ErrorKind::Invalid,
        AccountError::SecretStoreMissing { .. }
        | AccountError::SecretStoreLocked { .. }
        | AccountError::SecretStoreSilent(_)
        | AccountError::SecretStoreFailed { .. } => ErrorKind::SecretStoreMissing,
        AccountError::SignInUnderWay => ErrorKind::Busy,
        AccountError::Cancelled | AccountError::ShuttingDown => ErrorKind::Cancelled,
        AccountError::Unreachable { .. } => ErrorKind::Offline,
        AccountError::Denied | AccountError::CallbackRefused(_) | AccountError::IdTokenRefused { .. } => {
            ErrorKind::Denied
        }
        AccountError::NotSignedIn | AccountError::Expired => ErrorKind::SignInExpired,
        AccountError::TimedOut(_) => ErrorKind::Cancelled,
        _ => ErrorKind::Remote,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_a_kind() {
        let check = |error: AppError, expected: ErrorKind| assert_eq!(kind_of(&error), expected, "{error}");
        check(AppError::Cancelled, ErrorKind::Cancelled);
        check(AppError::Busy("Fetch".to_owned()), ErrorKind::Busy);
        check(
            AppError::Store(StoreError::DiskFull {
                doing: "store candles",
            }),
            ErrorKind::DiskFull,
        );
        check(
            AppError::Store(StoreError::Locked {
                doing: "store candles",
            }),
            ErrorKind::DatabaseLocked,
        );
        check(AppError::Account(AccountError::Expired), ErrorKind::SignInExpired);
        check(
            AppError::Scoring(ScoringError::Missing {
                part: promptpal_sentiment::MissingPart::Model,
                what: "x".to_owned(),
            }),
            ErrorKind::ModelMissing,
        );
        check(AppError::Backtest(BacktestError::Cancelled), ErrorKind::Cancelled);
        let restricted = MarketError::Restricted {
            host: "h".to_owned(),
            message: "m".to_owned(),
        };
        check(AppError::Market(restricted), ErrorKind::Denied);
    }
}
