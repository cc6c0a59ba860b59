use std::io::Write as _;

use promptpal_domain::Timestamp;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::RowProblem;
use crate::archive::ArchivePeriod;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn file(interval: Interval, from: &str, to: &str) -> ArchiveFile {
    let name = format!("BTCUSDT-{interval}-{from}.zip");
    ArchiveFile {
        url: format!("http://127.0.0.1:1/{name}").parse().unwrap(),
        name,
        span: Span::new(at(from), at(to)).unwrap(),
        symbol: "BTCUSDT".parse().unwrap(),
        interval,
        period: ArchivePeriod::Day,
    }
}

fn zipped(name: &str, table: &str) -> Bytes {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(table.as_bytes()).unwrap();
    writer.finish().unwrap().into_inner().into()
}

fn read(file: &ArchiveFile, table: &str) -> Result<ArchivePage, MarketError> {
    let zip = zipped(&file.name.replace(".zip", ".csv"), table);
    page(file.clone(), Sha256Hex::of(&zip), zip)
}

/// A row in microseconds from its times in milliseconds.
fn row(open: i64, close: i64) -> String {
    format!(
        "{open},100.10000000,101.00000000,99.90000000,100.00000000,1.50000000,{close},150.00000000,7,0.50000000,50.00000000,0"
    )
}

const MINUTE: i64 = 60_000;

#[test]
fn rows_are_kept_exactly_whatever_their_unit() {
    let day = file(Interval::Minute1, "2018-02-09", "2018-02-10");
    let from = day.span.from().millis();
    let regular = |n: i64| row(from + n * MINUTE, from + (n + 1) * MINUTE - 1);
    let micros = |n: i64| row((from + n * MINUTE) * 1000, (from + (n + 1) * MINUTE) * 1000 - 1);
    let table = [
        "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore".to_owned(),
        regular(0),
        micros(1),
        // An exchange that starts again does so off the grid, and its last candle before that ends early.
        row(from + 2 * MINUTE, from + 2 * MINUTE + 17_000),
        row(1_518_168_494_789, 1_518_168_539_999),
        micros(600),
        // A close before the open, as one of 2020 has it.
        row(from + 601 * MINUTE, from + 600 * MINUTE),
    ]
    .join("\n");
    let page = read(&day, &table).unwrap();
    assert_eq!((page.candles.len(), page.rejected_count), (6, 0));
    let times: Vec<(i64, Option<i64>)> = page
        .candles
        .iter()
        .map(|candle| {
            (
                candle.open_time.millis() - from,
                candle.close_time.map(|at| at.millis() - from),
            )
        })
        .collect();
    let off_grid = 1_518_168_494_789 - from;
    assert_eq!(
        times,
        [
            (0, None),
            (MINUTE, None),
            (2 * MINUTE, Some(2 * MINUTE + 17_000)),
            (off_grid, None),
            (600 * MINUTE, None),
            (601 * MINUTE, Some(600 * MINUTE)),
        ]
    );
    assert_eq!(page.candles[0].open.to_string(), "100.10000000");
    assert_eq!(
        page.candles[0].taker_quote_volume.unwrap().to_string(),
        "50.00000000"
    );
    // It closes with its minute, which goes without saying. Complete is only
    // what has every candle: the off-grid one proves nothing of its minute.
    let part = |a: i64, b: i64| {
        Span::new(
            day.span.from().plus_millis(a * MINUTE),
            day.span.from().plus_millis(b * MINUTE),
        )
        .unwrap()
    };
    assert_eq!(page.complete, [part(0, 3), part(600, 602)]);
}

#[test]
fn rows_of_other_days_and_broken_rows_are_told() {
    let day = file(Interval::Hour1, "2024-03-01", "2024-03-02");
    let from = day.span.from().millis();
    let hour = |n: i64| row(from + n * 3_600_000, from + (n + 1) * 3_600_000 - 1);
    let table = [
        hour(-1),
        hour(1),
        hour(0),
        hour(1),
        "x,1,1,1,1,1,1,1,1,1,1,0".to_owned(),
        hour(24),
    ]
    .join("\n");
    let page = read(&day, &table).unwrap();
    // In order, although the file was not.
    assert_eq!(
        page.candles
            .iter()
            .map(|c| c.open_time.millis())
            .collect::<Vec<_>>(),
        [from, from + 3_600_000]
    );
    let problems: Vec<(u64, String)> = page
        .rejected
        .iter()
        .map(|error| (error.line, error.to_string()))
        .collect();
    assert_eq!(page.rejected_count, 4);
    assert!(matches!(&page.rejected[0].reason, RowProblem::Outside { span, .. } if *span == day.span));
    assert_eq!(
        problems[0].1,
        "line 1: a candle at 2024-02-29T23:00:00Z does not belong into this file, which is for 2024-03-01T00:00:00Z to 2024-03-02T00:00:00Z"
    );
    assert!(
        problems[1].1.starts_with("line 4: another candle"),
        "{problems:?}"
    );
    assert!(
        problems[2].1.starts_with("line 5: open_time 'x' is not a time"),
        "{problems:?}"
    );
    assert_eq!(problems[3].0, 6);
}

#[test]
fn months_are_complete_by_the_calendar() {
    let year = ArchiveFile {
        period: ArchivePeriod::Month,
        ..file(Interval::Month1, "2024-01-01", "2024-06-01")
    };
    let table: Vec<String> = ["2024-01-01", "2024-02-01", "2024-04-01"]
        .map(|month| row(at(month).millis(), Interval::Month1.next(at(month)).millis() - 1))
        .into();
    let page = read(&year, &table.join("\n")).unwrap();
    let span = |from: &str, to: &str| Span::new(at(from), at(to)).unwrap();
    assert_eq!(
        page.complete,
        [span("2024-01-01", "2024-03-01"), span("2024-04-01", "2024-05-01")]
    );
}

#[test]
fn what_is_no_file_of_candles_is_refused_whole() {
    let day = file(Interval::Hour1, "2024-03-01", "2024-03-02");
    let check = |zip: Bytes, expected: &str| {
        let error = page(day.clone(), Sha256Hex::of(&zip), zip).unwrap_err();
        assert!(
            matches!(&error, MarketError::ArchiveUnusable { file, detail } if *file == day.name && detail.contains(expected)),
            "{expected}: {error:?}"
        );
        assert!(error.advice().contains("nothing has to be done"));
    };
    let name = "BTCUSDT-1h-2024-03-01.csv";
    let good = zipped(name, &row(day.span.from().millis(), 0));
    check(Bytes::from_static(b"PK\x03\x04"), "not a whole zip archive");
    check(good.slice(..good.len() / 2), "not a whole zip archive");
    check(zipped(name, ""), "empty");
    check(
        zipped("ETHUSDT-1h-2024-03-01.csv", "1"),
        "holds 'ETHUSDT-1h-2024-03-01.csv' instead of",
    );
    check(zipped(name, "<html>\n"), "no column for");
    // 24 candles cannot fill a megabyte.
    check(
        zipped(name, &"1,2,3\n".repeat(200_000)),
        "1200000 bytes, more than the 327680",
    );
    let mut changed = good.to_vec();
    let body = 30 + name.len();
    changed[body + 20] ^= 0x55;
    let error = page(day.clone(), Sha256Hex::of(&changed), changed.into()).unwrap_err();
    assert!(matches!(error, MarketError::ArchiveUnusable { .. }), "{error:?}");
}
