//! When a feed is asked next.

use std::time::Duration;

use jiff::fmt::rfc2822;
use promptpal_domain::Timestamp;
use reqwest::header::{AGE, CACHE_CONTROL, HeaderMap, RETRY_AFTER};
use sha2::{Digest, Sha256};
use url::Url;

use crate::PollIntervals;

/// The first pause after a failure; doubled with each further one.
const FIRST_BACKOFF: Duration = Duration::from_secs(5 * 60);
/// The longest pause after failures.
const LONGEST_BACKOFF: Duration = Duration::from_secs(24 * 3600);
/// The items that tell how often a feed publishes.
const COUNTED_ITEMS: usize = 20;

/// What a feed and its server say about how long their answer holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Freshness {
    /// Cache-Control max-age less Age.
    pub(crate) max_age: Option<Duration>,
    /// The feed's own ttl or update period.
    pub(crate) ttl: Option<Duration>,
    /// Retry-After, binding.
    pub(crate) not_before: Option<Timestamp>,
}

impl Freshness {
    pub(crate) fn from_headers(headers: &HeaderMap, now: Timestamp) -> Self {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let seconds = |text: &str| {
            text.trim()
                .trim_matches('"')
                .parse::<u64>()
                .ok()
                .map(Duration::from_secs)
        };
        let directives = text(CACHE_CONTROL).unwrap_or_default().to_ascii_lowercase();
        let max_age = directives
            .split(',')
            .find_map(|part| seconds(part.trim().strip_prefix("max-age=")?));
        let age = text(AGE).and_then(seconds).unwrap_or_default();
        Self {
            max_age: max_age.map(|max_age| max_age.saturating_sub(age)),
            ttl: None,
            not_before: retry_after(headers, now),
        }
    }
}

/// The instant that a Retry-After header names, as seconds from `now` or as a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(plus(now, Duration::from_secs(seconds)));
    }
    let at = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Timestamp::from_millis(at.as_millisecond()).max(now))
}

/// How long to wait between two polls of a feed whose items have these dates: half of the mean time between its newest
/// twenty and now, within the bounds; the usual time where fewer than three have a date.
pub(crate) fn interval(
    dates: impl Iterator<Item = Timestamp>,
    now: Timestamp,
    intervals: &PollIntervals,
) -> Duration {
    let mut dates: Vec<Timestamp> = dates.filter(|at| *at <= now).collect();
    dates.sort_unstable_by(|a, b| b.cmp(a));
    dates.truncate(COUNTED_ITEMS);
    let oldest = dates.last().filter(|_| dates.len() >= 3);
    let wait = oldest.map(|oldest| {
        let passed = Duration::from_millis(now.since(*oldest).unsigned_abs());
        passed / u32::try_from(dates.len()).unwrap_or(1) / 2
    });
    wait.unwrap_or(intervals.usual)
        .clamp(intervals.shortest, intervals.slowest.max(intervals.shortest))
}

/// When to ask a feed next: after `wait`, varied by a tenth so that feeds do not march in step, and never before what feed
/// and server asked for. Retry-After is obeyed as it stands, the rest for a day at the most.
pub(crate) fn next(
    url: &str,
    now: Timestamp,
    freshness: &Freshness,
    wait: Duration,
    intervals: &PollIntervals,
) -> Timestamp {
    let said = freshness.max_age.max(freshness.ttl).unwrap_or_default();
    let said = said.min(intervals.longest);
    let wait = wait.max(said).max(intervals.shortest);
    let at = plus(now, varied(wait, url, now)).max(plus(now, said));
    freshness.not_before.map_or(at, |not_before| at.max(not_before))
}

/// When to ask a source again after `failures` failures in a row (the one just now included): five minutes, doubled each
/// time, a day at most, varied by a tenth.
#[must_use]
pub fn after_failure(url: &str, failures: u32, now: Timestamp) -> Timestamp {
    let doublings = failures.saturating_sub(1).min(16);
    let wait = FIRST_BACKOFF.saturating_mul(1 << doublings);
    plus(now, varied(wait, url, now).min(LONGEST_BACKOFF))
}

/// `wait` longer or shorter by up to a tenth, always the same for the same address and instant. The port does not count: a
/// site on loopback has another one whenever it starts.
fn varied(wait: Duration, url: &str, now: Timestamp) -> Duration {
    let without_port = Url::parse(url).map(|mut url| {
        let _ = url.set_port(None);
        url
    });
    let digest = Sha256::new()
        .chain_update(without_port.as_ref().map_or(url, Url::as_str))
        .chain_update(now.millis().to_le_bytes())
        .finalize();
    let byte = digest.first().copied().unwrap_or(128);
    wait.mul_f64(0.9 + 0.2 * f64::from(byte) / 255.0)
}

pub(crate) fn plus(at: Timestamp, wait: Duration) -> Timestamp {
    at.plus_millis(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_736_150_400_000); // 2025-01-06T08:00:00Z

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn reads_retry_after() {
        let check = |value: &'static str, expected: Option<i64>| {
            let at = retry_after(&headers(&[("retry-after", value)]), NOW);
            assert_eq!(at.map(|at| at.since(NOW) / 1000), expected, "{value}");
        };
        check("120", Some(120));
        check("0", Some(0));
        check("Mon, 06 Jan 2025 08:01:30 GMT", Some(90));
        check("Mon, 06 Jan 2025 07:00:00 GMT", Some(0));
        check("soon", None);
        check("-5", None);
    }

    #[test]
    fn waits_as_long_as_was_asked() {
        let intervals = PollIntervals::default();
        let check =
            |pairs: &[(&'static str, &'static str)], ttl: Option<u64>, at_least: i64, at_most: i64| {
                let mut freshness = Freshness::from_headers(&headers(pairs), NOW);
                freshness.ttl = ttl.map(|minutes| Duration::from_secs(minutes * 60));
                let usual = intervals.usual;
                let at = next("https://a.example/feed", NOW, &freshness, usual, &intervals);
                let wait = at.since(NOW) / 1000;
                assert!((at_least..=at_most).contains(&wait), "{pairs:?} {ttl:?}: {wait}");
            };
        check(&[], None, 810, 990);
        // What was asked for is never cut short, only lengthened.
        check(&[("cache-control", "public, max-age=3600")], None, 3600, 3960);
        check(
            &[("cache-control", "max-age=3600"), ("age", "1800")],
            None,
            1800,
            1980,
        );
        check(&[("cache-control", "max-age=10")], None, 810, 990);
        check(&[("cache-control", "max-age=10")], Some(60), 3600, 3960);
        check(&[("cache-control", "max-age=99999999")], None, 86_400, 95_040);
        check(&[("retry-after", "7200")], None, 7200, 7200);
    }

    #[test]
    fn asks_as_often_as_a_feed_publishes() {
        let intervals = PollIntervals::default();
        let check = |minutes_ago: &[i64], expected_s: u64| {
            let dates = minutes_ago.iter().map(|ago| NOW.plus_millis(-ago * 60_000));
            assert_eq!(
                interval(dates, NOW, &intervals).as_secs(),
                expected_s,
                "{minutes_ago:?}"
            );
        };
        check(&[], 900);
        check(&[10, 20], 900);
        check(&[60, 120, 180], 1800);
        check(&[180, 60, 120], 1800);
        // Dates ahead of us tell nothing; a busy feed is asked every five minutes, a silent one every four hours.
        check(&[60, 120, 180, -600, -900], 1800);
        check(&[1, 2, 3, 4, 5], 300);
        check(&[100_000, 200_000, 300_000], 4 * 3600);
        let many: Vec<i64> = (1..200).map(|n| n * 30).collect();
        check(&many, 900);
    }

    #[test]
    fn backs_off_up_to_a_day() {
        let check = |failures, minutes: f64| {
            let wait = after_failure("https://a.example/feed", failures, NOW).since(NOW) as f64 / 60_000.0;
            assert!(
                (minutes * 0.9..=(minutes * 1.1).min(1440.0)).contains(&wait),
                "{failures}: {wait}"
            );
        };
        check(1, 5.0);
        check(2, 10.0);
        check(5, 80.0);
        check(10, 1440.0);
        check(u32::MAX, 1440.0);
    }
}
