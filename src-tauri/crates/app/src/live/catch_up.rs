//! What closed while nobody listened: asked for beside the stream, which must always be read.
//!
//! Series that are behind stand in a list until what they miss is stored: a request that fails is repeated, after a wait
//! that doubles, without waiting for the stream to break again. One series is asked at a time, so that no page is asked twice.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use promptpal_domain::{SeriesId, SeriesKey, Span, Timestamp};
use promptpal_market::{Exchange, Order};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::feed::Feed;
use crate::fetch::{FetchReport, Work};
use crate::progress::{Progress, lock};
use crate::{App, AppError};

/// Candles fetched for a series that is empty when it is first followed.
const FIRST_CANDLES: i64 = 500;
/// The first wait after a failure, and the longest.
const WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(300));

/// The series of one feed that are behind.
#[derive(Debug, Default)]
pub(super) struct Behind {
    series: Mutex<BTreeSet<(SeriesKey, SeriesId)>>,
    more: Notify,
}

impl Behind {
    pub(super) fn add(&self, series: impl IntoIterator<Item = (SeriesKey, SeriesId)>) {
        lock(&self.series).extend(series);
        self.more.notify_one();
    }

    fn take(&self) -> BTreeSet<(SeriesKey, SeriesId)> {
        std::mem::take(&mut *lock(&self.series))
    }

    /// Keeps series for the next round without asking for one.
    fn keep(&self, series: BTreeSet<(SeriesKey, SeriesId)>) {
        lock(&self.series).extend(series);
    }
}

/// Asks for what the series of one feed miss.
struct CatchUp {
    app: App,
    exchange: Arc<dyn Exchange>,
    /// From where on nothing of a series may be missing: the end of what was stored before its first live candle. It
    /// stays, so that a hole which could not be filled is asked for again.
    ends: HashMap<SeriesId, Timestamp>,
    progress: Progress,
}

impl App {
    /// Fills what is missing of the feed's series whenever they are said to be behind, until `cancel`.
    pub(super) async fn keep_up(&self, feed: &Feed, behind: Arc<Behind>, cancel: CancellationToken) {
        let mut catch_up = CatchUp {
            app: self.clone(),
            exchange: Arc::clone(&feed.exchange),
            ends: self.stored_ends(feed.ids()).await,
            progress: Progress::new(self.inner.clock.clone(), cancel.clone()),
        };
        self.spawn(async move {
            let mut wait = WAITS.0;
            loop {
                let failed = catch_up.round(behind.take()).await;
                let again = !failed.is_empty();
                behind.keep(failed);
                tokio::select! {
                    () = cancel.cancelled() => return,
                    () = behind.more.notified() => {}
                    () = tokio::time::sleep(wait), if again => {}
                }
                wait = if again { (wait * 2).min(WAITS.1) } else { WAITS.0 };
            }
        });
    }

    /// The ends of what is stored of these series.
    async fn stored_ends(&self, ids: Vec<SeriesId>) -> HashMap<SeriesId, Timestamp> {
        let mut ends = HashMap::new();
        for id in ids {
            match self.store().series(id).await.map(|stored| Self::covered(&stored)) {
                Ok(covered) => ends.extend(covered.map(|covered| (id, covered.to()))),
                Err(error) => tracing::error!(%error, series = id.0, "a followed series cannot be read"),
            }
        }
        ends
    }
}

impl CatchUp {
    /// Asks for what these series miss and returns those that have to be asked for again.
    async fn round(&mut self, series: BTreeSet<(SeriesKey, SeriesId)>) -> BTreeSet<(SeriesKey, SeriesId)> {
        let mut failed = BTreeSet::new();
        for (key, id) in series {
            match self.one(id, &key).await {
                Ok(()) => {}
                Err(error) if error.is_cancelled() => break,
                Err(error) => {
                    tracing::warn!(%error, series = %key, "the hole before the live candles could not be filled yet");
                    failed.insert((key, id));
                }
            }
        }
        failed
    }

    async fn one(&mut self, id: SeriesId, key: &SeriesKey) -> Result<(), AppError> {
        let exchange = self.exchange.as_ref();
        // The computer's clock would do for most things, but one that is behind would hide the newest candles.
        let now = exchange.server_time().await?;
        let some_back = now.plus_millis(-FIRST_CANDLES * key.interval.nominal_millis());
        let end = *self.ends.entry(id).or_insert(some_back);
        let Ok(since) = Span::new(end, now) else {
            return Ok(());
        };
        self.app.store().want(id, since).await?;
        // A hole that an earlier connection left before the stored end is asked for too; long history is left to fetches.
        let wanted = self.app.store().series(id).await?.wanted;
        let from = wanted.map_or(end, |wanted| wanted.from().max(some_back).min(end));
        let span = Span::new(from, now).unwrap_or(since);
        let missing = self.app.store().missing_spans(id, span).await?;
        let work = Work {
            exchange,
            id,
            key,
            progress: &self.progress,
        };
        let mut report = FetchReport::default();
        self.app
            .fill(&work, &missing, Order::OldestFirst, &mut report)
            .await
    }
}
