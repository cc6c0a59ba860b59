//! The tables `models`, `article_scores` and `sentence_scores`. Scores of several models stand side by side.

use promptpal_domain::{
    ArticleId, Asset, ModelRef, SentenceScore, Sentiment, SentimentPoint, Span, Timestamp,
};
use sqlx::SqliteConnection;

use super::articles::assets_of;
use super::list::sentiment;
use super::{ArticleScores, UnscoredArticle, asset_scores};
use crate::error::Fault;
use crate::names::{count, unreadable};
use crate::{Store, StoreError};

/// More points than this are not read at once.
const MAX_POINTS: i64 = 1_000_000;
/// No article is cut into more sentences.
const MAX_SENTENCES: i64 = 10_000;
/// More models than this are not listed.
const MAX_MODELS: i64 = 1_000;

impl Store {
    /// Articles that this model has not scored, newest first. One that is pending, or is no article, does not count.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn unscored_articles(
        &self,
        model: &ModelRef,
        limit: u32,
    ) -> Result<Vec<UnscoredArticle>, StoreError> {
        let model = model.clone();
        self.read("list the articles to score", move |tx| {
            Box::pin(async move {
                let rows: Vec<(i64, String, String, String)> = sqlx::query_as(
                    "SELECT a.id, a.title, a.summary, a.text FROM articles AS a
                     WHERE a.status NOT IN ('pending', 'not_article') AND NOT EXISTS (
                         SELECT 1 FROM article_scores AS c WHERE c.article_id = a.id
                             AND c.model_id = (SELECT id FROM models WHERE name = ?1 AND sha256 = ?2))
                     ORDER BY a.available_at DESC, a.id DESC LIMIT ?3",
                )
                .bind(&model.id)
                .bind(&model.sha256)
                .bind(limit)
                .fetch_all(&mut **tx)
                .await?;
                let ids: Vec<i64> = rows.iter().map(|row| row.0).collect();
                let mut assets = assets_of(tx, &ids).await?;
                let articles = rows.into_iter().map(|(id, title, summary, text)| {
                    let tags = assets.remove(&id).unwrap_or_default();
                    UnscoredArticle {
                        id: ArticleId(id),
                        title,
                        summary,
                        text,
                        assets: tags.into_iter().map(|tag| tag.asset).collect(),
                    }
                });
                Ok(articles.collect())
            })
        })
        .await
    }

    /// How many articles wait for this model.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn unscored_count(&self, model: &ModelRef) -> Result<u64, StoreError> {
        let model = model.clone();
        self.read("count the articles to score", move |tx| {
            Box::pin(async move {
                let waiting: i64 = sqlx::query_scalar(
                    "SELECT count(*) FROM articles AS a
                     WHERE a.status NOT IN ('pending', 'not_article') AND NOT EXISTS (
                         SELECT 1 FROM article_scores AS c WHERE c.article_id = a.id
                             AND c.model_id = (SELECT id FROM models WHERE name = ?1 AND sha256 = ?2))",
                )
                .bind(&model.id)
                .bind(&model.sha256)
                .fetch_one(&mut **tx)
                .await?;
                Ok(count("articles", waiting)?)
            })
        })
        .await
    }

    /// Stores a model's scores of an article: of each sentence, for each asset, and of the whole. Replaces earlier ones by this model.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when the article is gone, and those of every write.
    pub async fn put_scores(
        &self,
        id: ArticleId,
        model: &ModelRef,
        scores: ArticleScores,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let model = model.clone();
        self.write("store scores", move |tx| {
            Box::pin(async move {
                let ArticleScores {
                    whole,
                    sentences,
                    assets,
                } = scores;
                let model = model_number(tx, &model).await?;
                sqlx::query("DELETE FROM article_scores WHERE article_id = ?1 AND model_id = ?2")
                    .bind(id.0)
                    .bind(model)
                    .execute(&mut *tx)
                    .await?;
                sqlx::query(
                    "INSERT INTO article_scores (article_id, model_id, positive, negative, neutral, scored_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )
                .bind(id.0)
                .bind(model)
                .bind(whole.positive())
                .bind(whole.negative())
                .bind(whole.neutral())
                .bind(at.millis())
                .execute(&mut *tx)
                .await?;
                for sentence in sentences {
                    put_sentence(tx, id, model, sentence).await?;
                }
                asset_scores::insert(tx, id, model, &assets).await
            })
        })
        .await
    }

    /// A model's score of a whole article.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn article_score(
        &self,
        id: ArticleId,
        model: &ModelRef,
    ) -> Result<Option<Sentiment>, StoreError> {
        let model = model.clone();
        self.read("read a score", move |tx| {
            Box::pin(async move {
                let row: Option<(f64, f64, f64)> = sqlx::query_as(
                    "SELECT positive, negative, neutral FROM article_scores
                     WHERE article_id = ?1 AND model_id = (SELECT id FROM models WHERE name = ?2 AND sha256 = ?3)",
                )
                .bind(id.0)
                .bind(&model.id)
                .bind(&model.sha256)
                .fetch_optional(&mut **tx)
                .await?;
                Ok(row.map(|(positive, negative, neutral)| sentiment(positive, negative, neutral)).transpose()?)
            })
        })
        .await
    }

    /// A model's scores of an article's sentences, in order.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn sentence_scores(
        &self,
        id: ArticleId,
        model: &ModelRef,
    ) -> Result<Vec<SentenceScore>, StoreError> {
        let model = model.clone();
        self.read("read the scores of sentences", move |tx| {
            Box::pin(async move {
                let rows: Vec<(i64, String, f64, f64, f64, bool)> = sqlx::query_as(
                    "SELECT position, text, positive, negative, neutral, truncated FROM sentence_scores
                     WHERE article_id = ?1 AND model_id = (SELECT id FROM models WHERE name = ?2 AND sha256 = ?3)
                     ORDER BY position LIMIT ?4",
                )
                .bind(id.0)
                .bind(&model.id)
                .bind(&model.sha256)
                .bind(MAX_SENTENCES)
                .fetch_all(&mut **tx)
                .await?;
                let sentences = rows.into_iter().map(|(position, text, positive, negative, neutral, truncated)| {
                    Ok(SentenceScore {
                        position: u32::try_from(position)
                            .map_err(|_| unreadable("sentence_scores.position", position.to_string()))?,
                        text,
                        sentiment: sentiment(positive, negative, neutral)?,
                        truncated,
                    })
                });
                Ok(sentences.collect::<Result<_, StoreError>>()?)
            })
        })
        .await
    }

    /// What the articles about an asset that became known in `span` say of it by a model, ascending; at most 1,000,000. A score is known
    /// [`SentimentPoint::SCORING_DELAY_MS`] after its article. An article whose score has no share for the asset yet, because an
    /// earlier version stored it, counts with the score of the whole.
    ///
    /// Of several articles with one headline on one day (UTC), or with one text, only the first that is about the asset and
    /// scored counts: a wire story on ten sites is one piece of news.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn sentiment_points(
        &self,
        asset: &Asset,
        model: &ModelRef,
        span: Span,
    ) -> Result<Vec<SentimentPoint>, StoreError> {
        const DELAY_MS: i64 = SentimentPoint::SCORING_DELAY_MS;
        let (asset, model) = (asset.clone(), model.clone());
        self.read("read the sentiment of an asset", move |tx| {
            Box::pin(async move {
                let rows: Vec<(i64, f64, f64, f64)> = sqlx::query_as(
                    "WITH model AS (SELECT id FROM models WHERE name = ?2 AND sha256 = ?3)
                     SELECT a.available_at, coalesce(s.positive, c.positive), coalesce(s.negative, c.negative), t.relevance
                     FROM article_assets AS t
                     JOIN articles AS a ON a.id = t.article_id
                     JOIN article_scores AS c ON c.article_id = a.id AND c.model_id = (SELECT id FROM model)
                     LEFT JOIN asset_scores AS s ON s.article_id = a.id AND s.model_id = c.model_id AND s.asset = ?1
                     WHERE t.asset = ?1 AND a.available_at >= ?4 AND a.available_at < ?5 AND NOT EXISTS (
                         SELECT 1 FROM articles AS b
                         JOIN article_assets AS u ON u.article_id = b.id AND u.asset = ?1
                         JOIN article_scores AS d ON d.article_id = b.id AND d.model_id = (SELECT id FROM model)
                         WHERE b.title_key = a.title_key AND a.title_key <> ''
                           AND b.available_at >= a.available_at - a.available_at % 86400000
                           AND (b.available_at, b.id) < (a.available_at, a.id))
                     AND NOT EXISTS (
                         SELECT 1 FROM articles AS b
                         JOIN article_assets AS u ON u.article_id = b.id AND u.asset = ?1
                         JOIN article_scores AS d ON d.article_id = b.id AND d.model_id = (SELECT id FROM model)
                         WHERE b.same_as = a.same_as AND (b.available_at, b.id) < (a.available_at, a.id))
                     ORDER BY a.available_at, a.id LIMIT ?6",
                )
                .bind(asset.as_str())
                .bind(&model.id)
                .bind(&model.sha256)
                .bind(span.from().millis().saturating_sub(DELAY_MS))
                .bind(span.to().millis().saturating_sub(DELAY_MS))
                .bind(MAX_POINTS)
                .fetch_all(&mut **tx)
                .await?;
                let points = rows.into_iter().map(|(at, positive, negative, weight)| SentimentPoint {
                    available_at: Timestamp::from_millis(at.saturating_add(DELAY_MS)),
                    score: positive - negative,
                    weight,
                });
                Ok(points.collect())
            })
        })
        .await
    }

    /// The models that have scored anything.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn models(&self) -> Result<Vec<ModelRef>, StoreError> {
        self.read("list the models", |tx| {
            Box::pin(async move {
                let rows: Vec<(String, String)> =
                    sqlx::query_as("SELECT name, sha256 FROM models ORDER BY name, id LIMIT ?1")
                        .bind(MAX_MODELS)
                        .fetch_all(&mut **tx)
                        .await?;
                Ok(rows
                    .into_iter()
                    .map(|(id, sha256)| ModelRef { id, sha256 })
                    .collect())
            })
        })
        .await
    }
}

async fn model_number(connection: &mut SqliteConnection, model: &ModelRef) -> Result<i64, Fault> {
    sqlx::query("INSERT INTO models (name, sha256) VALUES (?1, ?2) ON CONFLICT DO NOTHING")
        .bind(&model.id)
        .bind(&model.sha256)
        .execute(&mut *connection)
        .await?;
    let id = sqlx::query_scalar("SELECT id FROM models WHERE name = ?1 AND sha256 = ?2")
        .bind(&model.id)
        .bind(&model.sha256)
        .fetch_one(connection)
        .await?;
    Ok(id)
}

async fn put_sentence(
    connection: &mut SqliteConnection,
    id: ArticleId,
    model: i64,
    sentence: SentenceScore,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO sentence_scores (article_id, model_id, position, text, positive, negative, neutral, truncated)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(id.0)
    .bind(model)
    .bind(sentence.position)
    .bind(sentence.text)
    .bind(sentence.sentiment.positive())
    .bind(sentence.sentiment.negative())
    .bind(sentence.sentiment.neutral())
    .bind(sentence.truncated)
    .execute(connection)
    .await?;
    Ok(())
}
