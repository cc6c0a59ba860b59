//! Columns of numbers, with their decimal grid where they have one.

use std::ops::Range;

use promptpal_domain::{Bars, Interval};

use crate::IndicatorError;

/// So many neighbours at the most are summed in integers: below [`LARGEST`] units each, their sum fits an `i64`.
const MOST_SUMMED: usize = 1 << 13;
const LARGEST: f64 = (1_u64 << 49) as f64;

/// A column counted in whole units of `10^-scale`. Values that are missing count 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    units: Vec<i64>,
    scale: u8,
    has_holes: bool,
}

impl Grid {
    /// Counts `values` in units of `10^-scale`; none when a value is not exactly (to the nearest `f64`) on that grid. `NaN` is a
    /// hole, so that a value missing later changes nothing of a sum before it.
    #[must_use]
    pub fn of(values: &[f64], scale: u8) -> Option<Self> {
        if scale > 15 {
            return None;
        }
        let factor = 10_f64.powi(i32::from(scale));
        // Adding and taking away 1.5 * 2^52 rounds to an integer for |x| < 2^51, without a call into libm.
        const ROUND: f64 = 6_755_399_441_055_744.0;
        let (mut largest, mut exact, mut has_holes) = (0.0_f64, true, false);
        let units = values
            .iter()
            .map(|&value| {
                let units = (value * factor + ROUND) - ROUND;
                exact &= (units / factor == value) | value.is_nan();
                has_holes |= value.is_nan();
                largest = largest.max(units.abs());
                units as i64
            })
            .collect();
        (exact && largest < LARGEST).then_some(Self {
            units,
            scale,
            has_holes,
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

    /// Whether the sum of any `n` neighbours fits an `i64`.
    #[must_use]
    pub const fn sums_exactly(&self, n: usize) -> bool {
        n <= MOST_SUMMED
    }

    /// Whether a value is missing.
    #[must_use]
    pub const fn has_holes(&self) -> bool {
        self.has_holes
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
            Grid::of(&[0.1, 1.25, 4261.48, 0.0], 2).map(|g| g.units().to_vec()),
            Some(vec![10, 125, 426_148, 0])
        );
        assert_eq!(Grid::of(&[0.105], 2), None);
        let with_hole = Grid::of(&[f64::NAN, 0.5], 2).unwrap();
        assert!(with_hole.has_holes() && with_hole.units() == [0, 50]);
        assert_eq!(Grid::of(&[f64::INFINITY], 2), None);
        assert_eq!(Grid::of(&[6e12], 2), None);
        assert_eq!(Grid::of(&[1e300], 2), None);
        assert_eq!(Grid::of(&[0.1], 16), None);
        let grid = Grid::of(&[5e12], 2).unwrap();
        assert!(!grid.has_holes() && grid.sums_exactly(5_000) && !grid.sums_exactly(10_000));
    }
}
