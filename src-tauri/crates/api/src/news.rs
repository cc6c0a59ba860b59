//! Sources, articles, sentiment.

use serde::{Deserialize, Serialize};

use crate::TimeMs;

/// Tone of a text: the greatest of its three probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ToneDto {
    Positive,
    Negative,
    Neutral,
}

/// A score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SentimentDto {
    /// Probability of positive.
    #[specta(type = specta_typescript::Number)]
    pub positive: f64,
    /// Probability of negative.
    #[specta(type = specta_typescript::Number)]
    pub negative: f64,
    /// Probability of neutral.
    #[specta(type = specta_typescript::Number)]
    pub neutral: f64,
    /// Positive less negative, in [-1, 1].
    #[specta(type = specta_typescript::Number)]
    pub score: f64,
    /// The greatest of the three.
    pub tone: ToneDto,
}

/// That an article is about an asset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AssetTagDto {
    /// `BTC`
    pub asset: String,
    /// Above 0, at most 1.
    #[specta(type = specta_typescript::Number)]
    pub relevance: f64,
}

/// How much of an article there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ArticleStatusDto {
    Pending,
    Full,
    Summary,
    Paywalled,
    Blocked,
    NotArticle,
    Failed,
}

/// An article in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleRowDto {
    /// Its id.
    pub id: i32,
    /// The source's name.
    pub source: String,
    /// Its address.
    pub url: String,
    /// Headline.
    pub title: String,
    /// When it says it was published.
    pub published: Option<TimeMs>,
    /// From when a backtest may know it.
    pub available_at: TimeMs,
    /// How much of it there is.
    pub status: ArticleStatusDto,
    /// What it is about.
    pub assets: Vec<AssetTagDto>,
    /// Its score under the current model; null while it waits.
    pub sentiment: Option<SentimentDto>,
    /// Whether it was read.
    pub read: bool,
    /// The story that it belongs to.
    pub story_id: i32,
    /// The article whose text this one repeats.
    pub repeats: Option<i32>,
    /// Whether it was found in a source's past: then it was not seen when it was published.
    pub backfilled: bool,
    /// Whether it is the sample workspace's.
    pub simulated: bool,
}

/// A story: the reports of one event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct StoryDto {
    /// Its id.
    pub id: i32,
    /// Its reports, the first one first; the list is sorted by the last ones. Never empty.
    pub reports: Vec<ArticleRowDto>,
    /// The names of its sources, each once, in the order of their first reports.
    pub sources: Vec<String>,
    /// How many of its reports are unread.
    pub unread: u32,
}

/// Where the date of an article comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum DateOriginDto {
    Feed,
    Sitemap,
    JsonLd,
    Meta,
    TimeElement,
    Embedded,
    Address,
    Text,
    Changed,
}

/// How exact a date is stated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum ExactnessDto {
    /// A date and time with its offset from UTC.
    Instant,
    /// A date and time of no stated zone, read as UTC.
    LocalTime,
    /// A day, read as its beginning in UTC.
    Day,
}

/// A date and how far it can be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct PublishedDto {
    /// The instant.
    pub at: TimeMs,
    /// Where it was found.
    pub origin: DateOriginDto,
    /// How exact it is.
    pub exactness: ExactnessDto,
}

/// A sentence with its score: why an article has the score it has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SentenceDto {
    /// 0 is the headline.
    pub position: u32,
    /// The sentence.
    pub text: String,
    /// Its score.
    pub sentiment: SentimentDto,
}

/// Which model gave a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelDto {
    /// Its name.
    pub id: String,
    /// SHA-256 of its weights.
    pub sha256: String,
}

/// An article to be read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticleDto {
    /// Its line in the list.
    pub row: ArticleRowDto,
    /// The author as stated.
    pub author: Option<String>,
    /// When it was first seen.
    pub first_seen: TimeMs,
    /// When it says it was published, with where that was found.
    pub dated: Option<PublishedDto>,
    /// Why its page could not be had, for people.
    pub fault: Option<String>,
    /// The other reports of its story, the first one first.
    pub story: Vec<ArticleRowDto>,
    /// The feed's summary.
    pub summary: String,
    /// The text, plain, a paragraph each.
    pub paragraphs: Vec<String>,
    /// Its sentences with their scores.
    pub sentences: Vec<SentenceDto>,
    /// What it says of each of its assets, the one that it is about most first.
    pub asset_scores: Vec<AssetScoreDto>,
    /// Who gave the scores.
    pub model: Option<ModelDto>,
}

/// What an article says of one of its assets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AssetScoreDto {
    /// The asset.
    pub asset: String,
    /// The score of the sentences that count for it.
    pub sentiment: SentimentDto,
    /// The positions of those sentences.
    pub sentences: Vec<u32>,
}

/// Which articles to list, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ArticlesRequest {
    /// Only about this asset.
    pub asset: Option<String>,
    /// Only from this source.
    pub source_id: Option<i32>,
    /// Only of this tone.
    pub tone: Option<ToneDto>,
    /// Only with these words.
    pub search: Option<String>,
    /// Only what was not read.
    pub unread: bool,
    /// Only available before.
    pub before: Option<TimeMs>,
    /// With `before`: also what was available at that moment and has a smaller id (of stories: of their newest report).
    pub before_id: Option<i32>,
    /// At most so many, 500 at the most.
    pub limit: u32,
}

/// A source with its health.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SourceDto {
    /// Its id.
    pub id: i32,
    /// Its name.
    pub title: String,
    /// The feed's address.
    pub url: String,
    /// Whether it is the sample workspace's.
    pub simulated: bool,
    /// Whether it is asked.
    pub enabled: bool,
    /// Whether article pages are fetched.
    pub full_text: bool,
    /// When it was last asked.
    pub last_fetch: Option<TimeMs>,
    /// When it is asked next.
    pub next_fetch: Option<TimeMs>,
    /// Milliseconds between two visits when nobody asks for more; null before the first.
    #[specta(type = Option<specta_typescript::Number>)]
    pub interval_ms: Option<i64>,
    /// HTTP status of the last answer, where there was one.
    pub last_status: Option<u16>,
    /// Until when its host wants to be left alone.
    pub held_until: Option<TimeMs>,
    /// Failures in a row.
    pub failures: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// Articles stored from it.
    #[specta(type = specta_typescript::Number)]
    pub articles: u64,
    /// Articles that it listed a day, over the last week or as long as it is known.
    #[specta(type = specta_typescript::Number)]
    pub articles_a_day: f64,
}

/// An item of a feed that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundItemDto {
    /// Headline.
    pub title: String,
    /// Its address.
    pub url: String,
    /// When it says it was published.
    pub published: Option<TimeMs>,
    /// The feed's summary.
    pub summary: String,
}

/// A feed that was found, for somebody to decide about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct FoundFeedDto {
    /// Its address, to be added as a source.
    pub url: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// Whether it is a source already.
    pub known: bool,
    /// How many items it lists.
    pub count: u32,
    /// The first five of them.
    pub items: Vec<FoundItemDto>,
}

/// What came of reading a list of feeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ListImportDto {
    /// Sources that are new, by title.
    pub added: Vec<String>,
    /// Feeds of the list that were sources already.
    pub known: u32,
    /// Addresses that cannot be asked.
    pub refused: Vec<String>,
}

/// An article on the chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct NewsMarkerDto {
    /// The article.
    pub article_id: i32,
    /// From when it could be known.
    pub time: TimeMs,
    /// Headline.
    pub title: String,
    /// The source's name.
    pub source: String,
    /// In [-1, 1]; null while it waits.
    #[specta(type = Option<specta_typescript::Number>)]
    pub score: Option<f64>,
}

/// Which sentiment to draw under a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SentimentSeriesRequest {
    /// The chart's series: its bars give the times, its symbol the asset.
    pub series_id: i32,
    /// First bar.
    pub from: TimeMs,
    /// After the last bar.
    pub to: TimeMs,
    /// Length of the trailing window.
    #[specta(type = specta_typescript::Number)]
    pub window_ms: i64,
}

/// Mean sentiment at the close of each bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SentimentSeriesDto {
    /// The asset; null where the symbol's base asset is unknown.
    pub asset: Option<String>,
    /// Open times of the bars.
    pub time: Vec<TimeMs>,
    /// In [-1, 1]; null where no article was available in the window.
    #[specta(type = Vec<Option<specta_typescript::Number>>)]
    pub value: Vec<Option<f64>>,
    /// Articles in the window.
    pub count: Vec<u32>,
}
