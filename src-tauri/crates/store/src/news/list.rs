//! The list of articles with filter, search and score. The same by story is in `stories`.

use promptpal_domain::{ArticleId, ModelRef, Sentiment, SourceId, Timestamp};
use sqlx::{Sqlite, SqliteConnection};

use super::articles::assets_of;
use super::{ArticleFilter, ArticleRow, Tone};
use crate::error::Fault;
use crate::names::{source_kind, status, unreadable};
use crate::{Store, StoreError};

/// No page is longer.
const MAX_ROWS: u32 = 1_000;

#[derive(sqlx::FromRow)]
pub(super) struct ListRow {
    id: i64,
    source_id: i64,
    source_title: String,
    source_kind: String,
    url: String,
    title: String,
    summary: String,
    status: String,
    published: Option<i64>,
    first_seen: i64,
    available_at: i64,
    backfilled: bool,
    story: i64,
    same_as: i64,
    read: bool,
    positive: Option<f64>,
    negative: Option<f64>,
    neutral: Option<f64>,
}

impl Store {
    /// The articles that pass the filter, newest first.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn articles(&self, filter: &ArticleFilter) -> Result<Vec<ArticleRow>, StoreError> {
        let filter = filter.clone();
        self.read("list articles", move |tx| {
            Box::pin(async move { list(tx, &filter).await })
        })
        .await
    }
}

async fn list(connection: &mut SqliteConnection, filter: &ArticleFilter) -> Result<Vec<ArticleRow>, Fault> {
    let words = filter.text.as_deref().map(search_expression);
    let rows: Vec<ListRow> = match words.as_deref() {
        None | Some("") => {
            bind_filter(sqlx::query_as(LIST), filter)
                .fetch_all(&mut *connection)
                .await?
        }
        Some(words) => {
            bind_filter(sqlx::query_as(SEARCH), filter)
                .bind(words)
                .fetch_all(&mut *connection)
                .await?
        }
    };
    with_assets(connection, rows).await
}

/// The rows with what they are about.
pub(super) async fn with_assets(
    connection: &mut SqliteConnection,
    rows: Vec<ListRow>,
) -> Result<Vec<ArticleRow>, Fault> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut assets = assets_of(connection, &ids).await?;
    let rows = rows.into_iter().map(|row| {
        let assets = assets.remove(&row.id).unwrap_or_default();
        Ok(ArticleRow {
            id: ArticleId(row.id),
            source: SourceId(row.source_id),
            source_title: row.source_title,
            source_kind: source_kind(&row.source_kind)?,
            url: row.url,
            title: row.title,
            summary: row.summary,
            status: status(&row.status)?,
            published: row.published.map(Timestamp::from_millis),
            first_seen: Timestamp::from_millis(row.first_seen),
            available_at: Timestamp::from_millis(row.available_at),
            backfilled: row.backfilled,
            story: ArticleId(row.story),
            repeats: Some(ArticleId(row.same_as)).filter(|same| same.0 != row.id),
            read: row.read,
            assets,
            score: match (row.positive, row.negative, row.neutral) {
                (Some(positive), Some(negative), Some(neutral)) => {
                    Some(sentiment(positive, negative, neutral)?)
                }
                _ => None,
            },
        })
    });
    Ok(rows.collect::<Result<_, StoreError>>()?)
}

type FilteredQuery<'q, T> = sqlx::query::QueryAs<'q, Sqlite, T, sqlx::sqlite::SqliteArguments>;

/// Binds `?1` to `?9`.
pub(super) fn bind_filter<'q, T>(
    query: FilteredQuery<'q, T>,
    filter: &ArticleFilter,
) -> FilteredQuery<'q, T> {
    let (model, sha256) = model_names(filter.model.as_ref());
    query
        .bind(model)
        .bind(sha256)
        .bind(filter.asset.as_ref().map(|asset| asset.as_str().to_owned()))
        .bind(filter.source.map(|source| source.0))
        .bind(filter.before.map(|(at, _)| at.millis()))
        .bind(filter.before.map(|(_, id)| id.0))
        .bind(filter.tone.map(|tone| match tone {
            Tone::Positive => "positive",
            Tone::Negative => "negative",
            Tone::Neutral => "neutral",
        }))
        .bind(filter.limit.min(MAX_ROWS))
        .bind(filter.unread)
}

pub(super) fn model_names(model: Option<&ModelRef>) -> (Option<String>, Option<String>) {
    (
        model.map(|model| model.id.clone()),
        model.map(|model| model.sha256.clone()),
    )
}

/// The columns of a [`ListRow`], from articles `a`; `?1` and `?2` are the model.
macro_rules! rows {
    ($from:literal, $rest:expr) => {
        concat!(
            "SELECT a.id, a.source_id, s.title AS source_title, s.kind AS source_kind, a.url, a.title, a.summary, a.status,
                    a.published, a.first_seen, a.available_at, a.backfill_delay_ms IS NOT NULL AS backfilled, a.story,
                    a.same_as, a.read_at IS NOT NULL AS read, c.positive, c.negative, c.neutral
             FROM ", $from, "
             JOIN sources AS s ON s.id = a.source_id
             LEFT JOIN article_scores AS c ON c.article_id = a.id
                 AND c.model_id = (SELECT id FROM models WHERE name = ?1 AND sha256 = ?2)
             ", $rest)
    };
}

/// Whether article `a` with its score `c` passes `?3`, `?4`, `?7` and `?9`.
macro_rules! passes {
    () => {
        "(?3 IS NULL OR EXISTS (SELECT 1 FROM article_assets AS t WHERE t.article_id = a.id AND t.asset = ?3))
         AND (?4 IS NULL OR a.source_id = ?4)
         AND (NOT ?9 OR a.read_at IS NULL)
         AND (?7 IS NULL OR ?7 = CASE WHEN c.positive IS NULL THEN NULL
                                      WHEN c.positive > c.negative AND c.positive > c.neutral THEN 'positive'
                                      WHEN c.negative > c.positive AND c.negative > c.neutral THEN 'negative'
                                      ELSE 'neutral' END)"
    };
}

pub(super) use passes;
pub(super) use rows;

const LIST: &str = rows!(
    "articles AS a",
    concat!(
        "WHERE (?5 IS NULL OR (a.available_at, a.id) < (?5, ?6)) AND ",
        passes!(),
        " ORDER BY a.available_at DESC, a.id DESC LIMIT ?8"
    )
);

const SEARCH: &str = rows!(
    "articles_search AS f JOIN articles AS a ON a.id = f.rowid",
    concat!(
        "WHERE f.articles_search MATCH ?10 AND (?5 IS NULL OR (a.available_at, a.id) < (?5, ?6)) AND ",
        passes!(),
        " ORDER BY a.available_at DESC, a.id DESC LIMIT ?8"
    )
);

/// What the user typed as a full-text expression: each word quoted, so that nothing in it is syntax.
pub(super) fn search_expression(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect();
    if words.is_empty() {
        String::new()
    } else {
        format!("{}*", words.join(" "))
    }
}

/// Three stored probabilities.
pub(super) fn sentiment(positive: f64, negative: f64, neutral: f64) -> Result<Sentiment, StoreError> {
    Sentiment::new(positive, negative, neutral)
        .map_err(|_| unreadable("article_scores", format!("{positive}, {negative}, {neutral}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_is_syntax() {
        let check = |text: &str, expected: &str| assert_eq!(search_expression(text), expected, "{text}");
        check("bitcoin etf", "\"bitcoin\" \"etf\"*");
        check("  NEAR(a b) OR \"x", "\"NEAR(a\" \"b)\" \"OR\" \"\"\"x\"*");
        check(" - \" ", "");
    }
}
