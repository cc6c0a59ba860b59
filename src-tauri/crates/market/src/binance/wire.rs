//! The exchange's JSON over REST. Converted here, once, and seen nowhere else.

use std::fmt;

use promptpal_domain::{Candle, Decimal, DecimalError, Interval, Timestamp};
use serde::Deserialize;
use serde::de::{IgnoredAny, SeqAccess, Visitor};

use crate::moment;

/// `{"serverTime": 1}`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServerTime {
    pub(crate) server_time: i64,
}

/// `{"code": -1121, "msg": "Invalid symbol."}`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ErrorBody {
    pub(crate) code: i64,
    pub(crate) msg: String,
}

/// The reply of `exchangeInfo`, as far as it is used. Everything else may come and go.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExchangeInfo {
    pub(crate) server_time: i64,
    #[serde(default)]
    pub(crate) rate_limits: Vec<RateLimit>,
    #[serde(default)]
    pub(crate) symbols: Vec<SymbolRow>,
}

/// One limit of the exchange's list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RateLimit {
    pub(crate) rate_limit_type: String,
    pub(crate) interval: String,
    pub(crate) interval_num: u32,
    pub(crate) limit: u32,
}

impl RateLimit {
    /// The letter of its header and its length in milliseconds.
    pub(crate) fn unit(&self) -> Option<(char, i64)> {
        match self.interval.as_str() {
            "SECOND" => Some(('s', 1000)),
            "MINUTE" => Some(('m', 60_000)),
            "HOUR" => Some(('h', 3_600_000)),
            "DAY" => Some(('d', 86_400_000)),
            _ => None,
        }
    }
}

/// One instrument.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SymbolRow {
    pub(crate) symbol: String,
    #[serde(default)]
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) base_asset: String,
    #[serde(default)]
    pub(crate) quote_asset: String,
    #[serde(default)]
    pub(crate) filters: Vec<Filter>,
}

/// One rule of an instrument; only the two steps matter here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Filter {
    #[serde(default)]
    pub(crate) filter_type: String,
    pub(crate) tick_size: Option<String>,
    pub(crate) step_size: Option<String>,
}

/// A candle as the exchange writes it: an array of twelve.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KlineRow<'a> {
    pub(crate) open_time: i64,
    /// Open, high, low, close.
    pub(crate) prices: [&'a str; 4],
    pub(crate) volume: &'a str,
    pub(crate) close_time: i64,
    pub(crate) quote_volume: &'a str,
    pub(crate) trades: i64,
    pub(crate) taker_base: &'a str,
    pub(crate) taker_quote: &'a str,
}

impl<'de: 'a, 'a> Deserialize<'de> for KlineRow<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Row;
        impl<'de> Visitor<'de> for Row {
            type Value = KlineRow<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a candle of at least eleven fields")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                fn field<'de, T: Deserialize<'de>, A: SeqAccess<'de>>(
                    seq: &mut A,
                    at: usize,
                ) -> Result<T, A::Error> {
                    seq.next_element()?
                        .ok_or_else(|| serde::de::Error::invalid_length(at, &"eleven fields"))
                }
                let row = KlineRow {
                    open_time: field(&mut seq, 0)?,
                    prices: [
                        field(&mut seq, 1)?,
                        field(&mut seq, 2)?,
                        field(&mut seq, 3)?,
                        field(&mut seq, 4)?,
                    ],
                    volume: field(&mut seq, 5)?,
                    close_time: field(&mut seq, 6)?,
                    quote_volume: field(&mut seq, 7)?,
                    trades: field(&mut seq, 8)?,
                    taker_base: field(&mut seq, 9)?,
                    taker_quote: field(&mut seq, 10)?,
                };
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(row)
            }
        }
        deserializer.deserialize_seq(Row)
    }
}

/// Why a row of the exchange makes no candle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RowRefused {
    #[error(transparent)]
    Number(#[from] DecimalError),
    #[error(transparent)]
    Candle(#[from] promptpal_domain::CandleError),
}

impl KlineRow<'_> {
    /// The row as a candle of `interval`.
    pub(crate) fn candle(&self, interval: Interval) -> Result<Candle, RowRefused> {
        let [open, high, low, close] = self.prices.map(|text| Decimal::parse_bytes(text.as_bytes()));
        let open_time = moment::by_magnitude(self.open_time);
        let candle = Candle {
            open_time,
            close_time: irregular_close(interval, open_time, moment::by_magnitude(self.close_time)),
            open: open?,
            high: high?,
            low: low?,
            close: close?,
            volume: amount(self.volume)?,
            quote_volume: Some(amount(self.quote_volume)?),
            trades: Some(self.trades),
            taker_base_volume: Some(amount(self.taker_base)?),
            taker_quote_volume: Some(amount(self.taker_quote)?),
        };
        Ok(candle.checked()?)
    }
}

/// `close` unless it is the millisecond before the next opening, which goes without saying.
pub(crate) fn irregular_close(interval: Interval, open: Timestamp, close: Timestamp) -> Option<Timestamp> {
    (close != interval.next(open).plus_millis(-1)).then_some(close)
}

/// An amount. Turnover of a month in a small currency has more digits than 63 bits: such an amount loses its last
/// decimals (cut off, never a digit before the point). Prices are never cut.
pub(crate) fn amount(text: &str) -> Result<Decimal, DecimalError> {
    let whole = Decimal::parse_bytes(text.as_bytes());
    let (Err(DecimalError::TooLarge(_)), Some((before, decimals))) = (&whole, text.split_once('.')) else {
        return whole;
    };
    let shorter = (0..decimals.len()).rev().filter_map(|keep| decimals.get(..keep));
    for kept in shorter {
        if let Ok(value) = Decimal::parse_bytes(format!("{before}.{kept}").as_bytes()) {
            return Ok(value);
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ROW: &str = r#"[1499040000000,"0.01634790","0.80000000","0.01575800","0.01577100","148976.11427815",
        1499644799999,"2434.19055334",308,"1756.87402397","28.46694368","0"]"#;

    #[test]
    fn reads_a_row() {
        let candle = serde_json::from_str::<KlineRow<'_>>(ROW)
            .unwrap()
            .candle(Interval::Week1)
            .unwrap();
        assert_eq!(candle.open_time.to_string(), "2017-07-03T00:00:00Z");
        assert_eq!(candle.close_time, None);
        assert_eq!(candle.high.to_string(), "0.80000000");
        assert_eq!(candle.trades, Some(308));
        // In microseconds, and longer than today's rows.
        let longer = ROW
            .replace("1499040000000", "1499040000000000")
            .replace("1499644799999", "1499644799999999");
        let longer = longer.replace("\"0\"]", "\"0\",{\"new\":[1]}]");
        assert_eq!(
            serde_json::from_str::<KlineRow<'_>>(&longer)
                .unwrap()
                .candle(Interval::Week1)
                .unwrap(),
            candle
        );
        let early = ROW.replace("1499644799999", "1499644790000");
        let early = serde_json::from_str::<KlineRow<'_>>(&early)
            .unwrap()
            .candle(Interval::Week1)
            .unwrap();
        assert_eq!(early.close_time.map(Timestamp::millis), Some(1_499_644_790_000));
    }

    #[test]
    fn refuses_what_is_no_row() {
        for text in [
            "[]",
            "{}",
            "[1]",
            "null",
            &ROW.replace("\"0.80000000\"", "\"0.001\""),
            &ROW.replace("0.015758", "x"),
        ] {
            let row = serde_json::from_str::<KlineRow<'_>>(text);
            assert!(
                row.map_or(true, |row| row.candle(Interval::Week1).is_err()),
                "{text}"
            );
        }
    }

    #[test]
    fn cuts_amounts_beyond_63_bits() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                amount(text).ok().map(|d| d.to_string()).as_deref(),
                expected,
                "{text}"
            );
        };
        check("148976.11427815", Some("148976.11427815"));
        check("142483942342.12345678", Some("142483942342.1234567"));
        check("9223372036854775807.5", Some("9223372036854775807"));
        check("92233720368547758070.5", None);
        check("x.5", None);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}") {
            let _ = serde_json::from_str::<KlineRow<'_>>(&text).map(|row| row.candle(Interval::Minute1));
            let _ = amount(&text);
        }

        #[test]
        fn any_numbers_never_panic(t in any::<i64>(), c in any::<i64>(), n in any::<i64>(), p in "[0-9.eE+-]{0,30}") {
            let row = KlineRow { open_time: t, prices: [&p; 4], volume: &p, close_time: c, quote_volume: &p, trades: n,
                taker_base: &p, taker_quote: &p };
            for interval in Interval::ALL {
                let _ = row.candle(interval);
            }
        }
    }
}
