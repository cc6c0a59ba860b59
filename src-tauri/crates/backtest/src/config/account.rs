//! Borrowing, the exchange's filters, and on which bars stops are watched.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::BacktestError;

/// A margin account: positions may be larger than the equity, and the exchange closes them when too little of it is left.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Margin {
    /// Buying power over equity: 1 to 125.
    pub leverage: f64,
    /// Part of the position's worth that the equity must not fall below: 0.005 is half a percent.
    pub maintenance: f64,
}

impl Margin {
    /// Share of the equity that the maintenance margin takes when a margin call is counted.
    pub const CALL: f64 = 0.8;
    /// The maintenance margin where none is given: the first bracket of Binance's BTCUSDT contract is 0.4 %, many are 0.5 %.
    pub const DEFAULT_MAINTENANCE: f64 = 0.005;
}

/// What an exchange takes orders in. A zero is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Filters {
    /// Prices are multiples of it: limits are rounded to the price that is better for us, stops and market fills to the worse.
    pub tick: f64,
    /// Quantities are multiples of it, rounded down.
    pub lot: f64,
    /// Smallest worth of an entry in the quote asset; smaller ones are refused.
    pub min_notional: f64,
}

/// On which bars stops and waiting orders are watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fills {
    /// On the bars of the tested interval, by convention R1: from the bar after the entry bar on.
    #[default]
    R1,
    /// On the finer bars below them, from the entry's fill on. Bars without them are treated as in R1.
    Minute,
}

impl Fills {
    /// `r1` or `minute`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::R1 => "r1",
            Self::Minute => "minute",
        }
    }
}

/// Which directions are traded. Entries of the other direction in a script are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sides {
    /// Only `enter_long` and `exit_long`.
    Long,
    /// Only `enter_short` and `exit_short`.
    Short,
    /// Both; an entry against the position closes it and opens the opposite one at the same open.
    Both,
}

impl Sides {
    /// `long`, `short` or `both`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Short => "short",
            Self::Both => "both",
        }
    }

    pub(crate) const fn long(self) -> bool {
        matches!(self, Self::Long | Self::Both)
    }

    pub(crate) const fn short(self) -> bool {
        matches!(self, Self::Short | Self::Both)
    }
}

impl FromStr for Sides {
    type Err = BacktestError;

    fn from_str(text: &str) -> Result<Self, BacktestError> {
        [Self::Long, Self::Short, Self::Both]
            .into_iter()
            .find(|side| side.as_str() == text)
            .ok_or_else(|| BacktestError::Setting {
                setting: "side",
                value: text.to_owned(),
                rule: "write long, short or both",
            })
    }
}
