//! Which exchange is called, and how patiently.

use std::time::Duration;

use promptpal_domain::Venue;
use url::Url;

use crate::net::base_url;
use crate::{ArchiveConfig, MarketError};

/// Addresses, limits and patience of one venue that speaks Binance's protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinanceConfig {
    /// The name its series are stored under.
    pub venue: Venue,
    /// Where REST requests go, without `/api/v3`.
    pub rest_base: Url,
    /// Where streams are opened, without `/stream`.
    pub stream_base: Url,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long a whole REST answer may take.
    pub request_timeout: Duration,
    /// Size limit of an answer; the list of symbols, by far the largest, may be sixteen times as long.
    pub max_body_bytes: usize,
    /// Share of the weight limit we use, in percent; the rest is left to other programs behind the same address.
    pub weight_share_percent: u8,
    /// Weight a minute assumed until the exchange has told its own limit.
    pub assumed_weight_limit: u32,
    /// How long a history may wait for a pause or a ban to end before it gives up.
    pub longest_wait: Duration,
    /// First wait of a history after a passing failure; doubles from there.
    pub retry_wait: Duration,
    /// Patience of the live stream.
    pub live: LiveTimings,
    /// Where its bulk archives are, if it has any.
    pub archive: Option<ArchiveConfig>,
}

/// Patience of the live stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveTimings {
    /// How long connecting, or the confirmation of a subscription, may take.
    pub connect_timeout: Duration,
    /// A connection without any frame, pings included, for so long is dead. The exchange pings every 20 s.
    pub stall_after: Duration,
    /// Least time between two attempts to connect.
    pub least_wait: Duration,
    /// The first back-off is drawn from `[0, first_wait]`, and the range doubles from there.
    pub first_wait: Duration,
    /// The range stops growing here.
    pub longest_wait: Duration,
    /// A connection that lived for so long makes the next back-off a first one.
    pub stable_after: Duration,
    /// Least time between two frames that we send: the exchange drops those who send more than five a second.
    pub frame_gap: Duration,
    /// A connection of this age is replaced before the exchange ends it, which it does after a day.
    pub renew_after: Duration,
    /// How long the connection before lives on beside the one that took over.
    pub overlap: Duration,
    /// A series is never called stalled before it has been silent for so long; also the first wait until a missing close
    /// is told again.
    pub series_quiet: Duration,
    /// A closing frame that has not come so long after the candle's end, by the exchange's clock, is missing.
    pub close_grace: Duration,
    /// How long a closed candle waits for the one before it.
    pub reorder_wait: Duration,
    /// The longest wait until a missing close is told again, or a silent connection replaced again.
    pub longest_tell: Duration,
    /// A clock that was set by more than this, or a standstill for longer, makes new connections.
    pub jump: Duration,
    /// How often what is due is looked at.
    pub tick: Duration,
    /// Least time between two [`LiveEvent::Health`](crate::LiveEvent::Health).
    pub health_every: Duration,
}

impl Default for LiveTimings {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(15),
            stall_after: Duration::from_secs(60),
            least_wait: Duration::from_millis(1100),
            first_wait: Duration::from_secs(2),
            longest_wait: Duration::from_secs(60),
            stable_after: Duration::from_secs(60),
            frame_gap: Duration::from_millis(260),
            renew_after: Duration::from_secs(23 * 3600 + 1800),
            overlap: Duration::from_secs(2),
            series_quiet: Duration::from_secs(60),
            close_grace: Duration::from_secs(5),
            reorder_wait: Duration::from_millis(250),
            longest_tell: Duration::from_secs(900),
            jump: Duration::from_secs(10),
            tick: Duration::from_millis(250),
            health_every: Duration::from_secs(1),
        }
    }
}

impl BinanceConfig {
    /// The international exchange: `api.binance.com`.
    ///
    /// # Errors
    /// None in practice: the addresses are constants.
    pub fn international() -> Result<Self, MarketError> {
        let config = Self::at(
            Venue::binance(),
            "https://api.binance.com/",
            "wss://stream.binance.com:9443/",
        )?;
        Ok(config.with_archive(ArchiveConfig::public()?))
    }

    /// The same market through the keyless hosts that serve nothing but market data. Same venue, same prices.
    ///
    /// # Errors
    /// None in practice: the addresses are constants.
    pub fn data_only() -> Result<Self, MarketError> {
        let config = Self::at(
            Venue::binance(),
            "https://data-api.binance.vision/",
            "wss://data-stream.binance.vision/",
        )?;
        Ok(config.with_archive(ArchiveConfig::public()?))
    }

    /// The same venue with bulk archives.
    #[must_use]
    pub fn with_archive(mut self, archive: ArchiveConfig) -> Self {
        self.archive = Some(archive);
        self
    }

    /// Binance US: another exchange with other prices, hence the venue `binance-us`.
    ///
    /// # Errors
    /// None in practice: the addresses are constants.
    pub fn us() -> Result<Self, MarketError> {
        let venue = "binance-us"
            .parse()
            .map_err(|_| MarketError::Address("binance-us".to_owned()))?;
        Self::at(venue, "https://api.binance.us/", "wss://stream.binance.us:9443/")
    }

    /// A venue at addresses of one's own, such as a loopback double. Without archives unless they are
    /// [added](Self::with_archive).
    ///
    /// # Errors
    /// [`MarketError::Address`] unless the first is an http(s) and the second a ws(s) URL.
    pub fn at(venue: Venue, rest_base: &str, stream_base: &str) -> Result<Self, MarketError> {
        Ok(Self {
            venue,
            rest_base: base_url(rest_base, ["http", "https"])?,
            stream_base: base_url(stream_base, ["ws", "wss"])?,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(20),
            max_body_bytes: 4 << 20,
            weight_share_percent: 95,
            assumed_weight_limit: 1200,
            longest_wait: Duration::from_secs(300),
            retry_wait: Duration::from_secs(1),
            live: LiveTimings::default(),
            archive: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked() {
        let check = |rest: &str, stream: &str, good: bool| {
            assert_eq!(
                BinanceConfig::at(Venue::binance(), rest, stream).is_ok(),
                good,
                "{rest} {stream}"
            );
        };
        check("http://127.0.0.1:1", "ws://127.0.0.1:2", true);
        check("https://example.org/proxy?x=1", "wss://example.org/", true);
        check("ftp://example.org", "ws://example.org", false);
        check("https://example.org", "https://example.org", false);
        check("", "", false);
        assert!(BinanceConfig::international().is_ok() && BinanceConfig::data_only().is_ok());
        assert_ne!(BinanceConfig::us().unwrap().venue, Venue::binance());
        let at = BinanceConfig::at(Venue::binance(), "http://h/a", "ws://h").unwrap();
        assert_eq!(at.rest_base.as_str(), "http://h/a/");
    }
}
