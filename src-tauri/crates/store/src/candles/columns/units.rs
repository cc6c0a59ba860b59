//! Which stretches are sealed as one row of columns.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use promptpal_domain::{Interval, Timestamp};

use crate::candles::stretches::{Stretch, slot};

/// The sealed unit that `at` lies in: a day, month or year of UTC, so that a row holds some 700 to 90,000 candles.
///
/// Fewer would leave more of a row to its columns' heads than to their numbers, more would make a correction dear. Candles
/// of a day and longer are not sealed: ten years of them are read from their rows in a few milliseconds.
pub(super) fn unit_of(interval: Interval, at: i64) -> Option<Stretch> {
    match interval {
        Interval::Second1 | Interval::Minute1 => Some(slot(Interval::Day1, floor(Interval::Day1, at))),
        Interval::Minute3 | Interval::Minute5 | Interval::Minute15 | Interval::Minute30 => {
            Some(slot(Interval::Month1, floor(Interval::Month1, at)))
        }
        Interval::Hour1
        | Interval::Hour2
        | Interval::Hour4
        | Interval::Hour6
        | Interval::Hour8
        | Interval::Hour12 => year_of(at),
        Interval::Day1 | Interval::Day3 | Interval::Week1 | Interval::Month1 => None,
    }
}

fn floor(interval: Interval, at: i64) -> i64 {
    interval.floor(Timestamp::from_millis(at)).millis()
}

fn year_of(at: i64) -> Option<Stretch> {
    let instant = jiff::Timestamp::from_millisecond(at).ok()?;
    let year = instant.to_zoned(TimeZone::UTC).year();
    let first = |year: i16| {
        let day = Date::new(year, 1, 1).ok()?.to_zoned(TimeZone::UTC).ok()?;
        Some(day.timestamp().as_millisecond())
    };
    Some((first(year)?, first(year.checked_add(1)?)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_follow_the_calendar() {
        let check = |interval: &str, at: &str, expected: Option<(&str, &str)>| {
            let ms = |text: &str| text.parse::<Timestamp>().unwrap().millis();
            let expected = expected.map(|(from, to)| (ms(from), ms(to)));
            assert_eq!(
                unit_of(interval.parse().unwrap(), ms(at)),
                expected,
                "{interval} {at}"
            );
        };
        check("1s", "2024-02-29T23:59:59Z", Some(("2024-02-29", "2024-03-01")));
        check("1m", "2024-03-01", Some(("2024-03-01", "2024-03-02")));
        check("15m", "2024-02-29T23:59:59Z", Some(("2024-02-01", "2024-03-01")));
        check("12h", "2023-12-31T12:00:00Z", Some(("2023-01-01", "2024-01-01")));
        check("1d", "2023-12-31T12:00:00Z", None);
    }
}
