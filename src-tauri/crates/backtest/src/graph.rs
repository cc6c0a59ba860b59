//! A strategy as a graph of whole-column operations.
//!
//! Nodes are numbered in the order they are made, so a node comes after everything it reads. Equal nodes are one node:
//! what two parts of a script share is computed once.

use std::collections::HashMap;

use promptpal_domain::Interval;

/// A column of the bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Price {
    Open,
    High,
    Low,
    Close,
    Volume,
}

/// An operation of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    Minimum,
    Maximum,
}

/// A function of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Function {
    Negate,
    Absolute,
    SquareRoot,
    Logarithm,
    Exponential,
}

/// A comparison of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Comparison {
    Greater,
    AtLeast,
    Equal,
}

/// The bars that a column stands on: 0 are the tested ones, then come those of [`Graph::longer`].
pub(crate) type FrameId = u8;

/// The tested bars.
pub(crate) const TESTED: FrameId = 0;

/// The number of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(pub(crate) u32);

/// One operation. Numbers that take part in equality are kept as their bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Price(Price, FrameId),
    Constant(u64),
    Flag(bool),
    /// All columns of an indicator of the catalogue; [`Node::Output`] picks one.
    Indicator {
        frame: FrameId,
        id: &'static str,
        source: Option<NodeId>,
        params: Vec<u64>,
    },
    Output {
        of: NodeId,
        index: usize,
    },
    /// Trailing mean sentiment and article count; [`Node::Output`] picks one.
    Sentiment {
        window_ms: i64,
        half_life_ms: i64,
    },
    Sum {
        of: NodeId,
        n: usize,
    },
    Arithmetic(Arithmetic, NodeId, NodeId),
    Function(Function, NodeId),
    Compare(Comparison, NodeId, NodeId),
    And(NodeId, NodeId),
    Or(NodeId, NodeId),
    Not(NodeId),
    /// True on the bar where a condition becomes true after being false.
    Rise(NodeId),
    /// The value some bars ago.
    Ago {
        of: NodeId,
        n: usize,
    },
    /// A column of longer bars as it is known at the close of each tested one.
    OnTested(NodeId),
    /// Whether the bar closes within hours of the day (UTC, minutes from midnight, the first included) and days of the week.
    Session {
        from: u32,
        to: u32,
        /// Bit 0 is Monday.
        days: u8,
    },
    /// True on a bar that closes in another period since 1970 than the bar before it.
    Every {
        period_ms: i64,
    },
    /// One of two numbers, by a condition.
    Choose {
        condition: NodeId,
        yes: NodeId,
        no: NodeId,
    },
}

impl Node {
    /// The nodes it reads.
    pub(crate) fn reads(&self) -> impl Iterator<Item = NodeId> {
        let reads = match *self {
            Self::Price(..)
            | Self::Constant(_)
            | Self::Flag(_)
            | Self::Sentiment { .. }
            | Self::Session { .. }
            | Self::Every { .. } => [None; 3],
            Self::Indicator { source, .. } => [source, None, None],
            Self::Output { of, .. }
            | Self::Sum { of, .. }
            | Self::Function(_, of)
            | Self::Not(of)
            | Self::OnTested(of)
            | Self::Rise(of)
            | Self::Ago { of, .. } => [Some(of), None, None],
            Self::Arithmetic(_, a, b) | Self::Compare(_, a, b) | Self::And(a, b) | Self::Or(a, b) => {
                [Some(a), Some(b), None]
            }
            Self::Choose { condition, yes, no } => [Some(condition), Some(yes), Some(no)],
        };
        reads.into_iter().flatten()
    }

    /// The same operation in another graph, where the nodes it reads and the bars it stands on have other numbers.
    pub(crate) fn renamed(
        &self,
        id: impl Fn(NodeId) -> NodeId,
        frame_of: impl Fn(FrameId) -> FrameId,
    ) -> Self {
        match self.clone() {
            Self::Price(price, frame) => Self::Price(price, frame_of(frame)),
            Self::Indicator {
                frame,
                id: indicator,
                source,
                params,
            } => Self::Indicator {
                frame: frame_of(frame),
                id: indicator,
                source: source.map(id),
                params,
            },
            Self::Output { of, index } => Self::Output { of: id(of), index },
            Self::Sum { of, n } => Self::Sum { of: id(of), n },
            Self::Arithmetic(op, a, b) => Self::Arithmetic(op, id(a), id(b)),
            Self::Function(function, of) => Self::Function(function, id(of)),
            Self::Compare(op, a, b) => Self::Compare(op, id(a), id(b)),
            Self::And(a, b) => Self::And(id(a), id(b)),
            Self::Or(a, b) => Self::Or(id(a), id(b)),
            Self::Not(of) => Self::Not(id(of)),
            Self::Rise(of) => Self::Rise(id(of)),
            Self::Ago { of, n } => Self::Ago { of: id(of), n },
            Self::OnTested(of) => Self::OnTested(id(of)),
            Self::Choose { condition, yes, no } => Self::Choose {
                condition: id(condition),
                yes: id(yes),
                no: id(no),
            },
            same @ (Self::Constant(_)
            | Self::Flag(_)
            | Self::Sentiment { .. }
            | Self::Session { .. }
            | Self::Every { .. }) => same,
        }
    }
}

/// The nodes of a strategy.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    /// The bars that each node stands on; none for what is the same on every bar.
    frames: Vec<Option<FrameId>>,
    /// Longer bars that are looked at.
    longer: Vec<Interval>,
    numbers: HashMap<Node, NodeId>,
}

/// A script made more nodes than any strategy needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GraphFull;

impl Graph {
    /// More operations than any strategy needs; keeps a script's loop from filling the memory.
    pub(crate) const MAX_NODES: usize = 2_000;
    /// Longer bars that a script may look at.
    pub(crate) const MAX_LONGER: usize = 8;

    /// Whether any node looks at news sentiment.
    pub(crate) fn reads_sentiment(&self) -> bool {
        self.nodes
            .iter()
            .any(|node| matches!(node, Node::Sentiment { .. }))
    }

    /// The number of this node, which is made unless an equal one exists.
    pub(crate) fn node(&mut self, node: Node) -> Result<NodeId, GraphFull> {
        if let Some(&id) = self.numbers.get(&node) {
            return Ok(id);
        }
        if self.nodes.len() >= Self::MAX_NODES {
            return Err(GraphFull);
        }
        Ok(self.add(node))
    }

    /// The same without a limit, for what is laid together of several scripts.
    pub(crate) fn add(&mut self, node: Node) -> NodeId {
        if let Some(&id) = self.numbers.get(&node) {
            return id;
        }
        let id = NodeId(self.nodes.len() as u32);
        self.frames.push(self.stands_on(&node));
        self.nodes.push(node.clone());
        self.numbers.insert(node, id);
        id
    }

    /// The number of longer bars, which is given unless they have one.
    pub(crate) fn frame(&mut self, interval: Interval) -> Result<FrameId, GraphFull> {
        let at = self.longer.iter().position(|known| *known == interval);
        let at = at.unwrap_or(self.longer.len());
        if at >= Self::MAX_LONGER {
            return Err(GraphFull);
        }
        if at == self.longer.len() {
            self.longer.push(interval);
        }
        Ok(at as FrameId + 1)
    }

    /// Longer bars that are looked at; the first has the number 1.
    pub(crate) fn longer(&self) -> &[Interval] {
        &self.longer
    }

    /// The bars that a node stands on; none for what is the same on every bar.
    pub(crate) fn frame_of(&self, id: NodeId) -> Option<FrameId> {
        self.frames.get(id.0 as usize).copied().flatten()
    }

    /// Conditions always stand on the tested bars: the columns that they compare are brought there.
    fn stands_on(&self, node: &Node) -> Option<FrameId> {
        match *node {
            Node::Price(_, frame) | Node::Indicator { frame, .. } => Some(frame),
            Node::Constant(_) | Node::Flag(_) => None,
            Node::Output { of, .. } | Node::Sum { of, .. } | Node::Function(_, of) | Node::Ago { of, .. } => {
                self.frame_of(of)
            }
            Node::Arithmetic(_, a, b) => self.frame_of(a).or_else(|| self.frame_of(b)),
            _ => Some(TESTED),
        }
    }

    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }
}
