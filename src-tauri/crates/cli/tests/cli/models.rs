//! models: listed, downloaded from a hub on loopback, taken from a folder, chosen, removed.

use std::path::{Path, PathBuf};

use promptpal_testkit::model_hub::{Fault, ModelHub};
use serde_json::Value;

use crate::program::Home;

/// A small FinBERT with random weights, in the layout of the hub.
fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../sentiment/tests/fixtures/finbert")
        .join(name)
}

const FILES: [(&str, &str); 4] = [
    ("config.json", "config.json"),
    ("vocab.txt", "vocab.txt"),
    ("tokenizer_config.json", "tokenizer_config.json"),
    ("pytorch_model.bin", "pytorch_model.zip.bin"),
];

fn state(home: &Home, id: &str) -> (String, bool) {
    let list = home.json(&["models", "list"]);
    let all: &Vec<Value> = list["models"].as_array().unwrap();
    let one = all.iter().find(|one| one["id"] == id).unwrap();
    (
        one["status"]["state"].as_str().unwrap().to_owned(),
        one["current"].as_bool().unwrap(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_is_downloaded_chosen_and_removed() {
    let hub = ModelHub::start().await.unwrap();
    for (name, file) in FILES {
        hub.put("ProsusAI/finbert", name, std::fs::read(fixture(file)).unwrap());
    }
    let home = Home::new();
    home.file(
        "config.toml",
        &format!("[sentiment]\nhub_url = '{}'\n", hub.base()),
    );
    assert_eq!(state(&home, "finbert"), ("available".to_owned(), false));
    assert_eq!(state(&home, "minilm-finance"), ("installed".to_owned(), true));
    hub.set_fault(Fault::CutAfter(20_000));
    let broken = home.json_with(1, &["models", "download", "finbert"]);
    assert_eq!(broken["error"]["code"], "offline");
    assert_eq!(state(&home, "finbert").0, "partly");
    hub.set_fault(Fault::None);
    let report = home.json(&["models", "download", "finbert"]);
    assert_eq!(
        (&report["id"], &report["title"]),
        (&"finbert".into(), &"FinBERT (Prosus AI)".into())
    );
    assert!(
        hub.requests()
            .iter()
            .any(|asked| asked.starts_with("pytorch_model.bin from "))
    );
    home.json(&["models", "use", "finbert"]);
    assert_eq!(
        state(&home, "finbert"),
        ("installed".to_owned(), true),
        "in the next process, too"
    );
    let paths = home.json(&["paths"]);
    assert!(paths["models_dir"].as_str().unwrap().ends_with("models"));
    let refused = home.json_with(1, &["models", "remove", "finbert"]);
    assert_eq!(refused["error"]["code"], "invalid");
    home.json(&["models", "use", "minilm-finance"]);
    home.json(&["models", "remove", "finbert"]);
    assert_eq!(state(&home, "finbert").0, "available");
}

#[test]
fn a_folder_becomes_a_model_or_says_why_not() {
    let home = Home::new();
    let folder = home.path().join("mine");
    std::fs::create_dir(&folder).unwrap();
    for (name, file) in FILES {
        std::fs::copy(fixture(file), folder.join(name)).unwrap();
    }
    let report = home.json(&["models", "import", "mine", "--id", "small", "--licence", "MIT"]);
    assert_eq!(report["id"], "small");
    let shown = home.run(&["models", "list"]);
    assert!(
        shown.stdout.contains("small") && shown.stdout.contains("MIT"),
        "{}",
        shown.stdout
    );
    std::fs::write(folder.join("vocab.txt"), "[PAD]\n").unwrap();
    let refused = home.run(&["models", "import", "mine", "--id", "other"]);
    assert_eq!(refused.code, 1);
    assert!(
        refused.stderr.contains("vocab.txt has 1 word pieces"),
        "{}",
        refused.stderr
    );
    let gone = home.json_with(1, &["models", "import", "nowhere"]);
    assert_eq!(gone["error"]["code"], "not_found");
    let unknown = home.json_with(1, &["models", "use", "nothing"]);
    assert_eq!(unknown["error"]["code"], "not_found");
}
