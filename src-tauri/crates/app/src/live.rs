//! Live candles: the forming one to whoever follows it, the closed one into the store first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use promptpal_domain::{
    Candle, CandleSource, Interval, LiveCandle, SeriesId, SeriesKey, Span, Symbol, Timestamp,
};
use promptpal_market::{LiveEvent, LiveFeed};
use promptpal_store::Page;
use tokio::sync::{broadcast, mpsc, watch};
use tokio_util::sync::CancellationToken;

use crate::bus::Event;
use crate::fetch::FetchReport;
use crate::progress::{Progress, lock};
use crate::{App, AppError};

/// Forming candles that a slow follower may fall behind; it only misses states that are overtaken anyway.
const UPDATES: usize = 4_096;
/// Candles fetched for a series that is empty when it is first followed.
const FIRST_CANDLES: i64 = 500;

/// The live connection as people see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum LiveState {
    /// Nothing is followed.
    #[default]
    Off,
    /// On the way.
    Connecting,
    /// Candles arrive for these series.
    Live(Vec<SeriesId>),
    /// Broken, will try again after so many milliseconds.
    Reconnecting {
        /// Why.
        reason: String,
        /// The pause.
        wait_ms: u64,
    },
    /// Given up.
    Failed {
        /// Why, and what to do.
        reason: String,
    },
}

/// A candle of the stream. A closed one has been committed when it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveUpdate {
    /// The series.
    pub series: SeriesId,
    /// The candle.
    pub live: LiveCandle,
}

/// What the live connection shares with the use cases.
#[derive(Debug)]
pub(crate) struct Live {
    state: watch::Sender<LiveState>,
    updates: broadcast::Sender<LiveUpdate>,
    running: Mutex<Option<CancellationToken>>,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            state: watch::Sender::default(),
            updates: broadcast::channel(UPDATES).0,
            running: Mutex::default(),
        }
    }
}

impl App {
    /// The live connection's state.
    #[must_use]
    pub fn live_state(&self) -> watch::Receiver<LiveState> {
        self.inner.live.state.subscribe()
    }

    /// Every candle of the stream from now on.
    #[must_use]
    pub fn live_updates(&self) -> broadcast::Receiver<LiveUpdate> {
        self.inner.live.updates.subscribe()
    }

    /// Follows these series instead of those before.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a series of another venue than the exchange's, [`AppError::Store`].
    pub async fn start_live(&self, ids: Vec<SeriesId>) -> Result<(), AppError> {
        let exchange = self.exchange()?;
        let mut series = HashMap::new();
        for id in ids {
            let key = self.store().series(id).await?.key;
            if key.venue != exchange.config().venue {
                return Err(AppError::invalid(
                    format!("{key} has no live source"),
                    "Only series of the exchange can be followed; imported and simulated ones stand still.",
                ));
            }
            series.insert(key, id);
        }
        self.stop_live().await;
        if series.is_empty() {
            return Ok(());
        }
        let cancel = self.inner.stop.child_token();
        *lock(&self.inner.live.running) = Some(cancel.clone());
        self.set_live(LiveState::Connecting);
        let streams = series
            .keys()
            .map(|key| (key.symbol.clone(), key.interval))
            .collect();
        let events = LiveFeed::start(
            exchange.config().clone(),
            streams,
            self.inner.clock.clone(),
            cancel.clone(),
        );
        let app = self.clone();
        self.spawn(async move {
            app.follow(events, &series, &cancel).await;
        });
        Ok(())
    }

    /// Follows nothing.
    pub async fn stop_live(&self) {
        if let Some(cancel) = lock(&self.inner.live.running).take() {
            cancel.cancel();
            self.set_live(LiveState::Off);
        }
    }

    fn set_live(&self, state: LiveState) {
        self.inner.live.state.send_replace(state);
        self.bus().announce(Event::StatusChanged);
    }

    async fn follow(
        &self,
        mut events: mpsc::Receiver<LiveEvent>,
        series: &HashMap<SeriesKey, SeriesId>,
        cancel: &CancellationToken,
    ) {
        let mut waiting: Vec<LiveUpdate> = Vec::new();
        // From where on nothing may be missing: the end of what was stored before the first live candle. It stays, so that a
        // hole which could not be filled is asked for again after the next connection.
        let mut ends = HashMap::new();
        for id in series.values() {
            match self
                .store()
                .series(*id)
                .await
                .map(|stored| Self::covered(&stored))
            {
                Ok(covered) => ends.extend(covered.map(|covered| (*id, covered.to()))),
                Err(error) => tracing::error!(%error, series = id.0, "a followed series cannot be read"),
            }
        }
        let ends = Arc::new(Mutex::new(ends));
        let mut newest: HashMap<SeriesId, Timestamp> = HashMap::new();
        loop {
            let event = tokio::select! {
                () = cancel.cancelled() => return,
                event = events.recv() => event,
            };
            let Some(event) = event else { return };
            // Whatever has arrived meanwhile goes into the same commit.
            let mut next = Some(event);
            let mut connected = false;
            while let Some(event) = next {
                connected |= matches!(
                    event,
                    LiveEvent::Connected { .. } | LiveEvent::CloseMissing { .. }
                );
                self.take(event, series, &mut waiting);
                next = events.try_recv().ok();
            }
            let skipped = self.commit_and_hand_out(&mut waiting, &mut newest).await;
            if connected || skipped {
                self.backfill(series.clone(), ends.clone(), cancel.child_token());
            }
        }
    }

    fn take(&self, event: LiveEvent, series: &HashMap<SeriesKey, SeriesId>, waiting: &mut Vec<LiveUpdate>) {
        match event {
            LiveEvent::Candle(live) => {
                if let Some(id) = series.get(&live.series) {
                    waiting.push(LiveUpdate {
                        series: *id,
                        live: *live,
                    });
                }
            }
            LiveEvent::Connected { .. } => {
                let mut ids: Vec<SeriesId> = series.values().copied().collect();
                ids.sort();
                self.set_live(LiveState::Live(ids));
            }
            // Asked for over REST by the caller.
            LiveEvent::CloseMissing { .. } | LiveEvent::Ticker(_) | LiveEvent::Health(_) => {}
            LiveEvent::Reconnecting { reason, wait_ms } => {
                self.set_live(LiveState::Reconnecting { reason, wait_ms });
            }
            LiveEvent::Stopped(error) => {
                tracing::warn!(%error, "the live stream has ended");
                self.set_live(LiveState::Failed {
                    reason: format!("{error}. {}", error.advice()),
                });
            }
        }
    }

    /// Closed candles are stored, then announced, then handed out; forming ones are only handed out. Tells whether one
    /// came without the one before it: the exchange does not promise every closing frame.
    async fn commit_and_hand_out(
        &self,
        waiting: &mut Vec<LiveUpdate>,
        newest: &mut HashMap<SeriesId, Timestamp>,
    ) -> bool {
        let mut skipped = false;
        for update in waiting.iter().filter(|update| update.live.closed) {
            let open = update.live.candle.open_time;
            let before = newest.entry(update.series).or_insert(open);
            skipped |= open > update.live.series.interval.next(*before);
            *before = open.max(*before);
        }
        let mut closed: HashMap<SeriesId, (String, Vec<Candle>)> = HashMap::new();
        for update in waiting.iter().filter(|update| update.live.closed) {
            closed
                .entry(update.series)
                .or_insert_with(|| (update.live.series.venue.to_string(), Vec::new()))
                .1
                .push(update.live.candle.clone());
        }
        let mut lost: Vec<SeriesId> = Vec::new();
        for (id, (venue, candles)) in closed {
            match self
                .store()
                .put_page(
                    id,
                    Page {
                        candles,
                        asked: None,
                        source: CandleSource::Live,
                        name: venue,
                        sha256: None,
                    },
                    self.inner.clock.now(),
                )
                .await
            {
                Ok(_) => self.bus().announce(Event::CandlesStored(id)),
                Err(error) => {
                    // The next connection's backfill, or the next fetch, asks for what is missing.
                    tracing::error!(%error, series = id.0, "live candles could not be stored");
                    self.set_live(LiveState::Failed {
                        reason: error.to_string(),
                    });
                    lost.push(id);
                }
            }
        }
        for update in waiting.drain(..) {
            if !(update.live.closed && lost.contains(&update.series)) {
                let _ = self.inner.live.updates.send(update);
            }
        }
        skipped
    }

    /// Asks for what closed while nobody listened. Runs beside the stream, which must always be read.
    fn backfill(
        &self,
        series: HashMap<SeriesKey, SeriesId>,
        ends: Arc<Mutex<HashMap<SeriesId, Timestamp>>>,
        cancel: CancellationToken,
    ) {
        let app = self.clone();
        self.spawn(async move {
            let progress = Progress::new(app.inner.clock.clone(), cancel);
            for (key, id) in series {
                if let Err(error) = app.backfill_one(id, &key, &ends, &progress).await {
                    tracing::warn!(%error, series = %key, "the hole before the live candles could not be filled");
                }
            }
        });
    }

    async fn backfill_one(
        &self,
        id: SeriesId,
        key: &SeriesKey,
        ends: &Mutex<HashMap<SeriesId, Timestamp>>,
        progress: &Progress,
    ) -> Result<(), AppError> {
        let now = self.exchange_now().await?;
        let some_back = now.plus_millis(-FIRST_CANDLES * key.interval.nominal_millis());
        let from = *lock(ends).entry(id).or_insert(some_back);
        let Ok(span) = Span::new(from, now) else {
            return Ok(());
        };
        let missing = self.store().missing_spans(id, span).await?;
        self.fill(id, key, &missing, progress, &mut FetchReport::default())
            .await
    }
}

impl LiveUpdate {
    /// Open time of the candle after this one.
    #[must_use]
    pub fn next_open(&self) -> Timestamp {
        self.live.series.interval.next(self.live.candle.open_time)
    }
}

impl App {
    /// The series of a symbol of the exchange, made if it is new, for following it live.
    ///
    /// # Errors
    /// [`AppError::Market`] when the exchange does not know the symbol or cannot be asked, [`AppError::Store`].
    pub async fn follow_symbol(&self, symbol: &Symbol, interval: Interval) -> Result<SeriesId, AppError> {
        let exchange = self.exchange()?;
        let key = SeriesKey {
            venue: exchange.config().venue.clone(),
            symbol: symbol.clone(),
            interval,
        };
        if let Some(series) = self.store().find_series(&key).await? {
            return Ok(series.id);
        }
        exchange.symbol(symbol).await?;
        Ok(self.store().ensure_series(&key).await?)
    }
}
