//! Dates as sites write them into their data, their addresses and their text.

use std::sync::LazyLock;

use jiff::civil;
use jiff::fmt::rfc2822;
use jiff::tz::{Offset, TimeZone};
use promptpal_domain::Timestamp;
use regex::Regex;

use super::DatePrecision;
use super::written;

/// Dates before are not of web pages.
const OLDEST_YEAR: i16 = 1995;

/// The day in an address.
pub(super) fn in_address(url: &str) -> Option<(Timestamp, DatePrecision)> {
    static DAYS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        let patterns = [
            r"[/=](?P<y>(?:19|20)\d{2})[/_-](?P<m>\d{1,2})[/_-](?P<d>\d{1,2})(?:[/_.?-]|$)",
            r"[/=~_-](?P<y>(?:19|20)\d{2})-?(?P<m>[01]\d)-?(?P<d>[0-3]\d)(?:[/_.?-]|$)",
            r"[/=~_-](?P<d>[0-3]?\d)[._-](?P<m>[01]?\d)[._-](?P<y>20\d{2})(?:[/_.?-]|$)",
        ];
        patterns
            .iter()
            .filter_map(|pattern| Regex::new(pattern).ok())
            .collect()
    });
    // What an archive was asked for comes after its own address.
    let own = url.rfind("http").map_or(url, |at| url.get(at..).unwrap_or(url));
    DAYS.iter().find_map(|day| {
        let parts = day.captures(own)?;
        let number = |name: &str| parts.name(name)?.as_str().parse::<i16>().ok();
        let small = |name: &str| i8::try_from(number(name)?).ok();
        let date = civil::Date::new(number("y")?, small("m")?, small("d")?).ok()?;
        from_civil(date.at(0, 0, 0, 0), DatePrecision::Day)
    })
}

/// A date as sites write it into their data.
pub(super) fn read(text: &str) -> Option<(Timestamp, DatePrecision)> {
    let text = text.trim();
    if text.len() < 8 || text.len() > 60 {
        return None;
    }
    if let Some(read) = read_iso(text) {
        return Some(read);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return read_number(text);
    }
    if let Ok(at) = rfc2822::DateTimeParser::new()
        .relaxed_weekday(true)
        .parse_zoned(text)
    {
        let precision = DatePrecision::Instant {
            offset_minutes: at.offset().seconds() / 60,
        };
        return checked(Timestamp::from_millis(at.timestamp().as_millisecond()), precision);
    }
    const FORMS: [&str; 16] = [
        "%B %d, %Y %I:%M %p",
        "%B %d, %Y, %I:%M %p",
        "%b %d, %Y %I:%M %p",
        "%b %d, %Y, %I:%M %p",
        "%d.%m.%Y %H:%M",
        "%d.%m.%Y, %H:%M",
        "%d/%m/%Y %H:%M",
        "%Y/%m/%d %H:%M:%S",
        "%Y/%m/%d %H:%M",
        "%a, %d %b %Y %H:%M:%S",
        "%A, %B %d, %Y %I:%M %p",
        "%a %b %d %H:%M:%S %Y",
        "%d %B %Y %H:%M",
        "%d %b %Y %H:%M",
        "%d-%m-%Y %H:%M",
        "%Y.%m.%d %H:%M",
    ];
    const DAYS: [&str; 11] = [
        "%B %d, %Y",
        "%b %d, %Y",
        "%d %B %Y",
        "%d %b %Y",
        "%d.%m.%Y",
        "%Y/%m/%d",
        "%A, %B %d, %Y",
        "%d-%m-%Y",
        "%a, %d %b %Y",
        "%d/%m/%Y",
        "%Y.%m.%d",
    ];
    let plain = text.trim_end_matches(" UTC").trim_end_matches(" GMT");
    let zoned = plain.len() < text.len();
    let time = FORMS
        .iter()
        .find_map(|form| civil::DateTime::strptime(form, plain).ok());
    if let Some(time) = time {
        let precision = if zoned {
            DatePrecision::Instant { offset_minutes: 0 }
        } else {
            DatePrecision::LocalTime
        };
        return from_civil(time, precision);
    }
    let day = DAYS
        .iter()
        .find_map(|form| civil::Date::strptime(form, plain).ok());
    match day {
        Some(day) => from_civil(day.at(0, 0, 0, 0), DatePrecision::Day),
        None => written::dates(text, written::Order::DayFirst)
            .next()
            .and_then(|found| found.read()),
    }
}

/// ISO 8601 with the liberties that are taken with it: a space for the T, an offset without colon, digits missing.
fn read_iso(text: &str) -> Option<(Timestamp, DatePrecision)> {
    static ISO: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[T ]|, )\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?)?)?\D{0,8}$").ok()
    });
    let parts = ISO.as_ref()?.captures(text)?;
    let number = |at: usize| parts.get(at).and_then(|part| part.as_str().parse::<i16>().ok());
    let small = |at: usize| number(at).and_then(|n| i8::try_from(n).ok());
    let date = civil::Date::new(number(1)?, small(2)?, small(3)?).ok()?;
    let Some(hour) = small(4) else {
        return from_civil(date.at(0, 0, 0, 0), DatePrecision::Day);
    };
    let second = small(6).unwrap_or(0).min(59);
    let time =
        civil::DateTime::new(date.year(), date.month(), date.day(), hour, small(5)?, second, 0).ok()?;
    match parts.get(7).map(|zone| zone.as_str()) {
        None => from_civil(time, DatePrecision::LocalTime),
        Some("Z" | "UTC" | "GMT") => from_civil(time, DatePrecision::Instant { offset_minutes: 0 }),
        Some(zone) => {
            let digits: String = zone.chars().filter(char::is_ascii_digit).collect();
            let (hours, minutes) = if digits.len() > 2 {
                digits.split_at(digits.len() - 2)
            } else {
                (digits.as_str(), "0")
            };
            let minutes = hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?;
            let minutes = if zone.starts_with('-') { -minutes } else { minutes };
            if minutes.abs() > 15 * 60 {
                return None;
            }
            let (at, _) = from_civil(time, DatePrecision::LocalTime)?;
            checked(
                at.plus_millis(-i64::from(minutes) * 60_000),
                DatePrecision::Instant {
                    offset_minutes: minutes,
                },
            )
        }
    }
}

/// `20250106`, `20250106080000`, or seconds or milliseconds since 1970.
fn read_number(text: &str) -> Option<(Timestamp, DatePrecision)> {
    let utc = DatePrecision::Instant { offset_minutes: 0 };
    match text.len() {
        8 => from_civil(
            civil::Date::strptime("%Y%m%d", text).ok()?.at(0, 0, 0, 0),
            DatePrecision::Day,
        ),
        10 => checked(
            Timestamp::from_millis(text.parse::<i64>().ok()?.checked_mul(1000)?),
            utc,
        ),
        13 => checked(Timestamp::from_millis(text.parse().ok()?), utc),
        14 => from_civil(
            civil::DateTime::strptime("%Y%m%d%H%M%S", text).ok()?,
            DatePrecision::LocalTime,
        ),
        _ => None,
    }
}

pub(super) fn from_civil(
    time: civil::DateTime,
    precision: DatePrecision,
) -> Option<(Timestamp, DatePrecision)> {
    let at = time.to_zoned(TimeZone::UTC).ok()?.timestamp();
    checked(Timestamp::from_millis(at.as_millisecond()), precision)
}

fn checked(at: Timestamp, precision: DatePrecision) -> Option<(Timestamp, DatePrecision)> {
    let year = Offset::UTC
        .to_datetime(jiff::Timestamp::from_millisecond(at.millis()).ok()?)
        .year();
    (OLDEST_YEAR..2200).contains(&year).then_some((at, precision))
}

#[cfg(test)]
mod tests {
    use super::super::{DateSource, PublishedDate};
    use super::*;

    #[test]
    fn reads_dates_as_exactly_as_they_are_stated() {
        let check = |text: &str, expected: Option<&str>| {
            let date = read(text).map(|(at, precision)| PublishedDate {
                at,
                precision,
                source: DateSource::Meta,
            });
            assert_eq!(date.map(|date| date.to_string()).as_deref(), expected, "{text}");
        };
        check("2025-01-06T08:30:00Z", Some("2025-01-06T08:30:00Z"));
        check("2025-01-06T08:30:00.123+01:00", Some("2025-01-06T08:30:00+01:00"));
        check("2025-01-06T08:30:00-0530", Some("2025-01-06T08:30:00-05:30"));
        check("2025-01-06 08:30", Some("2025-01-06T08:30:00"));
        check("2025-1-6", Some("2025-01-06"));
        check("2025-01-06", Some("2025-01-06"));
        check("20250106", Some("2025-01-06"));
        check("1736152200", Some("2025-01-06T08:30:00Z"));
        check("1736152200000", Some("2025-01-06T08:30:00Z"));
        check("Mon, 06 Jan 2025 08:30:00 GMT", Some("2025-01-06T08:30:00Z"));
        check(
            "Mon, 06 Jan 2025 08:30:00 -0500",
            Some("2025-01-06T08:30:00-05:00"),
        );
        check("January 6, 2025", Some("2025-01-06"));
        check("Jan 6, 2025 8:30 AM", Some("2025-01-06T08:30:00"));
        check("06.01.2025", Some("2025-01-06"));
        check("06.01.2025, 08:30", Some("2025-01-06T08:30:00"));
        check("2025-13-06", None);
        check("2025-02-30", None);
        check("1970-01-01", None);
        check("yesterday at 8", None);
        check("9999999999999999", None);
        check("", None);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in ".{0,70}") {
            let _ = read(&text);
        }

        #[test]
        fn never_panics_on_near_dates(text in "[0-9]{1,5}[-/. ][0-9]{1,3}[-/. ][0-9]{1,5}[T ,]{0,2}([0-9]{1,3}:?){0,4}(Z|[+-][0-9:]{0,6}| UTC| PM)?") {
            let _ = read(&text);
        }
    }
}
