//! Joined candles against those of pandas 3.1, where this machine has the files. The files are not part of the project.
//!
//! The reference is `resample(rule, label="left", closed="left")` over integers of 10^-8, empty buckets left out, with
//! `W-MON` for weeks and `MS` for months; what is kept of it is a count and a sum (FNV, from 0) over lines of
//! `open time, open, high, low, close, volume, candles in it`.

use std::fs::File;

use promptpal_domain::{Candle, Interval};

use super::resample_marked;
use crate::conformance::shared;
use crate::{CandleFile, ReadOptions};

fn check(name: &str, from: Interval, expected: &[(Interval, usize, u64)]) {
    let Some(path) = shared(&format!("candles/{name}")) else {
        return;
    };
    let file = CandleFile::open(File::open(path).unwrap(), ReadOptions::csv(from)).unwrap();
    let candles: Vec<Candle> = file.map(Result::unwrap).collect();
    for (to, count, sum) in expected {
        let buckets = resample_marked(&candles, from, *to).unwrap();
        let mut seen = 0_u64;
        for bucket in &buckets {
            let Candle {
                open_time,
                open,
                high,
                low,
                close,
                volume,
                ..
            } = &bucket.candle;
            let [o, h, l, c, v] = [open, high, low, close, volume].map(|d| d.units_at(8).unwrap());
            let line = format!("{},{o},{h},{l},{c},{v},{}\n", open_time.millis(), bucket.present);
            for byte in line.bytes() {
                seen = (seen ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
            }
        }
        assert_eq!((buckets.len(), seen), (*count, *sum), "{name} {to}");
    }
}

#[test]
fn joined_candles_are_those_of_pandas() {
    check(
        "btcusdt_1h_201708_202404.csv",
        Interval::Hour1,
        &[
            (Interval::Hour4, 14_621, 0xd25d_6d4b_af56_7f1c),
            (Interval::Hour12, 4879, 0xbe78_d0a1_9c02_07d4),
            (Interval::Day1, 2440, 0x25ce_5994_a39b_ab6a),
            (Interval::Week1, 349, 0x9ad2_3b98_5892_8968),
            (Interval::Month1, 81, 0x84a2_6b58_668b_5da9),
        ],
    );
    check(
        "gappy_unittest_btc_1m_201711.csv",
        Interval::Minute1,
        &[
            (Interval::Minute3, 4780, 0x2706_6531_60a4_97e1),
            (Interval::Hour1, 240, 0x8cdd_e978_5474_f8ee),
            (Interval::Week1, 3, 0x8576_f207_43ba_bcb3),
        ],
    );
    check(
        "ethbtc_5m_201801.csv",
        Interval::Minute5,
        &[
            (Interval::Minute30, 961, 0xcdcb_5d10_8ba0_6d91),
            (Interval::Day1, 21, 0x1df6_7956_335e_671d),
            (Interval::Month1, 1, 0x6ac7_87b9_9a95_ffe5),
        ],
    );
}
