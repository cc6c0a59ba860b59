//! Arguments of backtest, strategies, conformance and runs.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use promptpal_app::causes::{Axis, AxisError, FIGURES};
use promptpal_domain::{Interval, Symbol, Timestamp, Venue};

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SideArg {
    /// Only gain from rising prices
    Long,
    /// Only gain from falling prices
    Short,
    /// Reverse at the opposite signal
    Both,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Fills {
    /// At the next bar's open; stops on the tested interval's own bars
    R1,
    /// Stops and waiting orders on the finer candles below: the stored minutes, or those of --minutes
    Minute,
    /// On finer candles as far as there are any
    Auto,
}

#[derive(Args, Debug)]
pub(crate) struct BacktestArgs {
    /// A strategy's name, or a file FILE.rhai
    pub(crate) strategy: String,
    /// The instrument, from the store; several (again, or with commas) for a strategy that rotates
    #[arg(
        long = "symbol",
        required_unless_present = "data",
        conflicts_with = "data",
        value_delimiter = ','
    )]
    pub(crate) symbols: Vec<Symbol>,
    /// The length of a candle
    #[arg(long, short, required_unless_present = "data")]
    pub(crate) interval: Option<Interval>,
    /// Where the prices come from; the only stored venue when left out
    #[arg(long)]
    pub(crate) venue: Option<Venue>,
    /// Candles as CSV, instead of the store; nothing is stored then. Several, named by their files, for a strategy that rotates
    #[arg(long, value_name = "FILE")]
    pub(crate) data: Vec<PathBuf>,
    /// First bar
    #[arg(long)]
    pub(crate) from: Option<Timestamp>,
    /// After the last bar
    #[arg(long)]
    pub(crate) to: Option<Timestamp>,
    /// A parameter of the strategy
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = number_pair)]
    pub(crate) params: Vec<(String, f64)>,
    /// Fee of each fill as a share of its notional: 0.001 is 0.1 %
    #[arg(long, default_value_t = 0.001)]
    pub(crate) fee: f64,
    /// Fee of limit orders and targets, where it is another one
    #[arg(long, allow_negative_numbers = true)]
    pub(crate) maker_fee: Option<f64>,
    /// Slippage of market and stop orders in hundredths of a percent
    #[arg(long, default_value_t = 0.0)]
    pub(crate) slippage_bps: f64,
    /// More slippage for each percent of the candle's volume that an order takes, in hundredths of a percent
    #[arg(long, default_value_t = 0.0)]
    pub(crate) impact_bps: f64,
    /// Distance of bid and ask in hundredths of a percent
    #[arg(long, default_value_t = 0.0)]
    pub(crate) spread_bps: f64,
    /// Cash to begin with, in the quote asset
    #[arg(long, default_value_t = 10_000.0)]
    pub(crate) cash: f64,
    /// all, units:N, cash:N, percent:N, risk:N (percent of the equity to the stop) or vol:N (percent a year)
    #[arg(long, default_value = "all")]
    pub(crate) size: String,
    /// A margin account with this buying power over equity, with margin calls and liquidation
    #[arg(long)]
    pub(crate) leverage: Option<f64>,
    /// Maintenance margin as a share of the position; 0.005 when left out
    #[arg(long, requires = "leverage")]
    pub(crate) maintenance: Option<f64>,
    /// Step of prices at the exchange
    #[arg(long, default_value_t = 0.0)]
    pub(crate) tick: f64,
    /// Step of quantities at the exchange
    #[arg(long, default_value_t = 0.0)]
    pub(crate) lot: f64,
    /// Smallest worth of an entry that the exchange takes
    #[arg(long, default_value_t = 0.0)]
    pub(crate) min_notional: f64,
    /// Trading days in a year for annualised figures: 365 for crypto, 252 for shares
    #[arg(long, default_value_t = 365.0)]
    pub(crate) days_per_year: f64,
    /// Funding rates as CSV with the columns time and rate
    #[arg(long, value_name = "FILE")]
    pub(crate) funding: Option<PathBuf>,
    /// Directions; long when left out, or short for a script that only sells short
    #[arg(long, value_enum)]
    pub(crate) side: Option<SideArg>,
    /// How orders are filled
    #[arg(long, value_enum, default_value = "r1")]
    pub(crate) fills: Fills,
    /// Finer candles as CSV below those of --data
    #[arg(long, value_name = "FILE", requires = "data")]
    pub(crate) minutes: Option<PathBuf>,
    /// Also write the report to a file: HTML for .html, trades as CSV for .csv, else JSON; of a sweep its rows, as CSV for .csv, else
    /// JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Values of a parameter to try: NAME=FROM..TO:STEP, NAME=FROM..TO or NAME=A,B,C. Given for several parameters, every
    /// combination is run
    #[arg(long = "sweep", value_name = "NAME=VALUES", value_parser = axis)]
    pub(crate) sweep: Vec<Axis>,
    /// The figure that the rows of a sweep are ordered by, the largest first
    #[arg(
        long,
        value_name = "FIGURE",
        default_value = "total_return",
        value_parser = figure,
        requires = "sweep"
    )]
    pub(crate) sort: String,
    /// Rows of a sweep that are shown as a table
    #[arg(long, value_name = "ROWS", default_value_t = 20, requires = "sweep")]
    pub(crate) top: usize,
    /// Threads that share the runs of a sweep; a single run uses one
    #[arg(long, default_value_t = 1)]
    pub(crate) threads: usize,
}

#[derive(Debug, Subcommand)]
pub(crate) enum StrategiesCommand {
    /// Every strategy
    List,
    /// A strategy's parameters and script
    Show {
        /// Its name
        id: String,
    },
    /// The functions of the strategy language
    Docs,
    /// Find mistakes in a script
    Check {
        /// The script
        file: PathBuf,
    },
}

/// What a report is written as.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ReportArg {
    /// The whole report
    Json,
    /// One page for any browser
    Html,
    /// The closed trades as CSV
    Trades,
    /// Equity, buy and hold and drawdown at each bar as CSV
    Equity,
}

#[derive(Args, Debug)]
pub(crate) struct ConformanceArgs {
    /// Folder of the reference results
    pub(crate) dir: PathBuf,
    /// Folder of the candles that they name
    #[arg(long)]
    pub(crate) data: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RunsCommand {
    /// Every stored run, newest first
    List,
    /// One run with its figures
    Show {
        /// Its id
        id: i64,
        /// Its trades too
        #[arg(long)]
        trades: bool,
    },
    /// Figures of several runs side by side
    Compare {
        /// Their ids
        #[arg(required = true, num_args = 2..=5)]
        ids: Vec<i64>,
    },
    /// Write a run's full report to a file
    Export {
        /// Its id
        id: i64,
        /// The file
        #[arg(long)]
        out: PathBuf,
        /// What is written; by the file's name when left out: html for .html, trades for .csv, else json
        #[arg(long, value_enum)]
        format: Option<ReportArg>,
    },
    /// Delete a run
    Delete {
        /// Its id
        id: i64,
    },
}

fn number_pair(text: &str) -> Result<(String, f64), String> {
    let (name, value) = super::pair(text)?;
    let number = value.parse::<f64>().ok().filter(|n| n.is_finite());
    Ok((name, number.ok_or_else(|| format!("'{value}' is not a number"))?))
}

fn axis(text: &str) -> Result<Axis, String> {
    text.parse().map_err(|error: AxisError| error.to_string())
}

fn figure(text: &str) -> Result<String, String> {
    if FIGURES.iter().any(|figure| figure.id == text) {
        return Ok(text.to_owned());
    }
    let known: Vec<&str> = FIGURES.iter().map(|figure| figure.id).collect();
    Err(format!("it is none of {}", known.join(", ")))
}
