//! Strategies, backtests, reports.

use serde::{Deserialize, Serialize};

use crate::{RollingDto, SpreadDto, TermsDto, TimeMs};

/// A parameter that a strategy's script declares.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ParamDto {
    /// Its name.
    pub name: String,
    /// What it does, for people.
    pub about: String,
    /// Taken when none is given.
    #[specta(type = specta_typescript::Number)]
    pub default: f64,
    /// Least value.
    #[specta(type = Option<specta_typescript::Number>)]
    pub min: Option<f64>,
    /// Greatest value.
    #[specta(type = Option<specta_typescript::Number>)]
    pub max: Option<f64>,
    /// Step between values.
    #[specta(type = Option<specta_typescript::Number>)]
    pub step: Option<f64>,
}

/// A strategy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct StrategyDto {
    /// `sma-cross`
    pub id: String,
    /// "SMA cross"
    pub title: String,
    /// The idea, in a sentence or two.
    pub about: String,
    /// Whether it comes with the program.
    pub builtin: bool,
    /// Its script.
    pub source: String,
    /// What its script declares.
    pub params: Vec<ParamDto>,
    /// Whether it reads news sentiment.
    pub uses_sentiment: bool,
    /// Whether it rotates over several symbols on one account.
    pub rotates: bool,
}

/// A parameter's value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ParamValue {
    /// Its name.
    pub name: String,
    /// Its value.
    #[specta(type = specta_typescript::Number)]
    pub value: f64,
}

/// A backtest to be run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct BacktestRequest {
    /// The strategy's id.
    pub strategy: String,
    /// The series it runs on.
    pub series_id: i32,
    /// More series on the same account, for a strategy that rotates.
    pub other_ids: Vec<i32>,
    /// First bar; the first stored when null.
    pub from: Option<TimeMs>,
    /// After the last bar; after the last stored when null.
    pub to: Option<TimeMs>,
    /// How it is traded.
    pub terms: TermsDto,
}

/// Something wrong in a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ScriptProblemDto {
    /// Line, from 1; 0 when it belongs to no line.
    pub line: u32,
    /// Column, from 1; 0 when it belongs to none.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// Another symbol of a run on several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct OtherDto {
    /// `ETHUSDT`
    pub symbol: String,
    /// The series it ran on; null when that is gone.
    pub series_id: Option<i32>,
}

/// A run in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RunDto {
    /// Its id.
    pub id: i32,
    /// The strategy's id.
    pub strategy: String,
    /// The series it ran on; null when that is gone.
    pub series_id: Option<i32>,
    /// `binance`
    pub venue: String,
    /// `BTCUSDT`; of several symbols on one account the first.
    pub symbol: String,
    /// The others, in their order.
    pub others: Vec<OtherDto>,
    /// `1h`
    pub interval: String,
    /// First bar.
    pub from: TimeMs,
    /// After the last bar.
    pub to: TimeMs,
    /// Parameters.
    pub params: Vec<ParamValue>,
    /// When it finished.
    pub finished: TimeMs,
    /// Bars.
    #[specta(type = specta_typescript::Number)]
    pub bars: u64,
    /// Holes among them.
    #[specta(type = specta_typescript::Number)]
    pub gaps: u64,
    /// Closed trades.
    #[specta(type = specta_typescript::Number)]
    pub trades: u64,
    /// Final over initial equity less 1.
    #[specta(type = specta_typescript::Number)]
    pub total_return: f64,
    /// The same for buy and hold.
    #[specta(type = specta_typescript::Number)]
    pub benchmark_return: f64,
    /// Annualised Sharpe ratio, where it is defined.
    #[specta(type = Option<specta_typescript::Number>)]
    pub sharpe: Option<f64>,
    /// Deepest fall from a peak, zero or negative.
    #[specta(type = specta_typescript::Number)]
    pub max_drawdown: f64,
    /// Same hash, same result.
    pub hash: String,
    /// The user's note.
    pub note: String,
}

/// A figure of a report with its meaning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct MetricDto {
    /// `bar_sharpe_ddof1`
    pub id: String,
    /// Null where it is not defined.
    #[specta(type = Option<specta_typescript::Number>)]
    pub value: Option<f64>,
}

/// Curves of a report as columns, thinned to what a screen can show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EquityDto {
    /// Open times.
    pub time: Vec<TimeMs>,
    /// Equity at the close.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub equity: Vec<f64>,
    /// Buy and hold.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub benchmark: Vec<f64>,
    /// Fall from the highest equity so far, zero or negative.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub drawdown: Vec<f64>,
}

/// Return of a calendar month in UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct MonthDto {
    /// 2024
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 0.01 is one percent.
    #[specta(type = specta_typescript::Number)]
    pub total_return: f64,
}

/// A closed trade.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct TradeDto {
    /// Its symbol, where the run is on several.
    pub symbol: Option<String>,
    /// Whether it gained from falling prices.
    pub short: bool,
    /// Open time of the entry bar.
    pub entry_time: TimeMs,
    /// Open time of the exit bar.
    pub exit_time: TimeMs,
    /// Fill price.
    #[specta(type = specta_typescript::Number)]
    pub entry_price: f64,
    /// Fill price.
    #[specta(type = specta_typescript::Number)]
    pub exit_price: f64,
    /// Units, negative when short.
    #[specta(type = specta_typescript::Number)]
    pub size: f64,
    /// Profit after fees.
    #[specta(type = specta_typescript::Number)]
    pub pnl: f64,
    /// 0.01 is one percent.
    #[specta(type = specta_typescript::Number)]
    pub return_pct: f64,
    /// `signal`, `sl`, `tp`, `trail` or `liquidation`.
    pub reason: String,
}

/// A position still open at the end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct OpenPositionDto {
    /// Its symbol, where the run is on several.
    pub symbol: Option<String>,
    /// Open time of the entry bar.
    pub entry_time: TimeMs,
    /// Fill price.
    #[specta(type = specta_typescript::Number)]
    pub entry_price: f64,
    /// Units, negative when short.
    #[specta(type = specta_typescript::Number)]
    pub size: f64,
}

/// A run in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RunReportDto {
    /// Its line in the list.
    pub run: RunDto,
    /// How it was traded. Where a file of funding rates was used, its place is not known any more.
    pub terms: TermsDto,
    /// Version of the engine's rules that it was made by.
    pub engine: String,
    /// Part of the bars below which minutes decided on stops and waiting orders; null where none did.
    #[specta(type = Option<specta_typescript::Number>)]
    pub fine_share: Option<f64>,
    /// SHA-256 of the stored report: equal for reports that are the same to the byte.
    pub digest: String,
    /// Its figures.
    pub metrics: Vec<MetricDto>,
    /// Figures of buy and hold over the same bars with the same costs.
    pub benchmark: Vec<MetricDto>,
    /// Its curves.
    pub equity: EquityDto,
    /// Its Sharpe ratio over time.
    pub rolling: RollingDto,
    /// How its trades' returns are spread.
    pub spread: SpreadDto,
    /// Its months.
    pub months: Vec<MonthDto>,
    /// Its trades, oldest first.
    pub trades: Vec<TradeDto>,
    /// What is still open: at most one, but for a run on several symbols.
    pub open_positions: Vec<OpenPositionDto>,
    /// What to know before believing it.
    pub warnings: Vec<String>,
}
