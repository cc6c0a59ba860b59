//! The table of a comparison: what it costs here and elsewhere, the ratio, what that should reach, and whether it does.
//!
//! A line of it is a JSON object: `case`, `ours`, `peer`, `unit`, their `ratio`, what that should `reach`, and whether it is `met`;
//! or `case` and `not_run`, the reason.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::shell;

/// Lines, and what failed on the way to them.
#[derive(Default)]
pub(super) struct Table {
    pub(super) lines: Vec<Value>,
    pub(super) failed: Vec<String>,
}

/// A bound of what is reached.
#[derive(Clone, Copy)]
pub(super) enum Reach {
    AtLeast(f64),
    AtMost(f64),
    Exactly(f64),
    /// Only told.
    Any,
}

impl Table {
    /// Runs a bench and takes its lines; everything else that it prints is passed on. A bench that fails is told at the end.
    pub(super) fn run(&mut self, mut command: Command) -> Result<()> {
        let shown = shell::line(&command);
        println!("$ {shown}");
        let starting = || format!("starting `{shown}`");
        let mut child = command.stdout(Stdio::piped()).spawn().with_context(starting)?;
        for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
            let line = line?;
            // Cargo and the benches themselves print nothing else that begins so.
            match serde_json::from_str::<Value>(&line) {
                Ok(found) if found.get("case").is_some() => self.lines.push(found),
                _ => println!("{line}"),
            }
        }
        let status = child.wait()?;
        if !status.success() {
            self.failed.push(format!("`{shown}` ended with {status}"));
        }
        Ok(())
    }

    /// Adds a line; `ratio` is what is compared with `reach`.
    pub(super) fn add(
        &mut self,
        case: &str,
        unit: &str,
        (ours, peer): (f64, Option<f64>),
        ratio: f64,
        reach: Reach,
    ) {
        let (reach, met) = match reach {
            Reach::AtLeast(bound) => (Some(format!("at least {bound}")), Some(ratio >= bound)),
            Reach::AtMost(bound) => (Some(format!("at most {bound}")), Some(ratio <= bound)),
            Reach::Exactly(bound) => (Some(format!("exactly {bound}")), Some(ratio == bound)),
            Reach::Any => (None, None),
        };
        self.lines.push(json!({
            "case": case, "ours": ours, "peer": peer, "unit": unit, "ratio": ratio, "reach": reach, "met": met,
        }));
    }

    pub(super) fn not_run(&mut self, case: &str, reason: &str) {
        self.lines.push(json!({ "case": case, "not_run": reason }));
    }

    /// Prints everything. A reach that is not met is told and is no failure: other work on the machine may be the cause.
    pub(super) fn print(&self) {
        let row = |cells: [&str; 6]| {
            let [what, ours, peer, ratio, reach, met] = cells;
            println!("{what:<106} {ours:>10} {peer:>10} {ratio:>9} {reach:>14} {met:>5}");
        };
        row(["what", "ours", "peer", "ratio", "reach", "met"]);
        for line in &self.lines {
            let case = text(line, "case");
            if let Some(reason) = line.get("not_run").and_then(Value::as_str) {
                println!("{case}: not run: {reason}");
                continue;
            }
            let what = format!("{case} [{}]", text(line, "unit"));
            let [ours, peer, ratio] = ["ours", "peer", "ratio"].map(|name| number(line, name));
            let met = match line.get("met").and_then(Value::as_bool) {
                Some(true) => "yes",
                Some(false) => "NO",
                None => "",
            };
            row([&what, &ours, &peer, &ratio, &text(line, "reach"), met]);
        }
        let met = || {
            self.lines
                .iter()
                .filter_map(|line| line.get("met").and_then(Value::as_bool))
        };
        println!(
            "{} of {} reaches are not met",
            met().filter(|met| !met).count(),
            met().count()
        );
    }
}

pub(super) fn text(line: &Value, name: &str) -> String {
    line.get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn number(line: &Value, name: &str) -> String {
    line.get(name)
        .and_then(Value::as_f64)
        .map(figure)
        .unwrap_or_default()
}

/// Three places, or where those would all be zeros, two digits and the power of ten.
fn figure(number: f64) -> String {
    if number != 0.0 && number.abs() < 0.001 {
        format!("{number:.1e}")
    } else {
        format!("{number:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_figures_are_not_printed_as_nothing() {
        let found = [0.0, 2.46e-6, -3e-4, 0.001, 1.2345, 979.0].map(figure);
        assert_eq!(found, ["0.000", "2.5e-6", "-3.0e-4", "0.001", "1.234", "979.000"]);
    }
}
