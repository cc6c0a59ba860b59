//! Longer candles from shorter ones, exact: sums in integers, no floating point.

mod buckets;
#[cfg(test)]
mod conformance;

use promptpal_domain::{Candle, Decimal, Interval, Timestamp};

pub use buckets::{Bucket, BucketState, resample_marked};

/// Why candles cannot be joined.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResampleError {
    /// The candles are not ordered by time.
    #[error("candle at {0} does not follow the one before it")]
    Unordered(Timestamp),
    /// A sum has more digits than a decimal holds.
    #[error("the amounts of the candle at {0} add up to more than can be kept exactly")]
    TooLarge(Timestamp),
    /// Candles of the one length do not fill those of the other exactly.
    #[error("candles of {from} do not fill candles of {to} exactly")]
    DoesNotNest {
        /// The source's length.
        from: Interval,
        /// The length asked for.
        to: Interval,
    },
}

/// Joins candles into those of `to`: first open, highest high, lowest low, last close, sums of the amounts.
///
/// Buckets follow [`Interval::floor`]: UTC days, Monday weeks, calendar months. A bucket without candles stays absent,
/// one that holds only some is made of those. An amount is absent where one of its parts is.
///
/// # Errors
/// [`ResampleError`] when open times do not ascend or a sum overflows.
pub fn resample(candles: &[Candle], to: Interval) -> Result<Vec<Candle>, ResampleError> {
    let mut joined: Vec<Candle> = Vec::new();
    let mut before: Option<Timestamp> = None;
    for candle in candles {
        if before.is_some_and(|before| before >= candle.open_time) {
            return Err(ResampleError::Unordered(candle.open_time));
        }
        before = Some(candle.open_time);
        let bucket = to.floor(candle.open_time);
        match joined.last_mut().filter(|last| last.open_time == bucket) {
            Some(last) => join(last, candle).ok_or(ResampleError::TooLarge(bucket))?,
            None => joined.push(Candle {
                open_time: bucket,
                close_time: None,
                ..candle.clone()
            }),
        }
    }
    Ok(joined)
}

fn join(into: &mut Candle, next: &Candle) -> Option<()> {
    into.high = into.high.max(next.high);
    into.low = into.low.min(next.low);
    into.close = next.close;
    into.volume = sum(into.volume, next.volume)?;
    into.quote_volume = sum_known(into.quote_volume, next.quote_volume)?;
    into.taker_base_volume = sum_known(into.taker_base_volume, next.taker_base_volume)?;
    into.taker_quote_volume = sum_known(into.taker_quote_volume, next.taker_quote_volume)?;
    into.trades = match (into.trades, next.trades) {
        (Some(a), Some(b)) => Some(a.checked_add(b)?),
        _ => None,
    };
    Some(())
}

/// Absent when a part is absent; `None` outside when the sum overflows.
fn sum_known(a: Option<Decimal>, b: Option<Decimal>) -> Option<Option<Decimal>> {
    match (a, b) {
        (Some(a), Some(b)) => sum(a, b).map(Some),
        _ => Some(None),
    }
}

fn sum(a: Decimal, b: Decimal) -> Option<Decimal> {
    let scale = a.scale().max(b.scale());
    let at_scale = |scale| {
        Some(Decimal::new(
            a.units_at(scale).ok()?.checked_add(b.units_at(scale).ok()?)?,
            scale,
        ))
    };
    // Zeros at the end of the decimals must not be what makes a sum too long.
    at_scale(scale).or_else(|| at_scale(a.trimmed().scale().max(b.trimmed().scale())))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn candle(at: &str, prices: [&str; 4], volume: &str, quote: Option<&str>) -> Candle {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        Candle {
            open_time: at.parse().unwrap(),
            close_time: None,
            open: d(prices[0]),
            high: d(prices[1]),
            low: d(prices[2]),
            close: d(prices[3]),
            volume: d(volume),
            quote_volume: quote.map(d),
            trades: Some(2),
            taker_base_volume: None,
            taker_quote_volume: None,
        }
    }

    #[test]
    fn joins_by_the_calendar() {
        let days = [
            candle("2024-02-25", ["1.0", "2.0", "0.5", "1.5"], "0.1", Some("1")),
            candle("2024-02-26", ["1.5", "1.6", "1.4", "1.55"], "0.25", Some("1.5")),
            candle("2024-02-29", ["1.55", "9", "1.5", "8"], "0.2", None),
            candle("2024-03-01", ["8", "8", "0.1", "0.2"], "1", Some("1")),
        ];
        let check = |to, expected: &[(&str, &str, &str, &str)]| {
            let joined = resample(&days, to).unwrap();
            let seen: Vec<_> = joined
                .iter()
                .map(|c| {
                    (
                        c.open_time.to_string(),
                        c.high.to_string(),
                        c.close.to_string(),
                        c.volume.to_string(),
                    )
                })
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(t, h, c, v)| {
                    (
                        format!("{t}T00:00:00Z"),
                        (*h).to_owned(),
                        (*c).to_owned(),
                        (*v).to_owned(),
                    )
                })
                .collect();
            assert_eq!(seen, expected);
        };
        check(
            Interval::Week1,
            &[
                ("2024-02-19", "2.0", "1.5", "0.1"),
                ("2024-02-26", "9", "0.2", "1.45"),
            ],
        );
        check(
            Interval::Month1,
            &[("2024-02-01", "9", "8", "0.55"), ("2024-03-01", "8", "0.2", "1")],
        );
        let months = resample(&days, Interval::Month1).unwrap();
        assert_eq!((months[0].quote_volume, months[0].trades), (None, Some(6)));
        assert_eq!(months[0].open.to_string(), "1.0");
        assert_eq!(months[0].low.to_string(), "0.5");
    }

    #[test]
    fn refuses_disorder_and_overflow() {
        let one = candle("2024-02-25", ["1"; 4], "5000000000000000000", None);
        let two = candle("2024-02-26", ["1"; 4], "5000000000000000000", None);
        assert_eq!(
            resample(&[two.clone(), one.clone()], Interval::Week1),
            Err(ResampleError::Unordered(one.open_time))
        );
        let month = resample(&[one, two], Interval::Month1);
        assert!(matches!(month, Err(ResampleError::TooLarge(_))));
    }

    proptest! {
        #[test]
        fn in_two_steps_is_the_same_as_in_one(
            steps in proptest::collection::vec((1_i64..200, 1_i64..1000, 0_i64..1000), 1..200)
        ) {
            let mut minute = 28_000_000_i64;
            let candles: Vec<Candle> = steps
                .iter()
                .map(|(gap, price, volume)| {
                    minute += gap;
                    let p = |add: i64| Decimal::new(price * 10 + add, 2);
                    Candle {
                        open_time: Timestamp::from_millis(minute * 60_000),
                        close_time: None,
                        open: p(2),
                        high: p(9),
                        low: p(1),
                        close: p(5),
                        volume: Decimal::new(*volume, 3),
                        quote_volume: Some(Decimal::new(volume * price, 5)),
                        trades: Some(*volume),
                        taker_base_volume: Some(Decimal::new(volume / 2, 3)),
                        taker_quote_volume: None,
                    }
                })
                .collect();
            let hours = resample(&candles, Interval::Hour1).unwrap();
            let direct = resample(&candles, Interval::Day1).unwrap();
            prop_assert_eq!(resample(&hours, Interval::Day1).unwrap(), direct);
            prop_assert_eq!(&resample(&candles, Interval::Minute1).unwrap(), &candles);
        }
    }
}
