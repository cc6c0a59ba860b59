//! One venue's feed: takes what arrives, commits closed candles, hands everything out.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{Candle, CandleSource, SeriesId, SeriesKey, Symbol, Timestamp};
use promptpal_market::{Exchange, LiveEvent};
use promptpal_store::{Page, StoreError};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

use super::catch_up::Behind;
use super::connection::{ConnectionState, state_of};
use super::{LiveUpdate, Standing};
use crate::App;
use crate::bus::Event;
use crate::progress::lock;

/// From one commit of closed candles to the next, at least: of many series some candle closes at any moment, and a commit
/// costs the same for one of them as for twenty.
const COMMIT_EVERY: Duration = Duration::from_millis(65);
/// How long to wait before candles that could not be stored are tried again.
const STORE_AGAIN: Duration = Duration::from_secs(1);
/// Closed candles kept while the store refuses. When there are more, the oldest are left to the next catching up.
const KEPT: usize = 20_000;

/// What is followed at one venue.
pub(super) struct Feed {
    pub(super) exchange: Arc<dyn Exchange>,
    pub(super) series: BTreeMap<SeriesKey, SeriesId>,
    pub(super) tickers: Vec<Symbol>,
}

impl Feed {
    pub(super) fn new(exchange: Arc<dyn Exchange>) -> Self {
        Self {
            exchange,
            series: BTreeMap::new(),
            tickers: Vec::new(),
        }
    }

    pub(super) fn ids(&self) -> Vec<SeriesId> {
        self.series.values().copied().collect()
    }
}

/// A feed at work.
struct Following {
    feed: Feed,
    /// States to be handed out, in the order in which they came.
    waiting: Vec<LiveUpdate>,
    /// Opening of the newest closed candle of each series.
    newest: HashMap<SeriesId, Timestamp>,
    /// Closed candles that the store has refused so far.
    refused: Vec<LiveUpdate>,
    /// When they are tried again: a store that is locked or full is not asked with every frame.
    again_at: Option<Instant>,
    /// When closed candles were last put into the store.
    committed: Option<Instant>,
    /// Series whose candles have to be asked for over REST.
    behind: Arc<Behind>,
}

impl Following {
    /// Until when closed candles that have arrived wait for others.
    fn gathers_until(&self) -> Option<Instant> {
        let until = self.committed? + COMMIT_EVERY;
        let has_closed = || self.waiting.iter().any(|update| update.live.closed);
        (Instant::now() < until && has_closed()).then_some(until)
    }

    /// Has what these series miss asked for.
    fn is_behind<'a>(&self, series: impl IntoIterator<Item = &'a SeriesKey>) {
        let known = |key: &SeriesKey| self.feed.series.get(key).map(|id| (key.clone(), *id));
        let mut behind = series.into_iter().filter_map(known).peekable();
        if behind.peek().is_some() {
            self.behind.add(behind);
        }
    }
}

impl App {
    pub(super) async fn follow(
        &self,
        feed: Feed,
        mut events: mpsc::Receiver<LiveEvent>,
        cancel: &CancellationToken,
    ) {
        let behind = Arc::new(Behind::default());
        let catching_up = cancel.child_token();
        let _ends_with_the_stream = catching_up.clone().drop_guard();
        self.keep_up(&feed, Arc::clone(&behind), catching_up).await;
        let mut following = Following {
            feed,
            waiting: Vec::new(),
            newest: HashMap::new(),
            refused: Vec::new(),
            again_at: None,
            committed: None,
            behind,
        };
        loop {
            let again_at = following.again_at;
            let event = tokio::select! {
                () = cancel.cancelled() => break,
                event = events.recv() => match event {
                    Some(event) => Some(event),
                    None => break,
                },
                () = sleep_until(again_at.unwrap_or_else(Instant::now)), if again_at.is_some() => None,
            };
            // Whatever has arrived meanwhile goes into the same commit.
            if let Some(event) = event {
                self.take(event, &mut following, cancel);
            }
            self.take_all(&mut events, &mut following, cancel);
            if let Some(until) = following.gathers_until() {
                tokio::select! {
                    () = cancel.cancelled() => {}
                    () = sleep_until(until) => {}
                }
                self.take_all(&mut events, &mut following, cancel);
            }
            self.commit_and_hand_out(&mut following, cancel).await;
        }
        // What the store still refuses is asked for again at the next start: the ledger does not have it.
        if following.again_at.take().is_some() {
            self.commit_and_hand_out(&mut following, cancel).await;
        }
    }

    fn take_all(
        &self,
        events: &mut mpsc::Receiver<LiveEvent>,
        following: &mut Following,
        cancel: &CancellationToken,
    ) {
        while let Ok(event) = events.try_recv() {
            self.take(event, following, cancel);
        }
    }

    fn take(&self, event: LiveEvent, following: &mut Following, cancel: &CancellationToken) {
        let venue = following.feed.exchange.venue().clone();
        // Most events are candles, and need no clock.
        let now = || self.inner.clock.now();
        match event {
            LiveEvent::Candle(live) => {
                if let Some(id) = following.feed.series.get(&live.series) {
                    following.waiting.push(LiveUpdate {
                        series: *id,
                        live: *live,
                    });
                }
            }
            LiveEvent::Connected { .. } => {
                following.is_behind(following.feed.series.keys());
                self.turn(&venue, cancel, |standing| {
                    standing.turn(ConnectionState::Live, now())
                });
            }
            LiveEvent::CloseMissing { series, .. } => following.is_behind([&series]),
            LiveEvent::Ticker(ticker) => {
                lock(&self.inner.live.tickers).insert((venue, ticker.symbol.clone()), ticker);
                self.figures_changed();
            }
            LiveEvent::Health(health) => self.turn(&venue, cancel, |standing| standing.health = health),
            LiveEvent::Reconnecting { reason, wait_ms } => {
                let now = now();
                let limits = following.feed.exchange.limits();
                let paused = limits.paused_until.is_some_and(|until| until > now);
                let state = if paused {
                    ConnectionState::Paused
                } else {
                    ConnectionState::Reconnecting
                };
                let wait = i64::try_from(wait_ms).unwrap_or(i64::MAX);
                self.turn(&venue, cancel, |standing| {
                    standing.turn(state, now);
                    standing.wait_ms = wait_ms;
                    standing.retry_at = Some(now.plus_millis(wait));
                    standing.reason = Some(reason);
                });
            }
            LiveEvent::Stopped(error) => {
                tracing::warn!(%error, %venue, "the live stream has ended");
                self.turn(&venue, cancel, |standing| {
                    standing.turn(state_of(&error), now());
                    standing.retry_at = error.retry_at();
                    standing.reason = Some(error.to_string());
                    standing.advice = Some(error.advice());
                });
            }
        }
    }

    /// Changes how a venue stands, unless it is not followed any more.
    fn turn(
        &self,
        venue: &promptpal_domain::Venue,
        cancel: &CancellationToken,
        change: impl FnOnce(&mut Standing),
    ) {
        if cancel.is_cancelled() {
            return;
        }
        if let Some(standing) = lock(&self.inner.live.standings).get_mut(venue) {
            change(standing);
        }
        self.show_live();
    }

    /// Closed candles are stored, then announced, then handed out; forming ones are only handed out. A series whose candle
    /// came without the one before it is behind: the exchange does not promise every closing frame.
    async fn commit_and_hand_out(&self, following: &mut Following, cancel: &CancellationToken) {
        let waiting = std::mem::take(&mut following.waiting);
        for update in waiting.iter().filter(|update| update.live.closed) {
            let open = update.live.candle.open_time;
            let before = *following.newest.entry(update.series).or_insert(open);
            if open > update.live.series.interval.next(before) {
                following.is_behind([&update.live.series]);
            }
            following.newest.insert(update.series, open.max(before));
        }
        // Those that were refused before go first: a series is stored in order.
        let refused = std::mem::take(&mut following.refused);
        if following.again_at.is_some_and(|at| Instant::now() < at) {
            following.refused = refused;
            self.hand_out(waiting, following, |update| update.live.closed);
            return;
        }
        let mut closed: BTreeMap<SeriesId, Vec<Candle>> = BTreeMap::new();
        for update in refused.iter().chain(&waiting).filter(|update| update.live.closed) {
            closed
                .entry(update.series)
                .or_default()
                .push(update.live.candle.clone());
        }
        let stores = !closed.is_empty();
        let (failed, error) = self.store_closed(following, closed).await;
        if stores {
            following.committed = Some(Instant::now());
        }
        self.tell_refusal(following, error.as_ref(), cancel);
        following.again_at = (!failed.is_empty()).then(|| Instant::now() + STORE_AGAIN);
        self.hand_out(refused.into_iter().chain(waiting), following, |update| {
            update.live.closed && failed.contains(&update.series)
        });
    }

    /// Stores closed candles of several series as one transaction and announces them. Returns the series that were not
    /// stored, and why. A series that is gone from the store is followed no longer.
    async fn store_closed(
        &self,
        following: &mut Following,
        closed: BTreeMap<SeriesId, Vec<Candle>>,
    ) -> (HashSet<SeriesId>, Option<StoreError>) {
        let now = self.inner.clock.now();
        let name = following.feed.exchange.traits().host;
        let page = |candles: &[Candle]| Page {
            candles: candles.to_vec(),
            asked: None,
            source: CandleSource::Live,
            name: name.clone(),
            sha256: None,
        };
        let mut failed = HashSet::new();
        let mut why = None;
        if closed.is_empty() {
            return (failed, why);
        }
        let pages = closed.iter().map(|(id, candles)| (*id, page(candles)));
        match self.store().put_pages(pages.collect(), now).await {
            Ok(_) => {}
            // One of them is at fault: each is put on its own, so that the others are kept.
            Err(error) if is_of_one_series(&error) => {
                for (id, candles) in &closed {
                    match self.store().put_page(*id, page(candles), now).await {
                        Ok(_) => {}
                        // Deleted meanwhile: nobody waits for its candles.
                        Err(StoreError::NotFound { .. }) => following.feed.series.retain(|_, one| one != id),
                        Err(error) => {
                            failed.insert(*id);
                            why = Some(error);
                        }
                    }
                }
            }
            Err(error) => {
                failed.extend(closed.keys());
                why = Some(error);
            }
        }
        for id in closed.keys().filter(|id| !failed.contains(id)) {
            self.bus().announce(Event::CandlesStored(*id));
        }
        (failed, why)
    }

    /// Hands updates out, but for those that are to be kept because they are not stored.
    fn hand_out(
        &self,
        updates: impl IntoIterator<Item = LiveUpdate>,
        following: &mut Following,
        is_kept: impl Fn(&LiveUpdate) -> bool,
    ) {
        let (kept, handed_out): (Vec<_>, Vec<_>) = updates.into_iter().partition(is_kept);
        following.refused.extend(kept);
        if !handed_out.is_empty() {
            let _ = self.inner.live.updates.send(handed_out.into());
        }
        let too_many = following.refused.len().saturating_sub(KEPT);
        let dropped: Vec<LiveUpdate> = following.refused.drain(..too_many).collect();
        following.is_behind(dropped.iter().map(|update| &update.live.series));
    }

    /// Says that candles cannot be stored, or that they can again.
    fn tell_refusal(&self, following: &Following, error: Option<&StoreError>, cancel: &CancellationToken) {
        let venue = following.feed.exchange.venue();
        let before = lock(&self.inner.live.standings)
            .get(venue)
            .and_then(|standing| standing.not_stored.clone());
        let now = error.map(|error| {
            let hint = crate::error::store_hint(error).unwrap_or_default();
            format!("{error}. {hint}").trim_end().to_owned()
        });
        if before == now {
            return;
        }
        match error {
            Some(error) => tracing::error!(%error, %venue, "live candles could not be stored; they are kept"),
            None => tracing::info!(%venue, "live candles are stored again"),
        }
        self.turn(venue, cancel, |standing| standing.not_stored = now);
    }
}

/// Whether an error says something about the values of one series and nothing about the store as a whole.
const fn is_of_one_series(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::NotFound { .. }
            | StoreError::DoesNotFit { .. }
            | StoreError::Refused { .. }
            | StoreError::Unreadable { .. }
    )
}
