//! How the nodes of a run come about: which as whole columns, which block by block, and the running of both together.

use promptpal_indicators::Grid;

use super::columns::{Numbers, Truths};
use super::tape::{BLOCK, NumbersAt, Step, Tape, TruthsAt};
use super::whole::Value;
use super::{Operands, Wanted};
use crate::graph::{Graph, Node, NodeId, TESTED};
use crate::truth::{self, TRUE};
use crate::{BacktestError, Inputs};

/// Blocks between two looks at the cancel flag.
const CANCEL_EVERY: usize = 64;

/// How a node is computed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    /// Not at all: nothing needs it, or it is known.
    Not,
    /// As a whole column, which so many others read.
    Whole(u32),
    /// Block by block.
    Block,
}

/// The values of a run, and how they come about.
pub(super) struct Work<'v> {
    how: Vec<How>,
    pub(super) values: Vec<Option<Value<'v>>>,
}

impl<'k> Work<'k> {
    /// Goes from what is wanted to what that reads. A node whose readers all go block by block does so too, where it can.
    pub(super) fn plan(
        graph: &Graph,
        wanted: Wanted<'_>,
        inputs: &Inputs<'_>,
        known: &dyn Fn(NodeId) -> Option<Value<'k>>,
    ) -> Self {
        let len = graph.nodes().len();
        let mut work = Self {
            how: vec![How::Not; len],
            values: Vec::new(),
        };
        work.values.resize_with(len, || None);
        // A whole column that never goes: it is part of the result.
        for &id in wanted.numbers {
            work.read_whole(id);
        }
        for &(id, _) in wanted.conditions {
            work.read_by_block(id);
        }
        for (index, node) in graph.nodes().iter().enumerate().rev() {
            let id = NodeId(index as u32);
            let Some(how) = work.how.get(index).copied().filter(|how| *how != How::Not) else {
                continue;
            };
            if let Some(value) = known(id) {
                if let (Some(slot), Some(how)) = (work.values.get_mut(index), work.how.get_mut(index)) {
                    (*slot, *how) = (Some(value), How::Not);
                }
                continue;
            }
            if how == How::Block && mean_of(graph, id, inputs, known).is_some() {
                continue;
            }
            if how == How::Block && !by_block(graph, id) {
                work.read_whole(id);
            }
            let whole = work.is_whole(index);
            for read in node.reads() {
                if whole {
                    work.read_whole(read);
                } else {
                    work.read_by_block(read);
                }
            }
        }
        work
    }

    /// One more reader that needs the column as a whole, or for as long as the run lasts.
    fn read_whole(&mut self, id: NodeId) {
        if let Some(how) = self.how.get_mut(id.0 as usize) {
            *how = match *how {
                How::Whole(readers) => How::Whole(readers + 1),
                How::Not => How::Whole(1),
                // Those that go block by block are a reader too: the blocks come last, and until then the column must stay.
                How::Block => How::Whole(2),
            };
        }
    }

    fn read_by_block(&mut self, id: NodeId) {
        match self.how.get_mut(id.0 as usize) {
            Some(how @ How::Not) => *how = How::Block,
            Some(How::Whole(readers)) => *readers += 1,
            Some(How::Block) | None => {}
        }
    }

    pub(super) fn is_whole(&self, index: usize) -> bool {
        matches!(self.how.get(index), Some(How::Whole(_)))
    }

    /// One reader fewer; the column goes when it was the last. How many columns that were.
    pub(super) fn release(&mut self, id: NodeId) -> usize {
        let at = id.0 as usize;
        if let Some(How::Whole(readers)) = self.how.get_mut(at) {
            *readers = readers.saturating_sub(1);
            if *readers == 0
                && let Some(value) = self.values.get_mut(at).and_then(Option::take)
            {
                return value.columns();
            }
        }
        0
    }

    /// Moves a column out of its indicator, where it is not lent.
    pub(super) fn take_output(&mut self, of: NodeId, index: usize, held: &mut usize) -> Option<Value<'k>> {
        match self.values.get_mut(of.0 as usize) {
            Some(Some(Value::Bundle(columns))) => {
                // It is counted where it lies then.
                *held = held.saturating_sub(1);
                let column = columns.get_mut(index).map(std::mem::take)?;
                Some(Value::Numbers(Numbers::Owned(column)))
            }
            Some(Some(Value::Lent(columns))) => {
                let columns: &'k [Vec<f64>] = columns;
                Some(Value::Numbers(Numbers::Borrowed(columns.get(index)?)))
            }
            _ => None,
        }
    }

    /// Runs what goes block by block, and packs the conditions.
    pub(super) fn signals(
        &self,
        graph: &Graph,
        conditions: &[(NodeId, u8)],
        inputs: &Inputs<'_>,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<u8>, BacktestError> {
        let mut tape = Tape::default();
        let mut places = vec![Place::None; graph.nodes().len()];
        for index in 0..places.len() {
            let id = NodeId(index as u32);
            let place = match self.values.get(index) {
                Some(Some(value)) => Place::of(value),
                _ if self.how.get(index) == Some(&How::Block) => step(graph, id, inputs, &places, &mut tape),
                _ => Place::None,
            };
            if let Some(slot) = places.get_mut(index) {
                *slot = place;
            }
        }
        let len = inputs.bars().len();
        let mut signals = vec![0_u8; len];
        for (number, block) in signals.chunks_mut(BLOCK).enumerate() {
            if number.is_multiple_of(CANCEL_EVERY) && cancel() {
                return Err(BacktestError::Cancelled);
            }
            let from = number * BLOCK;
            tape.run(from, block.len());
            for &(id, bit) in conditions {
                let place = places.get(id.0 as usize).copied().unwrap_or(Place::None);
                // All ones where the condition is true: bytes have no vector shift.
                let marked = |truth: u8| 0_u8.wrapping_sub(truth & TRUE) & bit;
                match tape.conditions(place.truths(), from, block.len()) {
                    Truths::Always(truth) => block.iter_mut().for_each(|signal| *signal |= marked(truth)),
                    Truths::Column(column) => {
                        for (signal, &truth) in block.iter_mut().zip(column.iter()) {
                            *signal |= marked(truth);
                        }
                    }
                }
            }
        }
        Ok(signals)
    }
}

impl Operands for Work<'_> {
    fn numbers(&self, id: NodeId) -> Numbers<'_> {
        match self.values.get(id.0 as usize) {
            Some(Some(Value::Numbers(numbers))) => numbers.as_ref(),
            _ => Numbers::Scalar(f64::NAN),
        }
    }

    fn truths(&self, id: NodeId) -> Truths<'_> {
        match self.values.get(id.0 as usize) {
            Some(Some(Value::Truths(truths))) => truths.as_ref(),
            _ => Truths::Always(truth::UNKNOWN),
        }
    }

    fn output(&self, of: NodeId, index: usize) -> Option<&[f64]> {
        match self.values.get(of.0 as usize) {
            Some(Some(Value::Bundle(columns))) => columns.get(index).map(Vec::as_slice),
            Some(Some(Value::Lent(columns))) => columns.get(index).map(Vec::as_slice),
            _ => None,
        }
    }

    fn is_condition(&self, id: NodeId) -> bool {
        matches!(self.values.get(id.0 as usize), Some(Some(Value::Truths(_))))
    }
}

/// Where the tape finds a node.
#[derive(Clone, Copy, Debug)]
enum Place<'v> {
    None,
    Numbers(NumbersAt<'v>),
    Truths(TruthsAt<'v>),
}

impl<'v> Place<'v> {
    fn of(value: &'v Value<'_>) -> Self {
        match value {
            Value::Numbers(Numbers::Scalar(value)) => Self::Numbers(NumbersAt::Scalar(*value)),
            Value::Numbers(Numbers::Borrowed(column)) => Self::Numbers(NumbersAt::Column(column)),
            Value::Numbers(Numbers::Owned(column)) => Self::Numbers(NumbersAt::Column(column)),
            Value::Truths(Truths::Always(truth)) => Self::Truths(TruthsAt::Always(*truth)),
            Value::Truths(Truths::Column(column)) => Self::Truths(TruthsAt::Column(column)),
            Value::Bundle(_) | Value::Lent(_) => Self::None,
        }
    }

    const fn numbers(self) -> NumbersAt<'v> {
        match self {
            Self::Numbers(at) => at,
            Self::None | Self::Truths(_) => NumbersAt::Scalar(f64::NAN),
        }
    }

    const fn truths(self) -> TruthsAt<'v> {
        match self {
            Self::Truths(at) => at,
            Self::None | Self::Numbers(_) => TruthsAt::Always(truth::UNKNOWN),
        }
    }
}

/// Whether a node looks at no more than a bar and the one before it.
fn by_block(graph: &Graph, id: NodeId) -> bool {
    let fits = |node: &Node| {
        matches!(
            node,
            Node::Arithmetic(..)
                | Node::Function(..)
                | Node::Compare(..)
                | Node::And(..)
                | Node::Or(..)
                | Node::Not(_)
                | Node::Rise(_)
                | Node::Choose { .. }
        )
    };
    // Numbers of longer bars come at other steps.
    graph.nodes().get(id.0 as usize).is_some_and(fits) && graph.frame_of(id).unwrap_or(TESTED) == TESTED
}

/// Grid and length of a simple average that can be taken anywhere without what was before.
fn mean_of<'i, 'k>(
    graph: &Graph,
    id: NodeId,
    inputs: &'i Inputs<'_>,
    known: &dyn Fn(NodeId) -> Option<Value<'k>>,
) -> Option<(&'i Grid, usize)> {
    let node = |id: NodeId| graph.nodes().get(id.0 as usize);
    let Some(&Node::Output { of, index: 0 }) = node(id) else {
        return None;
    };
    let Some(Node::Indicator {
        frame: TESTED,
        id: "sma",
        source: Some(source),
        params,
    }) = node(of)
    else {
        return None;
    };
    let (Some(&Node::Price(price, TESTED)), &[n]) = (node(*source), params.as_slice()) else {
        return None;
    };
    let n = f64::from_bits(n) as usize;
    let grid = inputs.grid(price)?.of(inputs.column(price))?;
    (known(of).is_none() && grid.has_means(n)).then_some((grid, n))
}

/// Puts a node on the tape. Its operands are there already.
fn step<'v>(
    graph: &Graph,
    id: NodeId,
    inputs: &'v Inputs<'_>,
    places: &[Place<'v>],
    tape: &mut Tape<'v>,
) -> Place<'v> {
    let place = |id: NodeId| places.get(id.0 as usize).copied().unwrap_or(Place::None);
    let (numbers, truths) = (|id| place(id).numbers(), |id| place(id).truths());
    if let Some((grid, n)) = mean_of(graph, id, inputs, &|_| None) {
        return Place::Numbers(tape.numbers(Step::Mean(grid, n)));
    }
    let Some(node) = graph.nodes().get(id.0 as usize) else {
        return Place::None;
    };
    match *node {
        Node::Arithmetic(op, a, b) => {
            Place::Numbers(tape.numbers(Step::Arithmetic(op, numbers(a), numbers(b))))
        }
        Node::Function(function, a) => Place::Numbers(tape.numbers(Step::Function(function, numbers(a)))),
        Node::Choose { condition, yes, no } => {
            Place::Numbers(tape.numbers(Step::Choose(truths(condition), numbers(yes), numbers(no))))
        }
        Node::Compare(op, a, b) => Place::Truths(tape.truths(Step::Compare(op, numbers(a), numbers(b)))),
        Node::And(a, b) => Place::Truths(tape.truths(Step::And(truths(a), truths(b)))),
        Node::Or(a, b) => Place::Truths(tape.truths(Step::Or(truths(a), truths(b)))),
        Node::Not(a) => Place::Truths(tape.truths(Step::Not(truths(a)))),
        Node::Rise(a) => Place::Truths(tape.truths(Step::Rise(truths(a)))),
        _ => Place::None,
    }
}
