//! How much of an article a page is.

use std::sync::LazyLock;

use promptpal_domain::ContentStatus;
use regex::RegexSet;
use scraper::{Html, Selector};
use url::Url;

use super::json_ld::JsonLd;
use super::metadata::meta;

/// A text of this many characters is a whole article, whatever the page says about payment.
const WHOLE: usize = 2500;
/// A text of this many characters may be the beginning before a wall.
const BEGINNING: usize = 1500;
/// Less than this is no article, unless the page says that it is one.
const TOO_LITTLE: usize = 250;
/// Less than this is none even then.
const NEXT_TO_NOTHING: usize = 60;
/// So many articles on one page are a list.
const MANY_ARTICLES: usize = 6;

/// What a wall says to its reader. Matched against the last part of the text and against the wall's own elements.
static WALL: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        r"(?i)\b(subscribe|sign up|register|log ?in|sign in)\b.{0,40}\b(to (continue|keep|read|unlock|view|access)|for (full|unlimited) access)",
        r"(?i)\b(this|the) (article|story|content|post|page) is (only |exclusively )?(available |reserved )?(for|to) (paid |paying |premium |registered )?(subscribers|members)",
        r"(?i)\b(already a (subscriber|member)\?|become a (subscriber|member) to)",
        r"(?i)\bto (continue|keep) reading\b.{0,60}\b(subscri|sign|regist|log ?in|member|trial)",
        r"(?i)\b(unlock|read) (the|this) (full|entire|rest of) ?(the|this)? ?(article|story)?\b.{0,60}\b(subscri|member|premium|trial|plan)",
        r"(?i)\byou('ve| have) (reached|read|used)\b.{0,40}\bfree (articles?|stories)",
        r"(?i)\b(jetzt|weiterlesen) (mit|abonnieren)\b.{0,40}(abo|plus|\+)|nur für abonnenten|artikel ist abonnenten vorbehalten",
        r"(?i)\bréservé (à nos|aux) abonnés|il vous reste [\d.,]+ ?% de cet article",
    ])
    .ok()
});

/// Elements that are a wall, by the names that sites give them.
static WALL_ELEMENTS: LazyLock<Option<Selector>> = LazyLock::new(|| {
    let names = r#"[class*="paywall" i], [id*="paywall" i], [class*="subscription-wall" i], [class*="regwall" i], [data-testid*="paywall" i]"#;
    Selector::parse(names).ok()
});

/// The status of a page whose main text is `text`.
pub(super) fn status(
    page: &Html,
    json_ld: &JsonLd,
    url: Option<&str>,
    text: &str,
    dated: bool,
) -> ContentStatus {
    let length = text.chars().count();
    let says_article = json_ld.is_article() || meta(page, &["og:type"]).is_some_and(|kind| kind == "article");
    if length < WHOLE && is_walled(page, json_ld, text, length) {
        return ContentStatus::Paywalled;
    }
    let is_article = if length < NEXT_TO_NOTHING {
        false
    } else {
        says_article || (length >= TOO_LITTLE && !is_index(page, json_ld, url, dated))
    };
    if is_article {
        ContentStatus::Full
    } else {
        ContentStatus::NotArticle
    }
}

fn is_walled(page: &Html, json_ld: &JsonLd, text: &str, length: usize) -> bool {
    let says = |text: &str| WALL.as_ref().is_some_and(|wall| wall.is_match(text));
    let end = text.char_indices().rev().nth(400).map_or(0, |(at, _)| at);
    if says(text.get(end..).unwrap_or_default()) {
        return true;
    }
    if length >= BEGINNING {
        return false;
    }
    let wall_text = || {
        let elements = WALL_ELEMENTS.iter().flat_map(|selector| page.select(selector));
        elements.take(20).any(|element| {
            let words: Vec<&str> = element
                .text()
                .take(200)
                .flat_map(str::split_whitespace)
                .take(200)
                .collect();
            says(&words.join(" "))
        })
    };
    json_ld.costs() || wall_text()
}

/// Whether the page lists articles instead of being one.
fn is_index(page: &Html, json_ld: &JsonLd, url: Option<&str>, dated: bool) -> bool {
    static ARTICLES: LazyLock<Option<Selector>> = LazyLock::new(|| Selector::parse("article").ok());
    let at_root = url
        .and_then(|url| Url::parse(url).ok())
        .is_some_and(|url| url.path() == "/" && url.query().is_none());
    let articles = ARTICLES
        .iter()
        .flat_map(|selector| page.select(selector))
        .take(MANY_ARTICLES)
        .count();
    json_ld.is_index || at_root || (articles >= MANY_ARTICLES && !dated)
}
