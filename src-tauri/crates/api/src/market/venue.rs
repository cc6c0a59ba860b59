//! Venues, their symbols, and history to be fetched from them.

use serde::{Deserialize, Serialize};

use crate::TimeMs;

/// A place that candles can be fetched from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct VenueDto {
    /// `binance`; the first one listed is the default.
    pub id: String,
    /// "Binance spot"
    pub name: String,
    /// A symbol as it writes them: `BTC-USD`.
    pub example: String,
    /// The lengths of candles it offers, the shortest first.
    pub intervals: Vec<String>,
    /// Whether candles can be followed live.
    pub stream: bool,
    /// Whether it keeps archives of whole months and days.
    pub archive: bool,
    /// The most candles of one answer.
    pub page_candles: u32,
    /// What to know about its history, such as how far back it goes; empty when nothing.
    pub note: String,
}

/// Where history is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum FetchSourceDto {
    /// Archives where there are any, the rest page by page.
    #[default]
    Auto,
    /// Only archives.
    Archive,
    /// Only page by page.
    Rest,
}

/// History to be fetched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct FetchRequest {
    /// `binance`; the default venue when null.
    pub venue: Option<String>,
    /// `BTCUSDT`
    pub symbol: String,
    /// `1h`
    pub interval: String,
    /// From when; 30 days back when null.
    pub from: Option<TimeMs>,
    /// Until when; now when null.
    pub to: Option<TimeMs>,
    /// Where it is taken from.
    pub source: FetchSourceDto,
}

/// A symbol of a venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SymbolDto {
    /// `BTCUSDT`
    pub symbol: String,
    /// `BTC`
    pub base: String,
    /// `USDT`
    pub quote: String,
    /// Whether it trades now.
    pub trading: bool,
    /// The venue's word for its state: `TRADING`.
    pub status: String,
}
