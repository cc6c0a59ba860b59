//! Conditions with three values, one byte a bar: true, false and unknown (warm-up, nothing to compare).
//!
//! Bit 0 stands for true and bit 1 for false, so Kleene's logic is a few bit operations: what cannot be known yet never
//! becomes a signal, not even through `!`.

/// Not known.
pub(crate) const UNKNOWN: u8 = 0;
/// True.
pub(crate) const TRUE: u8 = 1;
/// False.
pub(crate) const FALSE: u8 = 2;

pub(crate) const fn of(value: bool) -> u8 {
    if value { TRUE } else { FALSE }
}

/// True where both are, false where either is.
pub(crate) const fn and(a: u8, b: u8) -> u8 {
    (a & b & TRUE) | ((a | b) & FALSE)
}

/// True where either is, false where both are.
pub(crate) const fn or(a: u8, b: u8) -> u8 {
    ((a | b) & TRUE) | (a & b & FALSE)
}

/// True where it is false and the other way round.
pub(crate) const fn not(a: u8) -> u8 {
    (a & TRUE) << 1 | (a & FALSE) >> 1
}

/// True where `now` is true and `before` was false, unknown where either is.
pub(crate) const fn rise(before: u8, now: u8) -> u8 {
    let known = (before | before >> 1) & (now | now >> 1) & 1;
    let rises = before >> 1 & now & 1;
    rises | (known & !rises) << 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_kleene() {
        for a in [UNKNOWN, TRUE, FALSE] {
            assert_eq!(not(not(a)), a);
            assert_eq!(and(a, FALSE), FALSE);
            assert_eq!(and(a, TRUE), a);
            assert_eq!(or(a, TRUE), TRUE);
            assert_eq!(or(a, FALSE), a);
            for b in [UNKNOWN, TRUE, FALSE] {
                assert_eq!(and(a, b), not(or(not(a), not(b))));
                let expected = match (a, b) {
                    (UNKNOWN, _) | (_, UNKNOWN) => UNKNOWN,
                    (FALSE, TRUE) => TRUE,
                    _ => FALSE,
                };
                assert_eq!(rise(a, b), expected);
            }
        }
        assert_eq!(not(UNKNOWN), UNKNOWN);
    }
}
