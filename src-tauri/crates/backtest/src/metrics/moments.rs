//! Mean, spread and downside of the changes in a column, in one pass.

use multiversion::multiversion;

/// A sum that carries its rounding errors along: each is exact, by Knuth's sum of two (The Art of Computer Programming 2, 4.2.2).
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Total {
    sum: f64,
    error: f64,
}

impl Total {
    pub(super) fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        let added = sum - self.sum;
        self.error += (self.sum - (sum - added)) + (value - added);
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

/// Levels looked at together; they stay in the first-level cache.
pub(super) const BLOCK: usize = 512;

/// The changes `levels[i] / levels[i-1] - 1` of a column that comes in blocks.
///
/// Each block is measured around its own mean and the blocks are merged by Chan's formula (1979): one pass over memory,
/// and the accuracy of two.
pub(super) struct Changes {
    before: f64,
    n: f64,
    mean: f64,
    squares: f64,
    sum: Total,
    negative: Total,
    changes: [f64; BLOCK],
}

impl Changes {
    /// None yet; `before` stands in front of the first level.
    pub(super) fn after(before: f64) -> Self {
        Self {
            before,
            n: 0.0,
            mean: 0.0,
            squares: 0.0,
            sum: Total::default(),
            negative: Total::default(),
            changes: [0.0; BLOCK],
        }
    }

    /// Takes the next [`BLOCK`] levels and sums their changes up; only the last block may be shorter.
    pub(super) fn add(&mut self, block: &[f64]) -> PartSums {
        let changes = self.changes.get_mut(..block.len()).unwrap_or_default();
        let Measured {
            sum: block_sum,
            mean: block_mean,
            squares: block_squares,
            negative_squares,
        } = measure(self.before, block, changes);
        self.before = block.last().copied().unwrap_or(self.before);
        let size = block.len() as f64;
        self.sum.add(block_sum);
        self.negative.add(negative_squares);
        let distance = block_mean - self.mean;
        let merged = self.n + size;
        self.squares += block_squares + distance * distance * (self.n * size / merged);
        self.mean += distance * (size / merged);
        self.n = merged;
        PartSums {
            sum: block_sum,
            squares: block_squares + block_mean * block_sum,
        }
    }

    /// The changes of the block that came last, when it had so many levels.
    pub(super) fn last(&self, levels: usize) -> &[f64] {
        self.changes.get(..levels).unwrap_or_default()
    }

    pub(super) fn moments(&self) -> Moments {
        Moments {
            n: self.n,
            mean: self.sum.value() / self.n,
            squares: self.squares,
            negative_squares: self.negative.value(),
        }
    }
}

/// What a block's changes sum up to.
struct Measured {
    sum: f64,
    mean: f64,
    /// Squared distances from the mean.
    squares: f64,
    /// Squares of the negative changes.
    negative_squares: f64,
}

/// Writes the changes of a block and sums them up. The order of the additions is that of [`lanes`] whatever vectors there are.
#[multiversion(targets("x86_64+avx+avx2"))]
fn measure(before: f64, block: &[f64], changes: &mut [f64]) -> Measured {
    write_changes(before, block, changes);
    let (sum, negative_squares) = sum_and_negative_squares(changes);
    let mean = sum / block.len() as f64;
    Measured {
        sum,
        mean,
        squares: lanes(changes, |x| (x - mean) * (x - mean)),
        negative_squares,
    }
}

/// Divisions take most of the time here, and while an account holds nothing there is nothing to divide.
#[inline(always)]
fn write_changes(before: f64, block: &[f64], slots: &mut [f64]) {
    const GROUP: usize = 16;
    let (Some((first, later)), Some((slot, slots))) = (block.split_first(), slots.split_first_mut()) else {
        return;
    };
    *slot = first / before - 1.0;
    // Beside each level stands the one before it.
    let (groups, rest) = later.as_chunks::<GROUP>();
    let (groups_before, _) = block.as_chunks::<GROUP>();
    let (groups_of_slots, _) = slots.as_chunks_mut::<GROUP>();
    for (slots, (levels, earlier)) in groups_of_slots.iter_mut().zip(groups.iter().zip(groups_before)) {
        let [before, ..] = *earlier;
        let mut flat = before != 0.0 && before.is_finite();
        for level in levels {
            flat &= *level == before;
        }
        if flat {
            *slots = [0.0; GROUP];
            continue;
        }
        for (slot, (level, earlier)) in slots.iter_mut().zip(levels.iter().zip(earlier)) {
            *slot = level / earlier - 1.0;
        }
    }
    let done = groups.len() * GROUP;
    let rest_before = block.get(done..).unwrap_or_default();
    let slots = slots.get_mut(done..).unwrap_or_default();
    for (slot, (level, earlier)) in slots.iter_mut().zip(rest.iter().zip(rest_before)) {
        *slot = level / earlier - 1.0;
    }
}

impl Moments {
    /// Moments of a whole column's changes, with `before` in front of the first level.
    pub(super) fn of_changes(before: f64, levels: &[f64]) -> Self {
        let mut changes = Changes::after(before);
        for block in levels.chunks(BLOCK) {
            changes.add(block);
        }
        changes.moments()
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

/// Sums over the changes in a part of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct PartSums {
    /// Of the changes.
    pub(crate) sum: f64,
    /// Of their squares.
    pub(crate) squares: f64,
}

impl PartSums {
    pub(super) fn of(changes: &[f64]) -> Self {
        Self {
            sum: lanes(changes, |x| x),
            squares: lanes(changes, |x| x * x),
        }
    }

    pub(super) fn add(&mut self, more: Self) {
        self.sum += more.sum;
        self.squares += more.squares;
    }
}

/// How a column's changes are spread, beyond mean and deviation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shape {
    /// Third central moment over the deviation cubed: 0 for what is symmetric.
    pub(crate) skewness: f64,
    /// Fourth central moment over the squared variance: 3 for a normal distribution.
    pub(crate) kurtosis: f64,
}

impl Shape {
    /// Of the changes of a whole column, with `before` in front of the first level; `NaN` where nothing changes. Moments are over n.
    pub(crate) fn of_changes(before: f64, levels: &[f64]) -> Self {
        let mean = Moments::of_changes(before, levels).mean;
        let mut changes = Changes::after(before);
        let [mut second, mut third, mut fourth] = [Total::default(); 3];
        for block in levels.chunks(BLOCK) {
            changes.add(block);
            let changes = changes.last(block.len());
            let power = |n: i32| lanes(changes, |x| (x - mean).powi(n));
            second.add(power(2));
            third.add(power(3));
            fourth.add(power(4));
        }
        let n = levels.len() as f64;
        let variance = second.value() / n;
        Self {
            skewness: third.value() / n / (variance * variance.sqrt()),
            kurtosis: fourth.value() / n / (variance * variance),
        }
    }
}

/// Sum of a block.
#[multiversion(targets("x86_64+avx+avx2"))]
pub(super) fn sum(block: &[f64]) -> f64 {
    lanes(block, |x| x)
}

/// Sum of `f` over a short slice in eight independent lanes, which the compiler turns into vector additions.
#[inline(always)]
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

/// The sum, and that of the squares of what is negative, in the lanes of [`lanes`] but at once: an addition waits for the one before
/// it. Written for compilers: they make vectors of these fours, and of few other forms.
#[inline(always)]
fn sum_and_negative_squares(values: &[f64]) -> (f64, f64) {
    let (chunks, rest) = values.as_chunks::<8>();
    let [mut low, mut high, mut low_squares, mut high_squares] = [[0.0; 4]; 4];
    for &[a, b, c, d, e, f, g, h] in chunks {
        let (first, second) = ([a, b, c, d], [e, f, g, h]);
        add(&mut low, first);
        add(&mut high, second);
        add(&mut low_squares, negative_squares(first));
        add(&mut high_squares, negative_squares(second));
    }
    let (mut sum, mut squares) = (0.0, 0.0);
    for value in low.iter().chain(&high) {
        sum += value;
    }
    for value in low_squares.iter().chain(&high_squares) {
        squares += value;
    }
    let (mut rest_sum, mut rest_squares) = (0.0, 0.0);
    for &value in rest {
        rest_sum += value;
        rest_squares += negative_square(value);
    }
    (sum + rest_sum, squares + rest_squares)
}

#[inline(always)]
fn add(sums: &mut [f64; 4], terms: [f64; 4]) {
    for (sum, term) in sums.iter_mut().zip(terms) {
        *sum += term;
    }
}

#[inline(always)]
fn negative_squares(values: [f64; 4]) -> [f64; 4] {
    let mut squares = [0.0; 4];
    for (square, value) in squares.iter_mut().zip(values) {
        *square = negative_square(value);
    }
    squares
}

#[inline(always)]
fn negative_square(value: f64) -> f64 {
    let fall = if value < 0.0 { value } else { 0.0 };
    fall * fall
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
    }

    #[test]
    fn an_account_that_does_nothing_has_no_spread() {
        let moments = Moments::of_changes(10.0, &[10.0; 1_000]);
        assert_eq!(
            (moments.mean, moments.std_ddof1(), moments.downside()),
            (0.0, 0.0, 0.0)
        );
        assert!(Shape::of_changes(10.0, &[10.0; 1_000]).skewness.is_nan());
        // One that has nothing left has no changes that could be measured.
        assert!(Moments::of_changes(10.0, &[0.0; 1_000]).mean.is_nan());
    }

    #[test]
    fn the_shape_is_that_of_the_definition() {
        // Changes of 1, 0, 0, 0 in a hundred: mean 0.0025, central moments over n by hand.
        let shape = Shape::of_changes(100.0, &[101.0, 101.0, 101.0, 101.0]);
        assert!(
            (shape.skewness - 1.154_700_538_379_251_5).abs() < 1e-9,
            "{shape:?}"
        );
        assert!((shape.kurtosis - 7.0 / 3.0).abs() < 1e-9, "{shape:?}");
        // A coin: up and down by the same part.
        let mut level = 1.0;
        let levels: Vec<f64> = (0..2_000)
            .map(|i| {
                level *= if i % 2 == 0 { 1.01 } else { 0.99 };
                level
            })
            .collect();
        let shape = Shape::of_changes(1.0, &levels);
        assert!(
            shape.skewness.abs() < 1e-9 && (shape.kurtosis - 1.0).abs() < 1e-9,
            "{shape:?}"
        );
    }

    #[test]
    fn standing_still_for_a_while_changes_no_figure() {
        let levels: Vec<f64> = (0..4_000)
            .map(|i| {
                if i % 300 < 140 {
                    50.0
                } else {
                    50.0 + f64::from(i % 37)
                }
            })
            .collect();
        let before = std::iter::once(&60.0).chain(&levels);
        let changes: Vec<f64> = before
            .zip(&levels)
            .map(|(before, level)| level / before - 1.0)
            .collect();
        let mut written = Changes::after(60.0);
        for (block, expected) in levels.chunks(BLOCK).zip(changes.chunks(BLOCK)) {
            written.add(block);
            assert_eq!(written.changes[..block.len()], *expected);
        }
    }
}
