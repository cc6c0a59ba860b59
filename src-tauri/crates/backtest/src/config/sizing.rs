//! How much is bought or sold at an entry.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::BacktestError;

/// How much is bought or sold at an entry. A strategy's `order_share` takes a part of it.
///
/// "Buying power" is the equity, or with a margin account the equity times the leverage. A size that the buying power does not pay
/// for is refused when it is a fixed one (`Units`, `Cash`) and cut to what can be paid for otherwise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sizing {
    /// All buying power, fee included: without a margin account `units = cash / (price * (1 + fee))`.
    All,
    /// A fixed number of units of the base asset.
    Units(f64),
    /// A fixed amount of one's own money in the quote asset, fee included.
    Cash(f64),
    /// A percentage of the buying power, fee included.
    Percent(f64),
    /// So many units that the way from the fill to the stop costs this percentage of the equity. The strategy needs a
    /// stop-loss or a trailing stop.
    Risk(f64),
    /// So many units that the position's volatility is this percentage of the equity a year, measured by the standard deviation
    /// (ddof 1) of the last [`Sizing::VOLATILITY_BARS`] returns from close to close.
    Volatility(f64),
}

impl Sizing {
    /// Returns that the volatility of [`Sizing::Volatility`] is measured on. Before there are as many, nothing is entered.
    pub const VOLATILITY_BARS: usize = 30;

    pub(super) fn validate(self) -> Result<(), BacktestError> {
        let fits = match self {
            Self::All => true,
            Self::Units(n) | Self::Cash(n) => n > 0.0 && n.is_finite(),
            Self::Percent(n) | Self::Risk(n) => n > 0.0 && n <= 100.0,
            Self::Volatility(n) => n > 0.0 && n <= 1_000.0,
        };
        if fits {
            Ok(())
        } else {
            Err(refused(&self.to_string()))
        }
    }
}

fn refused(text: &str) -> BacktestError {
    BacktestError::Setting {
        setting: "size",
        value: text.to_owned(),
        rule: "write all, units:N, cash:N, percent:N, risk:N or vol:N with N above 0 (percent and risk at most 100, vol at \
               most 1000)",
    }
}

impl FromStr for Sizing {
    type Err = BacktestError;

    /// Reads `all`, `units:N`, `cash:N`, `percent:N`, `risk:N` and `vol:N`.
    fn from_str(text: &str) -> Result<Self, BacktestError> {
        let size = match text.split_once(':') {
            None if text == "all" => Self::All,
            Some((kind, number)) => {
                let number: f64 = number.trim().parse().map_err(|_| refused(text))?;
                match kind {
                    "units" => Self::Units(number),
                    "cash" => Self::Cash(number),
                    "percent" => Self::Percent(number),
                    "risk" => Self::Risk(number),
                    "vol" => Self::Volatility(number),
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
            Self::Risk(n) => write!(f, "risk:{n}"),
            Self::Volatility(n) => write!(f, "vol:{n}"),
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
        check("risk:1", Some(Sizing::Risk(1.0)));
        check("vol:20.5", Some(Sizing::Volatility(20.5)));
        for text in [
            "",
            "All",
            "units",
            "units:",
            "units:0",
            "units:-1",
            "percent:101",
            "risk:101",
            "risk:0",
            "vol:-1",
            "vol:nan",
            "cash:inf",
            "cash:nan",
            "half:1",
        ] {
            check(text, None);
        }
        for size in [Sizing::Percent(12.5), Sizing::Risk(0.5), Sizing::Volatility(30.0)] {
            assert_eq!(size.to_string().parse::<Sizing>().unwrap(), size);
        }
    }
}
