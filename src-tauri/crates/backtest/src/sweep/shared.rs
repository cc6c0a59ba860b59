//! What several runs compute alike: their graphs laid over each other.

use std::sync::OnceLock;

use promptpal_indicators::find;
use rayon::prelude::*;

use crate::evaluate::{Numbers, Operands, Truths, Value, Whole, compared_means, longer_bars, mean_of};
use crate::graph::{Graph, Node, NodeId};
use crate::instructions::Asked;
use crate::longer::Longer;
use crate::plan::Plan;
use crate::{BacktestError, Config, Inputs, truth};

/// The graphs of some runs as one, in which equal nodes are one node.
pub(super) struct Sharing {
    graph: Graph,
    /// How many runs need each node.
    runs: Vec<u32>,
    /// For each run the common node of each of its own, where it needs it.
    nodes: Vec<Vec<Option<NodeId>>>,
    /// Numbers that runs ask for as columns.
    asked: Vec<NodeId>,
}

impl Sharing {
    /// Lays the graphs of the runs over each other. A run that has no plan shares nothing, nor does one that looks at longer
    /// bars beyond those that a graph can hold.
    pub(super) fn of(plans: &[Option<&Plan>], inputs: &Inputs<'_>, config: &Config) -> Self {
        let mut sharing = Self {
            graph: Graph::default(),
            runs: Vec::new(),
            nodes: Vec::with_capacity(plans.len()),
            asked: Vec::new(),
        };
        for plan in plans {
            let nodes = plan.map(|plan| sharing.add(plan, config)).unwrap_or_default();
            for common in nodes.iter().flatten() {
                if let Some(runs) = sharing.runs.get_mut(common.0 as usize) {
                    *runs += 1;
                }
            }
            sharing.nodes.push(nodes);
        }
        sharing.leave_averages(inputs);
        sharing
    }

    /// Averages that the runs do no more with than compare them are not shared: each run compares their sums, and those are nearer
    /// than a column of each average.
    fn leave_averages(&mut self, inputs: &Inputs<'_>) {
        let mut read = vec![false; self.graph.nodes().len()];
        let mark = |id: NodeId, read: &mut Vec<bool>| {
            if let Some(slot) = read.get_mut(id.0 as usize) {
                *slot = true;
            }
        };
        for &id in &self.asked {
            mark(id, &mut read);
        }
        for (index, node) in self.graph.nodes().iter().enumerate().rev() {
            let id = NodeId(index as u32);
            let is_read = read.get(index) == Some(&true);
            // An average is a column of an indicator, so that both are left.
            let is_left = !is_read
                && match node {
                    Node::Indicator { .. } => true,
                    Node::Output { .. } => mean_of(&self.graph, id, inputs, &|_| None).is_some(),
                    _ => false,
                };
            let compares_sums =
                !self.is_shared(id) && compared_means(&self.graph, id, inputs, &|_| None).is_some();
            if is_left && let Some(runs) = self.runs.get_mut(index) {
                *runs = 0;
            } else if !compares_sums {
                for below in node.reads() {
                    mark(below, &mut read);
                }
            }
        }
    }

    fn add(&mut self, plan: &Plan, config: &Config) -> Vec<Option<NodeId>> {
        let mut frames = Vec::new();
        for &interval in plan.graph.longer() {
            match self.graph.frame(interval) {
                Ok(frame) => frames.push(frame),
                Err(_) => return Vec::new(),
            }
        }
        let frame = |own: u8| match usize::from(own).checked_sub(1) {
            Some(at) => frames.get(at).copied().unwrap_or(own),
            None => own,
        };
        let needed = needed(plan, config);
        let mut common: Vec<Option<NodeId>> = vec![None; plan.graph.nodes().len()];
        for (index, node) in plan.graph.nodes().iter().enumerate() {
            if !needed.get(index).is_some_and(|needed| *needed) {
                continue;
            }
            let of = |own: NodeId| common.get(own.0 as usize).copied().flatten().unwrap_or(own);
            let id = self.graph.add(node.renamed(of, frame));
            if let Some(slot) = common.get_mut(index) {
                *slot = Some(id);
            }
        }
        let asked = Asked::by(plan, config).numbers;
        let of = |own: &NodeId| common.get(own.0 as usize).copied().flatten();
        self.asked.extend(asked.iter().filter_map(of));
        self.runs.resize(self.graph.nodes().len(), 0);
        common
    }

    /// Whether a node is worth computing once for all. Every node that it reads is then shared as well.
    fn is_shared(&self, id: NodeId) -> bool {
        self.runs.get(id.0 as usize).is_some_and(|&runs| runs > 1)
    }

    /// What the shared columns of so many bars take.
    pub(super) fn bytes(&self, bars: usize) -> usize {
        let size = |(index, node): (usize, &Node)| {
            if !self.is_shared(NodeId(index as u32)) {
                return 0;
            }
            match node {
                Node::Price(..) | Node::Constant(_) | Node::Flag(_) | Node::Output { .. } => 0,
                Node::Indicator { id, .. } => find(id).map_or(1, |found| found.outputs.len()) * 8,
                Node::Sentiment { .. } => 16,
                Node::Compare(..)
                | Node::And(..)
                | Node::Or(..)
                | Node::Not(_)
                | Node::Rise(_)
                | Node::Session { .. }
                | Node::Every { .. } => 1,
                Node::Sum { .. }
                | Node::Arithmetic(..)
                | Node::Function(..)
                | Node::Ago { .. }
                | Node::OnTested(_)
                | Node::Choose { .. } => 8,
            }
        };
        let a_bar: usize = self.graph.nodes().iter().enumerate().map(size).sum();
        a_bar.saturating_mul(bars)
    }

    /// The longer bars that the runs look at.
    ///
    /// # Errors
    /// [`BacktestError::Timeframe`].
    pub(super) fn longer_bars(&self, inputs: &Inputs<'_>) -> Result<Vec<Longer>, BacktestError> {
        longer_bars(&self.graph, inputs)
    }

    /// Computes the shared columns: those that read no other at once, then those that read these, and so on.
    ///
    /// # Errors
    /// [`BacktestError::Cancelled`]. A column that cannot be computed is not shared: the runs will find out why.
    pub(super) fn compute<'s>(
        &'s self,
        inputs: &'s Inputs<'s>,
        longer: &'s [Longer],
        cancel: &(dyn Fn() -> bool + Sync),
    ) -> Result<Shared<'s>, BacktestError> {
        let nodes = self.graph.nodes();
        let mut shared = Shared {
            sharing: self,
            values: Vec::new(),
        };
        shared.values.resize_with(nodes.len(), OnceLock::new);
        let whole = Whole::new(&self.graph, inputs, longer);
        for level in self.levels() {
            if cancel() {
                return Err(BacktestError::Cancelled);
            }
            level.par_iter().for_each(|&id| {
                if !cancel()
                    && let Some(slot) = shared.values.get(id.0 as usize)
                    && let Ok(value) = whole.compute(id, &shared)
                {
                    let _ = slot.set(value);
                }
            });
        }
        if cancel() {
            return Err(BacktestError::Cancelled);
        }
        Ok(shared)
    }

    /// Shared nodes by how many stand below them. Outputs are picked from their indicators and need no place.
    fn levels(&self) -> Vec<Vec<NodeId>> {
        let mut levels: Vec<Vec<NodeId>> = Vec::new();
        let mut heights: Vec<usize> = Vec::with_capacity(self.graph.nodes().len());
        for (index, node) in self.graph.nodes().iter().enumerate() {
            let below = node.reads().filter_map(|read| heights.get(read.0 as usize)).max();
            let height = below.map_or(0, |below| below + 1);
            heights.push(height);
            let id = NodeId(index as u32);
            if self.is_shared(id) && !matches!(node, Node::Output { .. }) {
                levels.resize_with(levels.len().max(height + 1), Vec::new);
                if let Some(level) = levels.get_mut(height) {
                    level.push(id);
                }
            }
        }
        levels
    }
}

/// Which of a plan's nodes its signals and orders need.
fn needed(plan: &Plan, config: &Config) -> Vec<bool> {
    let asked = Asked::by(plan, config);
    let mut needed = vec![false; plan.graph.nodes().len()];
    let mark = |id: NodeId, needed: &mut Vec<bool>| {
        if let Some(slot) = needed.get_mut(id.0 as usize) {
            *slot = true;
        }
    };
    for id in asked.conditions.iter().map(|(id, _)| *id).chain(asked.numbers) {
        mark(id, &mut needed);
    }
    for (index, node) in plan.graph.nodes().iter().enumerate().rev() {
        if needed.get(index) == Some(&true) {
            for read in node.reads() {
                mark(read, &mut needed);
            }
        }
    }
    needed
}

/// Columns that several runs read.
pub(super) struct Shared<'s> {
    sharing: &'s Sharing,
    values: Vec<OnceLock<Value<'s>>>,
}

impl Shared<'_> {
    /// The value of a run's own node, if it is shared.
    pub(super) fn value(&self, run: usize, own: NodeId) -> Option<Value<'_>> {
        let common = self.sharing.nodes.get(run)?.get(own.0 as usize).copied()??;
        self.get(common)
    }

    fn get(&self, id: NodeId) -> Option<Value<'_>> {
        if let Some(&Node::Output { of, index }) = self.sharing.graph.nodes().get(id.0 as usize) {
            return self
                .output(of, index)
                .map(|column| Value::Numbers(Numbers::Borrowed(column)));
        }
        Some(self.values.get(id.0 as usize)?.get()?.lent())
    }
}

impl Operands for Shared<'_> {
    fn numbers(&self, id: NodeId) -> Numbers<'_> {
        match self.get(id) {
            Some(Value::Numbers(numbers)) => numbers,
            _ => Numbers::Scalar(f64::NAN),
        }
    }

    fn truths(&self, id: NodeId) -> Truths<'_> {
        match self.get(id) {
            Some(Value::Truths(truths)) => truths,
            _ => Truths::Always(truth::UNKNOWN),
        }
    }

    fn output(&self, of: NodeId, index: usize) -> Option<&[f64]> {
        match self.values.get(of.0 as usize)?.get()? {
            Value::Bundle(columns) => columns.get(index).map(Vec::as_slice),
            Value::Lent(columns) => columns.get(index).map(Vec::as_slice),
            Value::Numbers(_) | Value::Truths(_) => None,
        }
    }

    fn is_condition(&self, id: NodeId) -> bool {
        matches!(self.get(id), Some(Value::Truths(_)))
    }
}
