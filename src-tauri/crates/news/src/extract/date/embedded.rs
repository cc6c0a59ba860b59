//! Dates in what a page carries for its own scripts.

use std::sync::LazyLock;

use promptpal_domain::Timestamp;
use regex::Regex;

use super::read::read;
use super::{DatePrecision, PublishedDate};

/// Values that are tried.
const MOST: usize = 8;
/// Instants that are compared.
const MOST_INSTANTS: usize = 500;

/// The first date under a name that means publication.
pub(super) fn date(html: &str) -> Option<(Timestamp, DatePrecision)> {
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let names = "datePublished|date_?published|publish(?:ed|ing)?_?(?:date|time|at)|pub_?date|firstPublish(?:ed|edDate)?|publishedFirst|publishingDate|first_?published_?at|publicationDate|dateCreated|displayDate";
        Regex::new(&format!(
            r#"(?i)\\?["'](?:{names})\\?["']\s*:\s*\\?["']?([^"'\\,}}]{{8,40}})"#
        ))
        .ok()
    });
    let found = NAMED.as_ref()?.captures_iter(html).take(MOST);
    found.filter_map(|parts| read(parts.get(1)?.as_str())).next()
}

/// The same date with its offset from UTC, where it is stated without one and the page has the same instant with one.
pub(super) fn with_offset(mut date: PublishedDate, html: &str) -> PublishedDate {
    static WITH_OFFSET: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?:19|20)\d{2}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?[+-][01]\d:?\d{2}").ok()
    });
    if date.precision != (DatePrecision::Instant { offset_minutes: 0 }) {
        return date;
    }
    let found = WITH_OFFSET
        .iter()
        .flat_map(|pattern| pattern.find_iter(html))
        .take(MOST_INSTANTS);
    let same = found
        .filter_map(|found| read(found.as_str()))
        .find(|(at, precision)| {
            at.since(date.at).abs() < 60_000
                && matches!(precision, DatePrecision::Instant { offset_minutes } if *offset_minutes != 0)
        });
    if let Some((_, precision)) = same {
        date.precision = precision;
    }
    date
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_scripts_are_given() {
        let check = |html: &str, expected: Option<i64>| {
            assert_eq!(date(html).map(|(at, _)| at.millis()), expected, "{html}")
        };
        let day = Some(1_736_121_600_000);
        check(
            r#"<script>var page = {"publishDate": "2025-01-06"}</script>"#,
            day,
        );
        check(
            r#"<script>x("{\"published_at\":\"2025-01-06T00:00:00Z\"}")</script>"#,
            day,
        );
        check(r#"{"pubdate": 1736121600}"#, day);
        check(r#"{"published": true, "update": "2025-01-06"}"#, None);
        check(r#"{"datePublished": "soon, we hope"}"#, None);
        check("", None);
    }
}
