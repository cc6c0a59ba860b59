//! The candidates for a page's main text, and which of them is taken.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use dom_smoothie::{Config, Readability, TextMode};

use super::Method;
use super::json_ld::JsonLd;
use crate::text;

/// A text shorter than this is doubted, and the second extractor asked.
const SHORT: usize = 350;

/// The text that was taken, and what came with it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) text: String,
    pub(super) method: Method,
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    /// Year, month and day of publication as trafilatura's search over the whole page found them.
    pub(super) day: Option<(i16, i8, i8)>,
}

/// The best candidate.
pub(super) fn best(html: &str, url: Option<&str>, json_ld: &JsonLd) -> Found {
    let mut found = trafilatura(html, url);
    if found.text.len() < SHORT
        && let Some(other) = readability(html, url)
        && other.len() > found.text.len() * 2
    {
        found.text = other;
        found.method = Method::Readability;
    }
    if let Some(body) = json_ld.body()
        && is_better_body(&body, &found.text)
    {
        found.text = body;
        found.method = Method::JsonLd;
    }
    if found.text.is_empty() {
        found.method = Method::None;
    }
    found
}

fn trafilatura(html: &str, url: Option<&str>) -> Found {
    let mut options = trafilatura::Options::default()
        .with_fallback(true)
        .with_exclude_comments(true);
    if let Some(url) = url.and_then(|url| url::Url::parse(url).ok()) {
        options = options.with_url(url);
    }
    let taken = catch_unwind(AssertUnwindSafe(|| trafilatura::extract(html, &options).ok()))
        .ok()
        .flatten();
    let Some(taken) = taken else {
        return Found {
            text: String::new(),
            method: Method::None,
            title: None,
            author: None,
            day: None,
        };
    };
    let stated = |value: String| Some(text::line_of(&value)).filter(|value| !value.is_empty());
    Found {
        text: text::clean(&taken.content_text),
        method: Method::Trafilatura,
        title: stated(taken.metadata.title),
        author: stated(taken.metadata.author),
        day: taken
            .metadata
            .date
            .and_then(|date| date::parts(&date.to_string())),
    }
}

mod date {
    /// The numbers of `2025-01-31`.
    pub(super) fn parts(iso: &str) -> Option<(i16, i8, i8)> {
        let mut parts = iso.splitn(3, '-');
        Some((
            parts.next()?.parse().ok()?,
            parts.next()?.parse().ok()?,
            parts.next()?.parse().ok()?,
        ))
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
    Some(text::clean(&taken.ok()??.text_content)).filter(|text| !text.is_empty())
}

/// Whether the body in the page's data is the same article as the text taken from the page, only with more of it.
fn is_better_body(body: &str, taken: &str) -> bool {
    if body.len() < SHORT {
        return false;
    }
    if taken.len() < SHORT {
        return body.len() > taken.len() * 2;
    }
    if body.len() * 10 < taken.len() * 15 {
        return false;
    }
    let words: HashSet<&str> = body.split_whitespace().collect();
    let of_taken: HashSet<&str> = taken.split_whitespace().collect();
    let shared = of_taken.iter().filter(|word| words.contains(*word)).count();
    shared * 10 >= of_taken.len() * 8
}
