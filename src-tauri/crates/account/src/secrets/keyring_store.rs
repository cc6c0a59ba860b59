//! The secret store of the operating system.

use keyring::{Entry, Error};

use super::{Secret, SecretKey, SecretStore};
use crate::AccountError;

/// Keeps secrets in the Keychain (macOS), the Credential Manager (Windows: 2,560 bytes a secret) or the Secret Service
/// of the desktop (Linux and other Unix: GNOME Keyring, KWallet, KeePassXC).
///
/// The `keyring` crate looks for the system's store at the first call and remembers the outcome for as long as the
/// process lives: a Secret Service that is started later is found by the next start of the program only.
#[derive(Clone, Debug)]
pub struct KeyringStore {
    service: String,
}

impl KeyringStore {
    /// A store whose entries the system lists under the name `service`.
    pub fn new(service: impl Into<String>) -> Self {
        Self {
            service: service.into(),
        }
    }

    fn entry(&self, key: &SecretKey) -> Result<Entry, AccountError> {
        Entry::new(&self.service, key.as_str()).map_err(|error| refusal("opening an entry", &error))
    }
}

impl SecretStore for KeyringStore {
    fn read(&self, key: &SecretKey) -> Result<Option<Secret>, AccountError> {
        match self.entry(key)?.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(refusal("reading an entry", &error)),
        }
    }

    fn write(&self, key: &SecretKey, secret: &Secret) -> Result<(), AccountError> {
        self.entry(key)?
            .set_password(secret.reveal())
            .map_err(|error| refusal("writing an entry", &error))
    }

    fn delete(&self, key: &SecretKey) -> Result<(), AccountError> {
        match self.entry(key)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(refusal("deleting an entry", &error)),
        }
    }
}

fn refusal(doing: &'static str, error: &Error) -> AccountError {
    match error {
        Error::NoDefaultStore => AccountError::SecretStoreMissing {
            advice: ADVICE.to_owned(),
        },
        Error::NoStorageAccess(reason) => AccountError::SecretStoreLocked {
            reason: reason.to_string(),
        },
        // These hold the secret itself; the crate's own words leave it out, but nothing is gained by trusting that.
        Error::BadEncoding(_) | Error::BadDataFormat(..) => AccountError::SecretStoreFailed {
            doing,
            reason: "the entry is not a text".to_owned(),
        },
        other => AccountError::SecretStoreFailed {
            doing,
            reason: other.to_string(),
        },
    }
}

#[cfg(target_os = "macos")]
const ADVICE: &str =
    "allow Promptpal to use your login keychain in Keychain Access, then start Promptpal again";
#[cfg(windows)]
const ADVICE: &str = "start the Credential Manager service of Windows, then start Promptpal again";
#[cfg(not(any(target_os = "macos", windows)))]
const ADVICE: &str = "install and start a Secret Service such as GNOME Keyring, KWallet or KeePassXC, \
                      then start Promptpal again";
