//! Amounts as exchanges write them: sums that may have more digits than can be kept.

use promptpal_domain::{Decimal, DecimalError};

/// An amount. Turnover of a month in a small currency has more digits than 63 bits: such an amount loses its last
/// decimals (cut off, never a digit before the point). Prices are never cut.
pub(crate) fn amount(text: &str) -> Result<Decimal, DecimalError> {
    let whole = Decimal::parse_bytes(text.as_bytes());
    let (Err(DecimalError::TooLarge(_)), Some((before, decimals))) = (&whole, text.split_once('.')) else {
        return whole;
    };
    let shorter = (0..decimals.len()).rev().filter_map(|keep| decimals.get(..keep));
    for kept in shorter {
        if let Ok(value) = Decimal::parse_bytes(format!("{before}.{kept}").as_bytes()) {
            return Ok(value);
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cuts_amounts_beyond_63_bits() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                amount(text).ok().map(|d| d.to_string()).as_deref(),
                expected,
                "{text}"
            );
        };
        check("148976.11427815", Some("148976.11427815"));
        check("142483942342.12345678", Some("142483942342.1234567"));
        check("9223372036854775807.5", Some("9223372036854775807"));
        check("92233720368547758070.5", None);
        check("x.5", None);
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,80}") {
            let _ = amount(&text);
        }
    }
}
