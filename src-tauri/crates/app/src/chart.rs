//! Charts: the bars of a series with indicators computed by the crate that the backtests use.

use promptpal_domain::{Bars, SeriesId, Span, Timestamp};
use promptpal_indicators::{Column, Frame, Indicator, InputKind, Output, Pane, Shape};

use crate::{App, AppError};

/// A chart never holds more bars.
pub const MOST_BARS: u32 = 20_000;
/// Bars read before the first one shown, so that indicators are warm where they have data to be.
const WARM_UP: u32 = 1_000;

/// Which bars to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartQuery {
    /// The series.
    pub series: SeriesId,
    /// Only bars that open before; the newest when `None`.
    pub before: Option<Timestamp>,
    /// At most so many, [`MOST_BARS`] at the most.
    pub limit: u32,
    /// What is drawn with them.
    pub indicators: Vec<Drawn>,
}

/// An indicator to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn {
    /// The indicator's id.
    pub id: String,
    /// Its parameters in the catalogue's order; those left out take their defaults.
    pub params: Vec<f64>,
    /// The series whose closes it is held against, for an indicator that takes a second one.
    pub other: Option<SeriesId>,
}

/// One line of an indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Which of the indicators asked for it belongs to, from 0.
    pub drawn: usize,
    /// The indicator's id.
    pub id: &'static str,
    /// The output's id: `upper`.
    pub output: &'static str,
    /// How it is drawn.
    pub shape: Shape,
    /// For the legend: "SMA 10".
    pub name: String,
    /// Where it is drawn.
    pub pane: Pane,
    /// As long as the bars; `NaN` where it has no value.
    pub values: Vec<f64>,
}

/// Bars with their indicators.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The bars, oldest first.
    pub bars: Bars,
    /// The lines asked for.
    pub lines: Vec<Line>,
    /// Whether there are older bars.
    pub has_older: bool,
}

/// What can be drawn.
pub fn indicators() -> impl Iterator<Item = &'static Indicator> {
    promptpal_indicators::all()
}

impl App {
    /// Loads a chart.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Indicator`] for parameters out of range, [`AppError::NotFound`] for an unknown
    /// indicator, or [`AppError::Invalid`] where it needs a second series and gets none that fits.
    pub async fn chart(&self, query: ChartQuery) -> Result<Chart, AppError> {
        let limit = query.limit.clamp(1, MOST_BARS);
        let read = self
            .store()
            .last_bars(query.series, query.before, limit + WARM_UP)
            .await?;
        let shown = read.len().min(limit as usize);
        let hidden = read.len() - shown;
        let mut wanted = Vec::with_capacity(query.indicators.len());
        for drawn in query.indicators {
            let other = self.other_closes(&drawn, &read).await?;
            wanted.push((drawn, other));
        }
        let lines = tokio::task::spawn_blocking({
            let read = read.clone();
            move || compute(&read, hidden, &wanted)
        })
        .await??;
        let bars = tail(read, hidden);
        let has_older = match (hidden, bars.open_time.first()) {
            (0, Some(first)) => {
                let first = Timestamp::from_millis(*first);
                !self
                    .store()
                    .last_bars(query.series, Some(first), 1)
                    .await?
                    .is_empty()
            }
            (hidden, _) => hidden > 0,
        };
        Ok(Chart {
            bars,
            lines,
            has_older,
        })
    }

    /// What an indicator of two series is held against, bar by bar; `None` for one that takes no second series.
    async fn other_closes(&self, drawn: &Drawn, bars: &Bars) -> Result<Option<Vec<f64>>, AppError> {
        let indicator = find(&drawn.id)?;
        if indicator.input != InputKind::Other {
            return Ok(None);
        }
        let Some(id) = drawn.other else {
            return Err(AppError::invalid(
                format!("{} needs a second series", indicator.title),
                "Choose the series that it is held against.",
            ));
        };
        let other = self.store().series(id).await?;
        if other.key.interval != bars.interval {
            return Err(AppError::invalid(
                format!("{} has bars of another length than the chart", other.key),
                "Choose a second series of the chart's interval.",
            ));
        }
        let (Some(first), Some(last)) = (bars.open_time.first(), bars.open_time.last()) else {
            return Ok(Some(Vec::new()));
        };
        let end = bars.interval.next(Timestamp::from_millis(*last));
        let span = Span::new(Timestamp::from_millis(*first), end)
            .map_err(|error| AppError::Internal(error.to_string()))?;
        let stored = self.store().bars(id, span).await?;
        Ok(Some(closes_at(&bars.open_time, &stored)))
    }
}

/// Lines of what is wanted, each with the closes of its second series where it has one.
fn compute(bars: &Bars, hidden: usize, wanted: &[(Drawn, Option<Vec<f64>>)]) -> Result<Vec<Line>, AppError> {
    let mut lines = Vec::new();
    for (number, (drawn, other)) in wanted.iter().enumerate() {
        let indicator = find(&drawn.id)?;
        let outputs = outputs_of(indicator, &drawn.params, bars, other.as_deref())?;
        let label = legend(indicator, &drawn.params);
        let shown = |shape: Shape| shape != Shape::Hidden;
        let many = indicator.outputs.iter().filter(|spec| shown(spec.shape)).count() > 1;
        for (spec, output) in indicator.outputs.iter().zip(outputs) {
            if !shown(spec.shape) {
                continue;
            }
            let name = if many {
                format!("{label} {}", output.name)
            } else {
                label.clone()
            };
            lines.push(Line {
                drawn: number,
                id: indicator.id,
                output: spec.id,
                shape: spec.shape,
                name,
                pane: indicator.pane,
                values: output.values.get(hidden..).unwrap_or_default().to_vec(),
            });
        }
    }
    Ok(lines)
}

fn find(id: &str) -> Result<&'static Indicator, AppError> {
    promptpal_indicators::find(id).ok_or_else(|| AppError::NotFound {
        what: "indicator",
        id: id.to_owned(),
    })
}

fn outputs_of(
    indicator: &Indicator,
    params: &[f64],
    bars: &Bars,
    other: Option<&[f64]>,
) -> Result<Vec<Output>, AppError> {
    let Some(values) = other else {
        return Ok(promptpal_indicators::compute(indicator.id, params, bars)?);
    };
    let source = Column::new(values);
    let frame = Frame::new(bars, source)?;
    Ok(promptpal_indicators::compute_on(indicator.id, params, &frame)?)
}

/// The closes of one series at the open times of another's bars; `NaN` where it has none.
fn closes_at(times: &[i64], other: &Bars) -> Vec<f64> {
    let mut rest = other.open_time.iter().zip(&other.close).peekable();
    let at = |time: &i64| {
        while rest.next_if(|(open, _)| *open < time).is_some() {}
        rest.next_if(|(open, _)| *open == time)
            .map_or(f64::NAN, |(_, close)| *close)
    };
    times.iter().map(at).collect()
}

/// "SMA 10": the short name and the parameters.
fn legend(indicator: &Indicator, params: &[f64]) -> String {
    let values = indicator
        .params
        .iter()
        .enumerate()
        .map(|(i, spec)| params.get(i).copied().unwrap_or(spec.default));
    values.fold(indicator.id.to_uppercase(), |label, value| {
        format!("{label} {value}")
    })
}

fn tail(bars: Bars, hidden: usize) -> Bars {
    let cut = |column: Vec<f64>| column.into_iter().skip(hidden).collect();
    Bars {
        open_time: bars.open_time.into_iter().skip(hidden).collect(),
        open: cut(bars.open),
        high: cut(bars.high),
        low: cut(bars.low),
        close: cut(bars.close),
        volume: cut(bars.volume),
        ..Bars::empty(bars.interval, bars.price_scale, bars.volume_scale)
    }
}

#[cfg(test)]
mod tests {
    use promptpal_domain::Interval;

    use super::*;

    fn bars(close: &[(i64, f64)]) -> Bars {
        let values: Vec<f64> = close.iter().map(|(_, value)| *value).collect();
        Bars {
            open_time: close.iter().map(|(time, _)| *time).collect(),
            open: values.clone(),
            high: values.clone(),
            low: values.clone(),
            volume: values.clone(),
            close: values,
            ..Bars::empty(Interval::Minute1, 2, 2)
        }
    }

    #[test]
    fn a_second_series_is_taken_at_the_same_open_times() {
        let other = bars(&[(0, 1.0), (60_000, 2.0), (180_000, 4.0), (300_000, 6.0)]);
        let taken = closes_at(&[60_000, 120_000, 180_000, 240_000, 300_000, 360_000], &other);
        let shown: Vec<Option<f64>> = taken
            .iter()
            .map(|value| (!value.is_nan()).then_some(*value))
            .collect();
        assert_eq!(shown, [Some(2.0), None, Some(4.0), None, Some(6.0), None]);
        assert!(closes_at(&[], &other).is_empty());
    }

    #[test]
    fn lines_know_whose_they_are_and_states_for_scripts_are_not_drawn() {
        let closes: Vec<(i64, f64)> = (0..80).map(|i| (i * 60_000, 100.0 + (i % 7) as f64)).collect();
        let bars = bars(&closes);
        let drawn = |id: &str| {
            let drawn = Drawn {
                id: id.to_owned(),
                ..Drawn::default()
            };
            (drawn, None)
        };
        let lines = compute(&bars, 10, &[drawn("macd"), drawn("supertrend"), drawn("macd")]).unwrap();
        let of = |number: usize| -> Vec<(&str, Shape)> {
            lines
                .iter()
                .filter(|line| line.drawn == number)
                .map(|line| (line.output, line.shape))
                .collect()
        };
        assert_eq!(of(0), of(2));
        assert_eq!(of(0).len(), 3);
        assert!(of(0).contains(&("histogram", Shape::Histogram)), "{:?}", of(0));
        assert!(!of(1).is_empty());
        assert!(
            lines
                .iter()
                .all(|line| line.shape != Shape::Hidden && line.values.len() == 70)
        );
    }

    #[test]
    fn correlation_is_held_against_the_second_series() {
        let closes: Vec<(i64, f64)> = (0..60).map(|i| (i * 60_000, 100.0 + (i % 7) as f64)).collect();
        let bars = bars(&closes);
        let against: Vec<f64> = bars.close.iter().map(|close| -close).collect();
        let drawn = Drawn {
            id: "correlation".to_owned(),
            params: vec![20.0],
            other: Some(SeriesId(2)),
        };
        let lines = compute(&bars, 0, &[(drawn, Some(against))]).unwrap();
        let last = lines
            .first()
            .and_then(|line| line.values.last())
            .copied()
            .unwrap();
        assert!((last + 1.0).abs() < 1e-9, "{last}");
    }
}
