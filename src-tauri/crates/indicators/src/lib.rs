//! Indicators over columns: one catalogue that the chart, the strategy language and the documentation share.
//!
//! # Invariants
//! - Causal: the value at bar `t` depends on bars `0..=t` only, so a column equals what a bar-by-bar run would have shown.
//! - A value that does not exist (warm-up, a hole in the input) is `NaN`, never 0. After a hole in a source column or in the
//!   bars the warm-up starts again. Where TA-Lib defines the value of an empty ratio (the RSI of a flat market), it is that.
//! - Moving sums of our own are exact: a column on a decimal grid is summed in integers and divided once, so equal means are equal
//!   `f64`s and a tie is a tie. Columns off the grid are summed in double-double arithmetic.
//! - Columns have the length of the bars they come from.
//!
//! # Not here
//! I/O, async, drawing, and anything that looks at a later bar (which is why Ichimoku has no lagging span).

#![warn(missing_docs)]

mod catalog;
mod channels;
mod column;
mod double_double;
mod error;
mod event_study;
mod exact;
mod grid;
mod levels;
mod moments;
mod movement;
mod oscillators;
mod sentiment;
mod talib;
mod volatility;
mod volume;
mod window;

pub use catalog::{
    Group, Indicator, InputKind, Output, OutputSpec, Pane, ParamSpec, Shape, all, compute, compute_on, find,
};
pub use column::{Column, Frame};
pub use error::IndicatorError;
pub use event_study::{EventStudy, Response, event_study};
pub use exact::{sma, sum};
pub use grid::{EQUAL, GREATER, Grid, LESS, LazyGrid};
pub use sentiment::sentiment_window;
pub use window::{highest, lowest};
