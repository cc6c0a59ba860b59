//! Columns of numbers, with their decimal grid where they have one.

use std::ops::Range;

use promptpal_domain::{Bars, Interval};

use crate::IndicatorError;

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
            let mut exact = true;
            for (count, &value) in counts.iter_mut().zip(block) {
                let shifted = value * factor + ROUND;
                exact &= ((shifted - ROUND) / factor == value) | value.is_nan();
                has_holes |= value.is_nan();
                let units = (shifted.to_bits() as i64).wrapping_sub(ROUND_BITS);
                *count = if value.is_nan() { 0 } else { units };
                // Every bit that any count uses. What is too large to be rounded so uses a high one.
                used |= *count ^ (*count >> 63);
            }
            if !exact {
                return None;
            }
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
        let first = from + missing;
        let ends = self.totals.get(first + 1..).unwrap_or_default();
        let begins = self
            .totals
            .get((first + 1).saturating_sub(n)..)
            .unwrap_or_default();
        let divisor = self.divisor(n);
        for (out, (end, begin)) in out.iter_mut().zip(ends.iter().zip(begins)) {
            *out = small_to_f64(end.wrapping_sub(*begin)) / divisor;
        }
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

/// An integer below 2^51 as a number. Unlike the conversion of any integer, vectors can do it everywhere.
pub(crate) fn small_to_f64(value: i64) -> f64 {
    f64::from_bits(value.wrapping_add(ROUND_BITS) as u64) - ROUND
}

/// A column as an indicator's source.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// The values; `NaN` where there is none.
    pub values: &'a [f64],
    /// The same values on their decimal grid, where they lie on one.
    pub grid: Option<&'a Grid>,
}

impl<'a> Column<'a> {
    /// A column without a grid.
    #[must_use]
    pub const fn new(values: &'a [f64]) -> Self {
        Self { values, grid: None }
    }
}

/// The bars' columns, all of one length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BarColumns<'a> {
    pub(crate) interval: Interval,
    pub(crate) open_time: &'a [i64],
    pub(crate) open: &'a [f64],
    pub(crate) high: &'a [f64],
    pub(crate) low: &'a [f64],
    pub(crate) close: &'a [f64],
    pub(crate) volume: &'a [f64],
}

impl<'a> BarColumns<'a> {
    pub(crate) fn len(&self) -> usize {
        self.open_time.len()
    }

    fn prices(&self) -> [&'a [f64]; 5] {
        [self.open, self.high, self.low, self.close, self.volume]
    }

    fn slice(&self, range: Range<usize>) -> Self {
        let cut = |column: &'a [f64]| column.get(range.clone()).unwrap_or_default();
        Self {
            interval: self.interval,
            open_time: self.open_time.get(range.clone()).unwrap_or_default(),
            open: cut(self.open),
            high: cut(self.high),
            low: cut(self.low),
            close: cut(self.close),
            volume: cut(self.volume),
        }
    }
}

/// What an indicator computes on: the bars, and a source column of the same length.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    pub(crate) bars: BarColumns<'a>,
    /// The column that single-source indicators (averages, RSI ...) use; usually the close.
    pub(crate) source: Column<'a>,
}

impl<'a> Frame<'a> {
    /// A frame whose columns all have the same length.
    ///
    /// # Errors
    /// [`IndicatorError::Length`] when they have not.
    pub fn new(bars: &'a Bars, source: Column<'a>) -> Result<Self, IndicatorError> {
        let expected = bars.open_time.len();
        let columns =
            [&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume].map(|column| column.len());
        if let Some(given) = columns
            .into_iter()
            .chain([source.values.len()])
            .find(|&given| given != expected)
        {
            return Err(IndicatorError::Length { expected, given });
        }
        let bars = BarColumns {
            interval: bars.interval,
            open_time: &bars.open_time,
            open: &bars.open,
            high: &bars.high,
            low: &bars.low,
            close: &bars.close,
            volume: &bars.volume,
        };
        Ok(Self { bars, source })
    }

    /// Computes `outputs` columns of the bars on every unbroken run of known bars, and leaves `NaN` elsewhere.
    pub(crate) fn on_bar_runs(
        &self,
        outputs: usize,
        compute: impl Fn(&Frame<'_>) -> Result<Vec<Vec<f64>>, IndicatorError>,
    ) -> Result<Vec<Vec<f64>>, IndicatorError> {
        if self.bars.prices().iter().all(|column| all_finite(column)) {
            return compute(self);
        }
        let mut known = vec![true; self.bars.len()];
        for column in self.bars.prices() {
            for (known, value) in known.iter_mut().zip(column) {
                *known &= value.is_finite();
            }
        }
        let mut columns: Vec<Vec<f64>> = vec![Vec::with_capacity(known.len()); outputs];
        let mut from = 0;
        for run in known.chunk_by(|a, b| a == b) {
            let range = from..from + run.len();
            from = range.end;
            if run.first() == Some(&true) {
                let part = Frame {
                    bars: self.bars.slice(range.clone()),
                    source: Column::new(self.source.values.get(range).unwrap_or_default()),
                };
                for (column, part) in columns.iter_mut().zip(compute(&part)?) {
                    column.extend(part);
                }
            } else {
                for column in &mut columns {
                    column.resize(range.end, f64::NAN);
                }
            }
        }
        Ok(columns)
    }
}

/// Whether every value is a number. A sum of `0 * x` is 0 exactly then, and needs no branch in the loop.
fn all_finite(values: &[f64]) -> bool {
    values
        .chunks(64)
        .all(|part| part.iter().map(|value| value * 0.0).sum::<f64>() == 0.0)
}

/// Computes on every unbroken run of numbers in `values` and leaves `NaN` elsewhere.
pub(crate) fn on_runs<const N: usize>(
    values: &[f64],
    compute: impl Fn(&[f64]) -> Result<[Vec<f64>; N], IndicatorError>,
) -> Result<[Vec<f64>; N], IndicatorError> {
    if all_finite(values) {
        return compute(values);
    }
    let mut outputs = std::array::from_fn(|_| Vec::with_capacity(values.len()));
    for run in values.chunk_by(|a, b| a.is_finite() == b.is_finite()) {
        if run.first().is_some_and(|value| value.is_finite()) {
            for (output, part) in outputs.iter_mut().zip(compute(run)?) {
                output.extend(part);
            }
        } else {
            for output in &mut outputs {
                output.resize(output.len() + run.len(), f64::NAN);
            }
        }
    }
    Ok(outputs)
}

#[cfg(test)]
mod tests {
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
    fn small_integers_become_the_number_they_are() {
        for value in [0, 1, -1, 12_345, -(1 << 50), (1 << 51) - 1, -((1 << 51) - 1)] {
            assert_eq!(small_to_f64(value), value as f64);
        }
    }
}
