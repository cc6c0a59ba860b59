//! Arithmetic with twice the digits of an `f64`: sums and squares of a moving window keep nothing of what has left it.
//!
//! Error-free transformations by Dekker (1971) and Knuth (TAOCP 2, 4.2.2).

/// A number as the unevaluated sum of two `f64`s: about 106 bits.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DoubleDouble {
    high: f64,
    low: f64,
}

/// `a + b` and what rounding lost of it.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// A number as two halves of 26 bits, whose products are exact.
fn split(a: f64) -> (f64, f64) {
    const FACTOR: f64 = 134_217_729.0;
    let scaled = FACTOR * a;
    let high = scaled - (scaled - a);
    (high, a - high)
}

impl DoubleDouble {
    fn renormalised(high: f64, low: f64) -> Self {
        let sum = high + low;
        Self {
            high: sum,
            low: low - (sum - high),
        }
    }

    /// `a * b` exactly.
    pub(crate) fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        let ((a1, a2), (b1, b2)) = (split(a), split(b));
        Self {
            high,
            low: ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2,
        }
    }

    pub(crate) fn plus(self, x: f64) -> Self {
        let (sum, error) = two_sum(self.high, x);
        Self::renormalised(sum, error + self.low)
    }

    pub(crate) fn add(self, other: Self) -> Self {
        let (sum, error) = two_sum(self.high, other.high);
        let (low, lost) = two_sum(self.low, other.low);
        let part = Self::renormalised(sum, error + low);
        Self::renormalised(part.high, part.low + lost)
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        self.add(Self {
            high: -other.high,
            low: -other.low,
        })
    }

    pub(crate) fn times(self, x: f64) -> Self {
        let product = Self::product(self.high, x);
        Self::renormalised(product.high, product.low + self.low * x)
    }

    pub(crate) fn multiply(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        let cross = self.high * other.low + self.low * other.high;
        Self::renormalised(product.high, product.low + cross)
    }

    /// The nearest `f64`.
    pub(crate) fn rounded(self) -> f64 {
        self.high + self.low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_an_f64_loses() {
        let exact = DoubleDouble::product(0.1, 0.1);
        assert_eq!(exact.rounded(), 0.1 * 0.1);
        assert_ne!(exact.low, 0.0);
        let sum = DoubleDouble::default().plus(1e16).plus(1.0).plus(-1e16);
        assert_eq!(sum.rounded(), 1.0);
        let big = DoubleDouble::product(1e9 + 1.0, 1e9 + 1.0);
        let rest = big.minus(DoubleDouble::product(1e9, 1e9));
        assert_eq!(rest.rounded(), 2e9 + 1.0);
        let third = DoubleDouble::default().plus(1.0 / 3.0);
        assert_eq!(third.times(3.0).plus(-1.0).rounded(), -(2.0_f64.powi(-54)));
        assert_eq!(third.multiply(third).minus(third.times(1.0 / 3.0)).rounded(), 0.0);
    }
}
