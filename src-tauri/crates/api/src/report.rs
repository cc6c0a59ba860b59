//! What a report shows beside its figures, and what it is written as.

use serde::{Deserialize, Serialize};

use crate::TimeMs;

/// Sharpe ratios of trailing windows of daily returns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RollingDto {
    /// Daily returns in each window; 0 when the run is too short for any.
    pub window: u32,
    /// The last day of each window.
    pub time: Vec<TimeMs>,
    /// The ratios.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub sharpe: Vec<f64>,
}

/// How the returns of the closed trades are spread.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SpreadDto {
    /// Lower bound of the first class: 0.01 is one percent.
    #[specta(type = specta_typescript::Number)]
    pub from: f64,
    /// Width of a class.
    #[specta(type = specta_typescript::Number)]
    pub width: f64,
    /// Trades in each class; the outer ones also hold what lies beyond them.
    pub counts: Vec<u32>,
    /// Lowest, 5th, 25th, 50th, 75th, 95th percentile, highest; empty without trades.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub quantiles: Vec<f64>,
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum RunFormatDto {
    /// The whole report.
    Json,
    /// One page for any browser.
    Html,
    /// The closed trades as CSV.
    Trades,
    /// Equity, buy and hold and drawdown at each bar as CSV.
    Equity,
}

impl RunFormatDto {
    /// The usual ending of such a file.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Html => "html",
            Self::Trades | Self::Equity => "csv",
        }
    }
}
