//! Backtests: strategies as scripts, their execution by convention R1 or on finer bars, metrics and the report.
//!
//! The way of a run: [`Script::compile`] reads a strategy, [`run()`] records its graph of whole-column operations for one set
//! of parameters, evaluates the columns natively, simulates the orders and measures the result as a [`Report`]. [`sweep()`] does so
//! for many sets of parameters, computes once what they have in common, and says with [`Overfitting`] how far the best of them can be
//! believed; [`run_rotation`] does it over several symbols that
//! share an account.
//!
//! # Invariants
//! - Pure: no I/O, no clock, no randomness. Same inputs, same bytes out, on any thread count; [`Report::hash`] names them.
//! - No look-ahead: a script can reach closed bars and what was known at a bar's close, nothing later, and its orders fill
//!   at the next bar's open.
//! - A script is bounded in operations, depth, sizes and memory, and every fault in it is an error with line and column.
//!
//! # Not here
//! Files and the store (`app` hands in bars and text), timing. A run stays on the thread that asked for it, and as many as one likes
//! may run at once; only [`sweep()`] has threads of its own.

#![warn(missing_docs)]

mod builtin;
mod calendar;
mod config;
mod conformance;
mod csv_bars;
mod csv_funding;
mod derived;
mod error;
mod evaluate;
mod execution;
mod graph;
mod hash;
mod inputs;
mod instructions;
mod longer;
mod metrics;
mod overfitting;
mod plan;
mod prices;
mod reference;
mod report;
mod rotation;
mod run;
mod script;
mod sweep;
mod truth;

pub use builtin::{Builtin, builtin, builtins};
pub use config::{Config, Fills, Filters, Margin, Sides, Sizing};
pub use conformance::{
    CaseResult, ColumnResult, IndicatorTimes, case_data_path, check_case, check_indicators, indicator_times,
};
pub use csv_bars::{CsvReadError, bars_from_csv, bars_from_reader};
pub use csv_funding::funding_from_csv;
pub use derived::{RollingSharpe, TradeSpread, rolling_sharpe, trade_spread};
pub use error::{BacktestError, ScriptError};
pub use inputs::{FundingRate, Inputs};
pub use metrics::{Benchmark, FIGURES, Figure, Metrics, MonthReturn, Unit};
pub use overfitting::{
    Absence, DeflatedSharpe, Finding, Overfitting, OverfittingProbability, SharpeOfBest,
    cross_validation_parts, deflated_sharpe, expected_maximum_sharpe,
};
pub use reference::{FunctionDoc, language_functions, language_guide, language_reference};
pub use report::{OpenPosition, Report, TradeRecord};
pub use rotation::{Leg, run_rotation};
pub use run::run;
pub use script::{ParamSpec, Script};
pub use sweep::{Axis, AxisError, MAX_SWEEP_RUNS, Pace, Sweep, SweepRow, sweep, sweep_runs};

/// Version of the engine's rules. It is part of every run's hash and changes whenever the same inputs give other numbers.
pub const ENGINE_VERSION: &str = "3";
