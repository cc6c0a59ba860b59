//! Highest and lowest of the last `n` values.

/// Highest of the last `n` values; `NaN` for the first `n - 1` and wherever the window holds a `NaN`.
#[must_use]
pub fn highest(values: &[f64], n: usize) -> Vec<f64> {
    extreme(values, n, |a, b| a >= b)
}

/// Lowest of the last `n` values; `NaN` for the first `n - 1` and wherever the window holds a `NaN`.
#[must_use]
pub fn lowest(values: &[f64], n: usize) -> Vec<f64> {
    extreme(values, n, |a, b| a <= b)
}

/// The column is cut into parts of `n`. A window reaches over two of them: from its first value to the end of a part, and from the
/// beginning of the next to its last value. Both extremes are carried along, three comparisons a value whatever `n` is (van Herk
/// 1992; Gil and Werman 1993).
fn extreme(values: &[f64], n: usize, beats: impl Fn(f64, f64) -> bool) -> Vec<f64> {
    if n == 0 || n > values.len() {
        return vec![f64::NAN; values.len()];
    }
    // A missing value stays, whatever it meets.
    let better = |a: f64, b: f64| if a.is_nan() || beats(a, b) { a } else { b };
    // From each value to the end of its part.
    let mut to_end = values.to_vec();
    for part in to_end.chunks_mut(n) {
        let mut best = part.last().copied().unwrap_or(f64::NAN);
        for value in part.iter_mut().rev() {
            best = better(best, *value);
            *value = best;
        }
    }
    let mut out = Vec::with_capacity(values.len());
    out.resize(n - 1, f64::NAN);
    // A window that is a part begins where it does; of the following ones the other ends lie in the next part.
    let mut begins = to_end.iter();
    out.extend(begins.next());
    for part in values.get(n..).unwrap_or_default().chunks(n) {
        let mut best = part.first().copied().unwrap_or(f64::NAN);
        out.extend(part.iter().zip(begins.by_ref()).map(|(&value, &rest)| {
            best = better(best, value);
            better(rest, best)
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equals_looking_at_every_window(values in prop::collection::vec(prop_oneof![9 => -5.0..5.0, 1 => Just(f64::NAN)], 0..60), n in 1_usize..9) {
            for (at, got) in highest(&values, n).into_iter().enumerate() {
                let window = (at + 1 >= n).then(|| &values[at + 1 - n..=at]).filter(|w| w.iter().all(|v| !v.is_nan()));
                let expected = window.map(|w| w.iter().copied().fold(f64::MIN, f64::max));
                prop_assert_eq!((!got.is_nan()).then_some(got), expected);
            }
            let mirrored: Vec<f64> = values.iter().map(|v| -v).collect();
            for (low, high) in lowest(&values, n).into_iter().zip(highest(&mirrored, n)) {
                prop_assert!(low == -high || (low.is_nan() && high.is_nan()));
            }
        }
    }
}
