//! What a server answered, before anybody looked into it.

use std::io::Read;

use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, LOCATION};
use url::Url;

use crate::{Limits, NewsError};

/// The longest validator that is kept: it goes into the store and back over the wire with every poll.
const LONGEST_VALIDATOR: usize = 1024;

/// An answer with its whole body, as it came over the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    /// Lower case, with its parameters.
    pub(crate) content_type: Option<String>,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    pub(crate) body: Body,
}

/// A body, perhaps compressed.
#[derive(Debug)]
pub(crate) struct Body {
    url: String,
    wire: Vec<u8>,
    compressed: bool,
    limits: Limits,
}

impl Answer {
    pub(super) fn new(url: &Url, status: u16, headers: HeaderMap, wire: Vec<u8>, limits: &Limits) -> Self {
        let text = |name: HeaderName| {
            headers
                .get(name)
                .and_then(|value| value.to_str().ok())
                .map(str::trim)
                .map(str::to_owned)
        };
        let encoding = text(CONTENT_ENCODING).unwrap_or_default().to_ascii_lowercase();
        let compressed = matches!(encoding.as_str(), "gzip" | "x-gzip") || wire.starts_with(&[0x1f, 0x8b]);
        let body = Body {
            url: url.to_string(),
            wire,
            compressed,
            limits: limits.clone(),
        };
        let short = |value: &String| value.len() <= LONGEST_VALIDATOR;
        Self {
            status,
            content_type: text(CONTENT_TYPE).map(|kind| kind.to_ascii_lowercase()),
            etag: text(ETAG).filter(short),
            last_modified: text(LAST_MODIFIED).filter(short),
            headers,
            body,
        }
    }

    /// Where the answer sends us, if it is a redirect.
    pub(crate) fn redirect(&self, from: &Url) -> Option<Result<String, NewsError>> {
        if !matches!(self.status, 301 | 302 | 303 | 307 | 308) {
            return None;
        }
        let target = self
            .headers
            .get(LOCATION)
            .and_then(|to| std::str::from_utf8(to.as_bytes()).ok());
        let joined = target.and_then(|to| from.join(to).ok()).map(String::from);
        Some(joined.ok_or_else(|| NewsError::Status {
            url: from.to_string(),
            status: self.status,
        }))
    }

    pub(crate) const fn is_permanent_redirect(&self) -> bool {
        matches!(self.status, 301 | 308)
    }

    /// The `charset` of the content type.
    pub(crate) fn charset(&self) -> Option<String> {
        charset(self.content_type.as_deref()?)
    }
}

/// The `charset` parameter of a content type.
pub(crate) fn charset(content_type: &str) -> Option<String> {
    let parameters = content_type.split(';').skip(1);
    let mut values = parameters.filter_map(|p| p.trim().strip_prefix("charset=").map(str::to_owned));
    values
        .next()
        .map(|value| value.trim_matches(['"', '\'', ' ']).to_owned())
}

impl Body {
    /// The bytes, decompressed within the bounds.
    ///
    /// # Errors
    /// [`NewsError::TooLarge`] for a body beyond its bounds, [`NewsError::Network`] for one that is no gzip.
    pub(crate) fn decoded(self) -> Result<Vec<u8>, NewsError> {
        if !self.compressed {
            return Ok(self.wire);
        }
        let by_ratio = self.wire.len().saturating_mul(self.limits.ratio).max(1 << 20);
        let limit = self.limits.decoded_bytes.min(by_ratio);
        let mut bytes = Vec::new();
        let mut reader = flate2::read::MultiGzDecoder::new(self.wire.as_slice()).take(limit as u64 + 1);
        match reader.read_to_end(&mut bytes) {
            _ if bytes.len() > limit => Err(NewsError::TooLarge { url: self.url, limit }),
            Ok(_) => Ok(bytes),
            Err(source) => Err(NewsError::Network {
                url: self.url,
                source,
            }),
        }
    }
}
