//! The catalogue: what indicators there are, what they take and what they give.

mod averages;
mod bands;
mod oscillators;
mod volume;

use promptpal_domain::Bars;

use crate::{Column, Frame, IndicatorError};

/// What an indicator is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InputKind {
    /// One column of the user's choice, by default the close.
    Source,
    /// High, low, close, volume or times of the bars.
    Bars,
}

/// Where a chart draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pane {
    /// Over the candles: its values are prices.
    Overlay,
    /// In a pane of its own.
    Own,
}

/// A parameter of an indicator.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamSpec {
    /// Its name in the strategy language and in settings.
    pub name: &'static str,
    /// What it does, with its unit.
    pub about: &'static str,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// Value where none is given.
    pub default: f64,
    /// Whether only whole numbers count.
    pub integer: bool,
}

/// One of the columns an indicator gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputSpec {
    /// Its name in the strategy language: `bollinger(close).upper`.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
}

type Compute = fn(&Frame<'_>, &[f64]) -> Result<Vec<Vec<f64>>, IndicatorError>;

/// An indicator of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Indicator {
    /// Its name in the strategy language and in settings; never changes.
    pub id: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it tells, in a sentence.
    pub about: &'static str,
    /// Where the formula comes from.
    pub formula: &'static str,
    /// What it is computed from.
    pub input: InputKind,
    /// Where it is drawn.
    pub pane: Pane,
    /// What it takes, in order.
    pub params: &'static [ParamSpec],
    /// What it gives, in order; the first is the main one.
    pub outputs: &'static [OutputSpec],
    warm_up: fn(&[f64]) -> f64,
    compute: Compute,
}

/// One computed column.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The output's id.
    pub name: &'static str,
    /// A value for each bar; `NaN` where there is none.
    pub values: Vec<f64>,
}

/// Every indicator, grouped: averages, bands and channels, oscillators, volume.
pub fn all() -> impl Iterator<Item = &'static Indicator> {
    [averages::ALL, bands::ALL, oscillators::ALL, volume::ALL]
        .into_iter()
        .flatten()
}

/// The indicator with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Indicator> {
    all().find(|indicator| indicator.id == id)
}

/// Computes an indicator on the bars; one with a free source takes the close. Missing parameters take their defaults.
///
/// # Errors
/// [`IndicatorError`] for an unknown id, parameters out of bounds, or columns of unequal length.
pub fn compute(id: &str, params: &[f64], bars: &Bars) -> Result<Vec<Output>, IndicatorError> {
    let grid = crate::Grid::of(&bars.close, bars.price_scale);
    let source = Column {
        values: &bars.close,
        grid: grid.as_ref(),
    };
    compute_on(id, params, &Frame::new(bars, source)?)
}

/// Computes an indicator on a source column of the caller's choice.
///
/// # Errors
/// [`IndicatorError`] for an unknown id or parameters out of bounds.
pub fn compute_on(id: &str, params: &[f64], frame: &Frame<'_>) -> Result<Vec<Output>, IndicatorError> {
    let indicator = find(id).ok_or_else(|| IndicatorError::Unknown(id.to_owned()))?;
    let params = indicator.complete(params)?;
    let columns = (indicator.compute)(frame, &params)?;
    Ok(indicator
        .outputs
        .iter()
        .zip(columns)
        .map(|(spec, values)| Output {
            name: spec.id,
            values,
        })
        .collect())
}

impl Indicator {
    /// Checks the parameters given and fills in the defaults of the rest.
    ///
    /// # Errors
    /// [`IndicatorError::TooManyParams`] and [`IndicatorError::Param`].
    pub fn complete(&self, given: &[f64]) -> Result<Vec<f64>, IndicatorError> {
        if given.len() > self.params.len() {
            let expected = self.params.len();
            return Err(IndicatorError::TooManyParams {
                indicator: self.id,
                expected,
                given: given.len(),
            });
        }
        let values = given.iter().map(Some).chain(std::iter::repeat(None));
        self.params
            .iter()
            .zip(values)
            .map(|(spec, given)| {
                let &value = given.unwrap_or(&spec.default);
                let fits = (spec.min..=spec.max).contains(&value) && (!spec.integer || value.fract() == 0.0);
                if fits {
                    return Ok(value);
                }
                Err(IndicatorError::Param {
                    indicator: self.id,
                    param: spec.name,
                    given: value,
                    min: spec.min,
                    max: spec.max,
                    integer: spec.integer,
                })
            })
            .collect()
    }

    /// How many bars at the start have no value yet (in the output that takes longest), for parameters in bounds.
    ///
    /// # Errors
    /// As [`Indicator::complete`].
    pub fn warm_up(&self, params: &[f64]) -> Result<usize, IndicatorError> {
        Ok((self.warm_up)(&self.complete(params)?) as usize)
    }
}

/// A whole number of bars.
const fn bars(name: &'static str, about: &'static str, min: f64, default: f64) -> ParamSpec {
    ParamSpec {
        name,
        about,
        min,
        max: 5_000.0,
        default,
        integer: true,
    }
}

/// A number with decimals.
const fn factor(name: &'static str, about: &'static str, min: f64, max: f64, default: f64) -> ParamSpec {
    ParamSpec {
        name,
        about,
        min,
        max,
        default,
        integer: false,
    }
}

const fn output(id: &'static str, title: &'static str) -> OutputSpec {
    OutputSpec { id, title }
}

/// Parameter `i` of a warm-up formula.
fn at(params: &[f64], i: usize) -> f64 {
    params.get(i).copied().unwrap_or(0.0)
}
