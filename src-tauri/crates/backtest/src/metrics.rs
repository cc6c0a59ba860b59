//! The figures of a run.
//!
//! Bar returns are `r[i] = equity[i] / equity[i-1] - 1` with the initial cash before the first bar, annualised by
//! `days_per_year * 86400 / step`, where the step is the median distance between bars in seconds. These agree with
//! vectorbt. Daily figures use the last equity of each UTC day that has bars; the geometric ones among them agree with
//! backtesting.py. A figure that is not defined (no trade, no loss, no spread) is absent.

mod blocks;
mod catalogue;
mod drawdown;
mod moments;

use serde::{Deserialize, Serialize};

use crate::calendar::{DAY_MS, year_month};
use crate::execution::Outcome;
use crate::{Config, Inputs, TradeRecord};
pub(crate) use blocks::{Blocks, end_of};
pub use catalogue::{FIGURES, Figure, Unit};
use drawdown::{Drawdown, Falls};
use moments::{BLOCK, Changes, Moments, Total};
pub(crate) use moments::{PartSums, Shape};

/// The figures of a run. Returns and rates are parts: 0.01 is one percent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Cash plus position at the last close.
    pub final_equity: f64,
    /// Final over initial equity, less 1.
    pub total_return: f64,
    /// Closed trades.
    pub n_closed_trades: usize,
    /// Part of the closed trades with a profit.
    pub win_rate: Option<f64>,
    /// Sum of the profits over the sum of the losses of closed trades.
    pub profit_factor: Option<f64>,
    /// Mean return of a closed trade.
    pub expectancy_pct: Option<f64>,
    /// Mean profit of a closed trade, in the quote asset.
    pub expectancy: Option<f64>,
    /// Mean profit of the winners over mean loss of the losers.
    pub payoff: Option<f64>,
    /// System quality number (Van Tharp): `sqrt(n) * mean(pnl) / std(pnl)`, ddof 1.
    pub sqn: Option<f64>,
    /// Best return of a closed trade.
    pub best_trade: Option<f64>,
    /// Worst return of a closed trade.
    pub worst_trade: Option<f64>,
    /// Mean number of bars that a closed trade lasted.
    pub mean_trade_bars: Option<f64>,
    /// Deepest fall from a peak, the initial cash among the peaks; zero or negative.
    pub max_drawdown: f64,
    /// The same with the first bar's equity as the first peak.
    pub max_drawdown_from_first_bar: f64,
    /// Most bars between a peak and the return to it (or the end).
    pub longest_drawdown_bars: usize,
    /// The same as time, in milliseconds.
    pub longest_drawdown_ms: i64,
    /// Part of the bars whose close is held.
    pub exposure_bars: f64,
    /// Sharpe ratio of the bar returns: `mean / std(ddof 1) * sqrt(ann_factor)`.
    pub bar_sharpe_ddof1: Option<f64>,
    /// Sortino ratio of the bar returns: `mean * sqrt(ann_factor) / sqrt(mean(min(r, 0)^2))`.
    pub bar_sortino: Option<f64>,
    /// `(final / initial)^(ann_factor / bars) - 1`.
    pub bar_annual_return: Option<f64>,
    /// Annual return over the deepest drawdown.
    pub bar_calmar: Option<f64>,
    /// Standard deviation of the bar returns (ddof 1) times `sqrt(ann_factor)`.
    pub bar_volatility: Option<f64>,
    /// Bars in a year.
    pub ann_factor: f64,
    /// Daily returns.
    pub daily_n: usize,
    /// Sharpe ratio of the daily returns: `mean / std(ddof 1) * sqrt(days_per_year)`.
    pub daily_sharpe_ddof1: Option<f64>,
    /// Sortino ratio of the daily returns.
    pub daily_sortino: Option<f64>,
    /// `(1 + geometric mean of the daily returns)^days_per_year - 1`.
    pub daily_gmean_annual: Option<f64>,
    /// Annual volatility of compounded daily returns, as backtesting.py has it.
    pub daily_volatility_annual: Option<f64>,
    /// `daily_gmean_annual / daily_volatility_annual`: the Sharpe ratio of backtesting.py.
    pub daily_geometric_sharpe: Option<f64>,
    /// `daily_gmean_annual` over the annual downside deviation: the Sortino ratio of backtesting.py.
    pub daily_geometric_sortino: Option<f64>,
    /// `daily_gmean_annual` over the deepest drawdown: the Calmar ratio of backtesting.py.
    pub daily_geometric_calmar: Option<f64>,
    /// Fees of all fills, in the quote asset.
    pub fees_paid: f64,
    /// Notional of all fills over the mean equity.
    pub turnover: Option<f64>,
    /// Funding paid, in the quote asset; negative when more was received.
    #[serde(default)]
    pub funding_paid: f64,
    /// Entries that were not made: the cash did not pay for them, they were too small for the exchange, or the distance of
    /// their stop was not known.
    pub refused_entries: usize,
    /// Fills whose order in time the bars do not tell; the worse was taken.
    #[serde(default)]
    pub ambiguous_fills: usize,
    /// Margin calls: closes at which the maintenance margin first took 80 % of the equity.
    #[serde(default)]
    pub margin_calls: usize,
    /// Positions that the exchange closed because too little equity was left.
    #[serde(default)]
    pub liquidations: usize,
}

/// Buying at the open after the first bar and holding to the last close, with the same costs and all cash.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Benchmark {
    /// Cash plus position at the last close.
    pub final_equity: f64,
    /// Final over initial equity, less 1.
    pub total_return: f64,
    /// `(final / initial)^(ann_factor / bars) - 1`.
    pub bar_annual_return: Option<f64>,
    /// Sharpe ratio of the bar returns.
    pub bar_sharpe_ddof1: Option<f64>,
    /// Deepest fall from a peak.
    pub max_drawdown: f64,
    /// Fill price of the purchase; absent when there is no second bar.
    pub entry_price: Option<f64>,
    /// Units bought.
    pub size: f64,
}

/// The return of a calendar month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthReturn {
    /// Year.
    pub year: i64,
    /// Month, 1 to 12.
    pub month: u32,
    /// Return from the last close before it to its own last close.
    #[serde(rename = "return")]
    pub value: f64,
}

/// Keeps what is a number.
fn defined(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

impl Metrics {
    /// The figures, the months, and the lowest level of the equity. `blocks` takes the bar returns.
    pub(crate) fn of(
        outcome: &Outcome,
        inputs: &Inputs<'_>,
        config: &Config,
        blocks: &mut Blocks,
    ) -> (Self, Vec<MonthReturn>, f64) {
        let bars = inputs.bars();
        let equity = &outcome.equity;
        let final_equity = equity.last().copied().unwrap_or(config.cash);
        let ann_factor = inputs.bars_per_year(config.days_per_year);
        let year = ann_factor.sqrt();
        let Course {
            returns,
            drawdown,
            mean: mean_equity,
        } = Course::of(config.cash, equity, &bars.open_time, blocks);
        let annual = annual_return(config.cash, final_equity, ann_factor, equity.len());
        let days = day_ends(&bars.open_time, equity);
        let daily = Daily::of(&days, config.days_per_year, drawdown.deepest);
        let trades = TradeFigures::of(&outcome.trades);
        let metrics = Self {
            final_equity,
            total_return: final_equity / config.cash - 1.0,
            n_closed_trades: outcome.trades.len(),
            win_rate: trades.win_rate,
            profit_factor: trades.profit_factor,
            expectancy_pct: trades.expectancy_pct,
            expectancy: trades.expectancy,
            payoff: trades.payoff,
            sqn: trades.sqn,
            best_trade: trades.best,
            worst_trade: trades.worst,
            mean_trade_bars: trades.mean_bars,
            max_drawdown: drawdown.deepest,
            max_drawdown_from_first_bar: drawdown.deepest_from_first_bar,
            longest_drawdown_bars: drawdown.longest_bars,
            longest_drawdown_ms: drawdown.longest_ms,
            exposure_bars: outcome.held_bars as f64 / equity.len().max(1) as f64,
            bar_sharpe_ddof1: defined(returns.mean / returns.std_ddof1() * year),
            bar_sortino: defined(returns.mean * year / returns.downside()),
            bar_annual_return: annual,
            bar_calmar: annual.and_then(|annual| defined(annual / drawdown.deepest.abs())),
            bar_volatility: defined(returns.std_ddof1() * year),
            ann_factor,
            daily_n: daily.n,
            daily_sharpe_ddof1: daily.sharpe,
            daily_sortino: daily.sortino,
            daily_gmean_annual: daily.gmean_annual,
            daily_volatility_annual: daily.volatility,
            daily_geometric_sharpe: daily.geometric_sharpe,
            daily_geometric_sortino: daily.geometric_sortino,
            daily_geometric_calmar: daily.geometric_calmar,
            fees_paid: outcome.fees,
            turnover: defined(outcome.turnover / mean_equity),
            funding_paid: outcome.funding,
            refused_entries: outcome.refused,
            ambiguous_fills: outcome.ambiguous,
            margin_calls: outcome.margin_calls,
            liquidations: outcome.liquidations,
        };
        (metrics, monthly(&days, config.cash), drawdown.lowest)
    }
}

impl Benchmark {
    pub(crate) fn of(inputs: &Inputs<'_>, config: &Config) -> Self {
        let bars = inputs.bars();
        let ann_factor = inputs.bars_per_year(config.days_per_year);
        let entry_price = bars.open.get(1).map(|open| open * (1.0 + config.adverse()));
        let size = entry_price.map_or(0.0, |price| config.cash / (price * (1.0 + config.fee)));
        let mut benchmark = Self {
            entry_price,
            size,
            ..Self::default()
        };
        // Written out a block at a time: nobody reads it again.
        let (mut changes, mut falls) = (
            Changes::after(config.cash),
            Falls::below(config.cash, &bars.open_time),
        );
        let mut levels = [0.0; BLOCK];
        for (number, closes) in bars.close.chunks(BLOCK).enumerate() {
            let levels = levels.get_mut(..closes.len()).unwrap_or_default();
            for (level, close) in levels.iter_mut().zip(closes) {
                *level = size * close;
            }
            if let Some(first) = levels.first_mut().filter(|_| number == 0) {
                *first = config.cash;
            }
            changes.add(levels);
            falls.add(levels);
        }
        let returns = changes.moments();
        // Its first level is the cash, so it is no lower than that.
        let drawdown = falls.drawdown(&[]);
        let held = bars.close.last().filter(|_| bars.len() > 1);
        benchmark.final_equity = held.map_or(config.cash, |close| size * close);
        benchmark.total_return = benchmark.final_equity / config.cash - 1.0;
        benchmark.bar_annual_return =
            annual_return(config.cash, benchmark.final_equity, ann_factor, bars.len());
        benchmark.bar_sharpe_ddof1 = defined(returns.mean / returns.std_ddof1() * ann_factor.sqrt());
        benchmark.max_drawdown = drawdown.deepest;
        benchmark
    }

    /// Equity at each close: cash on the first bar, the position from the second on.
    pub(crate) fn equity(&self, cash: f64, closes: &[f64]) -> Vec<f64> {
        let first = closes.first().map(|_| cash);
        first
            .into_iter()
            .chain(closes.iter().skip(1).map(|close| self.size * close))
            .collect()
    }
}

/// What an equity went through.
struct Course {
    returns: Moments,
    drawdown: Drawdown,
    mean: f64,
}

impl Course {
    /// One pass over memory: each block is measured while it is near.
    fn of(cash: f64, equity: &[f64], times: &[i64], blocks: &mut Blocks) -> Self {
        let (mut changes, mut falls, mut total) =
            (Changes::after(cash), Falls::below(cash, times), Total::default());
        for block in equity.chunks(BLOCK) {
            let sums = changes.add(block);
            blocks.add(changes.last(block.len()), sums);
            falls.add(block);
            total.add(moments::sum(block));
        }
        Self {
            returns: changes.moments(),
            drawdown: falls.drawdown(equity),
            mean: total.value() / equity.len() as f64,
        }
    }
}

fn annual_return(cash: f64, final_equity: f64, ann_factor: f64, bars: usize) -> Option<f64> {
    defined((final_equity / cash).powf(ann_factor / bars.max(1) as f64) - 1.0)
}

/// The last equity of each UTC day that has bars, by days since 1970.
pub(crate) fn day_ends(times: &[i64], equity: &[f64]) -> Vec<(i64, f64)> {
    let mut ends = Vec::new();
    let (mut at, mut usual) = (0, 0);
    while let Some(time) = times.get(at) {
        let day = time.div_euclid(DAY_MS);
        let next = (day + 1) * DAY_MS;
        usual = before(times.get(at..).unwrap_or_default(), next, usual);
        at += usual;
        if let Some(&last) = equity.get(at - 1) {
            ends.push((day, last));
        }
    }
    ends
}

/// How many of the ascending times are before `end`: as many as `usual` more often than not. Else strides double until one is past
/// it, so that the search stays near.
fn before(times: &[i64], end: i64, usual: usize) -> usize {
    let as_usual = usual > 0
        && times.get(usual - 1).is_some_and(|&time| time < end)
        && times.get(usual).is_some_and(|&time| time >= end);
    if as_usual {
        return usual;
    }
    let mut stride = 1;
    while times.get(stride).is_some_and(|&time| time < end) {
        stride *= 2;
    }
    let from = stride / 2;
    let near = times.get(from..times.len().min(stride + 1)).unwrap_or_default();
    from + near.partition_point(|&time| time < end)
}

fn monthly(days: &[(i64, f64)], cash: f64) -> Vec<MonthReturn> {
    let mut before = cash;
    days.chunk_by(|a, b| year_month(a.0) == year_month(b.0))
        .filter_map(|month| {
            let &(day, last) = month.last()?;
            let value = last / before - 1.0;
            before = last;
            let (year, month) = year_month(day);
            Some(MonthReturn { year, month, value })
        })
        .collect()
}

#[derive(Default)]
struct Daily {
    n: usize,
    sharpe: Option<f64>,
    sortino: Option<f64>,
    gmean_annual: Option<f64>,
    volatility: Option<f64>,
    geometric_sharpe: Option<f64>,
    geometric_sortino: Option<f64>,
    geometric_calmar: Option<f64>,
}

impl Daily {
    fn of(days: &[(i64, f64)], days_per_year: f64, deepest: f64) -> Self {
        let Some((&(_, first), rest)) = days.split_first().filter(|(_, rest)| !rest.is_empty()) else {
            return Self::default();
        };
        let levels: Vec<f64> = rest.iter().map(|day| day.1).collect();
        let returns = Moments::of_changes(first, &levels);
        let year = days_per_year.sqrt();
        let mut logs = Total::default();
        let mut before = first;
        for level in &levels {
            logs.add((level / before - 1.0).ln_1p());
            before = *level;
        }
        let growth = (logs.value() / levels.len() as f64).exp_m1() + 1.0;
        let gmean = growth.powf(days_per_year) - 1.0;
        let spread = returns.std_ddof1();
        let growth_squared = growth * growth;
        let volatility = ((spread * spread + growth_squared).powf(days_per_year)
            - growth_squared.powf(days_per_year))
        .sqrt();
        Self {
            n: levels.len(),
            sharpe: defined(returns.mean / spread * year),
            sortino: defined(returns.mean * year / returns.downside()),
            gmean_annual: defined(gmean),
            volatility: defined(volatility),
            geometric_sharpe: defined(gmean / volatility),
            geometric_sortino: defined(gmean / (returns.downside() * year)),
            geometric_calmar: defined(gmean / -deepest),
        }
    }
}

#[derive(Default)]
struct TradeFigures {
    win_rate: Option<f64>,
    profit_factor: Option<f64>,
    expectancy_pct: Option<f64>,
    expectancy: Option<f64>,
    payoff: Option<f64>,
    sqn: Option<f64>,
    best: Option<f64>,
    worst: Option<f64>,
    mean_bars: Option<f64>,
}

impl TradeFigures {
    fn of(trades: &[TradeRecord]) -> Self {
        if trades.is_empty() {
            return Self::default();
        }
        let n = trades.len() as f64;
        let [mut won, mut lost, mut all, mut parts, mut lasted] = [Total::default(); 5];
        let (mut wins, mut losses) = (0_usize, 0_usize);
        for trade in trades {
            let pnl = trade.pnl;
            if pnl > 0.0 {
                won.add(pnl);
                wins += 1;
            } else if pnl < 0.0 {
                lost.add(pnl);
                losses += 1;
            }
            all.add(pnl);
            parts.add(trade.return_pct);
            lasted.add((trade.exit_bar - trade.entry_bar) as f64);
        }
        let (won, lost, mean) = (won.value(), -lost.value(), all.value() / n);
        let mut squares = Total::default();
        for TradeRecord { pnl, .. } in trades {
            squares.add((pnl - mean) * (pnl - mean));
        }
        let squares = squares.value();
        let returns = || trades.iter().map(|trade| trade.return_pct);
        Self {
            win_rate: defined(wins as f64 / n),
            profit_factor: defined(won / lost),
            expectancy_pct: defined(parts.value() / n),
            expectancy: defined(mean),
            payoff: defined((won / wins as f64) / (lost / losses as f64)),
            sqn: defined(n.sqrt() * mean / (squares / (n - 1.0)).sqrt()),
            best: returns().max_by(f64::total_cmp),
            worst: returns().min_by(f64::total_cmp),
            mean_bars: defined(lasted.value() / n),
        }
    }
}
