//! Title, author, address and language as the page states them.

use std::sync::LazyLock;

use scraper::{Html, Selector};

use super::json_ld::JsonLd;
use crate::{canonical_url, text};

/// What a page says about itself.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub(super) title: Option<String>,
    pub(super) author: Option<String>,
    pub(super) canonical_url: Option<String>,
    /// As in the `lang` attribute.
    pub(super) language: Option<String>,
}

impl Metadata {
    pub(super) fn of(page: &Html, json_ld: &JsonLd) -> Self {
        let headline = json_ld
            .article_text("headline")
            .map(one_line)
            .filter(|title| !title.is_empty());
        let title = headline
            .or_else(|| first_text(page, r#"[itemprop="headline"]"#))
            .or_else(|| meta(page, &["og:title", "twitter:title"]))
            .or_else(|| first_text(page, "h1"))
            .or_else(|| first_text(page, "title"));
        let stated = json_ld.authors().join("; ");
        let author = Some(stated)
            .filter(|names| !names.is_empty())
            .or_else(|| {
                meta(
                    page,
                    &["author", "article:author", "parsely-author", "dc.creator"],
                )
            })
            .or_else(|| {
                let named = r#"[itemprop="author"] [itemprop="name"], [itemprop="author"], [rel="author"], .byline a, .author a, .author-name"#;
                first_text(page, named).filter(|name| name.len() <= 100)
            })
            .filter(|name| !name.starts_with("http"));
        let canonical =
            attribute(page, r#"link[rel="canonical" i]"#, "href").or_else(|| meta(page, &["og:url"]));
        Self {
            title: title.map(|title| text::truncated(&title, 500).to_owned()),
            author: author.map(|name| text::truncated(&name, 300).to_owned()),
            canonical_url: canonical.as_deref().and_then(canonical_url),
            language: attribute(page, "html", "lang")
                .or_else(|| meta(page, &["og:locale", "content-language"])),
        }
    }
}

/// The content of the first meta element that has one of these names (or properties, or item properties), in this order
/// of names.
pub(super) fn meta(page: &Html, names: &[&str]) -> Option<String> {
    static METAS: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("meta[content]").ok());
    let metas = || METAS.iter().flat_map(|selector| page.select(selector));
    names.iter().find_map(|wanted| {
        let named = metas().filter(|element| {
            let names = ["name", "property", "itemprop", "http-equiv"].into_iter();
            names
                .filter_map(|key| element.value().attr(key))
                .any(|name| name.trim().eq_ignore_ascii_case(wanted))
        });
        named
            .filter_map(|element| element.value().attr("content"))
            .map(one_line)
            .find(|value| !value.is_empty())
    })
}

/// The attribute of the first element that the selector finds.
pub(super) fn attribute(page: &Html, selector: &str, name: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    page.select(&selector)
        .find_map(|element| element.value().attr(name))
        .map(text::line_of)
}

fn first_text(page: &Html, selector: &str) -> Option<String> {
    let selector = Selector::parse(selector).ok()?;
    let texts = page
        .select(&selector)
        .map(|element| text::line_of(&element.text().collect::<String>()));
    texts.into_iter().find(|text| !text.is_empty())
}

/// A value on one line, its entities read: sites escape twice.
fn one_line(value: &str) -> String {
    text::from_markup(text::truncated(value, 4000)).replace("\n\n", " ")
}
