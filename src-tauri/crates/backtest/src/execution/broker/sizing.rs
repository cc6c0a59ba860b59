//! How many units an entry takes.

use super::super::{Direction, Instructions};
use super::holding::{Levels, Trail};
use super::prices::{in_lots, on_tick};
use crate::plan::Distance;
use crate::{Config, Sizing};

/// The account at the moment of an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Funds {
    pub(super) cash: f64,
    /// Units held already, negative when short.
    pub(super) units: f64,
}

impl Funds {
    /// What a unit at this price binds of one's own money, fee included.
    fn bound(config: &Config, price: f64, rate: f64) -> f64 {
        price * (1.0 / config.margin().leverage + rate)
    }

    fn equity(&self, price: f64) -> f64 {
        self.cash + self.units * price
    }

    /// Units that can be paid for.
    pub(super) fn most(&self, config: &Config, price: f64, rate: f64) -> f64 {
        let used = self.units.abs() * price / config.margin().leverage;
        (self.equity(price) - used) / Self::bound(config, price, rate)
    }

    /// Units of an entry at this price, in whole lots; none when it is refused.
    pub(super) fn quantity(
        &self,
        instructions: &Instructions,
        config: &Config,
        entry: &Entry,
    ) -> Option<f64> {
        let Entry {
            direction,
            decided,
            price,
            rate,
            ..
        } = *entry;
        let share = match instructions.share {
            // Unlike by `f64::min`, what is not known stays so.
            Some(share) => match instructions.at(share, decided) {
                share if share > 1.0 => 1.0,
                share => share,
            },
            None => 1.0,
        };
        let (equity, bound) = (self.equity(price), Self::bound(config, price, rate));
        let wanted = share
            * match config.size {
                Sizing::All => equity / bound,
                Sizing::Units(units) => units,
                Sizing::Cash(amount) => amount / bound,
                Sizing::Percent(percent) => equity * (percent / 100.0) / bound,
                Sizing::Risk(percent) => {
                    let way = entry.levels.way(direction, price)?;
                    equity * (percent / 100.0) / way
                }
                Sizing::Volatility(percent) => {
                    let volatility = instructions.volatility.get(decided).copied().unwrap_or(f64::NAN);
                    equity * (percent / 100.0) / (volatility * price)
                }
            };
        let most = self.most(config, price, rate);
        let wanted = match config.size {
            Sizing::Units(_) | Sizing::Cash(_) => wanted,
            // Unlike `f64::min`, a missing number stays missing.
            _ if wanted > most => most,
            _ => wanted,
        };
        let quantity = in_lots(config, wanted);
        // A billionth of the equity is what rounding leaves of an account that is fully invested.
        let fits = quantity * price > equity.abs() * 1e-9
            && quantity <= most * (1.0 + 1e-9)
            && quantity * price >= config.filters.min_notional;
        fits.then_some(quantity)
    }
}

/// An entry about to be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) direction: Direction,
    /// The bar of the decision.
    pub(super) decided: usize,
    pub(super) price: f64,
    /// Fee rate.
    pub(super) rate: f64,
    pub(super) levels: Levels,
}

impl Levels {
    /// Levels around a price; none when a distance is not known at the bar of the decision.
    pub(super) fn around(
        instructions: &Instructions,
        config: &Config,
        direction: Direction,
        decided: usize,
        price: f64,
    ) -> Option<Self> {
        let sign = direction.sign();
        let away = |column: usize| {
            let distance = instructions.at(column, decided);
            (distance > 0.0 && distance < f64::INFINITY).then_some(distance)
        };
        let stops = instructions.stops;
        let level = |distance: Option<Distance<usize>>, side: f64| {
            Some(match distance {
                None => side * f64::INFINITY,
                Some(Distance::Part(part)) => price * (1.0 + side * part),
                Some(Distance::Column(column)) => price + side * away(column)?,
            })
        };
        let trail = match stops.trail {
            None => None,
            Some(Distance::Part(part)) => Some(Trail::Part(part)),
            Some(Distance::Column(column)) => Some(Trail::Price(away(column)?)),
        };
        Some(Self {
            stop: stop_on_tick(config, direction, level(stops.loss, -sign)?),
            target: stop_on_tick(config, direction.opposite(), level(stops.profit, sign)?),
            trail,
        })
    }

    /// How far the nearer of stop and trailing stop is from an entry at this price.
    fn way(&self, direction: Direction, price: f64) -> Option<f64> {
        let trail = self.trail.map(|trail| trail.behind(direction, price));
        let nearest = trail.map_or(self.stop, |trail| direction.further(self.stop, trail));
        let way = (price - nearest).abs();
        (way > 0.0 && way < f64::INFINITY).then_some(way)
    }
}

/// A level behind a position on the exchange's grid: further away, so that it is not reached sooner than it was meant.
pub(super) fn stop_on_tick(config: &Config, direction: Direction, level: f64) -> f64 {
    if level.is_finite() {
        on_tick(config, direction.opposite(), level)
    } else {
        level
    }
}
