//! models.

use std::process::ExitCode;

use promptpal_api::ModelLineDto;
use promptpal_app::{JobRequest, ModelDownload, ModelImport, ModelLine, ModelReport, ModelState, Outcome};
use serde_json::json;

use crate::args::ModelsCommand;
use crate::context::Context;
use crate::follow;
use crate::output::{count, table};

pub(crate) async fn models(context: &Context, command: ModelsCommand) -> anyhow::Result<ExitCode> {
    match command {
        ModelsCommand::List => {
            let models = context.app().models().await?;
            let rows = models.iter().map(row).collect();
            let value: Vec<ModelLineDto> = models.into_iter().map(ModelLineDto::from).collect();
            context.output.answer(json!({ "models": value }), || {
                table(
                    &["Id", "Model", "Licence", "MB", "State", "Scores"],
                    &["MB"],
                    rows,
                )
            })?;
        }
        ModelsCommand::Download { id } => {
            install(context, JobRequest::DownloadModel(ModelDownload { id })).await?;
        }
        ModelsCommand::Import {
            folder,
            id,
            title,
            licence,
        } => {
            // The job may be taken up again from elsewhere.
            let folder = std::path::absolute(folder)?;
            let request = ModelImport {
                folder,
                id,
                title,
                licence,
            };
            install(context, JobRequest::ImportModel(request)).await?;
        }
        ModelsCommand::Use { id } => {
            context.app().use_model(&id).await?;
            let waiting = context.app().status().await?.unscored;
            context
                .output
                .answer(json!({ "current": id, "unscored": waiting }), || {
                    format!(
                        "{id} scores from now on. {} articles wait for its score; earlier scores stay.",
                        count(waiting)
                    )
                })?;
        }
        ModelsCommand::Remove { id } => {
            context.app().remove_model(&id).await?;
            context.output.answer(json!({ "removed": id }), || {
                format!("{id} is removed. Its scores stay.")
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn install(context: &Context, request: JobRequest) -> anyhow::Result<()> {
    let Outcome::Installed(report) = follow::run(context, request).await? else {
        anyhow::bail!("the job was another one");
    };
    context.output.answer(&report, || {
        let ModelReport {
            id,
            title,
            bytes,
            sha256,
            ..
        } = &report;
        format!(
            "{title} is here: {} MB, SHA-256 {sha256}.\n`promptpal models use {id}` lets it score.",
            count(bytes.div_ceil(1_000_000))
        )
    })
}

fn row(line: &ModelLine) -> Vec<String> {
    let state = match &line.state {
        ModelState::Available => "to be downloaded".to_owned(),
        ModelState::Partly { bytes } => format!("{} MB downloaded", count(bytes / 1_000_000)),
        ModelState::Installed => "here".to_owned(),
        ModelState::Refused { reason } => reason.clone(),
    };
    vec![
        line.id.clone(),
        line.title.clone(),
        line.licence.clone(),
        count(line.bytes.div_ceil(1_000_000)),
        state,
        if line.current { "yes" } else { "" }.to_owned(),
    ]
}
