//! Signing in with the browser of another device (RFC 8628), for machines without one.

use openidconnect::core::CoreDeviceAuthorizationResponse;
use openidconnect::{RequestTokenError, Scope};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::AccountError;
use crate::account::Account;
use crate::browser_flow::within;
use crate::provider::{any_nonce, date, token_error};
use crate::session::Profile;
use crate::transport::TransportError;

const ASKING: &str = "asking for a code";
const WAITING: &str = "waiting for the code to be entered";

/// What the person needs on the other device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DevicePrompt {
    /// The code to enter there.
    pub user_code: String,
    /// Where to enter it.
    pub verification_uri: Url,
    /// An address that holds the code already, for a link or a QR code.
    pub verification_uri_complete: Option<String>,
    /// How long the code can be used and is waited for, in seconds.
    pub expires_in_s: u64,
}

impl Account {
    /// Signs somebody in on another device: `show` is given what to tell the person, then the provider is asked, as
    /// often as it allows, whether it was done.
    ///
    /// # Errors
    /// [`AccountError::NotOffered`] when the provider knows no such sign-in; otherwise as
    /// [`sign_in`](Self::sign_in).
    pub async fn sign_in_device(
        &self,
        show: impl FnOnce(&DevicePrompt) + Send,
        cancel: &CancellationToken,
    ) -> Result<Profile, AccountError> {
        self.inner.issuer()?;
        let _attempt = self.inner.attempt()?;
        within(self.inner.config.sign_in_timeout, cancel, async {
            self.prepare().await?;
            let provider = self.inner.discover().await?;
            let endpoint = provider
                .device_endpoint()
                .ok_or(AccountError::NotOffered("signing in on another device"))?;
            let client = provider
                .client
                .clone()
                .set_device_authorization_url(endpoint.clone());
            let asked: CoreDeviceAuthorizationResponse = client
                .exchange_device_code()
                .add_scopes(self.inner.config.scopes.iter().cloned().map(Scope::new))
                .request_async(&provider.transport)
                .await
                .map_err(|error| token_error(ASKING, error))?;
            let verification_uri = asked.verification_uri().url().clone();
            if !provider.transport.allows(&verification_uri) {
                return Err(TransportError::Insecure(verification_uri.to_string()).during(ASKING));
            }
            show(&DevicePrompt {
                user_code: asked.user_code().secret().clone(),
                verification_uri,
                verification_uri_complete: asked.verification_uri_complete().map(|uri| uri.secret().clone()),
                expires_in_s: asked
                    .expires_in()
                    .min(self.inner.config.sign_in_timeout)
                    .as_secs(),
            });
            let clock = std::sync::Arc::clone(&self.inner.clock);
            let tokens = client
                .exchange_device_access_token(&asked)
                .set_time_fn(move || date(clock.now()))
                .request_async(&provider.transport, tokio::time::sleep, Some(asked.expires_in()))
                .await
                .map_err(waiting_error)?
                .into();
            let subject = provider.subject(&tokens, &*self.inner.clock, any_nonce)?;
            let profile = provider.profile(&tokens.access, subject).await?;
            self.establish(provider, profile, tokens).await
        })
        .await
    }
}

fn waiting_error(
    error: RequestTokenError<TransportError, openidconnect::DeviceCodeErrorResponse>,
) -> AccountError {
    match token_error(WAITING, error) {
        AccountError::Refused { code, .. } if code == "access_denied" => AccountError::Denied,
        other => other,
    }
}
