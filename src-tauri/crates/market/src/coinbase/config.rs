//! Where Coinbase is, and how patiently it is asked.

use std::time::Duration;

use promptpal_domain::Venue;
use url::Url;

use crate::MarketError;
use crate::net::base_url;

/// Address, pace and patience.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoinbaseConfig {
    /// The name its series are stored under.
    pub venue: Venue,
    /// Where requests go, without `/products`.
    pub rest_base: Url,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long a whole answer may take.
    pub request_timeout: Duration,
    /// Size limit of an answer.
    pub max_body_bytes: usize,
    /// Least time between two requests.
    pub request_gap: Duration,
    /// How long a history may wait for a pause to end before it gives up.
    pub longest_wait: Duration,
    /// First wait of a history after a passing failure; doubles from there.
    pub retry_wait: Duration,
    /// A candle is taken as final so long after its end: the venue counts trades in a little late.
    pub close_grace: Duration,
    /// A candle that is absent so long after its end does not exist; before, it may only be late.
    pub settle_after: Duration,
    /// How live candles are polled.
    pub poll: PollTimings,
}

/// How live candles are polled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PollTimings {
    /// How often a forming candle is looked at; less often when many are followed.
    pub forming_every: Duration,
    /// How often 24 h figures are looked at.
    pub tickers_every: Duration,
    /// Least wait after a failure.
    pub least_wait: Duration,
    /// The first back-off is drawn from `[0, first_wait]`, and the range doubles from there.
    pub first_wait: Duration,
    /// The range stops growing here.
    pub longest_wait: Duration,
    /// After so long without a failure the next back-off is a first one.
    pub stable_after: Duration,
}

impl Default for PollTimings {
    fn default() -> Self {
        Self {
            forming_every: Duration::from_secs(5),
            tickers_every: Duration::from_secs(30),
            least_wait: Duration::from_millis(1100),
            first_wait: Duration::from_secs(2),
            longest_wait: Duration::from_secs(60),
            stable_after: Duration::from_secs(60),
        }
    }
}

impl CoinbaseConfig {
    /// The exchange itself: `api.exchange.coinbase.com`.
    ///
    /// # Errors
    /// None in practice: the address is a constant.
    pub fn own() -> Result<Self, MarketError> {
        let venue = "coinbase"
            .parse()
            .map_err(|_| MarketError::Address("coinbase".to_owned()))?;
        Self::at(venue, "https://api.exchange.coinbase.com/")
    }

    /// A venue at an address of one's own, such as a loopback double.
    ///
    /// # Errors
    /// [`MarketError::Address`] unless it is an http(s) URL.
    pub fn at(venue: Venue, rest_base: &str) -> Result<Self, MarketError> {
        Ok(Self {
            venue,
            rest_base: base_url(rest_base, ["http", "https"])?,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(20),
            max_body_bytes: 8 << 20,
            request_gap: Duration::from_millis(200),
            longest_wait: Duration::from_secs(300),
            retry_wait: Duration::from_secs(1),
            close_grace: Duration::from_secs(2),
            settle_after: Duration::from_secs(60),
            poll: PollTimings::default(),
        })
    }
}
