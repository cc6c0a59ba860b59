//! What was read.

use promptpal_domain::{ArticleId, Timestamp};

use super::numbers;
use crate::{Store, StoreError};

impl Store {
    /// Marks articles as read at `at`, or as unread with `None`. Numbers of articles that are gone do nothing; the moment at
    /// which one was read first stands.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn mark_read(&self, ids: Vec<ArticleId>, at: Option<Timestamp>) -> Result<(), StoreError> {
        self.write("mark articles as read", move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "UPDATE articles SET read_at = CASE WHEN ?2 IS NULL THEN NULL ELSE coalesce(read_at, ?2) END
                     WHERE id IN (SELECT value FROM json_each(?1))",
                )
                .bind(numbers(ids.iter().map(|id| id.0)))
                .bind(at.map(Timestamp::millis))
                .execute(tx)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// How many articles are unread.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn unread_count(&self) -> Result<u64, StoreError> {
        self.read("count the unread articles", |tx| {
            Box::pin(async move {
                let unread: i64 = sqlx::query_scalar("SELECT count(*) FROM articles WHERE read_at IS NULL")
                    .fetch_one(&mut **tx)
                    .await?;
                Ok(unread.unsigned_abs())
            })
        })
        .await
    }
}
