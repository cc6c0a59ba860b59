//! paths, doctor, sample, completions.

use std::process::ExitCode;

use clap::CommandFactory;
use promptpal_app::{JobRequest, Options, Outcome};
use serde_json::json;

use crate::args::{Cli, Global, SampleCommand};
use crate::context::Context;
use crate::follow;
use crate::output::{Output, count, put, table};

pub(crate) fn completions(shell: clap_complete::Shell) -> anyhow::Result<ExitCode> {
    clap_complete::generate(shell, &mut Cli::command(), "promptpal", &mut std::io::stdout());
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn paths(global: &Global, output: Output) -> anyhow::Result<ExitCode> {
    let options = Options::of_command_line(global.db.clone(), global.config.as_deref())?;
    let mut value = serde_json::to_value(&options.paths)?;
    put(&mut value, "worker", &options.worker)?;
    put(&mut value, "fast_worker", &options.fast_worker)?;
    put(&mut value, "model", &options.model)?;
    let paths = options.paths;
    let rows = [
        ("Database", paths.database),
        ("Models", paths.models_dir),
        ("Logs", paths.log_dir),
        ("Reports", paths.reports_dir),
        ("Configuration", paths.config_file),
        ("Scoring worker", options.worker),
        ("Fast scoring worker", options.fast_worker),
        ("Model", options.model),
    ];
    let rows = rows
        .into_iter()
        .map(|(name, path)| vec![name.to_owned(), path.display().to_string()])
        .collect();
    output.answer(value, || table(&["What", "Where"], &[], rows))?;
    Ok(ExitCode::SUCCESS)
}

/// Asks each part whether it works, without the network.
pub(crate) async fn doctor(context: &Context) -> anyhow::Result<ExitCode> {
    let checks = context.diagnose().await;
    let healthy = checks.iter().all(|check| check.ok || !check.needed);
    let rows = checks
        .iter()
        .map(|check| {
            let state = match (check.ok, check.needed) {
                (true, _) => "ok",
                (false, true) => "missing",
                (false, false) => "not there (optional)",
            };
            vec![
                check.part.to_owned(),
                state.to_owned(),
                check.detail.clone(),
                check.advice.clone().unwrap_or_default(),
            ]
        })
        .collect();
    context
        .output
        .answer(json!({ "healthy": healthy, "checks": checks }), || {
            table(&["Part", "State", "Detail", "What to do"], &[], rows)
        })?;
    Ok(if healthy {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

pub(crate) async fn sample(context: &Context, command: SampleCommand) -> anyhow::Result<ExitCode> {
    match command {
        SampleCommand::Load => {
            if let Outcome::Sampled(report) = follow::run(context, JobRequest::Sample).await? {
                context.output.answer(&report, || {
                    format!(
                        "Simulated sample loaded: {} series, {} candles, {} articles.",
                        report.series,
                        count(report.candles),
                        report.articles
                    )
                })?;
            }
        }
        SampleCommand::Remove => {
            context.remove_sample().await?;
            context.output.answer(json!({ "removed": true }), || {
                "The simulated sample is removed.".to_owned()
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
