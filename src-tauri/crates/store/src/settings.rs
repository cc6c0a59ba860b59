//! The table `settings`: JSON by key. What the keys mean is for the callers to say.

use serde_json::Value;

use crate::names::unreadable;
use crate::{Store, StoreError};

impl Store {
    /// The value of a key.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn setting(&self, key: &str) -> Result<Option<Value>, StoreError> {
        let key = key.to_owned();
        self.read("read a setting", move |tx| {
            Box::pin(async move {
                let text: Option<String> = sqlx::query_scalar("SELECT value FROM settings WHERE key = ?1")
                    .bind(key)
                    .fetch_optional(&mut **tx)
                    .await?;
                let value = text.map(|text| {
                    serde_json::from_str(&text).map_err(|_| unreadable("settings.value", text.as_str()))
                });
                Ok(value.transpose()?)
            })
        })
        .await
    }

    /// Sets a key's value.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn put_setting(&self, key: &str, value: &Value) -> Result<(), StoreError> {
        let (key, text) = (key.to_owned(), value.to_string());
        self.write("store a setting", move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO settings (key, value) VALUES (?1, ?2)
                     ON CONFLICT DO UPDATE SET value = excluded.value",
                )
                .bind(key)
                .bind(text)
                .execute(tx)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Forgets a key; one that is not there is forgotten already.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn delete_setting(&self, key: &str) -> Result<(), StoreError> {
        let key = key.to_owned();
        self.write("delete a setting", move |tx| {
            Box::pin(async move {
                sqlx::query("DELETE FROM settings WHERE key = ?1")
                    .bind(key)
                    .execute(tx)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
