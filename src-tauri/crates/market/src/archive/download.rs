//! Requests of the archives' host: bounded, patient with large files, silent during a pause.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::RETRY_AFTER;
use promptpal_domain::Clock;
use reqwest::redirect::Policy;
use sha2::{Digest as _, Sha256};
use url::Url;

use super::checksum::{self, Sha256Hex};
use super::{ArchiveConfig, ArchiveFile, ArchiveProgress};
use crate::MarketError;
use crate::net::hosts::PauseKind;
use crate::net::limits::{Allowance, Gate};
use crate::net::{beginning, host_of};

/// A checksum is a line.
const CHECKSUM_LIMIT: usize = 4 << 10;
/// So much is allocated before anything has arrived.
const FIRST_PIECE: usize = 1 << 20;
/// A pause when the host asks for one and does not say how long.
const PAUSE_MS: i64 = 60_000;

#[derive(Debug)]
pub(crate) struct Download {
    http: reqwest::Client,
    host: String,
    patience: Duration,
    max_file_bytes: usize,
    /// The host counts no weight; the gate is for the pauses it asks for.
    gate: Gate,
}

impl Download {
    pub(crate) fn new(config: &ArchiveConfig, clock: Arc<dyn Clock>) -> Result<Self, MarketError> {
        let host = host_of(&config.base);
        let http = reqwest::Client::builder()
            .user_agent(concat!("promptpal/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            .timeout(config.file_timeout)
            // The files are packed already, and their length is to be known.
            .no_gzip()
            .no_brotli()
            .build()
            .map_err(|error| MarketError::Unreachable {
                host: host.clone(),
                source: Box::new(error),
            })?;
        let gate = Gate::new(clock, uncounted()).at(&host);
        Ok(Self {
            http,
            host,
            patience: config.read_timeout,
            max_file_bytes: config.max_file_bytes,
            gate,
        })
    }

    /// The published checksum; `None` when there is none.
    pub(crate) async fn checksum(&self, file: &ArchiveFile) -> Result<Option<Sha256Hex>, MarketError> {
        let body = self.get(&file.checksum_url(), CHECKSUM_LIMIT, |_, _| ()).await?;
        let Some(body) = body else { return Ok(None) };
        match checksum::parse(&body, &file.name) {
            Ok(sum) => Ok(Some(sum)),
            Err(_) if is_markup(&body) => Err(self.markup(&body)),
            Err(problem) => Err(unusable(file, &problem)),
        }
    }

    /// The bytes of a file, once they are known to be the published ones; `None` when there is none.
    pub(crate) async fn zip(
        &self,
        file: &ArchiveFile,
        expected: &Sha256Hex,
        mut progress: impl FnMut(ArchiveProgress),
    ) -> Result<Option<Bytes>, MarketError> {
        let (mut digest, mut done) = (Sha256::new(), 0);
        let tell = |piece: &[u8], total: Option<u64>| {
            digest.update(piece);
            done += piece.len() as u64;
            progress(ArchiveProgress { done, total });
        };
        let Some(body) = self.get(&file.url, self.max_file_bytes, tell).await? else {
            return Ok(None);
        };
        let found = Sha256Hex::from_digest(digest);
        if found == *expected {
            Ok(Some(body))
        } else if is_markup(&body) {
            Err(self.markup(&body))
        } else {
            Err(MarketError::ChecksumMismatch {
                file: file.name.clone(),
                expected: expected.to_string(),
                found: found.to_string(),
            })
        }
    }

    async fn get(
        &self,
        url: &Url,
        limit: usize,
        mut piece: impl FnMut(&[u8], Option<u64>),
    ) -> Result<Option<Bytes>, MarketError> {
        let pass = self.gate.pass(1)?;
        let mut answer = self
            .http
            .get(url.clone())
            .send()
            .await
            .map_err(|error| self.failed(error))?;
        self.gate.answered(&pass, answer.headers());
        let host = || self.host.clone();
        let status = answer.status();
        if let Some(kind) = PauseKind::of_status(status.as_u16()) {
            return Err(self.gate.pause(kind, answer.headers()));
        }
        match status {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(None),
            StatusCode::SERVICE_UNAVAILABLE if answer.headers().contains_key(RETRY_AFTER) => {
                return Err(self.gate.pause(PauseKind::TooMany, answer.headers()));
            }
            StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS => {
                return Err(MarketError::Restricted {
                    host: host(),
                    message: "the archives are not for this location".to_owned(),
                });
            }
            _ if status.is_server_error() => {
                return Err(MarketError::Unavailable {
                    host: host(),
                    status: status.as_u16(),
                });
            }
            _ => {
                return Err(MarketError::Refused {
                    status: status.as_u16(),
                    code: 0,
                    message: status.canonical_reason().unwrap_or_default().to_owned(),
                });
            }
        }
        let too_large = || MarketError::TooLarge { host: host(), limit };
        let total = answer.content_length();
        if total.is_some_and(|total| total > limit as u64) {
            return Err(too_large());
        }
        let room = total.map_or(0, |total| usize::try_from(total).unwrap_or(0));
        let mut body = BytesMut::with_capacity(room.min(FIRST_PIECE));
        while let Some(chunk) = answer.chunk().await.map_err(|error| self.failed(error))? {
            if body.len() + chunk.len() > limit {
                return Err(too_large());
            }
            piece(&chunk, total);
            body.extend_from_slice(&chunk);
        }
        Ok(Some(body.freeze()))
    }

    fn markup(&self, body: &[u8]) -> MarketError {
        MarketError::NotJson {
            host: self.host.clone(),
            status: 200,
            start: beginning(body),
        }
    }

    fn failed(&self, error: reqwest::Error) -> MarketError {
        let host = self.host.clone();
        if error.is_timeout() {
            MarketError::Timeout {
                host,
                after_ms: u64::try_from(self.patience.as_millis()).unwrap_or(u64::MAX),
            }
        } else {
            MarketError::Unreachable {
                host,
                source: Box::new(error.without_url()),
            }
        }
    }
}

/// The host counts no weight.
fn uncounted() -> Allowance {
    Allowance {
        limit: u32::MAX,
        window_ms: 60_000,
        header: String::new(),
        share_percent: 100,
        pause_ms: PAUSE_MS,
    }
}

/// Whether this is a page for a browser, such as a login of the network.
fn is_markup(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"<")
}

pub(super) fn unusable(file: &ArchiveFile, problem: &dyn std::fmt::Display) -> MarketError {
    MarketError::ArchiveUnusable {
        file: file.name.clone(),
        detail: problem.to_string(),
    }
}
