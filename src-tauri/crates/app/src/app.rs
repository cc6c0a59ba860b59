//! The program without a window: what every use case shares, start-up and shutdown.

use std::collections::HashSet;
use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use promptpal_domain::{ArticleId, Clock};
use promptpal_market::LiveTimings;
use promptpal_news::News;
use promptpal_sentiment::Scorer;
use promptpal_store::Store;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::bus::Bus;
use crate::config::Config;
use crate::crawl::Compared;
use crate::engines::Engines;
use crate::jobs::Jobs;
use crate::live::Live;
use crate::options::Options;
use crate::paths::Paths;
use crate::scoring::ScoringTimings;
use crate::session::Session;
use crate::settings::{self, Settings};
use crate::venues::Venues;
use crate::watchlist::{self, WatchSymbol};
use crate::{AppError, models, sources};

/// How long tasks have to end by themselves at shutdown.
const GRACE: Duration = Duration::from_secs(5);

/// Every use case of the program. Cheap to clone; all clones share one store, one bus and one set of jobs.
#[derive(Clone, Debug)]
pub struct App {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) paths: Paths,
    pub(crate) config: Config,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) store: Store,
    pub(crate) bus: Bus,
    pub(crate) jobs: Jobs,
    pub(crate) settings: watch::Sender<Settings>,
    /// Watched symbols; `None` while nobody has chosen.
    pub(crate) watched: Mutex<Option<Vec<WatchSymbol>>>,
    /// Made on first use and again when their addresses change.
    pub(crate) venues: Mutex<Option<Arc<Venues>>>,
    pub(crate) news: News,
    /// Hosts that the news ask at the same time.
    pub(crate) hosts_at_once: usize,
    pub(crate) compared: tokio::sync::Mutex<Compared>,
    pub(crate) scorer: Scorer,
    pub(crate) engines: Engines,
    /// The model that comes with the program, or was named from outside.
    pub(crate) own_model: PathBuf,
    pub(crate) model_is_fixed: bool,
    /// Articles that bring the worker down: left alone until the next start.
    pub(crate) left_out: Mutex<HashSet<ArticleId>>,
    pub(crate) live: Live,
    pub(crate) live_timings: LiveTimings,
    pub(crate) scoring_timings: ScoringTimings,
    pub(crate) session: Mutex<Session>,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    /// Where tasks run; a host may call from a thread of its own.
    pub(crate) runtime: Handle,
    first_run: bool,
    sample_on_first_run: bool,
}

impl App {
    /// Opens the store and joins the parts. Nothing works in the background yet.
    ///
    /// # Errors
    /// [`AppError::Store`] when the database cannot be opened, [`AppError::File`] when its folder cannot be made.
    pub async fn start(options: Options) -> Result<Self, AppError> {
        let Options {
            paths,
            config,
            worker,
            fast_worker,
            engine,
            model,
            model_is_fixed,
            clock,
            secrets,
            store,
            live_timings,
            scoring_timings,
            extractor,
            news_pace,
            hosts_at_once,
            sample_on_first_run,
        } = options;
        if let Some(folder) = paths.database.parent() {
            let made = tokio::fs::create_dir_all(folder).await;
            made.map_err(|source| AppError::File {
                doing: "make the folder",
                path: folder.to_owned(),
                source,
            })?;
        }
        let store = Store::open(&paths.database, store, clock.now()).await?;
        let settings = settings::load(&store).await?;
        let watched = watchlist::load(&store).await?;
        let first_run = store.list_series().await?.is_empty() && store.sources().await?.is_empty();
        let jobs = Jobs::open(&store, clock.clone()).await?;
        let chosen = store.setting(models::KEY).await?;
        let chosen = chosen
            .as_ref()
            .and_then(serde_json::Value::as_str)
            .filter(|_| !model_is_fixed);
        let scoring_model = models::chosen_folder(chosen, &paths.models_dir, model.clone());
        let session = Session::new(&config, &settings, secrets, clock.clone())?;
        let engines = Engines {
            exact: worker,
            fast: fast_worker,
            forced: engine,
        };
        let inner = Inner {
            news: sources::client(&config, clock.clone(), news_pace, extractor)?,
            hosts_at_once,
            compared: tokio::sync::Mutex::default(),
            scorer: engines.client(settings.engine, scoring_model, scoring_timings.patience),
            engines,
            own_model: model,
            model_is_fixed,
            paths,
            config,
            clock,
            store,
            bus: Bus::default(),
            jobs,
            settings: watch::Sender::new(settings),
            watched: Mutex::new(watched),
            venues: Mutex::default(),
            live: Live::default(),
            live_timings,
            scoring_timings,
            left_out: Mutex::default(),
            session: Mutex::new(session),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            runtime: Handle::current(),
            first_run,
            sample_on_first_run,
        };
        for (host, until) in inner.store.host_holds(inner.clock.now()).await? {
            inner.news.hold(host, until);
        }
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Begins what goes on by itself: the sample workspace on a first run, the last session, rounds over the news,
    /// scoring of new articles, sealing of past days. The command line does without.
    pub fn work_in_background(&self) {
        let app = self.clone();
        self.spawn(async move {
            if app.inner.first_run && app.inner.sample_on_first_run {
                app.load_first_sample().await;
            }
            app.take_up_session().await;
        });
        self.crawl_in_rounds();
        self.score_what_arrives();
        self.announce_worker_states();
        self.seal_in_rounds();
    }

    /// Ends all work, closes the store. Afterwards nothing of the program runs.
    pub async fn shutdown(&self) {
        self.inner.stop.cancel();
        self.inner.jobs.cancel_all();
        self.inner.tasks.close();
        if tokio::time::timeout(GRACE, self.inner.tasks.wait())
            .await
            .is_err()
        {
            tracing::warn!("some tasks did not end in time");
        }
        self.settle_account().await;
        self.inner.scorer.stop().await;
        if let Err(error) = self.inner.store.close().await {
            tracing::error!(%error, "the database was not closed cleanly; it will recover at the next start");
        }
    }

    /// Runs `work` until it ends or the program shuts down.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
        let stop = self.inner.stop.clone();
        let ends = async move {
            tokio::select! {
                () = work => (),
                () = stop.cancelled() => (),
            }
        };
        self.inner
            .tasks
            .spawn_on(ends, &self.inner.runtime)
            .abort_handle()
    }

    /// The bus.
    #[must_use]
    pub fn bus(&self) -> &Bus {
        &self.inner.bus
    }

    /// Where files are kept.
    #[must_use]
    pub fn paths(&self) -> &Paths {
        &self.inner.paths
    }

    /// What was set from outside.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// Whether the store was empty when the program started.
    #[must_use]
    pub fn first_run(&self) -> bool {
        self.inner.first_run
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }
}
