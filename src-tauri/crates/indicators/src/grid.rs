//! Decimal grids: a column of prices in whole units, so that sums of neighbours are exact.

use std::sync::OnceLock;

use multiversion::multiversion;

/// So many neighbours at the most are summed in integers: below [`LARGEST`] units each, their sum fits an `i64`.
const MOST_SUMMED: usize = 1 << 13;
const LARGEST: u64 = 1 << 49;

/// Adding and taking away 1.5 * 2^52 rounds to an integer for |x| < 2^51, without a call into libm; in between, the bits of
/// the sum less those of this are that integer.
const ROUND: f64 = 6_755_399_441_055_744.0;
const ROUND_BITS: i64 = ROUND.to_bits() as i64;

/// A column counted in whole units of `10^-scale`, as running totals. Values that are missing count 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// Sum of the first `i` counts. It may wrap around; a difference of two is exact all the same.
    totals: Vec<i64>,
    scale: u8,
    has_holes: bool,
    /// No count is larger.
    largest: u64,
}

impl Grid {
    /// Counts `values` in units of `10^-scale`; none when a value is not exactly (to the nearest `f64`) on that grid. `NaN` is a
    /// hole, so that a value missing later changes nothing of a sum before it.
    #[must_use]
    pub fn of(values: &[f64], scale: u8) -> Option<Self> {
        const BLOCK: usize = 512;
        if scale > 15 {
            return None;
        }
        let factor = 10_f64.powi(i32::from(scale));
        let mut totals = Vec::with_capacity(values.len() + 1);
        totals.push(0);
        let (mut total, mut used, mut has_holes) = (0_i64, 0_i64, false);
        let mut counts = [0_i64; BLOCK];
        for block in values.chunks(BLOCK) {
            let counted = count(block, factor, &mut counts);
            if !counted.exact {
                return None;
            }
            has_holes |= counted.has_holes;
            used |= counted.used;
            totals.extend(counts.iter().take(block.len()).map(|&count| {
                total = total.wrapping_add(count);
                total
            }));
        }
        let largest = used.unsigned_abs();
        (largest < LARGEST).then_some(Self {
            totals,
            scale,
            has_holes,
            largest,
        })
    }

    /// The sums of `n` neighbours, from the first `n` values on; exact where [`Grid::sums_exactly`].
    pub fn window_sums(&self, n: usize) -> impl Iterator<Item = i64> {
        let ends = self.totals.get(n..).unwrap_or_default();
        let sum = |(end, begin): (&i64, &i64)| end.wrapping_sub(*begin);
        ends.iter().zip(&self.totals).map(sum)
    }

    /// Whether [`Grid::write_means`] can be asked for means of `n` neighbours.
    #[must_use]
    pub const fn has_means(&self, n: usize) -> bool {
        n > 0 && !self.has_holes && self.sums_exactly(n) && self.sums_small(n)
    }

    /// Writes the means of `n` neighbours that end at the values `from..from + out.len()`, as the simple average has them: exact
    /// sums, divided once, and `NaN` where there are not yet as many. Only for an `n` with [`Grid::has_means`].
    pub fn write_means(&self, n: usize, from: usize, out: &mut [f64]) {
        let missing = n.saturating_sub(1).saturating_sub(from).min(out.len());
        let (before, out) = out.split_at_mut(missing);
        before.fill(f64::NAN);
        let first = from + missing + 1;
        let totals = |from: usize| self.totals.get(from..).unwrap_or_default();
        write_quotients(
            totals(first),
            totals(first.saturating_sub(n)),
            self.divisor(n),
            out,
        );
    }

    /// Whether means of `n` and of `m` neighbours can be told apart by [`Grid::write_order`].
    #[must_use]
    pub const fn has_order(&self, n: usize, m: usize) -> bool {
        let largest = (self.largest + 1)
            .saturating_mul(n as u64)
            .saturating_mul(m as u64);
        self.has_means(n) && self.has_means(m) && largest < 1 << 52
    }

    /// Writes how means of `n` and of `m` neighbours compare, as [`GREATER`], [`LESS`] or [`EQUAL`]; 0 where one of them is
    /// missing. The sum of `n` times `m` less that of `m` times `n` is a whole number below 2^53 and has the sign of what one mean is
    /// more than the other, so that nothing is divided: two means that differ do so by more than their rounding. Only for lengths
    /// with [`Grid::has_order`].
    pub fn write_order(&self, n: usize, m: usize, from: usize, out: &mut [u8]) {
        let missing = n.max(m).saturating_sub(1).saturating_sub(from).min(out.len());
        let (before, out) = out.split_at_mut(missing);
        before.fill(0);
        let totals = |from: usize| self.totals.get(from..).unwrap_or_default();
        let first = from + missing + 1;
        let columns = [
            totals(first),
            totals(first.saturating_sub(n)),
            totals(first.saturating_sub(m)),
        ];
        write_signs(columns, [m as f64, n as f64], out);
    }

    /// By which a sum of `n` counts is divided for the mean of the values.
    pub(crate) fn divisor(&self, n: usize) -> f64 {
        n as f64 * 10_f64.powi(i32::from(self.scale))
    }

    /// Decimals of the grid.
    #[must_use]
    pub const fn scale(&self) -> u8 {
        self.scale
    }

    /// Whether the sum of any `n` neighbours fits an `i64`.
    #[must_use]
    pub const fn sums_exactly(&self, n: usize) -> bool {
        n <= MOST_SUMMED
    }

    /// Whether the sum of any `n` neighbours is below 2^51, so that [`small_to_f64`] is the number itself.
    pub(crate) const fn sums_small(&self, n: usize) -> bool {
        (self.largest + 1).saturating_mul(n as u64) < 1 << 51
    }

    /// Whether a value is missing.
    #[must_use]
    pub const fn has_holes(&self) -> bool {
        self.has_holes
    }
}

/// What was found when a block was counted.
struct Counted {
    /// Whether each value lies on the grid or is missing.
    exact: bool,
    has_holes: bool,
    /// Every bit that any count uses. What is too large to be rounded so uses a high one.
    used: i64,
}

/// Counts values in units of one over `factor`.
#[multiversion(targets("x86_64+avx+avx2"))]
fn count(values: &[f64], factor: f64, counts: &mut [i64]) -> Counted {
    let (mut exact, mut has_holes, mut used) = (true, false, 0);
    for (count, &value) in counts.iter_mut().zip(values) {
        let shifted = value * factor + ROUND;
        exact &= ((shifted - ROUND) / factor == value) | value.is_nan();
        has_holes |= value.is_nan();
        let units = (shifted.to_bits() as i64).wrapping_sub(ROUND_BITS);
        *count = if value.is_nan() { 0 } else { units };
        used |= *count ^ (*count >> 63);
    }
    Counted {
        exact,
        has_holes,
        used,
    }
}

/// Writes `(end - begin) / divisor`.
#[multiversion(targets("x86_64+avx+avx2"))]
fn write_quotients(ends: &[i64], begins: &[i64], divisor: f64, out: &mut [f64]) {
    for (out, (end, begin)) in out.iter_mut().zip(ends.iter().zip(begins)) {
        *out = small_to_f64(end.wrapping_sub(*begin)) / divisor;
    }
}

/// Bits that say how two numbers compare.
pub const GREATER: u8 = 1;
/// See [`GREATER`].
pub const LESS: u8 = 2;
/// See [`GREATER`].
pub const EQUAL: u8 = 4;

/// Writes the sign of `(end - begin) * factor` less that of another begin and factor, as the bits of an order. A loop for each
/// comparison: with one alone, compilers go from numbers of eight bytes to single bytes in vectors.
#[multiversion(targets("x86_64+avx+avx2"))]
fn write_signs([ends, begins, others]: [&[i64]; 3], [factor, other]: [f64; 2], out: &mut [u8]) {
    const GROUP: usize = 32;
    let difference = |end: i64, (begin, other_begin): (i64, i64)| {
        small_to_f64(end.wrapping_sub(begin)) * factor - small_to_f64(end.wrapping_sub(other_begin)) * other
    };
    let (groups, rest) = out.as_chunks_mut::<GROUP>();
    let chunks = |column| <[i64]>::as_chunks::<GROUP>(column).0.iter();
    let done = groups.len() * GROUP;
    for (out, (ends, (begins, others))) in groups
        .iter_mut()
        .zip(chunks(ends).zip(chunks(begins).zip(chunks(others))))
    {
        let mut differences = [0.0; GROUP];
        for (slot, (&end, (&begin, &other))) in differences
            .iter_mut()
            .zip(ends.iter().zip(begins.iter().zip(others)))
        {
            *slot = difference(end, (begin, other));
        }
        let [mut greater, mut less] = [[0_u8; GROUP]; 2];
        for (bit, difference) in greater.iter_mut().zip(&differences) {
            *bit = u8::from(*difference > 0.0);
        }
        for (bit, difference) in less.iter_mut().zip(&differences) {
            *bit = u8::from(*difference < 0.0);
        }
        for (out, (greater, less)) in out.iter_mut().zip(greater.iter().zip(&less)) {
            *out = greater | (less << 1) | ((1 ^ greater ^ less) << 2);
        }
    }
    for (at, out) in rest.iter_mut().enumerate() {
        let value = |column: &[i64]| column.get(done + at).copied().unwrap_or_default();
        let difference = difference(value(ends), (value(begins), value(others)));
        *out = match difference {
            more if more > 0.0 => GREATER,
            less if less < 0.0 => LESS,
            _ => EQUAL,
        };
    }
}

/// An integer below 2^51 as a number. Unlike the conversion of any integer, vectors can do it everywhere.
#[inline]
fn small_to_f64(value: i64) -> f64 {
    f64::from_bits(value.wrapping_add(ROUND_BITS) as u64) - ROUND
}

/// The grid of a column that is worked out when it is first asked for: most indicators need none.
#[derive(Debug)]
pub struct LazyGrid {
    scale: u8,
    grid: OnceLock<Option<Grid>>,
}

impl LazyGrid {
    /// Not worked out yet; in units of `10^-scale`.
    #[must_use]
    pub const fn new(scale: u8) -> Self {
        Self {
            scale,
            grid: OnceLock::new(),
        }
    }

    /// The grid of `values`, see [`Grid::of`]. It must be asked for the same values each time.
    pub fn of(&self, values: &[f64]) -> Option<&Grid> {
        self.grid.get_or_init(|| Grid::of(values, self.scale)).as_ref()
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::*;

    #[test]
    fn a_grid_takes_only_what_lies_on_it() {
        assert_eq!(
            Grid::of(&[0.1, 1.25, 4261.48, 0.0, -3.5], 2).map(|g| g.window_sums(1).collect()),
            Some(vec![10, 125, 426_148, 0, -350])
        );
        assert_eq!(Grid::of(&[0.105], 2), None);
        let with_hole = Grid::of(&[f64::NAN, 0.5], 2).unwrap();
        assert!(with_hole.has_holes() && with_hole.window_sums(1).eq([0, 50]));
        assert_eq!(Grid::of(&[f64::INFINITY], 2), None);
        assert_eq!(Grid::of(&[6e12], 2), None);
        for beyond in [1e300, -1e300, 2e14, -2e14, 2_f64.powi(52), -(2_f64.powi(54))] {
            assert_eq!(Grid::of(&[1.0, beyond], 2), None, "{beyond}");
        }
        assert_eq!(Grid::of(&[0.1], 16), None);
        let grid = Grid::of(&[5e12], 2).unwrap();
        assert!(!grid.has_holes() && grid.sums_exactly(5_000) && !grid.sums_exactly(10_000));
        assert!(grid.sums_small(2) && !grid.sums_small(5_000));
    }

    #[test]
    fn totals_may_wrap_around() {
        let values = vec![5e12; 20_000];
        let grid = Grid::of(&values, 2).unwrap();
        let sums: Vec<i64> = grid.window_sums(8_192).collect();
        assert_eq!(sums.len(), 20_000 - 8_191);
        assert!(sums.iter().all(|&sum| sum == 500_000_000_000_000 * 8_192));
    }

    #[test]
    fn sums_compare_as_means_do() {
        // Closes that tie now and then, with means of one sum and of another that are a unit apart.
        let values: Vec<f64> = (0..3_000)
            .map(|i| f64::from((i * i) % 7 + 4_200_000) / 100.0)
            .collect();
        let grid = Grid::of(&values, 2).unwrap();
        let (mut ties, n) = (0, values.len());
        for (short, long) in [(2, 3), (10, 30), (7, 11), (1, 40), (30, 10)] {
            assert!(grid.has_order(short, long));
            let [mut a, mut b] = [vec![0.0; n], vec![0.0; n]];
            grid.write_means(short, 0, &mut a);
            grid.write_means(long, 0, &mut b);
            let expected: Vec<u8> = a
                .iter()
                .zip(&b)
                .map(|(a, b)| match a.partial_cmp(b) {
                    Some(Ordering::Greater) => GREATER,
                    Some(Ordering::Less) => LESS,
                    Some(Ordering::Equal) => EQUAL,
                    None => 0,
                })
                .collect();
            // At once, and in blocks of any length.
            for block in [n, 512, 33, 31, 1] {
                let mut order = vec![255; n];
                for (number, out) in order.chunks_mut(block).enumerate() {
                    grid.write_order(short, long, number * block, out);
                }
                assert_eq!(order, expected, "{short} {long} {block}");
            }
            ties += expected.iter().filter(|order| **order == EQUAL).count();
        }
        assert!(ties > 100, "{ties}");
        assert!(!Grid::of(&[5e12], 2).unwrap().has_order(10, 30));
    }

    #[test]
    fn small_integers_become_the_number_they_are() {
        for value in [0, 1, -1, 12_345, -(1 << 50), (1 << 51) - 1, -((1 << 51) - 1)] {
            assert_eq!(small_to_f64(value), value as f64);
        }
    }
}
