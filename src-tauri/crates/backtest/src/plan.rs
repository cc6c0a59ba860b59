//! What a script asks for: its signals, and the orders that carry them out.

use crate::graph::{Graph, NodeId};

/// Signals, orders and rules of a strategy for one set of parameters.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) graph: Graph,
    pub(crate) enter_long: Option<NodeId>,
    pub(crate) exit_long: Option<NodeId>,
    pub(crate) enter_short: Option<NodeId>,
    pub(crate) exit_short: Option<NodeId>,
    pub(crate) orders: Entries<NodeId>,
    pub(crate) stops: Stops<NodeId>,
    pub(crate) pyramiding: Option<u32>,
    pub(crate) cooldown: Option<usize>,
    pub(crate) rotation: Option<Rotation>,
    /// Part of the account's order size, from 0 to 1.
    pub(crate) share: Option<NodeId>,
}

impl Plan {
    /// Whether it asks for exits, stops or rules of entries.
    pub(crate) fn orders_something(&self) -> bool {
        self.watches_prices()
            || self.exit_long.is_some()
            || self.exit_short.is_some()
            || self.pyramiding.is_some()
            || self.cooldown.is_some()
            || self.share.is_some()
    }

    /// Whether anything is filled within a bar.
    pub(crate) fn watches_prices(&self) -> bool {
        self.stops != Stops::default() || self.orders != Entries::default()
    }
}

/// What a script asks for that ranks several symbols.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rotation {
    pub(crate) score: NodeId,
    /// How many are held at once.
    pub(crate) hold: usize,
    /// When they are ranked.
    pub(crate) when: NodeId,
    /// Where a symbol may be held.
    pub(crate) eligible: Option<NodeId>,
}

/// The kinds of entry orders of both directions; `C` is how a column is named.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entries<C> {
    pub(crate) long: Kind<C>,
    pub(crate) short: Kind<C>,
}

impl<C> Default for Entries<C> {
    fn default() -> Self {
        Self {
            long: Kind::Market,
            short: Kind::Market,
        }
    }
}

/// How an entry is ordered. Prices are taken at the bar of the decision; `bars` is how many bars the order stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind<C> {
    /// At the next open.
    Market,
    /// At the price or better.
    Limit { price: C, bars: usize },
    /// At the market, once the price is reached.
    Stop { price: C, bars: usize },
    /// A limit order, once the trigger is reached.
    StopLimit { trigger: C, price: C, bars: usize },
}

/// Exits by price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Stops<C> {
    pub(crate) loss: Option<Distance<C>>,
    pub(crate) profit: Option<Distance<C>>,
    pub(crate) trail: Option<Distance<C>>,
}

impl<C> Default for Stops<C> {
    fn default() -> Self {
        Self {
            loss: None,
            profit: None,
            trail: None,
        }
    }
}

/// How far from the entry's fill price (or, trailing, from the best price since) an exit is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Distance<C> {
    /// As a part of that price: 0.03 is three percent.
    Part(f64),
    /// In the quote asset, as it was at the bar of the decision.
    Column(C),
}

impl<C> Kind<C> {
    /// The same with every column as `f` names it.
    pub(crate) fn map<D>(self, mut f: impl FnMut(C) -> D) -> Kind<D> {
        match self {
            Self::Market => Kind::Market,
            Self::Limit { price, bars } => Kind::Limit {
                price: f(price),
                bars,
            },
            Self::Stop { price, bars } => Kind::Stop {
                price: f(price),
                bars,
            },
            Self::StopLimit { trigger, price, bars } => Kind::StopLimit {
                trigger: f(trigger),
                price: f(price),
                bars,
            },
        }
    }
}

impl<C> Stops<C> {
    /// The same with every column as `f` names it.
    pub(crate) fn map<D>(self, mut f: impl FnMut(C) -> D) -> Stops<D> {
        let mut distance = |distance: Option<Distance<C>>| {
            distance.map(|distance| match distance {
                Distance::Part(part) => Distance::Part(part),
                Distance::Column(column) => Distance::Column(f(column)),
            })
        };
        Stops {
            loss: distance(self.loss),
            profit: distance(self.profit),
            trail: distance(self.trail),
        }
    }
}
