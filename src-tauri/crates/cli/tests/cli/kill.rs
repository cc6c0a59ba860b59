//! `kill -9` while streaming and importing: what was acknowledged is there, the file is whole, the next run goes on.
//!
//! The desktop program stores candles by the same two use cases (`App::start_live`, `JobRequest::Import`), so what holds
//! here holds there.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use promptpal_app::{App, ChartQuery, Options};
use promptpal_domain::{Interval, SeriesId};
use serde_json::Value;

use crate::network::exchange;
use crate::program::{Home, csv};

const ROUNDS: u64 = 10;
const ROWS: i64 = 6_000;

/// The lines of a stream as they come, parsed: open time and close.
pub(crate) fn acknowledged(
    stdout: ChildStdout,
) -> (Arc<Mutex<BTreeMap<i64, f64>>>, std::thread::JoinHandle<()>) {
    let seen: Arc<Mutex<BTreeMap<i64, f64>>> = Arc::default();
    let reader = {
        let seen = seen.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // The last line may have been cut by the kill.
                let Ok(line) = serde_json::from_str::<Value>(&line) else {
                    continue;
                };
                let close = line["close"].as_str().unwrap().parse().unwrap();
                seen.lock()
                    .unwrap()
                    .insert(line["open_time"].as_i64().unwrap(), close);
            }
        })
    };
    (seen, reader)
}

/// 0 to 1, from the round's number (SplitMix64).
pub(crate) fn noise(round: u64) -> f64 {
    let mut x = round.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((x ^ (x >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

pub(crate) fn kill(mut child: Child) {
    // It may have ended by itself.
    let _ = child.kill();
    child.wait().unwrap();
}

async fn open(home: &Home) -> App {
    let mut options = Options::in_folder(home.path()).unwrap();
    options.worker = home.path().join("no-worker");
    let _ = rustls::crypto::ring::default_provider().install_default();
    App::start(options).await.unwrap()
}

async fn stored(app: &App, id: SeriesId) -> BTreeMap<i64, f64> {
    let query = ChartQuery {
        series: id,
        before: None,
        limit: 20_000,
        indicators: Vec::new(),
    };
    let bars = app.chart(query).await.unwrap().bars;
    bars.open_time.into_iter().zip(bars.close).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_ten_kills() {
    let home = Home::new();
    // Half an hour a second, so that every round sees candles close.
    let exchange = exchange(11, Some(1_800.0)).await;
    let (rest, ws) = (exchange.rest_url(), exchange.stream_url());
    let stream_line = [
        "stream",
        "BTCUSDT",
        "--interval",
        "1m",
        "--ws-url",
        &ws,
        "--base-url",
        &rest,
        "--json",
    ];
    // How long an import takes here, so that the kills meet it.
    home.file("whole.csv", &csv(0..ROWS));
    let began = Instant::now();
    home.json(&["import", "whole.csv", "--symbol", "WHOLEUSDT", "--interval", "1h"]);
    let whole = began.elapsed();
    let mut all: BTreeMap<i64, f64> = BTreeMap::new();
    let mut cut_short = 0;
    for round in 0..ROUNDS {
        // Every round imports other hours into a series of its own, and so never finds them there.
        let symbol = format!("ROUND{round}USDT");
        let file = format!("{round}.csv");
        home.file(&file, &csv(0..ROWS));
        let import_line = ["import", &file, "--symbol", &symbol, "--interval", "1h", "--json"];
        let mut stream = home
            .command(&stream_line)
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let (seen, reader) = acknowledged(stream.stdout.take().unwrap());
        while seen.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let import = home.command(&import_line).spawn().unwrap();
        tokio::time::sleep(whole.mul_f64(1.1 * noise(round))).await;
        kill(stream);
        kill(import);
        reader.join().unwrap();
        all.extend(seen.lock().unwrap().iter());

        let app = open(&home).await;
        let checks = app.diagnose().await;
        assert!(
            checks.iter().any(|check| check.part == "database" && check.ok),
            "round {round}: {checks:?}"
        );
        let series = app
            .find_series(&"BTCUSDT".parse().unwrap(), Interval::Minute1, None)
            .await
            .unwrap();
        let candles = stored(&app, series.id).await;
        for (time, close) in &all {
            assert_eq!(
                candles.get(time),
                Some(close),
                "round {round}: {time} was acknowledged"
            );
        }
        // Whole transactions or nothing.
        if let Ok(imported) = app
            .find_series(&symbol.parse().unwrap(), Interval::Hour1, None)
            .await
        {
            assert!(
                [0, 5_000, 6_000].contains(&imported.rows),
                "round {round}: {}",
                imported.rows
            );
            assert_eq!(imported.gaps, 0);
        }
        let jobs = app.jobs().await.unwrap();
        cut_short = jobs
            .iter()
            .filter(|view| view.job.progress.state.as_str() == "interrupted")
            .count();
        assert!(
            jobs.iter()
                .all(|view| view.job.progress.state.as_str() != "running")
        );
        app.shutdown().await;

        // The next run goes on where this one was killed.
        let report = home.json(&import_line[..6]);
        assert_eq!(report["rows"], ROWS, "round {round}");
        let rows = home.json(&["series", "show", &symbol, "--interval", "1h"])["rows"].clone();
        assert_eq!(rows, ROWS, "round {round}");
    }
    assert!(cut_short > 0, "no kill met an import");
    println!(
        "{} candles acknowledged, {cut_short} of {ROUNDS} imports cut short",
        all.len()
    );
}
