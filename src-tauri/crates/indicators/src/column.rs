//! Columns of numbers, with their decimal grid where they have one.

use promptpal_domain::Bars;

use crate::IndicatorError;

/// Sums of integers stay exact in an `f64` below this.
const EXACT: i64 = 1 << 53;

/// A column counted in whole units of `10^-scale`.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    units: Vec<i64>,
    scale: u8,
    largest: i64,
}

impl Grid {
    /// Counts `values` in units of `10^-scale`; none when a value is not exactly (to the nearest `f64`) on that grid.
    #[must_use]
    pub fn of(values: &[f64], scale: u8) -> Option<Self> {
        if scale > 15 {
            return None;
        }
        let factor = 10_f64.powi(i32::from(scale));
        // Adding and taking away 1.5 * 2^52 rounds to an integer for |x| < 2^51, without a call into libm.
        const ROUND: f64 = 6_755_399_441_055_744.0;
        const LIMIT: f64 = 2_251_799_813_685_248.0;
        let (mut largest, mut exact) = (0.0_f64, true);
        let units = values
            .iter()
            .map(|&value| {
                let units = (value * factor + ROUND) - ROUND;
                exact &= units / factor == value;
                largest = largest.max(units.abs());
                units as i64
            })
            .collect();
        (exact && largest < LIMIT).then_some(Self {
            units,
            scale,
            largest: largest as i64,
        })
    }

    /// The counts.
    #[must_use]
    pub fn units(&self) -> &[i64] {
        &self.units
    }

    /// Decimals of the grid.
    #[must_use]
    pub const fn scale(&self) -> u8 {
        self.scale
    }

    /// Whether the sum of any `n` neighbours is exact in an `f64`.
    #[must_use]
    pub fn sums_exactly(&self, n: usize) -> bool {
        i64::try_from(n)
            .ok()
            .and_then(|n| n.checked_mul(self.largest))
            .is_some_and(|sum| sum < EXACT)
    }
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

/// What an indicator computes on: the bars, and a source column of the same length.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The bars.
    pub bars: &'a Bars,
    /// The column that single-source indicators (averages, RSI ...) use; usually the close.
    pub source: Column<'a>,
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
        match columns
            .into_iter()
            .chain([source.values.len()])
            .find(|&given| given != expected)
        {
            Some(given) => Err(IndicatorError::Length { expected, given }),
            None => Ok(Self { bars, source }),
        }
    }
}

/// Computes on every unbroken run of numbers in `values` and leaves `NaN` elsewhere.
pub(crate) fn on_runs<const N: usize>(
    values: &[f64],
    compute: impl Fn(&[f64]) -> Result<[Vec<f64>; N], IndicatorError>,
) -> Result<[Vec<f64>; N], IndicatorError> {
    if values.iter().all(|value| value.is_finite()) {
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
            Grid::of(&[0.1, 1.25, 4261.48, 0.0], 2).map(|g| g.units().to_vec()),
            Some(vec![10, 125, 426_148, 0])
        );
        assert_eq!(Grid::of(&[0.105], 2), None);
        assert_eq!(Grid::of(&[f64::NAN], 2), None);
        assert_eq!(Grid::of(&[1e300], 2), None);
        assert_eq!(Grid::of(&[0.1], 16), None);
        let grid = Grid::of(&[2e13], 2).unwrap();
        assert!(grid.sums_exactly(4) && !grid.sums_exactly(5));
    }
}
