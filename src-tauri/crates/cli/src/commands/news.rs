//! sources, crawl.

use std::process::ExitCode;

use promptpal_api::SourceDto;
use promptpal_app::{CrawlRequest, JobRequest, Outcome, SourceOverview};
use promptpal_domain::SourceId;
use serde_json::json;

use crate::PARTLY;
use crate::args::{CrawlArgs, SourcesCommand};
use crate::context::Context;
use crate::follow;
use crate::output::{count, put, table};

pub(crate) async fn sources(context: &Context, command: SourcesCommand) -> anyhow::Result<ExitCode> {
    match command {
        SourcesCommand::List => {
            let sources = context.app().sources().await?;
            let rows = sources.iter().map(row).collect();
            let value: Vec<SourceDto> = sources.iter().cloned().map(SourceDto::from).collect();
            context.output.answer(json!({ "sources": value }), || {
                table(
                    &["Id", "Source", "On", "Articles", "Last asked", "Trouble"],
                    &["Id", "Articles"],
                    rows,
                )
            })?;
        }
        SourcesCommand::Add { url, summary_only } => {
            let added = context.add_source(&url, !summary_only).await?;
            let text = format!("{} added as {}.", added.source.title, added.source.id.0);
            context.output.answer(SourceDto::from(added), || text)?;
        }
        SourcesCommand::Remove { id } => {
            context.remove_source(SourceId(id)).await?;
            context.output.answer(json!({ "removed": id }), || {
                format!("Source {id} and its articles are removed.")
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn row(overview: &SourceOverview) -> Vec<String> {
    let source = &overview.source;
    vec![
        source.id.0.to_string(),
        source.title.clone(),
        if source.enabled { "yes" } else { "no" }.to_owned(),
        count(overview.articles),
        source.last_fetch.map(|at| at.to_string()).unwrap_or_default(),
        source.last_error.clone().unwrap_or_default(),
    ]
}

pub(crate) async fn crawl(context: &Context, args: CrawlArgs) -> anyhow::Result<ExitCode> {
    let request = CrawlRequest {
        source: args.source,
        all: true,
    };
    let Outcome::Crawled(report) = follow::run(context, JobRequest::Crawl(request)).await? else {
        return Ok(ExitCode::SUCCESS);
    };
    let mut value = serde_json::to_value(&report)?;
    let mut text = format!(
        "{} sources asked, {} had nothing new, {} failed. {} new articles, {} pages fetched.",
        report.sources, report.not_modified, report.failed, report.new_articles, report.pages
    );
    let mut partly = report.failed > 0;
    if !args.no_score {
        match follow::run(context, JobRequest::Score).await {
            Ok(Outcome::Scored(scored)) => {
                text.push_str(&format!(" {} scored by {}.", scored.scored, scored.model));
                put(&mut value, "scored", &scored)?;
            }
            Ok(_) => {}
            Err(error) => {
                context
                    .output
                    .note(&format!("The articles are stored but not scored: {error}"));
                partly = true;
            }
        }
    }
    context.output.answer(value, || text)?;
    Ok(if partly {
        ExitCode::from(PARTLY)
    } else {
        ExitCode::SUCCESS
    })
}
