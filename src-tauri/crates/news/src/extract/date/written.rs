//! Dates as people write them, found anywhere in a text.

use std::sync::LazyLock;

use jiff::civil;
use promptpal_domain::Timestamp;
use regex::{Captures, Regex};

use super::DatePrecision;
use super::read::from_civil;

/// What comes first in `3/4/2025`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayFirst,
    MonthFirst,
}

/// A date in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    /// Byte where it begins.
    pub(super) start: usize,
    date: civil::Date,
    time: Option<civil::Time>,
}

impl Written {
    /// As precise as it is written.
    pub(super) fn read(&self) -> Option<(Timestamp, DatePrecision)> {
        match self.time {
            Some(time) => from_civil(self.date.to_datetime(time), DatePrecision::LocalTime),
            None => from_civil(self.date.at(0, 0, 0, 0), DatePrecision::Day),
        }
    }
}

/// The beginnings of month names in the languages that use Latin letters, in small letters.
const MONTHS: [&[&str]; 12] = [
    &["jan", "jän", "ene", "gen"],
    &["feb", "fév", "fev"],
    &["mar", "mär", "mrz", "maa", "mrt"],
    &["apr", "avr", "abr"],
    &["mai", "may", "mei", "mag", "maj"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "août", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "ott", "out"],
    &["nov"],
    &["dec", "dez", "déc", "dic"],
];

/// The dates of a text from its beginning on.
pub(super) fn dates(text: &str, order: Order) -> impl Iterator<Item = Written> {
    static DATES: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let year = r"(?:19|20)\d{2}";
        let month = r"\p{L}{3,10}";
        Regex::new(&format!(
            r"(?x)
            (?P<y1>{year})\s?[-/.年]\s?(?P<m1>\d{{1,2}})\s?[-/.月]\s?(?P<d1>\d{{1,2}})
            | \b(?P<d2>\d{{1,2}})[./-]\s?(?P<m2>\d{{1,2}})[./-]\s?(?:(?P<y2>{year})|(?P<y5>\d{{2}})\b)
            | \b(?P<d3>\d{{1,2}})(?:\.|st|nd|rd|th|er|º)?\s*(?:de\s+|of\s+)?(?P<m3>{month})\.?,?\s*(?:de\s+)?(?P<y3>{year})
            | \b(?P<m4>{month})\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y4>{year})"
        ))
        .ok()
    });
    DATES
        .iter()
        .flat_map(move |dates| dates.captures_iter(text))
        .filter_map(move |parts| written(text, &parts, order))
}

fn written(text: &str, parts: &Captures<'_>, order: Order) -> Option<Written> {
    let whole = parts.get(0)?;
    let number = |name: &str| {
        parts
            .name(name)
            .and_then(|part| part.as_str().parse::<i16>().ok())
    };
    let year = ["y1", "y2", "y3", "y4", "y5"]
        .iter()
        .find_map(|name| number(name))?;
    let year = if year < 100 { 2000 + year } else { year };
    let day = ["d1", "d2", "d3", "d4"].iter().find_map(|name| number(name))?;
    let named = ["m3", "m4"].iter().find_map(|name| parts.name(name));
    let month = match named {
        Some(name) => month(name.as_str())?,
        None => ["m1", "m2"].iter().find_map(|name| number(name))?,
    };
    let has_slashes = parts.name("d2").is_some() && whole.as_str().contains('/');
    let swapped = parts.name("d2").is_some()
        && (month > 12 || (has_slashes && order == Order::MonthFirst && day <= 12));
    let (day, month) = if swapped { (month, day) } else { (day, month) };
    let date = civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    Some(Written {
        start: whole.start(),
        date,
        time: time(text.get(whole.end()..).unwrap_or_default()),
    })
}

fn month(name: &str) -> Option<i16> {
    let name = name.to_lowercase();
    // The longest beginning decides: `juin` and `juil` before `jui`.
    let found = (1_i16..)
        .zip(MONTHS)
        .filter(|(_, names)| names.iter().any(|start| name.starts_with(start)));
    found.map(|(month, _)| month).next()
}

/// The time of day that follows a date.
fn time(after: &str) -> Option<civil::Time> {
    static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)^[\s,|•·–-]{0,4}(?:um|at|à|a las|alle|-)?\s*(\d{1,2})(?::|h|\.)(\d{2})(?::\d{2})?\s*(am|pm|a\.m\.|p\.m\.)?").ok()
    });
    let parts = TIME.as_ref()?.captures(after)?;
    let hour: i8 = parts.get(1)?.as_str().parse().ok()?;
    let minute: i8 = parts.get(2)?.as_str().parse().ok()?;
    let hour = match parts
        .get(3)
        .map(|half| half.as_str().to_ascii_lowercase().starts_with('p'))
    {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    civil::Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::super::{DateSource, PublishedDate};
    use super::*;

    #[test]
    fn finds_dates_of_many_languages() {
        let check = |text: &str, expected: &[&str]| {
            for (order, text) in [
                (Order::DayFirst, text),
                (Order::MonthFirst, text.strip_prefix("dmy ").map_or(text, |_| "")),
            ] {
                let found: Vec<String> = dates(text, order)
                    .filter_map(|found| found.read())
                    .map(|(at, precision)| {
                        PublishedDate {
                            at,
                            precision,
                            source: DateSource::Text,
                        }
                        .to_string()
                    })
                    .collect();
                let expected = if text.is_empty() { &[] } else { expected };
                assert_eq!(found, expected, "{text}");
            }
        };
        check("Freitag, 5. Juni 2015", &["2015-06-05"]);
        check("Published on August 19, 2019 by Ann", &["2019-08-19"]);
        check("dmy am 25.08.2015 22:30", &["2015-08-25T22:30:00"]);
        check("3.11.2023", &["2023-11-03"]);
        check("Party, 30.10.23", &["2023-10-30"]);
        check("dmy 04/02/2022", &["2022-02-04"]);
        check("le 07 Mai 2020 à 9h05", &["2020-05-07T09:05:00"]);
        check("8 January 2020, 3:51 pm", &["2020-01-08T15:51:00"]);
        check("12 de octubre de 2021", &["2021-10-12"]);
        check("1er août 2020", &["2020-08-01"]);
        check("2023年11月2日", &["2023-11-02"]);
        check("2020-01-02 and 03/21/2020", &["2020-01-02", "2020-03-21"]);
        check("version 10.11.12.13 of 1,000 in 2020", &["2012-11-10"]);
        check("31.02.2020, 45 Foo 2020, in May 2020", &[]);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "([0-9]{1,4}[-/. ]{0,2}|[a-zä]{1,5} ?|年|月|:){0,12}") {
            dates(&text, Order::MonthFirst).for_each(|found| {
                let _ = found.read();
            });
        }
    }
}
