//! Entry orders that wait for their price.

use super::super::Direction;
use super::super::market::Slice;
use super::prices::{on_tick, taker_price};
use crate::Config;

/// An order in the book.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) direction: Direction,
    /// The bar of the decision.
    pub(super) decided: usize,
    pub(super) terms: Terms,
    /// Bars that it still stands for.
    pub(super) left: usize,
    /// Whether the market has not been met yet.
    pub(super) fresh: bool,
}

/// What it waits for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Terms {
    Limit {
        price: f64,
    },
    Stop {
        price: f64,
    },
    StopLimit {
        trigger: f64,
        price: f64,
        triggered: bool,
    },
}

/// How a fill came about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reached {
    /// The market's price: what a maker gets, and what a taker's costs are added to.
    pub(super) price: f64,
    pub(super) maker: bool,
    /// A taker with a limit pays no more than this.
    pub(super) limit: Option<f64>,
    /// Whether the whole slice came after the fill.
    pub(super) at_open: bool,
    /// Whether the price was moving in the order's direction when it was reached: what lies further was reached later.
    pub(super) rising: bool,
}

impl Reached {
    /// A market order at an open.
    pub(super) const fn market(open: f64) -> Self {
        Self {
            price: open,
            maker: false,
            limit: None,
            at_open: true,
            rising: false,
        }
    }
}

impl Waiting {
    /// Puts the prices on the exchange's grid: limits not above what was asked for, triggers not below (for a buyer).
    pub(super) fn on_tick(mut self, config: &Config) -> Self {
        let (towards, away) = (self.direction, self.direction.opposite());
        match &mut self.terms {
            Terms::Limit { price } => *price = on_tick(config, away, *price),
            Terms::Stop { price } => *price = on_tick(config, towards, *price),
            Terms::StopLimit { trigger, price, .. } => {
                *trigger = on_tick(config, towards, *trigger);
                *price = on_tick(config, away, *price);
            }
        }
        self
    }

    /// Whether and how a slice of the market fills it.
    pub(super) fn meet(&mut self, slice: &Slice, config: &Config) -> Option<Reached> {
        let direction = self.direction;
        let fresh = std::mem::replace(&mut self.fresh, false);
        match &mut self.terms {
            Terms::Limit { price } => limit(direction, *price, slice, fresh),
            Terms::Stop { price } => stop(direction, *price, slice),
            Terms::StopLimit {
                price,
                triggered: true,
                ..
            } => limit(direction, *price, slice, false),
            Terms::StopLimit {
                trigger,
                price,
                triggered,
            } => {
                let reached = stop(direction, *trigger, slice)?;
                *triggered = true;
                if reached.at_open {
                    return limit(direction, *price, slice, true);
                }
                // What comes after the trigger within the slice is not known: only what can be had at once is taken.
                direction
                    .at_most(taker_price(config, direction, *trigger, 0.0), *price)
                    .then_some(Reached {
                        limit: Some(*price),
                        ..reached
                    })
            }
        }
    }
}

/// A limit order. When the first open it meets is already good enough, it takes that like a market order.
fn limit(direction: Direction, price: f64, slice: &Slice, fresh: bool) -> Option<Reached> {
    let good = |market: f64| direction.at_most(market, price);
    if good(slice.open) {
        return Some(Reached {
            price: slice.open,
            maker: !fresh,
            limit: Some(price),
            at_open: true,
            rising: false,
        });
    }
    good(slice.worst(direction)).then_some(Reached {
        price,
        maker: true,
        limit: None,
        at_open: false,
        rising: false,
    })
}

/// A stop order, which becomes a market order.
fn stop(direction: Direction, price: f64, slice: &Slice) -> Option<Reached> {
    let reached = |market: f64| direction.at_least(market, price);
    if reached(slice.open) {
        return Some(Reached::market(slice.open));
    }
    reached(slice.best(direction)).then_some(Reached {
        price,
        maker: false,
        limit: None,
        at_open: false,
        rising: true,
    })
}
