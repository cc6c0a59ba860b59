//! What backtests cost, as one table: the engine on a million bars, a sweep, and the whole program, beside loops written for one
//! strategy and beside other engines.
//!
//! The candles are made here. Where reference data lies beside the checkout, they are made of it instead, by its own generator: then
//! the number of trades is known. Costs are processor time, the best of several rounds; the load of the machine is told.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::candles::write_candles;
use super::process::{Cost, measure};
use super::python::{self, Set};
use super::table::{Reach, Table, text};
use crate::places::Places;
use crate::shell;

/// Bars of the file, and those that sweeps use.
const BARS: u32 = 1_000_000;
const SWEPT: usize = 100_000;

/// Closed trades of the averages of 10 and 30 bars on the reference's candles, counted in whole cents.
const TRADES: f64 = 20_649.0;

/// Rounds of the engine, and of whole processes.
const ENGINE_ROUNDS: &str = "15";
const ROUNDS: usize = 5;

/// Measured and never shipped, each in a process of its own: vectorbt (Apache 2.0 with Commons Clause), raptorbt (MIT) and
/// backtesting.py (AGPL).
const PYTHON: Set = Set {
    folder: "bench-python-backtest",
    packages: &[
        "vectorbt[rust]==1.2.0",
        "raptorbt==0.13.4",
        "backtesting==0.6.6",
        "TA-Lib==0.8.2",
        "pandas",
    ],
    modules: &["vectorbt", "raptorbt", "backtesting", "talib", "pandas"],
};

const PEERS: [&str; 3] = ["vectorbt", "raptorbt", "backtesting.py"];
const PEER_SCRIPT: &str = include_str!("backtest/peers.py");

/// Cases of the engine: name, what it is, processor milliseconds that it may take.
const CASES: [(&str, &str, f64); 2] = [
    ("sma", "SMA 10/30 on 1,000,000 bars", 8.0),
    ("rsi", "RSI with stop and target on 1,000,000 bars", 8.0),
];

/// Runs all of it and prints the table.
pub(super) fn run(places: &Places) -> Result<()> {
    let mut build = shell::cargo(places);
    build.args(["build", "--locked", "--release", "--package", "promptpal-cli"]);
    shell::show(build)?;
    let python = python::ready(places, &PYTHON);
    let folder = places.artifacts.join("bench").join("backtest");
    std::fs::create_dir_all(&folder).with_context(|| format!("creating {}", folder.display()))?;
    let candles = Candles::make(places, &folder, python.as_deref().ok())?;
    let mut bench = Bench {
        places,
        candles,
        python,
        table: Table::default(),
    };
    println!("load before: {}", load());
    bench.engine()?;
    bench.program()?;
    println!("load after: {}", load());
    bench.table.print();
    if bench.table.failed.is_empty() {
        return Ok(());
    }
    bail!("{}", bench.table.failed.join("; "))
}

/// The files.
struct Candles {
    all: PathBuf,
    swept: PathBuf,
    /// Whether they are the reference's.
    reference: bool,
}

impl Candles {
    fn make(places: &Places, folder: &Path, python: Option<&Path>) -> Result<Self> {
        let generator = places
            .shared("")
            .map(|shared| shared.join("peers/backtest/gen_data.py"));
        if let (Some(generator), Some(python)) = (generator.filter(|file| file.is_file()), python) {
            let files = Self {
                all: folder.join("bench_1m.csv"),
                swept: folder.join("bench_100k.csv"),
                reference: true,
            };
            if !(files.all.is_file() && files.swept.is_file()) {
                let mut make = shell::command(places, python);
                make.arg(generator).arg(folder);
                shell::answer(make)?;
            }
            return Ok(files);
        }
        println!(
            "The candles are our own: reference data or Python is missing, so the number of trades is not checked."
        );
        let files = Self {
            all: folder.join("own_1m.csv"),
            swept: folder.join("own_100k.csv"),
            reference: false,
        };
        write_candles(&files.all, BARS)?;
        let text = std::fs::read_to_string(&files.all)?;
        let first: Vec<&str> = text.split_inclusive('\n').take(SWEPT + 1).collect();
        std::fs::write(&files.swept, first.concat())?;
        Ok(files)
    }
}

struct Bench<'a> {
    places: &'a Places,
    candles: Candles,
    python: Result<PathBuf, String>,
    table: Table,
}

impl Bench<'_> {
    /// The engine in a process that only measures it, and its peers.
    fn engine(&mut self) -> Result<()> {
        let mut command = shell::cargo(self.places);
        command
            .args([
                "bench",
                "--locked",
                "--package",
                "promptpal-backtest",
                "--bench",
                "engine",
                "--",
            ])
            .arg(&self.candles.all)
            .arg(ENGINE_ROUNDS);
        let mut measured = Table::default();
        measured.run(command)?;
        self.table.failed.append(&mut measured.failed);
        let lines = Lines(measured.lines);
        for (case, what, bound) in CASES {
            let ours = lines.number("promptpal", case, 1, "engine_cpu_s")? * 1e3;
            let unit = "CPU ms";
            let reach = Reach::AtMost(bound);
            self.table.add(what, unit, (ours, None), ours, reach);
            if case == "sma" && self.candles.reference {
                let trades = lines.number("promptpal", case, 1, "trades")?;
                let what = format!("{what}: closed trades");
                self.table
                    .add(&what, "trades", (trades, None), trades, Reach::Exactly(TRADES));
            }
            let fused = lines.number("fused loop", case, 1, "engine_cpu_s")? * 1e3;
            let what_fused = format!("{what}, beside a fused loop without trades, equity and figures");
            self.table
                .add(&what_fused, unit, (ours, Some(fused)), ours / fused, Reach::Any);
            self.peers(case, what, ours, &self.candles.all.clone(), &PEERS)?;
        }
        let script = lines.number("promptpal", "script", 1, "engine_cpu_s")? * 1e3;
        let fused = lines.number("fused loop", "script", 1, "engine_cpu_s")? * 1e3;
        self.table.add(
            "a person's own script of SMA 10/30, beside a fused loop without trades, equity and figures",
            "CPU ms",
            (script, Some(fused)),
            script / fused,
            Reach::AtMost(3.0),
        );
        self.sweep(&lines)
    }

    fn sweep(&mut self, lines: &Lines) -> Result<()> {
        let what = "sweep of 1,000 pairs on 100,000 bars, all figures of each";
        let one = lines.number("promptpal", "sweep", 1, "engine_cpu_s")?;
        self.table
            .add(what, "CPU s", (one, None), one, Reach::AtMost(0.3));
        let fused = lines.number("fused loop", "sweep", 1, "engine_cpu_s")?;
        let what_fused = format!("{what}, beside fused loops without them");
        self.table
            .add(&what_fused, "CPU s", (one, Some(fused)), one / fused, Reach::Any);
        let alone = lines.number("promptpal", "sweep", 1, "engine_s")?;
        let shared = lines.number("promptpal", "sweep", 2, "engine_s")?;
        let possible = lines.number("machine", "two at once", 2, "speed_up")?;
        let what_two = format!("{what}, on two threads");
        let ratio = alone / shared;
        if ratio < 1.8 && possible < 1.9 {
            let reason = format!(
                "it was {ratio:.2}x as fast, where two plain loops at once are {possible:.2}x as fast as one after the other"
            );
            self.table.not_run(&what_two, &reason);
        } else {
            let reach = Reach::AtLeast(1.8);
            self.table
                .add(&what_two, "wall s", (shared, Some(alone)), ratio, reach);
        }
        let swept = self.candles.swept.clone();
        // The third would take more than an hour.
        self.peers("sweep", what, one * 1e3, &swept, &["vectorbt", "raptorbt"])
    }

    /// The whole program, from the file to the report.
    fn program(&mut self) -> Result<()> {
        let all = self.candles.all.clone();
        let whole = self.best(&all, &["--param", "fast=10", "--param", "slow=30"])?;
        let what = "the whole program from a CSV of 1,000,000 rows";
        self.table.add(
            what,
            "CPU s",
            (whole.cpu_s, None),
            whole.cpu_s,
            Reach::AtMost(0.2),
        );
        self.table
            .add(what, "wall s", (whole.wall_s, None), whole.wall_s, Reach::Any);
        self.table.add(
            what,
            "peak MB",
            (whole.peak_mb, None),
            whole.peak_mb,
            Reach::AtMost(120.0),
        );
        let swept = self.candles.swept.clone();
        let sweep = self.best(&swept, &["--sweep", "slow=30..225:5", "--sweep", "fast=2..26"])?;
        let what = "the whole program from a CSV of 100,000 rows, sweep of 1,000 pairs";
        self.table
            .add(what, "CPU s", (sweep.cpu_s, None), sweep.cpu_s, Reach::Any);
        self.table.add(
            what,
            "peak MB",
            (sweep.peak_mb, None),
            sweep.peak_mb,
            Reach::AtMost(150.0),
        );
        for peer in PEERS {
            let what = format!("the whole program from a CSV of 1,000,000 rows, beside {peer}");
            match self.peer(peer, "sma", &all) {
                Ok(cost) => {
                    let ratio = cost.cpu_s / whole.cpu_s;
                    let pair = (whole.cpu_s, Some(cost.cpu_s));
                    self.table.add(&what, "CPU s", pair, ratio, Reach::AtLeast(1.0));
                }
                Err(reason) => self.table.not_run(&what, &reason),
            }
        }
        Ok(())
    }

    /// The least of each of some rounds of `promptpal backtest`.
    fn best(&self, file: &Path, arguments: &[&str]) -> Result<Cost> {
        let mut best: Option<Cost> = None;
        for _ in 0..ROUNDS {
            let mut command = shell::command(self.places, self.places.built("release", "promptpal"));
            command
                .args(["backtest", "sma-cross", "--data"])
                .arg(file)
                .args(arguments);
            command.args(["--size", "units:1", "--cash", "100000000", "--json"]);
            let cost = measure(command)?;
            best = Some(match best {
                None => cost,
                Some(before) => Cost {
                    cpu_s: before.cpu_s.min(cost.cpu_s),
                    wall_s: before.wall_s.min(cost.wall_s),
                    peak_mb: before.peak_mb.min(cost.peak_mb),
                    output: cost.output,
                },
            });
        }
        best.context("no rounds")
    }

    /// Adds a line for each peer on a case; `ours` is in milliseconds.
    fn peers(&mut self, case: &str, what: &str, ours: f64, file: &Path, peers: &[&str]) -> Result<()> {
        for peer in peers {
            let what = format!("{what}, beside {peer}");
            match self.peer(peer, case, file) {
                Ok(cost) => {
                    let line: Value = serde_json::from_str(cost.output.trim())
                        .with_context(|| format!("{peer} said {}", cost.output))?;
                    let theirs = line
                        .get("engine_cpu_s")
                        .and_then(Value::as_f64)
                        .unwrap_or(f64::NAN)
                        * 1e3;
                    let trades = line.get("trades").and_then(Value::as_u64).unwrap_or_default();
                    let what = format!("{what} {} ({trades} trades)", text(&line, "version"));
                    let pair = (ours, Some(theirs));
                    self.table
                        .add(&what, "CPU ms", pair, theirs / ours, Reach::AtLeast(1.0));
                }
                Err(reason) => self.table.not_run(&what, &reason),
            }
        }
        Ok(())
    }

    /// Runs a peer as a process, on one thread; or says why not.
    fn peer(&self, peer: &str, case: &str, file: &Path) -> Result<Cost, String> {
        let python = self.python.as_ref().map_err(Clone::clone)?;
        let mut command: Command = shell::command(self.places, python);
        command.args(["-c", PEER_SCRIPT, peer, case]).arg(file).arg("1");
        measure(command).map_err(|error| format!("{peer}: {:#}", error.root_cause()))
    }
}

/// Lines that the bench of the engine printed.
struct Lines(Vec<Value>);

impl Lines {
    fn number(&self, peer: &str, case: &str, threads: u64, name: &str) -> Result<f64> {
        let fits = |line: &&Value| {
            let on = line.get("threads").and_then(Value::as_u64).unwrap_or(1);
            text(line, "peer") == peer && text(line, "case") == case && on == threads
        };
        let line = self.0.iter().find(fits);
        line.and_then(|line| line.get(name).and_then(Value::as_f64))
            .with_context(|| format!("the bench said nothing of {name} of {peer} in {case}"))
    }
}

/// Programs that want to run, on average over the last minute, where the system tells.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text.split_whitespace().next().unwrap_or("unknown").to_owned();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{first} on {processors} processors")
}
