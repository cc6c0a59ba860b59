//! RSS, Atom and JSON Feed documents to plain items.

mod detail;

use std::borrow::Cow;
use std::collections::HashMap;
use std::panic::catch_unwind;
use std::sync::LazyLock;
use std::time::Duration;

use feedparser_rs::types::{Entry, FeedVersion, ParsedFeed, TextType};
use feedparser_rs::{ParseOptions, ParserLimits, UpdatePeriod};
use promptpal_domain::Timestamp;
use regex::Regex;
use scraper::Html;
use sha2::{Digest, Sha256};

use crate::net::charset;
use crate::{NewsError, canonical_url, text};

/// Items read from one document.
const MOST_ITEMS: usize = 2000;
/// The longest title and summary kept, in bytes.
const LONGEST_TITLE: usize = 1000;
const LONGEST_SUMMARY: usize = 6000;
/// The longest id kept as it is; longer ones are kept by their hash.
const LONGEST_GUID: usize = 1000;
/// How far ahead of us another clock may be before a date counts as a future one.
const CLOCK_SKEW_MS: i64 = 10 * 60 * 1000;
/// No feed is older than 1995; dates before are defaults of broken software.
const OLDEST: Timestamp = Timestamp::from_millis(788_918_400_000);

/// A feed document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feed {
    /// Plain text; empty where it has none.
    pub title: String,
    /// The site it belongs to, where it says so.
    pub link: Option<String>,
    /// How long its publisher wants it to be kept before it is asked again.
    pub ttl: Option<Duration>,
    /// Its items in the order of the document.
    pub items: Vec<FeedItem>,
    /// Items left out because they lead nowhere: no http(s) address.
    pub without_address: usize,
}

/// What is to be said about the date of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateNote {
    /// The item states it.
    Stated,
    /// The item has none.
    Missing,
    /// The item has one that cannot be read, or lies before 1995.
    Unreadable,
    /// The item has one that lies ahead of now; it is not used.
    Future,
}

/// An article as a feed lists it. All texts are plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedItem {
    /// The feed's own id of it, or its address.
    pub guid: String,
    /// Canonical address.
    pub url: String,
    /// Headline.
    pub title: String,
    /// What the feed tells about it, paragraphs separated by blank lines.
    pub summary: String,
    /// When it was published, where the feed states a date that can be believed.
    pub published: Option<Timestamp>,
    /// Why `published` is as it is.
    pub date_note: DateNote,
    /// The author as stated.
    pub author: Option<String>,
}

impl FeedItem {
    /// The item as it may be believed at `now`: a date in the future is none.
    #[must_use]
    pub fn believable_at(mut self, now: Timestamp) -> Self {
        if self.published.is_some_and(|at| at.since(now) > CLOCK_SKEW_MS) {
            self.published = None;
            self.date_note = DateNote::Future;
        }
        self
    }
}

/// Reads a feed document of any kind. `content_type` is the header it came with; its charset is heeded.
///
/// # Errors
/// [`NewsError::NotFeed`] when the bytes are no feed, or the parser broke off.
pub fn parse_feed(bytes: &[u8], content_type: Option<&str>) -> Result<Feed, NewsError> {
    Ok(feed(parsed(bytes, content_type)?))
}

/// Everything that a feed document states, as data under the names that Python's feedparser has made common. Texts are as
/// they stand in the document: they may hold markup and are only for programs.
///
/// # Errors
/// [`NewsError::NotFeed`], as [`parse_feed`].
pub fn feed_detail(bytes: &[u8], content_type: Option<&str>) -> Result<serde_json::Value, NewsError> {
    Ok(detail::document(&parsed(bytes, content_type)?))
}

fn parsed(bytes: &[u8], content_type: Option<&str>) -> Result<ParsedFeed, NewsError> {
    let not_feed = |reason: &str| NewsError::NotFeed {
        reason: reason.to_owned(),
    };
    let stated = content_type.and_then(charset);
    // The parser looks for an encoding again: the mark tells it that this is UTF-8 now.
    let document = text::decode_html(bytes, stated.as_deref());
    let document = named_characters(document.trim_start());
    let document = format!("\u{feff}{}", held(&document));
    let options = ParseOptions {
        sanitize_html: false,
        limits: ParserLimits {
            max_entries: MOST_ITEMS,
            max_feed_size_bytes: 32 << 20,
            ..ParserLimits::default()
        },
        ..ParseOptions::default()
    };
    let parsed = catch_unwind(|| feedparser_rs::parse_with_options(document.as_bytes(), &options));
    let parsed = parsed.map_err(|_| not_feed("its parser broke off"))?;
    let parsed = parsed.map_err(|error| not_feed(&error.to_string()))?;
    if parsed.version == FeedVersion::Unknown && parsed.entries.is_empty() && !has_feed_root(&document) {
        return Err(not_feed("neither a known format nor an item"));
    }
    Ok(parsed)
}

/// Whether the document is a feed by its outermost element, be it of a version that nobody has defined.
fn has_feed_root(document: &str) -> bool {
    static ROOT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"^\u{feff}?(?s:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>]*>)*<(?:\w+:)?(?:rss|feed|RDF)[\s>/]")
            .ok()
    });
    ROOT.as_ref().is_some_and(|root| root.is_match(document))
}

/// The document with the characters that HTML has names for in the place of those names: XML itself knows five, and
/// feeds use them all. Names that a document defines by itself are left to the parser.
fn named_characters(document: &str) -> Cow<'_, str> {
    static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"&[A-Za-z][A-Za-z0-9]{1,30};").ok());
    if document.contains("<!ENTITY") {
        return Cow::Borrowed(document);
    }
    let Some(named) = NAMED.as_ref() else {
        return Cow::Borrowed(document);
    };
    let mut known: HashMap<String, String> = HashMap::new();
    named.replace_all(document, |found: &regex::Captures<'_>| {
        let name = found.get(0).map_or("", |name| name.as_str());
        if matches!(name, "&amp;" | "&lt;" | "&gt;" | "&quot;" | "&apos;") {
            return name.to_owned();
        }
        if let Some(character) = known.get(name) {
            return character.clone();
        }
        let read: String = Html::parse_fragment(name).root_element().text().collect();
        // What would be markup in XML keeps its name.
        let read = if read.contains(['<', '>', '&']) {
            name.to_owned()
        } else {
            read
        };
        known.insert(name.to_owned(), read.clone());
        read
    })
}

/// What is put before addresses on loopback and in private networks while the parser has them: it would drop them. Whether
/// such an address may be asked is decided in one place, where it is asked.
const HOLD: &str = "x-held-";

fn held(document: &str) -> Cow<'_, str> {
    static PRIVATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"(?i)https?://(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[)").ok()
    });
    PRIVATE.as_ref().map_or(Cow::Borrowed(document), |private| {
        private.replace_all(document, format!("{HOLD}$0"))
    })
}

fn released(text: &str) -> Cow<'_, str> {
    if text.contains(HOLD) {
        text.replace(HOLD, "").into()
    } else {
        text.into()
    }
}

fn feed(parsed: ParsedFeed) -> Feed {
    let ttl = ttl(&parsed);
    let listed = parsed.entries.len();
    let items: Vec<FeedItem> = parsed.entries.into_iter().filter_map(item).collect();
    Feed {
        title: plain(
            parsed.feed.title.as_deref(),
            parsed.feed.title_detail.map(|d| d.content_type),
            LONGEST_TITLE,
        ),
        link: parsed
            .feed
            .link
            .as_deref()
            .and_then(|link| canonical_url(&released(link))),
        ttl,
        without_address: listed - items.len(),
        items,
    }
}

fn item(entry: Entry) -> Option<FeedItem> {
    let links = entry
        .links
        .iter()
        .filter(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    let addresses = entry
        .link
        .iter()
        .map(String::as_str)
        .chain(links.map(|link| link.href.as_str()));
    let url = addresses
        .chain(entry.id.as_deref())
        .find_map(|address| canonical_url(&released(address)))?;
    let guid = entry
        .id
        .as_deref()
        .map(|id| text::line_of(&released(id)))
        .filter(|id| !id.is_empty());
    let guid = match guid {
        Some(id) if id.len() > LONGEST_GUID => format!("sha256:{}", hex(&Sha256::digest(id))),
        Some(id) => id,
        None => url.clone(),
    };
    let (published, date_note) = date(&entry);
    let told = entry
        .summary
        .as_deref()
        .filter(|summary| !summary.trim().is_empty());
    let (told, kind) = match told {
        Some(summary) => (
            Some(summary),
            entry.summary_detail.as_ref().map(|detail| detail.content_type),
        ),
        None => (entry.content.first().map(|content| content.value.as_str()), None),
    };
    let summary = plain(told, kind, LONGEST_SUMMARY);
    let author = entry
        .author
        .as_deref()
        .map(text::line_of)
        .filter(|name| !name.is_empty());
    Some(FeedItem {
        guid,
        url,
        title: plain(
            entry.title.as_deref(),
            entry.title_detail.map(|detail| detail.content_type),
            LONGEST_TITLE,
        )
        .replace("\n\n", " "),
        summary,
        published,
        date_note,
        author: author.map(|name| text::truncated(&name, 200).to_owned()),
    })
}

fn date(entry: &Entry) -> (Option<Timestamp>, DateNote) {
    let stated = entry
        .published
        .or(entry.dc_date)
        .or(entry.updated)
        .or(entry.created);
    let at = stated.map(|at| Timestamp::from_millis(at.timestamp_millis()));
    let has_text = entry.published_str.is_some() || entry.updated_str.is_some();
    match at {
        Some(at) if at >= OLDEST => (Some(at), DateNote::Stated),
        Some(_) => (None, DateNote::Unreadable),
        None if has_text => (None, DateNote::Unreadable),
        None => (None, DateNote::Missing),
    }
}

/// `value` as plain text; only what is declared to be plain is not looked into for markup.
fn plain(value: Option<&str>, kind: Option<TextType>, longest: usize) -> String {
    let value = released(value.unwrap_or_default());
    let value = value.as_ref();
    let plain = match kind {
        Some(TextType::Text) if !value.contains("</") && !value.contains("&") => text::clean(value),
        _ => text::from_markup(value),
    };
    text::truncated(&plain, longest).trim_end().to_owned()
}

fn ttl(parsed: &ParsedFeed) -> Option<Duration> {
    let minutes = parsed
        .feed
        .ttl
        .as_deref()
        .and_then(|ttl| ttl.trim().parse::<u64>().ok());
    if let Some(minutes) = minutes.filter(|minutes| (1..=7 * 24 * 60).contains(minutes)) {
        return Some(Duration::from_secs(minutes * 60));
    }
    let syndication = parsed.feed.syndication.as_deref()?;
    let hours = match syndication.update_period? {
        UpdatePeriod::Hourly => 1,
        UpdatePeriod::Daily => 24,
        UpdatePeriod::Weekly => 7 * 24,
        UpdatePeriod::Monthly => 30 * 24,
        UpdatePeriod::Yearly => 365 * 24,
    };
    let times = syndication
        .update_frequency
        .as_deref()
        .and_then(|n| n.trim().parse::<u32>().ok());
    Some(Duration::from_secs(hours * 3600) / times.unwrap_or(1).clamp(1, 1000))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
