//! When a page says it was published, where it says so, and how exactly.

mod embedded;
mod read;
mod visible;
mod written;

use std::fmt;
use std::sync::LazyLock;

use jiff::tz::Offset;
use promptpal_domain::Timestamp;
use scraper::{ElementRef, Html, Selector};

use self::read::{in_address, read};
use super::json_ld::JsonLd;
use super::judge::Judged;
use super::metadata::meta;
use crate::text;

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
    /// Data that the page carries for its own scripts.
    Embedded,
    /// The page's address.
    Address,
    /// The page's visible text.
    Text,
    /// Only the date of the last change is stated: the article is as old as that or older.
    Changed,
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

/// The date of publication of a page.
pub(super) fn published(
    page: &Html,
    html: &str,
    json_ld: &JsonLd,
    url: Option<&str>,
    judged: &[Judged],
) -> Option<PublishedDate> {
    let with = |source| {
        move |(at, precision)| PublishedDate {
            at,
            precision,
            source,
        }
    };
    let in_data = |names: &[&str]| names.iter().find_map(|name| read(json_ld.text(name)?));
    let in_meta = |names: &[&str]| names.iter().find_map(|name| read(&meta(page, &[name])?));
    let visible = visible::date(page, judged);
    let shown = |least: i32| {
        visible
            .filter(|(points, _)| *points >= least)
            .map(|(_, read)| read)
    };
    let day = url.and_then(in_address);
    let found = in_data(&["datePublished", "dateCreated"])
        .map(with(DateSource::JsonLd))
        .or_else(|| in_meta(&META_NAMES).map(with(DateSource::Meta)))
        .or_else(|| in_time_elements(page).map(with(DateSource::TimeElement)))
        .or_else(|| shown(visible::PLAIN).map(with(DateSource::Text)))
        .or_else(|| in_meta(&VAGUE_META_NAMES).map(with(DateSource::Meta)))
        .or_else(|| embedded::date(html).map(with(DateSource::Embedded)))
        .or_else(|| day.map(with(DateSource::Address)))
        .or_else(|| shown(visible::ENOUGH).map(with(DateSource::Text)))
        .or_else(|| in_data(&["uploadDate", "dateModified"]).map(with(DateSource::Changed)))
        .or_else(|| in_meta(&CHANGED_NAMES).map(with(DateSource::Changed)))?;
    match day {
        // An address is given once; what comes later than it is a change or a second publication.
        Some(day) if found.at.since(day.0) > TWO_DAYS_MS => Some(with(DateSource::Address)(day)),
        _ => Some(embedded::with_offset(found, html)),
    }
}

/// How much later than the day in its address an article's own date may be.
const TWO_DAYS_MS: i64 = 2 * 86_400_000;

/// Meta elements that only tell when the page was changed.
const CHANGED_NAMES: [&str; 6] = [
    "og:updated_time",
    "article:modified_time",
    "dateModified",
    "dateUpdate",
    "last-modified",
    "DC.date.modified",
];

const META_NAMES: [&str; 24] = [
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
    "dc.date.published",
    "cXenseParse:recs:publishtime",
    "article_date_original",
    "originalpublicationdate",
    "rnews:datePublished",
    "bt:pubdate",
];

/// Meta elements that tell of publication on some sites and of the last change on others.
const VAGUE_META_NAMES: [&str; 6] = [
    "DC.date.created",
    "DC.date",
    "dcterms.date",
    "date",
    "timestamp",
    "last-published",
];

fn in_time_elements(page: &Html) -> Option<(Timestamp, DatePrecision)> {
    static TIMES: LazyLock<Vec<Selector>> = LazyLock::new(|| {
        let selectors = [
            r#"[itemprop="datePublished"], time[pubdate]"#,
            "article header time, header time, time.entry-date, time.published, abbr.published",
            "article time, main time",
            r#"[itemprop="dateCreated"], time[datetime]"#,
        ];
        selectors
            .iter()
            .filter_map(|selector| Selector::parse(selector).ok())
            .collect()
    });
    TIMES.iter().find_map(|selector| {
        page.select(selector)
            .filter(|element| !is_aside(*element))
            .take(5)
            .find_map(|element| {
                let value = element.value();
                let stated = ["datetime", "content", "title"]
                    .iter()
                    .find_map(|name| read(value.attr(name)?));
                stated.or_else(|| {
                    let text: String = element.text().take(12).collect();
                    read(&text::line_of(&text))
                })
            })
    })
}

/// Whether the element stands among comments or beside the article.
fn is_aside(element: ElementRef<'_>) -> bool {
    let around = element.ancestors().filter_map(ElementRef::wrap).take(10);
    around.into_iter().any(|around| {
        let value = around.value();
        let named = |name: &str| {
            value
                .attr(name)
                .is_some_and(|name| name.to_ascii_lowercase().contains("comment"))
        };
        matches!(value.name(), "aside" | "footer" | "nav") || named("class") || named("id")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
