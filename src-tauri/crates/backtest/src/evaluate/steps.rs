//! From the nodes of a graph that go block by block to the steps of a tape.

use std::collections::HashMap;

use promptpal_indicators::Grid;

use super::columns::{EQUAL, GREATER, LESS, Numbers, Truths};
use super::tape::{NumbersAt, Step, Tape, TruthsAt};
use super::whole::Value;
use crate::Inputs;
use crate::graph::{Comparison, Graph, Node, NodeId, TESTED};
use crate::truth;

/// Where the tape finds a node.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'v> {
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

    pub(super) const fn truths(self) -> TruthsAt<'v> {
        match self {
            Self::Truths(at) => at,
            Self::None | Self::Numbers(_) => TruthsAt::Always(truth::UNKNOWN),
        }
    }
}

/// Grid and length of a simple average that can be taken anywhere without what was before.
pub(crate) fn mean_of<'i, 'k>(
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

/// Grid and lengths of two simple averages whose comparison needs no more than their sums.
pub(crate) fn compared_means<'i, 'k>(
    graph: &Graph,
    id: NodeId,
    inputs: &'i Inputs<'_>,
    known: &dyn Fn(NodeId) -> Option<Value<'k>>,
) -> Option<(&'i Grid, usize, usize)> {
    let Some(&Node::Compare(_, a, b)) = graph.nodes().get(id.0 as usize) else {
        return None;
    };
    let (grid, n) = mean_of(graph, a, inputs, known)?;
    let (other, m) = mean_of(graph, b, inputs, known)?;
    (std::ptr::eq(grid, other) && grid.has_order(n, m)).then_some((grid, n, m))
}

/// A tape in the making, and where it finds the nodes.
pub(super) struct Steps<'g, 'v> {
    graph: &'g Graph,
    inputs: &'v Inputs<'v>,
    pub(super) tape: Tape<'v>,
    pub(super) places: Vec<Place<'v>>,
    by_block: Vec<bool>,
    /// Numbers that are compared more than once, mostly in both directions, each with their order once it is on the tape.
    orders: HashMap<(NodeId, NodeId), Option<TruthsAt<'v>>>,
}

impl<'g, 'v> Steps<'g, 'v> {
    /// For the nodes that `by_block` names by their index.
    pub(super) fn new(graph: &'g Graph, inputs: &'v Inputs<'v>, by_block: impl Fn(usize) -> bool) -> Self {
        let by_block: Vec<bool> = (0..graph.nodes().len()).map(by_block).collect();
        let mut compared: HashMap<(NodeId, NodeId), u32> = HashMap::new();
        for (node, by_block) in graph.nodes().iter().zip(&by_block) {
            if let (Node::Compare(_, a, b), true) = (node, by_block) {
                *compared.entry((*a.min(b), *a.max(b))).or_default() += 1;
            }
        }
        compared.retain(|_, times| *times > 1);
        Self {
            graph,
            inputs,
            tape: Tape::default(),
            places: Vec::with_capacity(by_block.len()),
            by_block,
            orders: compared.into_keys().map(|pair| (pair, None)).collect(),
        }
    }

    /// Adds the next node, which may have been computed already. Its operands are there.
    pub(super) fn add(&mut self, index: usize, value: Option<&'v Value<'_>>) {
        let place = match value {
            Some(value) => Place::of(value),
            None if self.by_block.get(index) == Some(&true) => self.step(NodeId(index as u32)),
            None => Place::None,
        };
        self.places.push(place);
    }

    fn place(&self, id: NodeId) -> Place<'v> {
        self.places.get(id.0 as usize).copied().unwrap_or(Place::None)
    }

    fn step(&mut self, id: NodeId) -> Place<'v> {
        if let Some((grid, n)) = mean_of(self.graph, id, self.inputs, &|_| None) {
            return Place::Numbers(self.tape.numbers(Step::Mean(grid, n)));
        }
        let Some(node) = self.graph.nodes().get(id.0 as usize) else {
            return Place::None;
        };
        let (numbers, truths) = (|id| self.place(id).numbers(), |id| self.place(id).truths());
        let step = match *node {
            Node::Arithmetic(op, a, b) => Step::Arithmetic(op, numbers(a), numbers(b)),
            Node::Function(function, a) => Step::Function(function, numbers(a)),
            Node::Choose { condition, yes, no } => Step::Choose(truths(condition), numbers(yes), numbers(no)),
            Node::Compare(op, a, b) => return Place::Truths(self.comparison(id, op, a, b)),
            Node::And(a, b) => Step::And(truths(a), truths(b)),
            Node::Or(a, b) => Step::Or(truths(a), truths(b)),
            Node::Not(a) => Step::Not(truths(a)),
            Node::Rise(a) => Step::Rise(truths(a)),
            _ => return Place::None,
        };
        if step.writes_numbers() {
            Place::Numbers(self.tape.numbers(step))
        } else {
            Place::Truths(self.tape.truths(step))
        }
    }

    fn comparison(&mut self, id: NodeId, op: Comparison, a: NodeId, b: NodeId) -> TruthsAt<'v> {
        let (first, second) = (a.min(b), a.max(b));
        let order = match self.orders.get(&(first, second)).copied() {
            Some(Some(order)) => order,
            looked_at_again => {
                let (at_a, at_b) = (self.place(a), self.place(b));
                let are_there = matches!((at_a, at_b), (Place::Numbers(_), Place::Numbers(_)));
                let means = compared_means(self.graph, id, self.inputs, &|_| None).filter(|_| !are_there);
                let step = match means {
                    Some((grid, n, m)) if a == first => Step::OrderOfMeans(grid, n, m),
                    Some((grid, n, m)) => Step::OrderOfMeans(grid, m, n),
                    None if looked_at_again.is_none() => {
                        return self
                            .tape
                            .truths(Step::Compare(op, at_a.numbers(), at_b.numbers()));
                    }
                    None if a == first => Step::Order(at_a.numbers(), at_b.numbers()),
                    None => Step::Order(at_b.numbers(), at_a.numbers()),
                };
                let order = self.tape.truths(step);
                if looked_at_again.is_some() {
                    self.orders.insert((first, second), Some(order));
                }
                order
            }
        };
        let greater = if a == first { GREATER } else { LESS };
        let yes = match op {
            Comparison::Greater => greater,
            Comparison::AtLeast => greater | EQUAL,
            Comparison::Equal => EQUAL,
        };
        self.tape.truths(Step::Ordered(order, yes))
    }
}
