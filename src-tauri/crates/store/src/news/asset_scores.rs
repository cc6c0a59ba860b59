//! The table `asset_scores`: a model's score of an article for each asset that the article is about.

use std::collections::HashMap;

use promptpal_domain::{ArticleId, Asset, AssetScore, ModelRef, Sentiment};
use sqlx::SqliteConnection;

use super::list::sentiment;
use super::{UnsharedScore, numbers};
use crate::error::Fault;
use crate::names::{asset, unreadable};
use crate::{Store, StoreError};

impl Store {
    /// A model's scores of an article for its assets, by asset.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn asset_scores(&self, id: ArticleId, model: &ModelRef) -> Result<Vec<AssetScore>, StoreError> {
        let model = model.clone();
        self.read("read the scores of assets", move |tx| {
            Box::pin(async move {
                let rows: Vec<(String, f64, f64, f64, String)> = sqlx::query_as(
                    "SELECT asset, positive, negative, neutral, sentences FROM asset_scores
                     WHERE article_id = ?1 AND model_id = (SELECT id FROM models WHERE name = ?2 AND sha256 = ?3)
                     ORDER BY asset",
                )
                .bind(id.0)
                .bind(&model.id)
                .bind(&model.sha256)
                .fetch_all(&mut **tx)
                .await?;
                let scores = rows
                    .into_iter()
                    .map(|(name, positive, negative, neutral, positions)| {
                        Ok(AssetScore {
                            asset: asset(&name)?,
                            sentiment: sentiment(positive, negative, neutral)?,
                            sentences: serde_json::from_str(&positions)
                                .map_err(|_| unreadable("asset_scores.sentences", positions))?,
                        })
                    });
                Ok(scores.collect::<Result<_, StoreError>>()?)
            })
        })
        .await
    }

    /// A model's scores of several articles for one asset; those that have none are left out.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn scores_for_asset(
        &self,
        ids: &[ArticleId],
        of: &Asset,
        model: &ModelRef,
    ) -> Result<HashMap<ArticleId, Sentiment>, StoreError> {
        let (wanted, of, model) = (numbers(ids.iter().map(|id| id.0)), of.clone(), model.clone());
        self.read("read the scores for an asset", move |tx| {
            Box::pin(async move {
                let rows: Vec<(i64, f64, f64, f64)> = sqlx::query_as(
                    "SELECT s.article_id, s.positive, s.negative, s.neutral
                     FROM json_each(?1) AS wanted CROSS JOIN asset_scores AS s ON s.article_id = wanted.value
                     WHERE s.model_id = (SELECT id FROM models WHERE name = ?2 AND sha256 = ?3) AND s.asset = ?4",
                )
                .bind(wanted)
                .bind(&model.id)
                .bind(&model.sha256)
                .bind(of.as_str())
                .fetch_all(&mut **tx)
                .await?;
                let scores = rows.into_iter().map(|(id, positive, negative, neutral)| {
                    Ok((ArticleId(id), sentiment(positive, negative, neutral)?))
                });
                Ok(scores.collect::<Result<_, StoreError>>()?)
            })
        })
        .await
    }

    /// Scores of articles that lack the score for an asset that the article is about: those that an earlier version stored.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn unshared_scores(&self, limit: u32) -> Result<Vec<UnsharedScore>, StoreError> {
        self.read("list scores without their assets", move |tx| {
            Box::pin(async move {
                let rows: Vec<(i64, String, String)> = sqlx::query_as(
                    "SELECT c.article_id, m.name, m.sha256 FROM article_scores AS c JOIN models AS m ON m.id = c.model_id
                     WHERE EXISTS (
                         SELECT 1 FROM article_assets AS t WHERE t.article_id = c.article_id AND NOT EXISTS (
                             SELECT 1 FROM asset_scores AS s
                             WHERE s.article_id = c.article_id AND s.model_id = c.model_id AND s.asset = t.asset))
                     ORDER BY c.article_id DESC, c.model_id LIMIT ?1",
                )
                .bind(limit)
                .fetch_all(&mut **tx)
                .await?;
                let scores = rows.into_iter().map(|(id, model, sha256)| UnsharedScore {
                    article: ArticleId(id),
                    model: ModelRef { id: model, sha256 },
                });
                Ok(scores.collect())
            })
        })
        .await
    }

    /// Stores a model's scores of an article for its assets, beside those of the whole that are stored. Nothing happens when the model's
    /// score of the article is gone.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn put_asset_scores(
        &self,
        id: ArticleId,
        model: &ModelRef,
        scores: Vec<AssetScore>,
    ) -> Result<(), StoreError> {
        let model = model.clone();
        self.write("store scores of assets", move |tx| {
            Box::pin(async move {
                let number: Option<i64> = sqlx::query_scalar(
                    "SELECT c.model_id FROM article_scores AS c JOIN models AS m ON m.id = c.model_id
                     WHERE c.article_id = ?1 AND m.name = ?2 AND m.sha256 = ?3",
                )
                .bind(id.0)
                .bind(&model.id)
                .bind(&model.sha256)
                .fetch_optional(&mut *tx)
                .await?;
                match number {
                    Some(number) => insert(tx, id, number, &scores).await,
                    None => Ok(()),
                }
            })
        })
        .await
    }
}

/// Writes the scores for the assets of an article; earlier ones are replaced.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: ArticleId,
    model: i64,
    scores: &[AssetScore],
) -> Result<(), Fault> {
    for score in scores {
        let positions = numbers(score.sentences.iter().map(|position| i64::from(*position)));
        sqlx::query(
            "INSERT OR REPLACE INTO asset_scores (article_id, model_id, asset, positive, negative, neutral, sentences)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )
        .bind(id.0)
        .bind(model)
        .bind(score.asset.as_str())
        .bind(score.sentiment.positive())
        .bind(score.sentiment.negative())
        .bind(score.sentiment.neutral())
        .bind(positions)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
