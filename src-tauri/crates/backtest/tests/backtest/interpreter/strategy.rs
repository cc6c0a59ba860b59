//! A random strategy: as a script, and as what it says on one bar.

use promptpal_backtest::Sides;
use promptpal_domain::Bars;

use super::conditions::{Condition, Number};
use crate::market::Dice;

/// A distance from a price.
pub(super) enum Away {
    Percent(f64),
    Distance(Number),
}

/// How an entry is ordered; numbers are for how many bars.
pub(super) enum Order {
    Market,
    Limit(Number, usize),
    Stop(Number, usize),
    StopLimit(Number, Number, usize),
}

pub(super) struct Strategy {
    enter_long: Condition,
    exit_long: Condition,
    enter_short: Condition,
    exit_short: Condition,
    pub(super) long: Order,
    pub(super) short: Order,
    pub(super) stop: Option<Away>,
    pub(super) target: Option<Away>,
    pub(super) trail: Option<Away>,
    pub(super) share: Option<Number>,
    pub(super) pyramiding: u32,
    pub(super) cooldown: usize,
}

impl Away {
    fn script(&self) -> String {
        match self {
            Self::Percent(percent) => format!("percent({percent:?})"),
            Self::Distance(number) => format!("distance({})", number.script()),
        }
    }

    fn random(dice: &mut Dice, most: u64) -> Option<Self> {
        match dice.roll(6) {
            0 | 1 => Some(Self::Percent((1 + dice.roll(2 * most)) as f64 / 4.0)),
            2 => {
                let part = (1 + dice.roll(most)) as f64 / 200.0;
                // A mean is not known on the first bars.
                Some(Self::Distance(Number::Scaled(
                    part,
                    Box::new(Number::Mean(1 + dice.roll(8) as usize)),
                )))
            }
            _ => None,
        }
    }
}

impl Order {
    fn script(&self) -> String {
        match self {
            Self::Market => String::new(),
            Self::Limit(price, bars) => format!(", limit_order({}, {bars})", price.script()),
            Self::Stop(price, bars) => format!(", stop_order({}, {bars})", price.script()),
            Self::StopLimit(trigger, price, bars) => {
                format!(
                    ", stop_limit_order({}, {}, {bars})",
                    trigger.script(),
                    price.script()
                )
            }
        }
    }

    fn random(dice: &mut Dice, side: f64) -> Self {
        let near = |dice: &mut Dice| {
            let part = 1.0 + side * (dice.roll(9) as f64 - 4.0) / 500.0;
            let of = match dice.roll(4) {
                0 => Number::Mean(1 + dice.roll(5) as usize),
                1 => Number::Highest("high", 1 + dice.roll(5) as usize),
                2 => Number::Lowest("low", 1 + dice.roll(5) as usize),
                _ => Number::Price("close"),
            };
            Number::Scaled(part, Box::new(of))
        };
        let bars = 1 + dice.roll(5) as usize;
        match dice.roll(5) {
            0 => Self::Limit(near(dice), bars),
            1 => Self::Stop(near(dice), bars),
            2 => Self::StopLimit(near(dice), near(dice), bars),
            _ => Self::Market,
        }
    }
}

impl Strategy {
    /// Any strategy, or one with nothing but market orders and stops at a percentage.
    pub(super) fn random(dice: &mut Dice, plain: bool) -> Self {
        let percent =
            |dice: &mut Dice| (dice.roll(2) == 0).then(|| Away::Percent((1 + dice.roll(8)) as f64 / 2.0));
        let conditions = std::array::from_fn(|_| Condition::random(dice, 2));
        let [enter_long, exit_long, enter_short, exit_short] = conditions;
        let mut strategy = Self {
            enter_long,
            exit_long,
            enter_short,
            exit_short,
            long: Order::Market,
            short: Order::Market,
            stop: percent(dice),
            target: percent(dice),
            trail: None,
            share: None,
            pyramiding: 1,
            cooldown: 0,
        };
        if plain {
            return strategy;
        }
        strategy.long = Order::random(dice, 1.0);
        strategy.short = Order::random(dice, -1.0);
        strategy.stop = Away::random(dice, 6);
        strategy.target = Away::random(dice, 8);
        strategy.trail = Away::random(dice, 6);
        strategy.share = match dice.roll(4) {
            0 => Some(Number::Constant(0.5)),
            // About one half, and not known on the first bars.
            1 => Some(Number::Scaled(0.004, Box::new(Number::Mean(4)))),
            _ => None,
        };
        strategy.pyramiding = [1, 1, 2, 4][dice.roll(4) as usize];
        strategy.cooldown = [0, 0, 1, 3][dice.roll(4) as usize];
        strategy
    }

    /// Whether a size by risk has something to measure it by.
    pub(super) fn has_stop(&self) -> bool {
        self.stop.is_some() || self.trail.is_some()
    }

    pub(super) fn script(&self) -> String {
        let mut script = format!(
            "enter_long({}{});\nexit_long({});\nenter_short({}{});\nexit_short({});\n",
            self.enter_long.script(),
            self.long.script(),
            self.exit_long.script(),
            self.enter_short.script(),
            self.short.script(),
            self.exit_short.script()
        );
        for (name, away) in [
            ("stop_loss", &self.stop),
            ("take_profit", &self.target),
            ("trailing_stop", &self.trail),
        ] {
            if let Some(away) = away {
                script += &format!("{name}({});\n", away.script());
            }
        }
        if let Some(share) = &self.share {
            script += &format!("order_share({});\n", share.script());
        }
        if self.pyramiding > 1 {
            script += &format!("pyramiding({});\n", self.pyramiding);
        }
        if self.cooldown > 0 {
            script += &format!("cooldown({});\n", self.cooldown);
        }
        script
    }

    /// Enter long, exit long, enter short, exit short; of the sides that are traded.
    pub(super) fn says(&self, bars: &Bars, t: usize, side: Sides) -> [bool; 4] {
        let (long, short) = (side != Sides::Short, side != Sides::Long);
        let says = |condition: &Condition| condition.at(bars, t) == Some(true);
        [
            long && says(&self.enter_long),
            long && says(&self.exit_long),
            short && says(&self.enter_short),
            short && says(&self.exit_short),
        ]
    }
}
