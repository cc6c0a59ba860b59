//! Models from a hub on loopback and from folders, in the layout that ProsusAI/finbert has.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

#[path = "models/download.rs"]
mod download;
#[path = "models/folders.rs"]
mod folders;

use std::path::{Path, PathBuf};

use promptpal_sentiment::ModelFacts;

/// The files of a small FinBERT with random weights.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/finbert")
        .join(name)
}

/// The names on the hub, and the files that stand for them.
const FILES: [(&str, &str); 5] = [
    ("config.json", "config.json"),
    ("vocab.txt", "vocab.txt"),
    ("tokenizer_config.json", "tokenizer_config.json"),
    ("special_tokens_map.json", "special_tokens_map.json"),
    ("pytorch_model.bin", "pytorch_model.legacy.bin"),
];

/// A folder with the files as the hub has them.
fn raw_folder() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, file) in FILES {
        std::fs::copy(fixture(file), dir.path().join(name)).unwrap();
    }
    std::fs::write(
        dir.path().join("README.md"),
        "---\nlicense: apache-2.0\n---\n# FinBERT\n",
    )
    .unwrap();
    dir
}

fn facts(id: &str) -> ModelFacts {
    ModelFacts {
        id: id.to_owned(),
        title: "FinBERT".to_owned(),
        licence: "Apache-2.0".to_owned(),
        language: "en".to_owned(),
    }
}
