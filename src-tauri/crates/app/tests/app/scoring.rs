//! Articles and the scoring worker: there, missing, and killed.

use std::path::Path;

use promptpal_app::causes::{Response, WorkerState};
use promptpal_app::{
    App, ArticlesQuery, ErrorKind, EvaluationRequest, Event, JobRequest, MoodStudyRequest, Outcome, Unit,
};
use promptpal_domain::{
    ArticleContent, ArticleId, AssetTag, ContentStatus, Interval, SentenceScore, Sentiment, Span, Timestamp,
};
use promptpal_store::{ArticleScores, NewArticle};
use promptpal_testkit::news_site::{NewsSite, NewsSiteOptions};
use sysinfo::{Pid, Process, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};
use tokio::sync::Mutex;

use crate::desk::{Desk, LIMIT, add_feeds, until, worker};

pub(crate) async fn unscored(app: &App) -> u64 {
    app.status().await.unwrap().unscored
}

#[tokio::test]
async fn without_a_worker_the_articles_wait() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::with(|options| options.worker = "/nonexistent/worker".into()).await;
    add_feeds(&desk.app, &site).await;
    desk.app.run(JobRequest::crawl_all()).await.unwrap();
    let error = desk.app.run(JobRequest::Score).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ModelMissing, "{error}");
    assert!(error.hint().is_some());
    let status = desk.app.status().await.unwrap();
    assert!(
        matches!(status.worker, WorkerState::Missing { .. }),
        "{:?}",
        status.worker
    );
    assert_eq!(status.unscored, 3);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn without_a_model_everything_else_goes_on() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::with(|options| options.model = "/nonexistent/model".into()).await;
    desk.app.work_in_background();
    add_feeds(&desk.app, &site).await;
    until(&desk.app, "three articles", async || {
        let query = ArticlesQuery {
            limit: 10,
            ..ArticlesQuery::default()
        };
        desk.app.articles(query).await.unwrap().len() == 3
    })
    .await;
    let status = desk.app.status().await.unwrap();
    assert_eq!(status.model, None);
    assert!(
        matches!(status.worker, WorkerState::Missing { .. }),
        "{:?}",
        status.worker
    );
    let rows = desk
        .app
        .articles(ArticlesQuery {
            limit: 10,
            ..ArticlesQuery::default()
        })
        .await
        .unwrap();
    assert_eq!(rows.len(), 3);
    let checks = desk.app.diagnose().await;
    let model = checks
        .iter()
        .find(|check| check.part == "sentiment model")
        .unwrap();
    assert!(!model.ok && model.needed);
    desk.app.shutdown().await;
}

/// One test at a time runs the real worker, so that the one to kill can be told.
pub(crate) static REAL_WORKER: Mutex<()> = Mutex::const_new(());

/// The process of the scoring program `worker` that this process has started.
pub(crate) fn running(worker: &Path) -> Option<Pid> {
    let mut system = System::new();
    system.refresh_processes_specifics(
        ProcessesToUpdate::All,
        true,
        ProcessRefreshKind::nothing().with_exe(UpdateKind::Always),
    );
    let me = Pid::from_u32(std::process::id());
    let name = worker.file_name()?.to_owned();
    let ours = |process: &&Process| {
        process.parent() == Some(me)
            && process.thread_kind().is_none()
            && process.exe().and_then(Path::file_name) == Some(&name)
    };
    system.processes().values().find(ours).map(Process::pid)
}

fn kill(pid: Pid) {
    let mut system = System::new();
    system.refresh_processes(ProcessesToUpdate::Some(&[pid]), true);
    assert!(system.process(pid).unwrap().kill());
}

/// `kill -9` of the worker while it scores: what was stored stays, the rest is scored by the next one.
#[tokio::test]
async fn a_killed_worker_loses_nothing() {
    let Some(worker) = worker() else { return };
    let _alone = REAL_WORKER.lock().await;
    let desk = Desk::with_sample(|options| options.worker = worker.clone()).await;
    let all = unscored(&desk.app).await;
    assert!(all > 30);
    let mut facts = desk.app.bus().listen();
    let job = desk.app.start_here(JobRequest::Score).await.unwrap();
    let first: Vec<ArticleId> = loop {
        match tokio::time::timeout(LIMIT, facts.recv()).await.unwrap().unwrap() {
            Event::ArticlesScored(ids) => break ids,
            _ => continue,
        }
    };
    kill(running(&worker).expect("the worker runs"));
    for id in &first {
        assert!(desk.app.article(*id).await.unwrap().row.score.is_some());
    }
    let outcome = job.outcome().await.unwrap();
    let Outcome::Scored(report) = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!((report.scored, report.left_out), (all, 0));
    assert_eq!(unscored(&desk.app).await, 0);
    let store = desk.store().await;
    let model = desk.app.model().unwrap();
    let rows = desk
        .app
        .articles(ArticlesQuery {
            limit: 100,
            ..ArticlesQuery::default()
        })
        .await
        .unwrap();
    assert_eq!(rows.len() as u64, all);
    for row in rows {
        assert!(row.score.is_some(), "{}", row.title);
        assert!(!store.sentence_scores(row.id, &model).await.unwrap().is_empty());
    }
    store.integrity_check().await.unwrap();
    desk.app.shutdown().await;
    assert_eq!(running(&worker), None);
}

/// The model's own answers as labels: then it is always right, and any other label is a wrong answer.
#[tokio::test]
async fn a_model_is_measured_on_labelled_texts() {
    let Some(worker) = worker() else { return };
    let _alone = REAL_WORKER.lock().await;
    let desk = Desk::with(|options| options.worker = worker).await;
    let texts = [
        "Bitcoin surges to a record high as demand grows",
        "Exchange collapses after hackers steal customer funds",
        "The committee will meet on Tuesday",
    ];
    let measure = async |labels: [&str; 3]| {
        let file = desk.folder.path().join("labelled.csv");
        let rows: Vec<String> = texts
            .iter()
            .zip(labels)
            .map(|(text, label)| format!("{text},{label}\n"))
            .collect();
        std::fs::write(&file, format!("headline,label\n{},\n", rows.concat())).unwrap();
        let request = EvaluationRequest {
            file,
            ..EvaluationRequest::default()
        };
        let job = desk.app.start_here(JobRequest::Evaluate(request)).await.unwrap();
        let told = job.progress.watch();
        let Outcome::Evaluated(found) = job.outcome().await.unwrap() else {
            panic!("an evaluation ends with figures")
        };
        let told = told.borrow();
        assert_eq!(
            (told.done, told.total, told.unit),
            (3, Some(3), Some(Unit::Texts))
        );
        *found
    };
    let right = measure(["positive", "negative", "neutral"]).await;
    let found = &right.evaluation.agreement;
    assert_eq!((found.texts, found.accuracy, found.macro_f1), (3, 1.0, 1.0));
    assert_eq!(right.word_list.accuracy, 1.0);
    assert_eq!((right.refused, right.left_out, right.truncated), (1, 0, 0));
    assert_eq!(right.refusals[0].line, 5);
    let wrong = measure(["negative", "neutral", "positive"]).await;
    assert_eq!(wrong.evaluation.agreement.accuracy, 0.0);
    assert!(wrong.evaluation.calibration.expected_error > right.evaluation.calibration.expected_error);
    // Both are kept, the newest first, and can be forgotten.
    let model = desk.app.model().unwrap();
    assert_eq!(
        (right.model.as_str(), right.sha256.as_str()),
        (model.id.as_str(), model.sha256.as_str())
    );
    assert_eq!(
        desk.app.evaluations().await.unwrap(),
        [wrong.clone(), right.clone()]
    );
    desk.app.delete_evaluation(wrong.id).await.unwrap();
    assert_eq!(desk.app.evaluations().await.unwrap(), [right]);
    let gone = desk.app.delete_evaluation(wrong.id).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn prices_after_strong_news_are_looked_at() {
    let Some(worker) = worker() else { return };
    let _alone = REAL_WORKER.lock().await;
    let desk = Desk::with_sample(|options| options.worker = worker).await;
    let symbol = "BTCUSDT".parse().unwrap();
    let series = desk
        .app
        .find_series(&symbol, Interval::Hour1, None)
        .await
        .unwrap()
        .id;
    let study = |strong: f64, lengths: &[usize]| {
        desk.app.mood_study(MoodStudyRequest {
            series,
            span: Span::ALL,
            strong,
            lengths: lengths.to_vec(),
        })
    };
    let nothing = study(0.5, &[1]).await.unwrap();
    assert_eq!((nothing.articles, nothing.study.positive[0].events), (0, 0));
    desk.app.run(JobRequest::Score).await.unwrap();
    let found = study(0.3, &[1, 24]).await.unwrap();
    assert!(found.articles > 5 && found.bars > 100 && found.asset.as_str() == "BTC");
    let events = |responses: &[Response]| responses.iter().map(|one| one.events).sum::<usize>();
    let strong = events(&found.study.positive) + events(&found.study.negative);
    assert!(strong > 0, "{found:?}");
    // What is stronger is rarer.
    let stronger = study(0.9, &[1, 24]).await.unwrap().study;
    assert!(events(&stronger.positive) + events(&stronger.negative) <= strong);
    for wrong in [study(0.0, &[1]), study(0.5, &[]), study(0.5, &[1, 0])] {
        assert_eq!(wrong.await.unwrap_err().kind(), ErrorKind::Invalid);
    }
    desk.app.shutdown().await;
}

/// The text of an article about two assets, which praises the one and damns the other.
fn of_two_assets() -> NewArticle {
    NewArticle {
        guid: "two".to_owned(),
        url: "https://two.example/1".to_owned(),
        title: "What moved crypto markets on Monday".to_owned(),
        summary: String::new(),
        content: ArticleContent {
            status: ContentStatus::Full,
            text: "Bitcoin surged to a record high as demand from funds grew strongly. Ethereum collapsed after hackers stole \
                   millions in a devastating exploit. Analysts expect Bitcoin to gain further."
                .to_owned(),
            author: None,
            language: Some("en".to_owned()),
        },
        published: None,
        first_seen: "2024-06-01".parse().unwrap(),
        backfill_delay_ms: None,
        assets: ["BTC", "ETH"].map(tag).to_vec(),
    }
}

fn tag(asset: &str) -> AssetTag {
    AssetTag {
        asset: asset.parse().unwrap(),
        relevance: 0.5,
        rule: "name".to_owned(),
    }
}

/// Each asset has the sentences about it, and what reads the sentiment of an asset has that.
#[tokio::test]
async fn praise_and_blame_go_to_their_assets() {
    let Some(worker) = worker() else { return };
    let _alone = REAL_WORKER.lock().await;
    let desk = Desk::with_sample(|options| options.worker = worker).await;
    let store = desk.store().await;
    let source = store.sources().await.unwrap()[0].id;
    let id = store.put_feed_items(source, vec![of_two_assets()]).await.unwrap()[0];
    desk.app.run(JobRequest::Score).await.unwrap();
    let view = desk.app.article(id).await.unwrap();
    let [btc, eth] = &view.asset_scores[..] else {
        panic!("{:?}", view.asset_scores)
    };
    assert_eq!((btc.asset.as_str(), eth.asset.as_str()), ("BTC", "ETH"));
    assert_eq!((&btc.sentences[..], &eth.sentences[..]), (&[1, 3][..], &[2][..]));
    let (good, bad, whole) = (
        btc.sentiment.score(),
        eth.sentiment.score(),
        view.row.score.unwrap().score(),
    );
    println!("scoring: of BTC {good:+.2}, of ETH {bad:+.2}, of the whole {whole:+.2}");
    assert!(
        good > 0.3 && bad < -0.3 && bad < whole && whole < good,
        "{good} {bad} {whole}"
    );
    let model = desk.app.model().unwrap();
    for (asset, score) in [("BTC", good), ("ETH", bad)] {
        let points = store
            .sentiment_points(&asset.parse().unwrap(), &model, Span::ALL)
            .await
            .unwrap();
        assert!(
            points.iter().any(|point| (point.score - score).abs() < 1e-12),
            "{asset}"
        );
    }
    // The marker on the chart of the asset says the same.
    let symbol = "BTCUSDT".parse().unwrap();
    let series = desk
        .app
        .find_series(&symbol, Interval::Hour1, None)
        .await
        .unwrap()
        .id;
    let from = "2024-05-31".parse().unwrap();
    let to = "2024-06-02".parse().unwrap();
    let markers = desk.app.news_markers(series, from, to).await.unwrap();
    let marker = markers.iter().find(|marker| marker.id == id).unwrap();
    assert_eq!(marker.score, Some(good));
    desk.app.shutdown().await;
}

/// What an earlier version scored gets its shares from the sentences, also where no scoring program is there.
#[tokio::test]
async fn scores_of_an_earlier_version_get_their_shares() {
    let desk = Desk::with_sample(|options| options.worker = "/nonexistent/worker".into()).await;
    let store = desk.store().await;
    let source = store.sources().await.unwrap()[0].id;
    let id = store.put_feed_items(source, vec![of_two_assets()]).await.unwrap()[0];
    let model = desk.app.model().unwrap();
    let sentence = |position: u32, text: &str, positive: f64| SentenceScore {
        position,
        text: text.to_owned(),
        sentiment: Sentiment::new(positive, 1.0 - positive, 0.0).unwrap(),
        truncated: false,
    };
    let scores = ArticleScores {
        whole: Sentiment::new(0.5, 0.5, 0.0).unwrap(),
        sentences: vec![
            sentence(0, "What moved crypto markets on Monday", 0.5),
            sentence(1, "Bitcoin surged to a record high.", 1.0),
            sentence(2, "Ethereum collapsed.", 0.0),
        ],
        assets: Vec::new(),
    };
    store
        .put_scores(id, &model, scores, Timestamp::EPOCH)
        .await
        .unwrap();
    assert_eq!(desk.app.article(id).await.unwrap().asset_scores, []);
    desk.app.run(JobRequest::Score).await.unwrap_err();
    let shares = desk.app.article(id).await.unwrap().asset_scores;
    let found: Vec<(&str, f64)> = shares
        .iter()
        .map(|share| (share.asset.as_str(), share.sentiment.score()))
        .collect();
    assert_eq!(found, [("BTC", 1.0), ("ETH", -1.0)]);
    desk.app.shutdown().await;
}

/// From the feed to the score without anybody asking: what the desktop program does.
#[tokio::test]
async fn new_articles_are_scored_by_themselves() {
    let Some(worker) = worker() else { return };
    let _alone = REAL_WORKER.lock().await;
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::with(|options| options.worker = worker).await;
    add_feeds(&desk.app, &site).await;
    desk.app.work_in_background();
    until(&desk.app, "three scored articles", async || {
        let rows = desk
            .app
            .articles(ArticlesQuery {
                limit: 10,
                ..ArticlesQuery::default()
            })
            .await
            .unwrap();
        rows.len() == 3 && rows.iter().all(|row| row.score.is_some())
    })
    .await;
    desk.app.shutdown().await;
}
