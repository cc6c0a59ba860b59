//! The secret store behind a thread of its own.
//!
//! Not tokio's blocking threads: a runtime that is dropped waits for those, so a store that hangs would keep the
//! program from ending. With one thread, calls also happen in the order in which they were made.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::AccountError;
use crate::secrets::{Secret, SecretKey, SecretStore};

/// More calls than this are never under way; if they are, the store hangs.
const QUEUE: usize = 8;

type Job = Box<dyn FnOnce(&dyn SecretStore) + Send>;

/// Asks the secret store, and gives up on it after a time.
#[derive(Debug)]
pub(crate) struct Vault {
    jobs: SyncSender<Job>,
    patience: Duration,
}

impl Vault {
    pub(crate) fn new(store: Arc<dyn SecretStore>, patience: Duration) -> Result<Self, AccountError> {
        let (jobs, queue): (SyncSender<Job>, Receiver<Job>) = sync_channel(QUEUE);
        std::thread::Builder::new()
            .name("secret-store".to_owned())
            .spawn(move || queue.into_iter().for_each(|job| job(&*store)))
            .map_err(|error| AccountError::SecretStoreFailed {
                doing: "starting the thread for calls",
                reason: error.to_string(),
            })?;
        Ok(Self { jobs, patience })
    }

    pub(crate) async fn read(&self, key: SecretKey) -> Result<Option<Secret>, AccountError> {
        self.ask(move |store| store.read(&key)).await
    }

    pub(crate) async fn write(&self, key: SecretKey, secret: Secret) -> Result<(), AccountError> {
        self.ask(move |store| store.write(&key, &secret)).await
    }

    pub(crate) async fn delete(&self, key: SecretKey) -> Result<(), AccountError> {
        self.ask(move |store| store.delete(&key)).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        call: impl FnOnce(&dyn SecretStore) -> Result<T, AccountError> + Send + 'static,
    ) -> Result<T, AccountError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            // Nobody waits any more: the call would only surprise.
            if !answer.is_closed() {
                let _ = answer.send(call(store));
            }
        });
        match self.jobs.try_send(job) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(AccountError::SecretStoreSilent(self.patience)),
            Err(TrySendError::Disconnected(_)) => return Err(stopped()),
        }
        match timeout(self.patience, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(stopped()),
            Err(_) => Err(AccountError::SecretStoreSilent(self.patience)),
        }
    }
}

/// The thread ends before its last sender only when a store panics.
fn stopped() -> AccountError {
    AccountError::SecretStoreFailed {
        doing: "waiting for an answer",
        reason: "its thread has ended".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::MemoryStore;

    fn key() -> SecretKey {
        SecretKey::revocation(&"https://id.example.org".parse().unwrap(), "desk")
    }

    #[tokio::test]
    async fn answers_in_order() {
        let vault = Vault::new(Arc::new(MemoryStore::default()), Duration::from_secs(5)).unwrap();
        assert_eq!(vault.read(key()).await.unwrap(), None);
        vault.write(key(), Secret::new("one")).await.unwrap();
        vault.write(key(), Secret::new("two")).await.unwrap();
        assert_eq!(vault.read(key()).await.unwrap(), Some(Secret::new("two")));
        vault.delete(key()).await.unwrap();
        vault.delete(key()).await.unwrap();
        assert_eq!(vault.read(key()).await.unwrap(), None);
    }

    /// Hangs until its gate opens.
    #[derive(Debug)]
    struct Hanging(Mutex<Receiver<()>>);

    impl SecretStore for Hanging {
        fn read(&self, _: &SecretKey) -> Result<Option<Secret>, AccountError> {
            let _ = self.0.lock().unwrap().recv();
            Ok(None)
        }
        fn write(&self, _: &SecretKey, _: &Secret) -> Result<(), AccountError> {
            panic!("a call that nobody waits for is made")
        }
        fn delete(&self, _: &SecretKey) -> Result<(), AccountError> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn gives_up_on_a_store_that_hangs_and_drops_what_nobody_waits_for() {
        let (open, gate) = sync_channel(1);
        let vault = Vault::new(Arc::new(Hanging(Mutex::new(gate))), Duration::from_millis(20)).unwrap();
        assert!(matches!(
            vault.read(key()).await,
            Err(AccountError::SecretStoreSilent(_))
        ));
        let late = vault.write(key(), Secret::new("late")).await;
        assert!(matches!(late, Err(AccountError::SecretStoreSilent(_))));
        open.send(()).unwrap();
        let patient = Vault {
            jobs: vault.jobs.clone(),
            patience: Duration::from_secs(5),
        };
        patient.delete(key()).await.unwrap();
    }
}
