//! The main text of a page: its blocks as the model judges them, with another extractor and the page's own data as
//! witnesses, and those two where that finds next to nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use dom_smoothie::{Config, Readability, TextMode};
use regex::Regex;
use scraper::Html;

use super::Method;
use super::features::Witnesses;
use super::grams::Grams;
use super::json_ld::JsonLd;
use super::judge::{self, Judged};
use super::packs::Pack;
use super::{metadata::meta, payload};
use crate::text;

/// A text shorter than this is doubted.
const SHORT: usize = 350;

/// The text that was taken.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) text: String,
    pub(super) method: Method,
}

/// The best candidate, and what was decided about each block of the page.
pub(super) fn best(page: &Html, html: &str, url: Option<&str>, json_ld: &JsonLd) -> (Found, Vec<Judged>) {
    let readability = readability(html, url).unwrap_or_default();
    let body = json_ld
        .body()
        .filter(|body| body.len() >= SHORT)
        .unwrap_or_default();
    let marks = Pack::of(url).map(|pack| pack.marks(page)).unwrap_or_default();
    let judged = judge::judged(page, &witnesses(page, json_ld, &readability, &body), &marks);
    let mut found = Found {
        text: judge::text(&judged),
        method: if judge::is_by_pack(&judged) {
            Method::Pack
        } else {
            Method::Blocks
        },
    };
    // A later one is only taken where those before it have next to nothing.
    for (method, text) in [(Method::JsonLd, body), (Method::Readability, readability)] {
        if found.text.len() < SHORT && text.len() > found.text.len() * 2 {
            found = Found { text, method };
        }
    }
    if found.text.len() < SHORT
        && let Some(text) = payload::body(page)
        && text.len() > found.text.len() * 2
    {
        found = Found {
            text,
            method: Method::Script,
        };
    }
    if found.text.is_empty() {
        found.method = Method::None;
    }
    (found, judged)
}

fn witnesses(page: &Html, json_ld: &JsonLd, readability: &str, body: &str) -> Witnesses {
    let stated = |name: &str, metas: &[&str]| {
        let stated = json_ld.article_text(name).map(ToOwned::to_owned);
        Grams::of(&text::line_of(
            &stated.or_else(|| meta(page, metas)).unwrap_or_default(),
        ))
    };
    Witnesses {
        readability: Grams::of(readability),
        has_body: !body.is_empty(),
        body: Grams::of(body),
        title: stated("headline", &["og:title"]),
        description: stated("description", &["og:description", "description"]),
    }
}

fn readability(html: &str, url: Option<&str>) -> Option<String> {
    let url = url.filter(|url| url.starts_with("http"));
    let taken = catch_unwind(AssertUnwindSafe(|| {
        let config = Config {
            text_mode: TextMode::Formatted,
            disable_json_ld: true,
            ..Config::default()
        };
        Readability::new(html, url, Some(config)).ok()?.parse().ok()
    }));
    Some(plain(&taken.ok()??.text_content)).filter(|text| !text.is_empty())
}

/// A candidate as plain text. What stands in `noscript` reaches the extractors as text and brings its markup along.
fn plain(candidate: &str) -> String {
    static MARKUP: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)<(?:iframe|img|script|style|noscript|div|span|p|a|br|ul|li|video|source)\b[^<>]*>")
            .ok()
    });
    let has_markup = |line: &str| line.contains('<') && MARKUP.as_ref().is_some_and(|tag| tag.is_match(line));
    let lines = candidate.split('\n').map(|line| {
        if has_markup(line) {
            text::from_markup(line)
        } else {
            line.to_owned()
        }
    });
    text::clean(&lines.collect::<Vec<_>>().join("\n"))
}
