//! Every decimal comes out of a candle as the text that went in.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use promptpal_domain::{Candle, Interval, Venue};

use super::{shared, text};
use crate::binance::frame::Frame;
use crate::{CandleFile, FileBody, FileFormat, ReadOptions};

/// The numbers of a candle in the order of the archives; absent ones left out.
fn numbers(candle: &Candle) -> Vec<String> {
    let prices = [candle.open, candle.high, candle.low, candle.close, candle.volume].map(Some);
    let takers = [candle.taker_base_volume, candle.taker_quote_volume];
    let decimal = |value: Option<promptpal_domain::Decimal>| value.map(|value| value.to_string());
    prices
        .into_iter()
        .chain([candle.quote_volume])
        .map(decimal)
        .chain([candle.trades.map(|trades| trades.to_string())])
        .chain(takers.map(decimal))
        .flatten()
        .collect()
}

/// The same fields of a row: all but its two times and the last column, which means nothing.
fn fields(row: &str) -> Vec<String> {
    row.split(',')
        .enumerate()
        .filter(|(at, _)| ![0, 6, 11].contains(at))
        .map(|(_, field)| field.trim().to_owned())
        .collect()
}

/// Compares each row of a table with the candle read from it; returns how many decimals were compared.
fn check(path: &Path, format: FileFormat, interval: Interval) -> usize {
    let open = || FileBody::of(File::open(path).unwrap()).unwrap();
    let mut table = String::new();
    open().read_to_string(&mut table).unwrap();
    let rows = table
        .lines()
        .filter(|row| row.starts_with(|c: char| c.is_ascii_digit()));
    let mut candles = CandleFile::open(open(), ReadOptions { format, interval }).unwrap();
    let mut compared = 0;
    for row in rows {
        let candle = candles.next().unwrap().unwrap();
        let (seen, expected) = (numbers(&candle), fields(row));
        assert_eq!(seen, expected, "{}", path.display());
        compared += seen.len();
    }
    assert!(candles.next().is_none());
    compared
}

#[test]
fn rows_of_archives_come_out_as_they_went_in() {
    let mut compared = 0;
    for (name, interval) in [
        ("nautilus_ADABTC-1m-2021-11-27.csv", Interval::Minute1),
        ("nautilus_ADABTC-1m-2021-11-28.csv", Interval::Minute1),
        ("Lean__btcusdt_trade.zip", Interval::Hour1),
    ] {
        let Some(path) = shared(&format!("binance/{name}")) else {
            return;
        };
        compared += check(&path, FileFormat::Archive, interval);
    }
    assert_eq!(compared, 21 * 9 + 120 * 5);
}

/// Those whose numbers are plain: another one of the set has some as `9.417e-05`, which come out as `0.00009417`.
#[test]
fn tables_of_candles_come_out_as_they_went_in() {
    for (name, interval, rows) in [
        ("btcusdt_1h_201708_202404.csv", Interval::Hour1, 58_419),
        ("btcusdt_1m_20240726_20240825.csv", Interval::Minute1, 43_209),
        ("ethusdt_1m_20240726_20240825.csv", Interval::Minute1, 43_208),
        ("ethbtc_5m_201801.csv", Interval::Minute5, 5_760),
    ] {
        let Some(path) = shared(&format!("candles/{name}")) else {
            return;
        };
        let format = ReadOptions::csv(interval).format;
        assert_eq!(check(&path, format, interval), rows * 5, "{name}");
    }
}

#[test]
fn candles_of_recorded_frames_come_out_as_they_went_in() {
    let mut compared = 0;
    for name in ["cryptofeed__BINANCE.ws.1.0", "cryptofeed__BINANCE_US.ws.1.0"] {
        let Some(path) = shared(&format!("binance/{name}")) else {
            return;
        };
        for line in text(path)
            .lines()
            .skip(1)
            .filter(|line| line.contains("\"kline\""))
        {
            let (_, frame) = line.split_once(": ").unwrap();
            let Ok(Frame::Candle(live)) = Frame::parse(frame, &Venue::binance()) else {
                panic!("no candle: {frame}");
            };
            let json: serde_json::Value = serde_json::from_str(frame).unwrap();
            let kline = json.get("data").unwrap_or(&json)["k"].clone();
            let stated: Vec<String> = ["o", "h", "l", "c", "v", "q", "n", "V", "Q"]
                .map(|key| {
                    kline[key]
                        .as_str()
                        .map_or_else(|| kline[key].to_string(), str::to_owned)
                })
                .into();
            assert_eq!(numbers(&live.candle), stated, "{frame}");
            compared += stated.len();
        }
    }
    assert_eq!(compared, 7 * 9);
}
