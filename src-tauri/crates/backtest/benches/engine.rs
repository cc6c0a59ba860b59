//! How long the engine takes on a file of candles: `cargo bench -p promptpal-backtest -- FILE.csv [ROUNDS]`.
//!
//! Prints a JSON line for each case with the best of several rounds. `load_s` is reading the file, `prepare_s` checking the bars
//! and taking their fingerprint (once for any number of runs), the engine's figures are a whole run after that: script, columns,
//! orders, equity, all figures and the benchmark. Without a file it runs on a small walk of its own and prints nothing else.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a bench is a tool of ours"
)]

use std::time::Instant;

use cpu_time::ThreadTime;
use promptpal_backtest::{Config, Inputs, Report, Sizing, bars_from_reader, builtin, run};
use promptpal_domain::{Bars, Interval};

/// A case, its strategy, and the strategy's parameters.
type Case = (&'static str, &'static str, &'static [(&'static str, f64)]);

const CASES: [Case; 2] = [
    ("sma", "sma-cross", &[("fast", 10.0), ("slow", 30.0)]),
    (
        "rsi",
        "rsi-reversion",
        &[
            ("length", 14.0),
            ("low", 30.0),
            ("high", 70.0),
            ("stop", 1.0),
            ("target", 2.0),
        ],
    ),
];

fn main() {
    let args: Vec<String> = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"))
        .collect();
    let rounds = args.get(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(7);
    let began = Instant::now();
    let bars = match args.first() {
        Some(file) => {
            let file = std::fs::File::open(file).expect("the file can be read");
            let size = file.metadata().map_or(0, |metadata| metadata.len());
            bars_from_reader(file, usize::try_from(size).unwrap_or(0)).expect("it holds candles")
        }
        None => walk(2_000),
    };
    let load_s = began.elapsed().as_secs_f64();
    for (case, strategy, params) in CASES {
        let params: Vec<(String, f64)> = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), *value))
            .collect();
        let script = builtin(strategy)
            .expect("it is built in")
            .script()
            .expect("it compiles");
        let config = Config {
            cash: 1e8,
            size: Sizing::Units(1.0),
            ..Config::default()
        };
        let mut best = [f64::INFINITY; 4];
        let mut keep = |at: usize, seconds: f64| best[at] = best[at].min(seconds);
        let mut report: Option<Report> = None;
        for _ in 0..rounds {
            let (wall, cpu) = (Instant::now(), ThreadTime::now());
            let inputs = Inputs::new(&bars, &[]).expect("the bars are right");
            keep(0, wall.elapsed().as_secs_f64());
            keep(1, cpu.elapsed().as_secs_f64());
            let (wall, cpu) = (Instant::now(), ThreadTime::now());
            report = Some(run(&script, &params, &inputs, &config, &|| false).expect("it runs"));
            keep(2, wall.elapsed().as_secs_f64());
            keep(3, cpu.elapsed().as_secs_f64());
        }
        let Some(report) = report else {
            continue;
        };
        let [prepare_s, prepare_cpu_s, engine_s, engine_cpu_s] = best;
        println!(
            "{{\"peer\":\"promptpal\",\"version\":\"{}\",\"case\":\"{case}\",\"bars\":{},\"load_s\":{load_s:.4},\
             \"prepare_s\":{prepare_s:.4},\"prepare_cpu_s\":{prepare_cpu_s:.4},\"engine_s\":{engine_s:.5},\
             \"engine_cpu_s\":{engine_cpu_s:.5},\"trades\":{},\"final_equity\":{}}}",
            env!("CARGO_PKG_VERSION"),
            report.bars,
            report.trades.len(),
            report.metrics.final_equity
        );
    }
}

/// A little market, so that the bench can be tried without a file.
fn walk(len: i64) -> Bars {
    let mut bars = Bars::empty(Interval::Minute1, 2, 0);
    let mut cents = 3_000_000_i64;
    let mut state = 1_u64;
    for minute in 0..len {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let open = cents;
        cents += i64::try_from(state >> 54).expect("ten bits") - 512;
        bars.open_time.push(1_577_836_800_000 + minute * 60_000);
        bars.open.push(open as f64 / 100.0);
        bars.high.push(open.max(cents) as f64 / 100.0);
        bars.low.push(open.min(cents) as f64 / 100.0);
        bars.close.push(cents as f64 / 100.0);
        bars.volume.push(1.0);
    }
    bars
}
