//! What a folder must be to become a model, and what it becomes.

use std::cell::Cell;
use std::path::Path;

use promptpal_sentiment::{ModelError, ModelManifest, Scorer, WorkerConfig, assemble};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{facts, fixture, raw_folder};

fn assembled(from: &Path) -> Result<(tempfile::TempDir, ModelManifest), ModelError> {
    let parent = tempfile::tempdir().unwrap();
    let manifest = assemble(from, &facts("finbert"), &parent.path().join("model"), &|| true)?;
    Ok((parent, manifest))
}

#[test]
fn both_kinds_of_checkpoints_become_the_same_whole_model() {
    let from = raw_folder();
    let (first, manifest) = assembled(from.path()).unwrap();
    let folder = first.path().join("model");
    assert_eq!(ModelManifest::read(&folder).unwrap(), manifest);
    manifest.verify(&folder).unwrap();
    assert_eq!((manifest.id.as_str(), manifest.max_pieces), ("finbert", 256));
    assert!(folder.join("README.md").is_file());
    std::fs::copy(
        fixture("pytorch_model.zip.bin"),
        from.path().join("pytorch_model.bin"),
    )
    .unwrap();
    let (_second, other) = assembled(from.path()).unwrap();
    assert_eq!(
        other.model_ref(),
        manifest.model_ref(),
        "byte for byte the same weights"
    );
    // A model that was assembled is itself a folder to take one from, and stays what it is.
    let (_third, again) = assembled(&folder).unwrap();
    assert_eq!(again.model_ref(), manifest.model_ref());
}

#[test]
fn what_is_no_model_is_refused_with_the_reason() {
    let check = |damage: &dyn Fn(&Path), expected: &str| {
        let from = raw_folder();
        damage(from.path());
        let refused = assembled(from.path()).unwrap_err().to_string();
        assert!(refused.contains(expected), "'{refused}' should say '{expected}'");
    };
    let config = |change: &dyn Fn(&mut Value), dir: &Path| {
        let path = dir.join("config.json");
        let mut document: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        change(&mut document);
        std::fs::write(&path, document.to_string()).unwrap();
    };
    let remove = |name: &'static str| move |dir: &Path| std::fs::remove_file(dir.join(name)).unwrap();
    check(&remove("config.json"), "config.json is missing");
    check(&remove("vocab.txt"), "vocab.txt is missing");
    check(&remove("pytorch_model.bin"), "there are no weights");
    check(
        &|dir| std::fs::write(dir.join("config.json"), "{").unwrap(),
        "config.json cannot be read",
    );
    check(
        &|dir| config(&|c| c["model_type"] = "roberta".into(), dir),
        "the kind 'roberta'",
    );
    check(
        &|dir| config(&|c| c["architectures"] = json!(["BertForMaskedLM"]), dir),
        "no classifier",
    );
    check(
        &|dir| config(&|c| c["position_embedding_type"] = "relative_key".into(), dir),
        "relative_key positions",
    );
    check(
        &|dir| {
            config(
                &|c| c["id2label"] = json!({"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}),
                dir,
            )
        },
        "0 LABEL_0, 1 LABEL_1, 2 LABEL_2",
    );
    check(
        &|dir| {
            config(
                &|c| c["id2label"] = json!({"0": "positive", "1": "bullish", "2": "neutral"}),
                dir,
            )
        },
        "positive, negative and neutral are needed",
    );
    check(
        &|dir| config(&|c| c["hidden_size"] = 24.into(), dir),
        "config.json asks for",
    );
    check(
        &|dir| config(&|c| c["num_hidden_layers"] = 3.into(), dir),
        "'bert.encoder.layer.2.",
    );
    check(
        &|dir| config(&|c| c["num_hidden_layers"] = (1_u64 << 60).into(), dir),
        "sizes that no BERT has",
    );
    check(
        &|dir| std::fs::write(dir.join("vocab.txt"), "[PAD]\n[UNK]\n").unwrap(),
        "vocab.txt has 2 word pieces",
    );
    check(
        &|dir| std::fs::write(dir.join("tokenizer_config.json"), r#"{"do_lower_case": false}"#).unwrap(),
        "capitals",
    );
    check(
        &|dir| {
            let whole = std::fs::read(dir.join("pytorch_model.bin")).unwrap();
            std::fs::write(dir.join("pytorch_model.bin"), &whole[..whole.len() / 2]).unwrap();
        },
        "end early",
    );
    check(
        &|dir| {
            std::fs::write(
                dir.join("pytorch_model.bin"),
                "version https://git-lfs.github.com/spec/v1\n",
            )
            .unwrap()
        },
        "neither a zip nor a sequence of pickles",
    );
    check(
        &|dir| {
            std::fs::write(dir.join("a.safetensors"), "x").unwrap();
            std::fs::write(dir.join("b.safetensors"), "x").unwrap();
            std::fs::remove_file(dir.join("pytorch_model.bin")).unwrap();
        },
        "several files",
    );
    check(
        &|dir| std::fs::write(dir.join("model.safetensors"), "x".repeat(100)).unwrap(),
        "no safetensors file",
    );
}

#[test]
fn a_model_whose_files_were_swapped_or_that_is_too_new_is_refused() {
    let from = raw_folder();
    let (parent, _) = assembled(from.path()).unwrap();
    let folder = parent.path().join("model");
    let weights = std::fs::read(folder.join("model.safetensors")).unwrap();
    let mut other = weights.clone();
    let last = other.len() - 1;
    other[last] ^= 1;
    std::fs::write(folder.join("model.safetensors"), other).unwrap();
    let swapped = assembled(&folder).unwrap_err().to_string();
    assert!(
        swapped.contains("is not the file that the manifest names"),
        "{swapped}"
    );
    std::fs::write(folder.join("model.safetensors"), &weights[..weights.len() - 1]).unwrap();
    let half = assembled(&folder).unwrap_err().to_string();
    assert!(half.contains("should have"), "{half}");
    let text = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    std::fs::write(
        folder.join("manifest.json"),
        text.replace("\"schema\": 1", "\"schema\": 7"),
    )
    .unwrap();
    let newer = assembled(&folder).unwrap_err().to_string();
    assert!(newer.contains("form 7, this program reads form 1"), "{newer}");
}

/// Weights of the fast engine come along where the manifest names them, with what was measured of them.
#[test]
fn weights_of_the_fast_engine_come_along() {
    let from = raw_folder();
    let (parent, plain) = assembled(from.path()).unwrap();
    assert_eq!(plain.fast_weights, None);
    let folder = parent.path().join("model");
    std::fs::copy(folder.join("vocab.txt"), folder.join("model.int8.onnx")).unwrap();
    let mut manifest: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("manifest.json")).unwrap()).unwrap();
    let mut file = manifest["files"][2].clone();
    assert_eq!(file["path"], "vocab.txt");
    file["path"] = "model.int8.onnx".into();
    manifest["files"].as_array_mut().unwrap().push(file);
    manifest["fast_weights"] = "model.int8.onnx".into();
    manifest["fast_agreement"] = json!({ "texts": 1000, "same_label": 992 });
    std::fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();
    let (again, kept) = assembled(&folder).unwrap();
    assert_eq!(kept.fast_weights.as_deref(), Some("model.int8.onnx"));
    assert_eq!(kept.fast_agreement.as_ref().unwrap().same_label, 992);
    kept.verify(&again.path().join("model")).unwrap();
}

#[test]
fn labels_of_other_words_and_tensors_of_other_names_are_brought_to_ours() {
    let from = raw_folder();
    let path = from.path().join("config.json");
    let mut document: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    document["id2label"] = json!({"0": "NEUTRAL", "1": "BULLISH", "2": "BEARISH"});
    document["vocab_size"] = (document["vocab_size"].as_u64().unwrap()).into();
    std::fs::write(&path, document.to_string()).unwrap();
    // The last two pieces come from the other file.
    let vocabulary = std::fs::read_to_string(from.path().join("vocab.txt")).unwrap();
    let pieces: Vec<&str> = vocabulary.lines().collect();
    let kept = pieces.len() - 2;
    std::fs::write(from.path().join("vocab.txt"), pieces[..kept].join("\n")).unwrap();
    let added = json!({ "[URL]": kept + 1, "@USER": kept });
    std::fs::write(from.path().join("added_tokens.json"), added.to_string()).unwrap();
    let (parent, _) = assembled(from.path()).unwrap();
    let folder = parent.path().join("model");
    let written: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("config.json")).unwrap()).unwrap();
    assert_eq!(
        written["id2label"],
        json!({"0": "neutral", "1": "positive", "2": "negative"})
    );
    assert_eq!(
        written["label2id"],
        json!({"neutral": 0, "positive": 1, "negative": 2})
    );
    let vocabulary = std::fs::read_to_string(folder.join("vocab.txt")).unwrap();
    assert!(vocabulary.ends_with("\n@USER\n[URL]\n"));
}

#[test]
fn it_stops_when_told_to() {
    let from = raw_folder();
    let parent = tempfile::tempdir().unwrap();
    let asked = Cell::new(0);
    let go_on = || {
        asked.set(asked.get() + 1);
        asked.get() < 3
    };
    let stopped = assemble(
        from.path(),
        &facts("finbert"),
        &parent.path().join("model"),
        &go_on,
    );
    assert!(matches!(stopped, Err(ModelError::Cancelled)));
    assert!(
        !parent.path().join("model/manifest.json").exists(),
        "without it a folder is no model"
    );
}

/// The worker runs what was made of the checkpoint, and says what Python says.
#[tokio::test]
async fn the_worker_scores_as_python_does() {
    let Some(worker) = std::env::var_os("PROMPTPAL_SENTIMENT_WORKER") else {
        println!("models: PROMPTPAL_SENTIMENT_WORKER is not set, not run with the real worker");
        return;
    };
    let from = raw_folder();
    let (parent, _) = assembled(from.path()).unwrap();
    let golden: Value =
        serde_json::from_str(&std::fs::read_to_string(fixture("golden.json")).unwrap()).unwrap();
    let texts: Vec<String> = serde_json::from_value(golden["texts"].clone()).unwrap();
    let expected: Vec<[f32; 3]> = serde_json::from_value(golden["logits"].clone()).unwrap();
    let scorer = Scorer::new(WorkerConfig::new(worker.into(), parent.path().join("model")));
    let scores = scorer.score(texts, &CancellationToken::new()).await.unwrap();
    for (score, expected) in scores.iter().zip(&expected) {
        for (found, expected) in score.logits.iter().zip(expected) {
            assert!(
                (found - expected).abs() < 1e-4,
                "{:?} is not {expected:?}",
                score.logits
            );
        }
    }
    assert_eq!(scores.len(), 3);
    scorer.stop().await;
}
