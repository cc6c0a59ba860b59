//! HTTP with the provider: limited in time and size, no redirects, `https` unless everything is on this machine.

use std::error::Error as _;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::http::header::AUTHORIZATION;
use openidconnect::http::{Response, StatusCode};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use url::Url;

use crate::AccountError;
use crate::config::is_loopback;

/// Largest answer that is read. Discovery documents and key sets have a few KiB.
const BODY_LIMIT: usize = 1024 * 1024;
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransportError {
    #[error("{0}")]
    Unreachable(String),
    #[error("status {0}")]
    Unavailable(StatusCode),
    #[error("the answer is larger than {BODY_LIMIT} bytes")]
    TooLarge,
    #[error("the address {0} is not https")]
    Insecure(String),
    #[error("the request cannot be made: {0}")]
    Unmade(String),
}

impl TransportError {
    pub(crate) fn during(self, doing: &'static str) -> AccountError {
        let reason = self.to_string();
        match self {
            Self::Unreachable(_) | Self::Unavailable(_) => AccountError::Unreachable { doing, reason },
            Self::TooLarge | Self::Insecure(_) | Self::Unmade(_) => AccountError::ProviderFaulty { doing, reason },
        }
    }
}

/// The client that all requests to the provider go through.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    client: reqwest::Client,
    local: bool,
}

impl Transport {
    /// For this issuer.
    pub(crate) fn new(issuer: &Url, patience: Duration) -> Result<Self, AccountError> {
        let local = is_loopback(issuer);
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("Promptpal/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_LIMIT.min(patience))
            .timeout(patience);
        if local {
            // A proxy cannot reach this machine's loopback.
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| AccountError::ProviderFaulty {
            doing: "preparing the connection",
            reason: chain(&error),
        })?;
        Ok(Self { client, local })
    }

    /// Whether tokens may be sent to `url`, and the browser there.
    pub(crate) fn allows(&self, url: &Url) -> bool {
        url.scheme() == "https" || (self.local && url.scheme() == "http" && is_loopback(url))
    }

    /// Sends one request and reads the whole answer.
    pub(crate) async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if let Some(bearer) = request.headers_mut().get_mut(AUTHORIZATION) {
            bearer.set_sensitive(true);
        }
        let request = reqwest::Request::try_from(request).map_err(|error| TransportError::Unmade(chain(&error)))?;
        if !self.allows(request.url()) {
            return Err(TransportError::Insecure(request.url().to_string()));
        }
        let mut answer = self.client.execute(request).await.map_err(unreachable)?;
        let status = answer.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(TransportError::Unavailable(status));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > BODY_LIMIT {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Transport {
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, TransportError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

fn unreachable(error: reqwest::Error) -> TransportError {
    TransportError::Unreachable(chain(&error.without_url()))
}

/// The error and its causes in one line; reqwest's own text stops at the outermost.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
