//! Signing out here and at the provider, the latter as soon as it can be reached.
//!
//! The token of a session that is over waits in the secret store, under a name of its own, until the provider was told:
//! so neither a crash nor a journey without network leaves a usable token behind unnoticed.

use crate::AccountError;
use crate::account::Account;
use crate::inner::Inner;

/// Whether the provider knows that a session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// There was no token to revoke.
    Nothing,
    /// The provider ended the session.
    Done,
    /// The provider has no service for it; the token runs out by itself.
    NotOffered,
    /// The provider could not be told; it will be at the next start or sign-in.
    Queued,
}

impl Account {
    /// Signs out: the session is over here at once, its token leaves the secret store, and the provider is told
    /// (RFC 7009).
    ///
    /// # Errors
    /// [`AccountError::NotConfigured`], and those of the secret store. The session is over here all the same.
    pub async fn sign_out(&self) -> Result<Revocation, AccountError> {
        self.inner.issuer()?;
        self.run_to_end(|inner| async move {
            let _turn = inner.turn().await;
            let remembered = inner.remembered();
            inner.forget();
            let answer = match remembered {
                Some(remembered) => inner.end_session(&remembered.profile.subject).await,
                None => inner.revoke_pending().await,
            };
            inner.report_store(answer)
        })
        .await
    }
}

impl Inner {
    /// Moves the token of a session to those to be revoked, and revokes it.
    pub(crate) async fn end_session(&self, subject: &str) -> Result<Revocation, AccountError> {
        let key = self.session_key(subject)?;
        if let Some(token) = self.vault.read(key.clone()).await? {
            self.vault.write(self.revocation_key()?, token).await?;
            self.vault.delete(key).await?;
        }
        self.revoke_pending().await
    }

    /// Revokes the token that waits for it.
    pub(crate) async fn revoke_pending(&self) -> Result<Revocation, AccountError> {
        let key = self.revocation_key()?;
        let Some(token) = self.vault.read(key.clone()).await? else {
            return Ok(Revocation::Nothing);
        };
        let told = async { self.provider().await?.revoke(&token).await }.await;
        let outcome = match told {
            Ok(true) => Revocation::Done,
            Ok(false) => Revocation::NotOffered,
            Err(error) => {
                tracing::warn!(%error, "the sign-in service could not be told about a sign-out; it will be later");
                return Ok(Revocation::Queued);
            }
        };
        self.vault.delete(key).await?;
        Ok(outcome)
    }
}
