//! News: sources, articles, and what they are about.

use std::fmt;
use std::str::FromStr;

use crate::{NameError, Timestamp};

/// The store's number of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub i64);

/// The store's number of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(pub i64);

/// What kind of document lists a source's articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// An RSS or Atom feed.
    Feed,
    /// The articles that come with the sample workspace.
    Sample,
}

/// A place that articles come from, with its health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The store's number.
    pub id: SourceId,
    /// What it is.
    pub kind: SourceKind,
    /// The feed's address.
    pub url: String,
    /// Its name for people.
    pub title: String,
    /// Whether it is asked at all.
    pub enabled: bool,
    /// Whether the article pages are fetched, or only the feed's title and summary kept.
    pub full_text: bool,
    /// The validators of the last answer, for a conditional request.
    pub etag: Option<String>,
    /// As above.
    pub last_modified: Option<String>,
    /// When it was last asked.
    pub last_fetch: Option<Timestamp>,
    /// Not to be asked before.
    pub next_fetch: Option<Timestamp>,
    /// How long is waited between two visits when nobody asks for more.
    pub interval_ms: Option<i64>,
    /// How long its document asks to be kept before it is asked for again.
    pub ttl_ms: Option<i64>,
    /// The HTTP status of the last answer, where there was one.
    pub last_status: Option<u16>,
    /// Failures in a row.
    pub failures: u32,
    /// What went wrong last, for people.
    pub last_error: Option<String>,
}

/// How much of an article there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentStatus {
    /// Listed by its feed, the page still to be fetched.
    Pending,
    /// The page's main text.
    Full,
    /// The feed's own summary only.
    Summary,
    /// The page stands behind a paywall; what is before it is kept.
    Paywalled,
    /// The site refuses us, by robots.txt or by its answer.
    Blocked,
    /// The page is no article.
    NotArticle,
    /// The page could not be had.
    Failed,
}

/// What was taken from a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleContent {
    /// How much of the article this is.
    pub status: ContentStatus,
    /// Plain text, paragraphs separated by blank lines. Never markup.
    pub text: String,
    /// The author as stated.
    pub author: Option<String>,
    /// ISO 639-1 language, where it could be told.
    pub language: Option<String>,
}

/// Where the date of an article comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateOrigin {
    /// The feed that lists it.
    Feed,
    /// The sitemap that lists it.
    Sitemap,
    /// `datePublished` in the page's JSON-LD.
    JsonLd,
    /// A meta element of the page.
    Meta,
    /// A `time` element of the page.
    TimeElement,
    /// Data that the page carries for its own scripts.
    Embedded,
    /// The page's address.
    Address,
    /// The page's visible text.
    Text,
    /// Only the date of the last change is stated: the article is as old as that or older.
    Changed,
}

/// How exact a date is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Exactness {
    /// A date and time with its offset from UTC.
    Instant,
    /// A date and time of no stated zone, read as UTC.
    LocalTime,
    /// A day, read as its beginning in UTC.
    Day,
}

/// When an article says that it was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Published {
    /// The instant; for less than an instant, read as in UTC.
    pub at: Timestamp,
    /// Where it was found.
    pub origin: DateOrigin,
    /// How exact it is.
    pub exactness: Exactness,
}

/// A stored article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// The store's number.
    pub id: ArticleId,
    /// Where it came from.
    pub source: SourceId,
    /// The feed's own id of it, or its address.
    pub guid: String,
    /// Its canonical address.
    pub url: String,
    /// Headline, plain text.
    pub title: String,
    /// The feed's summary, plain text.
    pub summary: String,
    /// What was taken from the page.
    pub content: ArticleContent,
    /// Why the page could not be had, for people.
    pub fault: Option<String>,
    /// When it says it was published.
    pub published: Option<Published>,
    /// When we first saw it listed.
    pub first_seen: Timestamp,
    /// From when a backtest may know it: the later of `published` and `first_seen`, or, found in a source's past, some time
    /// after `published`.
    pub available_at: Timestamp,
    /// Whether it was found in a source's past, and so was not seen when it was published.
    pub backfilled: bool,
    /// The story that it belongs to, by the article that began it; itself while it is alone.
    pub story: ArticleId,
    /// The article whose text this one repeats.
    pub repeats: Option<ArticleId>,
    /// Whether it was read.
    pub read: bool,
    /// What it is about.
    pub assets: Vec<AssetTag>,
}

/// An asset's ticker in upper case: `BTC`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asset(String);

impl Asset {
    /// The ticker.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Asset {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let name = text.trim().to_uppercase();
        let valid = (1..=20).contains(&name.chars().count()) && name.chars().all(char::is_alphanumeric);
        if valid {
            Ok(Self(name))
        } else {
            Err(NameError::Symbol(text.to_owned()))
        }
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// That an article is about an asset, and how much.
#[derive(Clone, Debug, PartialEq)]
pub struct AssetTag {
    /// The asset.
    pub asset: Asset,
    /// Share of the attention it gets, above 0 and at most 1.
    pub relevance: f64,
    /// Which rule found it.
    pub rule: String,
}

impl Eq for AssetTag {}
