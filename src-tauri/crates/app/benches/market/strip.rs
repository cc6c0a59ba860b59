//! The coverage bar of a series that is full of gaps.

use std::time::Instant;

use anyhow::{Result, ensure};
use promptpal_domain::{Candle, CandleSource, Decimal, Interval, Span, Timestamp};
use promptpal_store::Page;

use crate::report::{Reach, line};
use crate::{key, now, start, store};

const MINUTE: i64 = 60_000;
const YEAR: i64 = 525_600;
/// Of so many minutes the last is missing.
const EVERY: i64 = 10;
/// As many cells as a wide screen has.
const CELLS: u16 = 400;
const ROUNDS: usize = 20;

pub(crate) async fn measure() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let from: Timestamp = "2024-01-01".parse()?;
    let store = store(folder.path()).await?;
    let id = store.ensure_series(&key("BTCUSDT", Interval::Minute1)?).await?;
    let minutes: Vec<i64> = (0..YEAR).filter(|minute| minute % EVERY != EVERY - 1).collect();
    for (number, minutes) in minutes.chunks(20_000).enumerate() {
        let candles: Vec<Candle> = minutes.iter().map(|minute| candle(from, *minute)).collect();
        let first = candles.first().map_or(from, |candle| candle.open_time);
        let last = candles.last().map_or(from, |candle| candle.open_time);
        let page = Page {
            // Every other page was asked for, so that its holes are absent; the others' are pending.
            asked: (number % 2 == 0).then(|| Span::new(first, last).ok()).flatten(),
            candles,
            source: CandleSource::Rest,
            name: "api.example".to_owned(),
            sha256: None,
        };
        store.put_page(id, page, now()?).await?;
    }
    let gaps = store.series(id).await?.gaps;
    store.close().await?;
    let app = start(folder.path(), None).await?;
    let (mut strip, mut ledger) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let cells = app.coverage_strip(id, None, None, CELLS).await?;
        strip = strip.min(begun.elapsed().as_secs_f64() * 1e3);
        ensure!(cells.len() == usize::from(CELLS), "{} cells", cells.len());
        let begun = Instant::now();
        app.ledger(id, CELLS).await?;
        ledger = ledger.min(begun.elapsed().as_secs_f64() * 1e3);
    }
    app.shutdown().await;
    let case = |what: &str| format!("{what} of a year of 1m with {gaps} gaps, {CELLS} cells");
    line(&case("coverage bar"), "ms", (strip, None), strip, Reach::Any)?;
    line(
        &case("ledger with its bar"),
        "ms",
        (ledger, None),
        ledger,
        Reach::Any,
    )
}

fn candle(from: Timestamp, minute: i64) -> Candle {
    let price = Decimal::new(6_500_000 + minute % 1000, 2);
    Candle {
        open_time: from.plus_millis(minute * MINUTE),
        close_time: None,
        open: price,
        high: price,
        low: price,
        close: price,
        volume: Decimal::new(minute, 5),
        quote_volume: None,
        trades: None,
        taker_base_volume: None,
        taker_quote_volume: None,
    }
}
