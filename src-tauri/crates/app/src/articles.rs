//! Articles to read, on the chart, and as a series of sentiment.

use promptpal_domain::{
    Article, ArticleId, Asset, AssetScore, ModelRef, SentenceScore, Sentiment, SeriesId, SourceId, Span,
    Timestamp,
};
use promptpal_indicators::sentiment_window;
use promptpal_store::{ArticleFilter, ArticleRow, StoryRow, Tone};

use crate::asset::base_and_quote;
use crate::bus::Event;
use crate::{App, AppError};

/// Articles listed at a time, at the most.
const MOST_ARTICLES: u32 = 500;

/// Which articles to list, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArticlesQuery {
    /// Only about this asset.
    pub asset: Option<Asset>,
    /// Only from this source.
    pub source: Option<SourceId>,
    /// Only of this tone.
    pub tone: Option<Tone>,
    /// Only with these words.
    pub search: Option<String>,
    /// Only what was not read.
    pub unread: bool,
    /// Only what comes after this row in the list: its moment and its number (for stories, those of the newest report).
    pub before: Option<(Timestamp, ArticleId)>,
    /// At most so many.
    pub limit: u32,
}

/// An article with why it has the score that it has.
#[derive(Clone, Debug, PartialEq)]
pub struct ArticleView {
    /// Its line in the list.
    pub row: ArticleRow,
    /// The article.
    pub article: Article,
    /// Its sentences with their scores.
    pub sentences: Vec<SentenceScore>,
    /// What it says of each of its assets, and which sentences count for it; in the order of the row's assets.
    pub asset_scores: Vec<AssetScore>,
    /// Who gave the scores.
    pub model: Option<ModelRef>,
    /// The other reports of its story, the first one first.
    pub story: Vec<ArticleRow>,
}

/// An article on a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct NewsMarker {
    /// The article.
    pub id: ArticleId,
    /// From when it could be known.
    pub time: Timestamp,
    /// Headline.
    pub title: String,
    /// The source's name.
    pub source: String,
    /// What it says of the asset, in `[-1, 1]`; `None` while it waits.
    pub score: Option<f64>,
}

/// Which sentiment to draw under a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentimentQuery {
    /// The chart's series.
    pub series: SeriesId,
    /// First bar.
    pub from: Timestamp,
    /// After the last bar.
    pub to: Timestamp,
    /// Length of the trailing window in milliseconds.
    pub window_ms: i64,
}

/// Mean sentiment at the close of each bar.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SentimentSeries {
    /// The asset, where the symbol's base asset is known.
    pub asset: Option<Asset>,
    /// Open times of the bars in milliseconds.
    pub time: Vec<i64>,
    /// In `[-1, 1]`; `NaN` where no article was available in the window.
    pub value: Vec<f64>,
    /// Articles in the window.
    pub count: Vec<u32>,
}

impl App {
    /// Lists articles with their scores under the current model.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn articles(&self, query: ArticlesQuery) -> Result<Vec<ArticleRow>, AppError> {
        Ok(self.store().articles(&self.filter(query)).await?)
    }

    /// Lists stories that have a report which passes, by their newest report, with the scores under the current model.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn stories(&self, query: ArticlesQuery) -> Result<Vec<StoryRow>, AppError> {
        Ok(self.store().stories(&self.filter(query)).await?)
    }

    /// Marks articles as read, or as unread again.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn mark_read(&self, ids: Vec<ArticleId>, read: bool) -> Result<(), AppError> {
        let at = read.then(|| self.inner.clock.now());
        self.store().mark_read(ids.clone(), at).await?;
        self.bus().announce(Event::ArticlesRead(ids));
        Ok(())
    }

    /// How many articles are unread.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn unread_count(&self) -> Result<u64, AppError> {
        Ok(self.store().unread_count().await?)
    }

    fn filter(&self, query: ArticlesQuery) -> ArticleFilter {
        ArticleFilter {
            asset: query.asset,
            source: query.source,
            text: query.search,
            tone: query.tone,
            unread: query.unread,
            before: query.before,
            model: self.model().ok(),
            limit: query.limit.clamp(1, MOST_ARTICLES),
        }
    }

    /// One article with its sentences.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn article(&self, id: ArticleId) -> Result<ArticleView, AppError> {
        let article = self.store().article(id).await?;
        let source = self.store().source(article.source).await?;
        let model = self.model().ok();
        let (mut score, mut sentences): (Option<Sentiment>, Vec<SentenceScore>) = (None, Vec::new());
        let mut asset_scores: Vec<AssetScore> = Vec::new();
        if let Some(model) = &model {
            asset_scores = self.store().asset_scores(id, model).await?;
            let place = |score: &AssetScore| article.assets.iter().position(|tag| tag.asset == score.asset);
            asset_scores.retain(|score| place(score).is_some());
            asset_scores.sort_by_key(place);
            score = self.store().article_score(id, model).await?;
            sentences = self.store().sentence_scores(id, model).await?;
        }
        let mut story = self.store().story(article.story, model.as_ref()).await?;
        story.retain(|report| report.id != id);
        let row = ArticleRow {
            id,
            source: article.source,
            source_title: source.title,
            source_kind: source.kind,
            url: article.url.clone(),
            title: article.title.clone(),
            summary: article.summary.clone(),
            status: article.content.status,
            published: article.published.map(|published| published.at),
            first_seen: article.first_seen,
            available_at: article.available_at,
            backfilled: article.backfilled,
            story: article.story,
            repeats: article.repeats,
            read: article.read,
            assets: article.assets.clone(),
            score,
        };
        Ok(ArticleView {
            row,
            article,
            sentences,
            asset_scores,
            story,
            model: model.filter(|_| score.is_some()),
        })
    }

    /// The articles about a series' asset that became available in `[from, to)`, newest first, the last 500.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn news_markers(
        &self,
        series: SeriesId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<NewsMarker>, AppError> {
        let key = self.store().series(series).await?.key;
        let Some((asset, _)) = base_and_quote(&key.symbol) else {
            return Ok(Vec::new());
        };
        let query = ArticlesQuery {
            asset: Some(asset.clone()),
            before: Some((to, ArticleId(i64::MIN))),
            limit: MOST_ARTICLES,
            ..ArticlesQuery::default()
        };
        let mut rows = self.articles(query).await?;
        rows.retain(|row| row.available_at >= from);
        if let Ok(model) = self.model() {
            let ids: Vec<ArticleId> = rows.iter().map(|row| row.id).collect();
            let scores = self.store().scores_for_asset(&ids, &asset, &model).await?;
            for row in &mut rows {
                row.score = scores.get(&row.id).copied().or(row.score);
            }
        }
        let markers = rows.into_iter().map(|row| NewsMarker {
            id: row.id,
            time: row.available_at,
            title: row.title,
            source: row.source_title,
            score: row.score.map(Sentiment::score),
        });
        Ok(markers.collect())
    }

    /// Mean sentiment of a series' asset at the close of each of its bars in the span: what a strategy sees there.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Invalid`] for a span that ends before it starts.
    pub async fn sentiment_series(&self, query: SentimentQuery) -> Result<SentimentSeries, AppError> {
        let span = Span::new(query.from, query.to)
            .map_err(|error| AppError::invalid(error.to_string(), "Give a start before the end."))?;
        let series = self.store().series(query.series).await?;
        let Some((asset, _)) = base_and_quote(&series.key.symbol) else {
            return Ok(SentimentSeries::default());
        };
        let bars = self.store().bars(query.series, span).await?;
        let closes: Vec<i64> = bars
            .open_time
            .iter()
            .map(|open| series.key.interval.next(Timestamp::from_millis(*open)).millis() - 1)
            .collect();
        let known = Span::new(query.from.plus_millis(-query.window_ms), query.to)
            .map_err(|error| AppError::invalid(error.to_string(), "Give a window above zero."))?;
        let points = self.sentiment_points(&asset, known).await?;
        let (value, count) = sentiment_window(&points, &closes, query.window_ms, half_life(query.window_ms));
        Ok(SentimentSeries {
            asset: Some(asset),
            time: bars.open_time,
            value,
            count,
        })
    }
}

/// Recent articles count more: half as much when they are half a window old. The strategy language does the same.
fn half_life(window_ms: i64) -> i64 {
    (window_ms / 2).max(1)
}
