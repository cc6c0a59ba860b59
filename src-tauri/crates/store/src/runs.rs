//! Backtest runs: a line for the list, the report, the equity curve and the trades.

mod equity;
mod table;
mod trades;

use promptpal_domain::{RunSummary, SeriesKey, Span, Symbol, Timestamp, Trade};

/// Equity by bar. Columns of equal length, ordered by time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EquityCurve {
    /// Open times of the bars in milliseconds since 1970.
    pub time: Vec<i64>,
    /// Equity at the bar's close, in the quote asset.
    pub equity: Vec<f64>,
    /// The same for buying at the first bar and holding.
    pub benchmark: Vec<f64>,
}

/// A run to be stored. The number of trades is that of `trades`.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun {
    /// Name of the strategy.
    pub strategy: String,
    /// What it ran on; of several symbols on one account the first.
    pub series: SeriesKey,
    /// The other symbols, in their order.
    pub others: Vec<Symbol>,
    /// The bars it covers.
    pub span: Span,
    /// Parameter values by name, in the script's order.
    pub params: Vec<(String, f64)>,
    /// When it finished.
    pub finished: Timestamp,
    /// Bars evaluated.
    pub bars: u64,
    /// Gaps among them.
    pub gaps: u64,
    /// Final over initial equity, less 1.
    pub total_return: f64,
    /// The same for buying and holding.
    pub benchmark_return: f64,
    /// Annualised Sharpe ratio, where it is defined.
    pub sharpe: Option<f64>,
    /// The deepest fall from a peak, zero or negative.
    pub max_drawdown: f64,
    /// SHA-256 over data, engine, script and parameters: same hash, same result.
    pub hash: String,
    /// The user's note.
    pub note: String,
    /// The report as JSON.
    pub report: Vec<u8>,
    /// Equity by bar.
    pub equity: EquityCurve,
    /// The closed trades in the order of their exits.
    pub trades: Vec<Trade>,
}

/// A stored run without its trades.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its line in the list.
    pub summary: RunSummary,
    /// The report as JSON.
    pub report: Vec<u8>,
    /// Equity by bar.
    pub equity: EquityCurve,
}
