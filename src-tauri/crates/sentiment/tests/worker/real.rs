//! The client against the real workers of both engines and the default model. `PROMPTPAL_SENTIMENT_WORKER` and
//! `PROMPTPAL_SENTIMENT_FAST_WORKER` name the programs; `cargo xtask test` builds and sets them. Without one its tests say so and
//! check nothing.

use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use promptpal_sentiment::{
    Engine, ModelManifest, Scorer, ScoringError, TextScore, WorkerConfig, WorkerState,
};
use serde::Deserialize;
use tokio_util::sync::CancellationToken;

/// Logits of another batch, order or program may differ by this much.
const TOLERANCE: f32 = 1e-4;

/// Made by `training/golden.py`.
#[derive(Deserialize)]
pub(crate) struct Golden {
    model_sha256: String,
    /// Text, its word pieces before truncation, its logits.
    pub(crate) rows: Vec<(String, usize, [f32; 3])>,
}

pub(crate) fn golden() -> Golden {
    serde_json::from_str(include_str!("../fixtures/golden_logits.json")).unwrap()
}

pub(crate) fn model_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models/minilm-finance")
}

/// How to run the real worker of an engine, if there is one.
pub(crate) fn real(engine: Engine) -> Option<WorkerConfig> {
    let name = match engine {
        Engine::Exact => "PROMPTPAL_SENTIMENT_WORKER",
        Engine::Fast => "PROMPTPAL_SENTIMENT_FAST_WORKER",
    };
    let Some(program) = std::env::var_os(name) else {
        println!("{engine} worker: {name} is not set, not run");
        return None;
    };
    Some(WorkerConfig {
        engine,
        threads: NonZeroU16::MIN,
        start_timeout: Duration::from_secs(120),
        request_timeout: Duration::from_secs(120),
        nice: 0,
        ..WorkerConfig::new(program.into(), model_dir())
    })
}

/// The same tests for both engines.
macro_rules! for_each_engine {
    ($($(#[$about:meta])* $name:ident),* $(,)?) => {
        mod exact {
            $($(#[$about])* #[tokio::test] async fn $name() {
                if let Some(config) = super::real(super::Engine::Exact) { super::$name(config).await }
            })*
        }
        mod fast {
            $($(#[$about])* #[tokio::test] async fn $name() {
                if let Some(config) = super::real(super::Engine::Fast) { super::$name(config).await }
            })*
        }
    };
}

for_each_engine! {
    #[cfg(target_os = "linux")]
    killed_in_the_middle_it_resumes,
    #[cfg(target_os = "linux")]
    without_input_it_ends,
    a_damaged_model_is_refused,
    cancelled_it_is_ready_for_others,
    idle_it_is_stopped,
}

pub(crate) async fn score(scorer: &Scorer, texts: &[String]) -> Vec<TextScore> {
    scorer
        .score(texts.to_vec(), &CancellationToken::new())
        .await
        .unwrap()
}

fn largest_difference(a: &[TextScore], b: &[[f32; 3]]) -> f32 {
    assert_eq!(a.len(), b.len());
    let pairs = a.iter().zip(b).flat_map(|(a, b)| a.logits.iter().zip(b));
    pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// A copy of the default model that a test may damage.
pub(crate) fn copied_model() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let manifest = ModelManifest::read(&model_dir()).unwrap();
    for name in manifest
        .files
        .iter()
        .map(|file| file.path.as_str())
        .chain(["manifest.json"])
    {
        std::fs::copy(model_dir().join(name), dir.path().join(name)).unwrap();
    }
    dir
}

/// The processes that have `program` as their executable and were started by this test.
#[cfg(target_os = "linux")]
pub(crate) fn worker_of(scorer_dir: &Path) -> Option<u32> {
    std::fs::read_dir("/proc").unwrap().flatten().find_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let command = std::fs::read(entry.path().join("cmdline")).ok()?;
        let words: Vec<&[u8]> = command.split(|b| *b == 0).collect();
        let ours = words
            .windows(2)
            .any(|w| w == [b"--model".as_slice(), scorer_dir.as_os_str().as_encoded_bytes()]);
        ours.then_some(pid)
    })
}

#[tokio::test]
async fn logits_are_those_of_python() {
    let Some(config) = real(Engine::Exact) else {
        return;
    };
    let golden = golden();
    let scorer = Scorer::new(config);
    let model = scorer.model().unwrap();
    assert_eq!(
        (model.id.as_str(), model.sha256.as_str()),
        ("minilm-finance", golden.model_sha256.as_str())
    );
    let texts: Vec<String> = golden.rows.iter().map(|row| row.0.clone()).collect();
    let expected: Vec<[f32; 3]> = golden.rows.iter().map(|row| row.2).collect();
    let found = score(&scorer, &texts).await;
    let difference = largest_difference(&found, &expected);
    println!(
        "real worker: {} texts, largest difference to Python {difference:e}",
        texts.len()
    );
    assert!(difference <= TOLERANCE, "{difference}");
    for (row, score) in golden.rows.iter().zip(&found) {
        assert_eq!(score.truncated, row.1 > 256, "{}", row.0);
        let sum = score.sentiment.positive() + score.sentiment.negative() + score.sentiment.neutral();
        assert!((sum - 1.0).abs() < 1e-9);
    }
}

/// Killed in the middle of its work, the worker is started again and no text is lost.
#[cfg(target_os = "linux")]
async fn killed_in_the_middle_it_resumes(config: WorkerConfig) {
    let model = copied_model();
    let scorer = Scorer::new(WorkerConfig {
        model_dir: model.path().to_owned(),
        ..config
    });
    let texts: Vec<String> = (0..256).map(|n| golden().rows[n % 40].0.clone()).collect();
    let before = score(&scorer, &texts).await;
    scorer.stop().await;
    let work = tokio::spawn({
        let (scorer, texts) = (scorer.clone(), texts.clone());
        async move { scorer.score(texts, &CancellationToken::new()).await }
    });
    let mut state = scorer.state();
    state
        .wait_for(|state| matches!(state, WorkerState::Scoring { done, .. } if *done > 0))
        .await
        .unwrap();
    let pid = worker_of(model.path()).expect("the worker runs").to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-9", &pid])
            .status()
            .unwrap()
            .success()
    );
    let scores = work.await.unwrap().unwrap();
    let expected: Vec<[f32; 3]> = before.iter().map(|score| score.logits).collect();
    assert!(largest_difference(&scores, &expected) <= TOLERANCE);
    assert_ne!(worker_of(model.path()).map(|now| now.to_string()), Some(pid));
    assert_eq!(*scorer.state().borrow(), WorkerState::Ready);
}

/// A process whose owner died without a word ends by itself: its input closes with the owner.
#[cfg(target_os = "linux")]
async fn without_input_it_ends(config: WorkerConfig) {
    let mut child = std::process::Command::new(&config.program)
        .arg("--model")
        .arg(&config.model_dir)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let ended = tokio::task::spawn_blocking(move || child.wait());
    let status = tokio::time::timeout(Duration::from_secs(120), ended)
        .await
        .unwrap()
        .unwrap()
        .unwrap();
    assert!(status.success(), "{status}");
}

async fn a_damaged_model_is_refused(config: WorkerConfig) {
    let check = async |damage: &dyn Fn(&Path), expected: &str| {
        let model = copied_model();
        damage(model.path());
        let scorer = Scorer::new(WorkerConfig {
            model_dir: model.path().to_owned(),
            ..config.clone()
        });
        let error = scorer
            .score(vec!["a".to_owned()], &CancellationToken::new())
            .await
            .unwrap_err();
        assert!(
            error.to_string().contains(expected),
            "'{error}' should say '{expected}'"
        );
        let state = scorer.state().borrow().clone();
        assert!(
            matches!(state, WorkerState::Failed { .. } | WorkerState::Missing { .. }),
            "{state:?}"
        );
        error
    };
    let engine = config.engine;
    let manifest = ModelManifest::read(&model_dir()).unwrap();
    let weights = manifest.weights_for(engine).unwrap();
    let half = |dir: &Path| {
        let bytes = std::fs::read(dir.join(weights)).unwrap();
        std::fs::write(dir.join(weights), &bytes[..bytes.len() / 2]).unwrap();
    };
    let error = check(&half, "bytes and should have").await;
    assert!(matches!(error, ScoringError::ModelRefused { .. }));
    let corrupt = |dir: &Path| {
        let mut bytes = std::fs::read(dir.join(weights)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(dir.join(weights), bytes).unwrap();
    };
    check(&corrupt, "is not the file that the manifest names").await;
    check(
        &|dir| std::fs::remove_file(dir.join("vocab.txt")).unwrap(),
        "vocab.txt is missing",
    )
    .await;
    // A consistent folder of a model that this program cannot run.
    let rewritten = |dir: &Path, change: &dyn Fn(&str) -> String| {
        let text = std::fs::read_to_string(dir.join("config.json")).unwrap();
        restate(dir, "config.json", change(&text).as_bytes());
    };
    check(
        &|dir| rewritten(dir, &|text| text.replace("\"neutral\"", "\"other\"")),
        "no label 'neutral'",
    )
    .await;
    match engine {
        Engine::Exact => {
            check(
                &|dir| {
                    rewritten(dir, &|text| {
                        text.replace("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 7")
                    })
                },
                "is not among the weights",
            )
            .await;
            check(
                &|dir| {
                    rewritten(dir, &|text| {
                        text.replace("\"hidden_size\": 384", "\"hidden_size\": 768")
                    })
                },
                "config.json asks for",
            )
            .await;
            check(&|dir| restate(dir, weights, b"no weights at all"), "safetensors").await;
        }
        Engine::Fast => {
            check(
                &|dir| restate(dir, weights, b"no weights at all"),
                "cannot be run",
            )
            .await;
            let other = |dir: &Path| {
                let file = dir.join("manifest.json");
                let text = std::fs::read_to_string(&file).unwrap();
                let exact = manifest.model_ref().sha256;
                std::fs::write(&file, text.replace(&exact, &"0".repeat(64))).unwrap();
            };
            check(&other, "was made of other weights").await;
            let without = |dir: &Path| {
                let mut manifest = manifest.clone();
                manifest.fast_weights = None;
                std::fs::write(
                    dir.join("manifest.json"),
                    serde_json::to_string(&manifest).unwrap(),
                )
                .unwrap();
            };
            check(&without, "has no weights for the fast engine").await;
        }
    }
}

/// Replaces a file of a model and makes the manifest agree.
fn restate(dir: &Path, name: &str, contents: &[u8]) {
    use sha2::{Digest, Sha256};
    std::fs::write(dir.join(name), contents).unwrap();
    let mut manifest = ModelManifest::read(dir).unwrap();
    let file = manifest.files.iter_mut().find(|file| file.path == name).unwrap();
    file.bytes = contents.len() as u64;
    file.sha256 = Sha256::digest(contents)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    std::fs::write(
        dir.join("manifest.json"),
        serde_json::to_string(&manifest).unwrap(),
    )
    .unwrap();
}

async fn cancelled_it_is_ready_for_others(config: WorkerConfig) {
    let scorer = Scorer::new(config);
    let cancel = CancellationToken::new();
    let work = tokio::spawn({
        let (scorer, cancel) = (scorer.clone(), cancel.clone());
        let texts =
            vec!["The exchange said that it would compensate every customer in full. ".repeat(12); 200];
        async move { scorer.score(texts, &cancel).await }
    });
    scorer
        .state()
        .wait_for(|state| matches!(state, WorkerState::Scoring { .. }))
        .await
        .unwrap();
    let asked = Instant::now();
    cancel.cancel();
    assert!(matches!(work.await.unwrap(), Err(ScoringError::Cancelled)));
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());
    assert_eq!(score(&scorer, &["up".to_owned()]).await.len(), 1);
}

async fn idle_it_is_stopped(config: WorkerConfig) {
    let scorer = Scorer::new(WorkerConfig {
        idle_stop: Duration::from_millis(50),
        nice: 10,
        ..config
    });
    for _ in 0..2 {
        assert_eq!(score(&scorer, &["Bitcoin rises".to_owned()]).await.len(), 1);
        scorer
            .state()
            .wait_for(|state| *state == WorkerState::Stopped)
            .await
            .unwrap();
    }
}
