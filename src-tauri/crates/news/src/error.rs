//! What can go wrong between asking a site and having its text.

use promptpal_domain::Timestamp;

/// Who refused a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockedBy {
    /// The site's robots.txt forbids it to us, or could not be had and so must be taken as forbidding.
    Robots,
    /// The site answered with this status: 401, 403 or 451.
    Status(u16),
}

/// Why a feed or a page could not be had.
#[derive(Debug, thiserror::Error)]
pub enum NewsError {
    /// The address cannot be asked at all.
    #[error("'{url}' cannot be fetched: {reason}")]
    InvalidUrl {
        /// The address as given.
        url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The host is, or resolves only to, an address outside the public internet.
    #[error("{host} is not on the public internet, so it is not connected to")]
    AddressRefused {
        /// The host's name or address.
        host: String,
    },
    /// The site does not want the page to be fetched by us.
    #[error("{url} may not be fetched: {}", match by { BlockedBy::Robots => "robots.txt forbids it".to_owned(), BlockedBy::Status(status) => format!("the site answered {status}") })]
    Blocked {
        /// The page.
        url: String,
        /// Who said so.
        by: BlockedBy,
    },
    /// The site wants to be paid for the page (402).
    #[error("{url} stands behind a paywall")]
    Paywalled {
        /// The page.
        url: String,
    },
    /// The page does not exist (404) or exists no longer (410).
    #[error("{url} does not exist any more ({status})")]
    Gone {
        /// The page.
        url: String,
        /// 404 or 410.
        status: u16,
    },
    /// The host asked for less (429, or 503 with Retry-After).
    #[error("{url} asks not to be asked before {until}")]
    RateLimited {
        /// What was asked for.
        url: String,
        /// The host that is not to be asked, as [`host_of`](crate::host_of) names it.
        host: String,
        /// Not to be asked before.
        until: Timestamp,
        /// 429 or 503 when this very answer said so; `None` when nothing was asked because of an earlier one.
        status: Option<u16>,
    },
    /// The server failed, or answered in a way that is no answer.
    #[error("{url} answered {status}")]
    Status {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// More redirects than are followed.
    #[error("{url} redirects too many times")]
    Redirects {
        /// Where it began.
        url: String,
    },
    /// The body is larger than allowed, on the wire or decompressed.
    #[error("{url} sends more than {limit} bytes")]
    TooLarge {
        /// What was asked for.
        url: String,
        /// The bound it broke.
        limit: usize,
    },
    /// The page is something other than HTML.
    #[error("{url} is no web page but {content_type}")]
    NotHtml {
        /// The page.
        url: String,
        /// What it says it is.
        content_type: String,
    },
    /// The document is no feed that can be read.
    #[error("no RSS, Atom or JSON feed: {reason}")]
    NotFeed {
        /// What the parser said.
        reason: String,
    },
    /// No connection, or it broke.
    #[error("{url} could not be reached")]
    Network {
        /// What was asked for.
        url: String,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The site was too slow.
    #[error("{url} did not answer in time")]
    Timeout {
        /// What was asked for.
        url: String,
    },
    /// The work on what was received cost too much or broke off.
    #[error("the text of {url} could not be taken: {reason}")]
    Extraction {
        /// The page.
        url: String,
        /// What happened to it.
        reason: String,
    },
    /// The process that reads pages could not be started, which says nothing about the page.
    #[error("the text of {url} waits: the process that reads pages could not be started: {reason}")]
    NoReader {
        /// The page.
        url: String,
        /// What the system said.
        reason: String,
    },
    /// The HTTP client could not be made: no TLS provider is installed, or the User-Agent is no header value.
    #[error("the HTTP client could not be set up: {reason}")]
    Client {
        /// What is missing.
        reason: String,
    },
}

impl NewsError {
    /// The HTTP status that the site answered with, where it answered.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Blocked {
                by: BlockedBy::Status(status),
                ..
            }
            | Self::Gone { status, .. }
            | Self::Status { status, .. } => Some(*status),
            Self::RateLimited { status, .. } => *status,
            Self::Paywalled { .. } => Some(402),
            Self::NotHtml { .. } | Self::NotFeed { .. } | Self::TooLarge { .. } => Some(200),
            Self::InvalidUrl { .. }
            | Self::AddressRefused { .. }
            | Self::Blocked {
                by: BlockedBy::Robots,
                ..
            }
            | Self::Redirects { .. }
            | Self::Network { .. }
            | Self::Timeout { .. }
            | Self::Extraction { .. }
            | Self::NoReader { .. }
            | Self::Client { .. } => None,
        }
    }

    /// Whether the same request may work later without anybody changing anything.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::RateLimited { .. }
            | Self::Network { .. }
            | Self::Timeout { .. }
            | Self::NoReader { .. } => true,
            Self::Status { status, .. } => *status >= 500,
            Self::InvalidUrl { .. }
            | Self::AddressRefused { .. }
            | Self::Blocked { .. }
            | Self::Paywalled { .. }
            | Self::Gone { .. }
            | Self::Redirects { .. }
            | Self::TooLarge { .. }
            | Self::NotHtml { .. }
            | Self::NotFeed { .. }
            | Self::Extraction { .. }
            | Self::Client { .. } => false,
        }
    }
}
