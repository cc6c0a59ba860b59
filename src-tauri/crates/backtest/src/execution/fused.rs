//! The execution of market orders with stops at a part of the entry's price, by convention R1.
//!
//! Between events nothing but the equity changes, so the loop jumps from event to event.

use multiversion::multiversion;
use promptpal_domain::{Bars, ExitReason};

use super::{CANCEL_EVERY, Direction, ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, Market, Outcome};
use crate::{BacktestError, Config, OpenPosition, Sizing, TradeRecord};

/// Exits by price, as parts of the entry's fill price: 0.03 is three percent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct PartStops {
    pub(super) loss: Option<f64>,
    pub(super) profit: Option<f64>,
}

/// An order waiting for the next open.
#[derive(Clone, Copy)]
enum Order {
    Enter(Direction),
    Exit,
    /// Leave and enter the opposite direction at the same open.
    Reverse,
}

struct Position {
    direction: Direction,
    entry_bar: usize,
    entry_price: f64,
    /// Negative when short.
    units: f64,
    /// Prices of the stop and the target; never reached where there is none.
    stop: f64,
    target: f64,
}

/// Runs the signals (one byte a bar) over the bars. What it calls for many bars is inlined, and so made for wide vectors too.
///
/// # Errors
/// [`BacktestError::Cancelled`] when `cancel` says so; it is asked every 4,096 bars.
#[multiversion(targets("x86_64+avx+avx2+bmi1"))]
pub(super) fn simulate(
    market: Market<'_>,
    signals: &[u8],
    stops: PartStops,
    config: &Config,
    cancel: &dyn Fn() -> bool,
) -> Result<Outcome, BacktestError> {
    let bars = market.bars;
    let len = bars.len();
    let outcome = Outcome {
        equity: Vec::with_capacity(len),
        ..Outcome::default()
    };
    let mut account = Account {
        bars,
        stops,
        config,
        cash: config.cash,
        position: None,
        marked: 0,
        outcome,
    };
    let (mut at, mut order, mut next_look, mut touched) = (0, None, CANCEL_EVERY, 0);
    while at < len {
        if let Some(order) = order.take() {
            account.fill(order, at);
        }
        let limit = len.min(next_look);
        if at == touched && len > FAR {
            touch(bars.open.get(at..limit).unwrap_or_default());
            touched = limit;
        }
        let event = account.next_event(signals, at, limit);
        if event == limit {
            at = limit;
            next_look = limit + CANCEL_EVERY;
            if cancel() {
                return Err(BacktestError::Cancelled);
            }
            continue;
        }
        // Looking at a bar's prices is waited for, so it is not done without need.
        if stops != PartStops::default() {
            account.check_stops(event);
        }
        order = account.decide(signals.get(event).copied().unwrap_or(0));
        at = event + 1;
    }
    account.mark(len);
    Ok(account.finish(market.even_step))
}

/// Columns of more bars than this are more than near caches hold.
const FAR: usize = 1 << 15;

/// Reads a part of a column from one end to the other, which memory is good at. Fills read an open here and there, and each would
/// be waited for.
#[inline(always)]
fn touch(column: &[f64]) {
    const LINE: usize = 8;
    let bits = column.iter().step_by(LINE).map(|value| value.to_bits());
    std::hint::black_box(bits.fold(0, |all, bits| all ^ bits));
}

/// The first signal with a bit of `mask`. Eight are looked at as a word, since the next one is often near; after a few of them
/// blocks of 64 are, since often there is none.
#[inline(always)]
fn first_signal(signals: &[u8], mask: u8) -> Option<usize> {
    const NEAR: usize = 128;
    const BLOCK: usize = 64;
    let (near, far) = signals.split_at(signals.len().min(NEAR));
    if let Some(found) = first_near(near, mask) {
        return Some(found);
    }
    let (blocks, rest) = far.as_chunks::<BLOCK>();
    let block = blocks
        .iter()
        .position(|block| block.iter().fold(0, |any, signal| any | signal) & mask != 0);
    let (from, signals) = match block {
        Some(at) => (at * BLOCK, blocks.get(at)?.as_slice()),
        None => (blocks.len() * BLOCK, rest),
    };
    Some(near.len() + from + first_near(signals, mask)?)
}

#[inline(always)]
fn first_near(signals: &[u8], mask: u8) -> Option<usize> {
    let (words, rest) = signals.as_chunks::<8>();
    let masks = u64::from_le_bytes([mask; 8]);
    for (at, word) in words.iter().enumerate() {
        let said = u64::from_le_bytes(*word) & masks;
        if said != 0 {
            return Some(at * 8 + said.trailing_zeros() as usize / 8);
        }
    }
    let within = rest.iter().position(|signal| signal & mask != 0)?;
    Some(words.len() * 8 + within)
}

/// The first bar with a signal of `mask`, or, from bar `unguarded` on, with a low at the floor or a high at the ceiling.
#[inline(always)]
fn first_reached(
    signals: &[u8],
    mask: u8,
    (lows, highs): (&[f64], &[f64]),
    (floor, ceiling): (f64, f64),
    unguarded: usize,
) -> Option<usize> {
    const BLOCK: usize = 8;
    let reached = |low: f64, high: f64| (low <= floor) | (high >= ceiling);
    let before = unguarded.min(signals.len());
    let (open, signals) = signals.split_at(before);
    if let Some(found) = first_near(open, mask) {
        return Some(found);
    }
    let (lows, highs) = (
        lows.get(before..).unwrap_or_default(),
        highs.get(before..).unwrap_or_default(),
    );
    let ((low_blocks, low_rest), (high_blocks, high_rest)) =
        (lows.as_chunks::<BLOCK>(), highs.as_chunks::<BLOCK>());
    let (blocks, rest) = signals.as_chunks::<BLOCK>();
    let bar = |(signal, (low, high)): (&u8, (&f64, &f64))| signal & mask != 0 || reached(*low, *high);
    for (at, (block, (lows, highs))) in blocks.iter().zip(low_blocks.iter().zip(high_blocks)).enumerate() {
        let mut any = u64::from_le_bytes(*block) & u64::from_le_bytes([mask; 8]) != 0;
        for (low, high) in lows.iter().zip(highs) {
            any |= reached(*low, *high);
        }
        if any {
            let within = block.iter().zip(lows.iter().zip(highs)).position(bar)?;
            return Some(before + at * BLOCK + within);
        }
    }
    let within = rest.iter().zip(low_rest.iter().zip(high_rest)).position(bar)?;
    Some(before + blocks.len() * BLOCK + within)
}

struct Account<'a> {
    bars: &'a Bars,
    stops: PartStops,
    config: &'a Config,
    cash: f64,
    position: Option<Position>,
    /// Bars whose equity is written.
    marked: usize,
    outcome: Outcome,
}

impl Account<'_> {
    /// The first bar from `at` on (before `limit`) whose close may decide something or which reaches a stop, else `limit`.
    #[inline(always)]
    fn next_event(&self, signals: &[u8], at: usize, limit: usize) -> usize {
        let mask = match &self.position {
            None => {
                let long = if self.config.side.long() { ENTER_LONG } else { 0 };
                long | if self.config.side.short() { ENTER_SHORT } else { 0 }
            }
            Some(position) => match position.direction {
                Direction::Long => EXIT_LONG | if self.config.side.short() { ENTER_SHORT } else { 0 },
                Direction::Short => EXIT_SHORT | if self.config.side.long() { ENTER_LONG } else { 0 },
            },
        };
        let signals = signals.get(at..limit).unwrap_or_default();
        let guarded = self
            .position
            .as_ref()
            .filter(|_| self.stops != PartStops::default());
        let found = match guarded {
            None => first_signal(signals, mask),
            Some(position) => {
                let lows = self.bars.low.get(at..limit).unwrap_or_default();
                let highs = self.bars.high.get(at..limit).unwrap_or_default();
                let long = position.direction == Direction::Long;
                let (floor, ceiling) = if long {
                    (position.stop, position.target)
                } else {
                    (position.target, position.stop)
                };
                let unguarded = (position.entry_bar + 1).saturating_sub(at);
                first_reached(signals, mask, (lows, highs), (floor, ceiling), unguarded)
            }
        };
        found.map_or(limit, |found| at + found)
    }

    /// Writes the equity at the closes before bar `to` that have none yet: what is held has not changed since.
    #[inline(always)]
    fn mark(&mut self, to: usize) {
        const GROUP: usize = 16;
        let (cash, units) = (
            self.cash,
            self.position.as_ref().map_or(0.0, |position| position.units),
        );
        let len = to - self.marked;
        // Whole groups, of which the last may reach into what comes: that is written again by the next call.
        let closes = self.bars.close.get(self.marked..).unwrap_or_default();
        let (closes, _) = closes.split_at(len.next_multiple_of(GROUP).min(closes.len()));
        self.outcome.equity.truncate(self.marked);
        let levels = closes.iter().map(|close| cash + units * close);
        self.outcome.equity.extend(levels);
        if self.position.is_some() {
            self.outcome.held_bars += len;
        }
        self.marked = to;
    }

    fn decide(&self, signal: u8) -> Option<Order> {
        let says = |bit: u8| signal & bit != 0;
        let long = self.config.side.long() && says(ENTER_LONG);
        let short = self.config.side.short() && says(ENTER_SHORT);
        match self.position.as_ref().map(|position| position.direction) {
            None if long => Some(Order::Enter(Direction::Long)),
            None if short => Some(Order::Enter(Direction::Short)),
            None => None,
            Some(Direction::Long) if short && !long => Some(Order::Reverse),
            Some(Direction::Long) if says(EXIT_LONG) && !(short && long) => Some(Order::Exit),
            Some(Direction::Short) if long => Some(Order::Reverse),
            Some(Direction::Short) if says(EXIT_SHORT) => Some(Order::Exit),
            Some(_) => None,
        }
    }

    #[inline(always)]
    fn fill(&mut self, order: Order, bar: usize) {
        let Some(&open) = self.bars.open.get(bar) else {
            return;
        };
        self.mark(bar);
        match order {
            Order::Enter(direction) => self.enter(direction, bar, open),
            Order::Exit => self.exit(bar, self.worse_exit(open), ExitReason::Signal),
            Order::Reverse => {
                let Some(direction) = self
                    .position
                    .as_ref()
                    .map(|position| position.direction.opposite())
                else {
                    return;
                };
                self.exit(bar, self.worse_exit(open), ExitReason::Signal);
                self.enter(direction, bar, open);
            }
        }
    }

    /// What a market or stop order to leave the position gets for `price`.
    fn worse_exit(&self, price: f64) -> f64 {
        let sign = self
            .position
            .as_ref()
            .map_or(0.0, |position| position.direction.sign());
        price * (1.0 - sign * self.config.adverse())
    }

    fn enter(&mut self, direction: Direction, bar: usize, open: f64) {
        let Config { fee, size, .. } = *self.config;
        let sign = direction.sign();
        let price = open * (1.0 + sign * self.config.adverse());
        let quantity = match size {
            Sizing::All => self.cash / (price * (1.0 + fee)),
            Sizing::Units(units) => units,
            Sizing::Cash(amount) => amount / (price * (1.0 + fee)),
            Sizing::Percent(percent) => self.cash * (percent / 100.0) / (price * (1.0 + fee)),
            // Not of this loop; what is no number is refused.
            Sizing::Risk(_) | Sizing::Volatility(_) => f64::NAN,
        };
        // Flat, the cash is the equity. There is no credit: what it does not pay for is not bought (nor sold short).
        // The margin of 1e-9 is for rounding only.
        let affordable = quantity > 0.0 && quantity * price * (1.0 + fee) <= self.cash * (1.0 + 1e-9);
        if !affordable {
            self.outcome.refused += 1;
            return;
        }
        let units = quantity * sign;
        self.cash -= units * price + fee * quantity * price;
        self.outcome.fees += fee * quantity * price;
        self.outcome.turnover += quantity * price;
        self.position = Some(Position {
            direction,
            entry_bar: bar,
            entry_price: price,
            units,
            stop: self
                .stops
                .loss
                .map_or(-sign * f64::INFINITY, |part| price * (1.0 - sign * part)),
            target: self
                .stops
                .profit
                .map_or(sign * f64::INFINITY, |part| price * (1.0 + sign * part)),
        });
    }

    fn check_stops(&mut self, bar: usize) {
        let Some(position) = self.position.as_ref().filter(|position| bar > position.entry_bar) else {
            return;
        };
        let column = |column: &[f64]| column.get(bar).copied().unwrap_or(f64::NAN);
        let (open, high, low) = (
            column(&self.bars.open),
            column(&self.bars.high),
            column(&self.bars.low),
        );
        let (stop, target) = (position.stop, position.target);
        // An open beyond the stop decides; otherwise the bar does not say which of the two came first.
        let undecided = match position.direction {
            Direction::Long => low <= stop && high >= target && open > stop,
            Direction::Short => high >= stop && low <= target && open < stop,
        };
        self.outcome.ambiguous += usize::from(undecided);
        let (fill, reason) = match position.direction {
            Direction::Long if low <= stop => (self.worse_exit(open.min(stop)), ExitReason::StopLoss),
            Direction::Long if high >= target => (open.max(target), ExitReason::TakeProfit),
            Direction::Short if high >= stop => (self.worse_exit(open.max(stop)), ExitReason::StopLoss),
            Direction::Short if low <= target => (open.min(target), ExitReason::TakeProfit),
            _ => return,
        };
        self.mark(bar);
        self.exit(bar, fill, reason);
    }

    fn exit(&mut self, bar: usize, price: f64, reason: ExitReason) {
        let Some(Position {
            entry_bar,
            entry_price,
            units,
            ..
        }) = self.position.take()
        else {
            return;
        };
        let fee = self.config.fee;
        let pnl = units * (price - entry_price) - fee * units.abs() * (entry_price + price);
        self.cash += units * price - fee * units.abs() * price;
        self.outcome.fees += fee * units.abs() * price;
        self.outcome.turnover += units.abs() * price;
        self.outcome.trades.push(TradeRecord {
            symbol: None,
            // Looked up at the end, all at once: here each would be waited for.
            entry_time: 0,
            exit_time: 0,
            entry_bar,
            exit_bar: bar,
            entry_price,
            exit_price: price,
            size: units,
            pnl,
            return_pct: pnl / (units.abs() * entry_price),
            reason,
            entries: 1,
            funding: 0.0,
        });
    }

    fn finish(mut self, even_step: Option<i64>) -> Outcome {
        let times = &self.bars.open_time;
        let first = times.first().copied().unwrap_or_default();
        let time = |bar: usize| match even_step {
            // Counted rather than looked up: the times of a million bars are far.
            Some(step) => first + step * bar as i64,
            None => times.get(bar).copied().unwrap_or_default(),
        };
        for trade in &mut self.outcome.trades {
            trade.entry_time = time(trade.entry_bar);
            trade.exit_time = time(trade.exit_bar);
        }
        if let (Some(position), Some(&mark_price)) = (&self.position, self.bars.close.last()) {
            let Position {
                entry_bar,
                entry_price,
                units,
                ..
            } = *position;
            self.outcome.open_position = Some(OpenPosition {
                symbol: None,
                entry_time: time(entry_bar),
                entry_bar,
                entry_price,
                size: units,
                mark_price,
                unrealized_pnl: units * (mark_price - entry_price)
                    - self.config.fee * units.abs() * entry_price,
            });
        }
        self.outcome
    }
}
