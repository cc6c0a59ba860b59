//! The execution that knows every order and rule: bar by bar, or on the finer bars below them.
//!
//! Within a slice of time (a bar, or a finer bar) the order of things is: funding due by then, orders of the last close at the
//! open, the position's own exits, waiting entries, the best price since the entry.

mod holding;
pub(super) mod prices;
mod sizing;
mod waiting;

use promptpal_domain::ExitReason;

use super::market::{Slice, next_open, whole};
use super::{
    CANCEL_EVERY, Direction, ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, Instructions, Market, Outcome,
};
use crate::plan::Kind;
use crate::{BacktestError, Config, Margin, OpenPosition, TradeRecord};
use holding::{Holding, Leave, Levels, Turn};
use prices::{in_lots, taken, taker_price};
use sizing::{Entry, Funds, stop_on_tick};
use waiting::{Reached, Terms, Waiting};

/// Runs the instructions over the market.
///
/// # Errors
/// [`BacktestError::Cancelled`].
pub(super) fn simulate(
    market: Market<'_>,
    instructions: &Instructions,
    config: &Config,
    cancel: &dyn Fn() -> bool,
) -> Result<Outcome, BacktestError> {
    let bars = market.bars;
    let first = bars.open_time.first().copied().unwrap_or_default();
    let due = market.funding.partition_point(|rate| rate.time.millis() < first);
    let mut broker = Broker {
        market,
        instructions,
        config,
        cash: config.cash,
        holding: None,
        next: Next::default(),
        waiting: None,
        last_exit: None,
        called: false,
        due,
        outcome: Outcome {
            equity: Vec::with_capacity(bars.len()),
            ..Outcome::default()
        },
    };
    for bar in 0..bars.len() {
        if bar % CANCEL_EVERY == CANCEL_EVERY - 1 && cancel() {
            return Err(BacktestError::Cancelled);
        }
        broker.bar(bar);
    }
    Ok(broker.finish())
}

/// What the last close decided for the next open.
#[derive(Clone, Copy, Default)]
struct Next {
    exit: bool,
    enter: Option<(Direction, usize)>,
}

struct Broker<'a> {
    market: Market<'a>,
    instructions: &'a Instructions,
    config: &'a Config,
    cash: f64,
    holding: Option<Holding>,
    next: Next,
    waiting: Option<Waiting>,
    last_exit: Option<usize>,
    /// Whether the margin call of this position has come.
    called: bool,
    /// The next funding rate.
    due: usize,
    outcome: Outcome,
}

impl Instructions {
    pub(super) fn at(&self, column: usize, bar: usize) -> f64 {
        let value = self.columns.get(column).and_then(|column| column.get(bar));
        value.copied().unwrap_or(f64::NAN)
    }
}

impl Broker<'_> {
    fn bar(&mut self, bar: usize) {
        let bars = self.market.bars;
        let minutes = self
            .market
            .minutes
            .and_then(|minutes| Some((minutes, minutes.of(bar)?)));
        let whole = whole(bars, bar);
        match minutes {
            None => self.slice(bar, &whole, Some(whole.open), false),
            Some((minutes, range)) => {
                let end = next_open(bars, bar);
                let mut open = Some(whole.open);
                let before = range.end;
                for at in range {
                    let mut slice = minutes.slice(at, before, end);
                    if open.is_some() {
                        // Orders of the last close are filled when the tested bar opens.
                        slice.time = whole.time;
                    }
                    self.slice(bar, &slice, open.take(), true);
                    if self.holding.is_none() && self.waiting.is_none() {
                        break;
                    }
                }
            }
        }
        if let Some(waiting) = &mut self.waiting {
            waiting.left = waiting.left.saturating_sub(1);
            if waiting.left == 0 {
                self.waiting = None;
            }
        }
        self.decide(bar);
        self.mark(whole.close);
    }

    /// Goes through a slice of a bar. `open` is the price for orders of the last close; `exact` says that it is a finer bar.
    fn slice(&mut self, bar: usize, slice: &Slice, open: Option<f64>, exact: bool) {
        if let Some(open) = open {
            self.pay(slice.time + 1, open);
            let next = std::mem::take(&mut self.next);
            if next.exit {
                self.exit(bar, slice, open, false, ExitReason::Signal);
            }
            if let Some((direction, decided)) = next.enter {
                self.enter(bar, slice, direction, decided, Reached::market(open));
            }
        }
        self.pay(slice.end, slice.open);
        let config = self.config;
        let mut within = false;
        if let Some(holding) = self.holding.filter(|holding| exact || bar > holding.entry_bar) {
            let turn = holding.turn(slice, self.liquidation(&holding), exact, |level| {
                stop_on_tick(config, holding.direction, level)
            });
            self.take(bar, slice, turn);
        }
        if let Some(mut waiting) = self.waiting.take() {
            match waiting.meet(slice, config) {
                None => self.waiting = Some(waiting),
                Some(reached) => {
                    let flat = self.holding.is_none();
                    self.enter(bar, slice, waiting.direction, waiting.decided, reached);
                    within = flat && !reached.at_open;
                    if flat && exact {
                        self.entry_slice(bar, slice, reached);
                    }
                }
            }
        }
        if let Some(holding) = &mut self.holding {
            // Of a slice within which it was entered only the close is known to come after.
            let best = if within {
                slice.close
            } else {
                slice.best(holding.direction)
            };
            holding.peak = holding.direction.further(holding.peak, best);
        }
    }

    /// The rest of a finer bar in which a waiting order was filled.
    fn entry_slice(&mut self, bar: usize, slice: &Slice, reached: Reached) {
        let Some(holding) = self.holding else {
            return;
        };
        let config = self.config;
        let tick = |level| stop_on_tick(config, holding.direction, level);
        let liquidation = self.liquidation(&holding);
        let turn = if reached.at_open {
            holding.turn(slice, liquidation, true, tick)
        } else {
            holding.first_turn(slice, liquidation, reached.rising, tick)
        };
        self.take(bar, slice, turn);
    }

    fn take(&mut self, bar: usize, slice: &Slice, turn: Turn) {
        match turn {
            Turn::Stays => {}
            Turn::Undecided => self.outcome.ambiguous += 1,
            Turn::Leaves(Leave {
                price,
                reason,
                ambiguous,
            }) => {
                self.outcome.ambiguous += usize::from(ambiguous);
                self.outcome.liquidations += usize::from(reason == ExitReason::Liquidation);
                self.exit(bar, slice, price, reason == ExitReason::TakeProfit, reason);
            }
        }
    }

    /// The price at which the equity is only the maintenance margin.
    fn liquidation(&self, holding: &Holding) -> Option<f64> {
        let Margin { maintenance, .. } = self.config.margin?;
        let left = match holding.direction {
            Direction::Long => -self.cash / (holding.units * (1.0 - maintenance)),
            Direction::Short => self.cash / (-holding.units * (1.0 + maintenance)),
        };
        (left > 0.0).then_some(left)
    }

    /// Pays the funding that is due before `until` at a price.
    fn pay(&mut self, until: i64, price: f64) {
        while let Some(rate) = self.market.funding.get(self.due) {
            if rate.time.millis() >= until {
                break;
            }
            self.due += 1;
            if let Some(holding) = &mut self.holding {
                let paid = holding.units * price * rate.rate;
                holding.funding += paid;
                self.cash -= paid;
                self.outcome.funding += paid;
            }
        }
    }

    fn decide(&mut self, bar: usize) {
        let signal = self.instructions.signals.get(bar).copied().unwrap_or(0);
        let says = |bit: u8| signal & bit != 0;
        let side = self.config.side;
        let long = side.long() && says(ENTER_LONG);
        let short = side.short() && says(ENTER_SHORT);
        let leaves = |direction| match direction {
            Direction::Long => side.long() && says(EXIT_LONG),
            Direction::Short => side.short() && says(EXIT_SHORT),
        };
        let Some(Holding {
            direction, entries, ..
        }) = self.holding
        else {
            self.waiting = self.waiting.filter(|waiting| !leaves(waiting.direction));
            let cooling = self
                .last_exit
                .is_some_and(|exit| bar < exit + self.instructions.cooldown);
            if long && !cooling {
                self.order(Direction::Long, bar);
            } else if short && !cooling {
                self.order(Direction::Short, bar);
            }
            return;
        };
        let (reverse, undecided, again) = match direction {
            Direction::Long => (short && !long, short && long, long),
            Direction::Short => (long, false, short),
        };
        if reverse {
            self.next.exit = true;
            self.order(direction.opposite(), bar);
        } else if leaves(direction) && !undecided {
            self.next.exit = true;
        } else if again && !undecided && entries < self.instructions.pyramiding {
            self.order(direction, bar);
        }
    }

    /// Sends an entry order. Without a price there is none.
    fn order(&mut self, direction: Direction, bar: usize) {
        let kind = match direction {
            Direction::Long => self.instructions.orders.long,
            Direction::Short => self.instructions.orders.short,
        };
        let at = |column| {
            let price = self.instructions.at(column, bar);
            (price > 0.0 && price < f64::INFINITY).then_some(price)
        };
        let terms = match kind {
            Kind::Market => {
                self.next.enter = Some((direction, bar));
                self.waiting = None;
                return;
            }
            Kind::Limit { price, bars } => at(price).map(|price| (Terms::Limit { price }, bars)),
            Kind::Stop { price, bars } => at(price).map(|price| (Terms::Stop { price }, bars)),
            Kind::StopLimit { trigger, price, bars } => at(trigger).zip(at(price)).map(|(trigger, price)| {
                let terms = Terms::StopLimit {
                    trigger,
                    price,
                    triggered: false,
                };
                (terms, bars)
            }),
        };
        if let Some((terms, left)) = terms {
            let waiting = Waiting {
                direction,
                decided: bar,
                terms,
                left,
                fresh: true,
            };
            self.waiting = Some(waiting.on_tick(self.config));
        }
    }

    fn enter(&mut self, bar: usize, slice: &Slice, direction: Direction, decided: usize, reached: Reached) {
        if self.entered(bar, slice, direction, decided, reached).is_none() {
            self.outcome.refused += 1;
        }
    }

    fn entered(
        &mut self,
        bar: usize,
        slice: &Slice,
        direction: Direction,
        decided: usize,
        reached: Reached,
    ) -> Option<()> {
        let (instructions, config) = (self.instructions, self.config);
        let rate = if reached.maker { config.maker() } else { config.fee };
        let price_for = |taken: f64| {
            if reached.maker {
                return reached.price;
            }
            let price = taker_price(config, direction, reached.price, taken);
            reached
                .limit
                .map_or(price, |limit| direction.behind(price, limit))
        };
        let before = self.holding;
        let funds = Funds {
            cash: self.cash,
            units: before.map_or(0.0, |holding| holding.units),
        };
        let around = |price: f64| Levels::around(instructions, config, direction, decided, price);
        let mut price = price_for(0.0);
        let entry = Entry {
            direction,
            decided,
            price,
            rate,
            levels: around(price)?,
        };
        let mut quantity = funds.quantity(instructions, config, &entry)?;
        if !reached.maker && config.impact_bps > 0.0 {
            price = price_for(taken(quantity, slice));
            quantity = in_lots(config, quantity.min(funds.most(config, price, rate)));
            if quantity <= 0.0 {
                return None;
            }
        }
        let units = quantity * direction.sign();
        let fee = rate * quantity * price;
        let held = before.map_or(0.0, |holding| holding.units.abs());
        let cost = before.map_or(price, |holding| {
            (held * holding.cost + quantity * price) / (held + quantity)
        });
        let levels = around(cost)?;
        self.cash -= units * price + fee;
        self.outcome.fees += fee;
        self.outcome.turnover += quantity * price;
        self.holding = Some(match before {
            Some(holding) => Holding {
                cost,
                units: holding.units + units,
                entries: holding.entries + 1,
                fees: holding.fees + fee,
                // The trailing stop goes on as it was.
                levels: Levels {
                    trail: holding.levels.trail,
                    ..levels
                },
                ..holding
            },
            None => Holding {
                direction,
                entry_bar: bar,
                entry_time: slice.time,
                cost,
                units,
                entries: 1,
                fees: fee,
                funding: 0.0,
                levels,
                peak: price,
            },
        });
        Some(())
    }

    fn exit(&mut self, bar: usize, slice: &Slice, price: f64, maker: bool, reason: ExitReason) {
        let Some(holding) = self.holding.take() else {
            return;
        };
        let config = self.config;
        let Holding {
            direction,
            units,
            cost,
            ..
        } = holding;
        self.waiting = self.waiting.filter(|waiting| waiting.direction != direction);
        (self.last_exit, self.called) = (Some(bar), false);
        let (price, rate) = if maker {
            (price, config.maker())
        } else {
            let taken = taken(units.abs(), slice);
            (
                taker_price(config, direction.opposite(), price, taken),
                config.fee,
            )
        };
        let fee = rate * units.abs() * price;
        let pnl = units * (price - cost) - (holding.fees + fee) - holding.funding;
        self.cash += units * price - fee;
        self.outcome.fees += fee;
        self.outcome.turnover += units.abs() * price;
        self.outcome.trades.push(TradeRecord {
            symbol: None,
            entry_time: holding.entry_time,
            exit_time: slice.time,
            entry_bar: holding.entry_bar,
            exit_bar: bar,
            entry_price: cost,
            exit_price: price,
            size: units,
            pnl,
            return_pct: pnl / (units.abs() * cost),
            reason,
            entries: holding.entries,
            funding: holding.funding,
        });
    }

    fn mark(&mut self, close: f64) {
        let mut equity = self.cash;
        if let Some(holding) = &self.holding {
            equity += holding.units * close;
            self.outcome.held_bars += 1;
            if let Some(margin) = self.config.margin {
                let needed = margin.maintenance * holding.units.abs() * close;
                let call = needed >= Margin::CALL * equity;
                self.outcome.margin_calls += usize::from(call && !self.called);
                self.called = call;
            }
        }
        self.outcome.equity.push(equity);
    }

    fn finish(mut self) -> Outcome {
        let close = self.market.bars.close.last();
        if let (Some(holding), Some(&mark_price)) = (&self.holding, close) {
            self.outcome.open_position = Some(OpenPosition {
                symbol: None,
                entry_time: holding.entry_time,
                entry_bar: holding.entry_bar,
                entry_price: holding.cost,
                size: holding.units,
                mark_price,
                unrealized_pnl: holding.units * (mark_price - holding.cost) - holding.fees - holding.funding,
            });
        }
        self.outcome
    }
}
