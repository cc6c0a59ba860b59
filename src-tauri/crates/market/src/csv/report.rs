//! What an import found.

use std::collections::{BTreeMap, BTreeSet};

use promptpal_domain::{Candle, Interval, Span, Timestamp};

/// So many problems and notes are kept in full; the rest is only counted.
const KEPT: usize = 100;

/// A row that made no candle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct RowError {
    /// Line of the file, from 1.
    pub line: u64,
    /// Why.
    pub reason: RowProblem,
}

/// Why a row made no candle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// The row ends before this column.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// Not a time.
    #[error("{column} '{text}' is not a time")]
    Time {
        /// Which column.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// Not a number, or one with more digits than can be kept.
    #[error("{column}: {source}")]
    Number {
        /// Which column.
        column: &'static str,
        /// What is wrong.
        source: promptpal_domain::DecimalError,
    },
    /// Numbers that contradict each other.
    #[error(transparent)]
    Candle(#[from] promptpal_domain::CandleError),
    /// A candle with this open time was in the file already; the first one counts.
    #[error("another candle at {0} came before")]
    Duplicate(Timestamp),
    /// The candle does not open in the days that the file is for.
    #[error("a candle at {at} does not belong into this file, which is for {} to {}", span.from(), span.to())]
    Outside {
        /// Its open time.
        at: Timestamp,
        /// What the file is for.
        span: Span,
    },
    /// A line of a capture that is no frame.
    #[error("not a frame of the stream: {0}")]
    Frame(String),
    /// Not text, or a table that breaks its own rules.
    #[error("not readable: {0}")]
    Text(String),
    /// The file could not be read on; nothing after this line was seen.
    #[error("the file breaks off here: {0}")]
    BrokenOff(String),
}

/// Something odd about a row that was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowNote {
    /// The candle does not open where the interval's grid has an opening.
    OffGrid {
        /// Line of the file.
        line: u64,
        /// Its open time.
        at: Timestamp,
    },
    /// The candle opens before the one above it.
    OutOfOrder {
        /// Line of the file.
        line: u64,
        /// Its open time.
        at: Timestamp,
    },
}

/// Counts and findings of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows that made a candle.
    pub candles: u64,
    /// Rows that made none.
    pub rejected: u64,
    /// The first hundred of those.
    pub problems: Vec<RowError>,
    /// Of the rejected, those whose open time was there already.
    pub duplicates: u64,
    /// Of the accepted, those off the grid.
    pub off_grid: u64,
    /// Of the accepted, those that open before the one above.
    pub out_of_order: u64,
    /// The first hundred of these two.
    pub notes: Vec<RowNote>,
    /// Frames of a capture that were not asked for.
    pub ignored: u64,
    /// Earliest open time accepted.
    pub first: Option<Timestamp>,
    /// Latest open time accepted.
    pub last: Option<Timestamp>,
    /// Whether the file could not be read to its end.
    pub broken_off: bool,
}

/// Compares each row with those before it. Memory grows with the holes in the file, not with its rows.
#[derive(Debug)]
pub(crate) struct Tracker {
    interval: Interval,
    report: ImportReport,
    before: Option<Timestamp>,
    seen: SeenTimes,
    within: Option<Span>,
}

impl Tracker {
    pub(crate) fn new(interval: Interval) -> Self {
        Self {
            interval,
            report: ImportReport::default(),
            before: None,
            seen: SeenTimes::new(interval),
            within: None,
        }
    }

    pub(crate) fn only_within(&mut self, span: Span) {
        self.within = Some(span);
    }

    pub(crate) fn report(&self) -> &ImportReport {
        &self.report
    }

    pub(crate) fn accept(&mut self, line: u64, candle: Candle) -> Result<Candle, RowError> {
        let at = candle.open_time;
        if let Some(span) = self.within.filter(|span| !span.contains(at)) {
            return Err(self.reject(RowError {
                line,
                reason: RowProblem::Outside { at, span },
            }));
        }
        if !self.seen.insert(at) {
            self.report.duplicates += 1;
            return Err(self.reject(RowError {
                line,
                reason: RowProblem::Duplicate(at),
            }));
        }
        let report = &mut self.report;
        if self.interval.floor(at) != at {
            report.off_grid += 1;
            note(report, RowNote::OffGrid { line, at });
        }
        if self.before.is_some_and(|before| at < before) {
            report.out_of_order += 1;
            note(report, RowNote::OutOfOrder { line, at });
        }
        self.before = Some(at);
        report.candles += 1;
        report.first = Some(report.first.map_or(at, |first| first.min(at)));
        report.last = Some(report.last.map_or(at, |last| last.max(at)));
        Ok(candle)
    }

    pub(crate) fn reject(&mut self, error: RowError) -> RowError {
        self.report.rejected += 1;
        if self.report.problems.len() < KEPT {
            self.report.problems.push(error.clone());
        }
        error
    }

    pub(crate) fn ignore(&mut self) {
        self.report.ignored += 1;
    }

    pub(crate) fn broke_off(&mut self) {
        self.report.broken_off = true;
    }
}

fn note(report: &mut ImportReport, note: RowNote) {
    if report.notes.len() < KEPT {
        report.notes.push(note);
    }
}

/// Open times seen: runs of neighbours on the grid, and single times off it.
#[derive(Debug)]
struct SeenTimes {
    interval: Interval,
    /// First to last opening of each run.
    runs: BTreeMap<Timestamp, Timestamp>,
    off_grid: BTreeSet<Timestamp>,
}

impl SeenTimes {
    fn new(interval: Interval) -> Self {
        Self {
            interval,
            runs: BTreeMap::new(),
            off_grid: BTreeSet::new(),
        }
    }

    /// Notes a time; `false` when it was there.
    fn insert(&mut self, at: Timestamp) -> bool {
        if self.interval.floor(at) != at {
            return self.off_grid.insert(at);
        }
        if let Some((_, last)) = self.runs.range_mut(..=at).next_back() {
            if at <= *last {
                return false;
            }
            if self.interval.next(*last) == at {
                *last = at;
                return true;
            }
        }
        let last = self.runs.remove(&self.interval.next(at)).unwrap_or(at);
        self.runs.insert(at, last);
        true
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn seen_times_are_a_set(minutes in proptest::collection::vec((0_i64..60, 0_i64..3), 0..200)) {
            let mut seen = SeenTimes::new(Interval::Minute1);
            let mut set = HashSet::new();
            for (minute, off) in minutes {
                let at = Timestamp::from_millis(minute * 60_000 + off * 7);
                prop_assert_eq!(seen.insert(at), set.insert(at));
            }
        }
    }

    #[test]
    fn contiguous_files_take_one_run_in_either_direction() {
        for descending in [false, true] {
            let mut seen = SeenTimes::new(Interval::Month1);
            let mut at: Vec<Timestamp> = (1..=12)
                .map(|m| format!("2024-{m:02}-01").parse().unwrap())
                .collect();
            if descending {
                at.reverse();
            }
            assert!(at.iter().all(|at| seen.insert(*at)));
            assert_eq!(seen.runs.len(), 1);
        }
    }
}
