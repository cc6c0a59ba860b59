//! The exchange's JSON over REST. Converted here, once, and seen nowhere else.

use std::borrow::Cow;
use std::fmt;

use promptpal_domain::{Candle, Decimal, DecimalError, Interval, Symbol, Timestamp};
use serde::Deserialize;
use serde::de::{IgnoredAny, SeqAccess, Visitor};

pub(crate) use crate::amount::amount;
use crate::{Ticker, moment};

/// `{"serverTime": 1}`
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServerTime {
    pub(crate) server_time: i64,
}

/// The reply of `exchangeInfo`, as far as it is used. Everything else may come and go.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExchangeInfo {
    pub(crate) server_time: i64,
    #[serde(default)]
    pub(crate) rate_limits: Vec<RateLimit>,
    #[serde(default, deserialize_with = "crate::lenient::rows")]
    pub(crate) symbols: Vec<SymbolRow>,
}

impl ExchangeInfo {
    /// The limit of the request weight: its size, its window in milliseconds, and the header that counts it.
    pub(crate) fn weight_limit(&self) -> Option<(u32, i64, String)> {
        let limit = self
            .rate_limits
            .iter()
            .find(|l| l.rate_limit_type == "REQUEST_WEIGHT")?;
        let (letter, unit_ms) = limit.unit()?;
        let window_ms = unit_ms.saturating_mul(i64::from(limit.interval_num.max(1)));
        let header = format!("x-mbx-used-weight-{}{letter}", limit.interval_num);
        Some((limit.limit, window_ms, header))
    }
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
    fn unit(&self) -> Option<(char, i64)> {
        match self.interval.as_str() {
            "SECOND" => Some(('s', 1000)),
            "MINUTE" => Some(('m', 60_000)),
            "HOUR" => Some(('h', 3_600_000)),
            "DAY" => Some(('d', 86_400_000)),
            _ => None,
        }
    }
}

/// One instrument. Only its name must be there.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SymbolRow {
    pub(crate) symbol: String,
    pub(crate) status: Option<String>,
    pub(crate) base_asset: Option<String>,
    pub(crate) quote_asset: Option<String>,
    #[serde(default, deserialize_with = "crate::lenient::rows")]
    pub(crate) filters: Vec<Filter>,
}

/// One rule of an instrument; only the two steps matter here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Filter {
    pub(crate) filter_type: Option<String>,
    pub(crate) tick_size: Option<String>,
    pub(crate) step_size: Option<String>,
}

/// Figures of the last 24 hours, in the short form (`type=MINI`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TickerRow<'a> {
    #[serde(borrow)]
    pub(crate) symbol: Cow<'a, str>,
    #[serde(borrow)]
    last_price: Cow<'a, str>,
    #[serde(borrow)]
    open_price: Cow<'a, str>,
    #[serde(borrow)]
    high_price: Cow<'a, str>,
    #[serde(borrow)]
    low_price: Cow<'a, str>,
    #[serde(borrow)]
    volume: Cow<'a, str>,
    #[serde(borrow)]
    quote_volume: Cow<'a, str>,
    close_time: i64,
}

impl TickerRow<'_> {
    /// The figures as those of `symbol`.
    pub(crate) fn ticker(&self, symbol: Symbol) -> Result<Ticker, DecimalError> {
        let price = |text: &str| Decimal::parse_bytes(text.as_bytes());
        Ok(Ticker {
            symbol,
            last: price(&self.last_price)?,
            open_24h: price(&self.open_price)?,
            high_24h: price(&self.high_price)?,
            low_24h: price(&self.low_price)?,
            volume_24h: amount(&self.volume)?,
            quote_volume_24h: Some(amount(&self.quote_volume)?),
            at: moment::by_magnitude(self.close_time),
        })
    }
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
    fn reads_the_weight_limit_of_any_window() {
        let info = |interval: &str, number: u32| {
            let text = format!(
                r#"{{"serverTime":1,"rateLimits":[
                    {{"rateLimitType":"RAW_REQUESTS","interval":"MINUTE","intervalNum":5,"limit":7}},
                    {{"rateLimitType":"REQUEST_WEIGHT","interval":"{interval}","intervalNum":{number},"limit":40}}]}}"#
            );
            serde_json::from_str::<ExchangeInfo>(&text)
                .unwrap()
                .weight_limit()
        };
        let header = |name: &str| name.to_owned();
        assert_eq!(
            info("SECOND", 10),
            Some((40, 10_000, header("x-mbx-used-weight-10s")))
        );
        assert_eq!(
            info("MINUTE", 1),
            Some((40, 60_000, header("x-mbx-used-weight-1m")))
        );
        assert_eq!(info("FORTNIGHT", 1), None);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}") {
            let _ = serde_json::from_str::<KlineRow<'_>>(&text).map(|row| row.candle(Interval::Minute1));
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
