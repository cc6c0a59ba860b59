//! The catalogue: what indicators there are, what they take and what they give.

use promptpal_domain::Bars;

use crate::{Column, Frame, IndicatorError};

/// What an indicator is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InputKind {
    /// One column of the user's choice, by default the close.
    Source,
    /// High, low, close, volume or times of the bars.
    Bars,
    /// One column of the user's choice held against the close, such as the price of another market. A chart of one market has
    /// none to offer.
    Other,
}

/// Where a chart draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pane {
    /// Over the candles: its values are prices.
    Overlay,
    /// In a pane of its own.
    Own,
}

/// How a chart draws one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A line.
    Line,
    /// Bars from zero.
    Histogram,
    /// A point for each bar: values that jump from side to side.
    Points,
    /// Not at all: a state for scripts, such as a direction.
    Hidden,
}

/// The shelf of the catalogue that an indicator stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// Moving averages and other lines that follow the price.
    Averages,
    /// Bands and channels around the price.
    Bands,
    /// Direction and strength of a trend, stops that trail it.
    Trend,
    /// Speed of the price: oscillators.
    Momentum,
    /// Size of the moves.
    Volatility,
    /// What the traded volume says.
    Volume,
    /// Distribution of the last values, levels.
    Statistics,
}

impl Group {
    /// Every group in the order of the catalogue.
    pub const ALL: [Self; 7] = [
        Self::Averages,
        Self::Bands,
        Self::Trend,
        Self::Momentum,
        Self::Volatility,
        Self::Volume,
        Self::Statistics,
    ];

    /// Its name for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Averages => "Averages",
            Self::Bands => "Bands and channels",
            Self::Trend => "Trend",
            Self::Momentum => "Momentum",
            Self::Volatility => "Volatility",
            Self::Volume => "Volume",
            Self::Statistics => "Statistics and levels",
        }
    }
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
    /// How a chart draws it.
    pub shape: Shape,
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
    /// Where it stands in the catalogue.
    pub group: Group,
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

/// Every indicator, group by group in the order of [`Group::ALL`].
pub fn all() -> impl Iterator<Item = &'static Indicator> {
    [
        averages::ALL,
        bands::ALL,
        trend::ALL,
        momentum::ALL,
        volatility::ALL,
        volume::ALL,
        statistics::ALL,
    ]
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
    let grid = crate::LazyGrid::new(bars.price_scale);
    let source = Column {
        values: &bars.close,
        grid: Some(&grid),
        whole: false,
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
    let columns = match indicator.input {
        InputKind::Source | InputKind::Other => (indicator.compute)(frame, &params)?,
        InputKind::Bars => {
            frame.on_bar_runs(indicator.outputs.len(), |part| (indicator.compute)(part, &params))?
        }
    };
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

    /// Whether its first argument in the strategy language is a column.
    #[must_use]
    pub fn takes_column(&self) -> bool {
        self.input != InputKind::Bars
    }

    /// How many bars at the start have no value yet (in the output that takes longest), for parameters in bounds. Levels of
    /// the day before begin with the second UTC day instead, however many bars that is: 0 here.
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

/// A number around which two bands lie.
const fn width(about: &'static str, default: f64) -> ParamSpec {
    factor("width", about, 0.1, 50.0, default)
}

const fn output(id: &'static str, title: &'static str) -> OutputSpec {
    drawn(id, title, Shape::Line)
}

const fn drawn(id: &'static str, title: &'static str, shape: Shape) -> OutputSpec {
    OutputSpec { id, title, shape }
}

/// Parameter `i` of a warm-up formula.
fn at(params: &[f64], i: usize) -> f64 {
    params.get(i).copied().unwrap_or(0.0)
}

/// One entry: id, title; group, input, pane; what it tells; source of the formula; parameters; outputs (none: one value of the
/// indicator's own name); then `lib(module)`, which states its own warm-up, or `warm_up => function`.
macro_rules! entry {
    ($id:literal, $title:literal; $group:ident, $input:ident, $pane:ident; $about:literal; $formula:literal; [$($param:expr),*]; []; $($rest:tt)+) => {
        entry!($id, $title; $group, $input, $pane; $about; $formula; [$($param),*]; [super::output("value", $title)]; $($rest)+)
    };
    ($id:literal, $title:literal; $group:ident, $input:ident, $pane:ident; $about:literal; $formula:literal; [$($param:expr),*]; [$($output:expr),+]; lib($($module:ident)::+)) => {
        entry!(
            $id, $title; $group, $input, $pane; $about; $formula; [$($param),*]; [$($output),+];
            $($module)::+::warm_up => $($module)::+::compute
        )
    };
    ($id:literal, $title:literal; $group:ident, $input:ident, $pane:ident; $about:literal; $formula:literal; [$($param:expr),*]; [$($output:expr),+]; $warm_up:expr => $compute:expr) => {
        Indicator {
            id: $id,
            title: $title,
            about: $about,
            formula: $formula,
            group: Group::$group,
            input: InputKind::$input,
            pane: Pane::$pane,
            params: &[$($param),*],
            outputs: &[$($output),+],
            warm_up: $warm_up,
            compute: $compute,
        }
    };
}

mod averages;
mod bands;
mod momentum;
mod statistics;
mod trend;
mod volatility;
mod volume;
