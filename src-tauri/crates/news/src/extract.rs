//! From a page to its article: main text, title, author, date, language, and how much of an article it is.
//!
//! The page is cut into blocks of text, and a model of small decision trees says of each how likely it is the article's:
//! by where it stands, what its elements are called, what stands around it, and whether dom_smoothie and the article body
//! in the page's own JSON-LD have it too. Where that finds next to nothing, one of those is the text, or what the page's
//! scripts would have put into it. What the page says about itself (JSON-LD, meta elements) gives title, author and date.

mod blocks;
mod candidate;
mod date;
mod features;
mod grams;
mod json_ld;
mod judge;
mod language;
mod metadata;
mod packs;
mod payload;
mod referee;
mod verdict;
mod walkable;

use promptpal_domain::ContentStatus;
use scraper::Html;

pub use self::date::{DatePrecision, DateSource, PublishedDate};
pub(crate) use self::walkable::is_walkable;
use crate::{isolate, text};
use json_ld::JsonLd;
use metadata::Metadata;
use packs::{Mark, Pack};

/// What was taken from a page. All texts are plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The main text, paragraphs separated by blank lines; empty where there is none.
    pub text: String,
    /// The headline.
    pub title: Option<String>,
    /// When the page says it was published. It may lie in the future; see [`PublishedDate::believable_at`].
    pub date: Option<PublishedDate>,
    /// The authors as stated, separated by `; `.
    pub author: Option<String>,
    /// ISO 639-1 language of the text.
    pub language: Option<String>,
    /// The address that the page calls its own.
    pub canonical_url: Option<String>,
    /// How much of an article this is: `Full`, `Paywalled`, `NotArticle`, or `Failed` when nothing could be made of it.
    pub status: ContentStatus,
    /// What gave the text.
    pub method: Method,
}

/// Where a text was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// A rule pack for the site.
    Pack,
    /// The page's blocks, each judged by itself.
    Blocks,
    /// The crate dom_smoothie.
    Readability,
    /// The article body in the page's JSON-LD.
    JsonLd,
    /// What the page's scripts would have put into it.
    Script,
    /// Nothing was found.
    None,
}

impl Extracted {
    fn nothing(status: ContentStatus) -> Self {
        Self {
            text: String::new(),
            title: None,
            date: None,
            author: None,
            language: None,
            canonical_url: None,
            status,
            method: Method::None,
        }
    }
}

/// Takes the article out of a page. `html` is decoded by its own statements about its encoding; `url` is where it came
/// from. Never panics and never fails: what cannot be read gives an empty text with a status that says so.
///
/// Blocks for as long as the parsers take, some milliseconds for an ordinary page.
#[must_use]
pub fn extract(html: &[u8], url: Option<&str>) -> Extracted {
    let html = text::decode_html(html, None);
    isolate::joined("an article", || extract_here(&html, url))
        .unwrap_or_else(|| Extracted::nothing(ContentStatus::Failed))
}

/// The same over decoded text, on the caller's stack, which must be large.
pub(crate) fn extract_here(html: &str, url: Option<&str>) -> Extracted {
    if html.trim().is_empty() {
        return Extracted::nothing(ContentStatus::NotArticle);
    }
    if !is_walkable(html) {
        return Extracted::nothing(ContentStatus::Failed);
    }
    let page = Html::parse_document(html);
    let json_ld = JsonLd::of(&page);
    let (mut found, judged) = candidate::best(&page, html, url, &json_ld);
    let metadata = Metadata::of(&page, &json_ld);
    if let Some((first, rest)) = found.text.split_once("\n\n")
        && metadata.title.as_deref() == Some(first)
    {
        // The headline has a field of its own.
        found.text = rest.to_owned();
    }
    let date = date::published(&page, html, &json_ld, url, &judged);
    let status = verdict::status(&page, &json_ld, url, &found.text, date.is_some());
    let language = language::of(&found.text, metadata.language.as_deref());
    Extracted {
        text: found.text,
        title: metadata.title,
        date,
        author: metadata.author,
        language,
        canonical_url: metadata.canonical_url,
        status,
        method: found.method,
    }
}

/// How the text of a page was found.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// Name and version of the rule pack that decided.
    pub pack: Option<String>,
    /// The blocks of the page in its order.
    pub blocks: Vec<ExplainedBlock>,
}

/// A block of a page's text and what was decided about it.
#[derive(Clone, Debug)]
pub struct ExplainedBlock {
    /// On one line.
    pub text: String,
    /// Whether it is taken to be the article's.
    pub kept: bool,
    /// How likely it is the article's, 0 to 1.
    pub likelihood: f32,
    /// What the rule pack of the site says of it: `text` or `left out`.
    pub pack: Option<&'static str>,
    /// What was known about it, in the order of the model.
    pub numbers: Vec<f32>,
}

/// The blocks of a page, and what was decided about each: what shows whether a rule pack fits, and what the model is made from.
#[must_use]
pub fn explain(html: &[u8], url: Option<&str>) -> Explanation {
    let html = text::decode_html(html, None);
    let explained = || {
        if !is_walkable(&html) {
            return Explanation::default();
        }
        let page = Html::parse_document(&html);
        let (found, judged) = candidate::best(&page, &html, url, &JsonLd::of(&page));
        let explained = judged.into_iter().map(|one| ExplainedBlock {
            kept: one.is_kept(),
            likelihood: one.likelihood,
            pack: one.block.mark.map(|mark| match mark {
                Mark::Text => "text",
                Mark::LeftOut => "left out",
            }),
            numbers: one.row.to_vec(),
            text: one.block.text,
        });
        Explanation {
            pack: Pack::of(url)
                .filter(|_| found.method == Method::Pack)
                .map(Pack::name),
            blocks: explained.collect(),
        }
    };
    isolate::joined("an article", explained).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_pages_give_nothing_and_harm_nothing() {
        let check = |html: String, expected: ContentStatus| {
            let taken = extract(html.as_bytes(), Some("https://a.example/x"));
            assert_eq!(
                (taken.status, taken.text.as_str()),
                (expected, ""),
                "{:.40}",
                html
            );
        };
        check(String::new(), ContentStatus::NotArticle);
        check("<div>".repeat(200_000), ContentStatus::Failed);
        check("<b><i>".repeat(100_000), ContentStatus::Failed);
        check("<br>".repeat(500_000), ContentStatus::Failed);
        check("<div></div>".repeat(100), ContentStatus::NotArticle);
    }

    #[test]
    fn deep_but_bounded_pages_are_read() {
        let depth = 500;
        let html = format!(
            "<html><body>{}<p>text</p>{}",
            "<div>".repeat(depth),
            "</div>".repeat(depth)
        );
        assert_ne!(extract(html.as_bytes(), None).status, ContentStatus::Failed);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

        #[test]
        fn never_panics_on_bytes(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = extract(&bytes, Some("https://a.example/x"));
        }

        #[test]
        fn never_panics_on_markup(html in "(</?(html|head|body|div|p|article|table|tr|td|ul|li|script|time|meta|h1|a|b|!--)( [a-z]{1,8}=[\"']?[a-z0-9:/. -]{0,12}[\"']?){0,2}>?|[ -~é]{0,30}){0,30}") {
            let taken = extract(html.as_bytes(), None);
            proptest::prop_assert!(taken.status != ContentStatus::Failed);
        }
    }
}
