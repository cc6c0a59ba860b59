//! sources, crawl.

use std::process::ExitCode;

use promptpal_api::{FoundFeedDto, ListImportDto, SourceDto};
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
                    &[
                        "Id",
                        "Source",
                        "On",
                        "Articles",
                        "A day",
                        "Last asked",
                        "Status",
                        "Next",
                        "Trouble",
                    ],
                    &["Id", "Articles", "A day", "Status"],
                    rows,
                )
            })?;
        }
        SourcesCommand::Add { url, summary_only } => {
            let added = context.app().add_source(&url, !summary_only).await?;
            let text = format!("{} added as {}.", added.source.title, added.source.id.0);
            context.output.answer(SourceDto::from(added), || text)?;
        }
        SourcesCommand::Test { url } => test(context, &url).await?,
        SourcesCommand::Pause { id } => switch(context, id, false).await?,
        SourcesCommand::Resume { id } => switch(context, id, true).await?,
        SourcesCommand::FullText { id, state } => {
            let on = state == "on";
            context.app().set_source_full_text(SourceId(id), on).await?;
            let text = if on { "fetched" } else { "not fetched" };
            context.output.answer(json!({ "id": id, "fullText": on }), || {
                format!("The pages of source {id} are {text} from now on.")
            })?;
        }
        SourcesCommand::Import { file } => {
            let import = ListImportDto::from(context.app().import_sources(file).await?);
            let partly = !import.refused.is_empty();
            let text = format!(
                "{} sources added, {} known already, {} refused.",
                import.added.len(),
                import.known,
                import.refused.len()
            );
            context.output.answer(import, || text)?;
            if partly {
                return Ok(ExitCode::from(PARTLY));
            }
        }
        SourcesCommand::Export { file } => {
            let count = context.app().export_sources(file.clone()).await?;
            context
                .output
                .answer(json!({ "exported": count, "file": file }), || {
                    format!("{count} sources written to {}.", file.display())
                })?;
        }
        SourcesCommand::Remove { id } => {
            context.app().remove_source(SourceId(id)).await?;
            context.output.answer(json!({ "removed": id }), || {
                format!("Source {id} and its articles are removed.")
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn test(context: &Context, url: &str) -> anyhow::Result<()> {
    let found = context.app().discover_feeds(url).await?;
    let found: Vec<FoundFeedDto> = found.into_iter().map(FoundFeedDto::from).collect();
    let mut rows = Vec::new();
    for feed in &found {
        let known = if feed.known { "yes" } else { "no" }.to_owned();
        rows.push(vec![
            feed.url.clone(),
            feed.title.clone(),
            count(feed.count.into()),
            known,
        ]);
        for item in &feed.items {
            rows.push(vec![
                String::new(),
                item.title.clone(),
                String::new(),
                String::new(),
            ]);
        }
    }
    context.output.answer(json!({ "feeds": found }), || {
        table(&["Feed", "Title", "Items", "A source already"], &["Items"], rows)
    })
}

async fn switch(context: &Context, id: i64, enabled: bool) -> anyhow::Result<()> {
    context.app().set_source_enabled(SourceId(id), enabled).await?;
    let text = if enabled {
        "asked again"
    } else {
        "not asked any more"
    };
    context
        .output
        .answer(json!({ "id": id, "enabled": enabled }), || {
            format!("Source {id} is {text}.")
        })
}

fn row(overview: &SourceOverview) -> Vec<String> {
    let source = &overview.source;
    vec![
        source.id.0.to_string(),
        source.title.clone(),
        if source.enabled { "yes" } else { "no" }.to_owned(),
        count(overview.articles),
        format!("{:.1}", overview.articles_a_day),
        source.last_fetch.map(|at| at.to_string()).unwrap_or_default(),
        source
            .last_status
            .map(|status| status.to_string())
            .unwrap_or_default(),
        source.next_fetch.map(|at| at.to_string()).unwrap_or_default(),
        source.last_error.clone().unwrap_or_default(),
    ]
}

pub(crate) async fn crawl(context: &Context, args: CrawlArgs) -> anyhow::Result<ExitCode> {
    let request = CrawlRequest {
        source: args.source,
        all: true,
        since: args.since,
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
