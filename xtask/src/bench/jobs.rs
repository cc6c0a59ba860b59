//! How long the main jobs take through the program that people have, and how that compares with the run before.
//!
//! The input is made here from a fixed seed, so that two machines and two versions measure the same thing. A figure is
//! the best of several runs: what the work costs, without what else the machine was doing.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value, json};

use super::candles::{CANDLES, write_candles};
use crate::builds;
use crate::places::Places;
use crate::shell;

/// Texts that are scored.
const TEXTS: u32 = 128;
const RUNS: u32 = 5;

/// A job, how many things it handles, and their name.
struct Case {
    name: &'static str,
    things: u32,
    unit: &'static str,
    measure: fn(&Bench<'_>) -> Result<f64>,
}

const CASES: &[Case] = &[
    Case {
        name: "import",
        things: CANDLES,
        unit: "candles",
        measure: |bench| bench.import(),
    },
    Case {
        name: "export",
        things: CANDLES,
        unit: "candles",
        measure: |bench| bench.export(),
    },
    Case {
        name: "run",
        things: CANDLES,
        unit: "candles",
        measure: |bench| bench.backtest(),
    },
    Case {
        name: "score",
        things: TEXTS,
        unit: "texts",
        measure: |bench| bench.score(),
    },
];

struct Bench<'a> {
    places: &'a Places,
    program: PathBuf,
    folder: PathBuf,
}

/// The names of the jobs.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    CASES.iter().map(|case| case.name)
}

/// Measures the named jobs.
pub(super) fn run(places: &Places, names: &[&str]) -> Result<()> {
    shell::show(builds::worker(places, "build"))?;
    let mut build = builds::product(places, "build");
    build.args(["--release", "--bins"]);
    shell::show(build)?;

    let folder = places.artifacts.join("bench");
    std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let bench = Bench {
        places,
        program: places.built("release", "promptpal"),
        folder,
    };
    write_candles(&bench.folder.join("candles.csv"), CANDLES)?;
    let kept = bench.folder.join("last.json");
    let before: Value = std::fs::read(&kept)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default();
    let mut now: Map<String, Value> = before.as_object().cloned().unwrap_or_default();
    println!(
        "{:<10} {:>10} {:>14} {:>22}",
        "job", "seconds", "a second", "against the last run"
    );
    for case in CASES.iter().filter(|case| names.contains(&case.name)) {
        let seconds = (case.measure)(&bench).with_context(|| format!("benchmark {}", case.name))?;
        let ratio = before
            .get(case.name)
            .and_then(Value::as_f64)
            .map(|last| format!("{:.2}x as long", seconds / last));
        let rate = format!("{:.0} {}", f64::from(case.things) / seconds, case.unit);
        println!(
            "{:<10} {seconds:>10.4} {rate:>14} {:>22}",
            case.name,
            ratio.unwrap_or_else(|| "first run".to_owned())
        );
        now.insert(case.name.to_owned(), json!(seconds));
    }
    std::fs::write(&kept, serde_json::to_vec_pretty(&now)?)
        .with_context(|| format!("writing {}", kept.display()))?;
    Ok(())
}

impl Bench<'_> {
    /// The whole program, into an empty database each time.
    fn import(&self) -> Result<f64> {
        best(|| {
            let home = self.empty_home()?;
            timed(self.importing(&home))
        })
    }

    fn export(&self) -> Result<f64> {
        let home = self.filled_home()?;
        best(|| {
            let mut command =
                self.promptpal(&home, &["export", "BENCHUSDT", "--interval", "1m", "--to", "csv"]);
            command.arg("--out").arg(home.join("out.csv"));
            timed(command)
        })
    }

    /// The engine alone, as the program measured it: reading the candles is not part of it.
    fn backtest(&self) -> Result<f64> {
        let home = self.filled_home()?;
        let arguments = [
            "backtest",
            "sma-cross",
            "--symbol",
            "BENCHUSDT",
            "--interval",
            "1m",
            "--json",
        ];
        best(|| {
            let answer: Value = serde_json::from_str(&shell::answer(self.promptpal(&home, &arguments))?)?;
            let seconds = answer.pointer("/timing/engine_s").and_then(Value::as_f64);
            seconds.context("the report has no timing.engine_s")
        })
    }

    /// The whole program: starting the scoring program and loading the model are part of it.
    fn score(&self) -> Result<f64> {
        let home = self.empty_home()?;
        let mut lines = String::new();
        for number in 0..TEXTS {
            let text =
                format!("Exchange {number} reports record inflows while regulators warn of rising leverage");
            writeln!(lines, "{}", json!({ "id": number.to_string(), "text": text }))?;
        }
        best(|| {
            let mut command = self.promptpal(&home, &["score", "--jsonl"]);
            command.stdin(Stdio::piped()).stdout(Stdio::null());
            let started = Instant::now();
            let mut child = command.spawn().context("starting promptpal")?;
            child
                .stdin
                .take()
                .context("no input")?
                .write_all(lines.as_bytes())?;
            if !child.wait()?.success() {
                bail!("`promptpal score` failed");
            }
            Ok(started.elapsed().as_secs_f64())
        })
    }

    fn filled_home(&self) -> Result<PathBuf> {
        let home = self.empty_home()?;
        shell::answer(self.importing(&home))?;
        Ok(home)
    }

    fn importing(&self, home: &Path) -> Command {
        let mut command = self.promptpal(home, &["import"]);
        command.arg(self.folder.join("candles.csv")).args([
            "--symbol",
            "BENCHUSDT",
            "--interval",
            "1m",
            "--json",
        ]);
        command
    }

    fn empty_home(&self) -> Result<PathBuf> {
        let home = self.folder.join("home");
        if home.exists() {
            std::fs::remove_dir_all(&home).with_context(|| format!("emptying {}", home.display()))?;
        }
        std::fs::create_dir_all(&home).with_context(|| format!("creating {}", home.display()))?;
        Ok(home)
    }

    fn promptpal(&self, home: &Path, arguments: &[&str]) -> Command {
        let mut command = shell::command(self.places, &self.program);
        command
            .args(arguments)
            .env("PROMPTPAL_HOME", home)
            .env(builds::WORKER_ENV, builds::worker_program(self.places));
        command
    }
}

fn best(mut run: impl FnMut() -> Result<f64>) -> Result<f64> {
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        least = least.min(run()?);
    }
    Ok(least)
}

fn timed(command: Command) -> Result<f64> {
    let started = Instant::now();
    shell::answer(command)?;
    Ok(started.elapsed().as_secs_f64())
}
