//! Models: downloaded from a hub on loopback, taken from folders, chosen, removed; and scores by several of them.

use std::path::{Path, PathBuf};

use promptpal_app::causes::WorkerState;
use promptpal_app::{
    App, ErrorKind, JobRequest, ModelDownload, ModelImport, ModelLine, ModelOrigin, ModelReport, ModelState,
    Outcome, Step, Unit,
};
use promptpal_domain::{JobState, Sentiment, Timestamp};
use promptpal_store::ArticleScores;
use promptpal_testkit::model_hub::{Fault, ModelHub};

use crate::desk::{Desk, start, until, worker};

/// The files of a small FinBERT with random weights, in the layout of the hub.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../sentiment/tests/fixtures/finbert")
        .join(name)
}

const TEXTS: [&str; 3] = ["config.json", "vocab.txt", "tokenizer_config.json"];

async fn finbert_hub() -> ModelHub {
    let hub = ModelHub::start().await.unwrap();
    for name in TEXTS {
        hub.put("ProsusAI/finbert", name, std::fs::read(fixture(name)).unwrap());
    }
    let weights = std::fs::read(fixture("pytorch_model.legacy.bin")).unwrap();
    hub.put("ProsusAI/finbert", "pytorch_model.bin", weights);
    hub.put(
        "ProsusAI/finbert",
        "README.md",
        "---\nlicense: x\n---\n# FinBERT\n\nText.\n",
    );
    hub
}

fn download(id: &str) -> JobRequest {
    JobRequest::DownloadModel(ModelDownload { id: id.to_owned() })
}

async fn line(app: &App, id: &str) -> ModelLine {
    let all = app.models().await.unwrap();
    all.into_iter().find(|line| line.id == id).unwrap()
}

async fn install(app: &App, request: JobRequest) -> ModelReport {
    match app.run(request).await.unwrap() {
        Outcome::Installed(report) => report,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn finbert_is_downloaded_chosen_remembered_and_removed() {
    let hub = finbert_hub().await;
    let desk = Desk::with(|options| options.config.sentiment.hub_url = Some(hub.base())).await;
    let app = &desk.app;
    let own = line(app, "minilm-finance").await;
    assert_eq!(
        (own.origin, &own.state, own.current),
        (ModelOrigin::Program, &ModelState::Installed, true)
    );
    let offered = line(app, "finbert").await;
    assert_eq!(
        (offered.origin, &offered.state),
        (ModelOrigin::Catalogue, &ModelState::Available)
    );
    assert!(offered.bytes > 400_000_000 && offered.licence == "Apache-2.0");

    let report = install(app, download("finbert")).await;
    let found = line(app, "finbert").await;
    assert_eq!((&found.state, found.current), (&ModelState::Installed, false));
    assert_eq!(found.sha256.as_ref(), Some(&report.sha256));
    let card = app.model_card(Some("finbert")).await.unwrap();
    assert_eq!(card.readme.as_deref(), Some("# FinBERT\n\nText."));
    // Nothing is left beside it, and a second time there is one already.
    let shelf = app.paths().models_dir.clone();
    assert_eq!(std::fs::read_dir(&shelf).unwrap().count(), 1);
    let again = app.run(download("finbert")).await.unwrap_err();
    assert!(
        again.to_string().contains("there is a model finbert already"),
        "{again}"
    );

    app.use_model("finbert").await.unwrap();
    assert_eq!(app.model().unwrap().sha256, report.sha256);
    assert_eq!(app.model_card(None).await.unwrap().manifest.id, "finbert");
    assert_eq!(
        app.remove_model("finbert").await.unwrap_err().kind(),
        ErrorKind::Invalid
    );
    assert_eq!(
        app.remove_model("minilm-finance").await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
    app.shutdown().await;
    let next = start(desk.folder.path(), |_| {}).await;
    assert_eq!(next.model().unwrap().id, "finbert", "it is remembered");
    next.use_model("minilm-finance").await.unwrap();
    next.remove_model("finbert").await.unwrap();
    assert_eq!(line(&next, "finbert").await.state, ModelState::Available);
    for unknown in ["finbert", "..", "../models", ".download-finbert", ""] {
        assert_eq!(
            next.use_model(unknown).await.unwrap_err().kind(),
            ErrorKind::NotFound,
            "{unknown}"
        );
        assert_eq!(
            next.remove_model(unknown).await.unwrap_err().kind(),
            ErrorKind::NotFound,
            "{unknown}"
        );
    }
    assert_eq!(
        next.run(download("gone")).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
    next.shutdown().await;
}

#[tokio::test]
async fn a_download_is_cancelled_and_goes_on() {
    let hub = finbert_hub().await;
    let desk = Desk::with(|options| options.config.sentiment.hub_url = Some(hub.base())).await;
    let app = &desk.app;
    hub.set_fault(Fault::StallAfter(20_000));
    let job = app.start_here(download("finbert")).await.unwrap();
    let texts: u64 = TEXTS
        .iter()
        .map(|name| fixture(name).metadata().unwrap().len())
        .sum();
    let mut told = job.progress.watch();
    told.wait_for(|now| now.phase == Step::Downloading.into() && now.done > texts)
        .await
        .unwrap();
    assert_eq!(told.borrow().unit, Some(Unit::Bytes));
    app.cancel_job(&job.id).await.unwrap();
    let id = job.id.clone();
    assert_eq!(job.outcome().await.unwrap_err().kind(), ErrorKind::Cancelled);
    let ModelState::Partly { bytes } = line(app, "finbert").await.state else {
        panic!("what has arrived is kept")
    };
    assert!(bytes > texts);
    hub.set_fault(Fault::None);
    let again = app.retry_job(&id).await.unwrap();
    until(app, "the download to go on", async || {
        let jobs = app.jobs().await.unwrap();
        let job = jobs.iter().find(|view| view.job.id == again).unwrap();
        job.job.progress.state == JobState::Succeeded
    })
    .await;
    assert_eq!(line(app, "finbert").await.state, ModelState::Installed);
    assert!(
        hub.requests()
            .iter()
            .any(|asked| asked.starts_with("pytorch_model.bin from "))
    );
    app.shutdown().await;
}

#[tokio::test]
async fn nothing_that_is_no_model_gets_onto_the_shelf() {
    let hub = finbert_hub().await;
    let desk = Desk::with(|options| options.config.sentiment.hub_url = Some(hub.base())).await;
    let app = &desk.app;
    // Found out before the weights are asked for.
    hub.put("ProsusAI/finbert", "config.json", r#"{"model_type":"roberta"}"#);
    let refused = app.run(download("finbert")).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    assert!(
        !hub.requests()
            .iter()
            .any(|asked| asked.starts_with("pytorch_model.bin")),
        "{:?}",
        hub.requests()
    );
    hub.put(
        "ProsusAI/finbert",
        "config.json",
        std::fs::read(fixture("config.json")).unwrap(),
    );
    hub.set_fault(Fault::Altered);
    let altered = app.run(download("finbert")).await.unwrap_err();
    assert_eq!(
        (altered.kind(), altered.is_retryable()),
        (ErrorKind::Remote, true),
        "{altered}"
    );
    hub.set_fault(Fault::Status(500));
    assert_eq!(
        app.run(download("finbert")).await.unwrap_err().kind(),
        ErrorKind::Remote
    );
    drop(hub);
    let offline = app.run(download("finbert")).await.unwrap_err();
    assert_eq!(offline.kind(), ErrorKind::Offline, "{offline}");
    assert!(offline.hint().unwrap().contains("kept"));
    let installed: Vec<String> = std::fs::read_dir(&app.paths().models_dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(installed, [".download-finbert"]);
    app.remove_model("finbert").await.unwrap();
    assert_eq!(line(app, "finbert").await.state, ModelState::Available);
    app.shutdown().await;
}

fn folder_of(desk: &Desk, name: &str) -> PathBuf {
    let folder = desk.folder.path().join(name);
    std::fs::create_dir(&folder).unwrap();
    for name in TEXTS {
        std::fs::copy(fixture(name), folder.join(name)).unwrap();
    }
    std::fs::copy(fixture("pytorch_model.zip.bin"), folder.join("pytorch_model.bin")).unwrap();
    folder
}

fn import(folder: &Path) -> JobRequest {
    JobRequest::ImportModel(ModelImport {
        folder: folder.to_owned(),
        ..ModelImport::default()
    })
}

#[tokio::test]
async fn a_folder_becomes_a_model_and_a_damaged_one_is_told() {
    let desk = Desk::offline().await;
    let app = &desk.app;
    let folder = folder_of(&desk, "My FinBERT");
    let report = install(app, import(&folder)).await;
    assert_eq!(report.id, "my-finbert");
    let found = line(app, "my-finbert").await;
    assert_eq!(
        (found.origin, found.title.as_str(), found.licence.as_str()),
        (ModelOrigin::Folder, "My FinBERT", "unknown")
    );
    assert!(
        folder.join("pytorch_model.bin").is_file(),
        "the folder stays as it is"
    );
    // Swapped behind our back: not used, and told why.
    let weights = report.folder.join("model.safetensors");
    let mut contents = std::fs::read(&weights).unwrap();
    *contents.last_mut().unwrap() ^= 1;
    std::fs::write(&weights, &contents).unwrap();
    let swapped = app.use_model("my-finbert").await.unwrap_err();
    assert_eq!(swapped.kind(), ErrorKind::ModelMissing);
    assert!(swapped.to_string().contains("is not the file"), "{swapped}");
    assert_eq!(app.model().unwrap().id, "minilm-finance");
    // Half of it shows in the list already.
    std::fs::write(&weights, &contents[..100]).unwrap();
    assert!(
        matches!(line(app, "my-finbert").await.state, ModelState::Refused { reason } if reason.contains("100 bytes"))
    );
    // Taken once more, it is whole again.
    install(app, import(&folder)).await;
    app.use_model("my-finbert").await.unwrap();
    let missing = app
        .run(import(&desk.folder.path().join("nothing")))
        .await
        .unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
    app.shutdown().await;
}

#[tokio::test]
async fn a_model_that_the_configuration_names_stays() {
    let desk = Desk::with(|options| options.model_is_fixed = true).await;
    let folder = folder_of(&desk, "finbert");
    install(&desk.app, import(&folder)).await;
    let refused = desk.app.use_model("finbert").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    assert_eq!(desk.app.model().unwrap().id, "minilm-finance");
    desk.app.shutdown().await;
}

/// Scores of two models stand side by side: choosing another one makes the articles wait for its scores, going back finds the old ones.
#[tokio::test]
async fn another_model_scores_anew_and_the_old_scores_stay() {
    let desk = Desk::with_sample(|_| {}).await;
    let app = &desk.app;
    let folder = folder_of(&desk, "finbert");
    install(app, import(&folder)).await;
    let own = app.model().unwrap();
    let all = app.status().await.unwrap().unscored;
    let store = desk.store().await;
    let sentiment = Sentiment::new(0.7, 0.1, 0.2).unwrap();
    for article in store.unscored_articles(&own, 1_000).await.unwrap() {
        store
            .put_scores(
                article.id,
                &own,
                ArticleScores {
                    whole: sentiment,
                    sentences: Vec::new(),
                    assets: Vec::new(),
                },
                Timestamp::EPOCH,
            )
            .await
            .unwrap();
    }
    assert_eq!(app.status().await.unwrap().unscored, 0);
    app.use_model("finbert").await.unwrap();
    assert_eq!(
        app.status().await.unwrap().unscored,
        all,
        "all wait for the other model"
    );
    app.use_model("minilm-finance").await.unwrap();
    assert_eq!(
        app.status().await.unwrap().unscored,
        0,
        "the old scores are still there"
    );
    app.shutdown().await;
}

/// The same with the real worker: the second model's scores are its own, and both are kept.
#[tokio::test]
async fn articles_are_scored_again_by_the_real_worker() {
    let Some(worker) = worker() else { return };
    let _alone = crate::scoring::REAL_WORKER.lock().await;
    let desk = Desk::with_sample(|options| options.worker = worker).await;
    let app = &desk.app;
    let folder = folder_of(&desk, "finbert");
    install(app, import(&folder)).await;
    let all = app.status().await.unwrap().unscored;
    app.use_model("finbert").await.unwrap();
    let Outcome::Scored(report) = app.run(JobRequest::Score).await.unwrap() else {
        panic!("scored")
    };
    assert_eq!((report.scored, report.model.as_str()), (all, "finbert"));
    // Chosen in the middle of a round, another model never gets the scores of the one before.
    app.use_model("minilm-finance").await.unwrap();
    let job = app.start_here(JobRequest::Score).await.unwrap();
    let mut told = job.progress.watch();
    told.wait_for(|now| now.done > 0).await.unwrap();
    app.use_model("finbert").await.unwrap();
    app.use_model("minilm-finance").await.unwrap();
    job.outcome().await.unwrap();
    app.run(JobRequest::Score).await.unwrap();
    assert_eq!(app.status().await.unwrap().unscored, 0);
    app.use_model("finbert").await.unwrap();
    assert_eq!(app.status().await.unwrap().unscored, 0, "nothing was lost");
    assert!(!matches!(app.worker_state(), WorkerState::Failed { .. }));
    app.shutdown().await;
}
