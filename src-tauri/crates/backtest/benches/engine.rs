//! How long the engine takes on a file of candles: `cargo bench -p promptpal-backtest --bench engine -- FILE.csv [ROUNDS] [CASE]`.
//!
//! Prints a JSON line for each case and each way to compute it, with the best of several rounds in which they take turns:
//! `promptpal` is the engine, `fused loop` what a loop written for that one strategy takes ([`fused`]). `load_s` is reading the file,
//! `prepare_s` checking the bars and taking their fingerprint (once for any number of runs); the engine's figures are a whole run
//! after that: script, columns, orders, equity, all figures and the benchmark. The sweep is 1,000 pairs of averages on the first
//! 100,000 bars, with all figures of each. Without a file it runs on a small walk of its own, to see that it works.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench is a tool of ours"
)]

#[path = "engine/fused.rs"]
mod fused;
#[path = "engine/walk.rs"]
mod walk;

use std::hint::black_box;
use std::time::Instant;

use cpu_time::ProcessTime;
use promptpal_backtest::{
    Axis, Config, Inputs, Pace, Report, Script, Sizing, Sweep, bars_from_reader, builtin, run, sweep,
};
use promptpal_domain::Bars;

/// Bars of the sweep.
const SWEPT: usize = 100_000;

/// The rule of the SMA case as a person might write it.
const USER_SCRIPT: &str = "let quick = param(\"fast\", 10); let calm = param(\"slow\", 30);\n\
    enter_long(becomes_true(sma(close, quick) > sma(close, calm)));\n\
    exit_long(becomes_true(sma(close, calm) > sma(close, quick)));";

/// Wall and processor time of the fastest round, in seconds.
#[derive(Clone, Copy)]
struct Best {
    wall: f64,
    cpu: f64,
}

impl Best {
    const NONE: Self = Self {
        wall: f64::INFINITY,
        cpu: f64::INFINITY,
    };

    fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (wall, cpu) = (Instant::now(), ProcessTime::now());
        let result = black_box(work());
        self.wall = self.wall.min(wall.elapsed().as_secs_f64());
        self.cpu = self.cpu.min(cpu.elapsed().as_secs_f64());
        result
    }
}

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"))
        .collect();
    let rounds: usize = args.get(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(7);
    let mut load = Best::NONE;
    let bars = load.time(|| match args.first() {
        Some(file) => {
            let file = std::fs::File::open(file).expect("the file can be read");
            let size = file.metadata().map_or(0, |metadata| metadata.len());
            bars_from_reader(file, usize::try_from(size).unwrap_or(0)).expect("it holds candles")
        }
        None => walk::walk(2_000),
    });
    let cents: Vec<i64> = bars
        .close
        .iter()
        .map(|close| (close * 100.0).round() as i64)
        .collect();
    let config = Config {
        cash: 1e8,
        size: Sizing::Units(1.0),
        ..Config::default()
    };
    let account = (config.cash, config.fee);
    let bench = Bench {
        bars: &bars,
        config: &config,
        rounds,
        load_s: load.wall,
    };
    let sma = [("fast", 10.0), ("slow", 30.0)];
    let rsi = [
        ("length", 14.0),
        ("low", 30.0),
        ("high", 70.0),
        ("stop", 1.0),
        ("target", 2.0),
    ];
    let fused_sma = || fused::sma_cross(&bars.open, &cents, 10, 30, account);
    let wanted = |case: &str| args.get(2).is_none_or(|named| named == case);
    if wanted("sma") {
        bench.case("sma", &scripted("sma-cross"), &sma, &fused_sma);
    }
    let columns = [&bars.open, &bars.high, &bars.low, &bars.close].map(Vec::as_slice);
    let fused_rsi = || fused::rsi_stops(columns, 14, [30.0, 70.0], [0.01, 0.02], account);
    if wanted("rsi") {
        bench.case("rsi", &scripted("rsi-reversion"), &rsi, &fused_rsi);
    }
    let script = Script::compile(USER_SCRIPT).expect("it compiles");
    if wanted("script") {
        bench.case("script", &script, &sma, &fused_sma);
    }
    if wanted("sweep") {
        bench.sweep(&cents);
    }
}

fn scripted(id: &str) -> Script {
    builtin(id)
        .expect("it is built in")
        .script()
        .expect("it compiles")
}

struct Bench<'a> {
    bars: &'a Bars,
    config: &'a Config,
    rounds: usize,
    load_s: f64,
}

impl Bench<'_> {
    fn case(&self, case: &str, script: &Script, params: &[(&str, f64)], fused: &dyn Fn() -> fused::Found) {
        let params: Vec<(String, f64)> = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect();
        let (mut prepare, mut engine, mut limit) = (Best::NONE, Best::NONE, Best::NONE);
        let mut last: Option<(Report, fused::Found)> = None;
        for _ in 0..self.rounds {
            // New in each round, so that what inputs keep for later runs is made in each.
            let inputs = prepare.time(|| Inputs::new(self.bars, &[]).expect("the bars are right"));
            let report =
                engine.time(|| run(script, &params, &inputs, self.config, &|| false).expect("it runs"));
            last = Some((report, limit.time(fused)));
        }
        let Some((report, found)) = last else {
            return;
        };
        println!(
            "{{\"peer\":\"promptpal\",\"version\":\"{}\",\"case\":\"{case}\",\"bars\":{},\"load_s\":{:.4},\
             \"prepare_s\":{:.4},\"prepare_cpu_s\":{:.4},\"engine_s\":{:.5},\"engine_cpu_s\":{:.5},\"trades\":{},\
             \"final_equity\":{}}}",
            env!("CARGO_PKG_VERSION"),
            report.bars,
            self.load_s,
            prepare.wall,
            prepare.cpu,
            engine.wall,
            engine.cpu,
            report.trades.len(),
            report.metrics.final_equity
        );
        limit_line(case, report.bars, limit, &found);
    }

    fn sweep(&self, cents: &[i64]) {
        let bars = walk::first(self.bars, SWEPT);
        let inputs = Inputs::new(&bars, &[]).expect("the bars are right");
        let script = scripted("sma-cross");
        let axes = [
            Axis::of("slow", (0..40).map(|i| f64::from(30 + 5 * i)).collect()),
            Axis::of("fast", (2..27).map(f64::from).collect()),
        ];
        let ours = |threads: usize| {
            sweep(
                &script,
                &axes,
                &[],
                &inputs,
                self.config,
                Pace {
                    threads,
                    cancel: &|| false,
                    ran: &|| {},
                },
            )
            .expect("it runs")
        };
        let limit = || {
            let pairs = (0..1_000).map(|pair| (2 + pair % 25, 30 + 5 * (pair / 25)));
            let account = (self.config.cash, self.config.fee);
            pairs.fold((0, 0.0), |(trades, _), (fast, slow)| {
                let found = fused::sma_cross(&bars.open, &cents[..bars.len()], fast, slow, account);
                (trades + found.trades, found.final_equity)
            })
        };
        let (mut one, mut two, mut fused) = (Best::NONE, Best::NONE, Best::NONE);
        let mut last: Option<(Sweep, (usize, f64))> = None;
        for _ in 0..self.rounds.min(5) {
            let found = one.time(|| ours(1));
            let on_two = two.time(|| ours(2));
            assert!(found == on_two, "rows do not depend on threads");
            last = Some((found, fused.time(limit)));
        }
        let Some((found, (trades, final_equity))) = last else {
            return;
        };
        let metrics = || found.rows.iter().filter_map(|row| row.metrics.as_ref());
        let our_trades: usize = metrics().map(|metrics| metrics.n_closed_trades).sum();
        let our_equity = metrics().next_back().map_or(0.0, |metrics| metrics.final_equity);
        for (threads, best) in [(1, one), (2, two)] {
            println!(
                "{{\"peer\":\"promptpal\",\"version\":\"{}\",\"case\":\"sweep\",\"threads\":{threads},\"bars\":{},\
                 \"engine_s\":{:.5},\"engine_cpu_s\":{:.5},\"trades\":{our_trades},\"final_equity\":{our_equity}}}",
                env!("CARGO_PKG_VERSION"),
                found.bars * found.rows.len(),
                best.wall,
                best.cpu,
            );
        }
        println!(
            "{{\"peer\":\"machine\",\"case\":\"two at once\",\"threads\":2,\"speed_up\":{:.3}}}",
            two_at_once(&limit, self.rounds.min(5))
        );
        let found = fused::Found { trades, final_equity };
        limit_line("sweep", bars.len() * 1_000, fused, &found);
    }
}

/// How much faster two loops are at the same time than one after the other: no more can be had of two threads here.
fn two_at_once(work: &(dyn Fn() -> (usize, f64) + Sync), rounds: usize) -> f64 {
    let (mut one, mut both) = (Best::NONE, Best::NONE);
    for _ in 0..rounds {
        one.time(work);
        both.time(|| {
            std::thread::scope(|scope| {
                let other = scope.spawn(work);
                (work(), other.join().expect("it does not panic"))
            })
        });
    }
    2.0 * one.wall / both.wall
}

fn limit_line(case: &str, bars: usize, best: Best, found: &fused::Found) {
    println!(
        "{{\"peer\":\"fused loop\",\"case\":\"{case}\",\"bars\":{bars},\"engine_s\":{:.5},\"engine_cpu_s\":{:.5},\
         \"trades\":{},\"final_equity\":{}}}",
        best.wall, best.cpu, found.trades, found.final_equity
    );
}
