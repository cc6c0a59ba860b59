//! How a backtest is traded: costs, sizes, margin, the exchange's steps, and where orders are watched.

use serde::{Deserialize, Serialize};

use crate::ParamValue;

/// Directions a backtest may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum SideDto {
    Long,
    Short,
    Both,
}

/// On which bars stops and waiting orders are watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum FillsDto {
    /// On the tested bars, from the bar after the entry on.
    R1,
    /// On the stored minutes below them, from the fill on.
    Minute,
}

/// Parameters, costs, sizes and orders of a backtest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct TermsDto {
    /// Values of the strategy's parameters; the others keep their defaults.
    pub params: Vec<ParamValue>,
    /// Fee of each fill: 0.001 is 0.1 percent of its notional.
    #[specta(type = specta_typescript::Number)]
    pub fee: f64,
    /// Fee of fills that waited in the book; the same when null. It may be negative.
    #[specta(type = Option<specta_typescript::Number>)]
    pub maker_fee: Option<f64>,
    /// Slippage of market and stop orders in hundredths of a percent.
    #[specta(type = specta_typescript::Number)]
    pub slippage_bps: f64,
    /// Distance of bid and ask in hundredths of a percent.
    #[specta(type = specta_typescript::Number)]
    pub spread_bps: f64,
    /// Slippage more, in hundredths of a percent, for each percent of the bar's volume that an order takes.
    #[specta(type = specta_typescript::Number)]
    pub impact_bps: f64,
    /// Cash to begin with, in the quote asset.
    #[specta(type = specta_typescript::Number)]
    pub cash: f64,
    /// `all`, `units:1`, `cash:1000`, `percent:50`, `risk:1` or `vol:20`.
    pub size: String,
    /// Directions; when null long, or short for a script that only sells short.
    pub side: Option<SideDto>,
    /// Buying power over equity, 1 to 125; null for an account without margin, which is never liquidated.
    #[specta(type = Option<specta_typescript::Number>)]
    pub leverage: Option<f64>,
    /// Maintenance margin as a part of the position; the usual 0.005 when null.
    #[specta(type = Option<specta_typescript::Number>)]
    pub maintenance: Option<f64>,
    /// Step of prices; 0 for none.
    #[specta(type = specta_typescript::Number)]
    pub tick: f64,
    /// Step of quantities; 0 for none.
    #[specta(type = specta_typescript::Number)]
    pub lot: f64,
    /// Smallest worth of an entry in the quote asset; 0 for none.
    #[specta(type = specta_typescript::Number)]
    pub min_notional: f64,
    /// Trading days in a year for annualised figures.
    #[specta(type = specta_typescript::Number)]
    pub days_per_year: f64,
    /// Where stops and waiting orders are watched; on minutes as far as there are any when null.
    pub fills: Option<FillsDto>,
    /// A file of funding rates.
    pub funding: Option<String>,
}
