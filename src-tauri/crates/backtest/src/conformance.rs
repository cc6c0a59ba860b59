//! Checks of this engine against reference results, as pure functions over file contents.
//!
//! A case passes when its trades stand on the same bars with the same reasons, prices agree to 1e-12, equity and metrics to
//! 1e-9, all relative. An indicator column passes when its values agree to 1e-9 relative and it is empty in the same places.
//! Next to a zero crossing a value is what rounding left of larger numbers, so a difference there is measured against a
//! thousandth of the column's mean size.

mod cases;
mod columns;

pub use cases::{case_data_path, check_case};
pub use columns::{check_indicators, indicator_times};

use serde::Serialize;

/// Largest relative difference of prices.
const PRICE_LIMIT: f64 = 1e-12;
/// Largest relative difference of equity, metrics and indicators.
const LIMIT: f64 = 1e-9;

/// The outcome of a reference case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseResult {
    /// The case's id.
    pub id: String,
    /// Whether everything agrees.
    pub passed: bool,
    /// Our closed trades.
    pub trades: usize,
    /// The reference's closed trades.
    pub expected_trades: usize,
    /// Our equity at the end.
    pub final_equity: f64,
    /// Largest relative difference of a trade's price.
    pub price_difference: f64,
    /// Largest relative difference of an equity.
    pub equity_difference: f64,
    /// The metric that differs most, and by how much.
    pub metric_difference: (String, f64),
    /// The first thing that does not agree, for people.
    pub failure: Option<String>,
}

/// The outcome of a reference column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnResult {
    /// The column's name in the file.
    pub column: String,
    /// Whether it agrees.
    pub passed: bool,
    /// Values compared.
    pub values: usize,
    /// Largest relative difference.
    pub difference: f64,
    /// The first thing that does not agree, for people.
    pub failure: Option<String>,
}

/// Which bars a reference file of indicators belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndicatorTimes {
    /// Open time of the first row.
    pub first: i64,
    /// Open time of the last row.
    pub last: i64,
    /// Rows.
    pub rows: usize,
}

/// Difference of two numbers relative to the expected one, or to `floor` where that is larger.
fn difference(got: f64, expected: f64, floor: f64) -> f64 {
    if got == expected {
        return 0.0;
    }
    let distance = (got - expected).abs() / expected.abs().max(floor);
    if distance.is_nan() {
        f64::INFINITY
    } else {
        distance
    }
}
