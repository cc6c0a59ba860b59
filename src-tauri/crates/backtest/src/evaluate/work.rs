//! How the nodes of a run come about: which as whole columns, which block by block, and the running of both together.

use multiversion::multiversion;

use super::columns::{Numbers, Truths};
use super::steps::{Place, Steps, compared_means, mean_of};
use super::tape::BLOCK;
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
            // They need nothing but a grid.
            let is_of_grid = || {
                mean_of(graph, id, inputs, known).is_some()
                    || compared_means(graph, id, inputs, known).is_some()
            };
            if how == How::Block && is_of_grid() {
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
        let mut steps = Steps::new(graph, inputs, |index| self.how.get(index) == Some(&How::Block));
        for (index, value) in self.values.iter().enumerate() {
            steps.add(index, value.as_ref());
        }
        let Steps { mut tape, places, .. } = steps;
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
                match tape.conditions(place.truths(), from, block.len()) {
                    Truths::Always(truth) => mark(bit, std::iter::repeat(&truth), block),
                    Truths::Column(column) => mark(bit, column.iter(), block),
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

/// Sets a bit where a condition is true.
#[multiversion(targets("x86_64+avx+avx2"))]
fn mark<'t>(bit: u8, truths: impl Iterator<Item = &'t u8>, signals: &mut [u8]) {
    for (signal, &truth) in signals.iter_mut().zip(truths) {
        // All ones where the condition is true: bytes have no vector shift.
        *signal |= 0_u8.wrapping_sub(truth & TRUE) & bit;
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
