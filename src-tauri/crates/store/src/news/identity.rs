//! Whether an item of a feed is an article that is stored already.
//!
//! Feeds give new ids to old articles, move them to other addresses, and list what another feed of the publisher lists. An
//! item is a known article when
//! - its address is known, whatever scheme, `www.` and last slash;
//! - or its id is known in this source and either headline or date agree, or one of the two has no date. An id that was
//!   given to something else is no sign of identity;
//! - or its headline was seen on the same day (UTC) in the same source, on the same host, or under the same id.

use promptpal_domain::{SourceId, Timestamp};
use sqlx::SqliteConnection;

use super::NewArticle;
use crate::error::Fault;

const DAY_MS: i64 = 86_400_000;
/// A shorter headline (`Market wrap`) names no single article of a day.
const SHORTEST_TITLE_KEY: usize = 16;

/// What of an item tells which article it is.
pub(super) struct Identity {
    pub(super) url_key: String,
    pub(super) title_key: String,
    /// The id under which it is to be stored.
    pub(super) guid: String,
}

/// The item's identity where it is new; `None` where it is known.
pub(super) async fn identify(
    connection: &mut SqliteConnection,
    source: SourceId,
    item: &NewArticle,
) -> Result<Option<Identity>, Fault> {
    let mut identity = Identity {
        url_key: url_key(&item.url),
        title_key: title_key(&item.title),
        guid: item.guid.clone(),
    };
    let at_address: i64 = sqlx::query_scalar("SELECT count(*) FROM articles WHERE url_key = ?1")
        .bind(&identity.url_key)
        .fetch_one(&mut *connection)
        .await?;
    if at_address > 0 {
        return Ok(None);
    }
    let under_id: Option<(String, Option<i64>)> =
        sqlx::query_as("SELECT title_key, published FROM articles WHERE source_id = ?1 AND guid = ?2")
            .bind(source.0)
            .bind(&item.guid)
            .fetch_optional(&mut *connection)
            .await?;
    let published = item.published.map(|published| published.at);
    if let Some((known_title, known_published)) = under_id {
        let dates_agree = match (known_published, published) {
            (Some(known), Some(published)) => known == published.millis(),
            _ => true,
        };
        if dates_agree || known_title == identity.title_key {
            return Ok(None);
        }
        identity.guid = format!("{} {}", item.guid, identity.url_key);
    }
    if identity.title_key.len() >= SHORTEST_TITLE_KEY
        && headline_of_the_day(
            connection,
            source,
            item,
            &identity,
            published.unwrap_or(item.first_seen),
        )
        .await?
    {
        return Ok(None);
    }
    Ok(Some(identity))
}

async fn headline_of_the_day(
    connection: &mut SqliteConnection,
    source: SourceId,
    item: &NewArticle,
    identity: &Identity,
    at: Timestamp,
) -> Result<bool, Fault> {
    let day = at.millis().div_euclid(DAY_MS) * DAY_MS;
    let host = identity.url_key.split('/').next().unwrap_or_default();
    let found: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM articles
         WHERE title_key = ?1 AND coalesce(published, first_seen) >= ?2 AND coalesce(published, first_seen) < ?3
           AND (source_id = ?4 OR guid = ?5 OR url_key = ?6 OR substr(url_key, 1, length(?6) + 1) = ?6 || '/')",
    )
    .bind(&identity.title_key)
    .bind(day)
    .bind(day + DAY_MS)
    .bind(source.0)
    .bind(&item.guid)
    .bind(host)
    .fetch_one(connection)
    .await?;
    Ok(found > 0)
}

/// An address without what does not tell two articles apart. Migration 5 does the same in SQL.
pub(super) fn url_key(url: &str) -> String {
    let rest = ["https://www.", "http://www.", "https://", "http://"]
        .iter()
        .find_map(|beginning| url.strip_prefix(beginning))
        .unwrap_or(url);
    rest.trim_end_matches('/').to_owned()
}

/// Letters and digits in lower case: what two reports of one story share.
pub(super) fn title_key(title: &str) -> String {
    title
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
