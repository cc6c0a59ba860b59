//! The bus: facts that are already in the store, for whoever wants to react to them.

use promptpal_domain::{ArticleId, JobId, RunId, SeriesId, SweepId};
use tokio::sync::broadcast;

/// How many facts a slow listener may fall behind before it is told that it missed some.
const CAPACITY: usize = 1024;

/// Something that has happened and is committed. Carries ids, never payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Candles of a series were written or removed, or more is known of its holes.
    CandlesStored(SeriesId),
    /// Articles were written.
    ArticlesStored(Vec<ArticleId>),
    /// Articles were marked as read or unread.
    ArticlesRead(Vec<ArticleId>),
    /// Articles were scored.
    ArticlesScored(Vec<ArticleId>),
    /// Sources were added, removed or asked.
    SourcesChanged,
    /// A backtest was stored or removed.
    RunFinished(RunId),
    /// A sweep was stored or removed.
    SweepFinished(SweepId),
    /// An evaluation of a model was kept or forgotten.
    EvaluationsChanged,
    /// A model was installed, removed or chosen.
    ModelsChanged,
    /// A job moved on.
    JobChanged(JobId),
    /// The session changed its state.
    SessionChanged,
    /// The settings were changed.
    SettingsChanged,
    /// A live connection or the scoring worker changed its state.
    StatusChanged,
    /// Figures or symbols of the watchlist changed; told once a second at the most.
    WatchlistChanged,
}

/// The sending end, shared by all use cases.
#[derive(Clone, Debug)]
pub struct Bus(broadcast::Sender<Event>);

impl Default for Bus {
    fn default() -> Self {
        Self(broadcast::channel(CAPACITY).0)
    }
}

impl Bus {
    /// Announces a fact. Call it after the commit; nobody listening is fine.
    pub fn announce(&self, event: Event) {
        let _ = self.0.send(event);
    }

    /// Listens from now on. A listener that lags gets `Lagged` and reads the store again.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.0.subscribe()
    }
}
