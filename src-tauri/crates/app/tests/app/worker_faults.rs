//! Everything that can befall the scoring program, with both real engines and the sample's news: what the state says, that no article
//! is lost, and that scoring goes on by itself once the cause is gone. Linux only, for signals and limits.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use promptpal_app::causes::{Engine, MissingPart, WorkerFault, WorkerState};
use promptpal_app::{App, Event, ScoringTimings};
use promptpal_domain::{ArticleContent, ContentStatus};
use promptpal_store::{ArticleFilter, NewArticle};
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};
use tempfile::TempDir;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::task::AbortOnDropHandle;

use crate::desk::{Desk, LIMIT, until};
use crate::scoring::{REAL_WORKER, running, unscored};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Killed,
    Hung,
    FedGarbage,
    AnswersGarbage,
    MemoryAtStart,
    MemoryAtWork,
    NoLibrary,
    WrongModel,
}

impl Fault {
    const ALL: [Self; 8] = [
        Self::Killed,
        Self::Hung,
        Self::FedGarbage,
        Self::AnswersGarbage,
        Self::MemoryAtStart,
        Self::MemoryAtWork,
        Self::NoLibrary,
        Self::WrongModel,
    ];

    /// The state that the window is told, and a part of its reason.
    fn expected(self, engine: Engine) -> (Told, &'static str) {
        let failed = |fault, reason| (Told::Failed(fault), reason);
        match self {
            Self::Killed => failed(WorkerFault::Ended, "it was killed (signal: 9"),
            Self::Hung => failed(
                WorkerFault::Hung,
                "it gave no sign of progress for 5 s and was killed",
            ),
            Self::FedGarbage => failed(WorkerFault::Nonsense, "the line is no request"),
            Self::AnswersGarbage => failed(
                WorkerFault::CannotStart,
                "its first line is no greeting: Hello from somebody else",
            ),
            Self::MemoryAtStart | Self::MemoryAtWork => failed(WorkerFault::OutOfMemory, "alloc"),
            Self::NoLibrary => (
                Told::Missing(MissingPart::Library),
                match engine {
                    Engine::Exact => "the library lib",
                    Engine::Fast => "the library of the fast engine, /nonexistent/libonnxruntime.so",
                },
            ),
            Self::WrongModel => failed(
                WorkerFault::ModelRefused,
                "is not the file that the manifest names",
            ),
        }
    }
}

/// A state in which nothing is scored, without its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Failed(WorkerFault),
    Missing(MissingPart),
}

/// A script in front of the real program, which looks at each start for what shall go wrong; and a model that may be damaged.
struct Sabotage {
    engine: Engine,
    program: PathBuf,
    folder: TempDir,
}

impl Sabotage {
    fn of(engine: Engine) -> Option<Self> {
        let name = match engine {
            Engine::Exact => "PROMPTPAL_SENTIMENT_WORKER",
            Engine::Fast => "PROMPTPAL_SENTIMENT_FAST_WORKER",
        };
        let Some(program) = std::env::var_os(name).map(PathBuf::from) else {
            println!("worker faults: {name} is not set, not run with the {engine} engine");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let model = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models/minilm-finance");
        std::fs::create_dir(folder.path().join("model")).unwrap();
        for entry in std::fs::read_dir(model).unwrap() {
            let entry = entry.unwrap();
            if entry.path().is_file() {
                std::fs::copy(entry.path(), folder.path().join("model").join(entry.file_name())).unwrap();
            }
        }
        let it = Self {
            engine,
            program,
            folder,
        };
        std::fs::write(it.script(), it.script_text()).unwrap();
        std::fs::set_permissions(it.script(), std::fs::Permissions::from_mode(0o755)).unwrap();
        Some(it)
    }

    fn script(&self) -> PathBuf {
        self.folder.path().join("worker.sh")
    }

    fn cause(&self) -> PathBuf {
        self.folder.path().join("cause")
    }

    fn script_text(&self) -> String {
        // Less than the weights of the model alone, in KiB.
        let too_little = match self.engine {
            Engine::Exact => 64 << 10,
            Engine::Fast => 16 << 10,
        };
        let (program, cause) = (self.program.display(), self.cause().display().to_string());
        let lacking = match self.engine {
            // The loader finds libtorch by the program's own list of places.
            Engine::Exact => {
                "unset LD_LIBRARY_PATH; for loader in /lib*/ld-linux-*.so.*; do exec \"$loader\" --inhibit-rpath '' \"$program\" \"$@\"; done"
            }
            Engine::Fast => "export PROMPTPAL_ONNXRUNTIME=/nonexistent/libonnxruntime.so",
        };
        format!(
            r#"#!/bin/sh
program='{program}'
case "$(cat '{cause}' 2>/dev/null)" in
FedGarbage) rm '{cause}'; {{ echo 'this is no request'; cat; }} | "$program" "$@"; exit ;;
AnswersGarbage) echo 'Hello from somebody else' ;;
MemoryAtStart) ulimit -d {too_little} ;;
NoLibrary) {lacking} ;;
esac
exec "$program" "$@"
"#
        )
    }

    /// Puts what lasts until it is put right.
    fn begin(&self, fault: Fault) {
        match fault {
            Fault::WrongModel => self.exchange_weights(),
            Fault::Killed | Fault::Hung | Fault::MemoryAtWork => {}
            scripted => std::fs::write(self.cause(), format!("{scripted:?}")).unwrap(),
        }
    }

    fn end(&self, fault: Fault) {
        if fault == Fault::WrongModel {
            self.exchange_weights();
        } else if let Err(error) = std::fs::remove_file(self.cause()) {
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
        }
    }

    /// Changes one bit of the weights, or changes it back.
    fn exchange_weights(&self) {
        for entry in std::fs::read_dir(self.folder.path().join("model")).unwrap() {
            let file = entry.unwrap().path();
            if !file
                .extension()
                .is_some_and(|kind| kind == "safetensors" || kind == "onnx")
            {
                continue;
            }
            let mut weights = std::fs::read(&file).unwrap();
            let middle = weights.len() / 2;
            weights[middle] ^= 1;
            std::fs::write(file, weights).unwrap();
        }
    }

    async fn desk(&self) -> Desk {
        Desk::with_sample(|options| {
            options.engine = Some(self.engine);
            options.worker = self.script();
            options.fast_worker = self.script();
            options.model = self.folder.path().join("model");
            options.scoring_timings = ScoringTimings {
                patience: Duration::from_secs(5),
                again: Duration::from_millis(100),
            };
        })
        .await
    }

    fn pid(&self) -> Pid {
        let pid = running(&self.program).expect("the scoring program runs").as_u32();
        Pid::from_raw(pid.cast_signed()).unwrap()
    }

    /// The running program gets no more memory than it has.
    fn starve(&self) {
        let pid = self.pid();
        let status = std::fs::read_to_string(format!("/proc/{}/status", pid.as_raw_nonzero())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmData:"))
            .unwrap();
        let kib: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        let limit = Rlimit {
            current: Some(kib << 10),
            maximum: Some(kib << 10),
        };
        prlimit(Some(pid), Resource::Data, limit).unwrap();
    }
}

/// A state, and how many articles waited then.
type Seen = Arc<Mutex<Vec<(WorkerState, u64)>>>;

/// Notes every state that the window is told of.
fn watch(app: &App) -> (Seen, AbortOnDropHandle<()>) {
    let seen = Seen::default();
    let (app, into) = (app.clone(), Arc::clone(&seen));
    let mut facts = app.bus().listen();
    let watching = tokio::spawn(async move {
        loop {
            let fact = facts.recv().await;
            if matches!(fact, Err(RecvError::Closed)) {
                return;
            }
            if matches!(fact, Ok(Event::StatusChanged) | Err(RecvError::Lagged(_))) {
                let state = app.worker_state();
                let waiting = unscored(&app).await;
                into.lock().unwrap().push((state, waiting));
            }
        }
    });
    (seen, AbortOnDropHandle::new(watching))
}

/// A state in which nothing is scored, and its reason.
fn told(state: &WorkerState) -> Option<(Told, &str)> {
    match state {
        WorkerState::Failed { fault, reason } => Some((Told::Failed(*fault), reason)),
        WorkerState::Missing { part, what } => Some((Told::Missing(*part), what)),
        _ => None,
    }
}

/// Articles whose sentences need far more memory than the sample's.
async fn put_long_articles(desk: &Desk) {
    let store = desk.store().await;
    let source = store.sources().await.unwrap()[0].id;
    let sentence = format!(
        "The exchange said that {} on Monday. ",
        "it would halt all trades ".repeat(35)
    );
    let article = NewArticle {
        guid: "long".to_owned(),
        url: "https://long.example/1".to_owned(),
        title: "Exchange says very much".to_owned(),
        summary: String::new(),
        content: ArticleContent {
            status: ContentStatus::Full,
            text: sentence.repeat(64),
            author: None,
            language: Some("en".to_owned()),
        },
        published: None,
        first_seen: desk.app.status().await.unwrap().now,
        backfill_delay_ms: None,
        assets: Vec::new(),
    };
    store.put_feed_items(source, vec![article]).await.unwrap();
}

async fn befall(sabotage: &Sabotage, fault: Fault) {
    let engine = sabotage.engine;
    sabotage.begin(fault);
    let desk = sabotage.desk().await;
    let app = &desk.app;
    if fault == Fault::MemoryAtWork {
        let texts = vec!["Bitcoin rises".to_owned()];
        app.score_texts(texts, &tokio_util::sync::CancellationToken::new())
            .await
            .unwrap();
        sabotage.starve();
        put_long_articles(&desk).await;
    }
    let all = unscored(app).await;
    assert!(all > 30);
    let (seen, _watching) = watch(app);
    let mut facts = app.bus().listen();
    app.work_in_background();
    if let Some(signal) = match fault {
        Fault::Killed => Some(Signal::KILL),
        Fault::Hung => Some(Signal::STOP),
        _ => None,
    } {
        // In the middle of its work.
        let scored = async { while !matches!(facts.recv().await, Ok(Event::ArticlesScored(_))) {} };
        tokio::time::timeout(LIMIT, scored).await.unwrap();
        kill_process(sabotage.pid(), signal).unwrap();
    }
    let (state, reason) = fault.expected(engine);
    let fails = |(found, _): &(WorkerState, u64)| {
        told(found).is_some_and(|(found, words)| found == state && words.contains(reason))
    };
    until(app, &format!("{fault:?} shows"), async || {
        seen.lock().unwrap().iter().any(fails)
    })
    .await;
    let (found, waiting) = seen
        .lock()
        .unwrap()
        .iter()
        .find(|one| fails(one))
        .cloned()
        .unwrap();
    let lasts = !matches!(
        fault,
        Fault::Killed | Fault::Hung | Fault::FedGarbage | Fault::MemoryAtWork
    );
    if lasts {
        // Until the cause is gone nothing changes, however often it is tried.
        let tries = seen.lock().unwrap().len();
        until(app, "more tries", async || seen.lock().unwrap().len() > tries + 2).await;
        assert_eq!(unscored(app).await, all, "{fault:?}");
        assert_eq!(waiting, all, "{fault:?}");
    }
    sabotage.end(fault);
    until(app, &format!("all scored after {fault:?}"), async || {
        unscored(app).await == 0
    })
    .await;
    let store = desk.store().await;
    let model = app.model().unwrap();
    let filter = ArticleFilter {
        model: Some(model.clone()),
        limit: 500,
        ..ArticleFilter::default()
    };
    let rows = store.articles(&filter).await.unwrap();
    assert_eq!(rows.len() as u64, all, "{fault:?}: no article is lost");
    for row in rows {
        assert!(row.score.is_some(), "{fault:?}: {}", row.title);
        assert!(!store.sentence_scores(row.id, &model).await.unwrap().is_empty());
    }
    let (told, words) = told(&found).unwrap();
    println!(
        "worker faults, {engine}, {fault:?}: {told:?}, '{}', {waiting} of {all} articles wait; afterwards {all} scored, {:?}",
        words.lines().next().unwrap_or_default(),
        app.worker_state(),
    );
    desk.app.shutdown().await;
    assert_eq!(running(&sabotage.program), None);
}

async fn every_fault(engine: Engine) {
    let Some(sabotage) = Sabotage::of(engine) else {
        return;
    };
    let _alone = REAL_WORKER.lock().await;
    for fault in Fault::ALL {
        befall(&sabotage, fault).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_with_the_exact_engine() {
    every_fault(Engine::Exact).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_with_the_fast_engine() {
    every_fault(Engine::Fast).await;
}
