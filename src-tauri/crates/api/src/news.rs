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
    /// Whether it is the sample workspace's.
    pub simulated: bool,
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
    /// The feed's summary.
    pub summary: String,
    /// The text, plain, a paragraph each.
    pub paragraphs: Vec<String>,
    /// Its sentences with their scores.
    pub sentences: Vec<SentenceDto>,
    /// Who gave the scores.
    pub model: Option<ModelDto>,
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
    /// Only available before.
    pub before: Option<TimeMs>,
    /// At most so many, 500 at the most.
    pub limit: u32,
}

/// A source with its health.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
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
    /// Failures in a row.
    pub failures: u32,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// Articles stored from it.
    #[specta(type = specta_typescript::Number)]
    pub articles: u64,
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
