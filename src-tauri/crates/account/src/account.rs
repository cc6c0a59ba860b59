//! The account: what the program holds.

use std::sync::Arc;

use promptpal_domain::Clock;
use tokio::sync::watch;

use crate::AccountError;
use crate::config::AccountConfig;
use crate::inner::Inner;
use crate::secrets::{Secret, SecretStore};
use crate::session::{Remembered, SessionState};

/// Signs in and out, and keeps the session. Clones are handles to the same account.
#[derive(Clone, Debug)]
pub struct Account {
    pub(crate) inner: Arc<Inner>,
}

impl Account {
    /// An account that is signed out. Nothing is sent and nothing is read before the first call.
    ///
    /// # Errors
    /// [`AccountError::IssuerRefused`] for an issuer that is neither `https` nor on this machine, and what starting the
    /// thread of the secret store may cost: [`AccountError::SecretStoreFailed`].
    pub fn new(
        config: AccountConfig,
        secrets: Arc<dyn SecretStore>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AccountError> {
        Ok(Self {
            inner: Arc::new(Inner::new(config, secrets, clock)?),
        })
    }

    /// Whether there is an issuer, so that signing in is possible.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.inner.config.issuer.is_some()
    }

    /// The state of the session, now and whenever it changes.
    #[must_use]
    pub fn session(&self) -> watch::Receiver<SessionState> {
        self.inner.state.subscribe()
    }

    /// What to keep for the next start, whenever it changes; `None` is to be forgotten. Holds no secret.
    ///
    /// Its first value says nothing: act upon changes.
    #[must_use]
    pub fn remembered(&self) -> watch::Receiver<Option<Remembered>> {
        self.inner.remembered.subscribe()
    }

    /// Takes up the session of the last run, and yields the state it is in.
    ///
    /// The provider being out of reach is no error: the session is then offline, and after
    /// [`AccountConfig::offline_grace`] without contact it has expired. Nothing remembered, or remembered of another
    /// issuer or client, is signed out. Tells the provider about a sign-out that it has not heard of yet.
    ///
    /// # Errors
    /// Those of the secret store; [`AccountError::ProviderFaulty`] and [`AccountError::Refused`], with the session
    /// offline.
    pub async fn restore(&self, remembered: Option<Remembered>) -> Result<SessionState, AccountError> {
        let Some(issuer) = &self.inner.config.issuer else {
            return Ok(SessionState::SignedOut);
        };
        self.prepare().await?;
        let ours = |r: &Remembered| r.issuer == *issuer && r.client_id == self.inner.config.client_id;
        let Some(remembered) = remembered.filter(ours) else {
            return Ok(self.inner.current());
        };
        self.inner.remembered.send_replace(Some(remembered));
        self.inner.went_offline();
        match self.refresh().await {
            Ok(()) | Err(AccountError::Expired | AccountError::Unreachable { .. }) => {
                Ok(self.inner.current())
            }
            Err(error) => Err(error),
        }
    }

    /// Exchanges the refresh token now. Calls at the same time share one exchange; it is finished even if the caller
    /// goes away.
    ///
    /// # Errors
    /// [`AccountError::NotSignedIn`]; [`AccountError::Expired`] when the provider ended the session; those of the network
    /// and the secret store, with the session offline.
    pub async fn refresh(&self) -> Result<(), AccountError> {
        let seen = self.inner.generation();
        self.run_to_end(move |inner| async move { inner.refresh(seen).await })
            .await
    }

    /// A bearer token for the services of the signed-in person; refreshes it first where it is about to end.
    ///
    /// # Errors
    /// As [`refresh`](Self::refresh).
    pub async fn access_token(&self) -> Result<Secret, AccountError> {
        if let Some(token) = self.inner.current_token() {
            return Ok(token);
        }
        self.refresh().await?;
        self.inner.current_token().ok_or(AccountError::NotSignedIn)
    }

    /// Waits until nothing that changes the session is under way: before the program ends, so that a rotated token is
    /// not lost.
    pub async fn settle(&self) {
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// Does work that must not be left half-done, in a task that the caller cannot drop.
    pub(crate) async fn run_to_end<T, F>(&self, work: impl FnOnce(Arc<Inner>) -> F) -> Result<T, AccountError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, AccountError>> + Send + 'static,
    {
        let task = self.inner.tasks.spawn(work(Arc::clone(&self.inner)));
        task.await.unwrap_or(Err(AccountError::ShuttingDown))
    }
}
