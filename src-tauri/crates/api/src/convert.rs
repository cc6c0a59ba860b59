//! From the use cases' types to those that cross, and back. Here and nowhere else.

mod account;
mod backtest;
mod connection;
mod error;
mod file;
mod indicator;
mod job;
mod language;
mod ledger;
mod market;
mod model;
mod news;
mod sweep;
mod system;
mod terms;
mod venue;
mod watchlist;

pub use self::venue::venue;
use crate::{ApiError, ErrorCode};

/// An id as the window has it. Ids beyond 2^31 do not occur in a store that one person fills.
pub(crate) fn id(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// A finite number, or none.
pub(crate) fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// A text of the window that is no value of ours.
pub(crate) fn refused(error: impl std::fmt::Display, hint: &str) -> ApiError {
    ApiError::new(
        ErrorCode::Invalid,
        error.to_string(),
        Some(hint.to_owned()),
        false,
    )
}
