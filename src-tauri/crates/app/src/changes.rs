//! What a job changed in the series it works on: what people are told at its end.

use std::collections::VecDeque;
use std::sync::Mutex;

use promptpal_domain::JobId;

use crate::jobs::Outcome;
use crate::progress::lock;

/// Jobs whose changes are kept; as many as are listed.
const KEPT: usize = 60;

/// What a job changed in a series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeriesChanges {
    /// Candles that are new.
    pub inserted: u64,
    /// Candles that were there with the same numbers.
    pub unchanged: u64,
    /// Candles whose numbers differed from those stored; the old ones are kept as corrections.
    pub corrected: u64,
    /// Holes in the series now, where the job looked.
    pub gaps: Option<u64>,
    /// Rows of files that made no candle.
    pub rejected: u64,
    /// Why, a line each, the first ones.
    pub problems: Vec<String>,
}

impl SeriesChanges {
    /// Of jobs that fill or check one series; the others change none, or many.
    pub(crate) fn of(outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::Fetched(report) => Some(Self {
                inserted: report.inserted,
                unchanged: report.unchanged,
                corrected: report.corrected,
                gaps: Some(report.gaps),
                rejected: report.rejected,
                problems: Vec::new(),
            }),
            Outcome::Verified(report) => Some(Self {
                inserted: report.inserted,
                unchanged: report.unchanged,
                corrected: report.corrected,
                ..Self::default()
            }),
            Outcome::Imported(report) => Some(Self {
                inserted: report.inserted,
                unchanged: report.unchanged,
                corrected: report.corrected,
                gaps: Some(report.gap_count),
                rejected: report.rejected,
                problems: report.problems.clone(),
            }),
            Outcome::Exported(_)
            | Outcome::Crawled(_)
            | Outcome::Scored(_)
            | Outcome::Evaluated(_)
            | Outcome::Installed(_)
            | Outcome::Ran(_)
            | Outcome::Swept(_)
            | Outcome::Sampled(_) => None,
        }
    }

    /// As a line of the job's log, which outlives the program.
    pub(crate) fn line(&self) -> String {
        let mut line = format!(
            "{} new, {} unchanged, {} corrected",
            self.inserted, self.unchanged, self.corrected
        );
        if let Some(gaps) = self.gaps {
            line.push_str(&format!(", {gaps} gaps"));
        }
        if self.rejected > 0 {
            line.push_str(&format!(", {} rows left out", self.rejected));
        }
        line
    }
}

/// The changes of the newest jobs of this process.
#[derive(Debug, Default)]
pub(crate) struct RecentChanges(Mutex<VecDeque<(JobId, SeriesChanges)>>);

impl RecentChanges {
    pub(crate) fn keep(&self, id: JobId, changes: SeriesChanges) {
        let mut kept = lock(&self.0);
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back((id, changes));
    }

    pub(crate) fn of(&self, id: &JobId) -> Option<SeriesChanges> {
        let kept = lock(&self.0);
        kept.iter()
            .find(|(known, _)| known == id)
            .map(|(_, changes)| changes.clone())
    }
}
