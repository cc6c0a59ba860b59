//! What market data costs, as one table: the store, the frames of a stream, and the whole program, beside other ways to do
//! the same.
//!
//! Each bench prints a JSON object a line: `case`, `ours`, `peer`, `unit`, their `ratio`, what that should `reach`, and
//! whether it is `met`; or `case` and `not_run`, the reason.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::python;
use crate::places::Places;
use crate::shell;

/// Names the Python of competitors to the benches.
const PYTHON_ENV: &str = "PROMPTPAL_BENCH_PYTHON";

/// Packages and their benches.
const BENCHES: [(&str, &str); 3] = [
    ("promptpal-store-bench", "market"),
    ("promptpal-market", "live"),
    ("promptpal-app", "market"),
];

/// Runs all of them. A reach that is not met is told and is no failure: other work on the machine may be the cause.
pub(super) fn run(places: &Places) -> Result<()> {
    let python = python::ready(places);
    if let Err(reason) = &python {
        println!("DuckDB, Parquet and cryptofeed are left out: {reason}");
    }
    let (mut lines, mut failed) = (Vec::new(), Vec::new());
    for (package, bench) in BENCHES {
        let mut command = shell::cargo(places);
        command.args(["bench", "--locked", "--package", package, "--bench", bench]);
        if let Ok(python) = &python {
            command.env(PYTHON_ENV, python);
        }
        let shown = shell::line(&command);
        println!("$ {shown}");
        let starting = || format!("starting `{shown}`");
        let mut child = command.stdout(Stdio::piped()).spawn().with_context(starting)?;
        for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
            let line = line?;
            // Cargo and the benches themselves print nothing else that begins so.
            match serde_json::from_str::<Value>(&line) {
                Ok(found) if found.get("case").is_some() => lines.push(found),
                _ => println!("{line}"),
            }
        }
        let status = child.wait()?;
        if !status.success() {
            failed.push(format!("`{shown}` ended with {status}"));
        }
    }
    print(&lines);
    if failed.is_empty() {
        return Ok(());
    }
    bail!("{}", failed.join("; "))
}

fn print(lines: &[Value]) {
    let row = |cells: [&str; 6]| {
        let [what, ours, peer, ratio, reach, met] = cells;
        println!("{what:<92} {ours:>10} {peer:>10} {ratio:>8} {reach:>14} {met:>5}");
    };
    row(["what", "ours", "peer", "ratio", "reach", "met"]);
    for line in lines {
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
    let unmet = lines
        .iter()
        .filter(|line| line.get("met") == Some(&Value::Bool(false)));
    let (unmet, all) = (
        unmet.count(),
        lines
            .iter()
            .filter(|line| line.get("met").is_some_and(Value::is_boolean)),
    );
    println!("{unmet} of {} reaches are not met", all.count());
}

fn text(line: &Value, name: &str) -> String {
    line.get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn number(line: &Value, name: &str) -> String {
    line.get(name)
        .and_then(Value::as_f64)
        .map(|number| format!("{number:.3}"))
        .unwrap_or_default()
}
