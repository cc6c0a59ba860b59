//! The optional configuration file: addresses and parts that a person, an administrator or a test sets from outside.
//!
//! What stands here wins over the settings of the window.

use std::path::{Path, PathBuf};

use promptpal_sentiment::Engine;
use serde::Deserialize;
use url::Url;

use crate::AppError;

/// `config.toml`. Every key is optional; an unknown key is an error, so that a typing mistake does not pass in silence.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the default venue, Binance, is.
    pub exchange: ExchangeConfig,
    /// Where the other venues are.
    pub venues: VenuesSection,
    /// How news are fetched.
    pub news: NewsConfig,
    /// What scores, and where it is.
    pub sentiment: SentimentConfig,
    /// Who signs people in.
    pub account: AccountConfig,
    /// Where updates come from.
    pub updates: UpdatesConfig,
}

/// `[exchange]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExchangeConfig {
    /// Base address of the REST interface.
    pub rest_url: Option<Url>,
    /// Base address of the stream.
    pub stream_url: Option<Url>,
    /// Base address of the archives; where `rest_url` is given alone, they are looked for there.
    pub archive_url: Option<Url>,
}

/// `[venues]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VenuesSection {
    /// `[venues.binance-us]`
    #[serde(rename = "binance-us")]
    pub binance_us: ExchangeConfig,
    /// `[venues.coinbase]`; only `rest_url` counts.
    pub coinbase: ExchangeConfig,
}

/// `[news]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewsConfig {
    /// Lets the crawler reach addresses of the own machine and network: for doubles and intranets only.
    pub allow_private_addresses: bool,
    /// Milliseconds between two requests to one host; 2,000 when absent.
    pub host_delay_ms: Option<u64>,
    /// Seconds between rounds over the sources, instead of the minutes of the settings.
    pub crawl_seconds: Option<u64>,
}

/// `[sentiment]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SentimentConfig {
    /// The program of the exact engine.
    pub worker: Option<PathBuf>,
    /// The program of the fast engine.
    pub fast_worker: Option<PathBuf>,
    /// Which engine scores.
    pub engine: Option<Engine>,
    /// The model's folder.
    pub model: Option<PathBuf>,
    /// Address of the hub that models are downloaded from.
    pub hub_url: Option<Url>,
}

/// `[account]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AccountConfig {
    /// The OpenID issuer.
    pub issuer: Option<Url>,
    /// Our name there.
    pub client_id: Option<String>,
}

/// `[updates]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UpdatesConfig {
    /// Address of `latest.json` instead of the one built in. Packages must bear our signature all the same.
    pub endpoint: Option<Url>,
}

impl Config {
    /// Reads `file`; an absent file is the empty configuration unless it was named by the user.
    ///
    /// # Errors
    /// [`AppError::Config`] when the file cannot be read or a key is wrong, [`AppError::File`] when it must exist and does not.
    pub fn read(file: &Path, must_exist: bool) -> Result<Self, AppError> {
        match std::fs::read_to_string(file) {
            Ok(text) => toml::from_str(&text).map_err(|error| AppError::Config {
                file: file.to_owned(),
                reason: error.message().to_owned(),
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => Ok(Self::default()),
            Err(source) => Err(AppError::File {
                doing: "read the configuration",
                path: file.to_owned(),
                source,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_refuses_and_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        assert_eq!(Config::read(&file, false).unwrap(), Config::default());
        assert!(matches!(Config::read(&file, true), Err(AppError::File { .. })));
        std::fs::write(&file, "[exchange]\nrest_url = 'http://127.0.0.1:1/'\n").unwrap();
        let config = Config::read(&file, true).unwrap();
        assert_eq!(config.exchange.rest_url.unwrap().as_str(), "http://127.0.0.1:1/");
        std::fs::write(&file, "[sentiment]\nengine = 'fast'\n").unwrap();
        let config = Config::read(&file, true).unwrap();
        assert_eq!(config.sentiment.engine, Some(Engine::Fast));
        std::fs::write(&file, "[sentiment]\nengine = 'quick'\n").unwrap();
        assert!(matches!(Config::read(&file, true), Err(AppError::Config { .. })));
        std::fs::write(&file, "[exchange]\nrest_ulr = 'x'\n").unwrap();
        assert!(matches!(Config::read(&file, true), Err(AppError::Config { .. })));
    }
}
