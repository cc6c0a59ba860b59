//! A store in a folder of its own, and short ways to say a candle.

use promptpal_domain::{Candle, CandleSource, Decimal, SeriesId, SeriesKey, Span, Symbol, Timestamp, Venue};
use promptpal_store::{Page, Store, StoreOptions};
use tempfile::TempDir;

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
pub(crate) const HOUR: i64 = 3_600_000;

/// A new workspace; the folder lives as long as the value.
pub(crate) struct Workspace {
    pub(crate) store: Store,
    pub(crate) folder: TempDir,
}

pub(crate) async fn workspace() -> Workspace {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("w.db"), StoreOptions::default(), NOW)
        .await
        .unwrap();
    Workspace { store, folder }
}

pub(crate) fn key(symbol: &str, interval: &str) -> SeriesKey {
    SeriesKey {
        venue: Venue::binance(),
        symbol: symbol.parse::<Symbol>().unwrap(),
        interval: interval.parse().unwrap(),
    }
}

pub(crate) async fn series(store: &Store, interval: &str) -> SeriesId {
    store.ensure_series(&key("BTCUSDT", interval)).await.unwrap()
}

pub(crate) fn at(ms: i64) -> Timestamp {
    Timestamp::from_millis(ms)
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn span(from: i64, to: i64) -> Span {
    Span::new(at(from), at(to)).unwrap()
}

pub(crate) fn d(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Open, high, low and close at one price.
pub(crate) fn flat(open_time: i64, price: &str, volume: &str) -> Candle {
    Candle {
        open_time: at(open_time),
        close_time: None,
        open: d(price),
        high: d(price),
        low: d(price),
        close: d(price),
        volume: d(volume),
        quote_volume: None,
        trades: None,
        taker_base_volume: None,
        taker_quote_volume: None,
    }
}

/// A candle with all its numbers.
pub(crate) fn full(open_time: i64) -> Candle {
    Candle {
        open_time: at(open_time),
        close_time: Some(at(open_time + HOUR - 2)),
        open: d("16850.01"),
        high: d("16900.50"),
        low: d("16800"),
        close: d("16888.88"),
        volume: d("1234.56789"),
        quote_volume: Some(d("20812345.12345678")),
        trades: Some(4321),
        taker_base_volume: Some(d("600.1")),
        taker_quote_volume: Some(d("10112233.00000001")),
    }
}

/// A page of the venue's interface.
pub(crate) fn page(candles: Vec<Candle>, asked: Option<Span>) -> Page {
    page_of(CandleSource::Rest, "api.example", candles, asked)
}

pub(crate) fn page_of(source: CandleSource, name: &str, candles: Vec<Candle>, asked: Option<Span>) -> Page {
    Page {
        candles,
        asked,
        source,
        name: name.to_owned(),
        sha256: (source == CandleSource::Archive).then(|| "ab".repeat(32)),
    }
}
