//! Sweeps.

use promptpal_app::causes::{Absence, Metrics, Overfitting, SweepRow};
use promptpal_app::{SweepAxis, SweepLine, SweepView};

use super::backtest::values;
use super::id;
use crate::{
    AbsenceDto, BacktestRequest, DeflatedSharpeDto, OverfittingDto, OverfittingProbabilityDto, SweepAxisDto,
    SweepDto, SweepFiguresDto, SweepReportDto, SweepRequest, SweepRowDto,
};

impl From<SweepAxisDto> for SweepAxis {
    fn from(axis: SweepAxisDto) -> Self {
        let SweepAxisDto { name, from, to, step } = axis;
        Self { name, from, to, step }
    }
}

impl From<SweepRequest> for promptpal_app::SweepRequest {
    fn from(request: SweepRequest) -> Self {
        Self {
            run: request.run.into(),
            axes: request.axes.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<promptpal_app::SweepRequest> for SweepRequest {
    fn from(request: promptpal_app::SweepRequest) -> Self {
        let run = request.run;
        let axis = |SweepAxis { name, from, to, step }| SweepAxisDto { name, from, to, step };
        Self {
            run: BacktestRequest {
                strategy: run.strategy,
                series_id: id(run.series),
                other_ids: run.others.into_iter().map(id).collect(),
                from: run.from.map(Into::into),
                to: run.to.map(Into::into),
                terms: run.terms.into(),
            },
            axes: request.axes.into_iter().map(axis).collect(),
        }
    }
}

impl From<SweepLine> for SweepDto {
    fn from(line: SweepLine) -> Self {
        let sweep = line.summary;
        Self {
            id: id(sweep.id.0),
            strategy: sweep.strategy,
            series_id: line.series.map(|series| id(series.0)),
            venue: sweep.series.venue.to_string(),
            symbol: sweep.series.symbol.to_string(),
            interval: sweep.series.interval.to_string(),
            from: sweep.span.from().into(),
            to: sweep.span.to().into(),
            axes: sweep.axes,
            runs: sweep.runs,
            finished: sweep.finished.into(),
            hash: sweep.hash,
        }
    }
}

impl From<Metrics> for SweepFiguresDto {
    fn from(metrics: Metrics) -> Self {
        Self {
            total_return: metrics.total_return,
            sharpe: metrics.bar_sharpe_ddof1,
            sortino: metrics.bar_sortino,
            max_drawdown: metrics.max_drawdown,
            trades: metrics.n_closed_trades as u64,
            win_rate: metrics.win_rate,
            profit_factor: metrics.profit_factor,
        }
    }
}

impl From<SweepRow> for SweepRowDto {
    fn from(row: SweepRow) -> Self {
        Self {
            values: row.params.into_iter().map(|(_, value)| value).collect(),
            figures: row.metrics.map(Into::into),
            problem: row.problem,
        }
    }
}

impl From<Absence> for AbsenceDto {
    fn from(absence: Absence) -> Self {
        match absence {
            Absence::NoTrials => Self::NoTrials,
            Absence::OneTrial => Self::OneTrial,
            Absence::EqualTrials => Self::EqualTrials,
            Absence::FewBars => Self::FewBars,
            Absence::Undefined => Self::Undefined,
        }
    }
}

impl From<&Overfitting> for OverfittingDto {
    fn from(found: &Overfitting) -> Self {
        let deflated = found.deflated_sharpe.found().map(|found| DeflatedSharpeDto {
            value: found.value,
            sharpe: found.sharpe,
            expected_maximum: found.expected_maximum,
            skewness: found.skewness,
            kurtosis: found.kurtosis,
        });
        let probability = found
            .overfitting_probability
            .found()
            .map(|found| OverfittingProbabilityDto {
                value: found.value,
                parts: u32::try_from(found.parts).unwrap_or(u32::MAX),
                combinations: found.combinations,
            });
        Self {
            trials: found.trials as u64,
            best: found.best.map(|row| row as u64),
            deflated_sharpe: deflated,
            no_deflated_sharpe: found.deflated_sharpe.absence().map(Into::into),
            probability,
            no_probability: found.overfitting_probability.absence().map(Into::into),
        }
    }
}

impl From<SweepView> for SweepReportDto {
    fn from(view: SweepView) -> Self {
        let SweepView { line, request, sweep } = view;
        Self {
            sweep: line.into(),
            request: request.into(),
            params: values(sweep.params),
            bars: sweep.bars as u64,
            benchmark_return: sweep.benchmark.total_return,
            overfitting: (&sweep.overfitting).into(),
            rows: sweep.rows.into_iter().map(Into::into).collect(),
        }
    }
}
