//! A process that is killed while it writes loses nothing that it was told is stored.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use promptpal_domain::{Candle, Span};
use promptpal_store::{Store, StoreOptions};

use crate::fixtures::{HOUR, NOW, flat, full, page, series, span};

const CHILD: &str = "PROMPTPAL_STORE_KILL_CHILD";

/// Every seventh batch needs finer decimals than all before it, so that kills also meet a series being rewritten.
fn batch(number: i64) -> Vec<Candle> {
    let first = number * 10;
    let mut candles: Vec<Candle> = (first..first + 9).map(|i| full(i * HOUR)).collect();
    let decimals = (3 + number / 7 % 8) as usize;
    candles.push(flat((first + 9) * HOUR, &format!("1.{:0>decimals$}", 1), "1"));
    candles
}

async fn write_until_killed(path: &Path, from: i64) {
    let store = Store::open(path, StoreOptions::default(), NOW).await.unwrap();
    let id = series(&store, "1h").await;
    for number in from.. {
        let asked = span(number * 10 * HOUR, (number + 1) * 10 * HOUR);
        store
            .put_page(id, page(batch(number), Some(asked)), NOW)
            .await
            .unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nstored {number}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn nothing_acknowledged_is_lost_by_kill() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    if let Some(place) = std::env::var_os(CHILD) {
        let place = place.to_string_lossy().into_owned();
        let (from, path) = place.split_once(' ').unwrap();
        runtime.block_on(write_until_killed(Path::new(path), from.parse().unwrap()));
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let mut next = 0;
    for round in 0..10 {
        let acknowledged = kill_after(&path, next, 1 + round * 5 % 17);
        next = runtime.block_on(check(&path, acknowledged));
    }
    assert!(next >= 10);
}

/// Lets a process write from batch `from` on, kills it after `acks` acknowledgements, returns the last one.
fn kill_after(path: &Path, from: i64, acks: usize) -> i64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "kill::nothing_acknowledged_is_lost_by_kill",
            "--nocapture",
        ])
        .env(CHILD, format!("{from} {}", path.display()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let mut stored = lines.filter_map(|line| line.strip_prefix("stored ").map(|n| n.parse::<i64>().unwrap()));
    let last = stored.nth(acks - 1).unwrap();
    child.kill().unwrap();
    let last = stored.last().unwrap_or(last);
    child.wait().unwrap();
    last
}

/// All acknowledged batches are there, whole, and of the one after them all or nothing. Returns the next to write.
async fn check(path: &Path, acknowledged: i64) -> i64 {
    let store = Store::open(path, StoreOptions::default(), NOW).await.unwrap();
    store.integrity_check().await.unwrap();
    let id = series(&store, "1h").await;
    let candles = store.candles(id, Span::ALL, 1_000_000).await.unwrap();
    let batches = candles.len() as i64 / 10;
    assert!(
        batches == acknowledged + 1 || batches == acknowledged + 2,
        "{batches} batches, {acknowledged} acknowledged"
    );
    let expected: Vec<Candle> = (0..batches).flat_map(batch).collect();
    assert!(candles == expected, "the candles are not those that were put");
    let found = store.series(id).await.unwrap();
    assert_eq!((found.rows as i64, found.gaps), (batches * 10, 0));
    assert_eq!(store.coverage(id).await.unwrap(), [span(0, batches * 10 * HOUR)]);
    store.close().await.unwrap();
    batches
}
