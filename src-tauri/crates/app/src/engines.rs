//! Which of the two engines scores, and why not the other one.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use promptpal_sentiment::{Engine, FastAgreement, ModelManifest, Scorer, WorkerConfig};

use crate::App;
use crate::bus::Event;
use crate::progress::lock;

/// The programs of the engines, and what was said of them from outside.
#[derive(Clone, Debug)]
pub(crate) struct Engines {
    pub(crate) exact: PathBuf,
    pub(crate) fast: PathBuf,
    /// The configuration file or the command line has said which: the settings count no more, and nothing takes its place.
    pub(crate) forced: Option<Engine>,
}

/// What scores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineView {
    /// The engine that was chosen.
    pub wanted: Engine,
    /// The one that scores.
    pub running: Engine,
    /// Why that is another one.
    pub reason: Option<NotFast>,
    /// Whether the choice was made outside of the settings.
    pub forced: bool,
    /// How near the fast engine comes with the current model, if its makers have measured it.
    pub agreement: Option<FastAgreement>,
}

/// Why the exact engine scores although the fast one was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFast {
    /// Its program is not installed.
    NoProgram(PathBuf),
    /// The model brings no weights for it; in the words of whoever looked.
    NoWeights(String),
}

impl fmt::Display for NotFast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgram(path) => write!(f, "{} is missing", path.display()),
            Self::NoWeights(reason) => f.write_str(reason),
        }
    }
}

impl Engines {
    /// The scorer to begin with, which waits so long for a sign of progress.
    pub(crate) fn client(&self, chosen: Engine, model: PathBuf, patience: Duration) -> Scorer {
        let (engine, _) = self.choose(chosen, &model);
        Scorer::new(WorkerConfig {
            engine,
            request_timeout: patience,
            ..WorkerConfig::new(self.program(engine).to_owned(), model)
        })
    }

    fn program(&self, engine: Engine) -> &Path {
        match engine {
            Engine::Exact => &self.exact,
            Engine::Fast => &self.fast,
        }
    }

    fn wanted(&self, chosen: Engine) -> Engine {
        self.forced.unwrap_or(chosen)
    }

    /// The engine that scores, and why it is not the one that was chosen: the fast one needs weights that not every model has, and a
    /// program that not every package has.
    fn choose(&self, chosen: Engine, model: &Path) -> (Engine, Option<NotFast>) {
        let wanted = self.wanted(chosen);
        if wanted == Engine::Exact || self.forced.is_some() {
            return (wanted, None);
        }
        if !self.fast.is_file() {
            return (Engine::Exact, Some(NotFast::NoProgram(self.fast.clone())));
        }
        // A model that is missing or damaged is told by whoever needs it.
        match ModelManifest::read(model).map(|manifest| manifest.weights_for(wanted).map(drop)) {
            Ok(Err(error)) => (Engine::Exact, Some(NotFast::NoWeights(error.to_string()))),
            Ok(Ok(())) | Err(_) => (wanted, None),
        }
    }
}

impl App {
    /// Which engine scores.
    #[must_use]
    pub fn engine(&self) -> EngineView {
        let (engines, chosen) = (&self.inner.engines, self.settings().engine);
        let config = self.inner.scorer.config();
        let (_, reason) = engines.choose(chosen, &config.model_dir);
        let manifest = ModelManifest::read(&config.model_dir).ok();
        EngineView {
            wanted: engines.wanted(chosen),
            running: config.engine,
            reason,
            forced: engines.forced.is_some(),
            agreement: manifest.and_then(|manifest| manifest.fast_agreement),
        }
    }

    /// The checksum by which scores of a model name it: that of the weights which the engine reads that would score with it.
    pub(crate) fn weights_named(&self) -> impl Fn(&Path, &ModelManifest) -> String + Send + use<> {
        let (engines, chosen) = (self.inner.engines.clone(), self.settings().engine);
        move |folder, manifest| {
            let (engine, _) = engines.choose(chosen, folder);
            let named = manifest.model_ref_for(engine);
            named.unwrap_or_else(|_| manifest.model_ref()).sha256
        }
    }

    /// Lets the engine score that is chosen, after the settings have changed.
    pub(crate) async fn apply_engine(&self) {
        let config = self.inner.scorer.config();
        let (engine, _) = self
            .inner
            .engines
            .choose(self.settings().engine, &config.model_dir);
        if engine != config.engine {
            self.score_with(config.model_dir).await;
            // Other weights: what is shown of the model and of scores is that of the engine before.
            self.bus().announce(Event::ModelsChanged);
        }
    }

    /// Lets the model in `folder` score from now on, with the engine that is chosen for it. The worker is stopped if it runs; texts
    /// being scored are scored again.
    pub(crate) async fn score_with(&self, folder: PathBuf) {
        let (engine, reason) = self.inner.engines.choose(self.settings().engine, &folder);
        if let Some(reason) = reason {
            tracing::warn!(%reason, "the exact engine scores instead of the fast one");
        }
        let program = self.inner.engines.program(engine).to_owned();
        self.inner
            .scorer
            .reconfigure(|config| {
                config.model_dir = folder;
                config.engine = engine;
                config.program = program;
            })
            .await;
        // What one model or engine does not survive, another may.
        lock(&self.inner.left_out).clear();
    }
}
