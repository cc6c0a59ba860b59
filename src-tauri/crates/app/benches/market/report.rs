//! What is printed.

use std::io::Write as _;

use anyhow::Result;
use serde_json::json;

/// What a figure should reach.
#[derive(Clone, Copy)]
pub(crate) enum Reach {
    AtLeast(f64),
    AtMost(f64),
    /// Only told.
    Any,
}

/// A line on a case: `ratio` is what is compared with `reach`.
pub(crate) fn line(
    case: &str,
    unit: &str,
    (ours, peer): (f64, Option<f64>),
    ratio: f64,
    reach: Reach,
) -> Result<()> {
    let (reach, met) = match reach {
        Reach::AtLeast(bound) => (Some(format!("at least {bound}")), Some(ratio >= bound)),
        Reach::AtMost(bound) => (Some(format!("at most {bound}")), Some(ratio <= bound)),
        Reach::Any => (None, None),
    };
    print(&json!({
        "case": case,
        "ours": rounded(ours),
        "peer": peer.map(rounded),
        "unit": unit,
        "ratio": rounded(ratio),
        "reach": reach,
        "met": met,
    }))
}

pub(crate) fn not_run(case: &str, reason: &str) -> Result<()> {
    print(&json!({ "case": case, "not_run": reason }))
}

fn print(line: &serde_json::Value) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(())
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
