//! Signing in through the system browser: authorization code with PKCE on a loopback redirect (RFC 8252).

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;

use crate::AccountError;
use crate::account::Account;
use crate::callback::{Callback, CallbackListener};
use crate::inner::Inner;
use crate::provider::{Authorization, Provider, Tokens};
use crate::session::Profile;

impl Account {
    /// Signs somebody in: `open_url` is given the address to show in the system browser, and the person does the rest
    /// there. Somebody who is signed in stays so until the new sign-in has worked.
    ///
    /// Dropping the future gives up, like `cancel`; once the tokens are stored it has worked, whatever happens to the
    /// future.
    ///
    /// # Errors
    /// [`AccountError::Cancelled`], [`AccountError::TimedOut`], [`AccountError::Denied`]; [`AccountError::SignInUnderWay`];
    /// those of the secret store, before the browser is opened; those of the network and the provider;
    /// [`AccountError::CallbackRefused`] and [`AccountError::IdTokenRefused`] when the answer is not to our request.
    pub async fn sign_in(
        &self,
        open_url: impl FnOnce(&Url) + Send,
        cancel: &CancellationToken,
    ) -> Result<Profile, AccountError> {
        self.inner.issuer()?;
        let _attempt = self.inner.attempt()?;
        within(self.inner.config.sign_in_timeout, cancel, async {
            self.prepare().await?;
            let provider = self.inner.discover().await?;
            let listener = CallbackListener::bind().await?;
            let redirect = listener.redirect().clone();
            let authorization = provider.authorization(&self.inner.config.scopes, &redirect);
            open_url(&authorization.url);
            let callback = listener.wait().await?;
            let (profile, page) = self.finish(provider, authorization, callback, &redirect).await;
            page.answer(profile.is_ok()).await;
            profile
        })
        .await
    }

    async fn finish(
        &self,
        provider: Arc<Provider>,
        authorization: Authorization,
        callback: Callback,
        redirect: &Url,
    ) -> (Result<Profile, AccountError>, Callback) {
        let result = async {
            let Authorization {
                state,
                nonce,
                verifier,
                ..
            } = authorization;
            let code = callback.code(state.secret(), provider.issuer(), provider.names_itself())?;
            let tokens = provider.exchange(code, verifier, redirect).await?;
            let subject = provider.subject(&tokens, &*self.inner.clock, &nonce)?;
            let profile = provider.profile(&tokens.access, subject).await?;
            self.establish(provider, profile, tokens).await
        }
        .await;
        (result, callback)
    }

    /// What must work before a person is asked to do anything: the secret store. Also tells the provider about a
    /// sign-out that it has not heard of.
    pub(crate) async fn prepare(&self) -> Result<(), AccountError> {
        self.run_to_end(|inner| async move {
            let _turn = inner.turn().await;
            let answer = inner.revoke_pending().await;
            inner.report_store(answer).map(drop)
        })
        .await
    }

    /// Stores the session of somebody who has just signed in, in place of the one before.
    pub(crate) async fn establish(
        &self,
        provider: Arc<Provider>,
        profile: Profile,
        tokens: Tokens,
    ) -> Result<Profile, AccountError> {
        if tokens.refresh.is_none() {
            return Err(AccountError::NotOffered(
                "a refresh token (offline_access) to this program",
            ));
        }
        self.run_to_end(|inner| async move {
            let _turn = inner.turn().await;
            let before = inner.remembered();
            let stored = inner.store(&provider, &profile.subject, &tokens).await;
            inner.report_store(stored)?;
            inner.confirmed(profile.clone(), tokens)?;
            if let Some(before) = before.filter(|before| before.profile.subject != profile.subject) {
                end_former(&inner, &before.profile.subject).await;
            }
            Ok(profile)
        })
        .await
    }
}

/// Ends the session of the person who was signed in before. The same person's older token is left to run out: providers
/// tie all tokens of a person and a client together, and would end the new session as well.
async fn end_former(inner: &Inner, subject: &str) {
    if let Err(error) = inner.end_session(subject).await {
        tracing::warn!(%error, "the session of the person who was signed in before could not be ended");
    }
}

/// Waits for `work`, until the person cancels or the time is over.
pub(crate) async fn within<T>(
    limit: Duration,
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, AccountError>>,
) -> Result<T, AccountError> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(AccountError::Cancelled),
        result = work => result,
        () = tokio::time::sleep(limit) => Err(AccountError::TimedOut(limit)),
    }
}
