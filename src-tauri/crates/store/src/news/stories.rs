//! Stories: articles compared with each other, and the list by story.

use promptpal_domain::{ArticleId, ModelRef, Span, Timestamp};
use sqlx::SqliteConnection;

use super::list::{ListRow, bind_filter, model_names, passes, rows, search_expression, with_assets};
use super::{ArticleFilter, ArticleRow, numbers};
use crate::error::Fault;
use crate::{Store, StoreError};

/// No more articles are read to be compared with.
const MOST_COMPARED: i64 = 20_000;

/// An article as it is compared with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedArticle {
    /// The store's number.
    pub id: ArticleId,
    /// From when it could be known.
    pub available_at: Timestamp,
    /// Headline.
    pub title: String,
    /// Its text, or the feed's summary where there is no text.
    pub text: String,
    /// Where it was placed; itself where it was not yet.
    pub place: StoryPlace,
}

/// Where an article belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoryPlace {
    /// The story, by the article that began it.
    pub story: ArticleId,
    /// The article whose text this one repeats, or itself.
    pub same_as: ArticleId,
    /// The text's fingerprint, where it has one.
    pub fingerprint: Option<u64>,
}

/// A story in a list: its reports, the first one first.
#[derive(Clone, Debug, PartialEq)]
pub struct StoryRow {
    /// Its number.
    pub story: ArticleId,
    /// Its articles by the moment they could be known.
    pub reports: Vec<ArticleRow>,
}

type ComparedRow = (i64, i64, String, String, i64, i64, Option<i64>);

/// An article's text or summary, from articles `a`.
macro_rules! compared {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.available_at, a.title, CASE a.text WHEN '' THEN a.summary ELSE a.text END, a.story, a.same_as,
                    a.fingerprint FROM articles AS a ",
            $rest
        )
    };
}

const WAITING: &str =
    compared!("WHERE a.gathered = 0 AND a.status <> 'pending' ORDER BY a.available_at, a.id LIMIT ?1");
const PLACED: &str = compared!(
    "WHERE a.gathered = 1 AND a.available_at >= ?1 AND a.available_at < ?2 ORDER BY a.available_at DESC, a.id DESC LIMIT ?3"
);

/// The newest report of each story that has a report which passes.
macro_rules! stories {
    ($search:literal) => {
        concat!(
            "SELECT l.story, l.available_at FROM articles AS l
             WHERE NOT EXISTS (SELECT 1 FROM articles AS n
                               WHERE n.story = l.story AND (n.available_at, n.id) > (l.available_at, l.id))
               AND (?5 IS NULL OR (l.available_at, l.id) < (?5, ?6))
               AND EXISTS (SELECT 1 FROM articles AS a
                           LEFT JOIN article_scores AS c ON c.article_id = a.id
                               AND c.model_id = (SELECT id FROM models WHERE name = ?1 AND sha256 = ?2)
                           WHERE a.story = l.story AND ",
            passes!(),
            $search,
            ") ORDER BY l.available_at DESC, l.id DESC LIMIT ?8"
        )
    };
}

const STORIES: &str = stories!("");
const STORIES_WITH_WORDS: &str =
    stories!(" AND a.id IN (SELECT rowid FROM articles_search WHERE articles_search MATCH ?10)");
const REPORTS: &str = rows!(
    "articles AS a",
    "WHERE a.story IN (SELECT value FROM json_each(?3)) ORDER BY a.available_at, a.id"
);

impl Store {
    /// The articles that were not compared with the others yet, the first known first. One whose page is still to be fetched
    /// waits for it.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn articles_to_compare(&self, limit: u32) -> Result<Vec<ComparedArticle>, StoreError> {
        self.read("list the articles to compare", move |tx| {
            Box::pin(async move {
                let rows: Vec<ComparedRow> = sqlx::query_as(WAITING).bind(limit).fetch_all(&mut **tx).await?;
                Ok(rows.into_iter().map(compared).collect())
            })
        })
        .await
    }

    /// The articles of a span that have their place; the newest 20,000.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn compared_articles(&self, span: Span) -> Result<Vec<ComparedArticle>, StoreError> {
        self.read("list the articles of some days", move |tx| {
            Box::pin(async move {
                let rows: Vec<ComparedRow> = sqlx::query_as(PLACED)
                    .bind(span.from().millis())
                    .bind(span.to().millis())
                    .bind(MOST_COMPARED)
                    .fetch_all(&mut **tx)
                    .await?;
                Ok(rows.into_iter().rev().map(compared).collect())
            })
        })
        .await
    }

    /// Gives articles their places. One that is gone is passed over.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn place_articles(&self, places: Vec<(ArticleId, StoryPlace)>) -> Result<(), StoreError> {
        self.write("put articles into their stories", move |tx| {
            Box::pin(async move {
                for (id, place) in places {
                    sqlx::query(
                        "UPDATE articles SET story = ?2, same_as = ?3, fingerprint = ?4, gathered = 1 WHERE id = ?1",
                    )
                    .bind(id.0)
                    .bind(place.story.0)
                    .bind(place.same_as.0)
                    .bind(place.fingerprint.map(u64::cast_signed))
                    .execute(&mut *tx)
                    .await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// The reports of a story, the first one first, with the scores of `model`; none where there is no such story.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn story(
        &self,
        story: ArticleId,
        model: Option<&ModelRef>,
    ) -> Result<Vec<ArticleRow>, StoreError> {
        let model = model.cloned();
        self.read("read a story", move |tx| {
            Box::pin(async move { reports(tx, [story.0], model.as_ref()).await })
        })
        .await
    }

    /// The stories with a report that passes the filter, by their newest report, newest first. All reports of such a story
    /// are given. `before` is the newest report of the last story of the page before.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn stories(&self, filter: &ArticleFilter) -> Result<Vec<StoryRow>, StoreError> {
        let filter = filter.clone();
        self.read("list stories", move |tx| {
            Box::pin(async move { stories(tx, &filter).await })
        })
        .await
    }
}

async fn stories(connection: &mut SqliteConnection, filter: &ArticleFilter) -> Result<Vec<StoryRow>, Fault> {
    let words = filter.text.as_deref().map(search_expression);
    let found: Vec<(i64, i64)> = match words.as_deref() {
        None | Some("") => {
            bind_filter(sqlx::query_as(STORIES), filter)
                .fetch_all(&mut *connection)
                .await?
        }
        Some(words) => {
            bind_filter(sqlx::query_as(STORIES_WITH_WORDS), filter)
                .bind(words)
                .fetch_all(&mut *connection)
                .await?
        }
    };
    let mut stories: Vec<StoryRow> = found
        .iter()
        .map(|(story, _)| StoryRow {
            story: ArticleId(*story),
            reports: Vec::new(),
        })
        .collect();
    let places: std::collections::HashMap<i64, usize> = found
        .iter()
        .enumerate()
        .map(|(place, (story, _))| (*story, place))
        .collect();
    let numbers = found.iter().map(|(story, _)| *story);
    for report in reports(connection, numbers, filter.model.as_ref()).await? {
        let place = places.get(&report.story.0);
        if let Some(story) = place.and_then(|place| stories.get_mut(*place)) {
            story.reports.push(report);
        }
    }
    Ok(stories)
}

async fn reports(
    connection: &mut SqliteConnection,
    stories: impl IntoIterator<Item = i64>,
    model: Option<&ModelRef>,
) -> Result<Vec<ArticleRow>, Fault> {
    let (model, sha256) = model_names(model);
    let rows: Vec<ListRow> = sqlx::query_as(REPORTS)
        .bind(model)
        .bind(sha256)
        .bind(numbers(stories))
        .fetch_all(&mut *connection)
        .await?;
    with_assets(connection, rows).await
}

fn compared((id, at, title, text, story, same_as, fingerprint): ComparedRow) -> ComparedArticle {
    ComparedArticle {
        id: ArticleId(id),
        available_at: Timestamp::from_millis(at),
        title,
        text,
        place: StoryPlace {
            story: ArticleId(story),
            same_as: ArticleId(same_as),
            fingerprint: fingerprint.map(i64::cast_unsigned),
        },
    }
}
