//! Indicators: the catalogue and the lines of a chart.

use promptpal_app::causes::{Group, Indicator, IndicatorParam, InputKind, OutputSpec, Pane, Shape};
use promptpal_app::{Drawn, Line};
use promptpal_domain::SeriesId;

use super::finite;
use crate::{
    IndicatorDto, IndicatorGroupDto, IndicatorInputDto, IndicatorLineDto, IndicatorOutputDto,
    IndicatorParamDto, IndicatorRequest, PaneDto, ShapeDto,
};

impl From<IndicatorRequest> for Drawn {
    fn from(request: IndicatorRequest) -> Self {
        Self {
            id: request.id,
            params: request.params,
            other: request.other.map(|id| SeriesId(id.into())),
        }
    }
}

impl From<Line> for IndicatorLineDto {
    fn from(line: Line) -> Self {
        Self {
            drawn: u32::try_from(line.drawn).unwrap_or(u32::MAX),
            id: line.id.to_owned(),
            output: line.output.to_owned(),
            name: line.name,
            pane: line.pane.into(),
            shape: line.shape.into(),
            values: line.values.into_iter().map(finite).collect(),
        }
    }
}

impl From<Pane> for PaneDto {
    fn from(pane: Pane) -> Self {
        match pane {
            Pane::Overlay => Self::Overlay,
            Pane::Own => Self::Own,
        }
    }
}

impl From<Shape> for ShapeDto {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::Line => Self::Line,
            Shape::Histogram => Self::Histogram,
            Shape::Points => Self::Points,
            Shape::Hidden => Self::Hidden,
        }
    }
}

impl From<Group> for IndicatorGroupDto {
    fn from(group: Group) -> Self {
        match group {
            Group::Averages => Self::Averages,
            Group::Bands => Self::Bands,
            Group::Trend => Self::Trend,
            Group::Momentum => Self::Momentum,
            Group::Volatility => Self::Volatility,
            Group::Volume => Self::Volume,
            Group::Statistics => Self::Statistics,
        }
    }
}

impl From<InputKind> for IndicatorInputDto {
    fn from(input: InputKind) -> Self {
        match input {
            InputKind::Source => Self::Source,
            InputKind::Bars => Self::Bars,
            InputKind::Other => Self::Other,
        }
    }
}

impl From<&Indicator> for IndicatorDto {
    fn from(indicator: &Indicator) -> Self {
        let param = |spec: &IndicatorParam| IndicatorParamDto {
            name: spec.name.to_owned(),
            about: spec.about.to_owned(),
            default: spec.default,
            min: spec.min,
            max: spec.max,
            integer: spec.integer,
        };
        let output = |spec: &OutputSpec| IndicatorOutputDto {
            id: spec.id.to_owned(),
            title: spec.title.to_owned(),
            shape: spec.shape.into(),
        };
        Self {
            id: indicator.id.to_owned(),
            title: indicator.title.to_owned(),
            about: indicator.about.to_owned(),
            formula: indicator.formula.to_owned(),
            group: indicator.group.into(),
            input: indicator.input.into(),
            pane: indicator.pane.into(),
            params: indicator.params.iter().map(param).collect(),
            outputs: indicator.outputs.iter().map(output).collect(),
        }
    }
}
