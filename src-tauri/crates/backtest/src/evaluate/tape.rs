//! Operations that need no more than a bar and the one before it, some hundred bars at a time.
//!
//! What they pass on stays in the first-level cache and is never written out: of a strategy's conditions only the signals are.

use std::borrow::Cow;

use promptpal_indicators::Grid;

use super::columns::{self, Numbers, Truths};
use crate::graph::{Arithmetic, Comparison, Function};
use crate::truth::{self, UNKNOWN};

/// Bars of a block.
pub(super) const BLOCK: usize = 512;

/// Where a step finds numbers.
#[derive(Clone, Copy, Debug)]
pub(super) enum NumbersAt<'v> {
    Scalar(f64),
    Column(&'v [f64]),
    /// What an earlier step wrote.
    Block(usize),
}

/// Where a step finds conditions.
#[derive(Clone, Copy, Debug)]
pub(super) enum TruthsAt<'v> {
    Always(u8),
    Column(&'v [u8]),
    Block(usize),
}

/// What a step computes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'v> {
    /// Mean of the last so many values of a grid without holes, whose sums are small.
    Mean(&'v Grid, usize),
    Arithmetic(Arithmetic, NumbersAt<'v>, NumbersAt<'v>),
    Function(Function, NumbersAt<'v>),
    Choose(TruthsAt<'v>, NumbersAt<'v>, NumbersAt<'v>),
    Compare(Comparison, NumbersAt<'v>, NumbersAt<'v>),
    /// Which is greater: no condition, but what [`Step::Ordered`] makes some of.
    Order(NumbersAt<'v>, NumbersAt<'v>),
    /// The same of the means of the last so many and so many values of a grid, see [`Grid::write_order`].
    OrderOfMeans(&'v Grid, usize, usize),
    /// Whether an order is one of these.
    Ordered(TruthsAt<'v>, u8),
    And(TruthsAt<'v>, TruthsAt<'v>),
    Or(TruthsAt<'v>, TruthsAt<'v>),
    Not(TruthsAt<'v>),
    Rise(TruthsAt<'v>),
}

impl Step<'_> {
    /// Whether it writes numbers; else it writes conditions.
    pub(super) const fn writes_numbers(&self) -> bool {
        matches!(
            self,
            Step::Mean(..) | Step::Arithmetic(..) | Step::Function(..) | Step::Choose(..)
        )
    }
}

/// Steps in order, each with the block that it writes.
#[derive(Debug, Default)]
pub(super) struct Tape<'v> {
    steps: Vec<Step<'v>>,
    numbers: Vec<[f64; BLOCK]>,
    truths: Vec<[u8; BLOCK]>,
    /// The last of each block of conditions, of the bars before.
    last: Vec<Option<u8>>,
}

impl<'v> Tape<'v> {
    /// Adds a step that writes numbers.
    pub(super) fn numbers(&mut self, step: Step<'v>) -> NumbersAt<'v> {
        self.steps.push(step);
        self.numbers.push([0.0; BLOCK]);
        NumbersAt::Block(self.numbers.len() - 1)
    }

    /// Adds a step that writes conditions.
    pub(super) fn truths(&mut self, step: Step<'v>) -> TruthsAt<'v> {
        self.steps.push(step);
        self.truths.push([UNKNOWN; BLOCK]);
        self.last.push(None);
        TruthsAt::Block(self.truths.len() - 1)
    }

    /// Computes all steps on the bars `from..from + len`; blocks follow each other.
    pub(super) fn run(&mut self, from: usize, len: usize) {
        let (mut numbers, mut truths) = (0, 0);
        for step in &self.steps {
            let (numbers_before, number_blocks) = self.numbers.split_at_mut(numbers);
            let (truths_before, truth_blocks) = self.truths.split_at_mut(truths);
            let at = Blocks {
                numbers: numbers_before,
                truths: truths_before,
                last: &self.last,
                from,
                len,
            };
            if step.writes_numbers() {
                let out = number_blocks.first_mut().and_then(|block| block.get_mut(..len));
                at.write_numbers(step, out.unwrap_or_default());
                numbers += 1;
            } else {
                let out = truth_blocks.first_mut().and_then(|block| block.get_mut(..len));
                at.write_truths(step, out.unwrap_or_default());
                truths += 1;
            }
        }
        for (last, block) in self.last.iter_mut().zip(&self.truths) {
            *last = block.get(..len).and_then(<[u8]>::last).copied();
        }
    }

    /// Conditions on the bars of the last run.
    pub(super) fn conditions(&self, at: TruthsAt<'v>, from: usize, len: usize) -> Truths<'_> {
        let blocks = Blocks {
            numbers: &self.numbers,
            truths: &self.truths,
            last: &self.last,
            from,
            len,
        };
        blocks.truths(at)
    }
}

/// What a step can read.
struct Blocks<'t> {
    numbers: &'t [[f64; BLOCK]],
    truths: &'t [[u8; BLOCK]],
    last: &'t [Option<u8>],
    from: usize,
    len: usize,
}

impl<'t> Blocks<'t> {
    fn numbers<'v: 't>(&self, at: NumbersAt<'v>) -> Numbers<'t> {
        let block = match at {
            NumbersAt::Scalar(value) => return Numbers::Scalar(value),
            NumbersAt::Column(column) => column.get(self.from..self.from + self.len),
            NumbersAt::Block(at) => self.numbers.get(at).and_then(|block| block.get(..self.len)),
        };
        Numbers::Borrowed(block.unwrap_or_default())
    }

    fn truths<'v: 't>(&self, at: TruthsAt<'v>) -> Truths<'t> {
        let block = match at {
            TruthsAt::Always(truth) => return Truths::Always(truth),
            TruthsAt::Column(column) => column.get(self.from..self.from + self.len),
            TruthsAt::Block(at) => self.truths.get(at).and_then(|block| block.get(..self.len)),
        };
        Truths::Column(Cow::Borrowed(block.unwrap_or_default()))
    }

    /// What a condition was on the bar before these.
    fn before(&self, at: TruthsAt<'_>) -> Option<u8> {
        match at {
            TruthsAt::Always(truth) => (self.from > 0).then_some(truth),
            TruthsAt::Column(column) => column.get(self.from.checked_sub(1)?).copied(),
            TruthsAt::Block(at) => self.last.get(at).copied().flatten(),
        }
    }

    fn write_numbers<'v: 't>(&self, step: &Step<'v>, out: &mut [f64]) {
        match *step {
            Step::Mean(grid, n) => grid.write_means(n, self.from, out),
            Step::Arithmetic(op, a, b) => columns::arithmetic(op, &self.numbers(a), &self.numbers(b), out),
            Step::Function(function, a) => columns::function(function, &self.numbers(a), out),
            Step::Choose(condition, yes, no) => columns::choose(
                &self.truths(condition),
                &self.numbers(yes),
                &self.numbers(no),
                out,
            ),
            _ => {}
        }
    }

    fn write_truths<'v: 't>(&self, step: &Step<'v>, out: &mut [u8]) {
        match *step {
            Step::Compare(op, a, b) => columns::compare(op, &self.numbers(a), &self.numbers(b), out),
            Step::Order(a, b) => columns::order(&self.numbers(a), &self.numbers(b), out),
            Step::OrderOfMeans(grid, n, m) => grid.write_order(n, m, self.from, out),
            Step::Ordered(order, yes) => columns::ordered(&self.truths(order), yes, out),
            Step::And(a, b) => columns::zip_truths(&self.truths(a), &self.truths(b), out, truth::and),
            Step::Or(a, b) => columns::zip_truths(&self.truths(a), &self.truths(b), out, truth::or),
            Step::Not(a) => {
                let unused = Truths::Always(UNKNOWN);
                columns::zip_truths(&self.truths(a), &unused, out, |a, _| truth::not(a));
            }
            Step::Rise(a) => columns::rise(&self.truths(a), self.before(a), out),
            _ => {}
        }
    }
}
