//! Columns of numbers: the bars', and what an indicator computes on.

use std::ops::Range;

use multiversion::multiversion;
use promptpal_domain::{Bars, Interval};

use crate::IndicatorError;
use crate::grid::{Grid, LazyGrid};

/// A column as an indicator's source.
#[derive(Clone, Copy, Debug)]
pub struct Column<'a> {
    /// The values; `NaN` where there is none.
    pub values: &'a [f64],
    /// The same values on their decimal grid, where they may lie on one.
    pub grid: Option<&'a LazyGrid>,
    /// Whether each value is known to be a number, so that nobody has to look for holes.
    pub whole: bool,
}

impl<'a> Column<'a> {
    /// A column without a grid, in which values may be missing.
    #[must_use]
    pub const fn new(values: &'a [f64]) -> Self {
        Self {
            values,
            grid: None,
            whole: false,
        }
    }

    /// See [`on_runs`].
    pub(crate) fn on_runs<const N: usize>(
        &self,
        compute: impl Fn(&[f64]) -> Result<[Vec<f64>; N], IndicatorError>,
    ) -> Result<[Vec<f64>; N], IndicatorError> {
        if self.whole {
            return compute(self.values);
        }
        on_runs(self.values, compute)
    }

    /// The values on their grid, if they lie on it; worked out when first asked for.
    pub(crate) fn grid(&self) -> Option<&'a Grid> {
        self.grid?.of(self.values)
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

/// Whether every value is a number: then no exponent has all its bits set.
#[multiversion(targets("x86_64+avx+avx2"))]
fn all_finite(values: &[f64]) -> bool {
    const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
    values.chunks(512).all(|part| {
        let beyond = |value: &f64| u64::from(value.to_bits() & EXPONENT == EXPONENT);
        part.iter().map(beyond).fold(0, |any, beyond| any | beyond) == 0
    })
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
