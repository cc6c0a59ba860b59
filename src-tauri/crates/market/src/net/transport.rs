//! One GET request: through the gate, with a time limit and a size limit, each way of failing told apart.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use promptpal_domain::Clock;
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;
use url::Url;

use super::BinanceConfig;
use super::limits::Gate;
use super::wire::ErrorBody;
use crate::MarketError;

/// Longest piece of a foreign answer that goes into an error.
const QUOTED_CHARS: usize = 120;

#[derive(Debug)]
pub(crate) struct Transport {
    http: reqwest::Client,
    base: Url,
    host: String,
    timeout_ms: u64,
    pub(crate) gate: Gate,
}

/// What is asked for, and at what price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// For people: "list of symbols".
    pub(crate) what: &'static str,
    /// Below the base: `api/v3/time`.
    pub(crate) path: &'static str,
    pub(crate) query: &'a [(&'static str, String)],
    pub(crate) weight: u32,
    pub(crate) max_bytes: usize,
}

impl Transport {
    pub(crate) fn new(config: &BinanceConfig, clock: Arc<dyn Clock>) -> Result<Self, MarketError> {
        let host = host_of(&config.rest_base);
        let http = reqwest::Client::builder()
            .user_agent(concat!("promptpal/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(config.connect_timeout)
            .timeout(config.request_timeout)
            .build()
            .map_err(|error| MarketError::Unreachable {
                host: host.clone(),
                source: Box::new(error),
            })?;
        Ok(Self {
            http,
            base: config.rest_base.clone(),
            host,
            timeout_ms: u64::try_from(config.request_timeout.as_millis()).unwrap_or(u64::MAX),
            gate: Gate::new(clock, config.weight_share_percent, config.assumed_weight_limit),
        })
    }

    /// The body of a successful answer.
    pub(crate) async fn get(&self, request: Request<'_>) -> Result<Bytes, MarketError> {
        let url = self
            .base
            .join(request.path)
            .map_err(|_| MarketError::Address(self.base.to_string()))?;
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
        match status {
            StatusCode::TOO_MANY_REQUESTS => return Err(self.gate.pause(false, answer.headers())),
            StatusCode::IM_A_TEAPOT => return Err(self.gate.pause(true, answer.headers())),
            StatusCode::FORBIDDEN => {
                return Err(MarketError::Blocked {
                    host: self.host.clone(),
                });
            }
            _ if status.is_server_error() => {
                return Err(MarketError::Unavailable {
                    host: self.host.clone(),
                    status: status.as_u16(),
                });
            }
            _ => {}
        }
        let body = self.read(answer, request.max_bytes).await?;
        if status.is_success() {
            Ok(body)
        } else {
            Err(self.refused(status, &body))
        }
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
        let parsed = serde_json::from_slice::<ErrorBody>(body).ok();
        if status == StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS {
            let message = parsed.map_or_else(|| beginning(body), |error| error.msg);
            return MarketError::Restricted {
                host: self.host.clone(),
                message,
            };
        }
        match parsed {
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

/// `api.binance.com`, with the port where it is not the usual one.
pub(crate) fn host_of(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => url.to_string(),
    }
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
