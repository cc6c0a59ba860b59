//! What a page says about itself in JSON-LD.

use std::sync::LazyLock;

use scraper::{Html, Selector};
use serde_json::{Map, Value};

use crate::text;

/// Bytes of one script that are read, nodes of a page that are kept, and how deep graphs are followed.
const LONGEST: usize = 2 << 20;
const MOST_NODES: usize = 400;
const DEEPEST: usize = 12;

/// Types that are articles, in schema.org's words.
const ARTICLES: [&str; 16] = [
    "Article",
    "NewsArticle",
    "BlogPosting",
    "ReportageNewsArticle",
    "AnalysisNewsArticle",
    "OpinionNewsArticle",
    "BackgroundNewsArticle",
    "ReviewNewsArticle",
    "AdvertiserContentArticle",
    "SocialMediaPosting",
    "Report",
    "TechArticle",
    "LiveBlogPosting",
    "ScholarlyArticle",
    "Review",
    "SatiricalArticle",
];
/// Types of what a page contains.
const PARTS: [&str; 8] = [
    "ImageObject",
    "VideoObject",
    "AudioObject",
    "Comment",
    "Event",
    "Product",
    "Organization",
    "Person",
];
/// Types of pages that only list articles.
const INDEXES: [&str; 3] = ["CollectionPage", "SearchResultsPage", "ItemList"];

/// The article nodes of a page's JSON-LD, and what kind of page it is.
#[derive(Debug, Default)]
pub(super) struct JsonLd {
    articles: Vec<Map<String, Value>>,
    others: Vec<Map<String, Value>>,
    /// Whether some node says that the page is a list.
    pub(super) is_index: bool,
}

impl JsonLd {
    pub(super) fn of(page: &Html) -> Self {
        static SCRIPTS: LazyLock<Option<Selector>> =
            LazyLock::new(|| Selector::parse(r#"script[type^="application/ld+json" i]"#).ok());
        let mut found = Self::default();
        for script in SCRIPTS.iter().flat_map(|selector| page.select(selector)) {
            let raw: String = script.text().collect();
            if let Some(value) = parse(text::truncated(&raw, LONGEST)) {
                found.gather(value, 0);
            }
        }
        found
    }

    fn gather(&mut self, value: Value, depth: usize) {
        if depth > DEEPEST || self.articles.len() + self.others.len() > MOST_NODES {
            return;
        }
        match value {
            Value::Array(values) => values.into_iter().for_each(|value| self.gather(value, depth + 1)),
            Value::Object(mut node) => {
                for name in ["@graph", "mainEntity", "mainEntityOfPage"] {
                    if let Some(inner @ (Value::Array(_) | Value::Object(_))) = node.remove(name) {
                        self.gather(inner, depth + 1);
                    }
                }
                let types = types(&node);
                self.is_index |= types.iter().any(|t| INDEXES.contains(&t.as_str()));
                if types.iter().any(|t| ARTICLES.contains(&t.as_str())) {
                    self.articles.push(node);
                } else {
                    self.others.push(node);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Whether the page says that it is an article.
    pub(super) fn is_article(&self) -> bool {
        !self.articles.is_empty()
    }

    /// Whether the page says that reading it costs something.
    pub(super) fn costs(&self) -> bool {
        self.nodes().any(|node| match node.get("isAccessibleForFree") {
            Some(Value::Bool(free)) => !free,
            Some(Value::String(free)) => free.trim().eq_ignore_ascii_case("false"),
            _ => false,
        })
    }

    /// The longest article body, as plain text.
    pub(super) fn body(&self) -> Option<String> {
        let bodies = self
            .articles
            .iter()
            .filter_map(|node| node.get("articleBody")?.as_str());
        let body = text::from_markup(bodies.max_by_key(|body| body.len())?);
        (!body.is_empty()).then_some(body)
    }

    /// The first text under this name, in the articles before the other nodes. What the page says of its pictures, films
    /// and comments says nothing about itself.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.nodes()
            .filter(|node| !types(node).iter().any(|t| PARTS.contains(&t.as_str())))
            .find_map(|node| node.get(name)?.as_str())
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// The first text under `name` in an article.
    pub(super) fn article_text(&self, name: &str) -> Option<&str> {
        let texts = self.articles.iter().filter_map(|node| node.get(name)?.as_str());
        texts.map(str::trim).find(|text| !text.is_empty())
    }

    /// Names of the authors of the first article that has some.
    pub(super) fn authors(&self) -> Vec<String> {
        let lists = self.articles.iter().filter_map(|node| {
            let mut names = Vec::new();
            author_names(node.get("author")?, &mut names);
            (!names.is_empty()).then_some(names)
        });
        lists.into_iter().next().unwrap_or_default()
    }

    fn nodes(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.articles.iter().chain(&self.others)
    }
}

/// JSON as sites write it: in a comment, or with line breaks inside of strings.
fn parse(raw: &str) -> Option<Value> {
    let inner = raw.trim().trim_end_matches(';').trim();
    let inner = inner.strip_prefix("<!--").unwrap_or(inner).trim();
    let inner = inner
        .strip_prefix("//<![CDATA[")
        .or_else(|| inner.strip_prefix("<![CDATA["))
        .unwrap_or(inner);
    let inner = inner
        .trim_end_matches("-->")
        .trim_end_matches("]]>")
        .trim_end_matches("//")
        .trim();
    serde_json::from_str(inner).ok().or_else(|| {
        let repaired: String = inner
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        serde_json::from_str(&repaired).ok()
    })
}

fn types(node: &Map<String, Value>) -> Vec<String> {
    let name = |value: &Value| {
        value
            .as_str()
            .map(|t| t.rsplit(['/', ':', '#']).next().unwrap_or_default().to_owned())
    };
    match node.get("@type") {
        Some(Value::Array(names)) => names.iter().filter_map(name).collect(),
        Some(value) => name(value).into_iter().collect(),
        None => Vec::new(),
    }
}

fn author_names(value: &Value, names: &mut Vec<String>) {
    match value {
        Value::String(name) => push_name(name, names),
        Value::Array(list) => list.iter().take(20).for_each(|one| author_names(one, names)),
        Value::Object(node) => {
            if let Some(name) = node.get("name") {
                match name {
                    Value::String(name) => push_name(name, names),
                    Value::Array(list) => list
                        .iter()
                        .filter_map(Value::as_str)
                        .take(20)
                        .for_each(|n| push_name(n, names)),
                    _ => {}
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn push_name(name: &str, names: &mut Vec<String>) {
    let name = text::from_markup(text::truncated(name, 400)).replace("\n\n", " ");
    if !name.is_empty() && !name.starts_with("http") && !names.contains(&name) {
        names.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_sites_write() {
        let check = |script: &str, article: bool, date: Option<&str>, authors: &[&str]| {
            let page = format!("<html><script type='application/ld+json'>{script}</script>");
            let found = JsonLd::of(&Html::parse_document(&page));
            assert_eq!(found.is_article(), article, "{script}");
            assert_eq!(found.text("datePublished"), date, "{script}");
            assert_eq!(found.authors(), authors, "{script}");
        };
        check(
            r#"{"@type":"NewsArticle","datePublished":"2025-01-06","author":{"name":"Ann Lee"}}"#,
            true,
            Some("2025-01-06"),
            &["Ann Lee"],
        );
        check(
            r#"{"@graph":[{"@type":"WebPage","datePublished":"2024-01-01"},{"@type":["Article"],"datePublished":"2025-01-06","author":["A","B"]}]}"#,
            true,
            Some("2025-01-06"),
            &["A", "B"],
        );
        check(
            "{\"@type\":\"http://schema.org/Article\",\"headline\":\"two\nlines\"}",
            true,
            None,
            &[],
        );
        check("<!-- {\"@type\":\"BlogPosting\"} -->", true, None, &[]);
        check(r#"{"@type":"Organization"}"#, false, None, &[]);
        check("{ not json", false, None, &[]);
        check(&"[".repeat(100_000), false, None, &[]);
    }
}
