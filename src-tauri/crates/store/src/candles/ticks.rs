//! Candles as integers at their series' scales.

use promptpal_domain::{Candle, Decimal, DecimalError, Timestamp};

/// Decimals of a series' prices, of its base amounts and of its quote amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scales {
    pub(crate) price: u8,
    pub(crate) volume: u8,
    pub(crate) quote: u8,
}

/// A row of the table `candles` without its series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Ticks {
    pub(crate) open_time: i64,
    pub(crate) close_time: Option<i64>,
    pub(crate) open: i64,
    pub(crate) high: i64,
    pub(crate) low: i64,
    pub(crate) close: i64,
    pub(crate) volume: i64,
    pub(crate) quote_volume: Option<i64>,
    pub(crate) trades: Option<i64>,
    pub(crate) taker_base_volume: Option<i64>,
    pub(crate) taker_quote_volume: Option<i64>,
}

/// The candle whose number could not be kept, and why.
pub(crate) type Unfit = (Timestamp, DecimalError);

impl Scales {
    /// The smallest scales, none below `self`, that keep all of `candles`.
    pub(crate) fn widened_for(self, candles: &[Candle]) -> Self {
        let mut wide = self;
        for candle in candles {
            for price in [candle.open, candle.high, candle.low, candle.close] {
                wide.price = enough_for(price, wide.price);
            }
            for amount in [Some(candle.volume), candle.taker_base_volume]
                .into_iter()
                .flatten()
            {
                wide.volume = enough_for(amount, wide.volume);
            }
            for amount in [candle.quote_volume, candle.taker_quote_volume]
                .into_iter()
                .flatten()
            {
                wide.quote = enough_for(amount, wide.quote);
            }
        }
        wide
    }
}

fn enough_for(value: Decimal, scale: u8) -> u8 {
    if value.scale() <= scale {
        scale
    } else {
        value.trimmed().scale().max(scale)
    }
}

impl Ticks {
    pub(crate) fn from_candle(candle: &Candle, scales: Scales) -> Result<Self, Unfit> {
        let unfit = |error| (candle.open_time, error);
        let price = |value: Decimal| value.units_at(scales.price).map_err(unfit);
        let amount =
            |value: Option<Decimal>, scale| value.map(|v| v.units_at(scale)).transpose().map_err(unfit);
        Ok(Self {
            open_time: candle.open_time.millis(),
            close_time: candle.close_time.map(Timestamp::millis),
            open: price(candle.open)?,
            high: price(candle.high)?,
            low: price(candle.low)?,
            close: price(candle.close)?,
            volume: candle.volume.units_at(scales.volume).map_err(unfit)?,
            quote_volume: amount(candle.quote_volume, scales.quote)?,
            trades: candle.trades,
            taker_base_volume: amount(candle.taker_base_volume, scales.volume)?,
            taker_quote_volume: amount(candle.taker_quote_volume, scales.quote)?,
        })
    }

    pub(crate) fn to_candle(self, scales: Scales) -> Candle {
        let price = |units| Decimal::new(units, scales.price);
        Candle {
            open_time: Timestamp::from_millis(self.open_time),
            close_time: self.close_time.map(Timestamp::from_millis),
            open: price(self.open),
            high: price(self.high),
            low: price(self.low),
            close: price(self.close),
            volume: Decimal::new(self.volume, scales.volume),
            quote_volume: self.quote_volume.map(|units| Decimal::new(units, scales.quote)),
            trades: self.trades,
            taker_base_volume: self
                .taker_base_volume
                .map(|units| Decimal::new(units, scales.volume)),
            taker_quote_volume: self
                .taker_quote_volume
                .map(|units| Decimal::new(units, scales.quote)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_grow_no_further_than_needed() {
        let check = |value: &str, scale: u8, expected: u8| {
            assert_eq!(
                enough_for(value.parse().unwrap(), scale),
                expected,
                "{value} at {scale}"
            );
        };
        check("41844.26000000", 0, 2);
        check("41844.26000000", 5, 5);
        check("7.00", 0, 0);
        check("0.00000001", 2, 8);
    }
}
