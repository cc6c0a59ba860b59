//! What each figure is called, means and is measured in: one list for reports that leave the program.

use serde::Serialize;

/// What a figure is measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A part: 0.01 is one percent.
    Part,
    /// The quote asset.
    Quote,
    /// A number without unit.
    Ratio,
    /// A count.
    Count,
    /// Milliseconds.
    Milliseconds,
}

/// A figure of [`crate::Metrics`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Its name in the JSON.
    pub id: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// How it is worked out.
    pub about: &'static str,
    /// What it is measured in.
    pub unit: Unit,
}

const fn figure(id: &'static str, title: &'static str, unit: Unit, about: &'static str) -> Figure {
    Figure {
        id,
        title,
        about,
        unit,
    }
}

/// Every figure of [`crate::Metrics`], in the order of its fields.
pub const FIGURES: &[Figure] = &[
    figure(
        "final_equity",
        "Final equity",
        Unit::Quote,
        "Cash and position at the last close.",
    ),
    figure(
        "total_return",
        "Return",
        Unit::Part,
        "Final over initial equity, less 1.",
    ),
    figure(
        "n_closed_trades",
        "Closed trades",
        Unit::Count,
        "Positions that were entered and left.",
    ),
    figure(
        "win_rate",
        "Win rate",
        Unit::Part,
        "Closed trades with a profit over all closed trades.",
    ),
    figure(
        "profit_factor",
        "Profit factor",
        Unit::Ratio,
        "Sum of the profits over the sum of the losses of closed trades.",
    ),
    figure(
        "expectancy_pct",
        "Mean trade",
        Unit::Part,
        "Mean return of a closed trade on the notional of its entry.",
    ),
    figure(
        "expectancy",
        "Mean profit",
        Unit::Quote,
        "Mean profit of a closed trade.",
    ),
    figure(
        "payoff",
        "Payoff",
        Unit::Ratio,
        "Mean profit of the winners over mean loss of the losers.",
    ),
    figure(
        "sqn",
        "SQN",
        Unit::Ratio,
        "System quality number: sqrt(n) * mean(profit) / std(profit), ddof 1.",
    ),
    figure(
        "best_trade",
        "Best trade",
        Unit::Part,
        "Highest return of a closed trade.",
    ),
    figure(
        "worst_trade",
        "Worst trade",
        Unit::Part,
        "Lowest return of a closed trade.",
    ),
    figure(
        "mean_trade_bars",
        "Mean length",
        Unit::Count,
        "Mean number of bars that a closed trade lasted.",
    ),
    figure(
        "max_drawdown",
        "Max drawdown",
        Unit::Part,
        "Deepest fall of the equity from a peak; the initial cash counts as one.",
    ),
    figure(
        "max_drawdown_from_first_bar",
        "Max drawdown, from the first bar",
        Unit::Part,
        "The same with the first bar's equity as the first peak.",
    ),
    figure(
        "longest_drawdown_bars",
        "Longest drawdown, bars",
        Unit::Count,
        "Most bars between a peak and the return to it, or the end.",
    ),
    figure(
        "longest_drawdown_ms",
        "Longest drawdown",
        Unit::Milliseconds,
        "The same as time.",
    ),
    figure(
        "exposure_bars",
        "Exposure",
        Unit::Part,
        "Bars whose close is held over all bars.",
    ),
    figure(
        "bar_sharpe_ddof1",
        "Sharpe",
        Unit::Ratio,
        "Bar returns: mean / std (ddof 1) * sqrt(bars in a year); no riskless rate.",
    ),
    figure(
        "bar_sortino",
        "Sortino",
        Unit::Ratio,
        "Bar returns: mean * sqrt(bars in a year) / sqrt(mean(min(r, 0)^2)).",
    ),
    figure(
        "bar_annual_return",
        "Annual return",
        Unit::Part,
        "(final / initial)^(bars in a year / bars) - 1.",
    ),
    figure(
        "bar_calmar",
        "Calmar",
        Unit::Ratio,
        "Annual return over the deepest drawdown.",
    ),
    figure(
        "bar_volatility",
        "Volatility",
        Unit::Part,
        "Standard deviation of the bar returns (ddof 1) * sqrt(bars in a year).",
    ),
    figure(
        "ann_factor",
        "Bars in a year",
        Unit::Count,
        "Days in a year * 86,400 s over the median distance between bars.",
    ),
    figure(
        "daily_n",
        "Daily returns",
        Unit::Count,
        "Changes between the last equities of UTC days that have bars.",
    ),
    figure(
        "daily_sharpe_ddof1",
        "Sharpe, daily",
        Unit::Ratio,
        "Daily returns: mean / std (ddof 1) * sqrt(days in a year).",
    ),
    figure(
        "daily_sortino",
        "Sortino, daily",
        Unit::Ratio,
        "Daily returns: mean * sqrt(days in a year) / sqrt(mean(min(r, 0)^2)).",
    ),
    figure(
        "daily_gmean_annual",
        "Annual return, daily",
        Unit::Part,
        "(1 + geometric mean of the daily returns)^(days in a year) - 1.",
    ),
    figure(
        "daily_volatility_annual",
        "Volatility, daily",
        Unit::Part,
        "Annual volatility of compounded daily returns, as backtesting.py has it.",
    ),
    figure(
        "daily_geometric_sharpe",
        "Sharpe, backtesting.py",
        Unit::Ratio,
        "Geometric annual return over annual volatility of daily returns.",
    ),
    figure(
        "daily_geometric_sortino",
        "Sortino, backtesting.py",
        Unit::Ratio,
        "Geometric annual return over the annual downside deviation.",
    ),
    figure(
        "daily_geometric_calmar",
        "Calmar, backtesting.py",
        Unit::Ratio,
        "Geometric annual return over the deepest drawdown.",
    ),
    figure("fees_paid", "Fees", Unit::Quote, "Fees of all fills."),
    figure(
        "turnover",
        "Turnover",
        Unit::Ratio,
        "Notional of all fills over the mean equity.",
    ),
    figure(
        "funding_paid",
        "Funding",
        Unit::Quote,
        "Funding paid; negative when more was received.",
    ),
    figure(
        "refused_entries",
        "Entries not made",
        Unit::Count,
        "Too little cash, too small for the exchange, or no stop to size by.",
    ),
    figure(
        "ambiguous_fills",
        "Ambiguous fills",
        Unit::Count,
        "Fills whose order the bars do not tell; the worse was taken.",
    ),
    figure(
        "margin_calls",
        "Margin calls",
        Unit::Count,
        "Closes at which the maintenance margin first took 80 % of the equity.",
    ),
    figure(
        "liquidations",
        "Liquidations",
        Unit::Count,
        "Positions that the exchange closed because too little equity was left.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Config, Inputs, Script, run};
    use promptpal_domain::{Bars, Interval};

    #[test]
    fn every_figure_is_explained_once() {
        let script = Script::compile("enter_long(close > 0.0);").unwrap();
        let mut bars = Bars::empty(Interval::Hour1, 2, 0);
        for hour in 0..3 {
            bars.open_time.push(hour * 3_600_000);
            for column in [
                &mut bars.open,
                &mut bars.high,
                &mut bars.low,
                &mut bars.close,
                &mut bars.volume,
            ] {
                column.push(1.0);
            }
        }
        let inputs = Inputs::new(&bars, &[]).unwrap();
        let report = run(&script, &[], &inputs, &Config::default(), &|| false).unwrap();
        let value = serde_json::to_value(&report.metrics).unwrap();
        let fields: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        let mut listed: Vec<&str> = FIGURES.iter().map(|figure| figure.id).collect();
        listed.sort_unstable();
        assert_eq!(listed, fields);
    }
}
