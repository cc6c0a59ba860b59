//! Recordings of the real exchange, where this machine has them. They are not part of the project.

mod exactness;
mod recordings;

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use promptpal_domain::{Candle, Interval, Venue};

use crate::binance::frame::Frame;
use crate::{CandleFile, ColumnMap, FileFormat, ReadOptions};

/// The folder of shared data, or nothing: then the test says so and ends.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let root = std::env::var_os("PROMPTPAL_SHARED").map_or(beside, PathBuf::from);
    let found = root.join("data").join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("conformance: no shared data, not run");
    None
}

fn text(path: PathBuf) -> String {
    let mut text = String::new();
    File::open(path).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn every_recorded_frame_is_of_a_known_kind() {
    for (name, klines) in [
        ("cryptofeed__BINANCE.ws.1.0", 2),
        ("cryptofeed__BINANCE_US.ws.1.0", 5),
    ] {
        let Some(path) = shared(&format!("binance/{name}")) else {
            return;
        };
        let (mut frames, mut candles) = (0, 0);
        for line in text(path).lines().skip(1).filter(|line| !line.is_empty()) {
            let (_, frame) = line.split_once(": ").unwrap();
            match Frame::parse(frame, &Venue::binance()) {
                Ok(Frame::Candle(_)) => candles += 1,
                Ok(Frame::Other | Frame::Ticker(_)) => {}
                other => panic!("{name}: {other:?} from {frame}"),
            }
            frames += 1;
        }
        assert!(frames > 100, "{name}: {frames}");
        assert_eq!(candles, klines, "{name}");
    }
}

#[test]
fn archive_rows_and_a_capture_are_imported() {
    for (name, count) in [
        ("nautilus_ADABTC-1m-2021-11-27.csv", 10),
        ("nautilus_ADABTC-1m-2021-11-28.csv", 11),
    ] {
        let Some(path) = shared(&format!("binance/{name}")) else {
            return;
        };
        for format in [FileFormat::Archive, FileFormat::Csv(ColumnMap::default())] {
            let options = ReadOptions {
                interval: Interval::Minute1,
                format,
            };
            let candles: Vec<Candle> = CandleFile::open(File::open(&path).unwrap(), options)
                .unwrap()
                .map(Result::unwrap)
                .collect();
            assert_eq!(candles.len(), count, "{name}");
            assert!(
                candles
                    .iter()
                    .all(|c| c.close_time.is_none() && c.trades.is_some())
            );
        }
    }
    let Some(path) = shared("binance/cryptofeed__BINANCE.ws.1.0") else {
        return;
    };
    let options = ReadOptions {
        interval: Interval::Minute1,
        format: FileFormat::Capture("NKNUSDT".parse().unwrap()),
    };
    let mut capture = CandleFile::open(File::open(path).unwrap(), options).unwrap();
    assert!(capture.by_ref().all(|row| row.is_ok()));
    assert!(capture.report().ignored > 100);
}

#[test]
fn candle_files_are_read_whole() {
    let check = |name: &str, interval: Interval, rows: u64, gaps: Option<u64>| {
        let Some(path) = shared(&format!("candles/{name}")) else {
            return;
        };
        let mut file = CandleFile::open(File::open(path).unwrap(), ReadOptions::csv(interval)).unwrap();
        let mut seen_gaps = 0;
        let mut before: Option<Candle> = None;
        for candle in file.by_ref().map(Result::unwrap) {
            seen_gaps += u64::from(before.is_some_and(|b| interval.next(b.open_time) < candle.open_time));
            before = Some(candle);
        }
        let report = file.report();
        assert_eq!(
            (report.candles, report.rejected, report.duplicates),
            (rows, 0, 0),
            "{name}"
        );
        match gaps {
            Some(gaps) => assert_eq!((seen_gaps, report.off_grid), (gaps, 0), "{name}"),
            None => assert_eq!(report.off_grid, rows, "{name}"),
        }
    };
    check("btcusdt_1h_201708_202404.csv", Interval::Hour1, 58_419, Some(28));
    check(
        "btcusdt_1m_20240726_20240825.csv",
        Interval::Minute1,
        43_209,
        Some(0),
    );
    check("ethbtc_5m_201801.csv", Interval::Minute5, 5_760, Some(0));
    check(
        "gappy_unittest_btc_1m_201711.csv",
        Interval::Minute1,
        13_681,
        Some(538),
    );
    // Named by the last day of each month, so nothing of it is on the grid; kept all the same.
    check("btcusd_1mo_2012_2024.csv", Interval::Month1, 156, None);
}
