use proptest::prelude::*;

use super::*;

fn csv(map: &[(&str, &str)]) -> FileFormat {
    FileFormat::Csv(ColumnMap::new(map.iter().copied()).unwrap())
}

fn capture() -> FileFormat {
    FileFormat::Capture("BTCUSDT".parse().unwrap())
}

fn read(text: &str, options: ReadOptions) -> (Vec<String>, ImportReport) {
    let mut file = CandleFile::open(text.as_bytes(), options).unwrap();
    let rows = file
        .by_ref()
        .map(|row| match row {
            Ok(c) => format!(
                "{} {} {} {} {} {}",
                c.open_time, c.open, c.high, c.low, c.close, c.volume
            ),
            Err(error) => error.to_string(),
        })
        .collect();
    (rows, file.report())
}

#[test]
fn reads_tables_of_many_kinds() {
    let check = |text: &str, map: &[(&str, &str)]| {
        let (rows, report) = read(
            text,
            ReadOptions {
                interval: Interval::Hour1,
                format: csv(map),
            },
        );
        assert_eq!(
            rows,
            [
                "2024-01-31T12:00:00Z 1 2.0 0.5 1.5 10",
                "2024-01-31T13:00:00Z 1.5 3 1 2 0"
            ],
            "{text}"
        );
        assert_eq!((report.candles, report.rejected, report.off_grid), (2, 0, 0));
    };
    check(
        "open_time,open,high,low,close,volume\n1706702400000,1,2.0,0.5,1.5,10\n1706706000000,1.5,3,1,2,0\n",
        &[],
    );
    check("1706702400,1,2.0,0.5,1.5,10\r\n1706706000,1.5,3,1,2,0\r\n", &[]);
    check(
        "\u{feff}Date;Open;High;Low;Close;Volume\n2024-01-31 12:00;1;2.0;0.5;1.5;10\n2024-01-31 13:00;1.5;3;1;2;0",
        &[],
    );
    check(
        "# note\ntime\topen\thigh\tlow\tclose\tsize\n1706702400\t1\t2.0\t0.5\t1.5\t10\n1706706000\t1.5\t3\t1\t2\t0\n",
        &[("volume", "size")],
    );
    check(
        "close, open, high, low, v, t\n\"1.5\", 1, 2.0, 0.5, 10, 1706702400\n2, 1.5, 3, 1, 0, 1706706000\n",
        &[],
    );
}

#[test]
fn reads_archive_rows_in_both_units() {
    let ms = "1733011200000,96407.99,96500.00,96300.01,96400.00,12.50000000,1733014799999,1205000.12,100,6.0,578400.0,0\n";
    let us = "1735689600000000,96407.99,96500.00,96300.01,96400.00,12.5,1735693199999999,1205000.12,100,6.0,578400.0,0\n";
    let header = "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,\
                  taker_buy_quote_volume,ignore\n";
    for format in [FileFormat::Archive, csv(&[])] {
        for text in [format!("{ms}{us}"), format!("{header}{ms}{us}")] {
            let file = CandleFile::open(
                text.as_bytes(),
                ReadOptions {
                    interval: Interval::Hour1,
                    format: format.clone(),
                },
            )
            .unwrap();
            let candles: Vec<Candle> = file.map(Result::unwrap).collect();
            assert_eq!(candles.len(), 2);
            assert_eq!(candles[1].open_time.to_string(), "2025-01-01T00:00:00Z");
            for candle in candles {
                assert_eq!((candle.close_time, candle.trades), (None, Some(100)));
                assert_eq!(candle.taker_base_volume.unwrap().to_string(), "6.0");
            }
        }
    }
}

#[test]
fn tells_what_is_wrong_with_a_row() {
    let text = "time,open,high,low,close,volume\n\
        1706702400,1,2,0.5,1.5,10\n\
        1706702400,1,2,0.5,1.5,10\n\
        1706706000,1,2,0.5\n\
        1706709600,1,2,0.5,x,10\n\
        1706709600,1,0.9,0.5,1,10\n\
        1706709600,1,2,0.5,1,-10\n\
        1706709600,0,2,0,1,10\n\
        yesterday,1,2,0.5,1,10\n\
        1706713200,1,2,0.5,1,10,more,and more\n\
        1706698800,1,2,0.5,1,10\n\
        1706716800.5,1,2,0.5,1,10\n";
    let (rows, report) = read(text, ReadOptions::csv(Interval::Hour1));
    let errors: Vec<&String> = rows.iter().filter(|row| row.starts_with("line")).collect();
    assert_eq!(
        errors,
        [
            "line 3: another candle at 2024-01-31T12:00:00Z came before",
            "line 4: close is missing",
            "line 5: close: 'x' is not a decimal number",
            "line 6: candle at 2024-01-31T14:00:00Z: prices contradict each other (low <= open, close <= high must hold)",
            "line 7: candle at 2024-01-31T14:00:00Z: an amount is below zero",
            "line 8: candle at 2024-01-31T14:00:00Z: a price is not above zero",
            "line 9: open_time 'yesterday' is not a time",
        ]
    );
    assert_eq!((report.candles, report.rejected, report.duplicates), (4, 7, 1));
    assert_eq!((report.off_grid, report.out_of_order), (1, 1));
    assert!(matches!(
        report.notes[..],
        [
            RowNote::OutOfOrder { line: 11, .. },
            RowNote::OffGrid { line: 12, .. }
        ]
    ));
    assert_eq!(report.first.unwrap().to_string(), "2024-01-31T11:00:00Z");
    assert_eq!(report.last.unwrap().to_string(), "2024-01-31T16:00:00.5Z");
}

#[test]
fn keeps_a_hundred_reasons_and_counts_the_rest() {
    let text = format!("time,open,high,low,close,volume\n{}", "x,1,1,1,1,1\n".repeat(250));
    let (_, report) = read(&text, ReadOptions::csv(Interval::Hour1));
    assert_eq!((report.rejected, report.problems.len()), (250, 100));
}

#[test]
fn takes_closed_candles_of_a_capture() {
    let kline = |symbol: &str, t: i64, closed: bool| {
        format!(
            r#"{{"stream":"x","data":{{"e":"kline","E":{t},"s":"{symbol}","k":{{"t":{t},"T":{},"s":"{symbol}","i":"1m",
            "o":"1","c":"1","h":"1","l":"1","v":"1","n":1,"x":{closed},"q":"1","V":"1","Q":"1","B":"0"}}}}}}"#,
            t + 59_999
        )
        .replace('\n', "")
    };
    let text = format!(
        "wss://example.org/stream?streams=x <-> 1.5\n1.6: {}\n1.7: {}\n1.8: {}\n1.9: {{\n\ngarbage\n",
        kline("BTCUSDT", 1_706_702_400_000, false),
        kline("BTCUSDT", 1_706_702_400_000, true),
        kline("ETHUSDT", 1_706_702_400_000, true),
    );
    let (rows, report) = read(
        &text,
        ReadOptions {
            interval: Interval::Minute1,
            format: capture(),
        },
    );
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(rows[0], "2024-01-31T12:00:00Z 1 1 1 1 1");
    assert_eq!((report.candles, report.rejected, report.ignored), (1, 2, 4));
}

#[test]
fn refuses_files_that_are_none() {
    let check = |text: &str, expected: &str| {
        let error = CandleFile::open(text.as_bytes(), ReadOptions::csv(Interval::Hour1)).unwrap_err();
        assert!(error.to_string().contains(expected), "{text}: {error}");
    };
    check("", "empty");
    check("\u{feff}", "empty");
    check("a,b,c\n1,2,3\n", "no column for open_time among: a, b, c");
    check("<html><body>no</body></html>", "no column");
}

#[test]
fn a_file_that_breaks_off_says_so() {
    struct Breaks(bool);
    impl Read for Breaks {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let text = b"time,open,high,low,close,volume\n1706702400,1,2,0.5,1.5,10\n";
            if std::mem::replace(&mut self.0, true) {
                return Err(std::io::Error::other("bad sector"));
            }
            into[..text.len()].copy_from_slice(text);
            Ok(text.len())
        }
    }
    let mut file = CandleFile::open(Breaks(false), ReadOptions::csv(Interval::Hour1)).unwrap();
    assert!(file.next().unwrap().is_ok());
    assert!(matches!(
        file.next(),
        Some(Err(RowError {
            reason: RowProblem::BrokenOff(_),
            ..
        }))
    ));
    assert!(file.next().is_none() && file.report().broken_off);
}

proptest! {
    #[test]
    fn never_panics_on_any_text(text in "\\PC{0,300}", which in 0_u8..3) {
        let format = [csv(&[]), FileFormat::Archive, capture()][usize::from(which)].clone();
        if let Ok(file) = CandleFile::open(text.as_bytes(), ReadOptions { interval: Interval::Minute1, format }) {
            file.for_each(drop);
        }
    }

    #[test]
    fn never_panics_on_any_bytes_after_a_header(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut text = b"time,open,high,low,close,volume,close_time,trades\n".to_vec();
        text.extend(bytes);
        let file = CandleFile::open(text.as_slice(), ReadOptions::csv(Interval::Minute1)).unwrap();
        file.for_each(drop);
    }

    #[test]
    fn a_written_candle_reads_back_exactly(
        units in proptest::collection::vec((1_i64..1_000_000_000, 0_i64..1_000_000_000_000), 1..50), scale in 0_u8..9
    ) {
        let mut text = "open_time,open,high,low,close,volume\n".to_owned();
        let price = |units| promptpal_domain::Decimal::new(units, scale);
        for (at, (low, volume)) in units.iter().enumerate() {
            let [o, h, l] = [price(low + 1), price(low + 2), price(*low)];
            text += &format!("{},{o},{h},{l},{o},{}\n", at as i64 * 60_000 + 1_700_000_040_000, price(*volume));
        }
        let file = CandleFile::open(text.as_bytes(), ReadOptions::csv(Interval::Minute1)).unwrap();
        let candles: Vec<Candle> = file.map(Result::unwrap).collect();
        prop_assert_eq!(candles.len(), units.len());
        for (candle, (low, volume)) in candles.iter().zip(&units) {
            prop_assert_eq!(candle.low.to_string(), price(*low).to_string());
            prop_assert_eq!(candle.volume.to_string(), price(*volume).to_string());
        }
    }
}
