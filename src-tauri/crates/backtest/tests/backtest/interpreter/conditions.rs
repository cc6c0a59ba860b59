//! Random numbers and conditions on bars: as a script, and as what they are on one bar.

use promptpal_domain::Bars;

use crate::market::Dice;

/// A number on a bar.
pub(super) enum Number {
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
pub(super) enum Condition {
    Above(Number, Number),
    AtMost(Number, Number),
    CrossesAbove(Number, Number),
    CrossesBelow(Number, Number),
    Both(Box<Condition>, Box<Condition>),
    Either(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Before(Box<Condition>, usize),
    /// Hours of the day, and days of the week from Monday on, 0 to 6.
    Session(i64, i64, i64, i64),
    /// A new period of so many hours.
    Every(i64),
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
    pub(super) fn script(&self) -> String {
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

    pub(super) fn at(&self, bars: &Bars, t: usize) -> Option<f64> {
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

    pub(super) fn random(dice: &mut Dice, depth: u32) -> Self {
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
    pub(super) fn script(&self) -> String {
        match self {
            Self::Above(a, b) => format!("({} > {})", a.script(), b.script()),
            Self::AtMost(a, b) => format!("({} <= {})", a.script(), b.script()),
            Self::CrossesAbove(a, b) => format!("crosses_above({}, {})", a.script(), b.script()),
            Self::CrossesBelow(a, b) => format!("crosses_below({}, {})", a.script(), b.script()),
            Self::Both(a, b) => format!("({} & {})", a.script(), b.script()),
            Self::Either(a, b) => format!("({} | {})", a.script(), b.script()),
            Self::Not(a) => format!("(!{})", a.script()),
            Self::Before(a, n) => format!("({}).ago({n})", a.script()),
            Self::Session(from, to, first, last) => {
                let day = |day: &i64| ["mon", "tue", "wed", "thu", "fri", "sat", "sun"][*day as usize];
                format!(
                    "in_session(\"{from:02}:00-{to:02}:00\", \"{}-{}\")",
                    day(first),
                    day(last)
                )
            }
            Self::Every(hours) => format!("every(\"{hours}h\")"),
        }
    }

    /// Nothing where it cannot be known.
    pub(super) fn at(&self, bars: &Bars, t: usize) -> Option<bool> {
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
            Self::Session(from, to, first, last) => {
                let hours = closing_hour(bars, t);
                let (hour, mut day) = (hours % 24, hours / 24);
                let within = if from < to {
                    *from <= hour && hour < *to
                } else {
                    *from <= hour || hour < *to
                };
                if from >= to && hour < *to {
                    day -= 1;
                }
                // 1970 began on a Thursday.
                let weekday = (day + 3) % 7;
                let days = if first <= last {
                    *first <= weekday && weekday <= *last
                } else {
                    *first <= weekday || weekday <= *last
                };
                Some(within && days)
            }
            Self::Every(hours) => {
                let before = t.checked_sub(1)?;
                Some(closing_hour(bars, before) / hours != closing_hour(bars, t) / hours)
            }
        }
    }

    fn is_series(&self) -> bool {
        match self {
            Self::Above(a, b) | Self::AtMost(a, b) => a.is_series() || b.is_series(),
            Self::Both(a, b) | Self::Either(a, b) => a.is_series() || b.is_series(),
            Self::Not(a) => a.is_series(),
            Self::CrossesAbove(..)
            | Self::CrossesBelow(..)
            | Self::Before(..)
            | Self::Session(..)
            | Self::Every(_) => true,
        }
    }

    pub(super) fn random(dice: &mut Dice, depth: u32) -> Self {
        let pair = |dice: &mut Dice| (Number::random(dice, 2), Number::random(dice, 2));
        match dice.roll(if depth == 0 { 6 } else { 10 }) {
            4 => Self::Every(1 + dice.roll(30)),
            5 => {
                let (from, to) = (dice.roll(24), dice.roll(24));
                Self::Session(
                    from,
                    if from == to { to + 1 } else { to },
                    dice.roll(7),
                    dice.roll(7),
                )
            }
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
            6 => Self::Both(
                Box::new(Self::random(dice, depth - 1)),
                Box::new(Self::random(dice, depth - 1)),
            ),
            7 => Self::Either(
                Box::new(Self::random(dice, depth - 1)),
                Box::new(Self::random(dice, depth - 1)),
            ),
            8 => Self::Not(Box::new(Self::random(dice, depth - 1))),
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

/// Hours since 1970 at the close of an hourly bar.
fn closing_hour(bars: &Bars, t: usize) -> i64 {
    bars.open_time[t] / 3_600_000 + 1
}
