//! Downloads from a hub: whole, broken off, resumed, altered, refused.

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use promptpal_sentiment::{CatalogueModel, Hub, HubConfig, ModelError, assemble};
use promptpal_testkit::model_hub::{Fault, ModelHub};
use tempfile::TempDir;

use crate::{FILES, facts, fixture};

const REPOSITORY: &str = "ProsusAI/finbert";

async fn hub() -> (ModelHub, Hub) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let double = ModelHub::start().await.unwrap();
    for (name, file) in FILES {
        double.put(REPOSITORY, name, std::fs::read(fixture(file)).unwrap());
    }
    double.put(REPOSITORY, "README.md", "# FinBERT\n");
    // Other frameworks' weights lie there too, and are left there.
    double.put(REPOSITORY, "tf_model.h5", vec![0; 4096]);
    let mut config = HubConfig::at(double.base());
    config.read_timeout = Duration::from_secs(5);
    let hub = Hub::new(&config).unwrap();
    (double, hub)
}

fn finbert() -> CatalogueModel {
    let all = CatalogueModel::all().unwrap();
    all.into_iter().find(|one| one.id == "finbert").unwrap()
}

async fn download(hub: &Hub, folder: &Path) -> Result<Vec<(String, u64)>, ModelError> {
    let entry = finbert();
    let model = hub.model(&entry.repository, "main").await?;
    let told = Mutex::new(Vec::new());
    for file in entry.files_of(&model)? {
        let name = file.name.clone();
        let arrived = |bytes: u64| told.lock().unwrap().push((name.clone(), bytes));
        hub.download(&model, file, folder, &arrived).await?;
    }
    Ok(told.into_inner().unwrap())
}

fn weights() -> Vec<u8> {
    std::fs::read(fixture("pytorch_model.legacy.bin")).unwrap()
}

#[tokio::test]
async fn finbert_arrives_whole_and_is_a_model() {
    let (double, hub) = hub().await;
    let folder = TempDir::new().unwrap();
    let told = download(&hub, folder.path()).await.unwrap();
    assert_eq!(
        std::fs::read(folder.path().join("pytorch_model.bin")).unwrap(),
        weights()
    );
    assert!(!folder.path().join("tf_model.h5").exists());
    let last = told
        .iter()
        .rev()
        .find(|(name, _)| name == "pytorch_model.bin")
        .unwrap();
    assert_eq!(last.1, weights().len() as u64);
    let asked = double.requests();
    assert_eq!(asked[0], "list ProsusAI/finbert");
    assert_eq!(asked[1], "config.json", "small files first");
    let model = folder.path().join("model");
    assemble(folder.path(), &facts("finbert"), &model, &|| true).unwrap();
    // What is there already is checked and not asked for again.
    download(&hub, folder.path()).await.unwrap();
    assert_eq!(double.requests().len(), asked.len() + 1);
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_ended() {
    let (double, hub) = hub().await;
    let folder = TempDir::new().unwrap();
    double.set_fault(Fault::CutAfter(30_000));
    let broken = download(&hub, folder.path()).await.unwrap_err();
    assert!(
        matches!(broken, ModelError::Unreachable { .. }) && broken.is_retryable(),
        "{broken}"
    );
    let part = folder.path().join("pytorch_model.bin.part");
    let arrived = part.metadata().unwrap().len();
    assert!(arrived > 0 && arrived <= 30_000);
    assert!(
        !folder.path().join("pytorch_model.bin").exists(),
        "half a file never has its name"
    );
    double.set_fault(Fault::None);
    let told = download(&hub, folder.path()).await.unwrap();
    assert!(
        double
            .requests()
            .contains(&format!("pytorch_model.bin from {arrived}"))
    );
    assert!(
        told.contains(&("pytorch_model.bin".to_owned(), arrived)),
        "progress goes on, too"
    );
    assert_eq!(
        std::fs::read(folder.path().join("pytorch_model.bin")).unwrap(),
        weights()
    );
    assert!(!part.exists());
}

#[tokio::test]
async fn a_hub_without_ranges_sends_it_all_again() {
    let (double, hub) = hub().await;
    let folder = TempDir::new().unwrap();
    double.set_fault(Fault::CutAfter(30_000));
    download(&hub, folder.path()).await.unwrap_err();
    double.set_fault(Fault::NoRanges);
    download(&hub, folder.path()).await.unwrap();
    assert_eq!(
        std::fs::read(folder.path().join("pytorch_model.bin")).unwrap(),
        weights()
    );
}

#[tokio::test]
async fn what_is_not_what_was_announced_is_thrown_away() {
    for (fault, expected) in [
        (Fault::Altered, "its checksum is another one"),
        (Fault::Longer, "it is longer"),
        (
            Fault::Markup,
            "config.json is not the file that the hub names: it is shorter",
        ),
    ] {
        let (double, hub) = hub().await;
        let folder = TempDir::new().unwrap();
        double.set_fault(fault);
        let refused = download(&hub, folder.path()).await.unwrap_err();
        assert!(refused.to_string().contains(expected), "{fault:?}: {refused}");
        assert!(!folder.path().join("pytorch_model.bin").exists());
        assert!(
            !folder.path().join("pytorch_model.bin.part").exists(),
            "{fault:?}"
        );
        double.set_fault(Fault::None);
        download(&hub, folder.path()).await.unwrap();
    }
}

#[tokio::test]
async fn parts_of_another_file_do_not_become_this_one() {
    let (_double, hub) = hub().await;
    let folder = TempDir::new().unwrap();
    // Longer than the file, and as long but of other contents.
    for part in [
        vec![7; weights().len() + 10],
        vec![7; weights().len()],
        vec![7; 1000],
    ] {
        std::fs::write(folder.path().join("pytorch_model.bin.part"), part).unwrap();
        if let Err(refused) = download(&hub, folder.path()).await {
            assert!(matches!(refused, ModelError::Changed { .. }), "{refused:?}");
            download(&hub, folder.path()).await.unwrap();
        }
        assert_eq!(
            std::fs::read(folder.path().join("pytorch_model.bin")).unwrap(),
            weights()
        );
        std::fs::remove_file(folder.path().join("pytorch_model.bin")).unwrap();
    }
}

#[tokio::test]
async fn a_hub_that_is_silent_gone_or_refuses_is_told_apart() {
    let (double, hub) = hub().await;
    let folder = TempDir::new().unwrap();
    let missing = hub.model("ProsusAI/nothing", "main").await.unwrap_err();
    assert!(matches!(missing, ModelError::NotThere { .. }) && !missing.is_retryable());
    double.set_fault(Fault::Status(503));
    let refused = download(&hub, folder.path()).await.unwrap_err();
    assert!(refused.to_string().contains("503"), "{refused}");
    double.set_fault(Fault::StallAfter(1000));
    let mut config = HubConfig::at(double.base());
    config.read_timeout = Duration::from_millis(200);
    let impatient = Hub::new(&config).unwrap();
    let silent = download(&impatient, folder.path()).await.unwrap_err();
    assert!(matches!(silent, ModelError::Timeout { .. }), "{silent:?}");
    // Nobody listens on the discard port.
    let nowhere = Hub::new(&HubConfig::at("http://127.0.0.1:9/".parse().unwrap())).unwrap();
    let gone = nowhere.model(REPOSITORY, "main").await.unwrap_err();
    assert!(matches!(gone, ModelError::Unreachable { .. }) && gone.is_retryable());
}
