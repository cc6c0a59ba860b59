//! Candle files as exchanges and tools write them, and such as nobody should.

use super::*;
use proptest::prelude::*;

#[test]
fn reads_what_exchanges_and_tools_write() {
    let text = b"\xef\xbb\xbfopen_time,open,high,low,close,volume,trades\r\n1502942400000,4261.48,4313.62,4261.32,4308.83,47.181009,171\r\n1502946000000,4308.83,4328.690,4291.37,4315.32,2.3234916e1,9\r\n\r\n";
    let bars = bars_from_csv(text).unwrap();
    assert_eq!(
        (bars.len(), bars.interval, bars.price_scale, bars.volume_scale),
        (2, Interval::Hour1, 2, 6)
    );
    assert_eq!(
        (bars.high[1], bars.volume[1], bars.volume[0]),
        (4328.69, 23.234916, 47.181009)
    );
    let reordered = b"Date,Close,Open,Low,High\n1600000000,2,1,1,2\n1600086400,2,2,2,2\n1600172800,3,2,1,4";
    let bars = bars_from_csv(reordered).unwrap();
    assert_eq!(
        (bars.interval, bars.open_time[0], bars.high[2]),
        (Interval::Day1, 1_600_000_000_000, 4.0)
    );
    assert_eq!(bars.volume, [0.0; 3]);
    let micros =
        b"open_time,open,high,low,close,volume\n1735689600000000,1,1,1,1,0\n1735689660000000,1,1,1,1,0\n";
    assert_eq!(
        bars_from_csv(micros).unwrap().open_time,
        [1_735_689_600_000, 1_735_689_660_000]
    );
}

#[test]
fn names_the_line_at_fault() {
    let check = |rows: &str, expected: BacktestError| {
        assert_eq!(
            bars_from_csv(format!("open_time,open,high,low,close,volume\n{rows}").as_bytes()),
            Err(expected)
        );
    };
    let row = |line, problem, text: &str| BacktestError::CsvRow {
        line,
        problem,
        text: text.to_owned(),
    };
    check("", BacktestError::NoBars);
    check("x,1,1,1,1,1", row(2, "the open time is no number", "x"));
    check(
        "1600000000000,1,1,1,1,1\n1600000000000,1,1,1,1,1",
        row(3, "the open time is not after the one before", "1600000000000"),
    );
    check(
        "1600000000000,1,1,1,1..2,1",
        row(2, "a price is no number", "1..2"),
    );
    check("1600000000000,1,1,1", row(2, "a price is no number", ""));
    check("1600000000000,1,1,1,.,1", row(2, "a price is no number", "."));
    check(
        "1600000000000,1,0,1,1,1",
        row(2, "a price is not above zero", "0"),
    );
    check("1600000000000,1,1,1,nan,1", row(2, "a price is no number", "nan"));
    check(
        "1600000000000,1,1,1,1,-1",
        row(2, "the volume is below zero", "-1"),
    );
    check(
        "1600000000000,1,1,1,1,1\n1600000000777,1,1,1,1,1",
        BacktestError::CsvInterval(777),
    );
    assert_eq!(
        bars_from_csv(b"time,open\n"),
        Err(BacktestError::CsvColumn("high"))
    );
    assert_eq!(bars_from_csv(b""), Err(BacktestError::CsvColumn("open_time")));
}

/// Hands out a few bytes at a time.
struct Drops<'a>(&'a [u8]);

impl Read for Drops<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let n = self.0.len().min(to.len()).min(7);
        to[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        Ok(n)
    }
}

#[test]
fn blocks_and_the_whole_are_read_alike() {
    let mut text = "open_time,open,high,low,close,volume,trades\n".to_owned();
    for i in 0..40_i64 {
        let odd = if i % 7 == 0 { " 101.125 " } else { "101.5" };
        let volume = if i % 5 == 0 { "1e3" } else { "12.75" };
        text += &format!(
            "{},100.25,{odd},99,100.{i},{volume},{i}\n",
            1_600_000_000_000 + i * 60_000
        );
    }
    for text in [text.as_str(), text.trim_end(), &text.replace('\n', "\r\n")] {
        let whole = bars_from_csv(text.as_bytes()).unwrap();
        assert_eq!((whole.len(), whole.price_scale, whole.volume_scale), (40, 3, 2));
        assert_eq!(bars_from_reader(Drops(text.as_bytes()), 0).unwrap(), whole);
    }
    assert!(matches!(
        bars_from_reader(Drops(b"time,open"), 0),
        Err(CsvReadError::Candles(BacktestError::CsvColumn("high")))
    ));
    let wrong = text.replace("100.39,", "100.x,");
    let Err(CsvReadError::Candles(error)) = bars_from_reader(Drops(wrong.as_bytes()), 0) else {
        panic!("a wrong price is read");
    };
    assert_eq!(Err(error), bars_from_csv(wrong.as_bytes()));
}

proptest! {
    #[test]
    fn plain_rows_are_read_as_any_other(
        prices in prop::collection::vec("[0-9]{1,9}(\\.[0-9]{0,8})?", 5),
        time in 1_000_000_000_u64..2_000_000_000,
    ) {
        let header = "open_time,open,high,low,close,volume\n";
        let plain = format!("{header}{time},{}\n", prices.join(","));
        // A blank makes a field anything but plain.
        let other = format!("{header}{time}, {}\n", prices.join(", "));
        prop_assert_eq!(bars_from_csv(plain.as_bytes()).is_ok(), bars_from_csv(other.as_bytes()).is_ok());
        if let (Ok(plain), Ok(other)) = (bars_from_csv(plain.as_bytes()), bars_from_csv(other.as_bytes())) {
            prop_assert_eq!(plain, other);
        }
    }

    #[test]
    fn reads_every_decimal_as_the_standard_library_does(whole in 0_u64..10_000_000_000, decimals in "[0-9]{0,20}") {
        let text = format!("{whole}.{decimals}");
        prop_assert_eq!(number(text.as_bytes()).unwrap().0, text.parse::<f64>().unwrap());
    }

    #[test]
    fn never_panics(text in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = bars_from_csv(&text);
        let mut with_header = b"open_time,open,high,low,close,volume\n".to_vec();
        with_header.extend(text);
        let _ = bars_from_csv(&with_header);
    }
}
