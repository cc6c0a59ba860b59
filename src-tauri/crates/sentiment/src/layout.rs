//! Whether the files of a model are a BERT classifier of three sentiments, before anything is computed with them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::ModelError;
use crate::tensors::TensorPlace;

/// No file of settings or words is larger.
const MAX_TEXT_BYTES: u64 = 16 << 20;
/// What hubs call the three sentiments, in small letters.
const WORDS: [(&str, [&str; 3]); 3] = [
    ("positive", ["positive", "bullish", "pos"]),
    ("negative", ["negative", "bearish", "neg"]),
    ("neutral", ["neutral", "none", "neu"]),
];

/// The part of `config.json` that says what the tensors must be.
#[derive(Debug, Deserialize)]
struct Config {
    #[serde(default)]
    architectures: Vec<String>,
    model_type: Option<String>,
    position_embedding_type: Option<String>,
    vocab_size: u64,
    hidden_size: u64,
    num_hidden_layers: u64,
    num_attention_heads: u64,
    intermediate_size: u64,
    max_position_embeddings: u64,
    type_vocab_size: u64,
    id2label: Option<HashMap<String, String>>,
}

/// A configuration that can be run.
#[derive(Debug)]
pub(crate) struct Layout {
    config: Config,
    /// `config.json` with the words for the labels that the program knows.
    pub(crate) text: String,
}

impl Layout {
    /// Reads `config.json` of a folder.
    ///
    /// # Errors
    /// [`ModelError::Unfit`] for another kind of network or other labels; [`ModelError::File`].
    pub(crate) fn read(dir: &Path) -> Result<Self, ModelError> {
        let text = read_text(&dir.join("config.json"))?;
        let mut document: Value = serde_json::from_str(&text)
            .map_err(|error| ModelError::unfit(format!("config.json cannot be read: {error}")))?;
        let config: Config = serde_json::from_value(document.clone())
            .map_err(|error| ModelError::unfit(format!("config.json describes no BERT: {error}")))?;
        config.check_kind()?;
        let labels = config.labels()?;
        let ids = labels.iter().enumerate();
        let names: BTreeMap<String, &str> = ids.clone().map(|(at, label)| (at.to_string(), *label)).collect();
        let numbers: BTreeMap<&str, usize> = ids.map(|(at, label)| (*label, at)).collect();
        if let Some(object) = document.as_object_mut() {
            object.insert("id2label".to_owned(), serde_json::json!(names));
            object.insert("label2id".to_owned(), serde_json::json!(numbers));
        }
        let text = serde_json::to_string_pretty(&document)
            .map_err(|error| ModelError::unfit(error.to_string()))?
            + "\n";
        Ok(Self { config, text })
    }

    /// The longest input that the network has positions for, in word pieces.
    pub(crate) fn positions(&self) -> usize {
        usize::try_from(self.config.max_position_embeddings).unwrap_or(usize::MAX)
    }

    /// The word pieces of a folder: `vocab.txt`, and behind it what `added_tokens.json` adds.
    ///
    /// # Errors
    /// [`ModelError::Unfit`] when they are not as many as the network has, or are not in small letters.
    pub(crate) fn vocabulary(&self, dir: &Path) -> Result<String, ModelError> {
        let mut text = read_text(&dir.join("vocab.txt"))?;
        if !text.ends_with('\n') {
            text.push('\n');
        }
        if let Some(added) = optional_text(&dir.join("added_tokens.json"))? {
            let added: HashMap<String, u64> = serde_json::from_str(&added)
                .map_err(|_| ModelError::unfit("added_tokens.json cannot be read"))?;
            let mut added: Vec<(u64, String)> = added.into_iter().map(|(token, at)| (at, token)).collect();
            added.sort();
            for (at, token) in added {
                if at == text.lines().count() as u64 && !token.contains(['\n', '\r']) {
                    text.push_str(&token);
                    text.push('\n');
                }
            }
        }
        let pieces = text.lines().count() as u64;
        if pieces != self.config.vocab_size {
            return Err(ModelError::unfit(format!(
                "vocab.txt has {pieces} word pieces, the network {}",
                self.config.vocab_size
            )));
        }
        if let Some(tokenizer) = optional_text(&dir.join("tokenizer_config.json"))? {
            let tokenizer: Value = serde_json::from_str(&tokenizer).unwrap_or_default();
            if tokenizer.get("do_lower_case") == Some(&Value::Bool(false)) {
                return Err(ModelError::unfit(
                    "it tells capitals from small letters; only models of small letters can be run",
                ));
            }
        }
        Ok(text)
    }

    /// The tensors that the network needs, of those that there are, by the names that it knows.
    ///
    /// # Errors
    /// [`ModelError::Unfit`] naming the first that is missing or has another shape.
    pub(crate) fn select(
        &self,
        found: &HashMap<String, TensorPlace>,
    ) -> Result<BTreeMap<String, TensorPlace>, ModelError> {
        let needed = self.needed();
        needed
            .into_iter()
            .map(|(name, shape)| {
                // So they were called by the program that first made them.
                let old = name
                    .replace("LayerNorm.weight", "LayerNorm.gamma")
                    .replace("LayerNorm.bias", "LayerNorm.beta");
                let place = found
                    .get(&name)
                    .or_else(|| found.get(&old))
                    .ok_or_else(|| ModelError::unfit(format!("'{name}' is not among the weights")))?;
                if place.shape != shape {
                    return Err(ModelError::unfit(format!(
                        "'{name}' is {:?}, config.json asks for {shape:?}",
                        place.shape
                    )));
                }
                if !place.kind.is_fraction() {
                    return Err(ModelError::unfit(format!("'{name}' holds whole numbers")));
                }
                Ok((name, place.clone()))
            })
            .collect()
    }

    /// Names and shapes of the tensors of `BertForSequenceClassification`.
    fn needed(&self) -> Vec<(String, Vec<u64>)> {
        let Config {
            vocab_size,
            hidden_size: width,
            num_hidden_layers,
            intermediate_size: inner,
            max_position_embeddings,
            type_vocab_size,
            ..
        } = self.config;
        let mut all = vec![
            (
                "bert.embeddings.word_embeddings.weight".to_owned(),
                vec![vocab_size, width],
            ),
            (
                "bert.embeddings.position_embeddings.weight".to_owned(),
                vec![max_position_embeddings, width],
            ),
            (
                "bert.embeddings.token_type_embeddings.weight".to_owned(),
                vec![type_vocab_size, width],
            ),
            ("bert.embeddings.LayerNorm.weight".to_owned(), vec![width]),
            ("bert.embeddings.LayerNorm.bias".to_owned(), vec![width]),
        ];
        let mut dense = |name: String, to: u64, from: u64| {
            all.push((format!("{name}.weight"), vec![to, from]));
            all.push((format!("{name}.bias"), vec![to]));
        };
        dense("bert.pooler.dense".to_owned(), width, width);
        dense("classifier".to_owned(), 3, width);
        for layer in 0..num_hidden_layers {
            let of = |part: &str| format!("bert.encoder.layer.{layer}.{part}");
            for part in [
                "attention.self.query",
                "attention.self.key",
                "attention.self.value",
            ] {
                dense(of(part), width, width);
            }
            dense(of("attention.output.dense"), width, width);
            dense(of("intermediate.dense"), inner, width);
            dense(of("output.dense"), width, inner);
        }
        for layer in 0..num_hidden_layers {
            for part in ["attention.output", "output"] {
                for end in ["weight", "bias"] {
                    all.push((
                        format!("bert.encoder.layer.{layer}.{part}.LayerNorm.{end}"),
                        vec![width],
                    ));
                }
            }
        }
        all
    }
}

impl Config {
    /// Anything but a BERT classifier with plain positions would run and give wrong scores, or not run at all.
    fn check_kind(&self) -> Result<(), ModelError> {
        let kind = self.model_type.as_deref().unwrap_or("bert");
        if kind != "bert" {
            return Err(ModelError::unfit(format!(
                "it is a network of the kind '{kind}'; only BERT can be run"
            )));
        }
        let classifier = self.architectures.is_empty()
            || self
                .architectures
                .iter()
                .any(|name| name == "BertForSequenceClassification");
        if !classifier {
            let names = self.architectures.join(", ");
            return Err(ModelError::unfit(format!(
                "it is {names}, no classifier of texts"
            )));
        }
        let positions = self.position_embedding_type.as_deref().unwrap_or("absolute");
        if positions != "absolute" {
            return Err(ModelError::unfit(format!(
                "it has {positions} positions; only absolute ones can be run"
            )));
        }
        let sides = [
            (self.num_hidden_layers, 1, 48),
            (self.hidden_size, 8, 8192),
            (self.num_attention_heads, 1, 128),
            (self.intermediate_size, 8, 65536),
            (self.max_position_embeddings, 8, 65536),
            (self.type_vocab_size, 1, 16),
            (self.vocab_size, 8, 1 << 20),
        ];
        let sound = sides
            .iter()
            .all(|(side, least, most)| (least..=most).contains(&side))
            && self.hidden_size.is_multiple_of(self.num_attention_heads);
        if !sound {
            return Err(ModelError::unfit("config.json has sizes that no BERT has"));
        }
        Ok(())
    }

    /// What its outputs mean, in their order.
    fn labels(&self) -> Result<[&'static str; 3], ModelError> {
        let names = self.id2label.clone().unwrap_or_default();
        let told = || {
            let mut told: Vec<String> = names.iter().map(|(at, name)| format!("{at} {name}")).collect();
            told.sort();
            ModelError::unfit(format!(
                "its labels are {}; positive, negative and neutral are needed",
                if told.is_empty() {
                    "not named".to_owned()
                } else {
                    told.join(", ")
                }
            ))
        };
        if names.len() != 3 {
            return Err(told());
        }
        let word = |at: usize| {
            let name = names.get(&at.to_string())?.to_lowercase();
            let known = WORDS.iter().find(|(_, words)| words.contains(&name.as_str()));
            known.map(|(word, _)| *word)
        };
        let (Some(first), Some(second), Some(third)) = (word(0), word(1), word(2)) else {
            return Err(told());
        };
        if first == second || second == third || first == third {
            return Err(told());
        }
        Ok([first, second, third])
    }
}

fn read_text(path: &Path) -> Result<String, ModelError> {
    optional_text(path)?.ok_or_else(|| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        ModelError::unfit(format!("{name} is missing"))
    })
}

fn optional_text(path: &Path) -> Result<Option<String>, ModelError> {
    match path.metadata() {
        Ok(facts) if facts.len() > MAX_TEXT_BYTES => {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            Err(ModelError::unfit(format!("{name} is too large")))
        }
        Ok(_) => std::fs::read_to_string(path)
            .map(Some)
            .map_err(ModelError::file("read", path)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ModelError::file("read", path)(error)),
    }
}
