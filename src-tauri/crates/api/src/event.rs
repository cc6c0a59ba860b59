//! Facts on the bus, as the window hears them.

use serde::{Deserialize, Serialize};

/// Something that has happened and is already stored. Carries ids only: who wants to know more reads the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum EventDto {
    /// Candles of a series were written or removed.
    CandlesStored {
        /// The series.
        series_id: i32,
    },
    /// Articles were written.
    ArticlesStored {
        /// Their ids.
        ids: Vec<i32>,
    },
    /// Articles were marked as read or unread.
    ArticlesRead {
        /// Their ids.
        ids: Vec<i32>,
    },
    /// Articles were scored.
    ArticlesScored {
        /// Their ids.
        ids: Vec<i32>,
    },
    /// Sources were added, removed or asked.
    SourcesChanged,
    /// A backtest was stored or removed.
    RunFinished {
        /// The run.
        run_id: i32,
    },
    /// A sweep was stored or removed.
    SweepFinished {
        /// The sweep.
        sweep_id: i32,
    },
    /// An evaluation of a model was kept or forgotten.
    EvaluationsChanged,
    /// A model was installed, removed or chosen.
    ModelsChanged,
    /// A job moved on.
    JobChanged {
        /// The job.
        id: String,
    },
    /// Somebody signed in or out, or the session changed its state.
    SessionChanged,
    /// The settings were changed.
    SettingsChanged,
    /// The state of a connection or of the scoring worker changed.
    StatusChanged,
    /// Figures or symbols of the watchlist changed; told once a second at the most.
    WatchlistChanged,
    /// A new version was found.
    UpdateReady {
        /// Its number.
        version: String,
    },
    /// The listener was too slow and has missed some facts: everything must be read again.
    Lagged,
}
