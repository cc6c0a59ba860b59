//! Indicators: the catalogue, what is asked for, and the lines that come of it.

use serde::{Deserialize, Serialize};

/// An indicator to be drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorRequest {
    /// Its id in the catalogue: `sma`.
    pub id: String,
    /// Its parameters in the catalogue's order.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub params: Vec<f64>,
    /// The series whose closes it is held against, for one whose input is `other`.
    pub other: Option<i32>,
}

/// Where an indicator is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum PaneDto {
    /// On the candles.
    Overlay,
    /// In a pane of its own.
    Own,
}

/// The shelf of the catalogue that an indicator stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum IndicatorGroupDto {
    /// Moving averages and other lines that follow the price.
    Averages,
    /// Bands and channels around the price.
    Bands,
    /// Direction and strength of a trend.
    Trend,
    /// Oscillators.
    Momentum,
    /// Size of the moves.
    Volatility,
    /// What the traded volume says.
    Volume,
    /// Distribution of the last values, levels.
    Statistics,
}

/// What an indicator is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum IndicatorInputDto {
    /// The close.
    Source,
    /// The bars.
    Bars,
    /// The close, held against that of a second series.
    Other,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum ShapeDto {
    /// A line.
    Line,
    /// Bars from zero.
    Histogram,
    /// A point for each bar.
    Points,
    /// Not at all: a state for scripts.
    Hidden,
}

/// A parameter of an indicator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorParamDto {
    /// Its name.
    pub name: String,
    /// What it does, with its unit.
    pub about: String,
    /// Taken when none is given.
    #[specta(type = specta_typescript::Number)]
    pub default: f64,
    /// Least value.
    #[specta(type = specta_typescript::Number)]
    pub min: f64,
    /// Greatest value.
    #[specta(type = specta_typescript::Number)]
    pub max: f64,
    /// Whether only whole numbers count.
    pub integer: bool,
}

/// One of the columns an indicator gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorOutputDto {
    /// Its name in scripts: `upper`.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// How it is drawn.
    pub shape: ShapeDto,
}

/// An indicator that can be drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorDto {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// What it tells, in a sentence.
    pub about: String,
    /// Where the formula comes from.
    pub formula: String,
    /// Where it stands in the catalogue.
    pub group: IndicatorGroupDto,
    /// What it is computed from.
    pub input: IndicatorInputDto,
    /// Where it is drawn.
    pub pane: PaneDto,
    /// Its parameters.
    pub params: Vec<IndicatorParamDto>,
    /// What it gives, in order; the first is the main one.
    pub outputs: Vec<IndicatorOutputDto>,
}

/// One line of an indicator, as long as the chart's columns; null while it warms up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct IndicatorLineDto {
    /// Which of the indicators asked for it belongs to, from 0.
    pub drawn: u32,
    /// The indicator's id.
    pub id: String,
    /// The output's id: `upper`.
    pub output: String,
    /// For the legend: "SMA 10".
    pub name: String,
    /// Where it is drawn.
    pub pane: PaneDto,
    /// How it is drawn.
    pub shape: ShapeDto,
    /// Its values.
    #[specta(type = Vec<Option<specta_typescript::Number>>)]
    pub values: Vec<Option<f64>>,
}
