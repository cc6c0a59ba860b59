//! Charts: the bars of a series with indicators computed by the crate that the backtests use.

use promptpal_domain::{Bars, SeriesId, Timestamp};
use promptpal_indicators::{Indicator, Pane};

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
    /// Ids and parameters of what is drawn with them.
    pub indicators: Vec<(String, Vec<f64>)>,
}

/// One line of an indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The indicator's id.
    pub id: &'static str,
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
    /// [`AppError::Store`], or [`AppError::Indicator`] for an unknown indicator or parameters out of range.
    pub async fn chart(&self, query: ChartQuery) -> Result<Chart, AppError> {
        let limit = query.limit.clamp(1, MOST_BARS);
        let read = self
            .store()
            .last_bars(query.series, query.before, limit + WARM_UP)
            .await?;
        let shown = read.len().min(limit as usize);
        let hidden = read.len() - shown;
        let lines = tokio::task::spawn_blocking({
            let read = read.clone();
            move || compute(&read, hidden, &query.indicators)
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
}

fn compute(bars: &Bars, hidden: usize, wanted: &[(String, Vec<f64>)]) -> Result<Vec<Line>, AppError> {
    let mut lines = Vec::new();
    for (id, params) in wanted {
        let indicator = promptpal_indicators::find(id).ok_or_else(|| AppError::NotFound {
            what: "indicator",
            id: id.clone(),
        })?;
        let outputs = promptpal_indicators::compute(id, params, bars)?;
        let label = legend(indicator, params);
        let many = outputs.len() > 1;
        for output in outputs {
            let name = if many {
                format!("{label} {}", output.name)
            } else {
                label.clone()
            };
            let values = output.values.get(hidden..).unwrap_or_default().to_vec();
            lines.push(Line {
                id: indicator.id,
                name,
                pane: indicator.pane,
                values,
            });
        }
    }
    Ok(lines)
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
