//! UTC instants in whole milliseconds and half-open spans of them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp as JiffTimestamp;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Why a text or number is not an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text is neither a date, a date and time, nor a count of milliseconds.
    #[error("'{0}' is not a time: write 2024-01-31, 2024-01-31T12:00:00Z or milliseconds since 1970")]
    Unreadable(String),
    /// The end of a span lies before its start.
    #[error("a span ends before it starts: {from} to {to}")]
    Reversed {
        /// The start asked for.
        from: Timestamp,
        /// The end asked for.
        to: Timestamp,
    },
}

impl Timestamp {
    /// The first instant that archives of any venue can hold: 1970-01-01.
    pub const EPOCH: Self = Self(0);

    /// From milliseconds since 1970.
    #[must_use]
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded towards the past.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// This instant moved by `ms` milliseconds; saturates at the ends of time.
    #[must_use]
    pub const fn plus_millis(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant (negative when `earlier` is later).
    #[must_use]
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 with seconds, and milliseconds only where there are some: `2024-01-31T12:00:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match JiffTimestamp::from_millisecond(self.0) {
            Ok(at) => write!(f, "{at}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    /// Reads `2024-01-31` (midnight UTC), RFC 3339 with any offset, or a count of milliseconds of more than eight digits.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let trimmed = text.trim();
        let unreadable = || TimeError::Unreadable(text.to_owned());
        if trimmed.len() > 8 && trimmed.bytes().all(|b| b.is_ascii_digit()) {
            return trimmed.parse().map(Self).map_err(|_| unreadable());
        }
        if let Ok(date) = trimmed.parse::<jiff::civil::Date>()
            && trimmed.len() == 10
        {
            let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| unreadable())?;
            return Ok(Self(midnight.timestamp().as_millisecond()));
        }
        trimmed
            .parse::<JiffTimestamp>()
            .map(|at| Self(at.as_millisecond()))
            .map_err(|_| unreadable())
    }
}

/// A half-open stretch of time: `from` belongs to it, `to` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    from: Timestamp,
    to: Timestamp,
}

impl Span {
    /// All of time.
    pub const ALL: Self = Self {
        from: Timestamp(i64::MIN),
        to: Timestamp(i64::MAX),
    };

    /// The span `[from, to)`; `from == to` is the empty span.
    ///
    /// # Errors
    /// [`TimeError::Reversed`] when `to` is before `from`.
    pub fn new(from: Timestamp, to: Timestamp) -> Result<Self, TimeError> {
        if to < from {
            Err(TimeError::Reversed { from, to })
        } else {
            Ok(Self { from, to })
        }
    }

    /// First instant of the span.
    #[must_use]
    pub const fn from(self) -> Timestamp {
        self.from
    }

    /// First instant after the span.
    #[must_use]
    pub const fn to(self) -> Timestamp {
        self.to
    }

    /// Whether no instant lies in the span.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.from >= self.to
    }

    /// Whether `at` lies in the span.
    #[must_use]
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Length in milliseconds.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.to.0.saturating_sub(self.from.0)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_people_write() {
        let check = |text: &str, expected: Option<i64>| {
            assert_eq!(
                text.parse::<Timestamp>().ok().map(Timestamp::millis),
                expected,
                "{text}"
            );
        };
        check("2024-01-31", Some(1_706_659_200_000));
        check("2024-01-31T12:00:00Z", Some(1_706_702_400_000));
        check("2024-01-31T14:00:00+02:00", Some(1_706_702_400_000));
        check(" 1706702400000 ", Some(1_706_702_400_000));
        check("20240131", None);
        check("yesterday", None);
        check("", None);
    }

    #[test]
    fn prints_rfc_3339() {
        assert_eq!(
            Timestamp::from_millis(1_706_702_400_000).to_string(),
            "2024-01-31T12:00:00Z"
        );
        assert_eq!(
            Timestamp::from_millis(1_706_702_400_250).to_string(),
            "2024-01-31T12:00:00.25Z"
        );
    }

    #[test]
    fn spans_are_half_open() {
        let at = Timestamp::from_millis;
        let span = Span::new(at(10), at(20)).unwrap();
        assert!(span.contains(at(10)) && span.contains(at(19)) && !span.contains(at(20)));
        assert_eq!(
            Span::new(at(2), at(1)),
            Err(TimeError::Reversed {
                from: at(2),
                to: at(1)
            })
        );
    }
}
