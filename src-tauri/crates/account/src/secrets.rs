//! The seam to the place where the system keeps secrets.

mod keyring_store;
mod memory_store;

use std::fmt;

use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::AccountError;
use crate::config::issuer_text;

pub use keyring_store::KeyringStore;
pub use memory_store::MemoryStore;

/// A text that is never shown: its `Debug` output is a placeholder.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text. Only for handing it to the provider, to the secret store, or into an `Authorization` header.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Under which name a secret is kept: the issuer, the client, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SecretKey(String);

impl SecretKey {
    /// Of the refresh token of a person's session.
    #[must_use]
    pub fn session(issuer: &Url, client_id: &str, subject: &str) -> Self {
        Self::of(issuer, client_id, &format!("session {}", escaped(subject)))
    }

    /// Of a refresh token whose session is over, until the provider could be told.
    #[must_use]
    pub fn revocation(issuer: &Url, client_id: &str) -> Self {
        Self::of(issuer, client_id, "revocation")
    }

    fn of(issuer: &Url, client_id: &str, purpose: &str) -> Self {
        Self(format!(
            "{} {} {purpose}",
            issuer_text(issuer),
            escaped(client_id)
        ))
    }

    /// The name as one text; different keys have different texts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn escaped(part: &str) -> String {
    byte_serialize(part.as_bytes()).collect()
}

/// A place that keeps secrets between two runs of the program.
///
/// Calls may block, and real ones can hang: an [`Account`](crate::Account) makes them from a thread of its own, one at
/// a time, and gives up after [`AccountConfig::secret_timeout`](crate::AccountConfig::secret_timeout).
pub trait SecretStore: Send + Sync + fmt::Debug {
    /// The secret of that name; `None` if there is none.
    ///
    /// # Errors
    /// [`AccountError::SecretStoreMissing`], [`AccountError::SecretStoreLocked`], [`AccountError::SecretStoreFailed`].
    fn read(&self, key: &SecretKey) -> Result<Option<Secret>, AccountError>;

    /// Keeps a secret; one of the same name is replaced.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn write(&self, key: &SecretKey, secret: &Secret) -> Result<(), AccountError>;

    /// Forgets a secret; does nothing if there is none.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    fn delete(&self, key: &SecretKey) -> Result<(), AccountError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_different_things_differ() {
        let issuer: Url = "https://id.example.org".parse().unwrap();
        let keys = [
            SecretKey::session(&issuer, "a", "b"),
            SecretKey::session(&issuer, "a", "b c"),
            SecretKey::session(&issuer, "a session", "b"),
            SecretKey::revocation(&issuer, "a"),
            SecretKey::session(&"https://id.example.org/x".parse().unwrap(), "a", "b"),
        ];
        let different: std::collections::HashSet<&str> = keys.iter().map(SecretKey::as_str).collect();
        assert_eq!(different.len(), keys.len());
        assert_eq!(keys[1].as_str(), "https://id.example.org a session b+c");
    }

    #[test]
    fn debug_output_hides_the_text() {
        assert_eq!(format!("{:?}", Secret::new("tell nobody")), "Secret(..)");
    }
}
