//! Refreshing in the background.

use tokio_util::sync::CancellationToken;

use crate::AccountError;
use crate::account::Account;

impl Account {
    /// Refreshes the session at four fifths of the access token's life, and tries again later and later while the
    /// provider cannot be reached. Runs until `cancel`; one call a program.
    pub async fn keep_fresh(&self, cancel: CancellationToken) {
        loop {
            let due = self.inner.due();
            let waited = async {
                match due {
                    Some(due) => tokio::time::sleep(self.inner.wait_for(due)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = cancel.cancelled() => return,
                () = self.inner.changed.notified() => continue,
                () = waited => {}
            }
            if due.is_some_and(|due| self.inner.clock.now() >= due) {
                self.refresh_in_background().await;
            }
        }
    }

    async fn refresh_in_background(&self) {
        match self.refresh().await {
            Ok(()) => tracing::debug!("the session was refreshed"),
            Err(AccountError::NotSignedIn) => {}
            Err(AccountError::Expired) => tracing::info!("the session has ended"),
            Err(error) => tracing::warn!(%error, "the session could not be refreshed; trying again later"),
        }
    }
}
