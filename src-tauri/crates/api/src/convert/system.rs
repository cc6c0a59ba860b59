//! Facts, settings, status.

use promptpal_app::causes::{Engine, MissingPart, WorkerFault, WorkerState};
use promptpal_app::{CandleColours as Colours, EngineView, NotFast, Paths, Settings, Status, Theme, Zone};

use super::refused;
use crate::{
    ApiError, AppInfoDto, CandleColours, EngineDto, EngineStateDto, FastAgreementDto, MissingPartDto,
    NotFastDto, SentimentStateDto, SettingsDto, StatusDto, ThemeDto, WorkerFaultDto, ZoneDto,
};

impl AppInfoDto {
    /// Facts of this program.
    #[must_use]
    pub fn new(version: String, bundle: Option<String>, paths: &Paths, first_run: bool) -> Self {
        Self {
            version,
            bundle,
            data_dir: paths.data_dir.display().to_string(),
            log_dir: paths.log_dir.display().to_string(),
            database: paths.database.display().to_string(),
            first_run,
        }
    }
}

impl From<Settings> for SettingsDto {
    fn from(settings: Settings) -> Self {
        Self {
            theme: match settings.theme {
                Theme::System => ThemeDto::System,
                Theme::Dark => ThemeDto::Dark,
                Theme::Light => ThemeDto::Light,
            },
            zone: match settings.zone {
                Zone::Utc => ZoneDto::Utc,
                Zone::Local => ZoneDto::Local,
            },
            candle_colours: match settings.candle_colours {
                Colours::GreenUp => CandleColours::GreenUp,
                Colours::RedUp => CandleColours::RedUp,
                Colours::ColourBlind => CandleColours::ColourBlind,
            },
            rest_url: settings.rest_url.map(Into::into),
            stream_url: settings.stream_url.map(Into::into),
            crawl_minutes: settings.crawl_minutes,
            score_automatically: settings.score_automatically,
            engine: settings.engine.into(),
            issuer_url: settings.issuer_url.map(Into::into),
            client_id: settings.client_id,
        }
    }
}

impl TryFrom<SettingsDto> for Settings {
    type Error = ApiError;

    fn try_from(settings: SettingsDto) -> Result<Self, ApiError> {
        let address = |text: Option<String>| {
            let text = text
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty());
            text.map(|text| text.parse()).transpose().map_err(|error| {
                refused(
                    format!("an address cannot be read: {error}"),
                    "Write it in full: https://...",
                )
            })
        };
        Ok(Self {
            theme: match settings.theme {
                ThemeDto::System => Theme::System,
                ThemeDto::Dark => Theme::Dark,
                ThemeDto::Light => Theme::Light,
            },
            zone: match settings.zone {
                ZoneDto::Utc => Zone::Utc,
                ZoneDto::Local => Zone::Local,
            },
            candle_colours: match settings.candle_colours {
                CandleColours::GreenUp => Colours::GreenUp,
                CandleColours::RedUp => Colours::RedUp,
                CandleColours::ColourBlind => Colours::ColourBlind,
            },
            rest_url: address(settings.rest_url)?,
            stream_url: address(settings.stream_url)?,
            crawl_minutes: settings.crawl_minutes,
            score_automatically: settings.score_automatically,
            engine: match settings.engine {
                EngineDto::Exact => Engine::Exact,
                EngineDto::Fast => Engine::Fast,
            },
            issuer_url: address(settings.issuer_url)?,
            client_id: settings.client_id,
        })
    }
}

impl From<Engine> for EngineDto {
    fn from(engine: Engine) -> Self {
        match engine {
            Engine::Exact => Self::Exact,
            Engine::Fast => Self::Fast,
        }
    }
}

impl From<EngineView> for EngineStateDto {
    fn from(view: EngineView) -> Self {
        Self {
            wanted: view.wanted.into(),
            running: view.running.into(),
            reason: view.reason.map(Into::into),
            forced: view.forced,
            agreement: view.agreement.map(|agreement| FastAgreementDto {
                texts: agreement.texts,
                same_label: agreement.same_label,
            }),
        }
    }
}

impl From<WorkerState> for SentimentStateDto {
    fn from(state: WorkerState) -> Self {
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        match state {
            WorkerState::Stopped => Self::Idle,
            WorkerState::Starting => Self::Starting,
            WorkerState::Ready => Self::Ready,
            WorkerState::Scoring { done, total } => Self::Scoring {
                done: count(done),
                total: count(total),
            },
            WorkerState::Failed { fault, reason } => Self::Failed {
                fault: fault.into(),
                reason,
            },
            WorkerState::Missing { part, what } => Self::Missing {
                part: part.into(),
                what,
            },
        }
    }
}

impl From<WorkerFault> for WorkerFaultDto {
    fn from(fault: WorkerFault) -> Self {
        match fault {
            WorkerFault::CannotStart => Self::CannotStart,
            WorkerFault::NotReady => Self::NotReady,
            WorkerFault::ModelRefused => Self::ModelRefused,
            WorkerFault::Ended => Self::Ended,
            WorkerFault::OutOfMemory => Self::OutOfMemory,
            WorkerFault::Hung => Self::Hung,
            WorkerFault::Nonsense => Self::Nonsense,
        }
    }
}

impl From<MissingPart> for MissingPartDto {
    fn from(part: MissingPart) -> Self {
        match part {
            MissingPart::Program => Self::Program,
            MissingPart::Library => Self::Library,
            MissingPart::Model => Self::Model,
        }
    }
}

impl From<NotFast> for NotFastDto {
    fn from(reason: NotFast) -> Self {
        match reason {
            NotFast::NoProgram(path) => Self::NoProgram {
                path: path.display().to_string(),
            },
            NotFast::NoWeights(message) => Self::NoWeights { message },
        }
    }
}

impl From<Status> for StatusDto {
    fn from(status: Status) -> Self {
        Self {
            store_bytes: status.store_bytes,
            live: status.live.into(),
            sentiment: status.worker.into(),
            engine: status.engine.into(),
            model: status.model.map(Into::into),
            unscored: status.unscored,
            now: status.now.into(),
        }
    }
}
