//! The short list of what can go wrong, as the window sees it.

use serde::{Deserialize, Serialize};

/// What went wrong, for code. Each has one place in the window that explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The thing asked for does not exist.
    NotFound,
    /// The request makes no sense as it stands; the message says why.
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
    /// The database was written by a newer version of the program.
    DatabaseNewer,
    /// The database cannot be read or written.
    Database,
    /// A file cannot be read or written.
    File,
    /// The system offers no place for secrets.
    SecretStoreMissing,
    /// The session has ended; signing in again helps.
    SignInExpired,
    /// The scoring worker, its library or its model is missing or damaged.
    ModelMissing,
    /// The memory does not suffice for the work.
    OutOfMemory,
    /// A mistake of ours.
    Internal,
}

/// An error on its way to a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    /// For code.
    pub code: ErrorCode,
    /// What was being done to what, and why it failed.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// Whether doing the same again may work.
    pub retryable: bool,
    /// Stands in the log too.
    pub id: String,
}
