//! A position and the prices at which it ends.

use promptpal_domain::ExitReason;

use super::super::Direction;
use super::super::market::Slice;

/// A position.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holding {
    pub(super) direction: Direction,
    pub(super) entry_bar: usize,
    pub(super) entry_time: i64,
    /// Mean fill price of its entries.
    pub(super) cost: f64,
    /// Negative when short.
    pub(super) units: f64,
    pub(super) entries: u32,
    pub(super) fees: f64,
    pub(super) funding: f64,
    pub(super) levels: Levels,
    /// The best price since the entry.
    pub(super) peak: f64,
}

/// Prices at which a position ends; never reached where there is none.
#[derive(Clone, Copy, Debug)]
pub(super) struct Levels {
    pub(super) stop: f64,
    pub(super) target: f64,
    pub(super) trail: Option<Trail>,
}

/// How far the trailing stop is behind the best price.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trail {
    Part(f64),
    Price(f64),
}

/// An exit by price.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leave {
    /// The market's price, to which a taker's costs are added.
    pub(super) price: f64,
    pub(super) reason: ExitReason,
    /// Whether the slice does not decide that it came to this.
    pub(super) ambiguous: bool,
}

/// What a position does in a slice.
#[derive(Clone, Copy, Debug)]
pub(super) enum Turn {
    Stays,
    /// It may have reached its target before it was there: it stays, and that is counted.
    Undecided,
    Leaves(Leave),
}

impl Trail {
    pub(super) fn behind(self, direction: Direction, best: f64) -> f64 {
        match self {
            Self::Part(part) => best * (1.0 - direction.sign() * part),
            Self::Price(distance) => best - direction.sign() * distance,
        }
    }
}

/// What a slice reaches of a position's levels.
struct Touch {
    stop: Option<(f64, ExitReason)>,
    target: bool,
}

impl Holding {
    /// Where the trailing stop is; `tick` puts it on the exchange's grid.
    fn trail(&self, tick: impl Fn(f64) -> f64) -> Option<f64> {
        let trail = self.levels.trail?;
        Some(tick(trail.behind(self.direction, self.peak)))
    }

    fn touch(&self, slice: &Slice, liquidation: Option<f64>, tick: impl Fn(f64) -> f64) -> Touch {
        let direction = self.direction;
        let mut nearest = (self.levels.stop, ExitReason::StopLoss);
        let others = [
            (self.trail(tick), ExitReason::TrailingStop),
            (liquidation, ExitReason::Liquidation),
        ];
        for (level, reason) in others {
            // The price comes to the level first that is furthest in the position's direction.
            if let Some(level) =
                level.filter(|&level| level != nearest.0 && direction.at_least(level, nearest.0))
            {
                nearest = (level, reason);
            }
        }
        Touch {
            stop: direction
                .at_most(slice.worst(direction), nearest.0)
                .then_some(nearest),
            target: direction.at_least(slice.best(direction), self.levels.target),
        }
    }

    /// What happens in a slice of which all came after the entry. With `exact`, an open beyond the target decides; by R1 the stop
    /// counts whenever it is inside.
    pub(super) fn turn(
        &self,
        slice: &Slice,
        liquidation: Option<f64>,
        exact: bool,
        tick: impl Fn(f64) -> f64,
    ) -> Turn {
        let direction = self.direction;
        let touch = self.touch(slice, liquidation, tick);
        let target = Leave {
            price: direction.further(slice.open, self.levels.target),
            reason: ExitReason::TakeProfit,
            ambiguous: false,
        };
        match touch.stop {
            Some((level, reason)) => {
                let opens_beyond_stop = direction.at_most(slice.open, level);
                if exact && !opens_beyond_stop && direction.at_least(slice.open, self.levels.target) {
                    return Turn::Leaves(target);
                }
                Turn::Leaves(Leave {
                    price: direction.behind(slice.open, level),
                    reason,
                    ambiguous: touch.target && !opens_beyond_stop,
                })
            }
            None if touch.target => Turn::Leaves(target),
            None => Turn::Stays,
        }
    }

    /// What happens in the slice within which it was entered. `rising` says that the price came to the entry from behind, so
    /// that a target further on was reached after it; else the stop behind was.
    pub(super) fn first_turn(
        &self,
        slice: &Slice,
        liquidation: Option<f64>,
        rising: bool,
        tick: impl Fn(f64) -> f64,
    ) -> Turn {
        let touch = self.touch(slice, liquidation, tick);
        match touch.stop {
            Some((level, reason)) => Turn::Leaves(Leave {
                price: self.direction.behind(self.cost, level),
                reason,
                ambiguous: rising || touch.target,
            }),
            None if touch.target && rising => Turn::Leaves(Leave {
                price: self.levels.target,
                reason: ExitReason::TakeProfit,
                ambiguous: false,
            }),
            None if touch.target => Turn::Undecided,
            None => Turn::Stays,
        }
    }
}
