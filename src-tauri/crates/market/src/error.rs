//! What goes wrong between us and an exchange.

use promptpal_domain::{Interval, Symbol, Timestamp, Venue};

/// Why an exchange gave no candles. [`MarketError::advice`] says what a person can do about it.
#[derive(Debug, thiserror::Error)]
pub enum MarketError {
    /// The address cannot be used at all.
    #[error("'{0}' is not a usable exchange address")]
    Address(String),
    /// No connection came about, or it broke.
    #[error("{host} cannot be reached")]
    Unreachable {
        /// The host that was called.
        host: String,
        /// What the network said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Nothing, or not everything, arrived in time.
    #[error("{host} did not answer within {after_ms} ms")]
    Timeout {
        /// The host that was called.
        host: String,
        /// How long we waited.
        after_ms: u64,
    },
    /// 429: too many requests. Nothing is sent before `until`.
    #[error("the exchange asks for a pause until {until}: too many requests")]
    RateLimited {
        /// End of the pause by our clock.
        until: Timestamp,
    },
    /// Our own share of the exchange's request budget is used up; nothing was sent.
    #[error("the request budget is used up until {until}")]
    OverBudget {
        /// When the next budget begins by our clock.
        until: Timestamp,
    },
    /// 418: this address is banned. Nothing is sent before `until`.
    #[error("the exchange has banned this internet address until {until}")]
    Banned {
        /// End of the ban by our clock.
        until: Timestamp,
    },
    /// 403: a firewall in front of the exchange refused the request.
    #[error("a firewall in front of {host} refused the request (403)")]
    Blocked {
        /// The host that was called.
        host: String,
    },
    /// 451: the exchange does not serve this country.
    #[error("{host} does not serve this location (451): {message}")]
    Restricted {
        /// The host that was called.
        host: String,
        /// Its own words.
        message: String,
    },
    /// 5xx: the exchange has trouble.
    #[error("{host} is in trouble (HTTP {status})")]
    Unavailable {
        /// The host that was called.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The exchange does not know the symbol.
    #[error("the exchange has no symbol {0}")]
    UnknownSymbol(Symbol),
    /// The venue has no candles of this length.
    #[error("{venue} has no candles of {interval}")]
    NoInterval {
        /// The venue.
        venue: Venue,
        /// The length asked for.
        interval: Interval,
    },
    /// Any other refusal, with the exchange's own code.
    #[error("the exchange refused the request (HTTP {status}, code {code}): {message}")]
    Refused {
        /// The HTTP status, 0 on a stream.
        status: u16,
        /// The exchange's code, 0 when it gave none.
        code: i64,
        /// Its own words.
        message: String,
    },
    /// An answer that is no JSON, such as a page of HTML.
    #[error("{host} answered something that is no market data (HTTP {status}): {start}")]
    NotJson {
        /// The host that was called.
        host: String,
        /// The HTTP status.
        status: u16,
        /// How the answer begins.
        start: String,
    },
    /// JSON that does not say what it should.
    #[error("the exchange's {what} cannot be read: {detail}")]
    Unreadable {
        /// What was asked for.
        what: &'static str,
        /// What is wrong with it.
        detail: String,
    },
    /// An answer beyond the limit; the rest was not read.
    #[error("{host} answered more than {limit} bytes")]
    TooLarge {
        /// The host that was called.
        host: String,
        /// The limit in bytes.
        limit: usize,
    },
    /// A file of the archives is not the one whose checksum was published. Nothing of it was read.
    #[error("{file} is not what was published: its SHA-256 is {found}, not {expected}")]
    ChecksumMismatch {
        /// Name of the file.
        file: String,
        /// The published sum.
        expected: String,
        /// That of the bytes that came.
        found: String,
    },
    /// A file of the archives, or its checksum, cannot be read. Nothing of it is used.
    #[error("{file} cannot be used: {detail}")]
    ArchiveUnusable {
        /// Name of the file.
        file: String,
        /// What is wrong with it.
        detail: String,
    },
    /// More streams than one connection carries.
    #[error("{asked} live series are more than the {limit} that one connection carries")]
    TooManyStreams {
        /// How many were asked for.
        asked: usize,
        /// The most there may be.
        limit: usize,
    },
    /// The caller called it off.
    #[error("cancelled")]
    Cancelled,
}

impl MarketError {
    /// What a person can do about it, in a sentence.
    #[must_use]
    pub const fn advice(&self) -> &'static str {
        match self {
            Self::Address(_) => "Check the exchange address in the settings.",
            Self::Unreachable { .. } => "Check the internet connection, then try again.",
            Self::Timeout { .. } => "Try again; if it keeps happening, choose another host of the exchange.",
            Self::RateLimited { .. } | Self::OverBudget { .. } => {
                "Wait until the pause is over; the work goes on from there."
            }
            Self::Banned { .. } => {
                "Wait until the ban ends and close other programs that use this exchange from the same address."
            }
            Self::Blocked { .. } => "Wait some minutes; if it stays, choose the exchange's market-data host.",
            Self::Restricted { .. } => {
                "Choose the keyless market-data host, or another venue such as Binance US, in the settings."
            }
            Self::Unavailable { .. } => "Try again in some minutes: the exchange is being repaired.",
            Self::UnknownSymbol(_) => "Search for the symbol by the exchange's own name, such as BTCUSDT.",
            Self::NoInterval { .. } => {
                "Choose a length that the venue has; longer ones can be joined from shorter ones."
            }
            Self::Refused { .. } => "Check symbol, interval and times.",
            Self::NotJson { .. } => "Check the exchange address; a network login page may be in the way.",
            Self::Unreadable { .. } => {
                "Try again; if it stays, the exchange has changed its format: look for an update."
            }
            Self::TooLarge { .. } => "Check the exchange address.",
            Self::ChecksumMismatch { .. } => {
                "The file is refused and its candles are asked for one page at a time instead; if it stays, something between here and the archives changes files."
            }
            Self::ArchiveUnusable { .. } => {
                "The file is refused and its candles are asked for one page at a time instead; nothing has to be done."
            }
            Self::TooManyStreams { .. } => "Follow fewer series at once.",
            Self::Cancelled => "Start it again when you want it.",
        }
    }

    /// The error with what caused it, for a line in a status bar.
    pub(crate) fn with_cause(&self) -> String {
        match std::error::Error::source(self) {
            Some(cause) => format!("{self}: {cause}"),
            None => self.to_string(),
        }
    }

    /// Whether the same request may succeed later without anybody changing anything.
    #[must_use]
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Unreachable { .. }
            | Self::Timeout { .. }
            | Self::RateLimited { .. }
            | Self::OverBudget { .. }
            | Self::Banned { .. }
            | Self::Blocked { .. }
            | Self::Unavailable { .. }
            | Self::NotJson { .. }
            | Self::ChecksumMismatch { .. }
            | Self::Unreadable { .. } => true,
            Self::Address(_)
            | Self::Restricted { .. }
            | Self::UnknownSymbol(_)
            | Self::NoInterval { .. }
            | Self::Refused { .. }
            | Self::TooLarge { .. }
            | Self::ArchiveUnusable { .. }
            | Self::TooManyStreams { .. }
            | Self::Cancelled => false,
        }
    }

    /// Nothing may be sent before this instant, where the exchange said so.
    #[must_use]
    pub const fn retry_at(&self) -> Option<Timestamp> {
        match self {
            Self::RateLimited { until } | Self::OverBudget { until } | Self::Banned { until } => Some(*until),
            _ => None,
        }
    }
}
