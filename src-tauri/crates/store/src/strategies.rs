//! The table `strategies`: the scripts that the user wrote. The built-in ones are part of the program.

use promptpal_domain::Timestamp;

use crate::{Store, StoreError};

/// More scripts than this are not listed.
const MAX_STRATEGIES: i64 = 10_000;

/// A script's line in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrategyRow {
    /// Its name.
    pub name: String,
    /// When it was first stored.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

/// A user's script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strategy {
    /// Its name.
    pub name: String,
    /// Its text.
    pub script: String,
    /// When it was first stored.
    pub created: Timestamp,
    /// When it was last changed.
    pub updated: Timestamp,
}

impl Store {
    /// Stores a script under its name, in place of an earlier one.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn put_strategy(&self, name: &str, script: &str, now: Timestamp) -> Result<(), StoreError> {
        let (name, script) = (name.to_owned(), script.to_owned());
        self.write("store a strategy", move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO strategies (name, script, created, updated) VALUES (?1, ?2, ?3, ?3)
                     ON CONFLICT DO UPDATE SET script = excluded.script, updated = excluded.updated",
                )
                .bind(name)
                .bind(script)
                .bind(now.millis())
                .execute(tx)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// All scripts by name; at most 10,000.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn strategies(&self) -> Result<Vec<StrategyRow>, StoreError> {
        self.read("list the strategies", |tx| {
            Box::pin(async move {
                let rows: Vec<(String, i64, i64)> =
                    sqlx::query_as("SELECT name, created, updated FROM strategies ORDER BY name LIMIT ?1")
                        .bind(MAX_STRATEGIES)
                        .fetch_all(&mut **tx)
                        .await?;
                let strategies = rows.into_iter().map(|(name, created, updated)| StrategyRow {
                    name,
                    created: Timestamp::from_millis(created),
                    updated: Timestamp::from_millis(updated),
                });
                Ok(strategies.collect())
            })
        })
        .await
    }

    /// The script of this name.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn strategy(&self, name: &str) -> Result<Option<Strategy>, StoreError> {
        let name = name.to_owned();
        self.read("read a strategy", move |tx| {
            Box::pin(async move {
                let row: Option<(String, String, i64, i64)> =
                    sqlx::query_as("SELECT name, script, created, updated FROM strategies WHERE name = ?1")
                        .bind(name)
                        .fetch_optional(&mut **tx)
                        .await?;
                Ok(row.map(|(name, script, created, updated)| Strategy {
                    name,
                    script,
                    created: Timestamp::from_millis(created),
                    updated: Timestamp::from_millis(updated),
                }))
            })
        })
        .await
    }

    /// Deletes the script of this name. Its runs stay.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every write.
    pub async fn delete_strategy(&self, name: &str) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.write("delete a strategy", move |tx| {
            Box::pin(async move {
                let deleted = sqlx::query("DELETE FROM strategies WHERE name = ?1")
                    .bind(&name)
                    .execute(tx)
                    .await?;
                if deleted.rows_affected() == 0 {
                    return Err(StoreError::NotFound {
                        what: "strategy",
                        id: name,
                    }
                    .into());
                }
                Ok(())
            })
        })
        .await
    }
}
