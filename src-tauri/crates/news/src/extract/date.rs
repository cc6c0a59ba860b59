//! When a page says it was published, where it says so, and how exactly.

use std::fmt;
use std::sync::LazyLock;

use jiff::civil;
use jiff::fmt::rfc2822;
use jiff::tz::{Offset, TimeZone};
use promptpal_domain::Timestamp;
use regex::Regex;
use scraper::{Html, Selector};

use super::json_ld::JsonLd;
use super::metadata::meta;

/// Dates before are not of web pages.
const OLDEST_YEAR: i16 = 1995;
/// How far ahead of us another clock may be before a date counts as a future one.
const CLOCK_SKEW_MS: i64 = 10 * 60 * 1000;

/// A date of publication with what is known about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublishedDate {
    /// The instant; for less than an instant, read as if in UTC (a day as its beginning).
    pub at: Timestamp,
    /// How exact the page states it.
    pub precision: DatePrecision,
    /// Where it was found.
    pub source: DateSource,
}

/// How exact a date is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DatePrecision {
    /// A date and time with the offset from UTC, in minutes.
    Instant {
        /// East is positive.
        offset_minutes: i32,
    },
    /// A date and time of no stated zone.
    LocalTime,
    /// A day.
    Day,
}

/// Where in a page a date was found, the most trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateSource {
    /// `datePublished` in JSON-LD.
    JsonLd,
    /// A meta element.
    Meta,
    /// A `time` element.
    TimeElement,
    /// The page's address.
    Address,
    /// The page's visible text.
    Text,
}

impl PublishedDate {
    /// The instant, only where the page states one with its offset.
    #[must_use]
    pub const fn instant(&self) -> Option<Timestamp> {
        match self.precision {
            DatePrecision::Instant { .. } => Some(self.at),
            DatePrecision::LocalTime | DatePrecision::Day => None,
        }
    }

    /// The date, unless it lies in the future of `now`.
    #[must_use]
    pub fn believable_at(self, now: Timestamp) -> Option<Self> {
        // Without an offset it may be up to 14 hours earlier than it reads.
        let zone = if self.instant().is_some() {
            0
        } else {
            14 * 3_600_000
        };
        (self.at.since(now) <= CLOCK_SKEW_MS + zone).then_some(self)
    }
}

impl fmt::Display for PublishedDate {
    /// As exact as it is known: `2025-01-06T08:00:00+01:00`, `2025-01-06T08:00:00` or `2025-01-06`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = match self.precision {
            DatePrecision::Instant { offset_minutes } => {
                Offset::from_seconds(offset_minutes * 60).unwrap_or(Offset::UTC)
            }
            DatePrecision::LocalTime | DatePrecision::Day => Offset::UTC,
        };
        let Ok(at) = jiff::Timestamp::from_millisecond(self.at.millis()) else {
            return write!(f, "{}", self.at);
        };
        let local = offset.to_datetime(at);
        match self.precision {
            DatePrecision::Day => write!(f, "{}", local.date()),
            DatePrecision::LocalTime => write!(f, "{local}"),
            DatePrecision::Instant { offset_minutes: 0 } => write!(f, "{local}Z"),
            DatePrecision::Instant { .. } => write!(f, "{}", at.display_with_offset(offset)),
        }
    }
}

/// The date of publication of a page; `day` is what a search over the whole page came up with.
pub(super) fn published(
    page: &Html,
    json_ld: &JsonLd,
    url: Option<&str>,
    day: Option<(i16, i8, i8)>,
) -> Option<PublishedDate> {
    let with = |source| {
        move |(at, precision)| PublishedDate {
            at,
            precision,
            source,
        }
    };
    let in_data = || {
        ["datePublished", "dateCreated", "uploadDate"]
            .iter()
            .find_map(|name| read(json_ld.text(name)?))
    };
    let in_meta = || META_NAMES.iter().find_map(|name| read(&meta(page, &[name])?));
    let in_text = || {
        let (year, month, day) = day?;
        from_civil(
            civil::Date::new(year, month, day).ok()?.at(0, 0, 0, 0),
            DatePrecision::Day,
        )
    };
    in_data()
        .map(with(DateSource::JsonLd))
        .or_else(|| in_meta().map(with(DateSource::Meta)))
        .or_else(|| in_time_elements(page).map(with(DateSource::TimeElement)))
        .or_else(|| in_address(url?).map(with(DateSource::Address)))
        .or_else(|| in_text().map(with(DateSource::Text)))
}

const META_NAMES: [&str; 30] = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datePublished",
    "dateCreated",
    "publish-date",
    "publish_date",
    "published_time",
    "publication_date",
    "published-date",
    "published",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "article.published",
    "DC.date.issued",
    "dcterms.created",
    "dcterms.issued",
    "dcterms.date",
    "DC.date",
    "DC.date.created",
    "dc.date.published",
    "cXenseParse:recs:publishtime",
    "article_date_original",
    "originalpublicationdate",
    "rnews:datePublished",
    "last-published",
    "timestamp",
    "date",
    "bt:pubdate",
];

fn in_time_elements(page: &Html) -> Option<(Timestamp, DatePrecision)> {
    static TIMES: LazyLock<Vec<Selector>> = LazyLock::new(|| {
        let selectors = [
            r#"time[itemprop="datePublished"][datetime], [itemprop="datePublished"][content], [itemprop="datePublished"][datetime], time[pubdate][datetime]"#,
            "article header time[datetime], header time[datetime], time.entry-date[datetime], time.published[datetime], abbr.published[title]",
            "article time[datetime], main time[datetime]",
        ];
        selectors
            .iter()
            .filter_map(|selector| Selector::parse(selector).ok())
            .collect()
    });
    TIMES.iter().find_map(|selector| {
        page.select(selector).take(5).find_map(|element| {
            let value = element.value();
            read(
                value
                    .attr("datetime")
                    .or_else(|| value.attr("content"))
                    .or_else(|| value.attr("title"))?,
            )
        })
    })
}

fn in_address(url: &str) -> Option<(Timestamp, DatePrecision)> {
    static DAY: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:[/-]|$)").ok());
    let parts = DAY.as_ref()?.captures(url)?;
    let number = |at: usize| parts.get(at)?.as_str().parse::<i16>().ok();
    let date = civil::Date::new(
        number(1)?,
        number(2)?.try_into().ok()?,
        number(3)?.try_into().ok()?,
    )
    .ok()?;
    from_civil(date.at(0, 0, 0, 0), DatePrecision::Day)
}

/// A date as sites write it into their data.
fn read(text: &str) -> Option<(Timestamp, DatePrecision)> {
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
        .find_map(|form| civil::Date::strptime(form, plain).ok())?;
    from_civil(day.at(0, 0, 0, 0), DatePrecision::Day)
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

fn from_civil(time: civil::DateTime, precision: DatePrecision) -> Option<(Timestamp, DatePrecision)> {
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

    #[test]
    fn a_future_date_is_not_believed() {
        let date = |precision| PublishedDate {
            at: Timestamp::from_millis(3_600_000_000_000),
            precision,
            source: DateSource::Meta,
        };
        let instant = date(DatePrecision::Instant { offset_minutes: 0 });
        assert_eq!(instant.believable_at(instant.at), Some(instant));
        assert_eq!(instant.believable_at(instant.at.plus_millis(-3_600_000)), None);
        let local = date(DatePrecision::LocalTime);
        assert_eq!(local.believable_at(local.at.plus_millis(-3_600_000)), Some(local));
        assert_eq!(local.believable_at(local.at.plus_millis(-86_400_000)), None);
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
