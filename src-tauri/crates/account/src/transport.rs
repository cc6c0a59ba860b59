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
            Self::TooLarge | Self::Insecure(_) | Self::Unmade(_) => {
                AccountError::ProviderFaulty { doing, reason }
            }
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
        let request =
            reqwest::Request::try_from(request).map_err(|error| TransportError::Unmade(chain(&error)))?;
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

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// Answers one request with `answer`, then waits for the client to hang up.
    async fn serving(answer: Vec<u8>) -> Url {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://127.0.0.1:{}/", listener.local_addr().unwrap().port())
            .parse()
            .unwrap();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(&answer).await;
            while stream.read(&mut request).await.is_ok_and(|count| count > 0) {}
        });
        url
    }

    async fn get(issuer: &Url, at: &str, patience: Duration) -> Result<(u16, usize), String> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let transport = Transport::new(issuer, patience).unwrap();
        let mut request = HttpRequest::new(Vec::new());
        *request.uri_mut() = at.parse().unwrap();
        let answer = transport
            .send(request)
            .await
            .map_err(|error| format!("{error:?}"))?;
        Ok((answer.status().as_u16(), answer.body().len()))
    }

    #[tokio::test]
    async fn takes_answers_within_its_limits() {
        let check = async |answer: String, expected: Result<(u16, usize), &str>| {
            let url = serving(answer.into_bytes()).await;
            let got = get(&url, url.as_str(), Duration::from_secs(20)).await;
            match (&got, expected) {
                (Ok(got), Ok(expected)) => assert_eq!(*got, expected),
                (Err(got), Err(expected)) => assert!(got.starts_with(expected), "{got}"),
                _ => panic!("{got:?} is not {expected:?}"),
            }
        };
        let sized = |length: usize| {
            format!(
                "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{}",
                "x".repeat(length)
            )
        };
        check(sized(2), Ok((200, 2))).await;
        check(sized(BODY_LIMIT), Ok((200, BODY_LIMIT))).await;
        check(sized(BODY_LIMIT + 1), Err("TooLarge")).await;
        check(
            "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n".into(),
            Ok((400, 0)),
        )
        .await;
        check(
            "HTTP/1.1 503 Away\r\nContent-Length: 0\r\n\r\n".into(),
            Err("Unavailable(503)"),
        )
        .await;
        check(
            "HTTP/1.1 429 Slow\r\nContent-Length: 0\r\n\r\n".into(),
            Err("Unavailable(429)"),
        )
        .await;
        let elsewhere = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n";
        check(elsewhere.into(), Ok((302, 0))).await;
        check("SSH-2.0\r\n".into(), Err("Unreachable")).await;
    }

    #[tokio::test]
    async fn gives_up_on_silence() {
        let url = serving(Vec::new()).await;
        let got = get(&url, url.as_str(), Duration::from_millis(50)).await;
        assert!(
            got.as_ref().is_err_and(|error| error.starts_with("Unreachable")),
            "{got:?}"
        );
    }

    #[tokio::test]
    async fn sends_nothing_over_lines_that_can_be_overheard() {
        let check = async |issuer: &str, at: &str| {
            let got = get(&issuer.parse().unwrap(), at, Duration::from_secs(20)).await;
            assert!(
                got.as_ref().is_err_and(|error| error.starts_with("Insecure")),
                "{at}: {got:?}"
            );
        };
        check("https://id.example.org", "http://id.example.org/token").await;
        check("https://id.example.org", "http://127.0.0.1:1/token").await;
        check("http://127.0.0.1:1", "http://id.example.org/token").await;
    }
}
