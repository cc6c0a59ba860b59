//! The session.

use serde::{Deserialize, Serialize};

use crate::TimeMs;

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ProfileDto {
    /// The issuer's id of the person.
    pub subject: String,
    /// Name.
    pub name: Option<String>,
    /// Address.
    pub email: Option<String>,
}

/// The session's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SessionDto {
    /// No issuer is set: sign-in is off.
    NotConfigured,
    /// Nobody is signed in.
    SignedOut,
    /// Waiting for the browser.
    SigningIn,
    /// Somebody is.
    SignedIn {
        /// Who.
        profile: ProfileDto,
        /// Since when the issuer could not be reached.
        offline_since: Option<TimeMs>,
    },
    /// The issuer ended the session; data is kept.
    Expired,
    /// The system offers no place for the token.
    SecretStoreMissing {
        /// What to do.
        advice: String,
    },
}
