//! Every way in which a worker can fail, by a program that fails on purpose.

use std::num::NonZeroU16;
use std::path::Path;
use std::time::Duration;

use promptpal_sentiment::{Scorer, ScoringError, WorkerConfig, WorkerState};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// A model folder that the faulty worker accepts.
fn model_dir(fault: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (name, contents) in [
        ("config.json", "{}"),
        ("vocab.txt", "a\n"),
        ("w.safetensors", "w"),
    ] {
        std::fs::write(dir.path().join(name), contents).unwrap();
        let sha256: String = Sha256::digest(contents)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        files.push(serde_json::json!({"path": name, "bytes": contents.len(), "sha256": sha256}));
    }
    let manifest = serde_json::json!({
        "schema": 1, "id": "faulty", "title": "Faulty", "licence": "Apache-2.0", "language": "en",
        "weights": "w.safetensors", "max_pieces": 256, "files": files,
    });
    std::fs::write(dir.path().join("manifest.json"), manifest.to_string()).unwrap();
    if !fault.is_empty() {
        std::fs::write(dir.path().join("fault"), fault).unwrap();
    }
    dir
}

fn config(dir: &Path) -> WorkerConfig {
    WorkerConfig {
        threads: NonZeroU16::MIN,
        idle_stop: Duration::from_secs(300),
        start_timeout: Duration::from_secs(60),
        request_timeout: Duration::from_secs(60),
        nice: 0,
        ..WorkerConfig::new(
            env!("CARGO_BIN_EXE_promptpal-faulty-worker").into(),
            dir.to_owned(),
        )
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

fn log(dir: &TempDir) -> String {
    std::fs::read_to_string(dir.path().join("log")).unwrap_or_default()
}

fn starts(dir: &TempDir) -> usize {
    log(dir).lines().filter(|line| line.starts_with("start")).count()
}

#[tokio::test]
async fn scores_come_back_in_the_order_of_their_texts() {
    let dir = model_dir("");
    let scorer = Scorer::new(config(dir.path()));
    assert_eq!(*scorer.state().borrow(), WorkerState::Stopped);
    let asked: Vec<String> = (0..300).map(|n| "x".repeat((n * 37) % 211 + 1)).collect();
    let scores = scorer
        .score(asked.clone(), &CancellationToken::new())
        .await
        .unwrap();
    let lengths: Vec<usize> = scores.iter().map(|score| score.logits[0] as usize).collect();
    assert_eq!(lengths, asked.iter().map(String::len).collect::<Vec<_>>());
    assert_eq!(*scorer.state().borrow(), WorkerState::Ready);
    assert!(
        scorer
            .score(Vec::new(), &CancellationToken::new())
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(starts(&dir), 1);
    scorer.stop().await;
    assert_eq!(*scorer.state().borrow(), WorkerState::Stopped);
    assert!(log(&dir).ends_with("end\n"), "it was asked to end, not killed");
}

/// Switched to another folder while it scores, no call returns scores of both.
#[tokio::test]
async fn a_switch_of_the_model_never_mixes_scores() {
    let (first, second) = (model_dir(""), model_dir(""));
    let scorer = Scorer::new(config(first.path()));
    let cancel = CancellationToken::new();
    let under_way = tokio::spawn({
        let (scorer, cancel) = (scorer.clone(), cancel.clone());
        async move { scorer.score(texts(&["HANG"]), &cancel).await }
    });
    let mut state = scorer.state();
    state
        .wait_for(|state| matches!(state, WorkerState::Scoring { .. }))
        .await
        .unwrap();
    scorer
        .reconfigure(|config| config.model_dir = second.path().to_owned())
        .await;
    assert!(matches!(under_way.await.unwrap(), Err(ScoringError::Stopped)));
    assert_eq!(scorer.config().model_dir, second.path());
    scorer.score(texts(&["fine"]), &cancel).await.unwrap();
    assert_eq!((starts(&first), starts(&second)), (1, 1));
    scorer.stop().await;
}

#[tokio::test]
async fn the_state_shows_the_progress() {
    let dir = model_dir("");
    let scorer = Scorer::new(config(dir.path()));
    let mut state = scorer.state();
    let watcher = tokio::spawn(async move {
        let mut seen = Vec::new();
        while state.changed().await.is_ok() {
            seen.push(state.borrow_and_update().clone());
        }
        seen
    });
    scorer
        .score(vec!["text".to_owned(); 200], &CancellationToken::new())
        .await
        .unwrap();
    scorer.stop().await;
    drop(scorer);
    let seen = watcher.await.unwrap();
    assert_eq!(seen.first(), Some(&WorkerState::Starting));
    assert!(
        seen.iter()
            .any(|s| matches!(s, WorkerState::Scoring { total: 200, .. })),
        "{seen:?}"
    );
    assert_eq!(seen.last(), Some(&WorkerState::Stopped));
}

#[tokio::test]
async fn a_start_that_fails_is_an_error_and_a_state() {
    let check = async |fault: &str, expected: &str, tried: usize| {
        let dir = model_dir(fault);
        let scorer = Scorer::new(config(dir.path()));
        let error = scorer
            .score(texts(&["a"]), &CancellationToken::new())
            .await
            .unwrap_err();
        assert!(error.to_string().contains(expected), "{fault}: {error}");
        assert_eq!(starts(&dir), tried, "{fault}");
        (error, scorer.state().borrow().clone())
    };
    let (error, state) = check("refuse", "half a model", 1).await;
    assert!(
        matches!(error, ScoringError::ModelRefused { .. }) && matches!(state, WorkerState::Failed { .. })
    );
    let (error, state) = check("library", "libtorch_cpu.so", 1).await;
    assert!(matches!(error, ScoringError::Missing { .. }) && matches!(state, WorkerState::Missing { .. }));
    let (error, state) = check("no-runtime", "libonnxruntime.so is missing", 1).await;
    assert!(matches!(error, ScoringError::Missing { .. }) && matches!(state, WorkerState::Missing { .. }));
    let (error, state) = check("other-weights", "other weights", 1).await;
    assert!(
        matches!(error, ScoringError::ModelRefused { .. }) && matches!(state, WorkerState::Failed { .. })
    );
    let (error, _) = check("crash", "no reason given", 3).await;
    assert!(matches!(error, ScoringError::WorkerFailed { .. }));
    check("garbage", "Hello from somebody else", 3).await;
    check("old", "speaks protocol 0", 3).await;
}

#[tokio::test]
async fn what_is_missing_is_told_at_once() {
    let dir = model_dir("");
    let config = config(dir.path());
    let without_program = WorkerConfig {
        program: dir.path().join("nothing"),
        ..config.clone()
    };
    let without_model = WorkerConfig {
        model_dir: dir.path().join("nowhere"),
        ..config
    };
    for config in [without_program, without_model] {
        let scorer = Scorer::new(config);
        let error = scorer
            .score(texts(&["a"]), &CancellationToken::new())
            .await
            .unwrap_err();
        assert!(matches!(error, ScoringError::Missing { .. }), "{error}");
        assert!(matches!(*scorer.state().borrow(), WorkerState::Missing { .. }));
    }
    assert_eq!(
        Scorer::new(self::config(dir.path())).model().unwrap().id,
        "faulty"
    );
    assert_eq!(starts(&dir), 0);
}

#[tokio::test]
async fn a_slow_start_is_given_up() {
    let dir = model_dir("hang");
    let scorer = Scorer::new(WorkerConfig {
        start_timeout: Duration::from_millis(150),
        ..config(dir.path())
    });
    let error = scorer
        .score(texts(&["a"]), &CancellationToken::new())
        .await
        .unwrap_err();
    assert!(matches!(error, ScoringError::TimedOut { .. }), "{error}");
}

#[tokio::test]
async fn one_that_is_hardly_given_the_processor_is_waited_for() {
    let dir = model_dir("");
    let scorer = Scorer::new(WorkerConfig {
        request_timeout: Duration::from_secs(1),
        ..config(dir.path())
    });
    let scores = scorer
        .score(texts(&["HUNGRY"]), &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(scores[0].logits[0], 6.0);
    assert_eq!(starts(&dir), 1, "it was not killed for being slow");
}

#[tokio::test]
async fn a_crash_loses_nothing() {
    let dir = model_dir("");
    std::fs::write(dir.path().join("crash-once"), "").unwrap();
    let scorer = Scorer::new(config(dir.path()));
    let scores = scorer
        .score(vec!["four".to_owned(); 70], &CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(scores.len(), 70);
    assert!(scores.iter().all(|score| score.logits[0] == 4.0));
    assert_eq!(starts(&dir), 2);
}

#[tokio::test]
async fn a_text_that_brings_it_down_twice_is_left_out() {
    let check = async |poison: &str, request_timeout: Duration| {
        let dir = model_dir("");
        let scorer = Scorer::new(WorkerConfig {
            request_timeout,
            ..config(dir.path())
        });
        let asked = texts(&["one", "three", poison, "seven77"]);
        let error = scorer
            .score(asked.clone(), &CancellationToken::new())
            .await
            .unwrap_err();
        let ScoringError::Quarantined {
            texts: left_out,
            scored,
        } = error
        else {
            panic!("{poison}: {error}")
        };
        assert_eq!((left_out[0].index, left_out[0].excerpt.as_str()), (2, poison));
        let lengths: Vec<Option<f32>> = scored.iter().map(|score| score.map(|s| s.logits[0])).collect();
        assert_eq!(lengths, [Some(3.0), Some(5.0), None, Some(7.0)], "{poison}");
        let before = log(&dir).lines().count();
        assert!(
            scorer
                .score(texts(&[poison]), &CancellationToken::new())
                .await
                .is_err()
        );
        assert_eq!(log(&dir).lines().count(), before, "{poison} was sent again");
    };
    let patient = Duration::from_secs(60);
    check("CRASH", patient).await;
    check("GARBAGE", patient).await;
    check("INTERNAL", patient).await;
    check("SHORT", patient).await;
    check("NONSENSE", patient).await;
    check("HANG", Duration::from_secs(2)).await;
}

#[tokio::test]
async fn a_worker_that_survives_nothing_is_not_blamed_on_the_texts() {
    let dir = model_dir("");
    let scorer = Scorer::new(config(dir.path()));
    let error = scorer
        .score(
            texts(&["CRASH 1", "CRASH 2", "CRASH 3", "CRASH 4"]),
            &CancellationToken::new(),
        )
        .await
        .unwrap_err();
    assert!(matches!(error, ScoringError::WorkerFailed { .. }), "{error}");
    assert!(starts(&dir) <= 7, "{}", log(&dir));
}

#[tokio::test]
async fn cancelling_and_stopping_end_a_wait() {
    let dir = model_dir("");
    let scorer = Scorer::new(config(dir.path()));
    let cancel = CancellationToken::new();
    let waiting = tokio::spawn({
        let (scorer, cancel) = (scorer.clone(), cancel.clone());
        async move { scorer.score(texts(&["HANG"]), &cancel).await }
    });
    scorer
        .state()
        .wait_for(|state| matches!(state, WorkerState::Scoring { .. }))
        .await
        .unwrap();
    cancel.cancel();
    assert!(matches!(waiting.await.unwrap(), Err(ScoringError::Cancelled)));
    assert!(matches!(
        scorer.score(texts(&["a"]), &cancel).await,
        Err(ScoringError::Cancelled)
    ));

    let waiting = tokio::spawn({
        let scorer = scorer.clone();
        async move { scorer.score(texts(&["HANG"]), &CancellationToken::new()).await }
    });
    scorer
        .state()
        .wait_for(|state| matches!(state, WorkerState::Scoring { .. }))
        .await
        .unwrap();
    scorer.stop().await;
    assert!(matches!(waiting.await.unwrap(), Err(ScoringError::Stopped)));
    assert_eq!(
        scorer
            .score(texts(&["a"]), &CancellationToken::new())
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn callers_take_turns() {
    let dir = model_dir("");
    let scorer = Scorer::new(config(dir.path()));
    let long = tokio::spawn({
        let scorer = scorer.clone();
        async move {
            scorer
                .score(vec!["long".to_owned(); 6400], &CancellationToken::new())
                .await
        }
    });
    scorer
        .state()
        .wait_for(|state| matches!(state, WorkerState::Scoring { .. }))
        .await
        .unwrap();
    scorer
        .score(texts(&["short"]), &CancellationToken::new())
        .await
        .unwrap();
    assert!(!long.is_finished(), "one text has waited for 6,400");
    assert_eq!(long.await.unwrap().unwrap().len(), 6400);
}

#[tokio::test]
async fn idle_it_is_stopped_and_starts_again() {
    let dir = model_dir("");
    let scorer = Scorer::new(WorkerConfig {
        idle_stop: Duration::from_millis(50),
        ..config(dir.path())
    });
    for round in 1..=2 {
        scorer
            .score(texts(&["a"]), &CancellationToken::new())
            .await
            .unwrap();
        scorer
            .state()
            .wait_for(|state| *state == WorkerState::Stopped)
            .await
            .unwrap();
        assert_eq!(starts(&dir), round);
    }
}

/// The worker's process ends when the last clone is dropped, whatever it is doing.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn no_process_is_left_behind() {
    let dir = model_dir("");
    let scorer = Scorer::new(config(dir.path()));
    scorer
        .score(texts(&["a"]), &CancellationToken::new())
        .await
        .unwrap();
    let pid = log(&dir)
        .lines()
        .find_map(|line| line.strip_prefix("start ").map(str::to_owned))
        .unwrap();
    let process = Path::new("/proc").join(pid);
    assert!(process.exists());
    drop(scorer);
    let gone = async {
        while std::fs::read_to_string(process.join("stat")).is_ok_and(|stat| !stat.contains(") Z ")) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone)
        .await
        .expect("the worker is still there");
}
