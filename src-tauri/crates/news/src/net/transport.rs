//! One GET, without following anything.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use promptpal_domain::{Clock, Timestamp};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use reqwest::redirect::Policy;
use url::{Host, Url};

use super::address::Reach;
use super::answer::Answer;
use super::resolver::{FilteredResolver, is_refusal};
use super::turns::Turns;
use crate::host::host_key;
use crate::pace::Pace;
use crate::schedule::{plus, retry_after};
use crate::{Limits, NewsConfig, NewsError};

/// The longest address that is asked.
const LONGEST_URL: usize = 4096;
const ACCEPTED: &str = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json;q=0.9,*/*;q=0.5";

/// The client with its checks, turns and limits.
#[derive(Debug)]
pub(crate) struct Transport {
    client: reqwest::Client,
    reach: Reach,
    doubles: Vec<SocketAddr>,
    turns: Turns,
    limits: Limits,
    clock: Arc<dyn Clock>,
    /// How long a host is left alone that is asked too often and does not say for how long.
    unstated_pause: Duration,
}

/// What makes a request conditional.
#[derive(Clone, Debug, Default)]
pub(crate) struct Validators {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

impl Transport {
    /// # Errors
    /// [`NewsError::Client`] without a TLS provider or with a User-Agent that is no header value.
    pub(crate) fn new(
        config: &NewsConfig,
        clock: Arc<dyn Clock>,
        pace: Arc<dyn Pace>,
    ) -> Result<Self, NewsError> {
        let unusable = |reason: String| NewsError::Client { reason };
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            return Err(unusable("no TLS provider is installed".to_owned()));
        }
        let reach = if config.allow_private_addresses {
            Reach::PrivateToo
        } else {
            Reach::Public
        };
        let client = reqwest::Client::builder()
            .user_agent(config.user_agent.as_str())
            .dns_resolver(Arc::new(FilteredResolver {
                reach,
                names: config.names.clone(),
            }))
            .redirect(Policy::none())
            // A proxy would connect for us, past the address filter.
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .connect_timeout(config.limits.connect)
            .timeout(config.limits.whole)
            .pool_max_idle_per_host(1)
            .build()
            .map_err(|error| unusable(error.to_string()))?;
        Ok(Self {
            client,
            reach,
            doubles: config.doubles.clone(),
            turns: Turns::new(pace),
            limits: config.limits.clone(),
            clock,
            unstated_pause: config.intervals.usual,
        })
    }

    /// The address, if it may be asked: http(s), the usual ports, a host that is no address outside the public internet.
    ///
    /// # Errors
    /// [`NewsError::InvalidUrl`] or [`NewsError::AddressRefused`].
    pub(crate) fn checked(&self, text: &str) -> Result<Url, NewsError> {
        let invalid = |reason| NewsError::InvalidUrl {
            url: text.chars().take(200).collect(),
            reason,
        };
        if text.len() > LONGEST_URL {
            return Err(invalid("it is too long"));
        }
        let mut url = Url::parse(text.trim()).map_err(|_| invalid("it is no address"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(invalid("only http and https are fetched"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(invalid("it carries a user name"));
        }
        let literal: Option<IpAddr> = match url.host() {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            Some(Host::Domain(_)) => None,
            None => return Err(invalid("it names no host")),
        };
        let port = url.port_or_known_default().unwrap_or_default();
        let is_double = literal.is_some_and(|ip| self.doubles.contains(&SocketAddr::new(ip, port)));
        if literal.is_some_and(|ip| !self.reach.allows(ip)) && !is_double {
            return Err(NewsError::AddressRefused {
                host: url.host_str().unwrap_or_default().to_owned(),
            });
        }
        let usual_port = matches!(url.port_or_known_default(), Some(80 | 443));
        if !usual_port && self.reach == Reach::Public && !is_double {
            return Err(invalid("only the ports 80 and 443 are asked"));
        }
        url.set_fragment(None);
        Ok(url)
    }

    /// Leaves a host alone until then.
    pub(crate) fn hold(&self, host: String, until: Timestamp) {
        self.turns.hold(host, until, self.clock.now());
    }

    /// Whether the host of `url` may be asked now.
    fn not_held(&self, url: &Url) -> Result<(), NewsError> {
        let host = host_key(url).unwrap_or_default();
        match self.turns.held(&host, self.clock.now()) {
            Some(until) => Err(NewsError::RateLimited {
                url: url.to_string(),
                host,
                until,
                status: None,
            }),
            None => Ok(()),
        }
    }

    /// What an answer says about asking less: 429, or 503 with a time. It holds for the whole host.
    fn heed(&self, url: &Url, answer: &Answer) -> Result<(), NewsError> {
        let now = self.clock.now();
        let until = match (answer.status, retry_after(&answer.headers, now)) {
            (429 | 503, Some(until)) => until,
            (429, None) => plus(now, self.unstated_pause),
            _ => return Ok(()),
        };
        let host = host_key(url).unwrap_or_default();
        self.hold(host.clone(), until);
        Err(NewsError::RateLimited {
            url: url.to_string(),
            host,
            until,
            status: Some(answer.status),
        })
    }

    /// Asks for `url`, which has been [checked](Self::checked), in its host's turn.
    ///
    /// # Errors
    /// `RateLimited` where the host asked for less, now or before; `AddressRefused`, `TooLarge`, `Timeout` or `Network`.
    pub(crate) async fn get(
        &self,
        url: &Url,
        validators: &Validators,
        delay: Duration,
    ) -> Result<Answer, NewsError> {
        self.not_held(url)?;
        let _turn = self.turns.take(url, delay).await;
        // Whoever had the turn before may have been told to ask less.
        self.not_held(url)?;
        let mut request = self
            .client
            .get(url.clone())
            .header(ACCEPT, ACCEPTED)
            .header(ACCEPT_ENCODING, "gzip");
        let conditions = [
            (IF_NONE_MATCH, &validators.etag),
            (IF_MODIFIED_SINCE, &validators.last_modified),
        ];
        for (name, value) in conditions {
            if let Some(value) = value.as_deref().and_then(|text| HeaderValue::from_str(text).ok()) {
                request = request.header(name, value);
            }
        }
        let answer = request.send().await.map_err(|error| failure(url, error))?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let too_large = || NewsError::TooLarge {
            url: url.to_string(),
            limit: self.limits.wire_bytes,
        };
        // The body of anything but a page is of no use; not reading it breaks the connection off.
        let mut wire = Vec::new();
        if status == 200 {
            if answer
                .content_length()
                .is_some_and(|length| length > self.limits.wire_bytes as u64)
            {
                return Err(too_large());
            }
            let mut chunks = answer.bytes_stream();
            while let Some(chunk) = chunks.next().await {
                let chunk = chunk.map_err(|error| failure(url, error))?;
                if wire.len() + chunk.len() > self.limits.wire_bytes {
                    return Err(too_large());
                }
                wire.extend_from_slice(&chunk);
            }
        }
        let answer = Answer::new(url, status, headers, wire, &self.limits);
        self.heed(url, &answer)?;
        Ok(answer)
    }
}

fn failure(url: &Url, error: reqwest::Error) -> NewsError {
    if is_refusal(&error) {
        return NewsError::AddressRefused {
            host: url.host_str().unwrap_or_default().to_owned(),
        };
    }
    let url = url.to_string();
    if error.is_timeout() {
        NewsError::Timeout { url }
    } else {
        NewsError::Network {
            url,
            source: io::Error::other(error.without_url()),
        }
    }
}
