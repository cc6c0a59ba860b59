//! Who is signed in, and what of it outlives the program.

use promptpal_domain::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// Who somebody is, as the provider says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The provider's id of the person; never changes.
    pub subject: String,
    /// Full name.
    pub name: Option<String>,
    /// Mail address.
    pub email: Option<String>,
}

/// When the provider was last heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contact {
    /// The access token is current.
    Fresh,
    /// The provider cannot be reached; it last confirmed the session at this instant.
    OfflineSince(Timestamp),
}

/// What the window shows of the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionState {
    /// Nobody is signed in.
    SignedOut,
    /// The browser, or another device, is being waited for.
    SigningIn,
    /// Somebody is signed in.
    SignedIn {
        /// Who.
        profile: Profile,
        /// Whether the provider confirms it at present.
        contact: Contact,
    },
    /// The provider ended the session, or was not heard of for too long. All data is kept.
    Expired,
    /// The system has no place for secrets.
    SecretStoreMissing {
        /// For people: what to install or start.
        advice: String,
    },
}

/// What the program keeps of a session between two runs, beside the token in the secret store. Holds no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
    /// Where the person signed in.
    pub issuer: Url,
    /// As which client.
    pub client_id: String,
    /// Who.
    pub profile: Profile,
    /// When the provider last confirmed the session, in milliseconds since 1970.
    #[serde(with = "millis")]
    pub last_contact: Timestamp,
}

mod millis {
    use promptpal_domain::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(at.millis())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(from).map(Timestamp::from_millis)
    }
}
