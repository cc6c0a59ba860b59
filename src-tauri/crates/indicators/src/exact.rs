//! Moving sums and means without drift.

use crate::column::Column;
use crate::double_double::DoubleDouble;
use crate::grid::Grid;

/// Mean of the last `n` values: exact sum, one division. `NaN` for the first `n - 1` values and wherever the window holds a
/// `NaN`.
#[must_use]
pub fn sma(column: Column<'_>, n: usize) -> Vec<f64> {
    if let Some(grid) = column.grid()
        && grid.sums_exactly(n)
    {
        let divisor = grid.divisor(n);
        if grid.has_holes() {
            return means_with_holes(column.values, grid, n, divisor);
        }
        return means(column.values.len(), grid, n, divisor);
    }
    let mut sums = sum(column.values, n);
    for sum in &mut sums {
        *sum /= n as f64;
    }
    sums
}

/// Sum of the last `n` values in double-double arithmetic, rounded once. `NaN` for the first `n - 1` values and wherever the
/// window holds a `NaN`.
#[must_use]
pub fn sum(values: &[f64], n: usize) -> Vec<f64> {
    if n == 0 || n > values.len() {
        return vec![f64::NAN; values.len()];
    }
    let (mut total, mut numbers) = (DoubleDouble::default(), 0_usize);
    let leaving = std::iter::repeat_n(f64::NAN, n).chain(values.iter().copied());
    values
        .iter()
        .zip(leaving)
        .map(|(&value, old)| {
            if old.is_finite() {
                total = total.plus(-old);
                numbers -= 1;
            }
            if value.is_finite() {
                total = total.plus(value);
                numbers += 1;
            }
            if numbers == 0 {
                total = DoubleDouble::default();
            }
            if numbers == n { total.rounded() } else { f64::NAN }
        })
        .collect()
}

/// The sum of `n` neighbours on the grid at a time, divided once.
fn means(len: usize, grid: &Grid, n: usize, divisor: f64) -> Vec<f64> {
    if n == 0 || n > len {
        return vec![f64::NAN; len];
    }
    if grid.has_means(n) {
        let mut out = vec![0.0; len];
        grid.write_means(n, 0, &mut out);
        return out;
    }
    let mut out = Vec::with_capacity(len);
    out.resize(n - 1, f64::NAN);
    out.extend(grid.window_sums(n).map(|sum| sum as f64 / divisor));
    out
}

/// The same, with no mean where one of the values is missing.
fn means_with_holes(values: &[f64], grid: &Grid, n: usize, divisor: f64) -> Vec<f64> {
    if n == 0 || n > values.len() {
        return vec![f64::NAN; values.len()];
    }
    let (first, rest) = values.split_at(n - 1);
    let mut numbers = first.iter().filter(|value| !value.is_nan()).count();
    let mut out = vec![f64::NAN; n - 1];
    // The value that leaves after each step is the first of the window just summed.
    out.extend(
        grid.window_sums(n)
            .zip(rest.iter().zip(values))
            .map(|(sum, (entering, leaving))| {
                numbers += usize::from(!entering.is_nan());
                let whole = numbers == n;
                numbers -= usize::from(!leaving.is_nan());
                if whole { sum as f64 / divisor } else { f64::NAN }
            }),
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LazyGrid;

    #[test]
    fn ties_are_ties() {
        // 0.1 + 0.2 + 0.3 in f64 is not 0.6: on the grid it is.
        let values = [0.1, 0.2, 0.3, 0.2, 0.2, 0.2];
        let grid = LazyGrid::new(1);
        let mean = sma(
            Column {
                values: &values,
                grid: Some(&grid),
                whole: false,
            },
            3,
        );
        assert!(mean[0].is_nan() && mean[1].is_nan());
        assert_eq!(mean[2], mean[5]);
        assert_eq!(mean[2], 0.2);
    }

    #[test]
    fn a_hole_on_the_grid_changes_no_sum_before_it() {
        let values = [201.01, 201.02, 201.03, 200.99, f64::NAN, 200.0, 200.1, 200.3];
        let mean = |values: &[f64]| {
            let grid = LazyGrid::new(2);
            sma(
                Column {
                    values,
                    grid: Some(&grid),
                    whole: false,
                },
                3,
            )
        };
        let (whole, before) = (mean(&values), mean(&values[..4]));
        assert_eq!(whole[2..4], before[2..4]);
        assert!(whole[4..7].iter().all(|v| v.is_nan()));
        assert_eq!(whole[7], 600.4 / 3.0);
    }

    #[test]
    fn double_double_does_not_drift() {
        let mut values = vec![1e15, 0.1, -1e15];
        values.extend(std::iter::repeat_n(0.1, 10));
        let sums = sum(&values, 2);
        assert_eq!(sums[5], 0.2);
        assert_eq!(sums[12], 0.2);
    }

    #[test]
    fn holes_and_short_columns_have_no_mean() {
        let check = |values: &[f64], n: usize, expected: &[Option<f64>]| {
            let got: Vec<_> = sma(Column::new(values), n)
                .into_iter()
                .map(|v| (!v.is_nan()).then_some(v))
                .collect();
            assert_eq!(got, expected);
        };
        check(&[1.0, 2.0], 3, &[None, None]);
        check(
            &[1.0, 2.0, f64::NAN, 4.0, 6.0],
            2,
            &[None, Some(1.5), None, None, Some(5.0)],
        );
        check(&[1.0, 2.0], 1, &[Some(1.0), Some(2.0)]);
        check(&[], 2, &[]);
    }
}
