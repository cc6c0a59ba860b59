//! Series, charts, live candles; below it indicators, ledgers, venues, the watchlist, connections, files.

use serde::{Deserialize, Serialize};

use crate::TimeMs;

mod connection;
mod file;
mod indicator;
mod ledger;
mod venue;
mod watchlist;

pub use connection::{ConnectionDto, ConnectionStateDto, HostsDto};
pub use file::{
    CandleFieldDto, ColumnChoiceDto, ExportFormat, ExportRequest, FileFormatDto, ImportColumnDto,
    ImportPreviewDto, ImportRequest,
};
pub use indicator::{
    IndicatorDto, IndicatorGroupDto, IndicatorInputDto, IndicatorLineDto, IndicatorOutputDto,
    IndicatorParamDto, IndicatorRequest, PaneDto, ShapeDto,
};
pub use ledger::{CandleSourceDto, EvidenceDto, JournalRowDto, LedgerDto, StripCellDto};
pub use venue::{FetchRequest, FetchSourceDto, SymbolDto, VenueDto};
pub use watchlist::{WatchRowDto, WatchStateDto, WatchSymbolDto};

/// A stored series in lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SeriesDto {
    /// Its id.
    pub id: i32,
    /// `binance`, `simulated`, or the name a file was imported under.
    pub venue: String,
    /// `BTCUSDT`
    pub symbol: String,
    /// `1h`
    pub interval: String,
    /// The base asset, where it can be told: `BTC`.
    pub asset: Option<String>,
    /// Whether it is the sample workspace's.
    pub simulated: bool,
    /// Decimals of its prices.
    pub price_decimals: u8,
    /// Closed candles stored.
    #[specta(type = specta_typescript::Number)]
    pub rows: u64,
    /// Open time of the first candle.
    pub first: Option<TimeMs>,
    /// Open time of the last candle.
    pub last: Option<TimeMs>,
    /// Holes between them.
    #[specta(type = specta_typescript::Number)]
    pub gaps: u64,
    /// Candles that are missing because the exchange does not have them.
    #[specta(type = specta_typescript::Number)]
    pub absent: u64,
    /// Candles that are wanted and were not asked for yet.
    #[specta(type = specta_typescript::Number)]
    pub pending: u64,
    /// Closed candles that were changed afterwards.
    #[specta(type = specta_typescript::Number)]
    pub corrections: u64,
    /// From when the series is to be kept complete; null when it was never asked for.
    pub wanted_from: Option<TimeMs>,
    /// Last close.
    #[specta(type = Option<specta_typescript::Number>)]
    pub last_price: Option<f64>,
    /// Change of the close over the last 24 hours stored: 0.01 is one percent.
    #[specta(type = Option<specta_typescript::Number>)]
    pub change_24h: Option<f64>,
    /// Mean sentiment of the asset's news over the last 24 hours before the last candle, in [-1, 1].
    #[specta(type = Option<specta_typescript::Number>)]
    pub sentiment_24h: Option<f64>,
}

/// Why candles are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum GapReasonDto {
    /// The exchange was asked and has none.
    ExchangeAbsent,
    /// Not asked yet, or the answer is still to come.
    Pending,
}

/// A hole between candles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct GapDto {
    /// First missing opening.
    pub from: TimeMs,
    /// Opening of the next stored candle.
    pub to: TimeMs,
    /// Candles missing.
    #[specta(type = specta_typescript::Number)]
    pub missing: u64,
    /// Why.
    pub reason: GapReasonDto,
    /// Who said so, and when; null where nobody was asked.
    pub evidence: Option<EvidenceDto>,
}

/// Which bars of a series to draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ChartRequest {
    /// The series.
    pub series_id: i32,
    /// Only bars that open before; the newest when null.
    pub before: Option<TimeMs>,
    /// At most so many bars, 20,000 at the most.
    pub limit: u32,
    /// What to draw on them.
    pub indicators: Vec<IndicatorRequest>,
}

/// Bars as columns, oldest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ChartDto {
    /// The series.
    pub series_id: i32,
    /// Open times.
    pub time: Vec<TimeMs>,
    /// Open prices.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub open: Vec<f64>,
    /// High prices.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub high: Vec<f64>,
    /// Low prices.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub low: Vec<f64>,
    /// Close prices.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub close: Vec<f64>,
    /// Base volumes.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub volume: Vec<f64>,
    /// Lines of the indicators asked for.
    pub indicators: Vec<IndicatorLineDto>,
    /// Whether there are older bars.
    pub has_older: bool,
}

/// The newest state of a candle in the live stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct LiveCandleDto {
    /// The series.
    pub series_id: i32,
    /// Open time.
    pub time: TimeMs,
    /// Open price.
    #[specta(type = specta_typescript::Number)]
    pub open: f64,
    /// High price.
    #[specta(type = specta_typescript::Number)]
    pub high: f64,
    /// Low price.
    #[specta(type = specta_typescript::Number)]
    pub low: f64,
    /// Last price.
    #[specta(type = specta_typescript::Number)]
    pub close: f64,
    /// Base volume.
    #[specta(type = specta_typescript::Number)]
    pub volume: f64,
    /// Whether it is closed and stored.
    pub closed: bool,
    /// Open time of the next candle.
    pub next_open: TimeMs,
}

/// The live connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum LiveStateDto {
    /// Nothing is followed.
    Off,
    /// On the way.
    Connecting,
    /// Candles arrive.
    Live {
        /// Ids of the series that are followed.
        series_ids: Vec<i32>,
    },
    /// Broken, will try again.
    Reconnecting {
        /// Why.
        reason: String,
        /// After so many milliseconds.
        wait_ms: u32,
    },
    /// Given up; the reason says what to do.
    Failed {
        /// Why.
        reason: String,
    },
}
