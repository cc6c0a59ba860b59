//! Symbols that are watched, of any venue, stored or not.

use serde::{Deserialize, Serialize};

use crate::TimeMs;

/// A symbol to be watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct WatchSymbolDto {
    /// `binance`
    pub venue: String,
    /// `BTCUSDT`
    pub symbol: String,
}

/// How fresh the figures of a watched symbol are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum WatchStateDto {
    /// They come from the stream.
    Live,
    /// They came from the stream, and nothing has come for a while.
    Stale,
    /// They are those of the stored candles.
    Stored,
}

/// A watched symbol with its figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct WatchRowDto {
    /// `binance`
    pub venue: String,
    /// `BTCUSDT`
    pub symbol: String,
    /// Its stored series; empty when none is stored.
    pub series_ids: Vec<i32>,
    /// Last price; null while nothing is known.
    #[specta(type = Option<specta_typescript::Number>)]
    pub last: Option<f64>,
    /// Decimals of its prices.
    pub price_decimals: u8,
    /// Change over 24 hours: 0.01 is one percent.
    #[specta(type = Option<specta_typescript::Number>)]
    pub change_24h: Option<f64>,
    /// Highest price of the last 24 hours.
    #[specta(type = Option<specta_typescript::Number>)]
    pub high_24h: Option<f64>,
    /// Lowest price of the last 24 hours.
    #[specta(type = Option<specta_typescript::Number>)]
    pub low_24h: Option<f64>,
    /// Amount traded in the last 24 hours, in the quote asset.
    #[specta(type = Option<specta_typescript::Number>)]
    pub quote_volume_24h: Option<f64>,
    /// What moment the figures are of.
    pub at: Option<TimeMs>,
    /// How fresh they are.
    pub state: WatchStateDto,
    /// Mean sentiment of the asset's news over the last 24 hours, in [-1, 1].
    #[specta(type = Option<specta_typescript::Number>)]
    pub sentiment_24h: Option<f64>,
}
