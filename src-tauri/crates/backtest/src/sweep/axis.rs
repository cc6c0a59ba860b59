//! The values that are tried of a parameter.

use std::str::FromStr;

use crate::{BacktestError, MAX_SWEEP_RUNS, Script};

/// A parameter and the values of it that are tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    name: String,
    values: Values,
}

#[derive(Clone, Debug, PartialEq)]
enum Values {
    Each(Vec<f64>),
    /// Both ends belong to it; without a step it is the parameter's own.
    Range {
        from: f64,
        to: f64,
        step: Option<f64>,
    },
}

/// A text that is no axis.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' names no values to try: {problem}")]
pub struct AxisError {
    text: String,
    problem: &'static str,
}

impl FromStr for Axis {
    type Err = AxisError;

    /// `fast=2..100:2` from 2 to 100 by steps of 2, `fast=2..100` by the parameter's own step, `fast=5,8,13` these.
    fn from_str(text: &str) -> Result<Self, AxisError> {
        let wrong = |problem| AxisError {
            text: text.to_owned(),
            problem,
        };
        let number = |text: &str| {
            let number = text
                .trim()
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite());
            number.ok_or_else(|| wrong("write NAME=FROM..TO:STEP, NAME=FROM..TO or NAME=A,B,C with numbers"))
        };
        let (name, values) = text
            .split_once('=')
            .ok_or_else(|| wrong("write NAME=FROM..TO:STEP or NAME=A,B,C"))?;
        let values = match values.split_once("..") {
            Some((from, rest)) => {
                let (to, step) = match rest.split_once(':') {
                    Some((to, step)) => (to, Some(number(step)?)),
                    None => (rest, None),
                };
                Self::checked(number(from)?, number(to)?, step).map_err(wrong)?
            }
            None => {
                let each = values.split(',').map(number).collect::<Result<Vec<_>, _>>()?;
                if each
                    .iter()
                    .enumerate()
                    .any(|(at, value)| each.iter().skip(at + 1).any(|other| other == value))
                {
                    return Err(wrong("a value is there twice"));
                }
                Values::Each(each)
            }
        };
        Ok(Self {
            name: name.trim().to_owned(),
            values,
        })
    }
}

impl Axis {
    /// An axis of these values.
    #[must_use]
    pub fn of(name: &str, values: Vec<f64>) -> Self {
        Self {
            name: name.to_owned(),
            values: Values::Each(values),
        }
    }

    /// An axis from one value to another, by steps.
    ///
    /// # Errors
    /// [`AxisError`] for numbers that are none, a first value above the last, or a step that is not above 0.
    pub fn range(name: &str, from: f64, to: f64, step: f64) -> Result<Self, AxisError> {
        let values = if [from, to, step].iter().all(|number| number.is_finite()) {
            Self::checked(from, to, Some(step))
        } else {
            Err("give numbers")
        };
        Ok(Self {
            name: name.to_owned(),
            values: values.map_err(|problem| AxisError {
                text: format!("{name}={from}..{to}:{step}"),
                problem,
            })?,
        })
    }

    fn checked(from: f64, to: f64, step: Option<f64>) -> Result<Values, &'static str> {
        if from > to {
            return Err("the first value is above the last");
        }
        if step.is_some_and(|step| step <= 0.0) {
            return Err("the step must be above 0");
        }
        Ok(Values::Range { from, to, step })
    }

    /// Name of the parameter.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The values, where a parameter's own step is known; no more than a sweep may have runs.
    fn values(&self, own_step: f64) -> Vec<f64> {
        match &self.values {
            Values::Each(values) => values.clone(),
            Values::Range { from, to, step } => {
                let step = step.unwrap_or(own_step);
                // A last value that rounding puts just beyond the end still belongs.
                let steps = ((to - from) / step + 1e-9).floor().min(MAX_SWEEP_RUNS as f64) as usize;
                (0..=steps).map(|i| clean(from + step * i as f64)).collect()
            }
        }
    }
}

/// Without what rounding left: 0.1 * 3 as 0.3.
fn clean(value: f64) -> f64 {
    const DECIMALS: f64 = 1e10;
    let cleaned = (value * DECIMALS).round() / DECIMALS;
    if cleaned.is_finite() { cleaned } else { value }
}

/// Every combination of the axes' values, the last axis changing fastest.
///
/// # Errors
/// [`BacktestError::UnknownParam`], [`BacktestError::ParamOutOfBounds`] and [`BacktestError::WholeParam`] for a value that the
/// script does not take; [`BacktestError::Sweep`] for no axis, one that is there twice or is given as a parameter as well, or too many
/// runs.
pub(super) fn combinations(
    script: &Script,
    axes: &[Axis],
    params: &[(String, f64)],
) -> Result<Vec<Vec<(String, f64)>>, BacktestError> {
    if axes.is_empty() {
        return Err(BacktestError::Sweep(
            "there is no parameter to try values of".to_owned(),
        ));
    }
    let mut combinations = vec![Vec::new()];
    for (at, axis) in axes.iter().enumerate() {
        let twice = axes.iter().take(at).any(|other| other.name == axis.name);
        if twice || params.iter().any(|(name, _)| *name == axis.name) {
            return Err(BacktestError::Sweep(format!("'{}' is given twice", axis.name)));
        }
        let spec = script.params().iter().find(|spec| spec.name == axis.name);
        let values = axis.values(spec.map_or(1.0, |spec| spec.step));
        for &value in &values {
            script.resolve(&[(axis.name.clone(), value)])?;
        }
        if combinations.len().saturating_mul(values.len()) > MAX_SWEEP_RUNS {
            return Err(BacktestError::Sweep(format!(
                "that is more than {MAX_SWEEP_RUNS} runs: try fewer values"
            )));
        }
        combinations = combinations
            .iter()
            .flat_map(|so_far: &Vec<(String, f64)>| {
                values.iter().map(|&value| {
                    let tried = std::iter::once((axis.name.clone(), value));
                    so_far.iter().cloned().chain(tried).collect()
                })
            })
            .collect();
    }
    Ok(combinations)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_values() {
        let check = |text: &str, step: f64, expected: Result<&[f64], &str>| {
            let got = text.parse::<Axis>().map(|axis| axis.values(step));
            match (got, expected) {
                (Ok(got), Ok(expected)) => assert_eq!(got, expected, "{text}"),
                (Err(error), Err(expected)) => {
                    assert!(error.to_string().contains(expected), "{text}: {error}");
                }
                (got, _) => panic!("{text}: {got:?}"),
            }
        };
        check("fast=2..10:2", 1.0, Ok(&[2.0, 4.0, 6.0, 8.0, 10.0]));
        check("fast=2..9:2", 1.0, Ok(&[2.0, 4.0, 6.0, 8.0]));
        check("fast=2..4", 1.0, Ok(&[2.0, 3.0, 4.0]));
        check("stop=0.1..0.5", 0.1, Ok(&[0.1, 0.2, 0.3, 0.4, 0.5]));
        check("stop = 1, 2.5,0", 1.0, Ok(&[1.0, 2.5, 0.0]));
        check("x=-2..-1", 1.0, Ok(&[-2.0, -1.0]));
        check("x=3..3:1", 1.0, Ok(&[3.0]));
        check("fast", 1.0, Err("NAME=FROM"));
        check("fast=", 1.0, Err("with numbers"));
        check("fast=1..x", 1.0, Err("with numbers"));
        check("fast=1..inf", 1.0, Err("with numbers"));
        check("fast=5..1", 1.0, Err("above the last"));
        check("fast=1..5:0", 1.0, Err("above 0"));
        check("fast=1,2,1", 1.0, Err("twice"));
    }

    #[test]
    fn a_range_is_the_same_as_its_text() {
        let text: Axis = "fast=2..9:2".parse().unwrap();
        assert_eq!(Axis::range("fast", 2.0, 9.0, 2.0), Ok(text));
        for (from, to, step) in [
            (5.0, 1.0, 1.0),
            (1.0, 5.0, 0.0),
            (1.0, f64::NAN, 1.0),
            (1.0, 2.0, f64::INFINITY),
        ] {
            assert!(Axis::range("fast", from, to, step).is_err());
        }
    }

    #[test]
    fn a_range_is_bounded() {
        let axis: Axis = "x=0..1e300:1e-300".parse().unwrap();
        assert_eq!(axis.values(1.0).len(), MAX_SWEEP_RUNS + 1);
    }
}
