//! Live candles and 24 h figures: one feed a venue. A closed candle is stored first and handed out then; the forming one
//! goes to whoever follows it.

mod catch_up;
mod connection;
mod feed;
mod retry;

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use promptpal_domain::{Interval, LiveCandle, SeriesId, SeriesKey, Symbol, Timestamp, Venue};
use promptpal_market::{LiveRequest, Ticker};
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use self::connection::Standing;
pub use self::connection::{Alternative, Connection, ConnectionState};
use self::feed::Feed;
use crate::bus::Event;
use crate::progress::lock;
use crate::{App, AppError};

/// Forming candles that a slow follower may fall behind; it only misses states that are overtaken anyway.
const UPDATES: usize = 4_096;

/// The live connections as one, as people see them.
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
    /// Candles arrive and cannot be stored; they are kept and tried again.
    NotStored {
        /// Why.
        reason: String,
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

impl LiveUpdate {
    /// Open time of the candle after this one.
    #[must_use]
    pub fn next_open(&self) -> Timestamp {
        self.live.series.interval.next(self.live.candle.open_time)
    }
}

/// What the live connections share with the use cases.
#[derive(Debug)]
pub(crate) struct Live {
    state: watch::Sender<LiveState>,
    updates: broadcast::Sender<Arc<[LiveUpdate]>>,
    running: Mutex<Option<Running>>,
    standings: Mutex<BTreeMap<Venue, Standing>>,
    pub(crate) tickers: Mutex<HashMap<(Venue, Symbol), Ticker>>,
    /// Whether a change of figures is about to be told.
    pub(crate) figures_due: AtomicBool,
}

/// What is followed, and how it is ended.
#[derive(Debug)]
struct Running {
    series: Vec<SeriesId>,
    /// Ends the feed of one venue.
    feeds: BTreeMap<Venue, CancellationToken>,
    /// Ends them all.
    cancel: CancellationToken,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            state: watch::Sender::default(),
            updates: broadcast::channel(UPDATES).0,
            running: Mutex::default(),
            standings: Mutex::default(),
            tickers: Mutex::default(),
            figures_due: AtomicBool::default(),
        }
    }
}

impl App {
    /// The state of the live connections.
    #[must_use]
    pub fn live_state(&self) -> watch::Receiver<LiveState> {
        self.inner.live.state.subscribe()
    }

    /// Every candle of the streams from now on, as they are committed and handed out: some at a time.
    #[must_use]
    pub fn live_updates(&self) -> broadcast::Receiver<Arc<[LiveUpdate]>> {
        self.inner.live.updates.subscribe()
    }

    /// Follows these series instead of those before, and the 24 h figures of the watchlist.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a series of a venue that cannot be followed, [`AppError::Store`].
    pub async fn start_live(&self, ids: Vec<SeriesId>) -> Result<(), AppError> {
        let wanted = self.feeds(&ids).await?;
        self.stop_live().await;
        if wanted.is_empty() {
            return Ok(());
        }
        let cancel = self.inner.stop.child_token();
        let feeds = wanted.keys().map(|venue| (venue.clone(), cancel.child_token()));
        let feeds: BTreeMap<Venue, CancellationToken> = feeds.collect();
        *lock(&self.inner.live.running) = Some(Running {
            series: ids,
            feeds: feeds.clone(),
            cancel,
        });
        for (feed, cancel) in wanted.into_values().zip(feeds.into_values()) {
            self.begin_feed(feed, cancel);
        }
        Ok(())
    }

    /// What is to be followed at each venue: these series, and the watchlist when there are any.
    async fn feeds(&self, ids: &[SeriesId]) -> Result<BTreeMap<Venue, Feed>, AppError> {
        let mut wanted: BTreeMap<Venue, Feed> = BTreeMap::new();
        for id in ids {
            let key = self.store().series(*id).await?.key;
            let exchange = self.exchange(Some(&key.venue)).map_err(|_| stands_still(&key))?;
            self.offered(exchange.as_ref(), key.interval)?;
            let feed = wanted
                .entry(key.venue.clone())
                .or_insert_with(|| Feed::new(exchange));
            feed.series.insert(key, *id);
        }
        if !ids.is_empty() {
            for watched in self.watched().await? {
                if let Ok(exchange) = self.exchange(Some(&watched.venue)) {
                    let feed = wanted.entry(watched.venue).or_insert_with(|| Feed::new(exchange));
                    feed.tickers.push(watched.symbol);
                }
            }
        }
        Ok(wanted)
    }

    fn begin_feed(&self, feed: Feed, cancel: CancellationToken) {
        let exchange = Arc::clone(&feed.exchange);
        self.stand(
            exchange.venue(),
            Standing::connecting(self.inner.clock.now(), feed.ids()),
        );
        let request = LiveRequest {
            series: feed
                .series
                .keys()
                .map(|key| (key.symbol.clone(), key.interval))
                .collect(),
            tickers: feed.tickers.clone(),
        };
        let events = exchange.live(request, cancel.clone());
        let app = self.clone();
        self.spawn(async move {
            app.follow(feed, events, &cancel).await;
        });
    }

    /// Follows the same series again, with the watchlist as it is now. Nothing when nothing is followed.
    pub(crate) async fn restart_live(&self) -> Result<(), AppError> {
        let series = lock(&self.inner.live.running)
            .as_ref()
            .map(|running| running.series.clone());
        match series {
            Some(series) => self.start_live(series).await,
            None => Ok(()),
        }
    }

    /// Follows nothing.
    pub async fn stop_live(&self) {
        let running = lock(&self.inner.live.running).take();
        if let Some(running) = running {
            running.cancel.cancel();
            lock(&self.inner.live.standings).clear();
            self.show_live();
        }
    }

    /// The series of a symbol, made if it is new, for following it live; at `venue`, or at the default one.
    ///
    /// # Errors
    /// [`AppError::Market`] when the exchange does not know the symbol or cannot be asked, [`AppError::Store`].
    pub async fn follow_symbol(
        &self,
        venue: Option<&Venue>,
        symbol: &Symbol,
        interval: Interval,
    ) -> Result<SeriesId, AppError> {
        let exchange = self.exchange(venue)?;
        let key = SeriesKey {
            venue: exchange.venue().clone(),
            symbol: symbol.clone(),
            interval,
        };
        if let Some(series) = self.store().find_series(&key).await? {
            return Ok(series.id);
        }
        exchange.symbol(symbol).await?;
        Ok(self.store().ensure_series(&key).await?)
    }

    /// Notes how a venue stands and shows all of them.
    fn stand(&self, venue: &Venue, standing: Standing) {
        lock(&self.inner.live.standings).insert(venue.clone(), standing);
        self.show_live();
    }

    /// The state of all venues as one: the worst of them, so that a failure is not hidden by a venue that is well.
    fn show_live(&self) {
        let next = connection::together(lock(&self.inner.live.standings).values());
        let changed = self.inner.live.state.send_if_modified(|state| {
            let changed = *state != next;
            *state = next;
            changed
        });
        if changed {
            self.bus().announce(Event::StatusChanged);
        }
    }
}

fn stands_still(key: &SeriesKey) -> AppError {
    AppError::invalid(
        format!("{key} has no live source"),
        "Only series of a venue can be followed; imported and simulated ones stand still.",
    )
}
