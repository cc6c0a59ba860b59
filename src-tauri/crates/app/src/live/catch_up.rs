//! What closed while nobody listened: asked for beside the stream, which must always be read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use promptpal_domain::{SeriesId, SeriesKey, Span, Timestamp};
use promptpal_market::{Exchange, Order};
use tokio_util::sync::CancellationToken;

use crate::fetch::{FetchReport, Work};
use crate::progress::{Progress, lock};
use crate::{App, AppError};

/// Candles fetched for a series that is empty when it is first followed.
const FIRST_CANDLES: i64 = 500;

/// From where on nothing of a series may be missing: the end of what was stored before its first live candle. It stays, so
/// that a hole which could not be filled is asked for again after the next connection.
pub(super) type Ends = Arc<Mutex<HashMap<SeriesId, Timestamp>>>;

impl App {
    /// The ends of what is stored of these series.
    pub(super) async fn stored_ends(&self, ids: impl Iterator<Item = SeriesId>) -> Ends {
        let mut ends = HashMap::new();
        for id in ids {
            match self.store().series(id).await.map(|stored| Self::covered(&stored)) {
                Ok(covered) => ends.extend(covered.map(|covered| (id, covered.to()))),
                Err(error) => tracing::error!(%error, series = id.0, "a followed series cannot be read"),
            }
        }
        Arc::new(Mutex::new(ends))
    }

    /// Asks for what is missing of these series up to the present.
    pub(super) fn catch_up(
        &self,
        exchange: Arc<dyn Exchange>,
        series: Vec<(SeriesKey, SeriesId)>,
        ends: Ends,
        cancel: CancellationToken,
    ) {
        let app = self.clone();
        self.spawn(async move {
            let progress = Progress::new(app.inner.clock.clone(), cancel);
            for (key, id) in series {
                if let Err(error) = app.catch_up_one(exchange.as_ref(), id, &key, &ends, &progress).await {
                    tracing::warn!(%error, series = %key, "the hole before the live candles could not be filled");
                }
            }
        });
    }

    async fn catch_up_one(
        &self,
        exchange: &dyn Exchange,
        id: SeriesId,
        key: &SeriesKey,
        ends: &Ends,
        progress: &Progress,
    ) -> Result<(), AppError> {
        let now = self.exchange_now(exchange).await?;
        let some_back = now.plus_millis(-FIRST_CANDLES * key.interval.nominal_millis());
        let from = *lock(ends).entry(id).or_insert(some_back);
        let Ok(span) = Span::new(from, now) else {
            return Ok(());
        };
        self.store().want(id, span).await?;
        let missing = self.store().missing_spans(id, span).await?;
        let work = Work {
            exchange,
            id,
            key,
            progress,
        };
        let mut report = FetchReport::default();
        self.fill(&work, &missing, Order::OldestFirst, &mut report).await
    }
}
