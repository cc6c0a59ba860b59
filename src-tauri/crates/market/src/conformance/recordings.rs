//! Every recording is read, or refused with a reason.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use promptpal_domain::{Candle, Decimal, Interval, Timestamp, Venue};
use serde_json::Value;

use super::{shared, text};
use crate::binance::frame::Frame;
use crate::binance::wire::{ExchangeInfo, SymbolRow};
use crate::{CandleFile, ColumnMap, FileBody, FileFormat, ReadOptions};

fn unpacked(path: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(File::open(path).unwrap())
        .read_to_string(&mut text)
        .unwrap();
    text
}

#[test]
fn symbol_lists_of_both_venues_are_read() {
    for (name, at_least) in [
        ("cryptofeed__BINANCE.0.gz", 1000),
        ("cryptofeed__BINANCE_US.0", 50),
    ] {
        let Some(path) = shared(&format!("binance/{name}")) else {
            return;
        };
        let text = if name.ends_with(".gz") {
            unpacked(&path)
        } else {
            text(path)
        };
        let (_, json) = text.split_once(": ").unwrap();
        let info: ExchangeInfo = serde_json::from_str(json.trim().lines().next().unwrap()).unwrap();
        let weight = info
            .rate_limits
            .iter()
            .find(|limit| limit.rate_limit_type == "REQUEST_WEIGHT");
        assert_eq!(weight.unwrap().limit, 1200, "{name}");
        let rows = info.symbols.len();
        let symbols: Vec<_> = info.symbols.into_iter().filter_map(SymbolRow::info).collect();
        assert!(rows > at_least && symbols.len() == rows, "{name}: {rows}");
        assert!(
            symbols
                .iter()
                .all(|symbol| symbol.tick.is_some() && symbol.lot.is_some() && !symbol.base.is_empty())
        );
    }
}

#[test]
fn a_zip_of_hours_is_imported() {
    let Some(path) = shared("binance/Lean__btcusdt_trade.zip") else {
        return;
    };
    for format in [FileFormat::Archive, FileFormat::Csv(ColumnMap::default())] {
        let options = ReadOptions {
            format,
            interval: Interval::Hour1,
        };
        let body = FileBody::of(File::open(&path).unwrap()).unwrap();
        let candles: Vec<Candle> = CandleFile::open(body, options)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        // Five days; a count of line ends gives one less.
        assert_eq!(candles.len(), 120);
        let from: Timestamp = "2018-05-01".parse().unwrap();
        assert_eq!(candles[0].open_time, from);
        assert!(
            candles
                .windows(2)
                .all(|pair| Interval::Hour1.next(pair[0].open_time) <= pair[1].open_time)
        );
        assert_eq!(candles[119].volume.to_string(), "711.450495");
    }
}

#[test]
fn an_interval_that_does_not_exist_is_refused() {
    let refusal = "8m".parse::<Interval>().unwrap_err().to_string();
    assert!(
        refusal.contains("'8m' is not an interval: use one of 1s 1m"),
        "{refusal}"
    );
    let frame = r#"{"e":"kline","E":1,"s":"X","k":{"t":0,"T":479999,"s":"X","i":"8m","o":"1","c":"1","h":"1","l":"1",
        "v":"1","n":1,"x":true,"q":"1","V":"1","Q":"1"}}"#;
    assert!(Frame::parse(frame, &Venue::binance()).is_err());
    let Some(path) = shared("binance/freqtrade_UNITTEST_BTC-8m.json.gz") else {
        return;
    };
    // Nor is the file taken for something that it is not: neither as it is, nor unpacked, in no format.
    let packed = std::fs::read(&path).unwrap();
    for bytes in [packed, unpacked(&path).into_bytes()] {
        for format in [
            FileFormat::Csv(ColumnMap::default()),
            FileFormat::Archive,
            FileFormat::Capture("UNITTESTBTC".parse().unwrap()),
        ] {
            let options = ReadOptions {
                format: format.clone(),
                interval: Interval::Minute1,
            };
            match CandleFile::open(Cursor::new(&bytes), options) {
                Err(problem) => assert!(!problem.to_string().is_empty()),
                Ok(mut file) => {
                    assert_eq!(file.by_ref().filter(Result::is_ok).count(), 0, "{format:?}");
                    let report = file.report();
                    assert!(report.rejected > 0 && !report.problems.is_empty(), "{format:?}");
                }
            }
        }
    }
}

#[test]
fn a_feed_with_disconnects_has_the_recorded_shape() {
    let Some(path) = shared("binance/barter-rs__binance_spot_market_data_with_disconnect_events.json") else {
        return;
    };
    let text = text(path);
    let events: Vec<Value> = serde_json::from_str(&text).unwrap();
    let (mut trades, mut breaks, mut last) = (0, 0, None);
    for event in &events {
        // It is another program's account of the stream: none of it is a frame, and each is told to be none.
        assert!(
            Frame::parse(&event.to_string(), &Venue::binance()).is_err(),
            "{event}"
        );
        if event.get("Reconnecting").is_some() {
            breaks += 1;
            continue;
        }
        let item = &event["Item"]["Ok"];
        let at: Timestamp = item["time_exchange"].as_str().unwrap().parse().unwrap();
        assert!(last.is_none_or(|last| last <= at), "trades follow each other");
        last = Some(at);
        for number in ["price", "amount"] {
            // A count beside the point, whatever a float would make of it.
            let exact: Decimal = item["kind"]["Trade"][number].to_string().parse().unwrap();
            assert!(exact > Decimal::ZERO && exact.scale() <= 8, "{exact}");
            assert!(text.contains(&exact.to_string()), "{exact}");
        }
        trades += 1;
    }
    assert_eq!((trades, breaks), (21, 3));
}
