//! Articles, sources, sentiment.

use promptpal_app::causes::{ArticleRow, StoryRow, Tone};
use promptpal_app::{
    ArticleView, ArticlesQuery, FeedPreview, ListImport, NewsMarker, SentimentQuery, SentimentSeries,
    SourceOverview,
};
use promptpal_domain::{
    ArticleId, AssetScore, AssetTag, ContentStatus, DateOrigin, Exactness, ModelRef, Published,
    SentenceScore, Sentiment, SeriesId, SourceId, SourceKind,
};

use super::{finite, id, refused};
use crate::{
    ApiError, ArticleDto, ArticleRowDto, ArticleStatusDto, ArticlesRequest, AssetScoreDto, AssetTagDto,
    DateOriginDto, ExactnessDto, FoundFeedDto, FoundItemDto, ListImportDto, ModelDto, NewsMarkerDto,
    PublishedDto, SentenceDto, SentimentDto, SentimentSeriesDto, SentimentSeriesRequest, SourceDto, StoryDto,
    TimeMs, ToneDto,
};

/// Items of a found feed that are shown.
const PREVIEWED: usize = 5;

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
            read: row.read,
            story_id: id(row.story.0),
            repeats: row.repeats.map(|article| id(article.0)),
            backfilled: row.backfilled,
            simulated: row.source_kind == SourceKind::Sample,
        }
    }
}

impl From<StoryRow> for StoryDto {
    fn from(story: StoryRow) -> Self {
        let mut sources: Vec<String> = Vec::new();
        for report in &story.reports {
            if !sources.contains(&report.source_title) {
                sources.push(report.source_title.clone());
            }
        }
        let unread = story.reports.iter().filter(|report| !report.read).count();
        Self {
            id: id(story.story.0),
            unread: u32::try_from(unread).unwrap_or(u32::MAX),
            sources,
            reports: story.reports.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Published> for PublishedDto {
    fn from(published: Published) -> Self {
        Self {
            at: published.at.into(),
            origin: match published.origin {
                DateOrigin::Feed => DateOriginDto::Feed,
                DateOrigin::Sitemap => DateOriginDto::Sitemap,
                DateOrigin::JsonLd => DateOriginDto::JsonLd,
                DateOrigin::Meta => DateOriginDto::Meta,
                DateOrigin::TimeElement => DateOriginDto::TimeElement,
                DateOrigin::Embedded => DateOriginDto::Embedded,
                DateOrigin::Address => DateOriginDto::Address,
                DateOrigin::Text => DateOriginDto::Text,
                DateOrigin::Changed => DateOriginDto::Changed,
            },
            exactness: match published.exactness {
                Exactness::Instant => ExactnessDto::Instant,
                Exactness::LocalTime => ExactnessDto::LocalTime,
                Exactness::Day => ExactnessDto::Day,
            },
        }
    }
}

impl From<FeedPreview> for FoundFeedDto {
    fn from(preview: FeedPreview) -> Self {
        let feed = preview.feed;
        Self {
            count: u32::try_from(feed.items.len()).unwrap_or(u32::MAX),
            items: feed
                .items
                .into_iter()
                .take(PREVIEWED)
                .map(|item| FoundItemDto {
                    title: item.title,
                    url: item.url,
                    published: item.published.map(Into::into),
                    summary: item.summary,
                })
                .collect(),
            url: feed.url,
            title: feed.title,
            known: preview.known,
        }
    }
}

impl From<ListImport> for ListImportDto {
    fn from(import: ListImport) -> Self {
        Self {
            added: import.added,
            known: import.known,
            refused: import.refused,
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

impl From<AssetScore> for AssetScoreDto {
    fn from(score: AssetScore) -> Self {
        Self {
            asset: score.asset.as_str().to_owned(),
            sentiment: score.sentiment.into(),
            sentences: score.sentences,
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
            dated: view.article.published.map(Into::into),
            fault: view.article.fault.clone(),
            story: view.story.into_iter().map(Into::into).collect(),
            summary: view.article.summary.clone(),
            row: view.row.into(),
            sentences: view.sentences.into_iter().map(Into::into).collect(),
            asset_scores: view.asset_scores.into_iter().map(Into::into).collect(),
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
            unread: request.unread,
            before: request.before.map(|at| {
                let id = request.before_id.map_or(i64::MIN, i64::from);
                (at.into(), ArticleId(id))
            }),
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
            interval_ms: source.interval_ms,
            last_status: source.last_status,
            held_until: overview.held_until.map(Into::into),
            failures: source.failures,
            last_error: source.last_error,
            articles: overview.articles,
            articles_a_day: overview.articles_a_day,
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
