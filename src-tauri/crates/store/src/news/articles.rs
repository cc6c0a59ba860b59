//! The tables `articles` and `article_assets`, one article at a time. The list is in `list`.

use std::collections::HashMap;

use promptpal_domain::{Article, ArticleContent, ArticleId, Asset, AssetTag, Published, SourceId, Timestamp};
use sqlx::SqliteConnection;

use super::identity::{Identity, identify, title_key};
use super::{NewArticle, VisitedPage, numbers};
use crate::error::Fault;
use crate::names::{
    asset, count, date_origin, date_origin_name, exactness, exactness_name, status, status_name,
};
use crate::{Store, StoreError};

#[derive(sqlx::FromRow)]
struct FullRow {
    id: i64,
    source_id: i64,
    guid: String,
    url: String,
    title: String,
    summary: String,
    status: String,
    text: String,
    author: Option<String>,
    language: Option<String>,
    fault: Option<String>,
    published: Option<i64>,
    date_source: Option<String>,
    date_precision: Option<String>,
    first_seen: i64,
    available_at: i64,
    backfilled: bool,
    story: i64,
    same_as: i64,
    read: bool,
}

macro_rules! full_rows {
    ($rest:literal) => {
        concat!("SELECT id, source_id, guid, url, title, summary, status, text, author, language, fault, published,
    date_source, date_precision, first_seen, available_at, backfill_delay_ms IS NOT NULL AS backfilled, story, same_as,
    read_at IS NOT NULL AS read FROM articles ", $rest)
    };
}

const PENDING: &str = full_rows!("WHERE status = 'pending' ORDER BY first_seen, id LIMIT ?1");
const ONE: &str = full_rows!("WHERE id = ?1");

impl FullRow {
    fn into_article(self, assets: Vec<AssetTag>) -> Result<Article, StoreError> {
        Ok(Article {
            id: ArticleId(self.id),
            source: SourceId(self.source_id),
            guid: self.guid,
            url: self.url,
            title: self.title,
            summary: self.summary,
            content: ArticleContent {
                status: status(&self.status)?,
                text: self.text,
                author: self.author,
                language: self.language,
            },
            fault: self.fault,
            published: published(self.published, self.date_source, self.date_precision)?,
            first_seen: Timestamp::from_millis(self.first_seen),
            available_at: Timestamp::from_millis(self.available_at),
            backfilled: self.backfilled,
            story: ArticleId(self.story),
            repeats: Some(ArticleId(self.same_as)).filter(|same| same.0 != self.id),
            read: self.read,
            assets,
        })
    }
}

fn published(
    at: Option<i64>,
    origin: Option<String>,
    precision: Option<String>,
) -> Result<Option<Published>, StoreError> {
    let (Some(at), Some(origin), Some(precision)) = (at, origin, precision) else {
        return Ok(None);
    };
    Ok(Some(Published {
        at: Timestamp::from_millis(at),
        origin: date_origin(&origin)?,
        exactness: exactness(&precision)?,
    }))
}

pub(super) fn not_found(id: ArticleId) -> StoreError {
    StoreError::NotFound {
        what: "article",
        id: id.0.to_string(),
    }
}

impl Store {
    /// Stores what a feed lists and returns the numbers of the articles that are new, in the feed's order.
    ///
    /// An article that is known (`identity` says by what) is left as it is, so that the moment it was first seen stands.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when there is no such source, and those of every write.
    pub async fn put_feed_items(
        &self,
        source: SourceId,
        items: Vec<NewArticle>,
    ) -> Result<Vec<ArticleId>, StoreError> {
        self.write("store articles", move |tx| {
            Box::pin(async move {
                let mut new = Vec::new();
                for item in items {
                    let Some(identity) = identify(tx, source, &item).await? else {
                        continue;
                    };
                    if let Some(id) = insert(tx, source, &item, &identity).await? {
                        put_assets(tx, id, &item.assets).await?;
                        new.push(id);
                    }
                }
                Ok(new)
            })
        })
        .await
    }

    /// The articles whose page is still to be fetched, the longest waiting first.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn pending_articles(&self, limit: u32) -> Result<Vec<Article>, StoreError> {
        self.read("list the pending articles", move |tx| {
            Box::pin(async move {
                let rows: Vec<FullRow> = sqlx::query_as(PENDING).bind(limit).fetch_all(&mut **tx).await?;
                let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
                let mut assets = assets_of(tx, &ids).await?;
                let articles = rows.into_iter().map(|row| {
                    let assets = assets.remove(&row.id).unwrap_or_default();
                    row.into_article(assets)
                });
                Ok(articles.collect::<Result<_, _>>()?)
            })
        })
        .await
    }

    /// Stores what the visit to an article's page brought. Scores that the article has are of another text and are dropped,
    /// so that it waits for scoring again, and to be compared with others.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn put_content(&self, id: ArticleId, page: VisitedPage) -> Result<(), StoreError> {
        self.write("store an article's text", move |tx| {
            Box::pin(async move {
                let VisitedPage {
                    content,
                    title,
                    assets,
                    published,
                    fault,
                } = page;
                let headline = title.as_deref().map(title_key);
                let changed = sqlx::query(
                    "UPDATE articles SET status = ?2, text = ?3, author = coalesce(?4, author),
                            language = coalesce(?5, language), fault = ?6, gathered = 0,
                            title = CASE title WHEN '' THEN coalesce(?10, '') ELSE title END,
                            title_key = CASE title WHEN '' THEN coalesce(?11, '') ELSE title_key END,
                            published = coalesce(published, ?7),
                            date_source = CASE WHEN published IS NULL THEN ?8 ELSE date_source END,
                            date_precision = CASE WHEN published IS NULL THEN ?9 ELSE date_precision END
                     WHERE id = ?1",
                )
                .bind(id.0)
                .bind(status_name(content.status))
                .bind(content.text)
                .bind(content.author)
                .bind(content.language)
                .bind(fault)
                .bind(published.map(|published| published.at.millis()))
                .bind(published.map(|published| date_origin_name(published.origin)))
                .bind(published.map(|published| exactness_name(published.exactness)))
                .bind(title)
                .bind(headline)
                .execute(&mut *tx)
                .await?;
                if changed.rows_affected() == 0 {
                    return Err(not_found(id).into());
                }
                sqlx::query("DELETE FROM article_scores WHERE article_id = ?1")
                    .bind(id.0)
                    .execute(&mut *tx)
                    .await?;
                sqlx::query("DELETE FROM article_assets WHERE article_id = ?1")
                    .bind(id.0)
                    .execute(&mut *tx)
                    .await?;
                put_assets(tx, id, &assets).await
            })
        })
        .await
    }

    /// The article of this number.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn article(&self, id: ArticleId) -> Result<Article, StoreError> {
        self.read("read an article", move |tx| {
            Box::pin(async move {
                let row: Option<FullRow> = sqlx::query_as(ONE).bind(id.0).fetch_optional(&mut **tx).await?;
                let row = row.ok_or_else(|| not_found(id))?;
                let assets = assets_of(tx, &[id.0]).await?.remove(&id.0).unwrap_or_default();
                Ok(row.into_article(assets)?)
            })
        })
        .await
    }

    /// How many articles there are about each asset since `since`, the most first.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn asset_counts(&self, since: Timestamp, limit: u32) -> Result<Vec<(Asset, u64)>, StoreError> {
        self.read("count articles by asset", move |tx| {
            Box::pin(async move {
                let rows: Vec<(String, i64)> = sqlx::query_as(
                    "SELECT t.asset, count(*) AS articles FROM article_assets AS t
                     JOIN articles AS a ON a.id = t.article_id WHERE a.available_at >= ?1
                     GROUP BY t.asset ORDER BY articles DESC, t.asset LIMIT ?2",
                )
                .bind(since.millis())
                .bind(limit)
                .fetch_all(&mut **tx)
                .await?;
                let counts = rows
                    .into_iter()
                    .map(|(name, n)| Ok((asset(&name)?, count("article_assets", n)?)));
                Ok(counts.collect::<Result<_, StoreError>>()?)
            })
        })
        .await
    }
}

/// The number of the new row, or `None` where the article is known.
async fn insert(
    connection: &mut SqliteConnection,
    source: SourceId,
    item: &NewArticle,
    identity: &Identity,
) -> Result<Option<ArticleId>, Fault> {
    // Fetches all, so that the statement runs to its end, where SQLite checks the reference to the source.
    let ids: Vec<i64> = sqlx::query_scalar(
        "INSERT INTO articles (source_id, guid, url, url_key, title, title_key, summary, status, text, author, language,
                               published, date_source, date_precision, first_seen, backfill_delay_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(source.0)
    .bind(&identity.guid)
    .bind(&item.url)
    .bind(&identity.url_key)
    .bind(&item.title)
    .bind(&identity.title_key)
    .bind(&item.summary)
    .bind(status_name(item.content.status))
    .bind(&item.content.text)
    .bind(&item.content.author)
    .bind(&item.content.language)
    .bind(item.published.map(|published| published.at.millis()))
    .bind(item.published.map(|published| date_origin_name(published.origin)))
    .bind(item.published.map(|published| exactness_name(published.exactness)))
    .bind(item.first_seen.millis())
    .bind(item.backfill_delay_ms)
    .fetch_all(connection)
    .await?;
    Ok(ids.first().copied().map(ArticleId))
}

async fn put_assets(
    connection: &mut SqliteConnection,
    id: ArticleId,
    assets: &[AssetTag],
) -> Result<(), Fault> {
    for tag in assets {
        sqlx::query(
            "INSERT INTO article_assets (article_id, asset, relevance, rule) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET relevance = max(relevance, excluded.relevance)",
        )
        .bind(id.0)
        .bind(tag.asset.as_str())
        .bind(tag.relevance)
        .bind(&tag.rule)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

/// What articles are about, by article, the most relevant first.
pub(super) async fn assets_of(
    connection: &mut SqliteConnection,
    ids: &[i64],
) -> Result<HashMap<i64, Vec<AssetTag>>, Fault> {
    let wanted = numbers(ids.iter().copied());
    let rows: Vec<(i64, String, f64, String)> = sqlx::query_as(
        "SELECT t.article_id, t.asset, t.relevance, t.rule
         FROM json_each(?1) AS wanted CROSS JOIN article_assets AS t ON t.article_id = wanted.value
         ORDER BY t.relevance DESC, t.asset",
    )
    .bind(wanted)
    .fetch_all(connection)
    .await?;
    let mut assets: HashMap<i64, Vec<AssetTag>> = HashMap::new();
    for (id, name, relevance, rule) in rows {
        assets.entry(id).or_default().push(AssetTag {
            asset: asset(&name)?,
            relevance,
            rule,
        });
    }
    Ok(assets)
}
