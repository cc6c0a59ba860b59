//! How whole joined candles are: a bucket that the data only partly fills looks like any other otherwise.

use promptpal_domain::{Candle, Interval, Timestamp};

use super::{ResampleError, resample};

/// A joined candle with what it was made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// The joined candle.
    pub candle: Candle,
    /// Openings of the source's grid in the bucket of which there was a candle.
    pub present: u64,
    /// Openings of the source's grid in the bucket.
    pub expected: u64,
    /// What is wrong with it, if anything.
    pub state: BucketState,
}

/// How whole a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BucketState {
    /// Every source candle was there.
    Whole,
    /// The data begins or ends within the bucket; in between nothing is missing.
    Cut,
    /// Source candles are missing between others.
    Holed,
}

impl BucketState {
    /// `whole`, `cut` or `holed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Cut => "cut",
            Self::Holed => "holed",
        }
    }
}

/// Joins candles of `from` into those of `to`, as [`resample`] does, and says of each how much of it was there.
///
/// Candles that open off the grid count for the opening that they belong to.
///
/// # Errors
/// As [`resample`], and [`ResampleError::DoesNotNest`] when candles of `from` do not fill those of `to` exactly: weeks do
/// not fill months, nor three days weeks.
pub fn resample_marked(
    candles: &[Candle],
    from: Interval,
    to: Interval,
) -> Result<Vec<Bucket>, ResampleError> {
    if !nests(from, to) {
        return Err(ResampleError::DoesNotNest { from, to });
    }
    let joined = resample(candles, to)?;
    let mut buckets = Vec::with_capacity(joined.len());
    let mut rest = candles;
    let ends = (
        candles.first().map(|candle| from.floor(candle.open_time)),
        candles.last().map(|candle| from.floor(candle.open_time)),
    );
    for candle in joined {
        let end = to.next(candle.open_time);
        let count = rest.partition_point(|part| part.open_time < end);
        let (parts, behind) = rest.split_at(count);
        rest = behind;
        buckets.push(marked(candle, parts, ends, from, to));
    }
    Ok(buckets)
}

fn marked(
    candle: Candle,
    parts: &[Candle],
    (first, last): (Option<Timestamp>, Option<Timestamp>),
    from: Interval,
    to: Interval,
) -> Bucket {
    let (begin, end) = (candle.open_time, to.next(candle.open_time));
    let mut present = 0;
    let mut before = None;
    for part in parts {
        let slot = from.floor(part.open_time);
        present += u64::from(before != Some(slot));
        before = Some(slot);
    }
    let expected = from.count_between(begin, end);
    // What lies inside of the data: all of it, but in the first and in the last bucket.
    let begin_of_data = first.filter(|first| *first > begin).unwrap_or(begin);
    let end_of_data = last
        .map(|last| from.next(last))
        .filter(|last| *last < end)
        .unwrap_or(end);
    let within = from.count_between(begin_of_data, end_of_data);
    let state = if present >= expected {
        BucketState::Whole
    } else if present >= within {
        BucketState::Cut
    } else {
        BucketState::Holed
    };
    Bucket {
        candle,
        present,
        expected,
        state,
    }
}

/// Whether candles of `from` fill those of `to` exactly.
fn nests(from: Interval, to: Interval) -> bool {
    match (from, to) {
        (Interval::Month1, _) => to == Interval::Month1,
        (Interval::Week1, _) => to == Interval::Week1,
        (_, Interval::Month1 | Interval::Week1) => {
            Interval::Day1.nominal_millis() % from.nominal_millis() == 0
        }
        _ => to.nominal_millis() % from.nominal_millis() == 0,
    }
}

#[cfg(test)]
mod tests {
    use promptpal_domain::Decimal;
    use proptest::prelude::*;

    use super::*;

    fn candle(at: Timestamp) -> Candle {
        let price = Decimal::new(100, 2);
        Candle {
            open_time: at,
            close_time: None,
            open: price,
            high: price,
            low: price,
            close: price,
            volume: Decimal::new(1, 0),
            quote_volume: None,
            trades: None,
            taker_base_volume: None,
            taker_quote_volume: None,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn partial_buckets_are_marked() {
        let hours = |from: &str, to: &str| {
            let (mut at, to) = (at(from), at(to));
            let mut candles = Vec::new();
            while at < to {
                candles.push(candle(at));
                at = Interval::Hour1.next(at);
            }
            candles
        };
        let marks = |candles: &[Candle], to: Interval| -> Vec<(u64, u64, &'static str)> {
            let buckets = resample_marked(candles, Interval::Hour1, to).unwrap();
            buckets
                .iter()
                .map(|b| (b.present, b.expected, b.state.as_str()))
                .collect()
        };
        let mut days = hours("2024-02-27T20:00:00Z", "2024-03-02T03:00:00Z");
        assert_eq!(
            marks(&days, Interval::Day1),
            [
                (4, 24, "cut"),
                (24, 24, "whole"),
                (24, 24, "whole"),
                (24, 24, "whole"),
                (3, 24, "cut")
            ]
        );
        // A leap February, a month of 31 days, a week from Monday on.
        assert_eq!(
            marks(&days, Interval::Month1),
            [(52, 696, "cut"), (27, 744, "cut")]
        );
        assert_eq!(marks(&days, Interval::Week1), [(79, 168, "cut")]);
        days.retain(|hour| {
            !(at("2024-02-28T05:00:00Z")..at("2024-02-28T07:00:00Z")).contains(&hour.open_time)
        });
        days.remove(1);
        let holed = marks(&days, Interval::Day1);
        assert_eq!(
            holed[..3],
            [(3, 24, "holed"), (22, 24, "holed"), (24, 24, "whole")]
        );
        assert_eq!(marks(&days, Interval::Week1), [(76, 168, "holed")]);
        // Off the grid: counted where it belongs, once.
        let mut odd = hours("2024-03-01", "2024-03-02");
        odd[9].open_time = odd[9].open_time.plus_millis(1_694_789);
        odd.insert(10, candle(odd[9].open_time.plus_millis(1)));
        assert_eq!(marks(&odd, Interval::Day1), [(24, 24, "whole")]);
        assert!(marks(&[], Interval::Day1).is_empty());
    }

    #[test]
    fn what_does_not_nest_is_refused() {
        let refused = |from, to| {
            matches!(
                resample_marked(&[], from, to),
                Err(ResampleError::DoesNotNest { .. })
            )
        };
        assert!(refused(Interval::Week1, Interval::Month1));
        assert!(refused(Interval::Day3, Interval::Week1));
        assert!(refused(Interval::Day3, Interval::Month1));
        assert!(refused(Interval::Minute3, Interval::Minute5));
        assert!(refused(Interval::Hour1, Interval::Minute5));
        assert!(refused(Interval::Month1, Interval::Day1));
        for from in Interval::ALL {
            assert!(!refused(from, from));
            let days = Interval::Day1.nominal_millis() % from.nominal_millis() == 0;
            assert_eq!(
                !refused(from, Interval::Month1),
                days || from == Interval::Month1,
                "{from}"
            );
        }
        assert!(!refused(Interval::Hour12, Interval::Day3));
    }

    proptest! {
        #[test]
        fn a_step_between_changes_nothing_wherever_lengths_nest(
            steps in proptest::collection::vec((1_i64..3000, 1_i64..1000, 0_i64..1_000_000, 0_u8..9), 1..80)
        ) {
            let mut minute = 28_000_000;
            let candles: Vec<Candle> = steps
                .iter()
                .map(|(gap, price, volume, scale)| {
                    minute += gap;
                    let p = |add: i64| Decimal::new(price * 10 + add, 2);
                    Candle {
                        open: p(2),
                        high: p(9),
                        low: p(1),
                        close: p(5),
                        volume: Decimal::new(*volume, *scale),
                        quote_volume: Some(Decimal::new(volume * price, 5)),
                        trades: Some(*volume),
                        ..candle(Timestamp::from_millis(minute * 60_000))
                    }
                })
                .collect();
            let sum = |candles: &[Candle]| -> i128 {
                candles.iter().map(|c| i128::from(c.volume.units_at(9).unwrap())).sum()
            };
            for to in Interval::ALL.into_iter().filter(|to| nests(Interval::Minute1, *to)) {
                let direct = resample(&candles, to).unwrap();
                prop_assert_eq!(sum(&direct), sum(&candles));
                for between in Interval::ALL.into_iter().filter(|between| nests(*between, to)) {
                    if between >= Interval::Minute1 {
                        let parts = resample(&candles, between).unwrap();
                        prop_assert_eq!(&resample(&parts, to).unwrap(), &direct, "{} {}", between, to);
                    }
                }
            }
        }

        #[test]
        fn no_source_candle_is_counted_twice_or_lost(gaps in proptest::collection::vec(1_i64..900, 1..300)) {
            let mut minute = 28_000_000;
            let candles: Vec<Candle> = gaps
                .iter()
                .map(|gap| {
                    minute += gap;
                    candle(Timestamp::from_millis(minute * 60_000))
                })
                .collect();
            for to in [Interval::Hour1, Interval::Day1, Interval::Week1, Interval::Month1] {
                let buckets = resample_marked(&candles, Interval::Minute1, to).unwrap();
                prop_assert_eq!(buckets.iter().map(|b| b.present).sum::<u64>(), candles.len() as u64);
                for bucket in &buckets {
                    prop_assert!(bucket.present >= 1 && bucket.present <= bucket.expected);
                    prop_assert_eq!(bucket.state == BucketState::Whole, bucket.present == bucket.expected);
                    prop_assert_eq!(bucket.candle.volume, Decimal::new(bucket.present as i64, 0));
                }
            }
        }
    }
}
