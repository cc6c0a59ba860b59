//! The exact and the fast engine: chosen, changed while the program runs, and replaced where the fast one cannot score.

use std::path::{Path, PathBuf};

use promptpal_app::causes::{Engine, ScoringError};
use promptpal_app::{App, AppError, JobRequest, Outcome};
use promptpal_domain::ModelRef;
use tokio_util::sync::CancellationToken;

use crate::desk::{Desk, worker};

fn model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models/minilm-finance")
}

fn manifest(folder: &Path) -> serde_json::Value {
    serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

/// The manifest of a model that says it has weights for the fast engine, or none.
fn model_dir(fast_weights: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut manifest = manifest(&model());
    let document = manifest.as_object_mut().unwrap();
    document.remove("fast_weights");
    if fast_weights {
        document.insert("fast_weights".into(), "vocab.txt".into());
    }
    std::fs::write(folder.path().join("manifest.json"), manifest.to_string()).unwrap();
    folder
}

async fn choose(app: &App, engine: Engine) {
    let mut settings = app.settings();
    settings.engine = engine;
    app.save_settings(settings).await.unwrap();
}

/// Any file does for a program that is not started.
fn some_program() -> PathBuf {
    std::env::current_exe().unwrap()
}

#[tokio::test]
async fn the_choice_of_the_settings_is_kept() {
    let folder = model_dir(true);
    let desk = Desk::with(|options| {
        options.model = folder.path().into();
        options.fast_worker = some_program();
        options.engine = None;
    })
    .await;
    let view = desk.app.engine();
    assert_eq!(
        (view.wanted, view.running, view.forced),
        (Engine::Exact, Engine::Exact, false)
    );
    let exact = desk.app.model().unwrap();
    choose(&desk.app, Engine::Fast).await;
    let view = desk.app.status().await.unwrap().engine;
    assert_eq!(
        (view.wanted, view.running, view.reason),
        (Engine::Fast, Engine::Fast, None)
    );
    // Another checksum: no score of one is taken for one of the other.
    let fast = desk.app.model().unwrap();
    assert_eq!(fast.id, exact.id);
    assert_ne!(fast.sha256, exact.sha256);
    desk.app.shutdown().await;
    let again = crate::desk::start(desk.folder.path(), |options| {
        options.model = folder.path().into();
        options.fast_worker = some_program();
        options.engine = None;
    })
    .await;
    assert_eq!(again.engine().running, Engine::Fast);
    again.shutdown().await;
}

#[tokio::test]
async fn whoever_asks_for_the_model_is_told_which_weights_score() {
    let desk = Desk::with(|options| {
        options.model = model();
        options.fast_worker = some_program();
        options.engine = None;
    })
    .await;
    let mut told = Vec::new();
    for engine in [Engine::Exact, Engine::Fast] {
        choose(&desk.app, engine).await;
        let scores = desk.app.model().unwrap().sha256;
        let line = desk
            .app
            .models()
            .await
            .unwrap()
            .into_iter()
            .find(|line| line.current);
        assert_eq!(line.unwrap().sha256.as_ref(), Some(&scores));
        assert_eq!(desk.app.model_card(None).await.unwrap().sha256, scores);
        told.push(scores);
    }
    assert_ne!(told.first(), told.last());
    desk.app.shutdown().await;
}

#[tokio::test]
async fn where_the_fast_engine_cannot_score_the_exact_one_does_and_says_why() {
    let check = async |fast_weights: bool, program: PathBuf, expected: &str| {
        let folder = model_dir(fast_weights);
        let desk = Desk::with(|options| {
            options.model = folder.path().into();
            options.fast_worker = program;
            options.engine = None;
        })
        .await;
        choose(&desk.app, Engine::Fast).await;
        let view = desk.app.status().await.unwrap().engine;
        assert_eq!((view.wanted, view.running), (Engine::Fast, Engine::Exact));
        let reason = view.reason.unwrap();
        assert!(reason.to_string().contains(expected), "{reason}");
        assert!(desk.app.model().is_ok());
        desk.app.shutdown().await;
    };
    check(false, some_program(), "has no weights for the fast engine").await;
    check(true, "/nonexistent/fast".into(), "/nonexistent/fast is missing").await;
}

/// Whoever names an engine on a command line wants no other one.
#[tokio::test]
async fn a_named_engine_is_not_replaced() {
    let folder = model_dir(false);
    let desk = Desk::with(|options| {
        options.model = folder.path().into();
        options.engine = Some(Engine::Fast);
    })
    .await;
    let view = desk.app.engine();
    assert_eq!(
        (view.running, view.forced, view.reason),
        (Engine::Fast, true, None)
    );
    choose(&desk.app, Engine::Exact).await;
    assert_eq!(desk.app.engine().running, Engine::Fast);
    let texts = vec!["up".to_owned()];
    let error = desk.app.score_texts(texts, &CancellationToken::new()).await;
    let Err(AppError::Scoring(ScoringError::ModelRefused { reason })) = error else {
        panic!("{error:?}")
    };
    assert!(reason.contains("has no weights for the fast engine"), "{reason}");
    desk.app.shutdown().await;
}

/// With the real programs: after a change the other one scores everything again, and both kinds of scores are kept.
#[tokio::test]
async fn a_change_is_live_and_keeps_both_scores() {
    let Some(worker) = worker() else { return };
    let Some(fast_worker) = std::env::var_os("PROMPTPAL_SENTIMENT_FAST_WORKER") else {
        println!("engines: PROMPTPAL_SENTIMENT_FAST_WORKER is not set, not run with the real workers");
        return;
    };
    let desk = Desk::with_sample(|options| {
        options.worker = worker;
        options.fast_worker = fast_worker.into();
        options.engine = None;
    })
    .await;
    let app = &desk.app;
    let score = async || match app.run(JobRequest::Score).await.unwrap() {
        Outcome::Scored(report) => report.scored,
        outcome => panic!("{outcome:?}"),
    };
    let all = score().await;
    assert!(all > 30);
    let exact = app.model().unwrap();
    choose(app, Engine::Fast).await;
    let status = app.status().await.unwrap();
    assert_eq!((status.engine.running, status.unscored), (Engine::Fast, all));
    assert_eq!(score().await, all);
    let fast = app.model().unwrap();
    let store = desk.store().await;
    let (mut scores, mut articles) = (Vec::new(), 0);
    for article in store.unscored_articles(&nobody(), 1000).await.unwrap() {
        let (of_exact, of_fast) = (
            store.sentence_scores(article.id, &exact).await.unwrap(),
            store.sentence_scores(article.id, &fast).await.unwrap(),
        );
        assert!(!of_exact.is_empty() && of_exact.len() == of_fast.len());
        articles += 1;
        scores.extend(
            of_exact
                .iter()
                .zip(&of_fast)
                .map(|(exact, fast)| exact.sentiment != fast.sentiment),
        );
    }
    assert_eq!(articles, all);
    assert!(
        scores.iter().any(|differ| *differ),
        "the same program has scored twice"
    );
    // Back again nothing waits: the first scores are still there.
    choose(app, Engine::Exact).await;
    assert_eq!(app.status().await.unwrap().unscored, 0);
    app.shutdown().await;
}

/// A model that has scored nothing.
fn nobody() -> ModelRef {
    ModelRef {
        id: "nobody".to_owned(),
        sha256: "0".repeat(64),
    }
}
