//! Secrets for as long as the process lives.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Secret, SecretKey, SecretStore};
use crate::AccountError;

/// Keeps secrets in memory: for tests, and for machines where a session may end with the program.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<HashMap<SecretKey, Secret>>);

impl MemoryStore {
    /// How many secrets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries().is_empty()
    }

    // No call panics while it holds the map, so a poisoned one is whole.
    fn entries(&self) -> MutexGuard<'_, HashMap<SecretKey, Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecretStore for MemoryStore {
    fn read(&self, key: &SecretKey) -> Result<Option<Secret>, AccountError> {
        Ok(self.entries().get(key).cloned())
    }

    fn write(&self, key: &SecretKey, secret: &Secret) -> Result<(), AccountError> {
        self.entries().insert(key.clone(), secret.clone());
        Ok(())
    }

    fn delete(&self, key: &SecretKey) -> Result<(), AccountError> {
        self.entries().remove(key);
        Ok(())
    }
}
