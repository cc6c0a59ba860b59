//! Sources, articles and their scores.

mod articles;
mod list;
mod scores;
mod sources;

use promptpal_domain::{
    ArticleContent, ArticleId, Asset, AssetTag, ContentStatus, ModelRef, Sentiment, SourceId, SourceKind,
    Timestamp,
};

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
    /// The validators of the answer, for the next conditional request.
    pub etag: Option<String>,
    /// As above.
    pub last_modified: Option<String>,
    /// When it was asked.
    pub last_fetch: Timestamp,
    /// Not to be asked before.
    pub next_fetch: Option<Timestamp>,
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
    pub published: Option<Timestamp>,
    /// When we first saw it listed.
    pub first_seen: Timestamp,
    /// What it is about.
    pub assets: Vec<AssetTag>,
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
}
