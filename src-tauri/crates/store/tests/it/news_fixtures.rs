//! Sources and articles to test with.

use promptpal_domain::{
    ArticleContent, ArticleId, AssetScore, AssetTag, ContentStatus, DateOrigin, Exactness, ModelRef,
    Published, Sentiment, SourceId, SourceKind,
};
use promptpal_store::{ArticleFilter, ArticleScores, NewArticle, NewSource, Store, VisitedPage};

use crate::fixtures::{NOW, at};

pub(crate) fn feed(url: &str) -> NewSource {
    NewSource {
        kind: SourceKind::Feed,
        url: url.to_owned(),
        title: url.to_uppercase(),
        full_text: true,
    }
}

pub(crate) fn model(id: &str) -> ModelRef {
    ModelRef {
        id: id.to_owned(),
        sha256: "00".repeat(32),
    }
}

pub(crate) fn tag(asset: &str, relevance: f64) -> AssetTag {
    AssetTag {
        asset: asset.parse().unwrap(),
        relevance,
        rule: "name".to_owned(),
    }
}

pub(crate) fn content(status: ContentStatus, text: &str) -> ArticleContent {
    ArticleContent {
        status,
        text: text.to_owned(),
        author: None,
        language: Some("en".to_owned()),
    }
}

pub(crate) fn page(status: ContentStatus, text: &str, assets: Vec<AssetTag>) -> VisitedPage {
    VisitedPage {
        content: content(status, text),
        title: None,
        assets,
        published: None,
        fault: None,
    }
}

pub(crate) fn stated(ms: i64) -> Published {
    Published {
        at: at(ms),
        origin: DateOrigin::Feed,
        exactness: Exactness::Instant,
    }
}

pub(crate) fn item(guid: &str, title: &str, first_seen: i64) -> NewArticle {
    NewArticle {
        guid: guid.to_owned(),
        url: format!("https://news.example/{guid}"),
        title: title.to_owned(),
        summary: format!("About {title}"),
        content: content(ContentStatus::Summary, ""),
        published: None,
        first_seen: at(first_seen),
        backfill_delay_ms: None,
        assets: vec![tag("BTC", 0.8), tag("ETH", 0.9)],
    }
}

pub(crate) fn sentiment(positive: f64, negative: f64) -> Sentiment {
    Sentiment::new(positive, negative, (1.0 - positive - negative).max(0.0)).unwrap()
}

pub(crate) async fn source(store: &Store) -> SourceId {
    store.add_source(&feed("https://a.example/rss")).await.unwrap()
}

/// Scores without sentences or assets, as an early version stored them.
pub(crate) fn whole(whole: Sentiment) -> ArticleScores {
    ArticleScores {
        whole,
        sentences: Vec::new(),
        assets: Vec::new(),
    }
}

/// What an article says of an asset, by some of its sentences.
pub(crate) fn said(asset: &str, of_asset: Sentiment, sentences: &[u32]) -> AssetScore {
    AssetScore {
        asset: asset.parse().unwrap(),
        sentiment: of_asset,
        sentences: sentences.to_vec(),
    }
}

pub(crate) async fn score(store: &Store, id: ArticleId, model: &ModelRef, of_all: Sentiment) {
    store.put_scores(id, model, whole(of_all), NOW).await.unwrap();
}

pub(crate) async fn listed(store: &Store, filter: &ArticleFilter) -> Vec<i64> {
    store
        .articles(filter)
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.id.0)
        .collect()
}
