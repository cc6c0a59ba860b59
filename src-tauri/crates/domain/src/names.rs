//! Names of venues and symbols.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A place that prices come from: `binance`, `binance-us`, `simulated`, or any name a file was imported under.
///
/// Lower-case letters, digits and `-`, 1 to 32 characters. Copies share the text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Venue(Arc<str>);

/// The exchange's own name of an instrument, such as `BTCUSDT` or `BTC-USD`. Letters a to z are written as capitals.
///
/// 1 to 50 characters: ASCII letters, digits, `-`, `_`, `.` and `/`, and whatever other scripts and signs exchanges use
/// (Binance lists `币安人生USDT`), as the exchange writes them. No spaces, no control characters, nothing invisible. Copies share
/// the text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(Arc<str>);

/// Why a text is no name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not a venue.
    #[error("'{0}' is not a venue name: use lower-case letters, digits and '-', at most 32")]
    Venue(String),
    /// Not a symbol.
    #[error("'{0}' is not a symbol: use letters and digits such as BTCUSDT, at most 50")]
    Symbol(String),
}

impl Venue {
    /// Binance's international spot market.
    #[must_use]
    pub fn binance() -> Self {
        Self("binance".into())
    }

    /// The market simulator of the sample workspace.
    #[must_use]
    pub fn simulated() -> Self {
        Self("simulated".into())
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
            Ok(Self(text.into()))
        } else {
            Err(NameError::Venue(text.to_owned()))
        }
    }
}

impl FromStr for Symbol {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        // Nearly every name is plain, and each frame of a live stream has one.
        let is_plain = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit();
        if (1..=50).contains(&text.len()) && text.bytes().all(is_plain) {
            return Ok(Self(text.into()));
        }
        // Only ASCII has one pair of cases on which every exchange agrees: other letters stay as they are.
        let name = text.trim().to_ascii_uppercase();
        let count = name.chars().count();
        // A name of dots alone would mean another place in a path or an address.
        let dots = name.chars().all(|c| c == '.');
        if (1..=50).contains(&count) && !dots && name.chars().all(is_in_symbols) {
            Ok(Self(name.into()))
        } else {
            Err(NameError::Symbol(text.to_owned()))
        }
    }
}

fn is_in_symbols(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    }
    // Joiners, marks of direction and other signs that nobody sees would make two names look the same.
    let invisible = matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{ffff}'
        | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}');
    !(c.is_whitespace() || c.is_control() || invisible)
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
        for name in [
            "1000SATS-USDC",
            "ไทยUSDT",
            "हिन्दीUSDT",
            "🚀USDT",
            "Éß/USD",
            &"人".repeat(50),
        ] {
            assert_eq!(name.parse::<Symbol>().unwrap().as_str(), name);
        }
        for name in [
            "",
            "BTC USDT",
            "'; drop table",
            "..",
            "BTC\u{200b}USDT",
            "BTC\u{202e}TDSU",
            "BTC\u{7f}",
            "A\u{3000}B",
            &"人".repeat(51),
        ] {
            assert!(name.parse::<Symbol>().is_err(), "{name:?}");
        }
        assert!("binance-us".parse::<Venue>().is_ok());
        assert!("Binance".parse::<Venue>().is_err());
    }
}
