//! A dealing desk that goes through a market one bar (or fine bar) after the other and does what a strategy says.
//!
//! It knows only how to be long. For a short position it looks into a mirror in which every price is negative: there the market
//! rises when it falls outside, the high is the low, and a floor is a ceiling.

use promptpal_backtest::{Config, Fills, FundingRate};
use promptpal_domain::Bars;

use super::conditions::Number;
use super::strategy::{Order, Strategy};
use meet::meet;

mod counter;
mod meet;

#[derive(Clone, Debug)]
pub(super) struct Done {
    pub(super) entry_bar: usize,
    pub(super) exit_bar: usize,
    pub(super) entry_time: i64,
    pub(super) exit_time: i64,
    pub(super) entry_price: f64,
    pub(super) exit_price: f64,
    pub(super) size: f64,
    pub(super) pnl: f64,
    pub(super) reason: &'static str,
    pub(super) entries: u32,
    /// The order of the first entry.
    pub(super) order: &'static str,
}

/// A stretch of market in the mirror of a side: 1 is outside, -1 is inside.
#[derive(Clone, Copy)]
struct Look {
    open: f64,
    high: f64,
    low: f64,
    close: f64,
}

#[derive(Clone, Copy)]
struct Piece {
    time: i64,
    until: i64,
    prices: [f64; 4],
    volume: f64,
}

impl Piece {
    fn look(&self, side: f64) -> Look {
        let [open, high, low, close] = self.prices.map(|price| price * side);
        Look {
            open,
            high: high.max(low),
            low: high.min(low),
            close,
        }
    }
}

struct Resting {
    side: f64,
    decided: usize,
    kind: &'static str,
    /// In the mirror of its side.
    trigger: f64,
    limit: f64,
    bars_left: usize,
    met: bool,
    triggered: bool,
}

struct Position {
    side: f64,
    units: f64,
    cost: f64,
    entry_bar: usize,
    entry_time: i64,
    entries: u32,
    costs: f64,
    order: &'static str,
    /// In the mirror of its side.
    stop: Option<f64>,
    target: Option<f64>,
    /// A part or a distance behind the highest.
    trail: Option<Result<f64, f64>>,
    highest: f64,
}

pub(super) struct Desk<'a> {
    pub(super) bars: &'a Bars,
    pub(super) fine: Option<&'a Bars>,
    pub(super) funding: &'a [FundingRate],
    pub(super) config: &'a Config,
    pub(super) strategy: &'a Strategy,
    cash: f64,
    position: Option<Position>,
    resting: Option<Resting>,
    leave: bool,
    enter: Option<(f64, usize)>,
    last_exit: Option<usize>,
    alarmed: bool,
    pub(super) done: Vec<Done>,
    pub(super) equity: Vec<f64>,
    pub(super) ambiguous: usize,
    pub(super) refused: usize,
    pub(super) calls: usize,
    pub(super) paid_funding: f64,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        bars: &'a Bars,
        fine: Option<&'a Bars>,
        funding: &'a [FundingRate],
        config: &'a Config,
        strategy: &'a Strategy,
    ) -> Self {
        Self {
            bars,
            fine,
            funding,
            config,
            strategy,
            cash: config.cash,
            position: None,
            resting: None,
            leave: false,
            enter: None,
            last_exit: None,
            alarmed: false,
            done: Vec::new(),
            equity: Vec::new(),
            ambiguous: 0,
            refused: 0,
            calls: 0,
            paid_funding: 0.0,
        }
    }

    pub(super) fn run(&mut self) {
        for t in 0..self.bars.len() {
            let (pieces, fine) = self.pieces(t);
            for (i, piece) in pieces.iter().enumerate() {
                self.piece(t, piece, i == 0, fine);
            }
            if let Some(resting) = &mut self.resting {
                resting.bars_left -= 1;
                if resting.bars_left == 0 {
                    self.resting = None;
                }
            }
            self.think(t);
            let close = self.bars.close[t];
            let units = self.position.as_ref().map_or(0.0, |position| position.units);
            let equity = self.cash + units * close;
            let alarm = match (&self.position, self.config.margin) {
                (Some(_), Some(margin)) => margin.maintenance * units.abs() * close >= 0.8 * equity,
                _ => false,
            };
            if alarm && !self.alarmed {
                self.calls += 1;
            }
            self.alarmed = alarm;
            self.equity.push(equity);
        }
    }

    /// The fine bars of a bar where they show all of it, else the bar.
    fn pieces(&self, t: usize) -> (Vec<Piece>, bool) {
        let own_end = self.bars.open_time[t] + 3_600_000;
        let next = self.bars.open_time.get(t + 1).copied().unwrap_or(own_end);
        let piece = |bars: &Bars, i: usize, until| Piece {
            time: bars.open_time[i],
            until,
            prices: [bars.open[i], bars.high[i], bars.low[i], bars.close[i]],
            volume: bars.volume[i],
        };
        if self.config.fills == Fills::Minute {
            let fine = self.fine.unwrap();
            let inside: Vec<usize> = (0..fine.len())
                .filter(|&i| (self.bars.open_time[t]..own_end).contains(&fine.open_time[i]))
                .collect();
            let all = inside.iter().any(|&i| fine.high[i] >= self.bars.high[t])
                && inside.iter().any(|&i| fine.low[i] <= self.bars.low[t]);
            if all {
                let ends = inside.iter().skip(1).map(|&i| fine.open_time[i]).chain([next]);
                let mut pieces: Vec<Piece> = inside
                    .iter()
                    .zip(ends)
                    .map(|(&i, end)| piece(fine, i, end))
                    .collect();
                pieces[0].time = self.bars.open_time[t];
                return (pieces, true);
            }
        }
        (vec![piece(self.bars, t, next)], false)
    }

    fn piece(&mut self, t: usize, piece: &Piece, first: bool, fine: bool) {
        let open = self.bars.open[t];
        if first {
            self.fund(t, piece.time, piece.time, open);
            if std::mem::take(&mut self.leave) {
                self.sell(t, piece, open, false, "signal");
            }
            if let Some((side, decided)) = self.enter.take() {
                self.buy(t, piece, (side, decided), "market", open * side, None, false);
            }
        }
        // What is due within the piece; its beginning is done for the first piece.
        let from = if first { piece.time + 1 } else { piece.time };
        self.fund(t, from, piece.until - 1, piece.prices[0]);

        if self.position.as_ref().is_some_and(|p| fine || t > p.entry_bar) {
            self.watch(t, piece, fine);
        }
        let mut inside = false;
        if let Some(mut resting) = self.resting.take() {
            let side = resting.side;
            let look = piece.look(side);
            let at_market = |price: f64| self.worse(price * side, side, 0.0) * side;
            match meet(&mut resting, &look, at_market) {
                None => self.resting = Some(resting),
                Some((price, maker, limit, at_open, rose)) => {
                    let flat = self.position.is_none();
                    let who = (resting.side, resting.decided);
                    self.buy(t, piece, who, resting.kind, price, limit, maker);
                    inside = flat && !at_open;
                    if flat && fine && self.position.is_some() {
                        if at_open {
                            self.watch(t, piece, true);
                        } else {
                            self.watch_entry(t, piece, rose);
                        }
                    }
                }
            }
        }
        if let Some(position) = &mut self.position {
            let look = piece.look(position.side);
            position.highest = position.highest.max(if inside { look.close } else { look.high });
        }
    }

    fn fund(&mut self, _t: usize, from: i64, to: i64, price: f64) {
        for stamp in self.funding {
            let at = stamp.time.millis();
            if from <= at
                && at <= to
                && let Some(position) = &mut self.position
            {
                let paid = position.units * price * stamp.rate;
                self.cash -= paid;
                position.costs += paid;
                self.paid_funding += paid;
            }
        }
    }

    /// The floor that is met first on the way down, in the mirror, and whether there is a ceiling.
    fn floor(&self) -> (Option<(f64, &'static str)>, Option<f64>) {
        let position = self.position.as_ref().unwrap();
        let side = position.side;
        let mut floors = Vec::new();
        if let Some(stop) = position.stop {
            floors.push((stop, "sl"));
        }
        if let Some(trail) = position.trail {
            let level = match trail {
                Ok(part) => position.highest * (1.0 - side * part),
                Err(distance) => position.highest - distance,
            };
            floors.push((self.tick(level * side, -side) * side, "trail"));
        }
        if let Some(margin) = self.config.margin {
            // cash + units * price = maintenance * |units| * price
            let price = self.cash / (margin.maintenance * position.units.abs() - position.units);
            if price > 0.0 {
                floors.push((price * side, "liquidation"));
            }
        }
        // The first of equal ones stays.
        let mut highest: Option<(f64, &'static str)> = None;
        for floor in floors {
            if highest.is_none_or(|highest| floor.0 > highest.0) {
                highest = Some(floor);
            }
        }
        (highest, position.target)
    }

    fn watch(&mut self, t: usize, piece: &Piece, fine: bool) {
        let side = self.position.as_ref().unwrap().side;
        let look = piece.look(side);
        let (floor, ceiling) = self.floor();
        let falls = floor.filter(|floor| look.low <= floor.0);
        let rises = ceiling.filter(|ceiling| look.high >= *ceiling);
        if let Some((level, reason)) = falls {
            if look.open <= level {
                return self.sell(t, piece, look.open * side, false, reason);
            }
            if fine && rises.is_some_and(|ceiling| look.open >= ceiling) {
                return self.sell(t, piece, look.open * side, true, "tp");
            }
            self.ambiguous += usize::from(rises.is_some());
            self.sell(t, piece, level * side, false, reason);
        } else if let Some(ceiling) = rises {
            self.sell(t, piece, look.open.max(ceiling) * side, true, "tp");
        }
    }

    /// What is left of a fine bar after an order was filled within it.
    fn watch_entry(&mut self, t: usize, piece: &Piece, rose: bool) {
        let position = self.position.as_ref().unwrap();
        let (side, cost) = (position.side, position.cost * position.side);
        let look = piece.look(side);
        let (floor, ceiling) = self.floor();
        let rises = ceiling.filter(|ceiling| look.high >= *ceiling);
        match floor.filter(|floor| look.low <= floor.0) {
            Some((level, reason)) => {
                self.ambiguous += usize::from(rose || rises.is_some());
                self.sell(t, piece, level.min(cost) * side, false, reason);
            }
            None => match rises {
                Some(ceiling) if rose => self.sell(t, piece, ceiling * side, true, "tp"),
                Some(_) => self.ambiguous += 1,
                None => {}
            },
        }
    }

    /// What the strategy wants after the close of a bar.
    fn think(&mut self, t: usize) {
        let strategy = self.strategy;
        let [enter_long, exit_long, enter_short, exit_short] = strategy.says(self.bars, t, self.config.side);
        match self
            .position
            .as_ref()
            .map(|position| (position.side > 0.0, position.entries))
        {
            None => {
                if let Some(resting) = &self.resting
                    && ((resting.side > 0.0 && exit_long) || (resting.side < 0.0 && exit_short))
                {
                    self.resting = None;
                }
                if self.last_exit.is_some_and(|exit| t - exit < strategy.cooldown) {
                    return;
                }
                if enter_long {
                    self.order(1.0, t);
                } else if enter_short {
                    self.order(-1.0, t);
                }
            }
            Some((true, entries)) => {
                if enter_long && enter_short {
                } else if enter_short {
                    self.leave = true;
                    self.order(-1.0, t);
                } else if exit_long {
                    self.leave = true;
                } else if enter_long && entries < strategy.pyramiding {
                    self.order(1.0, t);
                }
            }
            Some((false, entries)) => {
                if enter_long {
                    self.leave = true;
                    self.order(1.0, t);
                } else if exit_short {
                    self.leave = true;
                } else if enter_short && entries < strategy.pyramiding {
                    self.order(-1.0, t);
                }
            }
        }
    }

    fn order(&mut self, side: f64, t: usize) {
        let price = |number: &Number| number.at(self.bars, t).filter(|price| *price > 0.0);
        let up = |price: f64| self.tick(price, side) * side;
        let down = |price: f64| self.tick(price, -side) * side;
        let order = if side > 0.0 {
            &self.strategy.long
        } else {
            &self.strategy.short
        };
        let (kind, trigger, limit, bars_left) = match order {
            Order::Market => {
                self.resting = None;
                self.enter = Some((side, t));
                return;
            }
            Order::Limit(at, bars) => match price(at) {
                Some(at) => ("limit", f64::NAN, down(at), *bars),
                None => return,
            },
            Order::Stop(at, bars) => match price(at) {
                Some(at) => ("stop", up(at), f64::NAN, *bars),
                None => return,
            },
            Order::StopLimit(trigger, at, bars) => match (price(trigger), price(at)) {
                (Some(trigger), Some(at)) => ("stop_limit", up(trigger), down(at), *bars),
                _ => return,
            },
        };
        self.resting = Some(Resting {
            side,
            decided: t,
            kind,
            trigger,
            limit,
            bars_left,
            met: false,
            triggered: false,
        });
    }
}
