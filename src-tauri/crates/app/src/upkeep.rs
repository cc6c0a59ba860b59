//! What is done for the store without being asked: days that have ended are sealed as columns.

use std::time::Duration;

use promptpal_store::StoreError;

use crate::App;

/// A day ends once a day; the exact hour does not matter, since what is not sealed is read from its rows.
const EVERY: Duration = Duration::from_secs(3_600);

impl App {
    /// Seals what has become sealable, now and every hour: candles of the stream are sealed by nothing else.
    pub(crate) fn seal_in_rounds(&self) {
        let app = self.clone();
        self.spawn(async move {
            loop {
                if let Err(error) = app.seal_all().await {
                    tracing::warn!(%error, "candles could not be sealed; they are read from their rows");
                }
                tokio::time::sleep(EVERY).await;
            }
        });
    }

    async fn seal_all(&self) -> Result<(), StoreError> {
        for series in self.store().list_series().await? {
            match self.store().seal(series.id, self.inner.clock.now()).await {
                // Deleted meanwhile.
                Ok(_) | Err(StoreError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
