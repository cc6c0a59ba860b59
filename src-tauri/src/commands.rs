//! The commands: parse, call a use case, map the error. No logic lives here.

pub(crate) mod account;
pub(crate) mod backtest;
pub(crate) mod file;
pub(crate) mod job;
pub(crate) mod live;
pub(crate) mod market;
pub(crate) mod model;
pub(crate) mod news;
pub(crate) mod sweep;
pub(crate) mod system;
pub(crate) mod update;

use promptpal_api::ApiError;

/// What a command answers.
pub(crate) type Answer<T> = Result<T, ApiError>;
