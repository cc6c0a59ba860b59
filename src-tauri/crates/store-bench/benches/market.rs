//! How fast and how small the store is beside other ways to keep candles: `cargo bench -p promptpal-store-bench`.
//!
//! A year of one-minute candles from a fixed seed, ten numbers each, goes through this store, prepared statements of
//! rusqlite, sqlx a row at a time, DuckDB and Parquet (the last two through Python, when it has them). Figures are CPU
//! seconds of the whole process, the best of several rounds in which the competitors take turns. Each line of the output
//! is a JSON object: `case`, `ours`, `peer`, `unit`, their `ratio`, what it should `reach`, and whether it is `met`.
//! `-- insert` or `-- read` measures that alone.
//!
//! This crate is never shipped and no default member: a second binding of SQLite must not change how the others are built.

#[path = "market/data.rs"]
mod data;
#[path = "market/insert.rs"]
mod insert;
#[path = "market/peers.rs"]
mod peers;
#[path = "market/read.rs"]
mod read;
#[path = "market/report.rs"]
mod report;
#[path = "market/size.rs"]
mod size;

use std::path::Path;

use anyhow::Result;
use promptpal_domain::{SeriesId, SeriesKey, Timestamp, Venue};
use promptpal_store::{Store, StoreOptions};

use data::Data;
use report::Report;

/// Rounds of each measurement.
const ROUNDS: usize = 3;

/// The present of the measured workspace: long after its candles.
const NOW: Timestamp = Timestamp::from_millis(1_900_000_000_000);

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let folder = tempfile::tempdir()?;
    let data = Data::year();
    let mut report = Report::new();
    // Cargo adds `--bench`.
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with("--"))
        .collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    if wanted("insert") {
        runtime.block_on(insert::measure(folder.path(), &data, &mut report))?;
    }
    if !wanted("read") {
        return Ok(());
    }
    let (store, id) = runtime.block_on(filled(&folder.path().join("read.db"), &data))?;
    let real = folder.path().join("real.db");
    insert::real_rows(&real, &data)?;
    let peers = peers::run(folder.path(), &data)?;
    runtime.block_on(size::measure(
        &store,
        &real,
        &data,
        peers.as_ref().ok(),
        &mut report,
    ))?;
    runtime.block_on(read::measure(&store, id, &real, peers.as_ref().ok(), &mut report))?;
    if let Err(reason) = &peers {
        report.not_run("DuckDB and Parquet", reason)?;
    }
    runtime.block_on(store.close())?;
    Ok(())
}

fn key() -> Result<SeriesKey> {
    Ok(SeriesKey {
        venue: Venue::binance(),
        symbol: "BTCUSDT".parse()?,
        interval: "1m".parse()?,
    })
}

/// A store with the year, sealed.
async fn filled(path: &Path, data: &Data) -> Result<(Store, SeriesId)> {
    let store = Store::open(path, StoreOptions::default(), NOW).await?;
    let id = store.ensure_series(&key()?).await?;
    for page in data.pages() {
        store.put_page(id, page, NOW).await?;
    }
    store.seal(id, NOW).await?;
    Ok((store, id))
}
