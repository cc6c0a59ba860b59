//! Buying and selling: sizes, prices, fees, and the levels that come with a position.

use promptpal_backtest::Sizing;

use super::super::strategy::Away;
use super::{Desk, Done, Piece, Position};

impl Desk<'_> {
    /// What going in `direction` costs at the market.
    pub(super) fn worse(&self, price: f64, direction: f64, part_of_volume: f64) -> f64 {
        let config = self.config;
        let bps = config.slippage_bps + config.spread_bps / 2.0 + config.impact_bps * 100.0 * part_of_volume;
        self.tick(price * (1.0 + direction * (bps / 10_000.0).min(0.95)), direction)
    }

    pub(super) fn tick(&self, price: f64, direction: f64) -> f64 {
        let tick = self.config.filters.tick;
        if tick == 0.0 {
            return price;
        }
        let ticks = price / tick;
        let whole = if (ticks - ticks.round()).abs() < 1e-6 {
            ticks.round()
        } else if direction > 0.0 {
            ticks.floor() + 1.0
        } else {
            ticks.floor()
        };
        // The ticks of the tests are whole cents.
        ((whole * tick * 100.0).round() / 100.0).max(tick)
    }

    pub(super) fn lots(&self, quantity: f64) -> f64 {
        let lot = self.config.filters.lot;
        if lot == 0.0 {
            quantity
        } else {
            // The lots of the tests are whole tenths.
            ((quantity / lot + 1e-9).floor() * lot * 10.0).round() / 10.0
        }
    }

    /// Enters; `price` and `limit` are in the mirror.
    #[expect(clippy::too_many_arguments, reason = "all of an order")]
    pub(super) fn buy(
        &mut self,
        t: usize,
        piece: &Piece,
        (side, decided): (f64, usize),
        order: &'static str,
        price: f64,
        limit: Option<f64>,
        maker: bool,
    ) {
        if !self.try_buy(t, piece, (side, decided), order, price, limit, maker) {
            self.refused += 1;
        }
    }

    #[expect(clippy::too_many_arguments, reason = "all of an order")]
    pub(super) fn try_buy(
        &mut self,
        t: usize,
        piece: &Piece,
        (side, decided): (f64, usize),
        order: &'static str,
        price: f64,
        limit: Option<f64>,
        maker: bool,
    ) -> bool {
        let config = self.config;
        let leverage = config.margin.map_or(1.0, |margin| margin.leverage);
        let rate = if maker {
            config.maker_fee.unwrap_or(config.fee)
        } else {
            config.fee
        };
        let paid = |part: f64| {
            if maker {
                return price * side;
            }
            let worse = self.worse(price * side, side, part);
            limit.map_or(worse, |limit| (worse * side).min(limit) * side)
        };
        let (held, held_cost) = self
            .position
            .as_ref()
            .map_or((0.0, 0.0), |p| (p.units.abs(), p.cost));
        let money = |price: f64| self.cash + side * held * price;
        let affordable =
            |price: f64| (money(price) - held * price / leverage) / (price / leverage + rate * price);
        let at = paid(0.0);
        let Some((stop, _)) = self.levels(side, decided, at) else {
            return false;
        };
        let share = match &self.strategy.share {
            None => 1.0,
            Some(share) => match share.at(self.bars, decided) {
                Some(share) => share.min(1.0),
                None => return false,
            },
        };
        let own = at / leverage + rate * at;
        let full = match config.size {
            Sizing::All => money(at) / own,
            Sizing::Units(units) => units,
            Sizing::Cash(amount) => amount / own,
            Sizing::Percent(percent) => money(at) * percent / 100.0 / own,
            Sizing::Risk(percent) => {
                let trail = match self.trail(decided) {
                    None => None,
                    Some(Ok(part)) => Some(at * side * (1.0 - side * part)),
                    Some(Err(distance)) => Some(at * side - distance),
                };
                let nearest = stop.into_iter().chain(trail).reduce(f64::max).unwrap();
                money(at) * percent / 100.0 / (at * side - nearest).abs()
            }
            Sizing::Volatility(percent) => match self.volatility(decided) {
                Some(volatility) => money(at) * percent / 100.0 / (volatility * at),
                None => return false,
            },
        };
        let mut quantity = full * share;
        if !matches!(config.size, Sizing::Units(_) | Sizing::Cash(_)) && quantity > affordable(at) {
            quantity = affordable(at);
        }
        quantity = self.lots(quantity);
        if !(quantity * at > money(at).abs() * 1e-9
            && quantity <= affordable(at) * (1.0 + 1e-9)
            && quantity * at >= config.filters.min_notional)
        {
            return false;
        }
        let mut fill = at;
        if !maker && config.impact_bps > 0.0 {
            fill = paid(if piece.volume > 0.0 {
                (quantity / piece.volume).min(1.0)
            } else {
                1.0
            });
            quantity = self.lots(quantity.min(affordable(fill)));
            if quantity <= 0.0 {
                return false;
            }
        }
        let cost = if held > 0.0 {
            (held * held_cost + quantity * fill) / (held + quantity)
        } else {
            fill
        };
        let Some((stop, target)) = self.levels(side, decided, cost) else {
            return false;
        };
        let fee = rate * quantity * fill;
        self.cash -= side * quantity * fill + fee;
        match &mut self.position {
            Some(position) => {
                position.units += side * quantity;
                position.cost = cost;
                position.entries += 1;
                position.costs += fee;
                position.stop = stop;
                position.target = target;
            }
            None => {
                self.position = Some(Position {
                    side,
                    units: side * quantity,
                    cost,
                    entry_bar: t,
                    entry_time: piece.time,
                    entries: 1,
                    costs: fee,
                    order,
                    stop,
                    target,
                    trail: self.trail(decided),
                    highest: fill * side,
                });
            }
        }
        true
    }

    pub(super) fn trail(&self, decided: usize) -> Option<Result<f64, f64>> {
        match self.strategy.trail.as_ref()? {
            Away::Percent(percent) => Some(Ok(percent / 100.0)),
            Away::Distance(distance) => Some(Err(distance.at(self.bars, decided)?)),
        }
    }

    /// Stop and target around a price, in the mirror. Nothing when one of the three distances is not known.
    pub(super) fn levels(&self, side: f64, decided: usize, price: f64) -> Option<(Option<f64>, Option<f64>)> {
        let known = |away: &Option<Away>| match away {
            Some(Away::Distance(distance)) => distance.at(self.bars, decided).is_some_and(|d| d > 0.0),
            _ => true,
        };
        let strategy = self.strategy;
        if !(known(&strategy.stop) && known(&strategy.target) && known(&strategy.trail)) {
            return None;
        }
        let level = |away: &Option<Away>, towards: f64| {
            let level = match away.as_ref()? {
                Away::Percent(percent) => price * (1.0 + side * towards * percent / 100.0),
                Away::Distance(distance) => price + side * towards * distance.at(self.bars, decided)?,
            };
            Some(self.tick(level, side * towards) * side)
        };
        Some((level(&strategy.stop, -1.0), level(&strategy.target, 1.0)))
    }

    pub(super) fn volatility(&self, t: usize) -> Option<f64> {
        let first = t.checked_sub(30)?;
        let returns: Vec<f64> = (first + 1..=t)
            .map(|i| self.bars.close[i] / self.bars.close[i - 1] - 1.0)
            .collect();
        let mean = returns.iter().sum::<f64>() / 30.0;
        let variance = returns.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / 29.0;
        Some((variance * 365.0 * 24.0).sqrt())
    }

    pub(super) fn sell(&mut self, t: usize, piece: &Piece, price: f64, maker: bool, reason: &'static str) {
        let position = self.position.take().unwrap();
        let quantity = position.units.abs();
        let part = if piece.volume > 0.0 {
            (quantity / piece.volume).min(1.0)
        } else {
            1.0
        };
        let (price, rate) = if maker {
            (price, self.config.maker_fee.unwrap_or(self.config.fee))
        } else {
            (self.worse(price, -position.side, part), self.config.fee)
        };
        let fee = rate * quantity * price;
        self.cash += position.units * price - fee;
        if self
            .resting
            .as_ref()
            .is_some_and(|resting| resting.side == position.side)
        {
            self.resting = None;
        }
        self.last_exit = Some(t);
        self.alarmed = false;
        self.done.push(Done {
            entry_bar: position.entry_bar,
            exit_bar: t,
            entry_time: position.entry_time,
            exit_time: piece.time,
            entry_price: position.cost,
            exit_price: price,
            size: position.units,
            pnl: position.units * (price - position.cost) - position.costs - fee,
            reason,
            entries: position.entries,
            order: position.order,
        });
    }
}
