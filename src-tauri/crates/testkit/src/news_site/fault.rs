//! What the site can be made to do wrong, per address.

use std::convert::Infallible;
use std::io::Write;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use promptpal_domain::Timestamp;
use serde::{Deserialize, Serialize};

use super::feed::rfc_822;

/// A fault of one address, from when it is set until it is taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Fault {
    /// 429, with this Retry-After where there is one (seconds or an HTTP date).
    RateLimited {
        /// The header's value.
        retry_after: Option<String>,
    },
    /// 429 until this moment of the site's clock, with a Retry-After that names it.
    RefusedUntil {
        /// In milliseconds; whole seconds.
        until_ms: i64,
        /// As an HTTP date instead of seconds.
        as_date: bool,
    },
    /// This status and nothing else.
    Status {
        /// The HTTP status.
        status: u16,
    },
    /// A redirect (302), for example to a metadata address: `http://169.254.169.254/latest/meta-data/`.
    Redirect {
        /// Where to.
        to: String,
    },
    /// The head at once, then a byte every so often, without an end.
    SlowDrip {
        /// Pause between two bytes.
        every_ms: u64,
    },
    /// The page in ISO 8859-1 while its header says UTF-8.
    WrongEncoding,
    /// The first paragraph, then a wall.
    Paywall,
    /// So many bytes of HTML, without saying how many beforehand.
    HugeBody {
        /// MiB.
        mib: usize,
    },
    /// So many bytes of HTML, compressed to next to nothing.
    Bomb {
        /// MiB after decompression.
        mib: usize,
    },
    /// This HTML.
    Body {
        /// The whole page.
        html: String,
    },
    /// A page that is none: this content type.
    NotHtml {
        /// `application/pdf`
        content_type: String,
    },
}

impl Fault {
    /// The answer in place of the page, for faults that do not need the page.
    pub(super) fn answer(&self, now: Timestamp) -> Option<Response> {
        let html = (CONTENT_TYPE, "text/html; charset=utf-8".to_owned());
        Some(match self {
            Self::RateLimited {
                retry_after: Some(value),
            } => (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, value.clone())]).into_response(),
            Self::RateLimited { retry_after: None } => StatusCode::TOO_MANY_REQUESTS.into_response(),
            Self::RefusedUntil { until_ms, as_date } => {
                let until = Timestamp::from_millis(*until_ms);
                if now >= until {
                    return None;
                }
                let value = if *as_date {
                    rfc_822(&until.to_string())
                } else {
                    ((until.since(now) + 999) / 1000).to_string()
                };
                (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, value)]).into_response()
            }
            Self::Status { status } => StatusCode::from_u16(*status).unwrap().into_response(),
            Self::Redirect { to } => (StatusCode::FOUND, [(LOCATION, to.clone())]).into_response(),
            Self::SlowDrip { every_ms } => {
                let pause = Duration::from_millis(*every_ms);
                let drip = futures_util::stream::unfold((), move |()| async move {
                    tokio::time::sleep(pause).await;
                    Some((Ok::<_, Infallible>(Bytes::from_static(b"<")), ()))
                });
                ([html], Body::from_stream(drip)).into_response()
            }
            Self::HugeBody { mib } => {
                let block = Bytes::from("<p>x</p>".repeat(8192));
                let blocks = futures_util::stream::iter(vec![Ok::<_, Infallible>(block); mib * 16]);
                ([html], Body::from_stream(blocks)).into_response()
            }
            Self::Bomb { mib } => {
                let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
                for _ in 0..*mib {
                    gzip.write_all(&vec![b' '; 1 << 20]).unwrap();
                }
                let headers: [(HeaderName, String); 2] = [html, (CONTENT_ENCODING, "gzip".to_owned())];
                (headers, gzip.finish().unwrap()).into_response()
            }
            Self::Body { html: page } => ([html], page.clone()).into_response(),
            Self::NotHtml { content_type } => {
                ([(CONTENT_TYPE, content_type.clone())], "%PDF-1.7").into_response()
            }
            Self::WrongEncoding | Self::Paywall => return None,
        })
    }
}

/// The page in ISO 8859-1; what that cannot write becomes a question mark.
pub(super) fn as_latin_1(page: &str) -> Vec<u8> {
    page.chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
        .collect()
}
