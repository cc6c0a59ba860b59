//! A model's folder, checked before anything is computed with it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use promptpal_domain::ModelRef;
use promptpal_sentiment::{Engine, ModelManifest};

use crate::tokenizer::WordPieces;

/// A model whose files are those of its manifest, as far as its engine reads them.
#[derive(Debug)]
pub struct CheckedModel {
    /// Its folder.
    pub folder: PathBuf,
    /// What it says of itself.
    pub manifest: ModelManifest,
    /// The file that the engine computes with.
    pub weights: PathBuf,
    /// `config.json`.
    pub config: String,
    /// Its name in scores: id, and SHA-256 of the weights that the engine computes with.
    pub(crate) name: ModelRef,
    /// Where the model's own outputs for positive, negative and neutral stand.
    pub(crate) labels: [usize; 3],
    vocabulary: usize,
}

/// Checks every file in `dir` that the engine needs, and reads the configuration.
pub(crate) fn check(dir: &Path, engine: Engine) -> Result<CheckedModel> {
    let manifest = ModelManifest::read(dir)?;
    let (weights, name) = (
        manifest.weights_for(engine)?.to_owned(),
        manifest.model_ref_for(engine)?,
    );
    manifest.verify_for(dir, engine)?;
    let path = dir.join("config.json");
    let text = std::fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let shape: Shape =
        serde_json::from_str(&text).with_context(|| format!("{} describes no model", path.display()))?;
    shape.check()?;
    let labels = shape.labels()?;
    ensure!(
        manifest.max_pieces <= shape.max_position_embeddings,
        "the manifest says {} word pieces, the model has positions for {}",
        manifest.max_pieces,
        shape.max_position_embeddings
    );
    Ok(CheckedModel {
        folder: dir.to_owned(),
        weights: dir.join(weights),
        name,
        manifest,
        config: text,
        labels,
        vocabulary: shape.vocab_size,
    })
}

impl CheckedModel {
    /// The model's vocabulary.
    pub(crate) fn pieces(&self) -> Result<WordPieces> {
        let pieces = WordPieces::load(&self.folder.join("vocab.txt"), self.manifest.max_pieces)?;
        ensure!(
            pieces.vocabulary() == self.vocabulary,
            "vocab.txt has {} word pieces, the model {}",
            pieces.vocabulary(),
            self.vocabulary
        );
        Ok(pieces)
    }
}

/// The part of a configuration that every engine needs to know.
#[derive(Debug, serde::Deserialize)]
struct Shape {
    #[serde(default)]
    architectures: Vec<String>,
    model_type: Option<String>,
    position_embedding_type: Option<String>,
    id2label: Option<HashMap<usize, String>>,
    max_position_embeddings: usize,
    vocab_size: usize,
}

impl Shape {
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

    /// Finds positive, negative and neutral among the model's outputs by their names.
    fn labels(&self) -> Result<[usize; 3]> {
        let names = self
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
                Some(at) if at < 3 => Ok(at),
                _ => bail!("the model has no label '{label}'"),
            }
        };
        Ok([find("positive")?, find("negative")?, find("neutral")?])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(more: &str) -> Shape {
        serde_json::from_str(&format!(
            r#"{{"max_position_embeddings":512,"vocab_size":30522{more}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn labels_are_found_by_name() {
        let check = |names: &str, expected: Option<[usize; 3]>| {
            let found = shape(&format!(r#","id2label":{names}"#)).labels().ok();
            assert_eq!(found, expected, "{names}")
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
        check(r#"{"0":"positive","1":"negative","7":"neutral"}"#, None);
        check("null", None);
    }

    #[test]
    fn other_kinds_are_refused() {
        let check = |more: &str, passes: bool| {
            assert_eq!(shape(more).check().is_ok(), passes, "{more}");
        };
        check(
            r#","architectures":["BertForSequenceClassification"],"model_type":"bert""#,
            true,
        );
        check("", true);
        check(
            r#","architectures":["BertForMaskedLM"],"model_type":"bert""#,
            false,
        );
        check(r#","model_type":"roberta""#, false);
        check(
            r#","model_type":"bert","position_embedding_type":"relative_key""#,
            false,
        );
    }
}
