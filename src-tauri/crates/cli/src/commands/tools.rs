//! extract, feeds parse, robots check, assets tag: pure tools, a JSON line in, a JSON line out.

use std::process::ExitCode;

use promptpal_app::tools;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::PARTLY;
use crate::args::{ExtractArgs, FeedsParseArgs};
use crate::output::line;

/// Answers every line of stdin; a line that cannot be used gets an answer with an `error`, the others go on.
fn each_line(answer: impl Fn(&str) -> Result<Value, String>) -> anyhow::Result<ExitCode> {
    let mut all = true;
    for text in std::io::stdin().lines() {
        let text = text?;
        if text.trim().is_empty() {
            continue;
        }
        let value = answer(&text).unwrap_or_else(|error| {
            all = false;
            json!({ "error": error })
        });
        line(&value.to_string())?;
    }
    Ok(if all {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(PARTLY)
    })
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| format!("not a line of the expected form: {error}"))
}

#[derive(Deserialize)]
struct Page {
    id: Value,
    path: String,
    url: Option<String>,
}

pub(crate) fn extract(args: &ExtractArgs) -> anyhow::Result<ExitCode> {
    each_line(|text| {
        let page: Page = parse(text)?;
        let html = std::fs::read(&page.path).map_err(|error| format!("{}: {error}", page.path))?;
        if args.explain {
            return Ok(explained(&page, &html));
        }
        let began = cpu_time::ProcessTime::now();
        let found = tools::extract(&html, page.url.as_deref());
        let ms = began.elapsed().as_secs_f64() * 1000.0;
        let name = |name: String| name.to_lowercase();
        Ok(json!({
            "id": page.id, "text": found.text, "title": found.title, "author": found.author, "language": found.language,
            "date": found.date.map(|date| date.to_string()),
            "date_source": found.date.map(|date| name(format!("{:?}", date.source))),
            "status": name(format!("{:?}", found.status)), "method": name(format!("{:?}", found.method)), "ms": ms,
        }))
    })
}

/// Every block of the page, and what was decided about it.
fn explained(page: &Page, html: &[u8]) -> Value {
    let block = |block: &tools::ExplainedBlock| {
        json!({
            "text": block.text, "kept": block.kept, "likelihood": block.likelihood, "pack": block.pack, "numbers": block.numbers,
        })
    };
    let found = tools::explain(html, page.url.as_deref());
    json!({
        "id": page.id, "pack": found.pack, "blocks": found.blocks.iter().map(block).collect::<Vec<_>>(),
    })
}

pub(crate) fn parse_feeds(args: &FeedsParseArgs) -> anyhow::Result<ExitCode> {
    each_line(|path| {
        let path = path.trim();
        let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
        if args.detail {
            let mut detail = tools::feed_detail(&bytes, None).map_err(|error| format!("{path}: {error}"))?;
            if let Some(fields) = detail.as_object_mut() {
                fields.insert("path".to_owned(), json!(path));
                fields.insert("ok".to_owned(), json!(true));
            }
            return Ok(detail);
        }
        let feed = tools::parse_feed(&bytes, None).map_err(|error| format!("{path}: {error}"))?;
        let item = |item: &promptpal_app::causes::FeedItem| {
            json!({ "id": item.guid, "link": item.url, "title": item.title, "summary": item.summary,
                "published": item.published.map(|at| at.to_string()), "author": item.author })
        };
        let items: Vec<Value> = feed.items.iter().map(item).collect();
        Ok(json!({ "file": path, "title": feed.title, "link": feed.link, "entries": items }))
    })
}

#[derive(Deserialize)]
struct RobotsQuestion {
    file: Option<String>,
    body_latin1: Option<String>,
    agent: String,
    urls: Vec<String>,
}

pub(crate) fn check_robots() -> anyhow::Result<ExitCode> {
    each_line(|text| {
        let question: RobotsQuestion = parse(text)?;
        let body = match (&question.file, &question.body_latin1) {
            (Some(file), _) => std::fs::read(file).map_err(|error| format!("{file}: {error}"))?,
            (None, Some(body)) => body
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
                .collect(),
            (None, None) => return Err("a line needs \"file\" or \"body_latin1\"".to_owned()),
        };
        let allowed: Vec<bool> = question
            .urls
            .iter()
            .map(|url| tools::robots::allowed(&body, &question.agent, url))
            .collect();
        Ok(json!({ "file": question.file, "r": allowed }))
    })
}

#[derive(Deserialize)]
struct Tagged {
    id: Value,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
}

pub(crate) fn tag_assets() -> anyhow::Result<ExitCode> {
    each_line(|line| {
        let article: Tagged = parse(line)?;
        let tags = tools::tag_assets(&article.title, &article.text);
        let tag = |tag: &promptpal_domain::AssetTag| json!({ "symbol": tag.asset.as_str(), "relevance": tag.relevance, "rule": tag.rule });
        let assets: Vec<Value> = tags.iter().map(tag).collect();
        Ok(json!({ "id": article.id, "assets": assets }))
    })
}
