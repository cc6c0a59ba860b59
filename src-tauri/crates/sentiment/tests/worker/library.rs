//! The library of the fast engine, missing or damaged in every way: a state with the reason, and soon. Linux only, because a script
//! tells the program which library to take.
#![cfg(target_os = "linux")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use promptpal_sentiment::{Engine, Scorer, ScoringError, WorkerConfig, WorkerState};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::real::{copied_model, real, score, worker_of};

/// No fault may take longer to be told, three starts and the pauses between them counted.
const SOON: Duration = Duration::from_secs(60);

/// The library that the program loads when nobody tells it.
async fn library(config: &WorkerConfig) -> PathBuf {
    let model = copied_model();
    let scorer = Scorer::new(WorkerConfig {
        model_dir: model.path().to_owned(),
        ..config.clone()
    });
    score(&scorer, &["up".to_owned()]).await;
    let pid = worker_of(model.path()).expect("the worker runs");
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap();
    let line = maps.lines().find(|line| line.contains("onnxruntime."));
    let at = line
        .and_then(|line| line.find('/'))
        .expect("the library is loaded");
    PathBuf::from(&line.unwrap()[at..])
}

/// The same program with another library.
fn with_library(config: &WorkerConfig, folder: &Path, library: &Path) -> WorkerConfig {
    let script = folder.join("worker.sh");
    let text = format!(
        "#!/bin/sh\nPROMPTPAL_ONNXRUNTIME='{}' exec '{}' \"$@\"\n",
        library.display(),
        config.program.display()
    );
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    WorkerConfig {
        program: script,
        ..config.clone()
    }
}

#[tokio::test]
async fn without_a_whole_library_the_reason_is_told_soon() {
    let Some(config) = real(Engine::Fast) else { return };
    let whole = std::fs::read(library(&config).await).unwrap();
    let half = &whole[..whole.len() / 2];
    let sum: String = Sha256::digest(&whole)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let check = async |contents: Option<&[u8]>, sum: Option<&str>, expected: &str| {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("libonnxruntime.so");
        if let Some(contents) = contents {
            std::fs::write(&library, contents).unwrap();
        }
        if let Some(sum) = sum {
            std::fs::write(folder.path().join("libonnxruntime.so.sha256"), sum).unwrap();
        }
        let scorer = Scorer::new(with_library(&config, folder.path(), &library));
        let asked = CancellationToken::new();
        let scored = scorer.score(vec!["up".to_owned()], &asked);
        let error = tokio::time::timeout(SOON, scored)
            .await
            .expect("it is told soon")
            .unwrap_err();
        assert!(
            error.to_string().contains(expected),
            "'{error}' should say '{expected}'"
        );
        let state = scorer.state().borrow().clone();
        (error, state)
    };
    let (error, state) = check(None, None, "libonnxruntime.so").await;
    assert!(matches!(error, ScoringError::Missing { .. }) && matches!(state, WorkerState::Missing { .. }));
    for (contents, sum, expected) in [
        (half, Some(sum.as_str()), "is damaged"),
        // Without a checksum beside it, loading ends the process.
        (half, None, "it ended with signal"),
        (
            b"garbage".as_slice(),
            None,
            "loading the library of the fast engine",
        ),
        (b"garbage".as_slice(), Some(sum.as_str()), "is damaged"),
        (b"".as_slice(), None, "loading the library of the fast engine"),
    ] {
        let (error, state) = check(Some(contents), sum, expected).await;
        assert!(
            matches!(error, ScoringError::WorkerFailed { .. }) && matches!(state, WorkerState::Failed { .. }),
            "{error} {state:?}"
        );
    }
    // A library of somebody's own needs no checksum.
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("own.so");
    std::fs::write(&library, &whole).unwrap();
    let scorer = Scorer::new(with_library(&config, folder.path(), &library));
    assert_eq!(score(&scorer, &["up".to_owned()]).await.len(), 1);
}
