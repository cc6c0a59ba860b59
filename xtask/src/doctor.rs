//! `doctor`: what is present, what is missing, and why each is needed. It changes nothing.

use std::process::ExitCode;

use anyhow::Result;

use crate::builds;
use crate::libtorch;
use crate::onnxruntime;
use crate::places::Places;
use crate::setup::versions::{Found, TOOLS, look, show};
use crate::setup::{For, apt, npm, other_systems};
use crate::shell;

struct Report {
    missing: usize,
}

impl Report {
    fn line(&mut self, name: &str, state: Option<String>, why: &str) {
        let mark = if state.is_some() { "ok     " } else { "MISSING" };
        let state = state.unwrap_or_else(|| "-".to_owned());
        println!("{mark}  {name:<30} {state:<34} {why}");
    }

    fn needed(&mut self, name: &str, state: Option<String>, why: &str) {
        if state.is_none() {
            self.missing += 1;
        }
        self.line(name, state, why);
    }

    fn optional(&mut self, name: &str, state: Option<String>, why: &str) {
        let mark = if state.is_some() { "ok     " } else { "absent " };
        println!(
            "{mark}  {name:<30} {:<34} {why}",
            state.unwrap_or_else(|| "-".to_owned())
        );
    }
}

pub fn chore(places: &Places) -> Result<ExitCode> {
    let mut report = Report { missing: 0 };
    println!("Tools");
    for tool in TOOLS {
        let state = match look(tool) {
            Found::Good(version) => Some(show(version)),
            Found::Old(version) => {
                println!(
                    "OLD      {:<30} {} needs {} or newer: {}",
                    tool.program,
                    show(version),
                    show(tool.oldest),
                    tool.how
                );
                report.missing += 1;
                continue;
            }
            Found::Missing => None,
        };
        report.needed(tool.program, state, tool.why);
    }
    println!("\nSystem packages");
    if cfg!(target_os = "linux") && shell::which("dpkg-query").is_some() {
        let missing: Vec<&str> = apt::missing(For::Tests)?
            .iter()
            .map(|package| package.name)
            .collect();
        for package in apt::wanted(For::Tests) {
            let state = (!missing.contains(&package.name)).then(|| "installed".to_owned());
            report.needed(package.name, state, package.why);
        }
    } else if cfg!(target_os = "linux") {
        println!("this Linux has no dpkg; the programs and libraries of these Debian packages are needed:");
        for package in apt::wanted(For::Tests) {
            println!("         {:<30} {}", package.name, package.why);
        }
    } else {
        println!("{}", other_systems());
    }
    println!("\nThis checkout");
    let current = npm::is_current(&places.ui())?.then(|| "as the lock file says".to_owned());
    report.needed(
        "ui/node_modules",
        current,
        "the packages of the screens (`cargo xtask setup`)",
    );
    let place = libtorch::place(&places.cache);
    let torch = place.join("lib").is_dir().then(|| place.display().to_string());
    report.needed(
        "libtorch",
        torch,
        "linked by the scoring program (`cargo xtask setup`)",
    );
    let runtime = onnxruntime::place(&places.cache);
    report.needed(
        "ONNX Runtime",
        runtime.is_file().then(|| runtime.display().to_string()),
        "loaded by the fast scoring program (`cargo xtask setup`)",
    );
    let worker = builds::worker_program(places);
    report.optional(
        "promptpal-sentiment",
        worker.is_file().then(|| "built".to_owned()),
        "the scoring program; `run` and `test` build it",
    );
    let fast = builds::fast_worker_program(places);
    report.optional(
        "promptpal-sentiment-fast",
        fast.is_file().then(|| "built".to_owned()),
        "the fast scoring program; built with the other one",
    );
    let browser = apt::browser().map(|path| path.display().to_string());
    report.optional(
        "a Chromium",
        browser,
        "the interface tests (PROMPTPAL_CHROMIUM names another one)",
    );
    report.optional(
        "cargo-deny",
        crate::test::cargo_deny(places).map(|path| path.display().to_string()),
        "bans and sources of dependencies; `test` compiles it when it is missing",
    );
    report.optional(
        "a display",
        crate::run::display(),
        "`run` opens the window on it, else walks the main job in a virtual one",
    );
    println!(
        "\nbuild folder {}\ncache        {}",
        places.target.display(),
        places.cache.display()
    );
    if report.missing == 0 {
        println!("\nnothing is missing");
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "\n{} missing: `cargo xtask setup` installs what it may",
        report.missing
    );
    Ok(ExitCode::FAILURE)
}
