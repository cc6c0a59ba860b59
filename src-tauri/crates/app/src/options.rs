//! What the program is started with: places, configuration, and the parts that tests exchange.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use promptpal_account::SecretStore;
use promptpal_domain::Clock;
use promptpal_market::LiveTimings;
use promptpal_news::{ExtractorCommand, Pace, PageLimits};
use promptpal_sentiment::{Engine, EngineNameError};
use promptpal_store::StoreOptions;

use crate::AppError;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::paths::Paths;
use crate::scoring::ScoringTimings;

/// Puts all files into one folder: for tests and portable use.
const HOME: &str = "PROMPTPAL_HOME";
/// Names the worker program; the configuration file goes before it.
const WORKER: &str = "PROMPTPAL_SENTIMENT_WORKER";
/// Names the one of the fast engine.
const FAST_WORKER: &str = "PROMPTPAL_SENTIMENT_FAST_WORKER";
/// Names the engine; the configuration file goes before it.
const ENGINE: &str = "PROMPTPAL_SENTIMENT_ENGINE";
/// The model that comes with the program.
const DEFAULT_MODEL: &str = "models/minilm-finance";

/// The hidden subcommand of both programs that reads article pages, see [`read_pages_if_asked`].
const EXTRACTOR: &str = "read-pages";

/// Where this process was started to read article pages for another one, does that until it is no longer wanted, and says
/// how it ended; `None` where it was started for anything else. Comes first in the main function of a host.
#[must_use]
pub fn read_pages_if_asked() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let asked = arguments.next().is_some_and(|first| first == EXTRACTOR) && arguments.next().is_none();
    asked.then(|| match promptpal_news::serve(PageLimits::default()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    })
}

/// Sites are slow and we are not: few at once keep the line free.
const HOSTS_AT_ONCE: usize = 4;

/// What [`crate::App::start`] needs to know.
#[derive(Debug)]
pub struct Options {
    /// Where files are kept.
    pub paths: Paths,
    /// Addresses and parts set from outside.
    pub config: Config,
    /// The scoring worker program of the exact engine.
    pub worker: PathBuf,
    /// That of the fast engine.
    pub fast_worker: PathBuf,
    /// Which engine scores; the settings say it when `None`.
    pub engine: Option<Engine>,
    /// The folder of the model that comes with the program, or of the one that was named from outside.
    pub model: PathBuf,
    /// Whether the model was named from outside: then no other can be chosen.
    pub model_is_fixed: bool,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Keeps the refresh token; the system's keyring when `None`.
    pub secrets: Option<Arc<dyn SecretStore>>,
    /// How the database is opened.
    pub store: StoreOptions,
    /// How patient live streams are.
    pub live_timings: LiveTimings,
    /// How patient scoring is.
    pub scoring_timings: ScoringTimings,
    /// How the process that reads article pages is started; threads of this one read them when `None`.
    pub extractor: Option<ExtractorCommand>,
    /// How waits between two requests to a news site pass; in real time when `None`.
    pub news_pace: Option<Arc<dyn Pace>>,
    /// Hosts that the news ask at the same time, one request each.
    pub hosts_at_once: usize,
    /// Whether an empty store is filled with the sample workspace by [`crate::App::work_in_background`].
    pub sample_on_first_run: bool,
}

impl Options {
    /// For the desktop program: the user's places, and parts found beside the program or in its resources.
    ///
    /// # Errors
    /// [`AppError::NoHome`], or [`AppError::Config`] when the configuration file is wrong.
    pub fn of_desktop(resources: Option<PathBuf>) -> Result<Self, AppError> {
        let mut options = Self::at(user_paths()?, None, resources.as_deref())?;
        options.extractor = ExtractorCommand::of_this_program(EXTRACTOR);
        Ok(options)
    }

    /// For the command line: as the desktop program, with the database and the configuration that were named.
    ///
    /// # Errors
    /// As [`Options::of_desktop`]; a configuration file that was named must exist.
    pub fn of_command_line(database: Option<PathBuf>, config: Option<&Path>) -> Result<Self, AppError> {
        let mut paths = user_paths()?;
        if let Some(database) = database {
            paths = paths.with_database(database);
        }
        let mut options = Self::at(paths, config, None)?;
        options.sample_on_first_run = false;
        options.extractor = ExtractorCommand::of_this_program(EXTRACTOR);
        Ok(options)
    }

    /// With everything in `folder`, as tests want it.
    ///
    /// # Errors
    /// [`AppError::Config`] when `config.toml` in the folder is wrong.
    pub fn in_folder(folder: &Path) -> Result<Self, AppError> {
        Self::at(Paths::in_folder(folder), None, None)
    }

    fn at(paths: Paths, config: Option<&Path>, resources: Option<&Path>) -> Result<Self, AppError> {
        let config = match config {
            Some(named) => Config::read(named, true)?,
            None => Config::read(&paths.config_file, false)?,
        };
        let sentiment = &config.sentiment;
        let worker = sentiment.worker.clone();
        let worker = worker.unwrap_or_else(|| find_worker(WORKER, "promptpal-sentiment"));
        let fast_worker = sentiment.fast_worker.clone();
        let fast_worker = fast_worker.unwrap_or_else(|| find_worker(FAST_WORKER, "promptpal-sentiment-fast"));
        let engine = match sentiment.engine {
            Some(engine) => Some(engine),
            None => engine_of_environment()?,
        };
        let model_is_fixed = config.sentiment.model.is_some();
        let model = config
            .sentiment
            .model
            .clone()
            .unwrap_or_else(|| find_model(resources));
        Ok(Self {
            paths,
            config,
            worker,
            fast_worker,
            engine,
            model,
            model_is_fixed,
            clock: Arc::new(SystemClock),
            secrets: None,
            store: StoreOptions::default(),
            live_timings: LiveTimings::default(),
            scoring_timings: ScoringTimings::default(),
            extractor: None,
            news_pace: None,
            hosts_at_once: HOSTS_AT_ONCE,
            sample_on_first_run: true,
        })
    }
}

fn user_paths() -> Result<Paths, AppError> {
    match std::env::var_os(HOME).filter(|home| !home.is_empty()) {
        Some(home) => Ok(Paths::in_folder(Path::new(&home))),
        None => Paths::of_user().ok_or(AppError::NoHome),
    }
}

/// The folder that holds this program.
fn beside() -> PathBuf {
    std::env::current_exe()
        .ok()
        .and_then(|exe| exe.parent().map(Path::to_owned))
        .unwrap_or_default()
}

fn find_worker(variable: &str, program: &str) -> PathBuf {
    if let Some(named) = std::env::var_os(variable).filter(|name| !name.is_empty()) {
        return PathBuf::from(named);
    }
    beside().join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// The engine that the environment names, if it names one.
fn engine_of_environment() -> Result<Option<Engine>, AppError> {
    let named = std::env::var(ENGINE).ok().filter(|name| !name.is_empty());
    let parsed = named.map(|name| name.parse()).transpose();
    parsed.map_err(|error: EngineNameError| AppError::Config {
        file: ENGINE.into(),
        reason: error.to_string(),
    })
}

/// In the resources of an installed program, beside it, or in the source tree that it was built from.
fn find_model(resources: Option<&Path>) -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let installed = beside().join("../lib/Promptpal");
    let places = [
        resources.map(Path::to_owned),
        Some(beside()),
        Some(installed),
        Some(source),
    ];
    let mut found = places
        .into_iter()
        .flatten()
        .map(|place| place.join(DEFAULT_MODEL))
        .filter(|place| place.is_dir());
    found.next().unwrap_or_else(|| beside().join(DEFAULT_MODEL))
}
