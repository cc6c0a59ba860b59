//! Names of venues and symbols.

use std::fmt;
use std::str::FromStr;

/// A place that prices come from: `binance`, `binance-us`, `simulated`, or any name a file was imported under.
///
/// Lower-case letters, digits and `-`, 1 to 32 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Venue(String);

/// The exchange's own name of an instrument, such as `BTCUSDT`. Upper case where the script has case; may be non-ASCII.
///
/// 1 to 40 letters, digits, `-`, `_`, `.` or `/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(String);

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not a venue.
    #[error("'{0}' is not a venue name: use lower-case letters, digits and '-', at most 32")]
    Venue(String),
    /// Not a symbol.
    #[error("'{0}' is not a symbol: use letters and digits such as BTCUSDT, at most 40")]
    Symbol(String),
}

impl Venue {
    /// Binance's international spot market.
    #[must_use]
    pub fn binance() -> Self {
        Self("binance".to_owned())
    }

    /// The market simulator of the sample workspace.
    #[must_use]
    pub fn simulated() -> Self {
        Self("simulated".to_owned())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Symbol {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Venue {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let valid = (1..=32).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::Venue(text.to_owned()))
        }
    }
}

impl FromStr for Symbol {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let name = text.trim().to_uppercase();
        let count = name.chars().count();
        let valid = (1..=40).contains(&count)
            && name
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'));
        if valid {
            Ok(Self(name))
        } else {
            Err(NameError::Symbol(text.to_owned()))
        }
    }
}

impl fmt::Display for Venue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_exchanges_use() {
        assert_eq!("btcusdt".parse::<Symbol>().unwrap().as_str(), "BTCUSDT");
        assert_eq!("币安人生USDT".parse::<Symbol>().unwrap().as_str(), "币安人生USDT");
        assert!("".parse::<Symbol>().is_err());
        assert!("BTC USDT".parse::<Symbol>().is_err());
        assert!("'; drop table".parse::<Symbol>().is_err());
        assert!("binance-us".parse::<Venue>().is_ok());
        assert!("Binance".parse::<Venue>().is_err());
    }
}
