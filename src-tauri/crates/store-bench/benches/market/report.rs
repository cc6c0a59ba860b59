//! What is printed.

use std::io::Write as _;
use std::time::Duration;

use anyhow::Result;
use cpu_time::ProcessTime;
use serde_json::{Value, json};

/// What a ratio should reach.
#[derive(Clone, Copy)]
pub(crate) enum Reach {
    AtLeast(f64),
    AtMost(f64),
}

pub(crate) struct Report;

impl Report {
    pub(crate) const fn new() -> Self {
        Self
    }

    /// A line on a case: `ratio` is what is compared with `reach`.
    pub(crate) fn line(
        &mut self,
        case: &str,
        unit: &str,
        (ours, peer): (f64, Option<f64>),
        ratio: f64,
        reach: Reach,
    ) -> Result<()> {
        let (word, bound, met) = match reach {
            Reach::AtLeast(bound) => ("at least", bound, ratio >= bound),
            Reach::AtMost(bound) => ("at most", bound, ratio <= bound),
        };
        print(&json!({
            "case": case,
            "ours": rounded(ours),
            "peer": peer.map(rounded),
            "unit": unit,
            "ratio": rounded(ratio),
            "reach": format!("{word} {bound}"),
            "met": met,
        }))
    }

    pub(crate) fn not_run(&mut self, case: &str, reason: &str) -> Result<()> {
        print(&json!({ "case": case, "not_run": reason }))
    }
}

fn print(line: &Value) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(())
}

fn rounded(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

/// The CPU time of the process since a moment.
pub(crate) struct Cpu(ProcessTime);

impl Cpu {
    pub(crate) fn start() -> Self {
        Self(ProcessTime::now())
    }

    pub(crate) fn spent(&self) -> Duration {
        self.0.elapsed()
    }
}
