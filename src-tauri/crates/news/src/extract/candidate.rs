//! The candidates for a page's main text, and which of them is taken.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use dom_smoothie::{Config, Readability, TextMode};
use regex::Regex;

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
    if let Some(body) = json_ld.body() {
        if is_better_body(&body, &found.text) {
            found.text = body;
            found.method = Method::JsonLd;
        } else if let Some(confirmed) = confirmed_by(&body, &found.text) {
            found.text = confirmed;
        }
    }
    if found.text.is_empty() {
        found.method = Method::None;
    }
    found
}

fn trafilatura(html: &str, url: Option<&str>) -> Found {
    let mut options = trafilatura::Options::default()
        .with_fallback(true)
        .with_exclude_comments(true)
        .with_focus(trafilatura::ExtractionFocus::FavorPrecision);
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
        text: plain(&text::from_page(&taken.content_html)),
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

/// The paragraphs of `taken` that stand in the body too, if those are nearly all of the body and most of what was taken:
/// then the others are not the article's.
fn confirmed_by(body: &str, taken: &str) -> Option<String> {
    let letters = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let whole = letters(body);
    let kept: Vec<&str> = taken
        .split("\n\n")
        .filter(|paragraph| whole.contains(&letters(paragraph)))
        .collect();
    let length = kept
        .iter()
        .map(|paragraph| letters(paragraph).len())
        .sum::<usize>();
    let (of_body, of_taken) = (whole.len(), letters(taken).len());
    (length >= SHORT && length * 10 >= of_body * 9 && length * 10 >= of_taken * 6).then(|| kept.join("\n\n"))
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
