//! What market data costs in the whole program, from the socket to the commit: `cargo bench -p promptpal-app --bench market`.
//!
//! Exchanges run in a process of their own (this program again), so that what is measured is the program alone. Each line of
//! the output is a JSON object: `case`, `ours`, `peer`, `unit`, their `ratio`, what it should `reach`, and whether it is `met`.
//! `-- live`, `-- backfill` or `-- strip` measures that alone.

#[path = "market/backfill.rs"]
mod backfill;
#[path = "market/child.rs"]
mod child;
#[path = "market/live.rs"]
mod live;
#[path = "market/report.rs"]
mod report;
#[path = "market/strip.rs"]
mod strip;

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use promptpal_app::{App, Options};
use promptpal_domain::{Interval, SeriesKey, Timestamp, Venue};
use promptpal_store::{Store, StoreOptions};

use child::Addresses;

fn main() -> Result<()> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    // Cargo adds `--bench`.
    let named: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| !name.starts_with("--"))
        .collect();
    if let [double, numbers @ ..] = named.as_slice()
        && let Some(served) = child::serve(&runtime, double, numbers)
    {
        return served;
    }
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    runtime.block_on(async {
        if wanted("live") {
            live::measure().await?;
        }
        if wanted("backfill") {
            backfill::measure().await?;
        }
        if wanted("strip") {
            strip::measure().await?;
        }
        Ok(())
    })
}

/// The program in a folder; nothing else than the given exchange can be reached.
async fn start(folder: &Path, exchange: Option<&Addresses>) -> Result<App> {
    let mut options = Options::in_folder(folder)?;
    options.sample_on_first_run = false;
    // The discard port: nobody listens there.
    let (rest, stream) = match exchange {
        Some(addresses) => (addresses.rest.as_str(), addresses.stream.as_str()),
        None => ("http://127.0.0.1:9/", "ws://127.0.0.1:9/"),
    };
    options.config.exchange.rest_url = Some(rest.parse()?);
    options.config.exchange.stream_url = Some(stream.parse()?);
    Ok(App::start(options).await?)
}

async fn store(folder: &Path) -> Result<Store> {
    Ok(Store::open(&folder.join("promptpal.db"), StoreOptions::default(), now()?).await?)
}

fn key(symbol: &str, interval: Interval) -> Result<SeriesKey> {
    Ok(SeriesKey {
        venue: Venue::binance(),
        symbol: symbol.parse()?,
        interval,
    })
}

fn now() -> Result<Timestamp> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(Timestamp::from_millis(i64::try_from(since.as_millis())?))
}
