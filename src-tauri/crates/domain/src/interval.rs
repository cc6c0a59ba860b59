//! The sixteen candle lengths of the exchanges, with calendar arithmetic in UTC.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::Timestamp;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// 1970-01-05 was a Monday: weeks are counted from there.
const FIRST_MONDAY: i64 = 4 * DAY;

/// The length of a candle. Names are the exchange's own and case matters: `1m` is a minute, `1M` a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Interval {
    Second1,
    Minute1,
    Minute3,
    Minute5,
    Minute15,
    Minute30,
    Hour1,
    Hour2,
    Hour4,
    Hour6,
    Hour8,
    Hour12,
    Day1,
    Day3,
    Week1,
    Month1,
}

/// The text names no interval.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an interval: use one of 1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M")]
pub struct IntervalError(String);

impl Interval {
    /// Every interval, shortest first.
    pub const ALL: [Self; 16] = [
        Self::Second1,
        Self::Minute1,
        Self::Minute3,
        Self::Minute5,
        Self::Minute15,
        Self::Minute30,
        Self::Hour1,
        Self::Hour2,
        Self::Hour4,
        Self::Hour6,
        Self::Hour8,
        Self::Hour12,
        Self::Day1,
        Self::Day3,
        Self::Week1,
        Self::Month1,
    ];

    /// The exchange's name, such as `1h` or `1M`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Second1 => "1s",
            Self::Minute1 => "1m",
            Self::Minute3 => "3m",
            Self::Minute5 => "5m",
            Self::Minute15 => "15m",
            Self::Minute30 => "30m",
            Self::Hour1 => "1h",
            Self::Hour2 => "2h",
            Self::Hour4 => "4h",
            Self::Hour6 => "6h",
            Self::Hour8 => "8h",
            Self::Hour12 => "12h",
            Self::Day1 => "1d",
            Self::Day3 => "3d",
            Self::Week1 => "1w",
            Self::Month1 => "1M",
        }
    }

    /// The usual length in milliseconds; a month counts 30 days here. Use [`Interval::next`] for exact bounds.
    #[must_use]
    pub const fn nominal_millis(self) -> i64 {
        match self {
            Self::Second1 => SECOND,
            Self::Minute1 => MINUTE,
            Self::Minute3 => 3 * MINUTE,
            Self::Minute5 => 5 * MINUTE,
            Self::Minute15 => 15 * MINUTE,
            Self::Minute30 => 30 * MINUTE,
            Self::Hour1 => HOUR,
            Self::Hour2 => 2 * HOUR,
            Self::Hour4 => 4 * HOUR,
            Self::Hour6 => 6 * HOUR,
            Self::Hour8 => 8 * HOUR,
            Self::Hour12 => 12 * HOUR,
            Self::Day1 => DAY,
            Self::Day3 => 3 * DAY,
            Self::Week1 => 7 * DAY,
            Self::Month1 => 30 * DAY,
        }
    }

    /// The open time of the candle that holds `at`. Weeks start on Monday, months on the first, `3d` on multiples of
    /// three days since 1970.
    #[must_use]
    pub fn floor(self, at: Timestamp) -> Timestamp {
        let ms = at.millis();
        match self {
            Self::Month1 => first_of_month(at, 0),
            Self::Week1 => Timestamp::from_millis(ms - (ms - FIRST_MONDAY).rem_euclid(7 * DAY)),
            other => Timestamp::from_millis(ms - ms.rem_euclid(other.nominal_millis())),
        }
    }

    /// The open time of the candle after the one that holds `at`.
    #[must_use]
    pub fn next(self, at: Timestamp) -> Timestamp {
        match self {
            Self::Month1 => first_of_month(at, 1),
            other => other.floor(at).plus_millis(other.nominal_millis()),
        }
    }

    /// How many candle openings lie in `[from, to)`, counted from the grid; 0 when `to <= from`.
    #[must_use]
    pub fn count_between(self, from: Timestamp, to: Timestamp) -> u64 {
        if to <= from {
            return 0;
        }
        if self == Self::Month1 {
            let mut at = self.floor(from);
            if at < from {
                at = self.next(at);
            }
            let mut count = 0;
            while at < to {
                count += 1;
                at = self.next(at);
            }
            return count;
        }
        let step = self.nominal_millis();
        let ceil = |t: Timestamp| {
            let floor = self.floor(t);
            if floor < t { floor.plus_millis(step) } else { floor }
        };
        ceil(to).since(ceil(from)).div_euclid(step).unsigned_abs()
    }
}

fn first_of_month(at: Timestamp, add: i32) -> Timestamp {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.millis()) else {
        return at;
    };
    let date = instant.to_zoned(TimeZone::UTC).date();
    let months = i32::from(date.year()) * 12 + i32::from(date.month()) - 1 + add;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let first = i16::try_from(year)
        .ok()
        .zip(i8::try_from(month).ok())
        .and_then(|(year, month)| Date::new(year, month, 1).ok())
        .and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    first.map_or(at, |zoned| {
        Timestamp::from_millis(zoned.timestamp().as_millisecond())
    })
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Interval {
    type Err = IntervalError;

    fn from_str(text: &str) -> Result<Self, IntervalError> {
        Self::ALL
            .into_iter()
            .find(|i| i.as_str() == text)
            .ok_or_else(|| IntervalError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_case_matters() {
        for interval in Interval::ALL {
            assert_eq!(interval.as_str().parse(), Ok(interval));
        }
        assert_ne!("1m".parse::<Interval>(), "1M".parse());
        assert!("8m".parse::<Interval>().is_err());
    }

    #[test]
    fn candles_open_on_the_grid() {
        let check = |interval: Interval, at: &str, open: &str, next: &str| {
            let at: Timestamp = at.parse().unwrap();
            assert_eq!(interval.floor(at).to_string(), open, "{interval} floor");
            assert_eq!(interval.next(at).to_string(), next, "{interval} next");
        };
        check(
            Interval::Minute15,
            "2024-02-29T23:59:59Z",
            "2024-02-29T23:45:00Z",
            "2024-03-01T00:00:00Z",
        );
        check(
            Interval::Week1,
            "2024-02-29T10:00:00Z",
            "2024-02-26T00:00:00Z",
            "2024-03-04T00:00:00Z",
        );
        check(
            Interval::Month1,
            "2023-12-31T10:00:00Z",
            "2023-12-01T00:00:00Z",
            "2024-01-01T00:00:00Z",
        );
        check(
            Interval::Day1,
            "1969-12-31T10:00:00Z",
            "1969-12-31T00:00:00Z",
            "1970-01-01T00:00:00Z",
        );
    }

    #[test]
    fn counts_openings_in_a_span() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let day = (at("2024-01-01"), at("2024-01-02"));
        assert_eq!(Interval::Hour1.count_between(day.0, day.1), 24);
        assert_eq!(Interval::Hour1.count_between(day.1, day.0), 0);
        assert_eq!(
            Interval::Month1.count_between(at("2023-12-02"), at("2024-03-02")),
            3
        );
        assert_eq!(
            Interval::Hour1.count_between(day.0.plus_millis(1), day.1.plus_millis(1)),
            24
        );
    }
}
