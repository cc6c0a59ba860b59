//! Which exchange is spoken with, and its symbols.

use promptpal_domain::Venue;
use promptpal_market::{BinanceConfig, SymbolInfo, SymbolStatus};

use crate::config::Config;
use crate::settings::Settings;
use crate::{App, AppError};

/// Symbols listed for one search.
const FOUND: usize = 50;

/// The configuration file goes before the settings, these before the exchange's own addresses.
pub(crate) fn config(config: &Config, settings: &Settings) -> Result<BinanceConfig, AppError> {
    let own = BinanceConfig::international()?;
    let rest = config
        .exchange
        .rest_url
        .clone()
        .or_else(|| settings.rest_url.clone())
        .unwrap_or(own.rest_base);
    let stream = config
        .exchange
        .stream_url
        .clone()
        .or_else(|| settings.stream_url.clone())
        .unwrap_or(own.stream_base);
    Ok(BinanceConfig::at(
        Venue::binance(),
        rest.as_str(),
        stream.as_str(),
    )?)
}

impl App {
    /// Symbols of the exchange whose name holds `query`: those that begin with it first, trading ones before others.
    ///
    /// # Errors
    /// [`AppError::Market`] when the exchange cannot be asked.
    pub async fn search_symbols(&self, query: &str) -> Result<Vec<SymbolInfo>, AppError> {
        let wanted = query.trim().to_uppercase();
        let mut found: Vec<SymbolInfo> = self.exchange()?.symbols().await?;
        found.retain(|info| info.symbol.as_str().contains(&wanted));
        found.sort_by_cached_key(|info| {
            let begins = info.symbol.as_str().starts_with(&wanted);
            (
                !begins,
                info.status != SymbolStatus::Trading,
                info.symbol.as_str().len(),
                info.symbol.clone(),
            )
        });
        found.truncate(FOUND);
        Ok(found)
    }
}
