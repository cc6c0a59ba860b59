//! What goes over the pipes.

use std::io::{self, Read, Write};

use promptpal_domain::{ContentStatus, Timestamp};
use serde::{Deserialize, Serialize};

use super::LONGEST_FRAME;
use crate::extract::{DatePrecision, DateSource, Extracted, Method, PublishedDate};

/// A page to be read; its bytes follow in a frame of their own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Task {
    /// Where it came from.
    pub(super) url: String,
    /// The charset that its server stated.
    pub(super) charset: Option<String>,
}

/// What was taken from a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Taken {
    text: String,
    title: Option<String>,
    author: Option<String>,
    language: Option<String>,
    canonical_url: Option<String>,
    status: Status,
    method: How,
    date: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Date {
    at_ms: i64,
    source: Source,
    precision: Precision,
}

/// Lets enums of other homes cross a pipe under their own names.
macro_rules! words {
    ($wire:ident of $own:ty { $($word:ident),+ } $(or $otherwise:ident)?) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        enum $wire { $($word),+ }

        impl From<$own> for $wire {
            fn from(own: $own) -> Self {
                match own { $(<$own>::$word => Self::$word),+ $(, _ => Self::$otherwise)? }
            }
        }

        impl From<$wire> for $own {
            fn from(wire: $wire) -> Self {
                match wire { $($wire::$word => Self::$word),+ }
            }
        }
    };
}

words!(Status of ContentStatus { Full, Paywalled, NotArticle, Failed } or Failed);
words!(How of Method { Pack, Blocks, Readability, JsonLd, Script, None });
words!(Source of DateSource { JsonLd, Meta, TimeElement, Embedded, Address, Text, Changed });

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Precision {
    Instant(i32),
    LocalTime,
    Day,
}

impl From<Extracted> for Taken {
    fn from(own: Extracted) -> Self {
        Self {
            text: own.text,
            title: own.title,
            author: own.author,
            language: own.language,
            canonical_url: own.canonical_url,
            status: own.status.into(),
            method: own.method.into(),
            date: own.date.map(|date| Date {
                at_ms: date.at.millis(),
                source: date.source.into(),
                precision: match date.precision {
                    DatePrecision::Instant { offset_minutes } => Precision::Instant(offset_minutes),
                    DatePrecision::LocalTime => Precision::LocalTime,
                    DatePrecision::Day => Precision::Day,
                },
            }),
        }
    }
}

impl From<Taken> for Extracted {
    fn from(wire: Taken) -> Self {
        Self {
            text: wire.text,
            title: wire.title,
            author: wire.author,
            language: wire.language,
            canonical_url: wire.canonical_url,
            status: wire.status.into(),
            method: wire.method.into(),
            date: wire.date.map(|date| PublishedDate {
                at: Timestamp::from_millis(date.at_ms),
                source: date.source.into(),
                precision: match date.precision {
                    Precision::Instant(offset_minutes) => DatePrecision::Instant { offset_minutes },
                    Precision::LocalTime => DatePrecision::LocalTime,
                    Precision::Day => DatePrecision::Day,
                },
            }),
        }
    }
}

/// A frame, or `None` where the other side has closed.
pub(super) fn read_frame(from: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match from.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let length = u32::from_le_bytes(length);
    if length > LONGEST_FRAME {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    }
    let mut bytes = vec![0; length as usize];
    from.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

pub(super) fn write_frame(to: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len())
        .ok()
        .filter(|length| *length <= LONGEST_FRAME)
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(bytes)?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_taken_crosses_the_pipe_whole() {
        let page = include_bytes!("../../tests/pages/decrypt.co.html");
        let mut taken = crate::extract(page, Some("https://decrypt.co/1/x"));
        assert!(taken.date.is_some() && !taken.text.is_empty());
        let dates = [
            DatePrecision::LocalTime,
            DatePrecision::Day,
            DatePrecision::Instant { offset_minutes: -90 },
        ];
        for precision in dates {
            taken.date = taken.date.map(|date| PublishedDate { precision, ..date });
            let json = serde_json::to_vec(&Taken::from(taken.clone())).unwrap();
            let mut pipe = Vec::new();
            write_frame(&mut pipe, &json).unwrap();
            let read = read_frame(&mut pipe.as_slice()).unwrap().unwrap();
            let back: Taken = serde_json::from_slice(&read).unwrap();
            assert_eq!(Extracted::from(back), taken);
        }
        assert!(read_frame(&mut [].as_slice()).unwrap().is_none());
        assert!(read_frame(&mut [255; 8].as_slice()).is_err());
        assert!(read_frame(&mut [9, 0, 0, 0, 1].as_slice()).is_err());
    }
}
