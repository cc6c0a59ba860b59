//! Evaluates a graph in native code: whole columns for what looks back, blocks of bars for the rest.

mod calendar;
mod columns;
mod steps;
mod tape;
mod whole;
mod work;

use crate::graph::{Graph, Node, NodeId};
use crate::longer::Longer;
use crate::{BacktestError, Inputs};
pub(crate) use columns::{Numbers, Truths};
pub(crate) use steps::{compared_means, mean_of};
pub(crate) use whole::{Value, Whole};
use work::Work;

/// Bytes that the columns of a run may hold at once.
const MEMORY_LIMIT: usize = 2 << 30;

/// The columns a run needs.
#[derive(Debug)]
pub(crate) struct Evaluated {
    /// A byte for each bar, with the bit of each condition that is true.
    pub(crate) signals: Vec<u8>,
    /// Numbers, in the order they were asked for.
    pub(crate) numbers: Vec<Vec<f64>>,
}

/// What a graph is evaluated for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted<'w> {
    /// Conditions, each with its bit.
    pub(crate) conditions: &'w [(NodeId, u8)],
    pub(crate) numbers: &'w [NodeId],
}

/// Where a node finds the values of those it reads.
pub(crate) trait Operands {
    /// A column of numbers.
    fn numbers(&self, id: NodeId) -> Numbers<'_>;
    /// A column of conditions.
    fn truths(&self, id: NodeId) -> Truths<'_>;
    /// A column of an indicator.
    fn output(&self, of: NodeId, index: usize) -> Option<&[f64]>;
    /// Whether a node holds conditions.
    fn is_condition(&self, id: NodeId) -> bool;
}

/// Computes what is wanted. `known` hands in what others have computed already. Calls `cancel` between columns.
///
/// # Errors
/// [`BacktestError::Indicator`], [`BacktestError::TooLarge`], [`BacktestError::Cancelled`].
pub(crate) fn evaluate<'k>(
    graph: &Graph,
    wanted: Wanted<'_>,
    inputs: &Inputs<'_>,
    known: &dyn Fn(NodeId) -> Option<Value<'k>>,
    cancel: &dyn Fn() -> bool,
) -> Result<Evaluated, BacktestError> {
    let longer = longer_bars(graph, inputs)?;
    let whole = Whole::new(graph, inputs, &longer);
    let mut work = Work::plan(graph, wanted, inputs, known);
    let mut held = 0;
    for index in 0..graph.nodes().len() {
        if work.values.get(index).is_some_and(Option::is_some) || !work.is_whole(index) {
            continue;
        }
        if cancel() {
            return Err(BacktestError::Cancelled);
        }
        let id = NodeId(index as u32);
        let value = match graph.nodes().get(index) {
            Some(&Node::Output { of, index }) => work.take_output(of, index, &mut held),
            _ => None,
        };
        let value = match value {
            Some(value) => value,
            None => whole.compute(id, &work)?,
        };
        held += value.columns();
        if held.saturating_mul(inputs.bars().len()).saturating_mul(8) > MEMORY_LIMIT {
            return Err(BacktestError::TooLarge {
                columns: held,
                bars: inputs.bars().len(),
                limit_mb: MEMORY_LIMIT >> 20,
            });
        }
        if let Some(slot) = work.values.get_mut(index) {
            *slot = Some(value);
        }
        for read in graph.nodes().get(index).into_iter().flat_map(Node::reads) {
            held = held.saturating_sub(work.release(read));
        }
    }
    let len = inputs.bars().len();
    Ok(Evaluated {
        signals: work.signals(graph, wanted.conditions, inputs, cancel)?,
        numbers: wanted
            .numbers
            .iter()
            .map(|&id| work.numbers(id).column(len).into_owned())
            .collect(),
    })
}

/// The longer bars that a graph looks at.
///
/// # Errors
/// [`BacktestError::Timeframe`].
pub(crate) fn longer_bars(graph: &Graph, inputs: &Inputs<'_>) -> Result<Vec<Longer>, BacktestError> {
    let bars = |&interval| Longer::of(inputs.bars(), interval);
    graph.longer().iter().map(bars).collect()
}
