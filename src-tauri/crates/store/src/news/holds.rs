//! The table `host_holds`: hosts that asked to be left alone, and until when.

use promptpal_domain::Timestamp;

use crate::{Store, StoreError};

/// More than these are not read.
const MAX_HOLDS: i64 = 10_000;

impl Store {
    /// Notes that a host is not to be asked before `until`. A longer wait that is known stands.
    ///
    /// # Errors
    /// Those of every write.
    pub async fn hold_host(&self, host: &str, until: Timestamp) -> Result<(), StoreError> {
        let host = host.to_owned();
        self.write("note what a host asked for", move |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO host_holds (host, until_ms) VALUES (?1, ?2)
                     ON CONFLICT DO UPDATE SET until_ms = max(until_ms, excluded.until_ms)",
                )
                .bind(&host)
                .bind(until.millis())
                .execute(tx)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// The hosts that are not to be asked at `now`, and until when.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn host_holds(&self, now: Timestamp) -> Result<Vec<(String, Timestamp)>, StoreError> {
        self.read("read what hosts asked for", move |tx| {
            Box::pin(async move {
                let rows: Vec<(String, i64)> = sqlx::query_as(
                    "SELECT host, until_ms FROM host_holds WHERE until_ms > ?1 ORDER BY until_ms DESC LIMIT ?2",
                )
                .bind(now.millis())
                .bind(MAX_HOLDS)
                .fetch_all(&mut **tx)
                .await?;
                let holds = rows
                    .into_iter()
                    .map(|(host, until)| (host, Timestamp::from_millis(until)));
                Ok(holds.collect())
            })
        })
        .await
    }
}
