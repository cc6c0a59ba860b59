//! Highest and lowest of the last `n` values.

use std::collections::VecDeque;

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

/// A queue of the values that can still become the extreme, best first; each value enters and leaves once.
fn extreme(values: &[f64], n: usize, beats: impl Fn(f64, f64) -> bool) -> Vec<f64> {
    let mut queue: VecDeque<(usize, f64)> = VecDeque::new();
    let mut last_hole = None;
    values
        .iter()
        .enumerate()
        .map(|(at, &value)| {
            if value.is_nan() {
                last_hole = Some(at);
                queue.clear();
            } else {
                while queue.back().is_some_and(|&(_, other)| beats(value, other)) {
                    queue.pop_back();
                }
                queue.push_back((at, value));
            }
            while queue.front().is_some_and(|&(from, _)| from + n <= at) {
                queue.pop_front();
            }
            let numbers = last_hole.map_or(at + 1, |hole| at - hole);
            match queue.front() {
                Some(&(_, best)) if numbers >= n => best,
                _ => f64::NAN,
            }
        })
        .collect()
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
