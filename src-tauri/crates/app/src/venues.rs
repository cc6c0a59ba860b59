//! Which venues are spoken with, and their symbols.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use promptpal_domain::{Timestamp, Venue};
use promptpal_market::{
    ArchiveConfig, BinanceConfig, CoinbaseConfig, Exchange, SymbolInfo, VenueTraits, VenuesConfig,
};
use url::Url;

use crate::config::{Config, ExchangeConfig};
use crate::progress::lock;
use crate::settings::Settings;
use crate::{App, AppError};

/// Symbols listed for one search.
const FOUND: usize = 50;
/// A list of symbols is asked for again when it is older.
const LIST_MS: i64 = 3_600_000;

/// A venue that candles can be fetched from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VenueView {
    /// Its name in the store.
    pub venue: Venue,
    /// What it offers.
    pub traits: VenueTraits,
}

/// The symbols of a venue with when they were asked for.
type SymbolList = (Timestamp, Arc<Vec<SymbolInfo>>);

/// The clients of all venues. They share nothing but the program: each has its limits and pauses.
#[derive(Debug)]
pub(crate) struct Venues {
    config: VenuesConfig,
    clients: Vec<Arc<dyn Exchange>>,
    symbols: Mutex<HashMap<Venue, SymbolList>>,
}

impl Venues {
    fn find(&self, venue: &Venue) -> Option<&Arc<dyn Exchange>> {
        self.clients.iter().find(|client| client.venue() == venue)
    }
}

/// The configuration file goes before the settings, these before the venue's own addresses.
pub(crate) fn config(config: &Config, settings: &Settings) -> Result<VenuesConfig, AppError> {
    let own = VenuesConfig::own()?;
    let coinbase = match &config.venues.coinbase.rest_url {
        Some(url) => CoinbaseConfig::at(own.coinbase.venue.clone(), url.as_str())?,
        None => own.coinbase,
    };
    Ok(VenuesConfig {
        binance: binance(
            own.binance,
            &config.exchange,
            settings.rest_url.as_ref(),
            settings.stream_url.as_ref(),
        )?,
        binance_us: binance(own.binance_us, &config.venues.binance_us, None, None)?,
        coinbase,
    })
}

/// Whoever puts the REST interface elsewhere has the archives there too, where nothing else is said.
fn binance(
    own: BinanceConfig,
    file: &ExchangeConfig,
    rest: Option<&Url>,
    stream: Option<&Url>,
) -> Result<BinanceConfig, AppError> {
    let rest = file.rest_url.as_ref().or(rest).unwrap_or(&own.rest_base);
    let stream = file.stream_url.as_ref().or(stream).unwrap_or(&own.stream_base);
    let placed = BinanceConfig::at(own.venue.clone(), rest.as_str(), stream.as_str())?;
    let elsewhere = file.archive_url.as_ref().or(file.rest_url.as_ref());
    Ok(match (elsewhere, own.archive) {
        (Some(url), Some(_)) => placed.with_archive(ArchiveConfig::at(url.as_str())?),
        (None, Some(archive)) => placed.with_archive(archive),
        (_, None) => placed,
    })
}

impl App {
    /// The clients of all venues at the addresses of the configuration or the settings; the default venue first. All
    /// callers share their limits.
    pub(crate) fn venue_clients(&self) -> Result<Arc<Venues>, AppError> {
        let mut slot = lock(&self.inner.venues);
        let mut wanted = config(&self.inner.config, &self.settings())?;
        wanted.binance.live = self.inner.live_timings;
        wanted.binance_us.live = self.inner.live_timings;
        match &*slot {
            Some(venues) if venues.config == wanted => Ok(venues.clone()),
            _ => {
                let clients = promptpal_market::venues(wanted.clone(), &self.inner.clock)?;
                let venues = Arc::new(Venues {
                    config: wanted,
                    clients,
                    symbols: Mutex::default(),
                });
                *slot = Some(venues.clone());
                Ok(venues)
            }
        }
    }

    pub(crate) fn venues(&self) -> Result<Vec<Arc<dyn Exchange>>, AppError> {
        Ok(self.venue_clients()?.clients.clone())
    }

    /// The client of a venue, or of the default one.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a venue that cannot be asked, such as that of a file.
    pub(crate) fn exchange(&self, venue: Option<&Venue>) -> Result<Arc<dyn Exchange>, AppError> {
        let venues = self.venue_clients()?;
        let found = match venue {
            Some(venue) => venues.find(venue),
            None => venues.clients.first(),
        };
        found.cloned().ok_or_else(|| {
            let known: Vec<&str> = venues
                .clients
                .iter()
                .map(|client| client.venue().as_str())
                .collect();
            let asked = venue.map(ToString::to_string).unwrap_or_default();
            AppError::invalid(
                format!("nothing can be fetched from '{asked}'"),
                format!("Venues that can be asked: {}.", known.join(", ")),
            )
        })
    }

    /// Every venue that candles can be fetched from; the default one first.
    ///
    /// # Errors
    /// [`AppError::Market`] when no client can be made.
    pub fn list_venues(&self) -> Result<Vec<VenueView>, AppError> {
        let view = |exchange: Arc<dyn Exchange>| VenueView {
            venue: exchange.venue().clone(),
            traits: exchange.traits(),
        };
        Ok(self.venues()?.into_iter().map(view).collect())
    }

    /// Symbols of a venue, or of the default one, that answer to a few letters; the best first. The list of symbols is
    /// kept for an hour.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a venue that cannot be asked, [`AppError::Market`] when it does not answer.
    pub async fn search_symbols(
        &self,
        venue: Option<&Venue>,
        query: &str,
    ) -> Result<Vec<SymbolInfo>, AppError> {
        let symbols = self.symbols(venue).await?;
        let query = query.to_owned();
        // Thousands of names are compared.
        Ok(tokio::task::spawn_blocking(move || {
            promptpal_market::search(&symbols, &query, FOUND)
                .into_iter()
                .cloned()
                .collect()
        })
        .await?)
    }

    async fn symbols(&self, venue: Option<&Venue>) -> Result<Arc<Vec<SymbolInfo>>, AppError> {
        let venues = self.venue_clients()?;
        let exchange = self.exchange(venue)?;
        let now = self.inner.clock.now();
        if let Some((at, list)) = lock(&venues.symbols).get(exchange.venue())
            && now.since(*at) < LIST_MS
        {
            return Ok(list.clone());
        }
        let list = Arc::new(exchange.symbols().await?);
        lock(&venues.symbols).insert(exchange.venue().clone(), (now, list.clone()));
        Ok(list)
    }
}
