//! Mean, spread and downside of the changes in a column, in one pass.

/// A sum that carries its rounding error along (Neumaier 1974).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Total {
    sum: f64,
    error: f64,
}

impl Total {
    pub(super) fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.error += if self.sum.abs() >= value.abs() {
            (self.sum - sum) + value
        } else {
            (value - sum) + self.sum
        };
        self.sum = sum;
    }

    pub(super) fn value(self) -> f64 {
        self.sum + self.error
    }
}

/// Moments of the relative changes of a column.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moments {
    n: f64,
    pub(super) mean: f64,
    /// Sum of squared distances from the mean.
    squares: f64,
    /// Sum of the squares of the negative changes.
    negative_squares: f64,
}

/// Changes looked at together; they stay in the first-level cache.
const BLOCK: usize = 512;

impl Moments {
    /// Moments of `levels[i] / levels[i-1] - 1`, with `before` in front of the first.
    ///
    /// Each block is measured around its own mean and the blocks are merged by Chan's formula (1979): one pass over memory,
    /// and the accuracy of two.
    pub(super) fn of_changes(before: f64, levels: &[f64]) -> Self {
        let mut before = before;
        let (mut sum, mut negative) = (Total::default(), Total::default());
        let (mut n, mut mean, mut squares) = (0.0, 0.0, 0.0);
        let mut changes = [0.0; BLOCK];
        for block in levels.chunks(BLOCK) {
            if let (Some(first), Some(level)) = (changes.first_mut(), block.first()) {
                *first = level / before - 1.0;
            }
            let later = block.get(1..).unwrap_or_default();
            let slots = changes.get_mut(1..).unwrap_or_default();
            for (change, (level, earlier)) in slots.iter_mut().zip(later.iter().zip(block)) {
                *change = level / earlier - 1.0;
            }
            before = block.last().copied().unwrap_or(before);
            let changes = changes.get(..block.len()).unwrap_or_default();
            let size = block.len() as f64;
            let block_sum = lanes(changes, |x| x);
            let block_mean = block_sum / size;
            let block_squares = lanes(changes, |x| (x - block_mean) * (x - block_mean));
            sum.add(block_sum);
            negative.add(lanes(changes, |x| {
                let fall = if x < 0.0 { x } else { 0.0 };
                fall * fall
            }));
            let distance = block_mean - mean;
            let merged = n + size;
            squares += block_squares + distance * distance * (n * size / merged);
            mean += distance * (size / merged);
            n = merged;
        }
        Self {
            n,
            mean: sum.value() / n,
            squares,
            negative_squares: negative.value(),
        }
    }

    /// Standard deviation with `n - 1` in the denominator.
    pub(super) fn std_ddof1(&self) -> f64 {
        (self.squares / (self.n - 1.0)).sqrt()
    }

    /// Root mean square of the negative changes over all changes.
    pub(super) fn downside(&self) -> f64 {
        (self.negative_squares / self.n).sqrt()
    }
}

/// Mean of a column.
pub(super) fn mean(values: &[f64]) -> f64 {
    let mut total = Total::default();
    for block in values.chunks(BLOCK) {
        total.add(lanes(block, |x| x));
    }
    total.value() / values.len() as f64
}

/// Sum of `f` over a short slice in eight independent lanes, which the compiler turns into vector additions.
fn lanes(values: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let (chunks, rest) = values.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for chunk in chunks {
        for (sum, &value) in sums.iter_mut().zip(chunk) {
            *sum += f(value);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|&value| f(value)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_two_passes() {
        let mut level = 100.0;
        let mut state = 1_u64;
        let levels: Vec<f64> = (0..5_000)
            .map(|_| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                level *= 1.0 + ((state >> 40) as f64 / f64::from(1 << 24) - 0.499) * 0.01;
                level
            })
            .collect();
        let moments = Moments::of_changes(100.0, &levels);
        let changes: Vec<f64> = std::iter::once(&100.0)
            .chain(&levels)
            .zip(&levels)
            .map(|(before, level)| level / before - 1.0)
            .collect();
        let n = changes.len() as f64;
        let mean = changes.iter().sum::<f64>() / n;
        let std = (changes.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        let downside = (changes.iter().map(|r| r.min(0.0).powi(2)).sum::<f64>() / n).sqrt();
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-11, "{a} {b}");
        close(moments.mean, mean);
        close(moments.std_ddof1(), std);
        close(moments.downside(), downside);
        close(super::mean(&levels), levels.iter().sum::<f64>() / n);
    }

    #[test]
    fn an_account_that_does_nothing_has_no_spread() {
        let moments = Moments::of_changes(10.0, &[10.0; 1_000]);
        assert_eq!(
            (moments.mean, moments.std_ddof1(), moments.downside()),
            (0.0, 0.0, 0.0)
        );
    }
}
