//! When a feed is asked next.

use std::time::Duration;

use jiff::fmt::rfc2822;
use promptpal_domain::Timestamp;
use reqwest::header::{AGE, CACHE_CONTROL, HeaderMap, RETRY_AFTER};
use sha2::{Digest, Sha256};

use crate::PollIntervals;

/// The first pause after a failure; doubled with each further one.
const FIRST_BACKOFF: Duration = Duration::from_secs(5 * 60);
/// The longest pause after failures.
const LONGEST_BACKOFF: Duration = Duration::from_secs(24 * 3600);

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

/// When to ask a feed next: after the longer of what feed and server say, within the bounds, varied by a tenth so that
/// feeds do not march in step. Retry-After is obeyed as it stands.
pub(crate) fn next(url: &str, now: Timestamp, freshness: &Freshness, intervals: &PollIntervals) -> Timestamp {
    let said = freshness.max_age.max(freshness.ttl);
    let wait = said
        .unwrap_or(intervals.usual)
        .clamp(intervals.shortest, intervals.longest.max(intervals.shortest));
    let at = plus(now, varied(wait, url, now));
    freshness.not_before.map_or(at, |not_before| at.max(not_before))
}

/// When to ask a source again after `failures` failures in a row (the one just now included): five minutes, doubled each
/// time, a day at most, varied by a tenth.
#[must_use]
pub fn after_failure(url: &str, failures: u32, now: Timestamp) -> Timestamp {
    let doublings = failures.saturating_sub(1).min(16);
    let wait = FIRST_BACKOFF.saturating_mul(1 << doublings).min(LONGEST_BACKOFF);
    plus(now, varied(wait, url, now))
}

/// `wait` longer or shorter by up to a tenth, always the same for the same address and instant.
fn varied(wait: Duration, url: &str, now: Timestamp) -> Duration {
    let digest = Sha256::new()
        .chain_update(url)
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
                let wait = next("https://a.example/feed", NOW, &freshness, &intervals).since(NOW) / 1000;
                assert!((at_least..=at_most).contains(&wait), "{pairs:?} {ttl:?}: {wait}");
            };
        check(&[], None, 810, 990);
        check(&[("cache-control", "public, max-age=3600")], None, 3240, 3960);
        check(
            &[("cache-control", "max-age=3600"), ("age", "1800")],
            None,
            1620,
            1980,
        );
        check(&[("cache-control", "max-age=10")], None, 270, 330);
        check(&[("cache-control", "max-age=10")], Some(60), 3240, 3960);
        check(&[("cache-control", "max-age=99999999")], None, 77_760, 95_040);
        check(&[("retry-after", "7200")], None, 7200, 7200);
    }

    #[test]
    fn backs_off_up_to_a_day() {
        let check = |failures, minutes: f64| {
            let wait = after_failure("https://a.example/feed", failures, NOW).since(NOW) as f64 / 60_000.0;
            assert!(
                (minutes * 0.9..=minutes * 1.1).contains(&wait),
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
