//! How right the extraction of articles is and what it costs, how feeds and robots.txt files are understood, as one table, beside
//! trafilatura and htmldate.
//!
//! The pages are reference data that is not part of the repository; without it nothing is measured, and the table says so.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::process::measure;
use super::python::{self, Set};
use super::table::{Reach, Table};
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
    measured(places, places.shared("data/news").as_deref(), &mut table)?;
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
    table.run(bench)?;
    if let Some(data) = data
        && let Err(reason) = feeds(places, data, &answers, table)
    {
        table.not_run(FEEDS, &format!("{reason:#}"));
    }
    Ok(())
}

const FEEDS: &str = "feeds whose expectations hold";

/// The expectations that the test files of another parser state, judged by the reference's own script.
fn feeds(places: &Places, data: &Path, folder: &Path, table: &mut Table) -> Result<()> {
    let peers = places.shared("peers/news").context("there is no peers/news")?;
    let script = peers.join("feed_conformance.py");
    let mut build = shell::cargo(places);
    build.args(["build", "--locked", "--release", "--package", "promptpal-cli"]);
    shell::show(build)?;
    let python = python::ready(places, &PYTHON).map_err(anyhow::Error::msg)?;
    let mut judge = shell::command(places, python);
    judge.arg(script).arg(data.join("feeds")).arg("--");
    judge
        .arg(places.built("release", "promptpal"))
        .args(["feeds", "parse", "--detail"]);
    // It leaves a list of what fails where it is started.
    judge.current_dir(folder);
    let said = measure(judge)?.output;
    let numbers = |word: &str| {
        let after = said.split(word).nth(1)?;
        after
            .split(|c: char| !c.is_ascii_digit())
            .find(|digits| !digits.is_empty())?
            .parse()
            .ok()
    };
    let (Some(scope), Some(pass)) = (numbers("in scope "), numbers("pass ")) else {
        bail!("the script said nothing that is understood: {said}");
    };
    let (scope, pass): (f64, f64) = (scope, pass);
    let share = pass / scope;
    table.add(
        &format!("{FEEDS}, of {scope} in scope"),
        "",
        (share, None),
        share,
        Reach::AtLeast(0.9),
    );
    Ok(())
}

/// Writes the answers of the other extractor.
fn peer(places: &Places, set: &Path, answers: &Path) -> Result<(), String> {
    let python = python::ready(places, &PYTHON)?;
    let mut command = shell::command(places, python);
    command.args(["-c", PEER_SCRIPT]).arg(set);
    let cost = measure(command).map_err(|error| format!("{:#}", error.root_cause()))?;
    std::fs::write(answers, cost.output).map_err(|error| format!("writing {}: {error}", answers.display()))
}
