//! Sources, articles and their scores.

mod articles;
mod asset_scores;
mod holds;
mod identity;
mod list;
mod reading;
mod scores;
mod sources;
mod stories;

use promptpal_domain::{
    ArticleContent, ArticleId, Asset, AssetScore, AssetTag, ContentStatus, ModelRef, Published,
    SentenceScore, Sentiment, SourceId, SourceKind, Timestamp,
};

use std::fmt::Write;

use crate::json::json_of;

pub use sources::SourceCounts;
pub use stories::{ComparedArticle, StoryPlace, StoryRow};

/// A source to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSource {
    /// What it is.
    pub kind: SourceKind,
    /// The feed's address.
    pub url: String,
    /// Its name for people.
    pub title: String,
    /// Whether the article pages are fetched too.
    pub full_text: bool,
}

/// What a visit to a source showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceHealth {
    /// The name that the feed gives itself, where it should replace the stored one.
    pub title: Option<String>,
    /// Where the feed has moved for good. Stays where it is when another source is there already.
    pub moved_to: Option<String>,
    /// The validators of the answer, for the next conditional request.
    pub etag: Option<String>,
    /// As above.
    pub last_modified: Option<String>,
    /// When it was asked.
    pub last_fetch: Timestamp,
    /// Not to be asked before.
    pub next_fetch: Option<Timestamp>,
    /// How long is waited between two visits when nobody asks for more.
    pub interval_ms: Option<i64>,
    /// How long its document asks to be kept.
    pub ttl_ms: Option<i64>,
    /// The HTTP status of the answer, where there was one.
    pub last_status: Option<u16>,
    /// Failures in a row, this one included.
    pub failures: u32,
    /// What went wrong, for people.
    pub last_error: Option<String>,
}

/// An article as its feed lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewArticle {
    /// The feed's own id of it, or its address.
    pub guid: String,
    /// Its canonical address.
    pub url: String,
    /// Headline, plain text.
    pub title: String,
    /// The feed's summary, plain text.
    pub summary: String,
    /// [`ContentStatus::Pending`] with an empty text where the page is still to be fetched.
    pub content: ArticleContent,
    /// When it says it was published.
    pub published: Option<Published>,
    /// When we first saw it listed.
    pub first_seen: Timestamp,
    /// Where it was found in the source's past: how long after `published` it counts as known. `None` for what a feed lists
    /// today.
    pub backfill_delay_ms: Option<i64>,
    /// What it is about.
    pub assets: Vec<AssetTag>,
}

/// What the visit to an article's page brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VisitedPage {
    /// What was taken from it.
    pub content: ArticleContent,
    /// The headline on the page; kept where none is known.
    pub title: Option<String>,
    /// What the article is about by its text.
    pub assets: Vec<AssetTag>,
    /// When the page says it was published; kept where the feed gave no date.
    pub published: Option<Published>,
    /// Why the page could not be had, for people.
    pub fault: Option<String>,
}

/// Tone of an article: the greatest of its three probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// More likely positive than anything else.
    Positive,
    /// More likely negative than anything else.
    Negative,
    /// Neither of the two.
    Neutral,
}

/// Which articles to list. The default lists the newest 100.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleFilter {
    /// Only about this asset.
    pub asset: Option<Asset>,
    /// Only from this source.
    pub source: Option<SourceId>,
    /// Only with all of these words in title, summary or text; the last one may be a beginning.
    pub text: Option<String>,
    /// Only of this tone under `model`.
    pub tone: Option<Tone>,
    /// Only those that were not read.
    pub unread: bool,
    /// Only older ones than this row: its `available_at` and id, for the next page.
    pub before: Option<(Timestamp, ArticleId)>,
    /// Whose scores to show.
    pub model: Option<ModelRef>,
    /// At most this many, and never more than 1,000.
    pub limit: u32,
}

impl Default for ArticleFilter {
    fn default() -> Self {
        Self {
            asset: None,
            source: None,
            text: None,
            tone: None,
            unread: false,
            before: None,
            model: None,
            limit: 100,
        }
    }
}

/// An article's line in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleRow {
    /// The store's number.
    pub id: ArticleId,
    /// Where it came from.
    pub source: SourceId,
    /// The source's name.
    pub source_title: String,
    /// What kind of source that is.
    pub source_kind: SourceKind,
    /// Its address.
    pub url: String,
    /// Headline.
    pub title: String,
    /// The feed's summary.
    pub summary: String,
    /// How much of it there is.
    pub status: ContentStatus,
    /// When it says it was published.
    pub published: Option<Timestamp>,
    /// When we first saw it.
    pub first_seen: Timestamp,
    /// From when a backtest may know it.
    pub available_at: Timestamp,
    /// Whether it was found in a source's past.
    pub backfilled: bool,
    /// The story that it belongs to.
    pub story: ArticleId,
    /// The article whose text this one repeats.
    pub repeats: Option<ArticleId>,
    /// Whether it was read.
    pub read: bool,
    /// What it is about, the most relevant first.
    pub assets: Vec<AssetTag>,
    /// Its score under the filter's model; `None` while it waits.
    pub score: Option<Sentiment>,
}

/// What a model needs of an article that it has not scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnscoredArticle {
    /// The store's number.
    pub id: ArticleId,
    /// Headline.
    pub title: String,
    /// The feed's summary.
    pub summary: String,
    /// The page's text; may be empty.
    pub text: String,
    /// What it is about.
    pub assets: Vec<Asset>,
}

/// What a model says of an article.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleScores {
    /// Of all of it.
    pub whole: Sentiment,
    /// Of each sentence, in order.
    pub sentences: Vec<SentenceScore>,
    /// For each asset that it is about.
    pub assets: Vec<AssetScore>,
}

/// A model's score of an article that lacks the score for an asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsharedScore {
    /// The article.
    pub article: ArticleId,
    /// The model.
    pub model: ModelRef,
}

/// Numbers for `json_each`.
fn numbers(ids: impl IntoIterator<Item = i64>) -> String {
    json_of(ids, |json, id| write!(json, "{id}"))
}
