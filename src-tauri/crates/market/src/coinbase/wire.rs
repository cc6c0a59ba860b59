//! The venue's JSON. Converted here, once, and seen nowhere else.

use promptpal_domain::{Candle, CandleError, Decimal, DecimalError, Symbol, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::amount::amount;
use crate::{SymbolInfo, SymbolStatus, Ticker};

/// Digits that a double keeps of any decimal (C's `DBL_DIG`).
const DOUBLE_DIGITS: u32 = 15;

/// `{"iso": "2015-01-07T23:47:25.201Z", "epoch": 1420674445.201}`
#[derive(Debug, Deserialize)]
pub(super) struct Time {
    pub(super) iso: String,
}

/// `GET /products`
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Products {
    #[serde(deserialize_with = "crate::lenient::rows")]
    pub(super) rows: Vec<Product>,
}

/// One instrument. Only its name must be there.
#[derive(Debug, Deserialize)]
pub(super) struct Product {
    id: String,
    base_currency: Option<String>,
    quote_currency: Option<String>,
    base_increment: Option<String>,
    quote_increment: Option<String>,
    status: Option<String>,
    #[serde(default)]
    trading_disabled: bool,
    #[serde(default)]
    cancel_only: bool,
}

impl Product {
    /// The instrument, or nothing where its name is none we can use.
    pub(super) fn info(self) -> Option<SymbolInfo> {
        let step = |text: Option<String>| {
            text.and_then(|text| text.parse::<Decimal>().ok())
                .map(Decimal::trimmed)
                .filter(|d| *d > Decimal::ZERO)
        };
        let status = match self.status.as_deref().unwrap_or_default() {
            "online" if self.trading_disabled => SymbolStatus::Halt,
            "online" if self.cancel_only => SymbolStatus::CancelOnly,
            "online" => SymbolStatus::Trading,
            "delisted" => SymbolStatus::Break,
            other => SymbolStatus::Other(other.to_owned()),
        };
        let Ok(symbol) = self.id.parse() else {
            tracing::warn!(symbol = self.id, "a symbol with an unusable name is left out");
            return None;
        };
        Some(SymbolInfo {
            symbol,
            base: self.base_currency.unwrap_or_default(),
            quote: self.quote_currency.unwrap_or_default(),
            status,
            tick: step(self.quote_increment),
            lot: step(self.base_increment),
        })
    }
}

/// `GET /products/{id}/stats`; a product that was never traded has no numbers.
#[derive(Debug, Deserialize)]
pub(super) struct Stats<'a> {
    #[serde(borrow)]
    open: Option<&'a RawValue>,
    #[serde(borrow)]
    high: Option<&'a RawValue>,
    #[serde(borrow)]
    low: Option<&'a RawValue>,
    #[serde(borrow)]
    last: Option<&'a RawValue>,
    #[serde(borrow)]
    volume: Option<&'a RawValue>,
}

impl Stats<'_> {
    /// The figures, or nothing where one of them is absent.
    pub(super) fn ticker(&self, symbol: Symbol, at: Timestamp) -> Option<Ticker> {
        let price = |raw: Option<&RawValue>| number(raw?).ok();
        Some(Ticker {
            symbol,
            last: price(self.last)?,
            open_24h: price(self.open)?,
            high_24h: price(self.high)?,
            low_24h: price(self.low)?,
            volume_24h: volume(self.volume?).ok()?,
            quote_volume_24h: None,
            at,
        })
    }
}

/// Why a row makes no candle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RowRefused {
    #[error("a candle has {0} of six numbers")]
    Short(usize),
    #[error("a candle's time is no whole number of seconds")]
    Time,
    #[error(transparent)]
    Number(#[from] DecimalError),
    #[error(transparent)]
    Candle(#[from] CandleError),
}

/// The candles of an answer, oldest first, each opening once. The venue sends them newest first; the order is not
/// relied on.
pub(super) fn candles(body: &[u8]) -> Result<Result<Vec<Candle>, RowRefused>, serde_json::Error> {
    let rows: Vec<Vec<&RawValue>> = serde_json::from_slice(body)?;
    let read: Result<Vec<Candle>, RowRefused> = rows.iter().map(|row| candle(row)).collect();
    Ok(read.map(|mut candles| {
        candles.sort_by_key(|candle| candle.open_time);
        candles.dedup_by_key(|candle| candle.open_time);
        candles
    }))
}

/// `[time, low, high, open, close, volume]`
fn candle(row: &[&RawValue]) -> Result<Candle, RowRefused> {
    let [time, low, high, open, close, traded, ..] = row else {
        return Err(RowRefused::Short(row.len()));
    };
    let seconds = number(time)?.units_at(0).map_err(|_| RowRefused::Time)?;
    let candle = Candle {
        open_time: Timestamp::from_millis(seconds.checked_mul(1000).ok_or(RowRefused::Time)?),
        close_time: None,
        open: number(open)?,
        high: number(high)?,
        low: number(low)?,
        close: number(close)?,
        volume: volume(traded)?,
        quote_volume: None,
        trades: None,
        taker_base_volume: None,
        taker_quote_volume: None,
    };
    Ok(candle.checked()?)
}

/// A number by its own digits, whether it stands there as a number or as a text.
fn number(raw: &RawValue) -> Result<Decimal, DecimalError> {
    Decimal::parse_bytes(raw.get().trim_matches('"').as_bytes())
}

/// An amount without the noise of the venue's arithmetic.
///
/// It adds amounts up as doubles and writes what comes out: `14.697630010000001`. Digits behind the fifteenth are none of
/// the market's, and kept they would make the series so fine that a large amount no longer fits. Amounts of up to
/// fifteen digits are kept to the last one.
fn volume(raw: &RawValue) -> Result<Decimal, DecimalError> {
    let exact = amount(raw.get().trim_matches('"'))?;
    let digits = exact
        .units()
        .unsigned_abs()
        .checked_ilog10()
        .map_or(1, |log| log + 1);
    let spare = digits.saturating_sub(DOUBLE_DIGITS).min(u32::from(exact.scale()));
    if spare == 0 {
        return Ok(exact);
    }
    let unit = 10_i64.pow(spare);
    let rounded = (exact.units() + exact.units().signum() * (unit / 2)) / unit;
    let scale = u32::from(exact.scale()) - spare;
    Ok(Decimal::new(rounded, u8::try_from(scale).unwrap_or_default()).trimmed())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(body: &str) -> Vec<Candle> {
        candles(body.as_bytes()).unwrap().unwrap()
    }

    #[test]
    fn numbers_keep_every_digit() {
        let rows = read(
            "[[1415398828,0.000000123456789,4.2,0.35,4.20,12.3],\
              [1415398768, 0.32, 4.2e0, 0.35, 4.2, 1E-8, \"more\"], [1415398768,0.32,4.2,0.35,4.2,0]]",
        );
        let texts = |c: &Candle| [c.open, c.high, c.low, c.close, c.volume].map(|d| d.to_string());
        assert_eq!(rows.len(), 2, "in order, each once");
        assert_eq!(rows[0].open_time.millis(), 1_415_398_768_000);
        assert_eq!(texts(&rows[0]), ["0.35", "4.2", "0.32", "4.2", "0.00000001"]);
        assert_eq!(
            texts(&rows[1]),
            ["0.35", "4.2", "0.000000123456789", "4.20", "12.3"]
        );
    }

    #[test]
    fn the_noise_of_doubles_is_taken_off_amounts() {
        let check = |text: &str, expected: &str| {
            let raw = RawValue::from_string(text.to_owned()).unwrap();
            assert_eq!(volume(&raw).unwrap().to_string(), expected, "{text}");
        };
        check("14.697630010000001", "14.69763001");
        check("27.021235869999998", "27.02123587");
        check("1234567.12345678", "1234567.12345678");
        check("123456.123456789", "123456.123456789");
        check("1234567890123456789", "1234567890123456789");
        check("98765432109876.5432", "98765432109876.5");
        check("\"0.5\"", "0.5");
        check("0", "0");
    }

    #[test]
    fn refuses_what_is_no_candle() {
        let refused = |body: &str| match candles(body.as_bytes()) {
            Ok(read) => read.is_err(),
            Err(_) => true,
        };
        for body in [
            "{}",
            "[[1,2,3,4,5]]",
            "[[1.5,1,1,1,1,1]]",
            "[[1,1,1,1,1,null]]",
            "[[1,2,1,1,1,1]]",
            "[[1,0,1,1,1,1]]",
            "[[9223372036854775,1,1,1,1,1]",
            "[[9223372036854775807,1,1,1,1,1]]",
        ] {
            assert!(refused(body), "{body}");
        }
        assert_eq!(read("[]"), []);
    }

    #[test]
    fn products_tell_what_they_are() {
        let text = r#"[{"id":"BTC-USD","base_currency":"BTC","quote_currency":"USD","quote_increment":"0.01",
            "base_increment":"0.00000001","display_name":"BTC-USD","status":"online","trading_disabled":false},
            {"id":"XRP-USD","status":"online","trading_disabled":true,"base_increment":null},
            {"id":"OLD-USD","status":"delisted","cancel_only":true}, {"no":"name"}, 3,
            {"id":"NEW-USD","status":"paused","quote_increment":"1e-8"},
            {"id":"END-USD","status":"online","cancel_only":true}]"#;
        let products: Products = serde_json::from_str(text).unwrap();
        let infos: Vec<_> = products.rows.into_iter().filter_map(Product::info).collect();
        let seen: Vec<_> = infos.iter().map(|i| (i.symbol.as_str(), &i.status)).collect();
        let other = SymbolStatus::Other("paused".to_owned());
        assert_eq!(
            seen,
            [
                ("BTC-USD", &SymbolStatus::Trading),
                ("XRP-USD", &SymbolStatus::Halt),
                ("OLD-USD", &SymbolStatus::Break),
                ("NEW-USD", &other),
                ("END-USD", &SymbolStatus::CancelOnly),
            ]
        );
        let step = |d: Option<Decimal>| d.map(|d| d.to_string());
        assert_eq!(step(infos[0].lot).as_deref(), Some("0.00000001"));
        assert_eq!(step(infos[3].tick).as_deref(), Some("0.00000001"));
        assert_eq!(infos[1].lot, None);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}", numbers in proptest::collection::vec("-?[0-9]{1,22}(\\.[0-9]{1,20})?(e-?[0-9]{1,3})?", 0..9)) {
            let _ = candles(text.as_bytes());
            let _ = candles(format!("[[{}]]", numbers.join(",")).as_bytes());
        }

        #[test]
        fn fifteen_digits_survive_a_double(units in 0_i64..1_000_000_000_000_000, scale in 0_u8..=15) {
            let exact = Decimal::new(units, scale);
            let raw = RawValue::from_string(format!("{:?}", exact.to_f64())).unwrap();
            prop_assert_eq!(volume(&raw).unwrap(), exact);
        }
    }
}
