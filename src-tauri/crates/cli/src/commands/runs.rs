//! runs, jobs.

use std::process::ExitCode;

use promptpal_api::{JobDto, RunDto, RunReportDto};
use promptpal_app::{JobView, RunFormat, RunLine};
use promptpal_domain::RunId;
use serde_json::json;

use crate::args::{JobsCommand, ReportArg, RunsCommand};
use crate::context::Context;
use crate::output::{count, percent, put, table};

pub(crate) async fn runs(context: &Context, command: RunsCommand) -> anyhow::Result<ExitCode> {
    match command {
        RunsCommand::List => {
            let runs = context.app().runs().await?;
            let rows = runs.iter().map(row).collect();
            let value: Vec<RunDto> = runs.into_iter().map(RunDto::from).collect();
            context.output.answer(json!({ "runs": value }), || {
                let header = [
                    "Run",
                    "Strategy",
                    "Series",
                    "Parameters",
                    "Return",
                    "Buy and hold",
                    "Drawdown",
                    "Sharpe",
                    "Trades",
                ];
                table(
                    &header,
                    &["Run", "Return", "Buy and hold", "Drawdown", "Sharpe", "Trades"],
                    rows,
                )
            })?;
        }
        RunsCommand::Show { id, trades } => {
            let view = context.run_report(RunId(id)).await?;
            let mut value = serde_json::to_value(&view.report)?;
            put(&mut value, "run", id)?;
            if !trades && let Some(object) = value.as_object_mut() {
                object.remove("trades");
            }
            let text = side_by_side(&[view.into()]);
            context.output.answer(value, || text)?;
        }
        RunsCommand::Compare { ids } => {
            let mut reports: Vec<RunReportDto> = Vec::new();
            for id in ids {
                reports.push(context.run_report(RunId(id)).await?.into());
            }
            let value: Vec<_> = reports
                .iter()
                .map(|report| json!({ "run": report.run, "metrics": report.metrics }))
                .collect();
            context
                .output
                .answer(json!({ "runs": value }), || side_by_side(&reports))?;
        }
        RunsCommand::Export { id, out, format } => {
            let format = format.map_or_else(|| RunFormat::of_file(&out), format_of);
            context.export_run(RunId(id), format, &out).await?;
            context.output.answer(json!({ "run": id, "file": out }), || {
                format!("Run {id} written to {}.", out.display())
            })?;
        }
        RunsCommand::Delete { id } => {
            context.delete_run(RunId(id)).await?;
            context
                .output
                .answer(json!({ "deleted": id }), || format!("Run {id} deleted."))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn format_of(named: ReportArg) -> RunFormat {
    match named {
        ReportArg::Json => RunFormat::Json,
        ReportArg::Html => RunFormat::Html,
        ReportArg::Trades => RunFormat::Trades,
        ReportArg::Equity => RunFormat::Equity,
    }
}

fn row(line: &RunLine) -> Vec<String> {
    let run = &line.summary;
    let params: Vec<String> = run
        .params
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    vec![
        run.id.0.to_string(),
        run.strategy.clone(),
        if run.others.is_empty() {
            run.series.to_string()
        } else {
            format!("{} +{}", run.series, run.others.len())
        },
        params.join(" "),
        percent(run.total_return),
        percent(run.benchmark_return),
        percent(run.max_drawdown),
        run.sharpe
            .map(|sharpe| format!("{sharpe:.2}"))
            .unwrap_or_default(),
        count(run.trades),
    ]
}

/// The figures of some runs, a column each.
fn side_by_side(reports: &[RunReportDto]) -> String {
    let mut header = vec!["Figure".to_owned()];
    header.extend(
        reports
            .iter()
            .map(|report| format!("{} ({})", report.run.strategy, report.run.id)),
    );
    let Some(first) = reports.first() else {
        return String::new();
    };
    let figure = |value: Option<f64>| value.map_or("\u{2013}".to_owned(), |v| format!("{v:.6}"));
    let rows = first.metrics.iter().map(|metric| {
        let mut row = vec![metric.id.clone()];
        row.extend(reports.iter().map(|report| {
            figure(
                report
                    .metrics
                    .iter()
                    .find(|other| other.id == metric.id)
                    .and_then(|other| other.value),
            )
        }));
        row
    });
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    table(&header, header.get(1..).unwrap_or_default(), rows.collect())
}

pub(crate) async fn jobs(context: &Context, command: JobsCommand) -> anyhow::Result<ExitCode> {
    let JobsCommand::List = command;
    let jobs = context.app().jobs().await?;
    let row = |view: &JobView| {
        let progress = &view.job.progress;
        let total = progress
            .total
            .map(|total| format!(" of {}", count(total)))
            .unwrap_or_default();
        vec![
            view.job.started.to_string(),
            view.job.title.clone(),
            progress.state.as_str().to_owned(),
            format!("{}{total}", count(progress.done)),
            progress.phase.clone(),
        ]
    };
    let rows = jobs.iter().map(row).collect();
    let value: Vec<JobDto> = jobs.into_iter().map(JobDto::from).collect();
    context.output.answer(json!({ "jobs": value }), || {
        table(&["Started", "Job", "State", "Done", "Phase"], &["Done"], rows)
    })?;
    Ok(ExitCode::SUCCESS)
}
