//! Combinatorially symmetric cross-validation on sums.
//!
//! A Sharpe ratio needs the number, the sum and the sum of squares of returns, and those of half of the span are sums over its
//! parts. All ways to divide the parts are walked as a tree in which each knot adds one part to one of the halves, so that a leaf has
//! both halves ready; each leaf is used in both directions, since the halves of one choice are those of its complement.

use multiversion::multiversion;
use rayon::prelude::*;

use super::{OverfittingProbability, Trials};
use crate::BacktestError;
use crate::metrics::end_of;

/// # Errors
/// [`BacktestError::Cancelled`]
pub(super) fn overfitting_probability(
    trials: &Trials,
    parts: usize,
    cancel: &(dyn Fn() -> bool + Sync),
) -> Result<OverfittingProbability, BacktestError> {
    // The first part is always in the first half; the branches of the next few are walked side by side.
    let depth = parts / 4;
    let branches = 1_usize << (depth - 1);
    let counts: Vec<Count> = (0..branches)
        .into_par_iter()
        .map(|branch| Walk::of(trials, parts).branch(branch << 1, depth, cancel))
        .collect::<Result<_, _>>()?;
    let combinations: u64 = counts.iter().map(|count| count.all).sum();
    let fallen: u64 = counts.iter().map(|count| count.fallen).sum();
    Ok(OverfittingProbability {
        value: fallen as f64 / combinations as f64,
        parts,
        combinations,
    })
}

/// Choices of a half, and those whose best fell into the lower half of the test.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    all: u64,
    fallen: u64,
}

/// Sums of all trials over the parts of a half.
#[derive(Clone, Debug)]
struct Sums {
    returns: usize,
    sums: Vec<f64>,
    squares: Vec<f64>,
}

impl Sums {
    fn none(trials: usize) -> Self {
        Self {
            returns: 0,
            sums: vec![0.0; trials],
            squares: vec![0.0; trials],
        }
    }

    /// Becomes `less` and one part more.
    fn become_more(&mut self, less: &Self, returns: usize, sums: &[f64], squares: &[f64]) {
        self.returns = less.returns + returns;
        add(&mut self.sums, &less.sums, sums);
        add(&mut self.squares, &less.squares, squares);
    }

    /// Numbers in the order of the Sharpe ratios, see [`rank`].
    fn ranks(&self, ranks: &mut [f64]) {
        rank(self.returns as f64, &self.sums, &self.squares, ranks);
    }
}

/// Writes the sum of two columns.
#[multiversion(targets("x86_64+avx+avx2"))]
fn add(to: &mut [f64], from: &[f64], more: &[f64]) {
    for (to, (from, more)) in to.iter_mut().zip(from.iter().zip(more)) {
        *to = from + more;
    }
}

/// `SR^2 / (n - 1)` with the sign of the mean, which needs no root, of `n` returns with these sums and sums of squares. Zero
/// without spread.
#[multiversion(targets("x86_64+avx+avx2"))]
fn rank(n: f64, sums: &[f64], squares: &[f64], ranks: &mut [f64]) {
    /// Below this part of the squares, a spread is only what rounding left.
    const ROUNDING: f64 = 1e-12;
    for (rank, (sum, squares)) in ranks.iter_mut().zip(sums.iter().zip(squares)) {
        let all = n * squares;
        let spread = all - sum * sum;
        let ratio = sum * sum.abs() / spread;
        *rank = if spread > all * ROUNDING { ratio } else { 0.0 };
    }
}

struct Walk<'t> {
    trials: &'t Trials,
    parts: usize,
    /// The halves with none, one, two ... of their parts.
    first: Vec<Sums>,
    second: Vec<Sums>,
    first_ranks: Vec<f64>,
    second_ranks: Vec<f64>,
    count: Count,
}

impl<'t> Walk<'t> {
    fn of(trials: &'t Trials, parts: usize) -> Self {
        let n = trials.rows.len();
        let halves = vec![Sums::none(n); parts / 2 + 1];
        Self {
            trials,
            parts,
            first: halves.clone(),
            second: halves,
            first_ranks: vec![0.0; n],
            second_ranks: vec![0.0; n],
            count: Count::default(),
        }
    }

    /// Puts the first `depth` parts into the halves that the bits of `branch` say (one is the second half), then all others in
    /// every way.
    fn branch(
        mut self,
        branch: usize,
        depth: usize,
        cancel: &(dyn Fn() -> bool + Sync),
    ) -> Result<Count, BacktestError> {
        let (mut first, mut second) = (0, 0);
        for part in 0..depth {
            if branch >> part & 1 == 0 {
                self.put(part, first, true);
                first += 1;
            } else {
                self.put(part, second, false);
                second += 1;
            }
        }
        self.walk(first, second, cancel)?;
        Ok(self.count)
    }

    /// Adds a part to a half that has `had` parts.
    fn put(&mut self, part: usize, had: usize, is_first: bool) {
        let halves = if is_first {
            &mut self.first
        } else {
            &mut self.second
        };
        let from = part
            .checked_sub(1)
            .map_or(0, |before| end_of(before, self.parts, self.trials.bars));
        let returns = end_of(part, self.parts, self.trials.bars) - from;
        let (less, more) = halves.split_at_mut(had + 1);
        if let (Some(less), Some(more), Some(sums), Some(squares)) = (
            less.last(),
            more.first_mut(),
            self.trials.sums.get(part),
            self.trials.squares.get(part),
        ) {
            more.become_more(less, returns, sums, squares);
        }
    }

    fn walk(
        &mut self,
        first: usize,
        second: usize,
        cancel: &(dyn Fn() -> bool + Sync),
    ) -> Result<(), BacktestError> {
        let (half, part) = (self.parts / 2, first + second);
        if part == self.parts {
            self.leaf(half);
            return if cancel() {
                Err(BacktestError::Cancelled)
            } else {
                Ok(())
            };
        }
        if first < half {
            self.put(part, first, true);
            self.walk(first + 1, second, cancel)?;
        }
        if second < half {
            self.put(part, second, false);
            self.walk(first, second + 1, cancel)?;
        }
        Ok(())
    }

    fn leaf(&mut self, half: usize) {
        if let (Some(first), Some(second)) = (self.first.get(half), self.second.get(half)) {
            first.ranks(&mut self.first_ranks);
            second.ranks(&mut self.second_ranks);
        }
        self.count.all += 2;
        self.count.fallen += u64::from(falls(&self.first_ranks, &self.second_ranks));
        self.count.fallen += u64::from(falls(&self.second_ranks, &self.first_ranks));
    }
}

/// Whether what was best in the sample is in the lower half of the test: a logit of zero or below, which is a mean rank from the
/// bottom of `(N + 1) / 2` or less.
#[multiversion(targets("x86_64+avx+avx2"))]
fn falls(sample: &[f64], test: &[f64]) -> bool {
    const LANES: usize = 8;
    let larger = |a: f64, b: f64| if b > a { b } else { a };
    let (groups, rest) = sample.as_chunks::<LANES>();
    let mut lanes = [f64::NEG_INFINITY; LANES];
    for group in groups {
        for (lane, &rank) in lanes.iter_mut().zip(group) {
            *lane = larger(*lane, rank);
        }
    }
    let largest = lanes.iter().chain(rest).copied().fold(f64::NEG_INFINITY, larger);
    let best = sample.iter().position(|&rank| rank == largest);
    let Some(&its) = best.and_then(|best| test.get(best)) else {
        return false;
    };
    let (mut below, mut equal) = (0_usize, 0_usize);
    for &rank in test {
        below += usize::from(rank < its);
        equal += usize::from(rank == its);
    }
    // The mean rank is below + (equal + 1) / 2.
    2 * below + equal <= test.len()
}
