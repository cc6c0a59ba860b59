//! What is worse, what is further, and the exchange's grid of prices and quantities.

use super::super::Direction;
use super::super::market::Slice;
use crate::Config;

/// Largest part of its price that an order can lose to slippage.
const MOST_LOST: f64 = 0.95;

impl Direction {
    /// Whether `a` is at `b` or further in this direction.
    pub(super) fn at_least(self, a: f64, b: f64) -> bool {
        match self {
            Self::Long => a >= b,
            Self::Short => a <= b,
        }
    }

    /// Whether `a` is at `b` or further against this direction.
    pub(super) fn at_most(self, a: f64, b: f64) -> bool {
        self.at_least(b, a)
    }

    /// The price further in this direction.
    pub(super) fn further(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Long => a.max(b),
            Self::Short => a.min(b),
        }
    }

    /// The price further against this direction.
    pub(super) fn behind(self, a: f64, b: f64) -> f64 {
        self.opposite().further(a, b)
    }
}

impl Slice {
    /// The price furthest in a direction.
    pub(super) fn best(&self, direction: Direction) -> f64 {
        match direction {
            Direction::Long => self.high,
            Direction::Short => self.low,
        }
    }

    /// The price furthest against a direction.
    pub(super) fn worst(&self, direction: Direction) -> f64 {
        self.best(direction.opposite())
    }
}

/// What a market order to go in `direction` gets for a price. `taken` is its part of the volume.
pub(in crate::execution) fn taker_price(
    config: &Config,
    direction: Direction,
    price: f64,
    taken: f64,
) -> f64 {
    let lost = (config.adverse() + config.impact_bps * taken / 100.0).min(MOST_LOST);
    on_tick(config, direction, price * (1.0 + direction.sign() * lost))
}

/// Part of a slice's volume that an order takes; all of it where there was none.
pub(in crate::execution) fn taken(quantity: f64, slice: &Slice) -> f64 {
    if slice.volume > 0.0 {
        (quantity / slice.volume).min(1.0)
    } else {
        1.0
    }
}

/// The price on the exchange's grid that is at this one or further in `direction`.
pub(super) fn on_tick(config: &Config, direction: Direction, price: f64) -> f64 {
    let tick = config.filters.tick;
    if tick > 0.0 {
        on_grid(price, tick, direction == Direction::Long).max(tick)
    } else {
        price
    }
}

/// The quantity in whole lots.
pub(in crate::execution) fn in_lots(config: &Config, quantity: f64) -> f64 {
    let lot = config.filters.lot;
    if lot > 0.0 {
        on_grid(quantity, lot, false)
    } else {
        quantity
    }
}

/// The multiple of `step` next to a value, upwards or downwards; what is one up to rounding stays where it is.
fn on_grid(value: f64, step: f64, upwards: bool) -> f64 {
    let count = value / step;
    let near = count.round();
    let whole = if (count - near).abs() <= 1e-9 * count.abs().max(1.0) {
        near
    } else if upwards {
        count.ceil()
    } else {
        count.floor()
    };
    // 0.1 is no binary number but 10 is: dividing gives the nearest one to the decimal.
    let parts = (1.0 / step).round();
    if (parts * step - 1.0).abs() < 1e-12 {
        whole / parts
    } else {
        whole * step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_quantities_lie_on_the_grid() {
        let check = |value: f64, step: f64, upwards: bool, expected: f64| {
            assert_eq!(on_grid(value, step, upwards), expected, "{value} {step}");
        };
        check(100.123, 0.01, true, 100.13);
        check(100.123, 0.01, false, 100.12);
        check(0.3, 0.1, true, 0.3);
        check(0.1 + 0.2, 0.1, true, 0.3);
        check(0.1 + 0.2, 0.1, false, 0.3);
        check(7.4, 2.5, false, 5.0);
        check(7.4, 2.5, true, 7.5);
        check(0.000_04, 0.000_1, false, 0.0);
    }
}
