//! Sweeps: a strategy with many sets of parameters.

use serde::{Deserialize, Serialize};

use crate::{BacktestRequest, ParamValue, TimeMs};

/// Values of a parameter that are tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SweepAxisDto {
    /// The parameter.
    pub name: String,
    /// First value.
    #[specta(type = specta_typescript::Number)]
    pub from: f64,
    /// Last value, if the steps meet it.
    #[specta(type = specta_typescript::Number)]
    pub to: f64,
    /// From one value to the next, above 0.
    #[specta(type = specta_typescript::Number)]
    pub step: f64,
}

/// A sweep to be run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SweepRequest {
    /// What is run; its values of the parameters that are tried do not count.
    pub run: BacktestRequest,
    /// What is tried: every combination, at most 10,000.
    pub axes: Vec<SweepAxisDto>,
}

/// A sweep in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SweepDto {
    /// Its id.
    pub id: i32,
    /// The strategy's id.
    pub strategy: String,
    /// The series it ran on; null when that is gone.
    pub series_id: Option<i32>,
    /// `binance`
    pub venue: String,
    /// `BTCUSDT`
    pub symbol: String,
    /// `1h`
    pub interval: String,
    /// First bar.
    pub from: TimeMs,
    /// After the last bar.
    pub to: TimeMs,
    /// The parameters that were tried.
    pub axes: Vec<String>,
    /// How many sets of parameters were tried.
    #[specta(type = specta_typescript::Number)]
    pub runs: u64,
    /// When it finished.
    pub finished: TimeMs,
    /// Same hash, same result.
    pub hash: String,
}

/// What is shown of a run of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SweepFiguresDto {
    /// Final over initial equity less 1.
    #[specta(type = specta_typescript::Number)]
    pub total_return: f64,
    /// Annualised Sharpe ratio, where it is defined.
    #[specta(type = Option<specta_typescript::Number>)]
    pub sharpe: Option<f64>,
    /// Annualised Sortino ratio, where it is defined.
    #[specta(type = Option<specta_typescript::Number>)]
    pub sortino: Option<f64>,
    /// Deepest fall from a peak, zero or negative.
    #[specta(type = specta_typescript::Number)]
    pub max_drawdown: f64,
    /// Closed trades.
    #[specta(type = specta_typescript::Number)]
    pub trades: u64,
    /// Part of them with a profit.
    #[specta(type = Option<specta_typescript::Number>)]
    pub win_rate: Option<f64>,
    /// Sum of the profits over the sum of the losses.
    #[specta(type = Option<specta_typescript::Number>)]
    pub profit_factor: Option<f64>,
}

/// A set of parameters that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SweepRowDto {
    /// The values, in the order of the axes.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub values: Vec<f64>,
    /// Null where the run came to nothing.
    pub figures: Option<SweepFiguresDto>,
    /// Why it came to nothing.
    pub problem: Option<String>,
}

/// Why a figure about a search is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum AbsenceDto {
    /// No run traded.
    NoTrials,
    /// A single run traded.
    OneTrial,
    /// All runs have the same Sharpe ratio.
    EqualTrials,
    /// There are fewer than 40 bars.
    FewBars,
    /// The returns of the best run have a shape that the formula does not take.
    Undefined,
}

/// The deflated Sharpe ratio of the best run. Ratios are of bars, not annualised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct DeflatedSharpeDto {
    /// A probability, from 0 to 1.
    #[specta(type = specta_typescript::Number)]
    pub value: f64,
    /// Sharpe ratio of the best run.
    #[specta(type = specta_typescript::Number)]
    pub sharpe: f64,
    /// What the best of as many trials without skill is expected to have.
    #[specta(type = specta_typescript::Number)]
    pub expected_maximum: f64,
    /// Skewness of its returns.
    #[specta(type = specta_typescript::Number)]
    pub skewness: f64,
    /// Kurtosis of its returns; 3 is normal.
    #[specta(type = specta_typescript::Number)]
    pub kurtosis: f64,
}

/// The probability of backtest overfitting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct OverfittingProbabilityDto {
    /// From 0 to 1.
    #[specta(type = specta_typescript::Number)]
    pub value: f64,
    /// Parts that the span was cut into.
    pub parts: u32,
    /// Ways to choose half of them.
    #[specta(type = specta_typescript::Number)]
    pub combinations: u64,
}

/// How far the best run of a sweep can be believed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct OverfittingDto {
    /// Runs that traded.
    #[specta(type = specta_typescript::Number)]
    pub trials: u64,
    /// The row with the largest Sharpe ratio.
    #[specta(type = Option<specta_typescript::Number>)]
    pub best: Option<u64>,
    /// Null where there is none.
    pub deflated_sharpe: Option<DeflatedSharpeDto>,
    /// Why there is none.
    pub no_deflated_sharpe: Option<AbsenceDto>,
    /// Null where there is none.
    pub probability: Option<OverfittingProbabilityDto>,
    /// Why there is none.
    pub no_probability: Option<AbsenceDto>,
}

/// A sweep in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SweepReportDto {
    /// Its line in the list.
    pub sweep: SweepDto,
    /// What was asked for.
    pub request: SweepRequest,
    /// The parameters that were the same in all runs.
    pub params: Vec<ParamValue>,
    /// Bars.
    #[specta(type = specta_typescript::Number)]
    pub bars: u64,
    /// Final over initial equity less 1 of buy and hold.
    #[specta(type = specta_typescript::Number)]
    pub benchmark_return: f64,
    /// How far the best can be believed.
    pub overfitting: OverfittingDto,
    /// One for each combination, the last axis changing fastest.
    pub rows: Vec<SweepRowDto>,
}
