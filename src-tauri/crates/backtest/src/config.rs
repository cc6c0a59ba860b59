//! The account of a run: cash, costs, sizes, directions.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::BacktestError;

/// The account and its costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Cash at the start, in the quote asset.
    pub cash: f64,
    /// Fee rate on the notional of every fill: 0.001 is a tenth of a percent.
    pub fee: f64,
    /// How much worse than the price market and stop orders fill, in basis points.
    pub slippage_bps: f64,
    /// Distance between bid and ask in basis points; market and stop orders pay half of it.
    pub spread_bps: f64,
    /// How much is bought or sold at an entry.
    pub size: Sizing,
    /// Which directions are traded.
    pub side: Sides,
    /// Trading days in a year for annualised figures: 365 for crypto, 252 for shares.
    pub days_per_year: f64,
}

impl Default for Config {
    /// 10,000 in cash, 0.1 % fee, all-in, long only, 365 days a year.
    fn default() -> Self {
        Self {
            cash: 10_000.0,
            fee: 0.001,
            slippage_bps: 0.0,
            spread_bps: 0.0,
            size: Sizing::All,
            side: Sides::Long,
            days_per_year: 365.0,
        }
    }
}

impl Config {
    /// Checks that every number makes sense.
    ///
    /// # Errors
    /// [`BacktestError::Setting`] names the first that does not.
    pub fn validate(&self) -> Result<(), BacktestError> {
        let check = |setting, value: f64, fits: bool, rule| {
            if fits {
                Ok(())
            } else {
                Err(BacktestError::Setting {
                    setting,
                    value: value.to_string(),
                    rule,
                })
            }
        };
        check(
            "cash",
            self.cash,
            self.cash > 0.0 && self.cash.is_finite(),
            "it must be above 0",
        )?;
        check(
            "fee",
            self.fee,
            (0.0..1.0).contains(&self.fee),
            "it must be a rate from 0 to below 1; 0.001 is 0.1 %",
        )?;
        for (setting, value) in [
            ("slippage_bps", self.slippage_bps),
            ("spread_bps", self.spread_bps),
        ] {
            check(
                setting,
                value,
                (0.0..5_000.0).contains(&value),
                "it must be from 0 to below 5000 basis points",
            )?;
        }
        let days = self.days_per_year;
        check(
            "days_per_year",
            days,
            days > 0.0 && days <= 366.0,
            "it must be above 0 and at most 366",
        )?;
        self.size.validate()
    }

    /// The part of the price that market and stop orders lose: slippage and half the spread.
    pub(crate) fn adverse(&self) -> f64 {
        (self.slippage_bps + self.spread_bps / 2.0) / 10_000.0
    }
}

/// How much is bought or sold at an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sizing {
    /// All cash, fee included: `units = cash / (price * (1 + fee))`.
    All,
    /// A fixed number of units of the base asset.
    Units(f64),
    /// A fixed amount of the quote asset, fee included.
    Cash(f64),
    /// A percentage of the equity, fee included.
    Percent(f64),
}

impl Sizing {
    fn validate(self) -> Result<(), BacktestError> {
        let fits = match self {
            Self::All => true,
            Self::Units(n) | Self::Cash(n) => n > 0.0 && n.is_finite(),
            Self::Percent(n) => n > 0.0 && n <= 100.0,
        };
        if fits {
            Ok(())
        } else {
            Err(refused(&self.to_string()))
        }
    }
}

fn refused(text: &str) -> BacktestError {
    let rule = match text.split(':').next() {
        Some("risk" | "vol") => {
            "risk and volatility sizes are not in this version: use all, units:N, cash:N or percent:N"
        }
        _ => "write all, units:N, cash:N or percent:N with N above 0 (percent at most 100)",
    };
    BacktestError::Setting {
        setting: "size",
        value: text.to_owned(),
        rule,
    }
}

impl FromStr for Sizing {
    type Err = BacktestError;

    /// Reads `all`, `units:N`, `cash:N` and `percent:N`.
    fn from_str(text: &str) -> Result<Self, BacktestError> {
        let size = match text.split_once(':') {
            None if text == "all" => Self::All,
            Some((kind, number)) => {
                let number: f64 = number.trim().parse().map_err(|_| refused(text))?;
                match kind {
                    "units" => Self::Units(number),
                    "cash" => Self::Cash(number),
                    "percent" => Self::Percent(number),
                    _ => return Err(refused(text)),
                }
            }
            None => return Err(refused(text)),
        };
        size.validate().map_err(|_| refused(text))?;
        Ok(size)
    }
}

impl fmt::Display for Sizing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Units(n) => write!(f, "units:{n}"),
            Self::Cash(n) => write!(f, "cash:{n}"),
            Self::Percent(n) => write!(f, "percent:{n}"),
        }
    }
}

impl Serialize for Sizing {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sizing {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sizes_as_the_command_line_writes_them() {
        let check = |text: &str, expected: Option<Sizing>| {
            assert_eq!(text.parse::<Sizing>().ok(), expected, "{text}")
        };
        check("all", Some(Sizing::All));
        check("units:1", Some(Sizing::Units(1.0)));
        check("cash:2500.5", Some(Sizing::Cash(2500.5)));
        check("percent:50", Some(Sizing::Percent(50.0)));
        for text in [
            "",
            "All",
            "units",
            "units:",
            "units:0",
            "units:-1",
            "percent:101",
            "cash:inf",
            "cash:nan",
            "risk:1",
            "vol:10",
        ] {
            check(text, None);
        }
        assert!(
            "risk:1"
                .parse::<Sizing>()
                .unwrap_err()
                .to_string()
                .contains("not in this version")
        );
        assert_eq!(
            Sizing::Percent(12.5).to_string().parse::<Sizing>().unwrap(),
            Sizing::Percent(12.5)
        );
    }

    #[test]
    fn names_the_setting_that_makes_no_sense() {
        let check = |change: fn(&mut Config), expected: Option<&str>| {
            let mut config = Config::default();
            change(&mut config);
            let setting = config.validate().err().map(|error| error.to_string());
            assert_eq!(setting.as_deref().and_then(|s| s.split(' ').next()), expected);
        };
        check(|_| {}, None);
        check(|c| c.cash = 0.0, Some("cash"));
        check(|c| c.cash = f64::NAN, Some("cash"));
        check(|c| c.fee = -0.1, Some("fee"));
        check(|c| c.fee = 1.0, Some("fee"));
        check(|c| c.slippage_bps = f64::INFINITY, Some("slippage_bps"));
        check(|c| c.days_per_year = 0.0, Some("days_per_year"));
        check(|c| c.size = Sizing::Units(f64::NAN), Some("size"));
    }
}
