//! The program itself: facts, settings, status, updates.

use serde::{Deserialize, Serialize};

use crate::{LiveStateDto, ModelDto, TimeMs};

/// Facts for the About page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AppInfoDto {
    /// `0.1.0`
    pub version: String,
    /// How it was installed: `deb`, `rpm`, `appimage`, `msi`, `nsis`, `app`; null for a development build.
    pub bundle: Option<String>,
    /// Folder of the database.
    pub data_dir: String,
    /// Folder of the logs.
    pub log_dir: String,
    /// The database.
    pub database: String,
    /// Whether the store was empty at this start.
    pub first_run: bool,
}

/// Colours of the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ThemeDto {
    #[default]
    System,
    Dark,
    Light,
}

/// Time zone of everything shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ZoneDto {
    #[default]
    Utc,
    Local,
}

/// Colours of candles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum CandleColours {
    /// Green up, red down.
    #[default]
    GreenUp,
    /// Red up, green down.
    RedUp,
    /// Blue up, orange down.
    ColourBlind,
}

/// What computes scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum EngineDto {
    /// The network as it was trained, in 32-bit floats.
    #[default]
    Exact,
    /// The same in 8-bit integers.
    Fast,
}

/// How often the fast engine gives a text the label that the exact one gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct FastAgreementDto {
    /// Texts that were compared.
    pub texts: u32,
    /// Texts of these with the same label.
    pub same_label: u32,
}

/// Why the exact engine scores although the fast one was chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "code", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum NotFastDto {
    /// Its program is not installed.
    NoProgram {
        /// Where it should be.
        path: String,
    },
    /// The model brings no weights for it.
    NoWeights {
        /// Why, in English.
        message: String,
    },
}

/// How the scoring program failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum WorkerFaultDto {
    /// The system does not start it, or it is not the program that belongs here.
    CannotStart,
    /// It did not load its model in time.
    NotReady,
    /// It refused the model.
    ModelRefused,
    /// It ended by itself or was killed by the system.
    Ended,
    /// The memory did not suffice for it.
    OutOfMemory,
    /// It gave no sign of progress for too long.
    Hung,
    /// What it says makes no sense.
    Nonsense,
}

/// What scoring needs and is not installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum MissingPartDto {
    /// The scoring program.
    Program,
    /// A library that it needs.
    Library,
    /// The model, or a file of it.
    Model,
}

/// What scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EngineStateDto {
    /// The engine that was chosen.
    pub wanted: EngineDto,
    /// The one that scores.
    pub running: EngineDto,
    /// Why that is another one; null when it is not.
    pub reason: Option<NotFastDto>,
    /// Whether the configuration file has chosen, so that the settings do not count.
    pub forced: bool,
    /// How near the fast engine comes with the current model; null where it was not measured.
    pub agreement: Option<FastAgreementDto>,
}

/// What the user can set. Stored as one document; unknown keys are kept out, missing ones take their defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct SettingsDto {
    /// Colours.
    pub theme: ThemeDto,
    /// Time zone.
    pub zone: ZoneDto,
    /// Candle colours.
    pub candle_colours: CandleColours,
    /// Base address of the exchange's REST interface; the exchange's own when null.
    pub rest_url: Option<String>,
    /// Base address of the exchange's stream; the exchange's own when null.
    pub stream_url: Option<String>,
    /// Minutes between rounds over the news sources; 0 is never.
    pub crawl_minutes: u32,
    /// Whether new articles are scored at once.
    pub score_automatically: bool,
    /// What computes the scores.
    pub engine: EngineDto,
    /// Address of the OpenID issuer; sign-in is off when null.
    pub issuer_url: Option<String>,
    /// Our name at the issuer.
    pub client_id: String,
}

/// The scoring worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SentimentStateDto {
    /// Not running: no model is in memory.
    Idle,
    /// On the way.
    Starting,
    /// Running, nothing to do.
    Ready,
    /// At work.
    Scoring {
        /// Texts scored.
        done: u32,
        /// Texts to score.
        total: u32,
    },
    /// It failed; the next text tries again.
    Failed {
        /// How.
        fault: WorkerFaultDto,
        /// What happened, in English.
        reason: String,
    },
    /// A part of it is missing.
    Missing {
        /// Which.
        part: MissingPartDto,
        /// What is not there, in English, with its path.
        what: String,
    },
}

/// The status bar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct StatusDto {
    /// Size of the database.
    #[specta(type = specta_typescript::Number)]
    pub store_bytes: u64,
    /// The live connection.
    pub live: LiveStateDto,
    /// The scoring worker.
    pub sentiment: SentimentStateDto,
    /// What scores.
    pub engine: EngineStateDto,
    /// The current model.
    pub model: Option<ModelDto>,
    /// Articles that wait for their score.
    #[specta(type = specta_typescript::Number)]
    pub unscored: u64,
    /// The program's clock.
    pub now: TimeMs,
}

/// The outcome of a check for updates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum UpdateDto {
    /// This is the newest version.
    UpToDate {
        /// Its number.
        version: String,
    },
    /// There is a newer one.
    Available {
        /// Its number.
        version: String,
        /// What is new.
        notes: Option<String>,
    },
}
