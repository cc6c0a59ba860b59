//! A model's folder, checked before anything is computed with it.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use promptpal_sentiment::ModelManifest;
use rust_bert::bert::BertConfig;
use tch::nn::VarStore;

/// No header of a weights file is longer.
const MAX_HEADER_BYTES: u64 = 16 << 20;

/// A model whose files are those of its manifest.
#[derive(Debug)]
pub(crate) struct CheckedModel {
    pub(crate) manifest: ModelManifest,
    pub(crate) config: BertConfig,
    /// Where the model's own outputs for positive, negative and neutral stand.
    pub(crate) labels: [i64; 3],
}

/// Checks every file in `dir` and reads the configuration.
pub(crate) fn check(dir: &Path) -> Result<CheckedModel> {
    let manifest = ModelManifest::read(dir)?;
    manifest.verify(dir)?;
    ensure!(
        manifest.weights.ends_with(".safetensors"),
        "the weights '{}' are of a kind that cannot be loaded; only .safetensors can",
        manifest.weights
    );
    let path = dir.join("config.json");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let kind: Architecture =
        serde_json::from_str(&text).with_context(|| format!("{} describes no model", path.display()))?;
    kind.check()?;
    let config: BertConfig =
        serde_json::from_str(&text).with_context(|| format!("{} describes no BERT model", path.display()))?;
    let labels = labels(&config)?;
    let longest = usize::try_from(config.max_position_embeddings).unwrap_or_default();
    ensure!(
        manifest.max_pieces <= longest,
        "the manifest says {} word pieces, the model has positions for {longest}",
        manifest.max_pieces
    );
    Ok(CheckedModel {
        manifest,
        config,
        labels,
    })
}

/// The part of a configuration that tells what kind of model it is.
#[derive(serde::Deserialize)]
struct Architecture {
    #[serde(default)]
    architectures: Vec<String>,
    model_type: Option<String>,
    position_embedding_type: Option<String>,
}

impl Architecture {
    /// Anything but a BERT classifier with plain positions would run and give wrong scores.
    fn check(&self) -> Result<()> {
        let model_type = self.model_type.as_deref().unwrap_or("bert");
        ensure!(
            model_type == "bert",
            "the model is of the type '{model_type}'; only BERT can be run"
        );
        let classifier = self.architectures.is_empty()
            || self
                .architectures
                .iter()
                .any(|name| name == "BertForSequenceClassification");
        ensure!(
            classifier,
            "the model is {}, no classifier of texts",
            self.architectures.join(", ")
        );
        let positions = self.position_embedding_type.as_deref().unwrap_or("absolute");
        ensure!(
            positions == "absolute",
            "the model has {positions} positions; only absolute ones can be run"
        );
        Ok(())
    }
}

/// Finds positive, negative and neutral among the model's outputs by their names.
fn labels(config: &BertConfig) -> Result<[i64; 3]> {
    let names = config
        .id2label
        .as_ref()
        .context("config.json does not name the labels (id2label)")?;
    ensure!(
        names.len() == 3,
        "the model has {} labels; positive, negative and neutral are needed",
        names.len()
    );
    let find = |label: &str| {
        let found = names
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(label))
            .map(|(at, _)| *at);
        match found {
            Some(at) if (0..3).contains(&at) => Ok(at),
            _ => bail!("the model has no label '{label}'"),
        }
    };
    Ok([find("positive")?, find("negative")?, find("neutral")?])
}

/// Compares names and shapes in the weights file with what the model needs; extra tensors do no harm.
pub(crate) fn check_tensors(weights: &Path, needed: &VarStore) -> Result<()> {
    let found = shapes(weights)?;
    for (name, tensor) in needed.variables() {
        match found.get(&name) {
            Some(shape) if *shape == tensor.size() => {}
            Some(shape) => bail!(
                "'{name}' in the weights is {shape:?}, config.json asks for {:?}",
                tensor.size()
            ),
            None => bail!("'{name}' is not among the weights"),
        }
    }
    Ok(())
}

/// The shapes that the header of a safetensors file states: eight bytes of length, then JSON.
/// <https://github.com/huggingface/safetensors#format>
fn shapes(weights: &Path) -> Result<HashMap<String, Vec<i64>>> {
    #[derive(serde::Deserialize)]
    struct Entry {
        shape: Vec<i64>,
    }
    let mut file = File::open(weights).with_context(|| format!("opening {}", weights.display()))?;
    let mut length = [0; 8];
    file.read_exact(&mut length)
        .context("the weights have no header")?;
    let length = u64::from_le_bytes(length);
    ensure!(length <= MAX_HEADER_BYTES, "the weights are no safetensors file");
    let mut header = Vec::new();
    file.take(length)
        .read_to_end(&mut header)
        .context("reading the header of the weights")?;
    let mut entries: HashMap<String, serde_json::Value> =
        serde_json::from_slice(&header).context("the weights are no safetensors file")?;
    entries.remove("__metadata__");
    entries
        .into_iter()
        .map(|(name, entry)| Ok((name, serde_json::from_value::<Entry>(entry)?.shape)))
        .collect::<Result<_, serde_json::Error>>()
        .context("the weights are no safetensors file")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(labels: &str) -> BertConfig {
        serde_json::from_str(&format!(
            r#"{{"hidden_act":"gelu","attention_probs_dropout_prob":0.1,"hidden_dropout_prob":0.1,"hidden_size":384,
            "initializer_range":0.02,"intermediate_size":1536,"max_position_embeddings":512,"num_attention_heads":12,
            "num_hidden_layers":6,"type_vocab_size":2,"vocab_size":30522,"id2label":{labels}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn labels_are_found_by_name() {
        let check = |names: &str, expected: Option<[i64; 3]>| {
            assert_eq!(labels(&config(names)).ok(), expected, "{names}")
        };
        check(
            r#"{"0":"positive","1":"negative","2":"neutral"}"#,
            Some([0, 1, 2]),
        );
        check(
            r#"{"0":"Neutral","1":"Positive","2":"Negative"}"#,
            Some([1, 2, 0]),
        );
        check(r#"{"0":"LABEL_0","1":"LABEL_1","2":"LABEL_2"}"#, None);
        check(r#"{"0":"positive","1":"negative"}"#, None);
        check("null", None);
    }

    #[test]
    fn other_kinds_are_refused() {
        let check = |text: &str, passes: bool| {
            let kind: Architecture = serde_json::from_str(text).unwrap();
            assert_eq!(kind.check().is_ok(), passes, "{text}");
        };
        check(
            r#"{"architectures":["BertForSequenceClassification"],"model_type":"bert"}"#,
            true,
        );
        check("{}", true);
        check(
            r#"{"architectures":["BertForMaskedLM"],"model_type":"bert"}"#,
            false,
        );
        check(r#"{"model_type":"roberta"}"#, false);
        check(
            r#"{"model_type":"bert","position_embedding_type":"relative_key"}"#,
            false,
        );
    }

    #[test]
    fn a_file_that_is_no_safetensors_is_refused() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        assert!(shapes(&path).is_err());
    }
}
