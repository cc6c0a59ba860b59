//! Stored backtests.

use std::path::Path;

use promptpal_backtest::{Report, RollingSharpe, TradeSpread, rolling_sharpe, trade_spread};
use promptpal_domain::{RunId, RunSummary, Series, SeriesId, SeriesKey};
use promptpal_store::EquityCurve;
use sha2::{Digest, Sha256};

use crate::bus::Event;
use crate::report::{RunFile, RunFormat};
use crate::{App, AppError};

/// Runs listed.
const LISTED: u32 = 2_000;
/// Points of a curve that a screen can show.
const POINTS: usize = 2_000;

/// A run in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct RunLine {
    /// Its figures.
    pub summary: RunSummary,
    /// The series it ran on, while that is stored.
    pub series: Option<SeriesId>,
    /// Those of its other symbols, in their order.
    pub others: Vec<Option<SeriesId>>,
}

impl RunLine {
    fn of(summary: RunSummary, stored: &[Series]) -> Self {
        let id_of = |key: &SeriesKey| {
            stored
                .iter()
                .find(|series| series.key == *key)
                .map(|series| series.id)
        };
        let others = summary.others.iter().map(|symbol| {
            id_of(&SeriesKey {
                symbol: symbol.clone(),
                ..summary.series.clone()
            })
        });
        Self {
            others: others.collect(),
            series: id_of(&summary.series),
            summary,
        }
    }
}

/// A run in full.
#[derive(Clone, Debug)]
pub struct RunView {
    /// Its line in the list.
    pub line: RunLine,
    /// Its report.
    pub report: Report,
    /// Its curves, thinned so that highs and lows stay.
    pub curve: EquityCurve,
    /// Fall from the highest equity so far at each point of the curve.
    pub drawdown: Vec<f64>,
    /// Its Sharpe ratio over time.
    pub rolling: RollingSharpe,
    /// How its trades' returns are spread.
    pub spread: TradeSpread,
    /// SHA-256 over the bytes of the stored report, lower-case hex: equal for reports that are the same to the byte.
    pub digest: String,
}

impl App {
    /// The newest runs.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn runs(&self) -> Result<Vec<RunLine>, AppError> {
        let series = self.store().list_series().await?;
        let line = |summary| RunLine::of(summary, &series);
        Ok(self.store().runs(LISTED).await?.into_iter().map(line).collect())
    }

    /// One run with its report.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn run_report(&self, id: RunId) -> Result<RunView, AppError> {
        let run = self.store().run(id).await?;
        let stored = self.store().list_series().await?;
        let report = read_report(id, &run.report)?;
        let digest = format!("{:x}", Sha256::digest(&run.report));
        let drawdown = drawdown(report.config.cash, &run.equity.equity);
        let kept = kept_points(&run.equity.equity, POINTS);
        let pick = |column: &[f64]| {
            kept.iter()
                .filter_map(|index| column.get(*index).copied())
                .collect()
        };
        let curve = EquityCurve {
            time: kept
                .iter()
                .filter_map(|index| run.equity.time.get(*index).copied())
                .collect(),
            equity: pick(&run.equity.equity),
            benchmark: pick(&run.equity.benchmark),
        };
        let drawdown = pick(&drawdown);
        let year = report.config.days_per_year;
        Ok(RunView {
            rolling: rolling_sharpe(&run.equity.time, &run.equity.equity, year),
            spread: trade_spread(report.trades.iter().map(|trade| trade.return_pct)),
            line: RunLine::of(run.summary, &stored),
            report,
            curve,
            drawdown,
            digest,
        })
    }

    /// Deletes a run.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn delete_run(&self, id: RunId) -> Result<(), AppError> {
        self.store().delete_run(id).await?;
        self.bus().announce(Event::RunFinished(id));
        Ok(())
    }

    /// Keeps a note with a run.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn set_run_note(&self, id: RunId, note: &str) -> Result<(), AppError> {
        self.store().set_run_note(id, note).await?;
        self.bus().announce(Event::RunFinished(id));
        Ok(())
    }

    /// Writes a run's report to a file, which appears when it is complete.
    ///
    /// # Errors
    /// [`AppError::Store`], also for a file that cannot be written.
    pub async fn export_run(&self, id: RunId, format: RunFormat, path: &Path) -> Result<(), AppError> {
        let run = self.store().run(id).await?;
        let path = path.to_owned();
        tokio::task::spawn_blocking(move || {
            if format == RunFormat::Json {
                return Ok(promptpal_store::write_file(&path, &run.report)?);
            }
            let file = RunFile {
                report: &read_report(id, &run.report)?,
                curve: &run.equity,
                series: &name_of(&run.summary),
            };
            file.write(format, &path)
        })
        .await?
    }
}

/// What a run is on, for people.
pub(crate) fn name_of(run: &RunSummary) -> String {
    let others: Vec<String> = run.others.iter().map(|symbol| format!(", {symbol}")).collect();
    format!("{}{}", run.series, others.concat())
}

fn read_report(id: RunId, bytes: &[u8]) -> Result<Report, AppError> {
    serde_json::from_slice(bytes).map_err(|_| {
        AppError::invalid(
            format!("run {} was stored by another version", id.0),
            "Run the backtest again.",
        )
    })
}

pub(crate) fn drawdown(cash: f64, equity: &[f64]) -> Vec<f64> {
    let mut peak = cash;
    let fall = |value: &f64| {
        peak = peak.max(*value);
        value / peak - 1.0
    };
    equity.iter().map(fall).collect()
}

/// Indices of at most `points` values, ascending: of each stretch the lowest and the highest, and both ends.
pub(crate) fn kept_points(values: &[f64], points: usize) -> Vec<usize> {
    if values.len() <= points {
        return (0..values.len()).collect();
    }
    let stretch = values.len().div_ceil((points / 2).max(1)).max(1);
    let mut kept = vec![0];
    for (number, part) in values.chunks(stretch).enumerate() {
        let by = |a: &(usize, &f64), b: &(usize, &f64)| a.1.total_cmp(b.1);
        let low = part.iter().enumerate().min_by(by).map_or(0, |(index, _)| index);
        let high = part.iter().enumerate().max_by(by).map_or(0, |(index, _)| index);
        for index in [low.min(high), low.max(high)] {
            kept.push(number * stretch + index);
        }
    }
    kept.push(values.len() - 1);
    kept.dedup();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_ends_and_extremes() {
        let values: Vec<f64> = (0..10_000)
            .map(|i| if i == 5_003 { 9e9 } else { f64::from(i % 97) })
            .collect();
        let kept = kept_points(&values, 200);
        assert!(kept.len() <= 203, "{}", kept.len());
        assert!(kept.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!((kept[0], kept[kept.len() - 1]), (0, 9_999));
        assert!(kept.contains(&5_003));
        assert_eq!(kept_points(&[1.0, 2.0], 200), [0, 1]);
        assert!(kept_points(&[], 200).is_empty());
    }

    #[test]
    fn drawdown_counts_from_the_cash() {
        assert_eq!(drawdown(100.0, &[90.0, 120.0, 60.0]), [0.9 - 1.0, 0.0, -0.5]);
    }
}
