//! Times as they are written in files.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use promptpal_domain::Timestamp;

use crate::moment;

/// Reads a count since 1970 (the unit told by its size, decimals allowed) or a date with or without time and zone;
/// without a zone it is UTC.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return civil(&format!(
            "{}-{}-{}",
            text.get(..4)?,
            text.get(4..6)?,
            text.get(6..)?
        ));
    }
    if let Some(at) = count(text) {
        return Some(at);
    }
    let text = text.trim_end_matches("UTC").trim_end();
    let compact = text
        .split_once([' ', 'T'])
        .filter(|(day, _)| day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()));
    if let Some((day, time)) = compact {
        let (year, month, day) = (day.get(..4)?, day.get(4..6)?, day.get(6..)?);
        return civil(&format!("{year}-{month}-{day}T{time}"));
    }
    match text.parse::<jiff::Timestamp>() {
        Ok(at) => Some(Timestamp::from_millis(at.as_millisecond())),
        Err(_) => civil(text),
    }
}

fn count(text: &str) -> Option<Timestamp> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().ok()?;
    if !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let at = moment::by_magnitude(whole);
    // Decimals matter only behind seconds, and there down to the millisecond.
    let in_seconds = at.millis() == whole.saturating_mul(1000) && whole != 0;
    let thousandths: i64 = format!("{decimals:0<3}").get(..3)?.parse().ok()?;
    Some(if in_seconds {
        at.plus_millis(thousandths)
    } else {
        at
    })
}

fn civil(text: &str) -> Option<Timestamp> {
    let midnight = |date: Date| date.at(0, 0, 0, 0);
    let at = text
        .parse::<DateTime>()
        .ok()
        .or_else(|| text.parse::<Date>().ok().map(midnight))?;
    Some(Timestamp::from_millis(
        at.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond(),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_files_hold() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                parse(text).map(|at| at.to_string()).as_deref(),
                expected,
                "{text}"
            );
        };
        let expected = Some("2024-01-31T12:00:00Z");
        for text in [
            "1706702400",
            "1706702400.0",
            "1706702400000",
            "1706702400000000",
            "1706702400000000000",
            "2024-01-31T12:00:00Z",
            "2024-01-31 12:00:00",
            "2024-01-31 12:00",
            "2024-01-31T12:00:00.000",
            "2024-01-31 12:00:00 UTC",
            "2024-01-31 12:00:00+00:00",
            "2024-01-31 14:00:00+02:00",
            "20240131 12:00",
        ] {
            check(text, expected);
        }
        check("2024-01-31", Some("2024-01-31T00:00:00Z"));
        check("20240131", Some("2024-01-31T00:00:00Z"));
        check("1706702400.25", Some("2024-01-31T12:00:00.25Z"));
        check("31/01/2024", None);
        check("20241331", None);
        check("", None);
        check("-", None);
        check("1.2.3", None);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}") {
            let _ = parse(&text);
        }
    }
}
