//! Backtest runs as they are listed and stored.

use crate::{SeriesKey, Span, Symbol, Timestamp};

/// The store's number of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub i64);

/// The store's number of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SweepId(pub i64);

/// A stored sweep without its rows: a strategy that was run with many sets of parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepSummary {
    /// Its number.
    pub id: SweepId,
    /// Name of the strategy.
    pub strategy: String,
    /// What it ran on.
    pub series: SeriesKey,
    /// The bars it covers.
    pub span: Span,
    /// Names of the parameters that were tried.
    pub axes: Vec<String>,
    /// How many sets of parameters were tried.
    pub runs: u64,
    /// When it finished.
    pub finished: Timestamp,
    /// SHA-256 over data, engine, script, parameters and account: same hash, same result.
    pub hash: String,
}

/// Direction of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// Gains when the price rises.
    Long,
    /// Gains when the price falls.
    Short,
}

/// Why a position was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExitReason {
    /// The strategy said so.
    Signal,
    /// The stop-loss was reached.
    StopLoss,
    /// The target was reached.
    TakeProfit,
    /// The trailing stop was reached.
    TrailingStop,
    /// The exchange closed the position, because the equity was down to the maintenance margin.
    Liquidation,
}

impl ExitReason {
    /// The short name used in files: `signal`, `sl`, `tp`, `trail`, `liquidation`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signal => "signal",
            Self::StopLoss => "sl",
            Self::TakeProfit => "tp",
            Self::TrailingStop => "trail",
            Self::Liquidation => "liquidation",
        }
    }

    /// The reason with this short name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [
            Self::Signal,
            Self::StopLoss,
            Self::TakeProfit,
            Self::TrailingStop,
            Self::Liquidation,
        ]
        .into_iter()
        .find(|r| r.as_str() == name)
    }
}

/// A closed trade.
#[derive(Clone, Debug, PartialEq)]
pub struct Trade {
    /// Its symbol, where the run is over several.
    pub symbol: Option<Symbol>,
    /// Direction.
    pub side: Side,
    /// Open time of the bar it was entered on.
    pub entry_time: Timestamp,
    /// Open time of the bar it was left on.
    pub exit_time: Timestamp,
    /// Fill price of the entry.
    pub entry_price: f64,
    /// Fill price of the exit.
    pub exit_price: f64,
    /// Units of the base asset; negative when short.
    pub size: f64,
    /// Profit in the quote asset after fees.
    pub pnl: f64,
    /// `pnl` over the notional of the entry: 0.01 is one percent.
    pub return_pct: f64,
    /// Why it ended.
    pub reason: ExitReason,
}

/// A run's line in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct RunSummary {
    /// The store's number.
    pub id: RunId,
    /// Name of the strategy.
    pub strategy: String,
    /// What it ran on; of several symbols on one account the first.
    pub series: SeriesKey,
    /// The other symbols, in their order.
    pub others: Vec<Symbol>,
    /// The bars it covers.
    pub span: Span,
    /// Parameter values by name.
    pub params: Vec<(String, f64)>,
    /// When it finished.
    pub finished: Timestamp,
    /// Bars evaluated.
    pub bars: u64,
    /// Gaps among them.
    pub gaps: u64,
    /// Closed trades.
    pub trades: u64,
    /// Final over initial equity, less 1.
    pub total_return: f64,
    /// The same for buying at the first and holding to the last bar, same costs.
    pub benchmark_return: f64,
    /// Annualised Sharpe ratio of the bar returns, ddof 1, where it is defined.
    pub sharpe: Option<f64>,
    /// The deepest fall from a peak, zero or negative.
    pub max_drawdown: f64,
    /// SHA-256 over data, engine, script and parameters: same hash, same result.
    pub hash: String,
    /// The user's note.
    pub note: String,
}
