//! The execution of a rotation: several symbols on one account.
//!
//! 1. When it is time, the symbols that have a bar and a score there are ranked at its close, the highest score first (of
//!    equal ones the symbol named first). The first `hold` of them are wanted.
//! 2. At the next open what is held and not wanted is sold, then what is wanted and not held is bought in the order of the
//!    ranks, each for the equity at those opens over `hold`, or for the cash that is left. What is held and wanted stays
//!    as it is.
//! 3. An order for a symbol that has no bar then waits for its next one; the next decision replaces it. What is not sold yet
//!    keeps its place, so that never more than `hold` symbols are held.
//! 4. A symbol is worth its last close. What is open at the end stays open.

use promptpal_domain::{Bars, ExitReason};

use super::broker::prices::{in_lots, taken, taker_price};
use super::market::{Slice, whole};
use super::{CANCEL_EVERY, Direction, Outcome};
use crate::{BacktestError, Config, OpenPosition, TradeRecord};

/// A symbol of a rotation with what its strategy says.
#[derive(Debug)]
pub(crate) struct Ranked<'a> {
    pub(crate) name: &'a str,
    pub(crate) bars: &'a Bars,
    /// A number for each bar; `NaN` where there is none.
    pub(crate) score: Vec<f64>,
    /// Where it may be held; everywhere when missing.
    pub(crate) eligible: Option<Vec<bool>>,
}

/// Runs a rotation over the ascending open times of all symbols; `when` says at which of them it is time to rank.
///
/// # Errors
/// [`BacktestError::Cancelled`] when `cancel` says so; it is asked every 4,096 times.
pub(crate) fn rotate(
    symbols: &[Ranked<'_>],
    times: &[i64],
    when: &[bool],
    hold: usize,
    config: &Config,
    cancel: &dyn Fn() -> bool,
) -> Result<(Outcome, Vec<OpenPosition>), BacktestError> {
    let mut account = Account {
        config,
        hold,
        cash: config.cash,
        legs: symbols.iter().map(Leg::new).collect(),
        wanted: Vec::new(),
        outcome: Outcome {
            equity: Vec::with_capacity(times.len()),
            ..Outcome::default()
        },
    };
    for (at, &time) in times.iter().enumerate() {
        if at % CANCEL_EVERY == CANCEL_EVERY - 1 && cancel() {
            return Err(BacktestError::Cancelled);
        }
        account.open(at, time);
        account.close(when.get(at) == Some(&true));
    }
    Ok(account.finish())
}

struct Leg<'a> {
    symbol: &'a Ranked<'a>,
    /// The number of its next bar.
    next: usize,
    /// Its bar at the present time, if it has one.
    now: Option<Slice>,
    held: Option<Held>,
    /// Whether it is to be sold.
    leaves: bool,
    last_close: f64,
}

#[derive(Clone, Copy)]
struct Held {
    entry_at: usize,
    entry_time: i64,
    price: f64,
    units: f64,
    fee: f64,
}

impl<'a> Leg<'a> {
    const fn new(symbol: &'a Ranked<'a>) -> Self {
        Self {
            symbol,
            next: 0,
            now: None,
            held: None,
            leaves: false,
            last_close: 0.0,
        }
    }

    /// Goes to a time: its bar there, if it has one.
    fn go_to(&mut self, time: i64) {
        let bars = self.symbol.bars;
        self.now = (bars.open_time.get(self.next) == Some(&time)).then(|| whole(bars, self.next));
        if self.now.is_some() {
            self.next += 1;
        }
    }

    fn worth(&self, price: impl Fn(&Slice) -> f64) -> f64 {
        let price = self.now.as_ref().map_or(self.last_close, price);
        self.held.map_or(0.0, |held| held.units * price)
    }

    /// Its score at the bar that just closed, where it may be held.
    fn score(&self) -> Option<f64> {
        self.now.as_ref()?;
        let bar = self.next.checked_sub(1)?;
        let may = self
            .symbol
            .eligible
            .as_ref()
            .is_none_or(|column| column.get(bar) == Some(&true));
        let score = self
            .symbol
            .score
            .get(bar)
            .copied()
            .filter(|score| !score.is_nan());
        score.filter(|_| may)
    }
}

struct Account<'a> {
    config: &'a Config,
    hold: usize,
    cash: f64,
    legs: Vec<Leg<'a>>,
    /// Legs to be bought, the best first.
    wanted: Vec<usize>,
    outcome: Outcome,
}

impl Account<'_> {
    fn open(&mut self, at: usize, time: i64) {
        for leg in &mut self.legs {
            leg.go_to(time);
        }
        for number in 0..self.legs.len() {
            self.sell(number, at, time);
        }
        if self.wanted.is_empty() {
            return;
        }
        let equity = self.cash
            + self
                .legs
                .iter()
                .map(|leg| leg.worth(|slice| slice.open))
                .sum::<f64>();
        let mut free = self.hold
            - self
                .legs
                .iter()
                .filter(|leg| leg.held.is_some())
                .count()
                .min(self.hold);
        let mut waiting = Vec::new();
        for number in std::mem::take(&mut self.wanted) {
            let Some(slice) = self.legs.get(number).and_then(|leg| leg.now) else {
                waiting.push(number);
                continue;
            };
            if free == 0 {
                waiting.push(number);
                continue;
            }
            if self.buy(number, at, &slice, equity / self.hold as f64) {
                free -= 1;
            } else {
                self.outcome.refused += 1;
            }
        }
        self.wanted = waiting;
    }

    fn sell(&mut self, number: usize, at: usize, time: i64) {
        let config = self.config;
        let Some(leg) = self.legs.get_mut(number).filter(|leg| leg.leaves) else {
            return;
        };
        let (Some(slice), Some(held)) = (leg.now, leg.held) else {
            return;
        };
        (leg.held, leg.leaves) = (None, false);
        let price = taker_price(config, Direction::Short, slice.open, taken(held.units, &slice));
        let fee = config.fee * held.units * price;
        let pnl = held.units * (price - held.price) - (held.fee + fee);
        self.cash += held.units * price - fee;
        self.outcome.fees += fee;
        self.outcome.turnover += held.units * price;
        self.outcome.trades.push(TradeRecord {
            symbol: Some(leg.symbol.name.into()),
            entry_time: held.entry_time,
            exit_time: time,
            entry_bar: held.entry_at,
            exit_bar: at,
            entry_price: held.price,
            exit_price: price,
            size: held.units,
            pnl,
            return_pct: pnl / (held.units * held.price),
            reason: ExitReason::Signal,
            entries: 1,
            funding: 0.0,
        });
    }

    /// Buys for an amount, or for the cash that there is. Tells whether anything was bought.
    fn buy(&mut self, number: usize, at: usize, slice: &Slice, amount: f64) -> bool {
        let config = self.config;
        let amount = amount.min(self.cash);
        let units_at = |price: f64| in_lots(config, amount / (price * (1.0 + config.fee)));
        let price_for = |taken: f64| taker_price(config, Direction::Long, slice.open, taken);
        let (mut price, mut units) = (price_for(0.0), units_at(price_for(0.0)));
        if config.impact_bps > 0.0 {
            price = price_for(taken(units, slice));
            units = units.min(units_at(price));
        }
        let enough = units > 0.0 && units * price >= config.filters.min_notional;
        let Some(leg) = self.legs.get_mut(number).filter(|_| enough) else {
            return false;
        };
        let fee = config.fee * units * price;
        self.cash -= units * price + fee;
        self.outcome.fees += fee;
        self.outcome.turnover += units * price;
        leg.held = Some(Held {
            entry_at: at,
            entry_time: slice.time,
            price,
            units,
            fee,
        });
        true
    }

    fn close(&mut self, is_time: bool) {
        for leg in &mut self.legs {
            if let Some(slice) = &leg.now {
                leg.last_close = slice.close;
            }
        }
        if is_time {
            self.decide();
        }
        let held = self.legs.iter().any(|leg| leg.held.is_some());
        self.outcome.held_bars += usize::from(held);
        let worth: f64 = self.legs.iter().map(|leg| leg.worth(|slice| slice.close)).sum();
        self.outcome.equity.push(self.cash + worth);
    }

    fn decide(&mut self) {
        let mut ranks: Vec<(usize, f64)> = self
            .legs
            .iter()
            .enumerate()
            .filter_map(|(number, leg)| Some((number, leg.score()?)))
            .collect();
        // Stable: equal scores stay in the order of the symbols.
        ranks.sort_by(|(_, a), (_, b)| b.total_cmp(a));
        ranks.truncate(self.hold);
        for (number, leg) in self.legs.iter_mut().enumerate() {
            leg.leaves = leg.held.is_some() && ranks.iter().all(|(ranked, _)| *ranked != number);
        }
        let is_free = |number: &usize| self.legs.get(*number).is_some_and(|leg| leg.held.is_none());
        self.wanted = ranks
            .into_iter()
            .map(|(number, _)| number)
            .filter(is_free)
            .collect();
    }

    fn finish(self) -> (Outcome, Vec<OpenPosition>) {
        let open = self.legs.iter().filter_map(|leg| {
            let held = leg.held?;
            Some(OpenPosition {
                symbol: Some(leg.symbol.name.into()),
                entry_time: held.entry_time,
                entry_bar: held.entry_at,
                entry_price: held.price,
                size: held.units,
                mark_price: leg.last_close,
                unrealized_pnl: held.units * (leg.last_close - held.price) - held.fee,
            })
        });
        let open = open.collect();
        (self.outcome, open)
    }
}
