//! Articles that a page carries as markup inside of its scripts, to be put into the page by them.

use std::sync::LazyLock;

use scraper::{Html, Selector};

use crate::text;

/// A piece of markup shorter than this is no article.
const SHORTEST: usize = 300;
/// How often a text in a text is followed, and the longest that is.
const DEEPEST: usize = 3;
const LONGEST: usize = 2 << 20;

/// The longest text that the page's scripts carry as paragraphs.
pub(super) fn body(page: &Html) -> Option<String> {
    static SCRIPTS: LazyLock<Option<Selector>> =
        LazyLock::new(|| Selector::parse(r#"script:not([src]):not([type="application/ld+json"])"#).ok());
    let mut longest = String::new();
    for script in SCRIPTS.iter().flat_map(|selector| page.select(selector)) {
        let source: String = script.text().collect();
        if source.len() <= LONGEST {
            search(&source, 0, &mut longest);
        }
    }
    let body = text::from_page(&longest);
    (!body.is_empty()).then_some(body)
}

/// Looks into every text in quotes that may hold paragraphs.
fn search(source: &str, depth: usize, longest: &mut String) {
    let mut rest = source;
    while let Some((_, after)) = rest.split_once('"') {
        let Some(end) = end_of_text(after) else { return };
        let (literal, behind) = after.split_at(end);
        rest = behind.get(1..).unwrap_or_default();
        if literal.len() < SHORTEST || !holds_paragraphs(literal) {
            continue;
        }
        let Ok(read) = serde_json::from_str::<String>(&format!("\"{literal}\"")) else {
            continue;
        };
        if read.contains("\":") && depth < DEEPEST {
            search(&read, depth + 1, longest);
        } else if read.matches("<p").count() >= 2 && read.len() > longest.len() {
            *longest = read;
        }
    }
}

fn holds_paragraphs(literal: &str) -> bool {
    ["<p", "\\u003cp", "\\u003Cp"]
        .iter()
        .any(|start| literal.contains(start))
}

/// Where the quote stands that ends a text.
fn end_of_text(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    text.bytes().position(|byte| match byte {
        _ if is_escaped => {
            is_escaped = false;
            false
        }
        b'\\' => {
            is_escaped = true;
            false
        }
        byte => byte == b'"',
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_articles_in_scripts() {
        let story = format!(
            "<p>{}</p><p>And so on.</p>",
            "Bitcoin rose on Monday. ".repeat(20)
        );
        let expected = text::from_markup(&story);
        let as_json = serde_json::to_string(&story).unwrap_or_default();
        let escaped = as_json.replace('<', "\\u003c").replace('>', "\\u003e");
        let nested = serde_json::to_string(&format!("{{\"content\": {escaped}}}")).unwrap_or_default();
        let check = |script: &str, expected: Option<&str>| {
            let page = Html::parse_document(&format!("<html><script>{script}</script>"));
            assert_eq!(body(&page).as_deref(), expected, "{script:.60}");
        };
        check(
            &format!("window.state = {{\"body\": {escaped}}}"),
            Some(&expected),
        );
        check(&format!("self.push([1,{nested}])"), Some(&expected));
        check(r#"var a = "<p>too short</p><p>x</p>""#, None);
        check(&format!("var a = \"{}\"", "no markup ".repeat(80)), None);
        check("var a = \"never ends", None);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(source in "([\"\\\\{}:a<pé]|u003c){0,40}") {
            search(&source, 0, &mut String::new());
        }
    }
}
