//! What can go wrong for the caller of a backtest.

use std::fmt;

use promptpal_domain::Interval;
use promptpal_indicators::IndicatorError;

/// A fault in a strategy script, where it is, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// Line, counted from 1; 0 when the fault has no place (such as a script without any order).
    pub line: usize,
    /// Column, counted from 1 in characters; 0 when the fault has no place.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead, where we know.
    pub hint: Option<String>,
}

impl fmt::Display for ScriptError {
    /// `line 3, column 7: ... (hint: ...)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        }
        f.write_str(&self.message)?;
        self.hint
            .as_ref()
            .map_or(Ok(()), |hint| write!(f, " (hint: {hint})"))
    }
}

impl std::error::Error for ScriptError {}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BacktestError {
    /// The script is at fault.
    #[error("the strategy script is wrong: {0}")]
    Script(#[from] ScriptError),
    /// The strategy has no parameter of this name.
    #[error("the strategy has no parameter '{name}'; it has: {known}")]
    UnknownParam {
        /// The name given.
        name: String,
        /// The names there are, for people.
        known: String,
    },
    /// A parameter's value is outside its bounds.
    #[error("parameter '{name}' is {value}: it must be from {min} to {max}")]
    ParamOutOfBounds {
        /// Its name.
        name: String,
        /// The value given.
        value: f64,
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
    },
    /// A parameter that takes whole numbers was given another.
    #[error("parameter '{name}' is {value}: it takes whole numbers")]
    WholeParam {
        /// Its name.
        name: String,
        /// The value given.
        value: f64,
    },
    /// A setting of the account or its costs makes no sense.
    #[error("{setting} is {value}: {rule}")]
    Setting {
        /// Which setting.
        setting: &'static str,
        /// The value given.
        value: String,
        /// What it must be.
        rule: &'static str,
    },
    /// There are no bars to run on.
    #[error("there are no bars to run on")]
    NoBars,
    /// The columns of the bars differ in length, or their times do not ascend.
    #[error("the bars are not usable: {0}")]
    Bars(&'static str),
    /// A script asks for bars that the tested ones do not make up.
    #[error(
        "timeframe(\"{asked}\") cannot be made of bars of {tested}: it must be longer, and they must fill it exactly"
    )]
    Timeframe {
        /// The length asked for.
        asked: Interval,
        /// The length of the tested bars.
        tested: Interval,
    },
    /// A rotation was asked for where there can be none, or the other way round.
    #[error("{0}")]
    Rotation(&'static str),
    /// Stops were to be watched on finer bars, and there are none.
    #[error("there are no finer bars below the tested ones to watch stops on")]
    NoFinerBars,
    /// The funding rates are out of order or no rates.
    #[error("the funding rates are not usable: {0}")]
    Funding(&'static str),
    /// An indicator refused its parameters for these bars.
    #[error(transparent)]
    Indicator(#[from] IndicatorError),
    /// The strategy needs more columns at once than memory is allowed for.
    #[error("the strategy holds {columns} columns of {bars} bars at once: more than {limit_mb} MB")]
    TooLarge {
        /// Columns held.
        columns: usize,
        /// Bars each.
        bars: usize,
        /// The limit.
        limit_mb: usize,
    },
    /// The runs of a sweep make no sense.
    #[error("the sweep cannot be made: {0}")]
    Sweep(String),
    /// The system gave no threads.
    #[error("the system gave no threads: {0}")]
    Threads(String),
    /// The caller cancelled the run.
    #[error("the run was cancelled")]
    Cancelled,
    /// A candle file lacks a column.
    #[error(
        "the candle file has no column '{0}': the first line must name open_time, open, high, low and close"
    )]
    CsvColumn(&'static str),
    /// A row of a candle file cannot be read.
    #[error("candle file, line {line}: {problem} ('{text}')")]
    CsvRow {
        /// Line, counted from 1.
        line: usize,
        /// What is wrong.
        problem: &'static str,
        /// The text at fault.
        text: String,
    },
    /// The bars of a candle file stand at no known interval.
    #[error("the most frequent step between bars is {0} ms, which is no candle length")]
    CsvInterval(i64),
    /// A reference file of a conformance check cannot be used.
    #[error("the reference is not usable: {0}")]
    Reference(String),
}
