//! One candle, exact.

use crate::{Decimal, SeriesKey, Timestamp};

/// A closed candle with exact decimals.
///
/// The last four amounts are absent where a source gives only open, high, low, close and volume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candle {
    /// First instant of the candle.
    pub open_time: Timestamp,
    /// Last instant as the venue states it, only when it is not the one before the next candle's opening.
    pub close_time: Option<Timestamp>,
    /// Price of the first trade.
    pub open: Decimal,
    /// Highest price.
    pub high: Decimal,
    /// Lowest price.
    pub low: Decimal,
    /// Price of the last trade.
    pub close: Decimal,
    /// Amount traded in the base asset.
    pub volume: Decimal,
    /// Amount traded in the quote asset.
    pub quote_volume: Option<Decimal>,
    /// Number of trades.
    pub trades: Option<i64>,
    /// Part of `volume` where the buyer took liquidity.
    pub taker_base_volume: Option<Decimal>,
    /// Part of `quote_volume` where the buyer took liquidity.
    pub taker_quote_volume: Option<Decimal>,
}

/// Why numbers make no candle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CandleError {
    /// The high is not the highest or the low not the lowest price.
    #[error("candle at {0}: prices contradict each other (low <= open, close <= high must hold)")]
    Prices(Timestamp),
    /// A price is zero or negative.
    #[error("candle at {0}: a price is not above zero")]
    NotPositive(Timestamp),
    /// An amount or a count is negative.
    #[error("candle at {0}: an amount is below zero")]
    NegativeAmount(Timestamp),
}

impl Candle {
    /// Checks that the numbers can be a candle and hands it back.
    ///
    /// # Errors
    /// [`CandleError`] when prices contradict each other or are not above zero, or an amount is negative.
    pub fn checked(self) -> Result<Self, CandleError> {
        let at = self.open_time;
        if self.low <= Decimal::ZERO {
            return Err(CandleError::NotPositive(at));
        }
        if self.low > self.open.min(self.close) || self.high < self.open.max(self.close) {
            return Err(CandleError::Prices(at));
        }
        let amounts = [
            Some(self.volume),
            self.quote_volume,
            self.taker_base_volume,
            self.taker_quote_volume,
        ];
        if amounts.into_iter().flatten().any(|amount| amount < Decimal::ZERO)
            || self.trades.is_some_and(|n| n < 0)
        {
            return Err(CandleError::NegativeAmount(at));
        }
        Ok(self)
    }
}

/// A candle as it stands in a live stream: the newest state of the one that is still forming, or the final one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveCandle {
    /// The series it belongs to.
    pub series: SeriesKey,
    /// Its numbers so far.
    pub candle: Candle,
    /// Whether the venue calls it closed; only then it may be stored.
    pub closed: bool,
    /// When the venue sent it.
    pub sent: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_contradictions() {
        let candle = |o: &str, h: &str, l: &str, c: &str, v: &str| {
            let d = |t: &str| t.parse::<Decimal>().unwrap();
            Candle {
                open_time: Timestamp::EPOCH,
                close_time: None,
                open: d(o),
                high: d(h),
                low: d(l),
                close: d(c),
                volume: d(v),
                quote_volume: None,
                trades: None,
                taker_base_volume: None,
                taker_quote_volume: None,
            }
            .checked()
            .is_ok()
        };
        assert!(candle("1.0", "2", "0.5", "1.5", "0"));
        assert!(!candle("1.0", "1.2", "0.5", "1.5", "0"));
        assert!(!candle("1.0", "2", "1.1", "1.5", "0"));
        assert!(!candle("1.0", "2", "0", "1.5", "0"));
        assert!(!candle("1.0", "2", "0.5", "1.5", "-1"));
    }
}
