//! The ledger of a series: which of its openings are there, which the venue has none for, and which are still open.

use crate::{Span, Timestamp};

/// How candles came into the store, or by whom a span was said to hold none.
///
/// Ordered by how much the word of it counts where several speak about one opening: the last one counts most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CandleSource {
    /// The program's own simulator.
    Simulation,
    /// A file that the user read in.
    Import,
    /// A stream of the venue.
    Live,
    /// A file of the venue's archive.
    Archive,
    /// The venue's interface for history.
    Rest,
}

impl CandleSource {
    /// Every source, the one that counts least first.
    pub const ALL: [Self; 5] = [
        Self::Simulation,
        Self::Import,
        Self::Live,
        Self::Archive,
        Self::Rest,
    ];

    /// Its name in files and in the store, such as `rest`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Simulation => "simulation",
            Self::Import => "import",
            Self::Live => "live",
            Self::Archive => "archive",
            Self::Rest => "rest",
        }
    }

    /// The source of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }
}

/// Who said that a span holds no candle, and when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// The kind of source.
    pub source: CandleSource,
    /// Which one: the host, the name of the archive's file, or of the user's file.
    pub name: String,
    /// Of the file, in lower-case hexadecimal; `None` where the source is no file.
    pub sha256: Option<String>,
    /// When it was first asked for the span.
    pub first_asked: Timestamp,
    /// When it was last asked for the span, with the same answer.
    pub last_asked: Timestamp,
    /// How often it was asked.
    pub times: u32,
}

/// How openings of the grid stand.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LedgerState {
    /// The candles are stored.
    Present,
    /// A source was asked and has none.
    ExchangeAbsent(Evidence),
    /// Not asked yet, or the answer is still to come.
    Pending,
}

/// Neighbouring openings that stand alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LedgerSpan {
    /// From the first opening to the first that stands otherwise.
    pub span: Span,
    /// Openings of the grid in it.
    pub openings: u64,
    /// How they stand.
    pub state: LedgerState,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_the_venue_counts_most() {
        for source in CandleSource::ALL {
            assert_eq!(CandleSource::from_name(source.as_str()), Some(source));
        }
        assert_eq!(CandleSource::from_name("Rest"), None);
        assert!(CandleSource::Rest > CandleSource::Archive && CandleSource::Live > CandleSource::Import);
    }
}
