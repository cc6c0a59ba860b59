//! What can go wrong, by what the caller can do about it.

use std::time::Duration;

use url::Url;

/// Why signing in, refreshing or signing out did not work.
///
/// No variant carries a token, and none carries an answer of the provider's token endpoint.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Sign-in is off.
    #[error("no issuer is set: sign-in is off")]
    NotConfigured,
    /// The issuer's address is not one that tokens may be sent to.
    #[error("the issuer {issuer} is refused: {why}")]
    IssuerRefused {
        /// As configured.
        issuer: Url,
        /// For people.
        why: &'static str,
    },
    /// The system has no place for secrets, so nobody can stay signed in.
    #[error("this system offers no place for the sign-in: {advice}")]
    SecretStoreMissing {
        /// For people: what to install or start.
        advice: String,
    },
    /// The secret store is locked, and was not unlocked when it asked.
    #[error("the place for secrets is locked: {reason}")]
    SecretStoreLocked {
        /// For the log.
        reason: String,
    },
    /// The secret store did not answer in time.
    #[error("the place for secrets did not answer within {0:?}")]
    SecretStoreSilent(Duration),
    /// The secret store answered with an error.
    #[error("{doing} in the place for secrets: {reason}")]
    SecretStoreFailed {
        /// What was being done.
        doing: &'static str,
        /// For the log.
        reason: String,
    },
    /// Another sign-in waits for its browser.
    #[error("a sign-in is under way already")]
    SignInUnderWay,
    /// The caller cancelled.
    #[error("cancelled")]
    Cancelled,
    /// Nobody finished in the browser in time.
    #[error("nobody signed in within {0:?}")]
    TimedOut(Duration),
    /// The program could not wait for the browser's answer.
    #[error("listening on 127.0.0.1 for the browser: {0}")]
    Listener(#[source] std::io::Error),
    /// The provider could not be reached, or said that it is not available. Trying later may work.
    #[error("{doing}: the sign-in service cannot be reached: {reason}")]
    Unreachable {
        /// What was being done.
        doing: &'static str,
        /// For the log.
        reason: String,
    },
    /// The provider's answer is not one of OpenID Connect.
    #[error("{doing}: the sign-in service gave an answer that cannot be used: {reason}")]
    ProviderFaulty {
        /// What was being done.
        doing: &'static str,
        /// For the log.
        reason: String,
    },
    /// The provider does not offer what is needed.
    #[error("the sign-in service does not offer {0}")]
    NotOffered(&'static str),
    /// The person said no in the browser.
    #[error("signing in was refused in the browser")]
    Denied,
    /// The provider refused, with an error code of OAuth 2.
    #[error("{doing}: the sign-in service refused: {code}{}", description.as_deref().map(|d| format!(" ({d})")).unwrap_or_default())]
    Refused {
        /// What was being done.
        doing: &'static str,
        /// The code, for example `invalid_client`.
        code: String,
        /// The provider's words.
        description: Option<String>,
    },
    /// What came back through the browser does not belong to this sign-in.
    #[error("the browser's answer is refused: {0}")]
    CallbackRefused(CallbackFault),
    /// The id token is not what this sign-in asked for, or its signature is wrong.
    #[error("the proof of identity is refused: {reason}")]
    IdTokenRefused {
        /// For the log.
        reason: String,
    },
    /// Nobody is signed in.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// The session has ended; signing in again helps.
    #[error("the session has ended: sign in again")]
    Expired,
    /// The program is shutting down.
    #[error("the program is shutting down")]
    ShuttingDown,
}

/// What is wrong with what came back through the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackFault {
    /// It answers another request than ours.
    #[error("its state is not the one that was sent")]
    State,
    /// It comes from another provider (RFC 9207).
    #[error("it comes from another sign-in service")]
    Issuer,
    /// It holds neither a code nor an error, or one of them twice.
    #[error("it holds no code")]
    Code,
}

impl AccountError {
    /// Whether the same call may work later without anybody doing something.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. } | Self::SecretStoreSilent(_) | Self::TimedOut(_)
        )
    }
}
