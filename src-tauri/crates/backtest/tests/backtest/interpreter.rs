//! A second engine, written to be obviously right and sharing no code with the first: it asks every condition bar by bar,
//! looking back as far as it needs to, and moves one bar at a time. Both must agree trade for trade.

use promptpal_backtest::{Config, Sides, Sizing};
use promptpal_domain::Bars;

use crate::market::{Dice, backtest, walk};

/// A number on a bar.
enum Number {
    Price(&'static str),
    Constant(f64),
    Ago(Box<Number>, usize),
    Mean(usize),
    Highest(&'static str, usize),
    Lowest(&'static str, usize),
    Plus(Box<Number>, Box<Number>),
    Scaled(f64, Box<Number>),
}

/// A condition on a bar.
enum Condition {
    Above(Number, Number),
    AtMost(Number, Number),
    CrossesAbove(Number, Number),
    CrossesBelow(Number, Number),
    Both(Box<Condition>, Box<Condition>),
    Either(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Before(Box<Condition>, usize),
}

fn column<'a>(bars: &'a Bars, name: &str) -> &'a [f64] {
    match name {
        "open" => &bars.open,
        "high" => &bars.high,
        "low" => &bars.low,
        "close" => &bars.close,
        _ => &bars.volume,
    }
}

impl Number {
    fn script(&self) -> String {
        match self {
            Self::Price(name) => (*name).to_owned(),
            Self::Constant(value) => format!("{value:?}"),
            Self::Ago(of, n) => format!("({}).ago({n})", of.script()),
            Self::Mean(n) => format!("sma(close, {n})"),
            Self::Highest(name, n) => format!("highest({name}, {n})"),
            Self::Lowest(name, n) => format!("lowest({name}, {n})"),
            Self::Plus(a, b) => format!("({} + {})", a.script(), b.script()),
            Self::Scaled(factor, of) => format!("({factor:?} * {})", of.script()),
        }
    }

    fn at(&self, bars: &Bars, t: usize) -> Option<f64> {
        let window = |name: &str, n: usize| (t + 1 >= n).then(|| &column(bars, name)[t + 1 - n..=t]);
        match self {
            Self::Price(name) => Some(column(bars, name)[t]),
            Self::Constant(value) => Some(*value),
            Self::Ago(of, n) => t.checked_sub(*n).and_then(|t| of.at(bars, t)),
            Self::Mean(n) => {
                let cents: i64 = window("close", *n)?
                    .iter()
                    .map(|price| (price * 100.0).round() as i64)
                    .sum();
                Some(cents as f64 / (100.0 * *n as f64))
            }
            Self::Highest(name, n) => window(name, *n)?.iter().copied().reduce(f64::max),
            Self::Lowest(name, n) => window(name, *n)?.iter().copied().reduce(f64::min),
            Self::Plus(a, b) => Some(a.at(bars, t)? + b.at(bars, t)?),
            Self::Scaled(factor, of) => Some(factor * of.at(bars, t)?),
        }
    }

    fn is_series(&self) -> bool {
        match self {
            Self::Constant(_) => false,
            Self::Plus(a, b) => a.is_series() || b.is_series(),
            Self::Scaled(_, of) => of.is_series(),
            _ => true,
        }
    }

    fn random(dice: &mut Dice, depth: u32) -> Self {
        let price = ["open", "high", "low", "close"][dice.roll(4) as usize];
        let n = 1 + dice.roll(12) as usize;
        match dice.roll(if depth == 0 { 5 } else { 8 }) {
            0 => Self::Price(price),
            1 => Self::Constant(100.0 + dice.roll(50) as f64 / 2.0),
            2 => Self::Mean(n),
            3 => Self::Highest(price, n),
            4 => Self::Lowest(price, n),
            5 => {
                let of = Self::random(dice, depth - 1);
                // A plain number has no past.
                if of.is_series() {
                    Self::Ago(Box::new(of), dice.roll(5) as usize)
                } else {
                    of
                }
            }
            6 => Self::Plus(
                Box::new(Self::random(dice, depth - 1)),
                Box::new(Self::Constant(dice.roll(9) as f64 - 4.0)),
            ),
            _ => Self::Scaled(
                0.98 + dice.roll(5) as f64 / 100.0,
                Box::new(Self::random(dice, depth - 1)),
            ),
        }
    }
}

impl Condition {
    fn script(&self) -> String {
        match self {
            Self::Above(a, b) => format!("({} > {})", a.script(), b.script()),
            Self::AtMost(a, b) => format!("({} <= {})", a.script(), b.script()),
            Self::CrossesAbove(a, b) => format!("crosses_above({}, {})", a.script(), b.script()),
            Self::CrossesBelow(a, b) => format!("crosses_below({}, {})", a.script(), b.script()),
            Self::Both(a, b) => format!("({} & {})", a.script(), b.script()),
            Self::Either(a, b) => format!("({} | {})", a.script(), b.script()),
            Self::Not(a) => format!("(!{})", a.script()),
            Self::Before(a, n) => format!("({}).ago({n})", a.script()),
        }
    }

    /// Nothing where it cannot be known.
    fn at(&self, bars: &Bars, t: usize) -> Option<bool> {
        match self {
            Self::Above(a, b) => Some(a.at(bars, t)? > b.at(bars, t)?),
            Self::AtMost(a, b) => Some(a.at(bars, t)? <= b.at(bars, t)?),
            Self::CrossesAbove(a, b) => {
                let before = t.checked_sub(1)?;
                let (earlier, later) = (
                    (a.at(bars, before)?, b.at(bars, before)?),
                    (a.at(bars, t)?, b.at(bars, t)?),
                );
                Some(earlier.0 <= earlier.1 && later.0 > later.1)
            }
            Self::CrossesBelow(a, b) => {
                let before = t.checked_sub(1)?;
                let (earlier, later) = (
                    (a.at(bars, before)?, b.at(bars, before)?),
                    (a.at(bars, t)?, b.at(bars, t)?),
                );
                Some(earlier.0 >= earlier.1 && later.0 < later.1)
            }
            Self::Both(a, b) => match (a.at(bars, t), b.at(bars, t)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            },
            Self::Either(a, b) => match (a.at(bars, t), b.at(bars, t)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            },
            Self::Not(a) => a.at(bars, t).map(|value| !value),
            Self::Before(a, n) => t.checked_sub(*n).and_then(|t| a.at(bars, t)),
        }
    }

    fn is_series(&self) -> bool {
        match self {
            Self::Above(a, b) | Self::AtMost(a, b) => a.is_series() || b.is_series(),
            Self::Both(a, b) | Self::Either(a, b) => a.is_series() || b.is_series(),
            Self::Not(a) => a.is_series(),
            Self::CrossesAbove(..) | Self::CrossesBelow(..) | Self::Before(..) => true,
        }
    }

    fn random(dice: &mut Dice, depth: u32) -> Self {
        let pair = |dice: &mut Dice| (Number::random(dice, 2), Number::random(dice, 2));
        match dice.roll(if depth == 0 { 4 } else { 8 }) {
            0 => {
                let (a, b) = pair(dice);
                Self::Above(a, b)
            }
            1 => {
                let (a, b) = pair(dice);
                Self::AtMost(a, b)
            }
            2 => {
                let (a, b) = pair(dice);
                Self::CrossesAbove(a, b)
            }
            3 => {
                let (a, b) = pair(dice);
                Self::CrossesBelow(a, b)
            }
            4 => Self::Both(
                Box::new(Self::random(dice, depth - 1)),
                Box::new(Self::random(dice, depth - 1)),
            ),
            5 => Self::Either(
                Box::new(Self::random(dice, depth - 1)),
                Box::new(Self::random(dice, depth - 1)),
            ),
            6 => Self::Not(Box::new(Self::random(dice, depth - 1))),
            _ => {
                let of = Self::random(dice, depth - 1);
                if of.is_series() {
                    Self::Before(Box::new(of), 1 + dice.roll(3) as usize)
                } else {
                    of
                }
            }
        }
    }
}

#[derive(Debug)]
struct Done {
    entry_bar: usize,
    exit_bar: usize,
    entry_price: f64,
    exit_price: f64,
    size: f64,
    reason: &'static str,
}

struct Strategy {
    enter_long: Condition,
    exit_long: Condition,
    enter_short: Condition,
    exit_short: Condition,
    stop: Option<f64>,
    target: Option<f64>,
}

impl Strategy {
    fn random(dice: &mut Dice) -> Self {
        let part = |dice: &mut Dice| (dice.roll(2) == 0).then(|| (1 + dice.roll(8)) as f64 / 2.0);
        Self {
            enter_long: Condition::random(dice, 2),
            exit_long: Condition::random(dice, 2),
            enter_short: Condition::random(dice, 2),
            exit_short: Condition::random(dice, 2),
            stop: part(dice),
            target: part(dice),
        }
    }

    fn script(&self) -> String {
        let mut script = format!(
            "enter_long({});\nexit_long({});\nenter_short({});\nexit_short({});\n",
            self.enter_long.script(),
            self.exit_long.script(),
            self.enter_short.script(),
            self.exit_short.script()
        );
        if let Some(stop) = self.stop {
            script += &format!("stop_loss(percent({stop:?}));\n");
        }
        if let Some(target) = self.target {
            script += &format!("take_profit(percent({target:?}));\n");
        }
        script
    }

    /// The whole convention, one bar after the other. `size` is signed.
    fn interpret(&self, bars: &Bars, config: &Config) -> (Vec<Done>, Vec<f64>) {
        let (can_long, can_short) = (config.side != Sides::Short, config.side != Sides::Long);
        let worse = (config.slippage_bps + config.spread_bps / 2.0) / 10_000.0;
        let (mut cash, mut size, mut entry_bar, mut entry_price) = (config.cash, 0.0, 0, 0.0);
        let (mut done, mut equity) = (Vec::new(), Vec::new());
        let mut wish = "";
        for t in 0..bars.len() {
            let mut leave = |cash: &mut f64, size: &mut f64, entry: (usize, f64), price: f64, reason| {
                done.push(Done {
                    entry_bar: entry.0,
                    exit_bar: t,
                    entry_price: entry.1,
                    exit_price: price,
                    size: *size,
                    reason,
                });
                *cash += *size * price - config.fee * size.abs() * price;
                *size = 0.0;
            };
            let open = bars.open[t];
            // Orders of the last close.
            if (wish == "flat" || wish == "long" || wish == "short") && size != 0.0 {
                let price = if size > 0.0 {
                    open * (1.0 - worse)
                } else {
                    open * (1.0 + worse)
                };
                leave(&mut cash, &mut size, (entry_bar, entry_price), price, "signal");
            }
            if wish == "long" || wish == "short" {
                let sign = if wish == "long" { 1.0 } else { -1.0 };
                let price = open * (1.0 + sign * worse);
                let with_fee = price * (1.0 + config.fee);
                let quantity = match config.size {
                    Sizing::All => cash / with_fee,
                    Sizing::Units(units) => units,
                    Sizing::Cash(amount) => amount / with_fee,
                    Sizing::Percent(percent) => cash * (percent / 100.0) / with_fee,
                };
                if quantity > 0.0 && quantity * with_fee <= cash * (1.0 + 1e-9) {
                    size = sign * quantity;
                    cash -= size * price + config.fee * quantity * price;
                    (entry_bar, entry_price) = (t, price);
                }
            }
            // Stops, not on the entry bar.
            if size != 0.0 && t > entry_bar {
                let sign = if size > 0.0 { 1.0 } else { -1.0 };
                let stop = self
                    .stop
                    .map(|percent| entry_price * (1.0 - sign * percent / 100.0));
                let target = self
                    .target
                    .map(|percent| entry_price * (1.0 + sign * percent / 100.0));
                let reached = |level: f64, below: bool| {
                    if below {
                        bars.low[t] <= level
                    } else {
                        bars.high[t] >= level
                    }
                };
                let long = size > 0.0;
                if let Some(stop) = stop.filter(|stop| reached(*stop, long)) {
                    let price = if long {
                        open.min(stop) * (1.0 - worse)
                    } else {
                        open.max(stop) * (1.0 + worse)
                    };
                    leave(&mut cash, &mut size, (entry_bar, entry_price), price, "sl");
                } else if let Some(target) = target.filter(|target| reached(*target, !long)) {
                    let price = if long { open.max(target) } else { open.min(target) };
                    leave(&mut cash, &mut size, (entry_bar, entry_price), price, "tp");
                }
            }
            // Wishes for the next open.
            let says = |condition: &Condition| condition.at(bars, t) == Some(true);
            let long = can_long && says(&self.enter_long);
            let short = can_short && says(&self.enter_short);
            wish = if size == 0.0 {
                if long {
                    "long"
                } else if short {
                    "short"
                } else {
                    ""
                }
            } else if size > 0.0 {
                match (long, short) {
                    (false, true) => "short",
                    (true, true) => "",
                    _ if says(&self.exit_long) => "flat",
                    _ => "",
                }
            } else if long {
                "long"
            } else if says(&self.exit_short) {
                "flat"
            } else {
                ""
            };
            equity.push(cash + size * bars.close[t]);
        }
        (done, equity)
    }
}

#[test]
fn both_engines_agree_on_random_strategies_and_markets() {
    let mut trades = [0_usize; 3];
    let mut shorts = 0;
    for seed in 0..400 {
        let mut dice = Dice::new(seed + 1);
        let bars = walk(seed, 60 + dice.roll(240) as usize);
        let strategy = Strategy::random(&mut dice);
        let costs = dice.roll(2) == 0;
        let config = Config {
            cash: 10_000.0,
            fee: dice.roll(3) as f64 / 1_000.0,
            slippage_bps: if costs { dice.roll(10) as f64 } else { 0.0 },
            spread_bps: if costs { dice.roll(10) as f64 } else { 0.0 },
            size: [
                Sizing::All,
                Sizing::Units(3.0),
                Sizing::Cash(2_500.0),
                Sizing::Percent(40.0),
                Sizing::Units(80.0),
            ][dice.roll(5) as usize],
            side: [Sides::Long, Sides::Short, Sides::Both][dice.roll(3) as usize],
            ..Config::default()
        };
        let (expected, equity) = strategy.interpret(&bars, &config);
        let report = backtest(&strategy.script(), &bars, &config);
        let context = format!("seed {seed}\n{}\n{config:?}", strategy.script());
        assert_eq!(report.trades.len(), expected.len(), "{context}");
        for (got, expected) in report.trades.iter().zip(&expected) {
            assert_eq!(
                (got.entry_bar, got.exit_bar, got.reason.as_str()),
                (expected.entry_bar, expected.exit_bar, expected.reason),
                "{context}"
            );
            for (got, expected) in [
                (got.entry_price, expected.entry_price),
                (got.exit_price, expected.exit_price),
                (got.size, expected.size),
            ] {
                assert!((got / expected - 1.0).abs() < 1e-12, "{got} {expected} {context}");
            }
            trades[["signal", "sl", "tp"]
                .iter()
                .position(|reason| *reason == expected.reason)
                .unwrap()] += 1;
            shorts += usize::from(expected.size < 0.0);
        }
        for (got, expected) in report.equity.iter().zip(&equity) {
            assert!((got / expected - 1.0).abs() < 1e-9, "{got} {expected} {context}");
        }
    }
    println!("agreed on {trades:?} exits by signal, stop and target, {shorts} of them short");
    assert!(
        trades.iter().all(|count| *count > 200) && shorts > 200,
        "the random strategies trade too little: {trades:?} {shorts}"
    );
}
