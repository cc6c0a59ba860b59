//! The watchlist: symbols of any venue, stored or not, with their last 24 hours.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use promptpal_domain::{Series, SeriesId, Symbol, Timestamp, Venue};
use promptpal_market::Ticker;
use promptpal_store::Store;
use serde::{Deserialize, Serialize};

use crate::bus::Event;
use crate::progress::lock;
use crate::{App, AppError, settings};

/// A ticker older than this is shown as stale. The exchange tells a symbol's figures every second while it trades.
const STALE_MS: i64 = 60_000;
/// Changes of figures are told at most this often.
const TOLD_EVERY: Duration = Duration::from_secs(1);
/// The store's key of the list.
const KEY: &str = "watchlist";
/// Most symbols that are watched.
const MOST: usize = 500;

/// A symbol that is watched.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WatchSymbol {
    /// Where it trades.
    #[serde(with = "crate::text_form")]
    pub venue: Venue,
    /// The venue's name of it.
    #[serde(with = "crate::text_form")]
    pub symbol: Symbol,
}

/// How fresh the figures of a watched symbol are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchState {
    /// From the stream.
    Live,
    /// From the stream, and nothing has come for a minute.
    Stale,
    /// From stored candles.
    Stored,
}

/// A watched symbol with its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchRow {
    /// The symbol.
    pub watched: WatchSymbol,
    /// Its stored series, the shortest candles first.
    pub series: Vec<SeriesId>,
    /// Last price.
    pub last: Option<f64>,
    /// Decimals of its prices.
    pub price_decimals: u8,
    /// Change over 24 hours: 0.01 is one percent.
    pub change_24h: Option<f64>,
    /// Highest price of the last 24 hours.
    pub high_24h: Option<f64>,
    /// Lowest price of the last 24 hours.
    pub low_24h: Option<f64>,
    /// Amount traded in the last 24 hours, in the quote asset.
    pub quote_volume_24h: Option<f64>,
    /// What moment the figures are of.
    pub at: Option<Timestamp>,
    /// How fresh they are.
    pub state: WatchState,
    /// Mean score of the asset's news over the 24 hours before the last stored candle.
    pub sentiment_24h: Option<f64>,
}

impl App {
    /// The watched symbols with their figures, in the user's order; every stored symbol while nobody has chosen.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn watchlist(&self) -> Result<Vec<WatchRow>, AppError> {
        let stored = self.store().list_series().await?;
        let watched = self.watched_among(&stored);
        let mut of_symbols: HashMap<WatchSymbol, Vec<&Series>> = HashMap::with_capacity(watched.len());
        for series in &stored {
            of_symbols.entry(symbol_of(series)).or_default().push(series);
        }
        let now = self.inner.clock.now();
        let mut rows = Vec::with_capacity(watched.len());
        for watched in watched {
            let of_symbol = of_symbols.get(&watched).map(Vec::as_slice).unwrap_or_default();
            rows.push(self.watch_row(watched, of_symbol, now).await?);
        }
        Ok(rows)
    }

    /// The figures of the stream where there are any, else those of the stored series that reaches furthest.
    async fn watch_row(
        &self,
        watched: WatchSymbol,
        stored: &[&Series],
        now: Timestamp,
    ) -> Result<WatchRow, AppError> {
        let newest = stored
            .iter()
            .filter_map(|series| App::covered(series).map(|span| (span.to(), *series)))
            .max_by_key(|(end, _)| *end);
        let mut by_length = stored.to_vec();
        by_length.sort_by_key(|series| series.key.interval.nominal_millis());
        let ticker = self
            .ticker(&watched)
            .filter(|ticker| newest.is_none_or(|(end, _)| ticker.at >= end));
        let mut row = WatchRow {
            watched,
            series: by_length.into_iter().map(|series| series.id).collect(),
            last: None,
            price_decimals: stored
                .iter()
                .map(|series| series.price_scale)
                .max()
                .unwrap_or_default(),
            change_24h: None,
            high_24h: None,
            low_24h: None,
            quote_volume_24h: None,
            at: newest.map(|(end, _)| end),
            state: WatchState::Stored,
            sentiment_24h: None,
        };
        if let Some((_, series)) = newest {
            row.sentiment_24h = self.stored_mood(series).await?;
            if ticker.is_none() {
                (row.last, row.change_24h) = self.stored_prices(series).await?;
            }
        }
        if let Some(ticker) = ticker {
            row.take(&ticker, now);
        }
        Ok(row)
    }

    /// Replaces the watched symbols. The figures of the new ones are asked for once, and come with the stream while somebody
    /// is live.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for more than 500 symbols, [`AppError::Store`].
    pub async fn set_watchlist(&self, symbols: Vec<WatchSymbol>) -> Result<(), AppError> {
        if symbols.len() > MOST {
            return Err(AppError::invalid(
                format!("{} symbols are too many to watch", symbols.len()),
                format!("Keep {MOST} or fewer."),
            ));
        }
        let mut before = self.watched().await?;
        let mut once: Vec<WatchSymbol> = Vec::with_capacity(symbols.len());
        for symbol in symbols {
            if !once.contains(&symbol) {
                once.push(symbol);
            }
        }
        let value = serde_json::to_value(&once).map_err(|error| AppError::Internal(error.to_string()))?;
        self.store().put_setting(KEY, &value).await?;
        *lock(&self.inner.watched) = Some(once.clone());
        self.bus().announce(Event::WatchlistChanged);
        let new: Vec<WatchSymbol> = once.iter().filter(|one| !before.contains(one)).cloned().collect();
        let app = self.clone();
        self.spawn(async move { app.ask_for_figures(&new).await });
        // Another order is no reason to connect anew.
        before.sort_by(by_name);
        once.sort_by(by_name);
        if before != once {
            self.restart_live().await?;
        }
        Ok(())
    }

    /// The watched symbols.
    pub(crate) async fn watched(&self) -> Result<Vec<WatchSymbol>, AppError> {
        let chosen = lock(&self.inner.watched).clone();
        match chosen {
            Some(watched) => Ok(watched),
            None => {
                let stored = self.store().list_series().await?;
                Ok(symbols_of(stored.iter()))
            }
        }
    }

    fn watched_among(&self, stored: &[Series]) -> Vec<WatchSymbol> {
        let chosen = lock(&self.inner.watched).clone();
        chosen.unwrap_or_else(|| symbols_of(stored.iter()))
    }

    fn ticker(&self, watched: &WatchSymbol) -> Option<Ticker> {
        let key = (watched.venue.clone(), watched.symbol.clone());
        lock(&self.inner.live.tickers).get(&key).cloned()
    }

    /// Asks the venues for the figures of watched symbols that no stream has told lately, so that a new row is not empty
    /// before somebody goes live. A venue that cannot be asked is noted in the log.
    async fn ask_for_figures(&self, watched: &[WatchSymbol]) {
        let Ok(venues) = self.venues() else {
            return;
        };
        let now = self.inner.clock.now();
        let told = |symbol: &WatchSymbol| {
            let ticker = self.ticker(symbol);
            ticker.is_some_and(|ticker| now.since(ticker.at) <= STALE_MS)
        };
        for exchange in venues.iter() {
            let symbols: Vec<Symbol> = watched
                .iter()
                .filter(|one| one.venue == *exchange.venue() && !told(one))
                .map(|one| one.symbol.clone())
                .collect();
            if symbols.is_empty() {
                continue;
            }
            match exchange.tickers(&symbols).await {
                Ok(tickers) => {
                    let venue = exchange.venue();
                    let named = tickers
                        .into_iter()
                        .map(|ticker| ((venue.clone(), ticker.symbol.clone()), ticker));
                    lock(&self.inner.live.tickers).extend(named);
                    self.figures_changed();
                }
                Err(error) => {
                    tracing::info!(%error, venue = %exchange.venue(), "no figures of watched symbols")
                }
            }
        }
    }

    /// Tells that figures have changed, once a second at the most.
    pub(crate) fn figures_changed(&self) {
        if self.inner.live.figures_due.swap(true, Ordering::AcqRel) {
            return;
        }
        let app = self.clone();
        self.spawn(async move {
            tokio::time::sleep(TOLD_EVERY).await;
            app.inner.live.figures_due.store(false, Ordering::Release);
            app.bus().announce(Event::WatchlistChanged);
        });
    }
}

/// The list that somebody has chosen. The first version's named series: their symbols are watched instead. A list that
/// cannot be read counts as none, so that every stored symbol is shown.
pub(crate) async fn load(store: &Store) -> Result<Option<Vec<WatchSymbol>>, AppError> {
    if let Some(value) = store.setting(KEY).await? {
        return Ok(serde_json::from_value(value)
            .inspect_err(|error| tracing::warn!(%error, "the watchlist cannot be read"))
            .ok());
    }
    let Some(old) = store.setting(settings::KEY).await? else {
        return Ok(None);
    };
    let ids: Vec<i64> = old
        .get("watchlist")
        .and_then(|list| list.as_array())
        .map(|list| list.iter().filter_map(serde_json::Value::as_i64).collect())
        .unwrap_or_default();
    if ids.is_empty() {
        return Ok(None);
    }
    let stored = store.list_series().await?;
    let chosen = ids
        .iter()
        .filter_map(|id| stored.iter().find(|series| series.id.0 == *id));
    Ok(Some(symbols_of(chosen)))
}

fn by_name(one: &WatchSymbol, other: &WatchSymbol) -> std::cmp::Ordering {
    (&one.venue, &one.symbol).cmp(&(&other.venue, &other.symbol))
}

fn symbol_of(series: &Series) -> WatchSymbol {
    WatchSymbol {
        venue: series.key.venue.clone(),
        symbol: series.key.symbol.clone(),
    }
}

/// Every symbol once, in the order of the series.
fn symbols_of<'a>(stored: impl Iterator<Item = &'a Series>) -> Vec<WatchSymbol> {
    let mut symbols: Vec<WatchSymbol> = Vec::new();
    for series in stored {
        let symbol = symbol_of(series);
        if !symbols.contains(&symbol) {
            symbols.push(symbol);
        }
    }
    symbols
}

impl WatchRow {
    /// Takes the figures of the stream.
    fn take(&mut self, ticker: &Ticker, now: Timestamp) {
        let (last, open) = (ticker.last.to_f64(), ticker.open_24h.to_f64());
        self.last = Some(last);
        self.change_24h = (open > 0.0).then(|| last / open - 1.0);
        self.high_24h = Some(ticker.high_24h.to_f64());
        self.low_24h = Some(ticker.low_24h.to_f64());
        self.quote_volume_24h = ticker.quote_volume_24h.map(|volume| volume.to_f64());
        let prices = [ticker.last, ticker.open_24h, ticker.high_24h, ticker.low_24h];
        let decimals = prices.into_iter().map(|price| price.trimmed().scale()).max();
        self.price_decimals = self.price_decimals.max(decimals.unwrap_or_default());
        self.state = if now.since(ticker.at) <= STALE_MS {
            WatchState::Live
        } else {
            WatchState::Stale
        };
        self.at = Some(ticker.at);
    }
}
