//! How right the extraction of articles is and what it costs, as one table, beside trafilatura and htmldate.
//!
//! The pages are reference data that is not part of the repository; without it nothing is measured, and the table says so.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::process::measure;
use super::python::{self, Set};
use super::table::Table;
use crate::places::Places;
use crate::shell;

/// Measured and never shipped, in a process of their own (both Apache 2.0).
const PYTHON: Set = Set {
    folder: "bench-python-news",
    packages: &["trafilatura==2.3.1", "htmldate==1.11.0", "lxml_html_clean"],
    modules: &["trafilatura", "htmldate", "lxml_html_clean"],
};

const SETS: [&str; 5] = ["traf", "aeb", "fundus", "fxt", "date_default"];
const PEER_SCRIPT: &str = include_str!("news/peers.py");

/// Runs all of it and prints the table.
pub(super) fn run(places: &Places) -> Result<()> {
    let mut table = Table::default();
    measured(places, data(places).as_deref(), &mut table)?;
    table.print();
    if table.failed.is_empty() {
        return Ok(());
    }
    bail!("{}", table.failed.join("; "))
}

fn measured(places: &Places, data: Option<&Path>, table: &mut Table) -> Result<()> {
    let answers = places.artifacts.join("bench").join("news");
    std::fs::create_dir_all(&answers).with_context(|| format!("creating {}", answers.display()))?;
    for set in SETS {
        let Some(data) = data else { break };
        if let Err(reason) = peer(places, &data.join(set), &answers.join(format!("{set}.jsonl"))) {
            table.not_run(&format!("{set}, beside trafilatura"), &reason);
        }
    }
    let mut bench = shell::cargo(places);
    bench.args([
        "bench",
        "--locked",
        "--package",
        "promptpal-news",
        "--bench",
        "extraction",
        "--",
    ]);
    if let Some(data) = data {
        bench.arg(data).arg(&answers);
    }
    table.run(bench)
}

/// Writes the answers of the other extractor.
fn peer(places: &Places, set: &Path, answers: &Path) -> Result<(), String> {
    let python = python::ready(places, &PYTHON)?;
    let mut command = shell::command(places, python);
    command.args(["-c", PEER_SCRIPT]).arg(set);
    let cost = measure(command).map_err(|error| format!("{:#}", error.root_cause()))?;
    std::fs::write(answers, cost.output).map_err(|error| format!("writing {}: {error}", answers.display()))
}

/// The folder of reference pages, where there is one.
fn data(places: &Places) -> Option<PathBuf> {
    let named = std::env::var_os("PROMPTPAL_SHARED").map(PathBuf::from);
    let beside = || places.root.parent().map(|parent| parent.join("shared"));
    let shared = named.or_else(beside)?;
    Some(shared.join("data/news")).filter(|folder| folder.is_dir())
}
