//! How far the best run of a search can be believed.
//!
//! Whoever tries many sets of parameters finds one that did well by chance. Two figures say how far that may have gone: the
//! [`DeflatedSharpe`] of the best run, and the [`OverfittingProbability`] of choosing the best at all. Both look at the bar returns,
//! not annualised, of the *trials*: the runs that have a Sharpe ratio, which those that never traded have not. Of each trial only
//! sums over a few parts of the span are kept, never its equity.

mod cross_validation;
mod deflated;

use serde::{Deserialize, Serialize};

use crate::metrics::{PartSums, Shape};
use crate::{BacktestError, Metrics};
use cross_validation::overfitting_probability;
pub use deflated::{DeflatedSharpe, SharpeOfBest, deflated_sharpe, expected_maximum_sharpe};

/// Most parts that the span is cut into; the paper's choice.
const MOST_PARTS: usize = 16;
/// Fewest bars in a part: a Sharpe ratio of fewer says nothing.
const PART_BARS: usize = 10;
/// Fewest parts: two of them have only one way to be divided.
const FEWEST_PARTS: usize = 4;

/// Into how many parts so many bars are cut: 16, or the largest even number that leaves at least 10 bars to each; none for fewer than
/// four parts.
#[must_use]
pub fn cross_validation_parts(bars: usize) -> Option<usize> {
    let parts = (bars / PART_BARS / 2 * 2).min(MOST_PARTS);
    (parts >= FEWEST_PARTS).then_some(parts)
}

/// What is known of a search as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overfitting {
    /// Runs that have a Sharpe ratio: they came to their end and traded.
    pub trials: usize,
    /// The row with the largest Sharpe ratio of the bar returns, the first of several.
    pub best: Option<usize>,
    /// Of that row.
    pub deflated_sharpe: Finding<DeflatedSharpe>,
    /// Of choosing the row with the largest Sharpe ratio.
    pub overfitting_probability: Finding<OverfittingProbability>,
}

/// A figure, or why there is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding<T> {
    /// The figure and what it was made of.
    Found(T),
    /// Why there is none.
    Absent(Absence),
}

impl<T> Finding<T> {
    /// The figure, where there is one.
    pub fn found(&self) -> Option<&T> {
        match self {
            Self::Found(found) => Some(found),
            Self::Absent(_) => None,
        }
    }

    /// Why there is none, where there is none.
    pub fn absence(&self) -> Option<Absence> {
        match self {
            Self::Found(_) => None,
            Self::Absent(absence) => Some(*absence),
        }
    }
}

impl<T> From<Result<T, Absence>> for Finding<T> {
    fn from(result: Result<T, Absence>) -> Self {
        match result {
            Ok(found) => Self::Found(found),
            Err(absence) => Self::Absent(absence),
        }
    }
}

/// Why a figure about a search is absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// No run traded.
    #[error("no run traded")]
    NoTrials,
    /// A single run traded.
    #[error("only one run traded, so nothing was chosen")]
    OneTrial,
    /// All runs have the same Sharpe ratio.
    #[error("all runs have the same Sharpe ratio, so nothing was chosen")]
    EqualTrials,
    /// There are fewer than 40 bars.
    #[error("there are too few bars: 40 are needed")]
    FewBars,
    /// The spread of the best run's returns is not a number that the formula takes.
    #[error("the returns of the best run are too odd to judge")]
    Undefined,
}

/// The probability of backtest overfitting: how often the trial that was best on one half of the span was in the lower half of all
/// trials on the other.
///
/// D. H. Bailey, J. M. Borwein, M. Lopez de Prado, Q. J. Zhu: "The Probability of Backtest Overfitting", Journal of Computational
/// Finance 20(4), 2017, by combinatorially symmetric cross-validation (their section 3). The span is cut into equal parts; every
/// choice of half of them, in their order, is a sample, and the rest is the test. The trial with the largest Sharpe ratio in the sample
/// (the first of several) has the rank `r` from the bottom in the test (of equals the mean), and `w = r / (N + 1)`; the share of
/// choices with a logit `ln(w / (1 - w))` of zero or below is the probability. In a half where a trial's returns do not vary, as
/// where it did not trade, its ratio counts as zero.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverfittingProbability {
    /// From 0 to 1; one half is what a choice without any skill gives.
    pub value: f64,
    /// Parts that the span was cut into.
    pub parts: usize,
    /// Ways to choose half of the parts.
    pub combinations: u64,
}

/// What is kept of the trials of a search.
#[derive(Debug)]
pub(crate) struct Trials {
    bars: usize,
    /// Parts of the span; none where it is too short.
    parts: Option<usize>,
    /// The row of each trial, and its Sharpe ratio, not annualised.
    rows: Vec<usize>,
    sharpes: Vec<f64>,
    /// For each part the sums of each trial.
    sums: Vec<Vec<f64>>,
    squares: Vec<Vec<f64>>,
}

impl Trials {
    pub(crate) fn over(bars: usize) -> Self {
        let parts = cross_validation_parts(bars);
        Self {
            bars,
            parts,
            rows: Vec::new(),
            sharpes: Vec::new(),
            sums: vec![Vec::new(); parts.unwrap_or(0)],
            squares: vec![Vec::new(); parts.unwrap_or(0)],
        }
    }

    /// Into how many parts returns are to be summed up.
    pub(crate) fn parts(&self) -> usize {
        self.parts.unwrap_or(0)
    }

    /// Adds the run of a row. One without a Sharpe ratio is no trial.
    pub(crate) fn add(&mut self, row: usize, metrics: &Metrics, sums: &[PartSums]) {
        let Some(sharpe) = metrics.bar_sharpe_ddof1 else {
            return;
        };
        self.rows.push(row);
        self.sharpes.push(sharpe / metrics.ann_factor.sqrt());
        for (part, (column, squares)) in sums.iter().zip(self.sums.iter_mut().zip(self.squares.iter_mut())) {
            column.push(part.sum);
            squares.push(part.squares);
        }
    }

    /// The number among the trials, and the row, of the largest Sharpe ratio; the first of several.
    fn best(&self) -> Option<(usize, usize)> {
        let mut best: Option<(usize, f64)> = None;
        for (trial, &sharpe) in self.sharpes.iter().enumerate() {
            if best.is_none_or(|(_, largest)| sharpe > largest) {
                best = Some((trial, sharpe));
            }
        }
        let (trial, _) = best?;
        Some((trial, *self.rows.get(trial)?))
    }

    /// What all trials together say. `shape` measures the returns of a row once more: of each that would have been too much to keep.
    ///
    /// # Errors
    /// [`BacktestError::Cancelled`], and what `shape` returns.
    pub(crate) fn judge(
        &self,
        shape: impl FnOnce(usize) -> Result<Shape, BacktestError>,
        cancel: &(dyn Fn() -> bool + Sync),
    ) -> Result<Overfitting, BacktestError> {
        let best = self.best();
        let judged = match (self.comparable(), best) {
            (Ok(parts), Some((trial, row))) => {
                let sharpe = self.sharpes.get(trial).copied().unwrap_or(f64::NAN);
                let Shape { skewness, kurtosis } = shape(row)?;
                let found = SharpeOfBest {
                    sharpe,
                    bars: self.bars,
                    skewness,
                    kurtosis,
                };
                (
                    deflated_sharpe(found, &self.sharpes).into(),
                    Finding::Found(overfitting_probability(self, parts, cancel)?),
                )
            }
            (Err(absence), _) => (Finding::Absent(absence), Finding::Absent(absence)),
            (Ok(_), None) => (
                Finding::Absent(Absence::NoTrials),
                Finding::Absent(Absence::NoTrials),
            ),
        };
        Ok(Overfitting {
            trials: self.rows.len(),
            best: best.map(|(_, row)| row),
            deflated_sharpe: judged.0,
            overfitting_probability: judged.1,
        })
    }

    /// The number of parts, where there is something to choose among and enough to judge it on.
    fn comparable(&self) -> Result<usize, Absence> {
        match self.sharpes.as_slice() {
            [] => Err(Absence::NoTrials),
            [_] => Err(Absence::OneTrial),
            [first, rest @ ..] if rest.iter().all(|sharpe| sharpe == first) => Err(Absence::EqualTrials),
            _ => self.parts.ok_or(Absence::FewBars),
        }
    }
}

#[cfg(test)]
mod tests;
