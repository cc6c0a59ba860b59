//! Moments of a moving window: variance and the straight line through it, in double-double arithmetic, so that neither drift
//! nor cancellation reaches the digits of an `f64`.

use crate::double_double::DoubleDouble;

/// Below this part of what it is the rest of, a difference is nothing but rounding.
const NOTHING: f64 = 1e-26;

/// Sums over the last `n` values: of `x`, `x * x`, and `t * x` with `t` counted from 0 at the oldest.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Window {
    n: f64,
    sum: DoubleDouble,
    squares: DoubleDouble,
    ramp: DoubleDouble,
    /// How many of the newest values are equal.
    equal: usize,
    newest: f64,
}

/// The straight line through a window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fit {
    /// Its value at the newest bar.
    pub(crate) end: f64,
    /// Sum of the squared distances from it.
    pub(crate) squared_errors: f64,
}

impl Window {
    /// The sum of `t * x` is kept for a line only; nothing else needs it.
    fn enter<const LINE: bool>(&mut self, x: f64, position: f64) {
        self.equal = if x == self.newest { self.equal + 1 } else { 1 };
        self.newest = x;
        self.sum = self.sum.plus(x);
        self.squares = self.squares.add(DoubleDouble::product(x, x));
        if LINE {
            self.ramp = self.ramp.add(DoubleDouble::product(x, position));
        }
    }

    fn leave<const LINE: bool>(&mut self, x: f64) {
        self.sum = self.sum.plus(-x);
        self.squares = self.squares.minus(DoubleDouble::product(x, x));
        // Everything that stays moves one place towards the oldest, whose own place counts 0.
        if LINE {
            self.ramp = self.ramp.minus(self.sum);
        }
    }

    fn is_flat(&self) -> bool {
        self.equal as f64 >= self.n
    }

    /// Forgets what rounding left of larger values: all `n` are the newest one.
    fn flatten(&mut self) {
        self.sum = DoubleDouble::product(self.newest, self.n);
        self.squares = DoubleDouble::product(self.newest, self.newest).times(self.n);
        self.ramp = self.sum.times((self.n - 1.0) / 2.0);
    }

    /// `n` times the sum of the squared distances from the mean; 0 for a flat window.
    fn spread(&self) -> DoubleDouble {
        let squares = self.squares.times(self.n);
        let spread = squares.minus(self.sum.multiply(self.sum));
        if !self.is_flat() && spread.rounded() > squares.rounded() * NOTHING {
            spread
        } else {
            DoubleDouble::default()
        }
    }

    /// Variance; with `ddof` 0 of the population, with 1 of a sample.
    pub(crate) fn variance(&self, ddof: f64) -> f64 {
        self.spread().rounded() / self.n / (self.n - ddof)
    }

    /// Distance of `x` from the mean.
    pub(crate) fn distance(&self, x: f64) -> f64 {
        DoubleDouble::product(x, self.n).minus(self.sum).rounded() / self.n
    }

    /// Least squares over the places 0 to `n - 1`.
    pub(crate) fn fit(&self) -> Fit {
        let n = self.n;
        // n * sum of t, and n times the sum of squared distances of t from its mean.
        let (places, spread_t) = (n * (n - 1.0) / 2.0, n * n * (n * n - 1.0) / 12.0);
        let common = self.ramp.times(n).minus(self.sum.times(places));
        let slope = if self.is_flat() {
            0.0
        } else {
            common.rounded() / spread_t
        };
        let explained = common.multiply(common);
        let (total, scale) = (self.spread().times(spread_t), n * spread_t);
        let errors = total.minus(explained).rounded();
        let rest = errors > total.rounded() * NOTHING;
        Fit {
            end: self.sum.rounded() / n + slope * (n - 1.0) / 2.0,
            squared_errors: if rest { errors / scale } else { 0.0 },
        }
    }
}

/// What `look` makes of every full window of `n` numbers and its newest value; `NaN` elsewhere. A hole starts the window again. It
/// may not ask for the line through a window, which [`over_lines`] has.
pub(crate) fn over_windows<const N: usize>(
    values: &[f64],
    n: usize,
    look: impl Fn(&Window, f64) -> [f64; N],
) -> [Vec<f64>; N] {
    over::<N, false>(values, n, look)
}

/// The same with the line through every window.
pub(crate) fn over_lines<const N: usize>(
    values: &[f64],
    n: usize,
    look: impl Fn(&Window, f64) -> [f64; N],
) -> [Vec<f64>; N] {
    over::<N, true>(values, n, look)
}

fn over<const N: usize, const LINE: bool>(
    values: &[f64],
    n: usize,
    look: impl Fn(&Window, f64) -> [f64; N],
) -> [Vec<f64>; N] {
    let mut columns: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(values.len()));
    let empty = Window {
        n: n as f64,
        newest: f64::NAN,
        ..Window::default()
    };
    let (mut window, mut count) = (empty, 0_usize);
    let leaving = std::iter::repeat_n(f64::NAN, n).chain(values.iter().copied());
    for (&x, old) in values.iter().zip(leaving) {
        if x.is_finite() {
            if count == n {
                window.leave::<LINE>(old);
                count -= 1;
            }
            window.enter::<LINE>(x, count as f64);
            count += 1;
            if window.is_flat() {
                window.flatten();
            }
        } else {
            (window, count) = (empty, 0);
        }
        let seen = if count == n {
            look(&window, x)
        } else {
            [f64::NAN; N]
        };
        for (column, value) in columns.iter_mut().zip(seen) {
            column.push(value);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn naive(window: &[f64]) -> (f64, f64, f64) {
        let n = window.len() as f64;
        let mean = window.iter().sum::<f64>() / n;
        let variance = window.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        let middle = (n - 1.0) / 2.0;
        let places: f64 = (0..window.len()).map(|t| (t as f64 - middle).powi(2)).sum();
        let common: f64 = window
            .iter()
            .enumerate()
            .map(|(t, x)| (t as f64 - middle) * (x - mean))
            .sum();
        let slope = common / places;
        let errors = window
            .iter()
            .enumerate()
            .map(|(t, x)| (x - mean - slope * (t as f64 - middle)).powi(2))
            .sum();
        (variance, mean + slope * middle, errors)
    }

    #[test]
    fn equals_two_passes_over_every_window() {
        let values: Vec<f64> = (0..400_u32)
            .map(|i| 27_000.0 + f64::from(i.wrapping_mul(2_654_435_761) >> 20) * 0.01)
            .collect();
        for n in [2, 3, 20, 100] {
            let [variance, end, errors] = over_lines(&values, n, |window, _| {
                let fit = window.fit();
                [window.variance(0.0), fit.end, fit.squared_errors]
            });
            assert!(variance[..n - 1].iter().all(|v| v.is_nan()));
            for at in n - 1..values.len() {
                let (v, e, s) = naive(&values[at + 1 - n..=at]);
                assert!((variance[at] - v).abs() <= 1e-9 * v, "{n} {at}");
                assert!((end[at] - e).abs() <= 1e-12 * e, "{n} {at}");
                assert!(
                    (errors[at] - s).abs() <= 1e-9 * s.max(1e-3),
                    "{n} {at} {} {s}",
                    errors[at]
                );
            }
        }
    }

    #[test]
    fn a_flat_window_has_no_variance_and_a_hole_starts_again() {
        let mut values = vec![1e6, 3.7, 9e5];
        values.extend([0.1 + 0.2; 6]);
        values.extend([f64::NAN, 1.0, 2.0, 3.0, 4.0]);
        let [variance, errors] = over_lines(&values, 3, |window, _| {
            [window.variance(1.0), window.fit().squared_errors]
        });
        assert_eq!((&variance[5..9], &errors[5..9]), (&[0.0; 4][..], &[0.0; 4][..]));
        assert!(variance[9..12].iter().all(|v| v.is_nan()));
        assert_eq!((variance[12], errors[12], variance[13]), (1.0, 0.0, 1.0));
    }
}
