//! Exact decimals: an integer count of units of `10^-scale`.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// Powers of ten that fit an `i64`.
#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which checks the bounds"
)]
const POWERS: [i64; 19] = {
    let mut powers = [1_i64; 19];
    let mut i = 1;
    while i < 19 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// An exact decimal number: `units * 10^-scale`, with `scale` from 0 to 18.
///
/// Equality and order are by value: `1.50 == 1.5`.
#[derive(Clone, Copy, Debug)]
pub struct Decimal {
    units: i64,
    scale: u8,
}

/// Why a text or an operation gives no exact decimal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecimalError {
    /// Not a plain decimal number.
    #[error("'{0}' is not a decimal number")]
    Unreadable(String),
    /// More digits than 63 bits or 18 decimals can hold.
    #[error("'{0}' has more digits than can be kept exactly")]
    TooLarge(String),
    /// The value has digits below the scale asked for.
    #[error("{value} does not fit {scale} decimals")]
    Inexact {
        /// The value.
        value: Decimal,
        /// The scale asked for.
        scale: u8,
    },
}

fn power(scale: u8) -> Option<i64> {
    POWERS.get(usize::from(scale)).copied()
}

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self { units: 0, scale: 0 };
    /// The largest scale.
    pub const MAX_SCALE: u8 = 18;

    /// `units * 10^-scale`; a scale above 18 is taken as 18.
    #[must_use]
    pub fn new(units: i64, scale: u8) -> Self {
        Self {
            units,
            scale: scale.min(Self::MAX_SCALE),
        }
    }

    /// The integer count of units of `10^-scale`.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.units
    }

    /// How many decimals the units carry.
    #[must_use]
    pub const fn scale(self) -> u8 {
        self.scale
    }

    /// The same value without trailing zeros in its decimals: `1.500` becomes `1.5`, `2.00` becomes `2`.
    #[must_use]
    pub fn trimmed(self) -> Self {
        let Self { mut units, mut scale } = self;
        while scale > 0 && units % 10 == 0 {
            units /= 10;
            scale -= 1;
        }
        Self { units, scale }
    }

    /// The units of this value counted in `10^-scale`.
    ///
    /// # Errors
    /// [`DecimalError::Inexact`] when digits would be lost, [`DecimalError::TooLarge`] when the count overflows.
    pub fn units_at(self, scale: u8) -> Result<i64, DecimalError> {
        match scale.cmp(&self.scale) {
            Ordering::Equal => Ok(self.units),
            Ordering::Greater => power(scale - self.scale)
                .and_then(|factor| self.units.checked_mul(factor))
                .ok_or_else(|| DecimalError::TooLarge(self.to_string())),
            Ordering::Less => match power(self.scale - scale) {
                Some(factor) if self.units % factor == 0 => Ok(self.units / factor),
                _ => Err(DecimalError::Inexact { value: self, scale }),
            },
        }
    }

    /// The nearest `f64`: equal to what parsing the decimal's text gives.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        // Both operands are exact below 2^53, so one correctly rounded division is the nearest value.
        if self.units.unsigned_abs() < (1 << 53)
            && let Some(factor) = power(self.scale)
            && self.scale <= 15
        {
            return self.units as f64 / factor as f64;
        }
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The decimal whose text is the shortest that reads back as `value`, if it is finite and fits.
    #[must_use]
    pub fn from_f64(value: f64) -> Option<Self> {
        if value.is_finite() {
            value.to_string().parse().ok()
        } else {
            None
        }
    }

    /// Reads digits with an optional sign, point and exponent, as exchanges and CSV files write them.
    ///
    /// # Errors
    /// [`DecimalError::Unreadable`] for anything else, [`DecimalError::TooLarge`] when digits would be lost.
    pub fn parse_bytes(bytes: &[u8]) -> Result<Self, DecimalError> {
        let text = || String::from_utf8_lossy(bytes).into_owned();
        let (negative, mut rest) = match bytes.split_first() {
            Some((b'-', rest)) => (true, rest),
            Some((b'+', rest)) => (false, rest),
            _ => (false, bytes),
        };
        let (mut units, mut scale, mut digits, mut point, mut exponent) = (0_i64, 0_i32, 0_u32, false, 0_i32);
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            match byte {
                b'0'..=b'9' => {
                    digits += 1;
                    let next = units
                        .checked_mul(10)
                        .and_then(|u| u.checked_add(i64::from(byte - b'0')));
                    match next {
                        Some(next) if !point || scale < i32::from(Self::MAX_SCALE) => {
                            units = next;
                            scale += i32::from(point);
                        }
                        // A zero that no longer fits changes nothing behind the point.
                        _ if point && byte == b'0' => {}
                        _ => return Err(DecimalError::TooLarge(text())),
                    }
                }
                b'.' if !point => point = true,
                b'e' | b'E' if digits > 0 => {
                    let tail = std::str::from_utf8(rest).map_err(|_| DecimalError::Unreadable(text()))?;
                    exponent = tail.parse().map_err(|_| DecimalError::Unreadable(text()))?;
                    rest = &[];
                }
                _ => return Err(DecimalError::Unreadable(text())),
            }
        }
        if digits == 0 {
            return Err(DecimalError::Unreadable(text()));
        }
        if negative {
            units = -units;
        }
        Self::shifted(units, i64::from(scale) - i64::from(exponent))
            .ok_or_else(|| DecimalError::TooLarge(text()))
    }

    /// `units * 10^-scale` for a scale outside 0..=18, where that is possible without loss.
    fn shifted(mut units: i64, mut scale: i64) -> Option<Self> {
        if units == 0 {
            return Some(Self {
                units: 0,
                scale: scale.clamp(0, i64::from(Self::MAX_SCALE)) as u8,
            });
        }
        while scale < 0 {
            units = units.checked_mul(10)?;
            scale += 1;
        }
        while scale > i64::from(Self::MAX_SCALE) {
            if units % 10 != 0 {
                return None;
            }
            units /= 10;
            scale -= 1;
        }
        Some(Self {
            units,
            scale: scale as u8,
        })
    }
}

impl FromStr for Decimal {
    type Err = DecimalError;

    fn from_str(text: &str) -> Result<Self, DecimalError> {
        Self::parse_bytes(text.trim().as_bytes())
    }
}

impl fmt::Display for Decimal {
    /// All decimals of the scale: `1.50` stays `1.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = digits.split_at(digits.len() - scale);
        let sign = if self.units < 0 { "-" } else { "" };
        if scale == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{fraction}")
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let widen = |d: &Self, scale: u8| {
            i128::from(d.units) * i128::from(power(scale - d.scale).unwrap_or(i64::MAX))
        };
        let scale = self.scale.max(other.scale);
        widen(self, scale).cmp(&widen(other, scale))
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses_and_prints() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(
                text.parse::<Decimal>().ok().map(|d| d.to_string()).as_deref(),
                expected,
                "{text}"
            );
        };
        check("41844.26000000", Some("41844.26000000"));
        check("-0.05", Some("-0.05"));
        check(".5", Some("0.5"));
        check("7", Some("7"));
        check("1e3", Some("1000"));
        check("1.25E-7", Some("0.000000125"));
        check("9223372036854775807", Some("9223372036854775807"));
        check("9223372036854775808", None);
        check("0.1234567890123456789", None);
        check("1.000000000000000000000", Some("1.000000000000000000"));
        check("", None);
        check("-", None);
        check("1.2.3", None);
        check("NaN", None);
        check("1e", None);
    }

    #[test]
    fn compares_and_trims_by_value() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(d("1.50"), d("1.5"));
        assert!(d("-2") < d("0.1"));
        assert_eq!(d("1.500").trimmed().to_string(), "1.5");
        assert_eq!(d("100").trimmed().to_string(), "100");
    }

    #[test]
    fn changes_scale_only_without_loss() {
        let d: Decimal = "1.25".parse().unwrap();
        assert_eq!(d.units_at(4), Ok(12_500));
        assert_eq!(d.units_at(1), Err(DecimalError::Inexact { value: d, scale: 1 }));
        assert!(matches!(
            Decimal::new(i64::MAX, 0).units_at(2),
            Err(DecimalError::TooLarge(_))
        ));
    }

    proptest! {
        #[test]
        fn text_round_trips(units in any::<i64>(), scale in 0_u8..=18) {
            let decimal = Decimal::new(units.max(-i64::MAX), scale);
            prop_assert_eq!(decimal.to_string().parse::<Decimal>().unwrap(), decimal);
        }

        #[test]
        fn to_f64_is_the_nearest(units in any::<i64>(), scale in 0_u8..=18) {
            let decimal = Decimal::new(units.max(-i64::MAX), scale);
            prop_assert_eq!(decimal.to_f64(), decimal.to_string().parse::<f64>().unwrap());
        }

        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = Decimal::parse_bytes(&bytes);
        }
    }
}
