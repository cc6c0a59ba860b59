//! One GET request: through the gate, with a time limit and a size limit, each way of failing told apart.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use reqwest::redirect::Policy;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::hosts::{Host, PauseKind};
use super::limits::Gate;
use super::pace::Pace;
use crate::MarketError;

/// Longest piece of a foreign answer that goes into an error.
const QUOTED_CHARS: usize = 120;

/// Where requests go, and how long they may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) base: &'a Url,
    pub(crate) connect_timeout: Duration,
    pub(crate) request_timeout: Duration,
}

#[derive(Debug)]
pub(crate) struct Transport {
    http: reqwest::Client,
    base: Url,
    host: String,
    timeout_ms: u64,
    pace: Option<Pace>,
    pub(crate) gate: Gate,
}

/// `{"code": -1121, "msg": "Invalid symbol."}` or `{"message": "NotFound"}`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ErrorBody {
    code: i64,
    #[serde(alias = "message")]
    msg: String,
}

/// What is asked for, and at what price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// For people: "list of symbols".
    pub(crate) what: &'static str,
    /// Below the base, piece by piece: `["api", "v3", "time"]`. A piece may be any name; it is encoded.
    pub(crate) path: &'a [&'a str],
    pub(crate) query: &'a [(&'static str, String)],
    pub(crate) weight: u32,
    pub(crate) max_bytes: usize,
}

impl Transport {
    /// A client of one host. With a pace its requests go out one after the other.
    pub(crate) fn new(target: Target<'_>, mut gate: Gate, pace: Option<Pace>) -> Result<Self, MarketError> {
        let host = host_of(target.base);
        let http = reqwest::Client::builder()
            .user_agent(concat!("promptpal/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(target.connect_timeout)
            .timeout(target.request_timeout)
            .build()
            .map_err(|error| MarketError::Unreachable {
                host: host.clone(),
                source: Box::new(error),
            })?;
        gate.host = Host::of(&host);
        Ok(Self {
            http,
            base: target.base.clone(),
            host,
            timeout_ms: u64::try_from(target.request_timeout.as_millis()).unwrap_or(u64::MAX),
            pace,
            gate,
        })
    }

    /// The body of a successful answer.
    pub(crate) async fn get(&self, request: Request<'_>) -> Result<Bytes, MarketError> {
        let url = self.url(request.path)?;
        if let Some(pace) = &self.pace {
            pace.turn().await;
        }
        let pass = self.gate.pass(request.weight)?;
        let answer = self
            .http
            .get(url)
            .query(request.query)
            .send()
            .await
            .map_err(|error| self.failed(error))?;
        self.gate.answered(&pass, answer.headers());
        let status = answer.status();
        if let Some(kind) = PauseKind::of_status(status.as_u16()) {
            return Err(self.gate.pause(kind, answer.headers()));
        }
        if status.is_server_error() {
            return Err(MarketError::Unavailable {
                host: self.host.clone(),
                status: status.as_u16(),
            });
        }
        let body = self.read(answer, request.max_bytes).await?;
        if status.is_success() {
            Ok(body)
        } else {
            Err(self.refused(status, &body))
        }
    }

    /// The host that is called, with its port where it is not the usual one.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    fn url(&self, path: &[&str]) -> Result<Url, MarketError> {
        let mut url = self.base.clone();
        match url.path_segments_mut() {
            Ok(mut segments) => segments.pop_if_empty().extend(path),
            Err(()) => return Err(MarketError::Address(self.base.to_string())),
        };
        Ok(url)
    }

    /// The answer as `T`.
    pub(crate) async fn get_json<T: DeserializeOwned>(&self, request: Request<'_>) -> Result<T, MarketError> {
        let body = self.get(request).await?;
        serde_json::from_slice(&body).map_err(|error| self.unreadable(request.what, &body, &error))
    }

    /// The error of a body that is not what it should be.
    pub(crate) fn unreadable(
        &self,
        what: &'static str,
        body: &[u8],
        error: &serde_json::Error,
    ) -> MarketError {
        match body.trim_ascii_start().first() {
            Some(b'{' | b'[') => MarketError::Unreadable {
                what,
                detail: error.to_string(),
            },
            _ => MarketError::NotJson {
                host: self.host.clone(),
                status: 200,
                start: beginning(body),
            },
        }
    }

    async fn read(&self, mut answer: reqwest::Response, limit: usize) -> Result<Bytes, MarketError> {
        let too_large = || MarketError::TooLarge {
            host: self.host.clone(),
            limit,
        };
        if answer
            .content_length()
            .is_some_and(|length| length > limit as u64)
        {
            return Err(too_large());
        }
        // Counted after decompression: a small answer may swell.
        let mut body = BytesMut::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.failed(error))? {
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    }

    fn refused(&self, status: StatusCode, body: &[u8]) -> MarketError {
        if status == StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS {
            return MarketError::Restricted {
                host: self.host.clone(),
                message: words_of(body),
            };
        }
        match serde_json::from_slice::<ErrorBody>(body).ok() {
            Some(ErrorBody { code, msg }) => MarketError::Refused {
                status: status.as_u16(),
                code,
                message: msg,
            },
            None => MarketError::NotJson {
                host: self.host.clone(),
                status: status.as_u16(),
                start: beginning(body),
            },
        }
    }

    fn failed(&self, error: reqwest::Error) -> MarketError {
        let host = self.host.clone();
        if error.is_timeout() {
            MarketError::Timeout {
                host,
                after_ms: self.timeout_ms,
            }
        } else {
            MarketError::Unreachable {
                host,
                source: Box::new(error.without_url()),
            }
        }
    }
}

/// The URL, ending in a slash so that paths can be joined.
pub(crate) fn base_url(text: &str, schemes: [&str; 2]) -> Result<Url, MarketError> {
    let refuse = || MarketError::Address(text.to_owned());
    let mut url = Url::parse(text.trim()).map_err(|_| refuse())?;
    if !schemes.contains(&url.scheme()) || url.host_str().is_none() {
        return Err(refuse());
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url.set_query(None);
    url.set_fragment(None);
    Ok(url)
}

/// `api.binance.com`, with the port where it is not the usual one.
pub(crate) fn host_of(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => url.to_string(),
    }
}

/// What a refusal says to people: the exchange's own words where it gives them, else how the answer begins.
pub(crate) fn words_of(body: &[u8]) -> String {
    serde_json::from_slice::<ErrorBody>(body).map_or_else(|_| beginning(body), |error| error.msg)
}

/// How a foreign text begins, on one line.
pub(crate) fn beginning(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body.get(..4 * QUOTED_CHARS).unwrap_or(body));
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(QUOTED_CHARS)
        .collect()
}
