//! Strategies, backtests, reports.

use promptpal_app::causes::{ParamSpec, ScriptError, TradeRecord};
use promptpal_app::{RunFormat, RunLine, RunView, StrategyView};
use serde_json::Value;

use super::{finite, id};
use crate::{
    BacktestRequest, EquityDto, MetricDto, MonthDto, OpenPositionDto, OtherDto, ParamDto, ParamValue,
    RollingDto, RunDto, RunFormatDto, RunReportDto, ScriptProblemDto, SpreadDto, StrategyDto, TermsDto,
    TimeMs, TradeDto,
};

impl From<&ParamSpec> for ParamDto {
    fn from(spec: &ParamSpec) -> Self {
        Self {
            name: spec.name.clone(),
            about: spec.about.clone(),
            default: spec.default,
            min: finite(spec.min),
            max: finite(spec.max),
            step: finite(spec.step),
        }
    }
}

impl From<StrategyView> for StrategyDto {
    fn from(view: StrategyView) -> Self {
        let script = view.script.as_ref();
        Self {
            params: script
                .map(|script| script.params().iter().map(Into::into).collect())
                .unwrap_or_default(),
            rotates: script.is_some_and(promptpal_app::causes::Script::rotates),
            uses_sentiment: script.is_some_and(promptpal_app::causes::Script::uses_sentiment),
            id: view.id,
            title: view.title,
            about: view.about,
            builtin: view.builtin,
            source: view.source,
        }
    }
}

impl From<BacktestRequest> for promptpal_app::BacktestRequest {
    fn from(request: BacktestRequest) -> Self {
        Self {
            strategy: request.strategy,
            script: None,
            series: request.series_id.into(),
            others: request.other_ids.into_iter().map(Into::into).collect(),
            from: request.from.map(Into::into),
            to: request.to.map(Into::into),
            terms: request.terms.into(),
        }
    }
}

impl From<ScriptError> for ScriptProblemDto {
    fn from(error: ScriptError) -> Self {
        Self {
            line: u32::try_from(error.line).unwrap_or(0),
            column: u32::try_from(error.column).unwrap_or(0),
            message: error.message,
            hint: error.hint,
        }
    }
}

pub(super) fn values(params: Vec<(String, f64)>) -> Vec<ParamValue> {
    params
        .into_iter()
        .map(|(name, value)| ParamValue { name, value })
        .collect()
}

impl From<RunLine> for RunDto {
    fn from(line: RunLine) -> Self {
        let run = line.summary;
        let ids = line
            .others
            .into_iter()
            .map(|series| series.map(|series| id(series.0)));
        let others = run.others.iter().map(ToString::to_string).zip(ids);
        Self {
            others: others
                .map(|(symbol, series_id)| OtherDto { symbol, series_id })
                .collect(),
            id: id(run.id.0),
            strategy: run.strategy,
            series_id: line.series.map(|series| id(series.0)),
            venue: run.series.venue.to_string(),
            symbol: run.series.symbol.to_string(),
            interval: run.series.interval.to_string(),
            from: run.span.from().into(),
            to: run.span.to().into(),
            params: values(run.params),
            finished: run.finished.into(),
            bars: run.bars,
            gaps: run.gaps,
            trades: run.trades,
            total_return: run.total_return,
            benchmark_return: run.benchmark_return,
            sharpe: run.sharpe,
            max_drawdown: run.max_drawdown,
            hash: run.hash,
            note: run.note,
        }
    }
}

impl From<TradeRecord> for TradeDto {
    fn from(trade: TradeRecord) -> Self {
        Self {
            symbol: trade.symbol.map(String::from),
            short: trade.size < 0.0,
            entry_time: TimeMs(trade.entry_time),
            exit_time: TimeMs(trade.exit_time),
            entry_price: trade.entry_price,
            exit_price: trade.exit_price,
            size: trade.size,
            pnl: trade.pnl,
            return_pct: trade.return_pct,
            reason: trade.reason.as_str().to_owned(),
        }
    }
}

impl From<RunFormatDto> for RunFormat {
    fn from(format: RunFormatDto) -> Self {
        match format {
            RunFormatDto::Json => Self::Json,
            RunFormatDto::Html => Self::Html,
            RunFormatDto::Trades => Self::Trades,
            RunFormatDto::Equity => Self::Equity,
        }
    }
}

/// Figures under the names that the report's JSON has.
fn metrics(figures: impl serde::Serialize) -> Vec<MetricDto> {
    let Ok(Value::Object(map)) = serde_json::to_value(figures) else {
        return Vec::new();
    };
    let number = |(name, value): (String, Value)| match value {
        Value::Number(_) | Value::Null => Some(MetricDto {
            id: name,
            value: value.as_f64(),
        }),
        _ => None,
    };
    map.into_iter().filter_map(number).collect()
}

impl From<RunView> for RunReportDto {
    fn from(view: RunView) -> Self {
        let RunView {
            line,
            report,
            curve,
            drawdown,
            rolling,
            spread,
            digest,
        } = view;
        let (days, sharpe): (Vec<i64>, Vec<f64>) = rolling.points.into_iter().unzip();
        let month = |month: promptpal_app::causes::MonthReturn| MonthDto {
            year: i32::try_from(month.year).unwrap_or(i32::MAX),
            month: month.month,
            total_return: month.value,
        };
        let open = |open: promptpal_app::causes::OpenPosition| OpenPositionDto {
            symbol: open.symbol.map(String::from),
            entry_time: TimeMs(open.entry_time),
            entry_price: open.entry_price,
            size: open.size,
        };
        let run: RunDto = line.into();
        Self {
            terms: TermsDto::of_run(run.params.clone(), &report.config),
            run,
            engine: report.engine,
            fine_share: report.fine_share,
            digest,
            metrics: metrics(&report.metrics),
            benchmark: metrics(&report.benchmark),
            equity: EquityDto {
                time: curve.time.into_iter().map(TimeMs).collect(),
                equity: curve.equity,
                benchmark: curve.benchmark,
                drawdown,
            },
            rolling: RollingDto {
                window: u32::try_from(rolling.window).unwrap_or(u32::MAX),
                time: days.into_iter().map(TimeMs).collect(),
                sharpe,
            },
            spread: SpreadDto {
                from: spread.from,
                width: spread.width,
                counts: spread.counts,
                quantiles: spread.quantiles.map(Vec::from).unwrap_or_default(),
            },
            months: report.monthly.into_iter().map(month).collect(),
            trades: report.trades.into_iter().map(Into::into).collect(),
            open_positions: report
                .open_position
                .into_iter()
                .chain(report.open_positions)
                .map(open)
                .collect(),
            warnings: report.warnings,
        }
    }
}
