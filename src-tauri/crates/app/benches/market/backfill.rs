//! How much of an exchange's weight a fetch uses, with every page stored before the next is asked for.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use promptpal_app::{FetchRequest, FetchSource, JobRequest};
use promptpal_domain::{Interval, Timestamp};
use serde_json::Value;

use crate::child::Double;
use crate::report::{Reach, line};
use crate::start;

/// Binance's 6,000 a minute, in windows that pass sooner.
pub(crate) const LIMIT: u32 = 600;
pub(crate) const WINDOW_S: u64 = 6;
const WINDOWS: u32 = 5;
/// What a page weighs.
const PAGE_WEIGHT: u32 = 2;
const SYMBOLS: [&str; 3] = ["BTCUSDT", "ETHUSDT", "SOLUSDT"];

pub(crate) fn from() -> Result<Timestamp> {
    Ok("2021-01-01".parse()?)
}

/// So long after [`from`] that even one series has more pages than the weight allows.
pub(crate) fn to() -> Result<Timestamp> {
    let pages = i64::from(LIMIT / PAGE_WEIGHT * (WINDOWS + 2));
    Ok(from()?.plus_millis(pages * 1000 * 60_000))
}

pub(crate) async fn measure() -> Result<()> {
    let whole = SYMBOLS.len();
    for (count, name) in [(1, "a series of 1m"), (whole, "three series of 1m at once")] {
        let (share, refused) = share(SYMBOLS.get(..count).unwrap_or(&[])).await?;
        let case = format!("backfill of {name}, every page stored, refused as too many {refused} times");
        let reach = if refused == 0 {
            Reach::AtLeast(0.9)
        } else {
            Reach::AtLeast(f64::INFINITY)
        };
        line(&case, "share of the weight", (share, None), share, reach)?;
    }
    Ok(())
}

/// The share of the weight that could be used, and how often the exchange refused.
async fn share(symbols: &[&str]) -> Result<(f64, u64)> {
    let mut double = Double::start("exchange", &[])?;
    let folder = tempfile::tempdir()?;
    let app = start(folder.path(), Some(&double.addresses)).await?;
    let begun = Instant::now();
    let mut fetches = Vec::new();
    for symbol in symbols {
        let request = JobRequest::Fetch(FetchRequest {
            venue: None,
            symbol: symbol.parse()?,
            interval: Interval::Minute1,
            from: Some(from()?),
            to: None,
            source: FetchSource::Rest,
        });
        let app = app.clone();
        fetches.push(tokio::spawn(async move { app.run(request).await }));
    }
    let time = Duration::from_secs(WINDOW_S) * WINDOWS;
    tokio::time::sleep(time).await;
    let used = double.ask()?;
    let possible = begun.elapsed().as_secs_f64() / WINDOW_S as f64 * f64::from(LIMIT);
    for fetch in &fetches {
        ensure!(!fetch.is_finished(), "a fetch ended before it was measured");
    }
    app.shutdown().await;
    let number = |name: &str| {
        used.get(name)
            .and_then(Value::as_u64)
            .with_context(|| format!("no {name}"))
    };
    let weight = number("pages")? as f64 * f64::from(PAGE_WEIGHT);
    Ok((weight / possible, number("refused")?))
}
