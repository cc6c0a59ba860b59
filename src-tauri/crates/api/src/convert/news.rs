//! Articles, sources, sentiment.

use promptpal_app::causes::{ArticleRow, Tone};
use promptpal_app::{
    ArticleView, ArticlesQuery, NewsMarker, SentimentQuery, SentimentSeries, SourceOverview,
};
use promptpal_domain::{
    AssetTag, ContentStatus, ModelRef, SentenceScore, Sentiment, SeriesId, SourceId, SourceKind,
};

use super::{finite, id, refused};
use crate::{
    ApiError, ArticleDto, ArticleRowDto, ArticleStatusDto, ArticlesRequest, AssetTagDto, ModelDto,
    NewsMarkerDto, SentenceDto, SentimentDto, SentimentSeriesDto, SentimentSeriesRequest, SourceDto, TimeMs,
    ToneDto,
};

impl From<Sentiment> for SentimentDto {
    fn from(sentiment: Sentiment) -> Self {
        let (positive, negative, neutral) = (sentiment.positive(), sentiment.negative(), sentiment.neutral());
        let tone = if positive > negative && positive > neutral {
            ToneDto::Positive
        } else if negative > neutral {
            ToneDto::Negative
        } else {
            ToneDto::Neutral
        };
        Self {
            positive,
            negative,
            neutral,
            score: sentiment.score(),
            tone,
        }
    }
}

impl From<ToneDto> for Tone {
    fn from(tone: ToneDto) -> Self {
        match tone {
            ToneDto::Positive => Self::Positive,
            ToneDto::Negative => Self::Negative,
            ToneDto::Neutral => Self::Neutral,
        }
    }
}

impl From<ContentStatus> for ArticleStatusDto {
    fn from(status: ContentStatus) -> Self {
        match status {
            ContentStatus::Pending => Self::Pending,
            ContentStatus::Full => Self::Full,
            ContentStatus::Summary => Self::Summary,
            ContentStatus::Paywalled => Self::Paywalled,
            ContentStatus::Blocked => Self::Blocked,
            ContentStatus::NotArticle => Self::NotArticle,
            ContentStatus::Failed => Self::Failed,
        }
    }
}

impl From<AssetTag> for AssetTagDto {
    fn from(tag: AssetTag) -> Self {
        Self {
            asset: tag.asset.to_string(),
            relevance: tag.relevance,
        }
    }
}

impl From<ModelRef> for ModelDto {
    fn from(model: ModelRef) -> Self {
        Self {
            id: model.id,
            sha256: model.sha256,
        }
    }
}

impl From<ArticleRow> for ArticleRowDto {
    fn from(row: ArticleRow) -> Self {
        Self {
            id: id(row.id.0),
            source: row.source_title,
            url: row.url,
            title: row.title,
            published: row.published.map(Into::into),
            available_at: row.available_at.into(),
            status: row.status.into(),
            assets: row.assets.into_iter().map(Into::into).collect(),
            sentiment: row.score.map(Into::into),
            simulated: row.source_kind == SourceKind::Sample,
        }
    }
}

impl From<SentenceScore> for SentenceDto {
    fn from(sentence: SentenceScore) -> Self {
        Self {
            position: sentence.position,
            text: sentence.text,
            sentiment: sentence.sentiment.into(),
        }
    }
}

impl From<ArticleView> for ArticleDto {
    fn from(view: ArticleView) -> Self {
        let paragraphs = view
            .article
            .content
            .text
            .split("\n\n")
            .map(str::trim)
            .filter(|part| !part.is_empty());
        Self {
            paragraphs: paragraphs.map(str::to_owned).collect(),
            author: view.article.content.author.clone(),
            first_seen: view.article.first_seen.into(),
            summary: view.article.summary.clone(),
            row: view.row.into(),
            sentences: view.sentences.into_iter().map(Into::into).collect(),
            model: view.model.map(Into::into),
        }
    }
}

impl TryFrom<ArticlesRequest> for ArticlesQuery {
    type Error = ApiError;

    fn try_from(request: ArticlesRequest) -> Result<Self, ApiError> {
        let asset = request.asset.map(|asset| asset.parse()).transpose();
        Ok(Self {
            asset: asset.map_err(|error| refused(error, "Write a ticker such as BTC."))?,
            source: request.source_id.map(|source| SourceId(source.into())),
            tone: request.tone.map(Into::into),
            search: request.search.filter(|words| !words.trim().is_empty()),
            before: request.before.map(Into::into),
            limit: request.limit,
        })
    }
}

impl From<SourceOverview> for SourceDto {
    fn from(overview: SourceOverview) -> Self {
        let source = overview.source;
        Self {
            id: id(source.id.0),
            title: source.title,
            url: source.url,
            simulated: source.kind == SourceKind::Sample,
            enabled: source.enabled,
            full_text: source.full_text,
            last_fetch: source.last_fetch.map(Into::into),
            next_fetch: source.next_fetch.map(Into::into),
            failures: source.failures,
            last_error: source.last_error,
            articles: overview.articles,
        }
    }
}

impl From<NewsMarker> for NewsMarkerDto {
    fn from(marker: NewsMarker) -> Self {
        Self {
            article_id: id(marker.id.0),
            time: marker.time.into(),
            title: marker.title,
            source: marker.source,
            score: marker.score,
        }
    }
}

impl From<SentimentSeriesRequest> for SentimentQuery {
    fn from(request: SentimentSeriesRequest) -> Self {
        Self {
            series: SeriesId(request.series_id.into()),
            from: request.from.into(),
            to: request.to.into(),
            window_ms: request.window_ms,
        }
    }
}

impl From<SentimentSeries> for SentimentSeriesDto {
    fn from(series: SentimentSeries) -> Self {
        Self {
            asset: series.asset.map(|asset| asset.to_string()),
            time: series.time.into_iter().map(TimeMs).collect(),
            value: series.value.into_iter().map(finite).collect(),
            count: series.count,
        }
    }
}
