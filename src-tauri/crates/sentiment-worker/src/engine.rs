//! The model in memory, and the forward pass.
//!
//! `rust_bert`'s ready-made classification pipeline pads a batch without an attention mask, which lets the neighbours of a
//! text change its score. Here the network itself is called, with the mask.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use promptpal_sentiment::protocol::{Hello, PROTOCOL_VERSION, RawScore};
use rust_bert::bert::BertForSequenceClassification;
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor, no_grad};

use crate::batches;
use crate::model::{self, CheckedModel};
use crate::tokenizer::{Encoded, WordPieces};

/// A loaded model.
pub(crate) struct Engine {
    hello: Hello,
    pieces: WordPieces,
    network: BertForSequenceClassification,
    labels: [i64; 3],
}

/// Why a batch has no scores.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The request was cancelled.
    Cancelled,
    /// The computation failed.
    Failed(anyhow::Error),
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

/// The scores of a request, in its order.
#[derive(Debug)]
pub(crate) struct Scored {
    pub(crate) scores: Vec<RawScore>,
    pub(crate) truncated: Vec<bool>,
}

impl Engine {
    /// Checks and loads the model in `dir`.
    pub(crate) fn load(dir: &Path, threads: u16) -> Result<Self> {
        let CheckedModel {
            manifest,
            config,
            labels,
        } = model::check(dir)?;
        tch::set_num_threads(i32::from(threads));
        tch::set_num_interop_threads(1);
        let pieces = WordPieces::load(&dir.join("vocab.txt"), manifest.max_pieces)?;
        ensure!(
            i64::try_from(pieces.vocabulary()).ok() == Some(config.vocab_size),
            "vocab.txt has {} word pieces, the model {}",
            pieces.vocabulary(),
            config.vocab_size
        );
        let mut store = VarStore::new(Device::Cpu);
        let network =
            BertForSequenceClassification::new(store.root(), &config).context("building the network")?;
        let weights = dir.join(&manifest.weights);
        model::check_tensors(&weights, &store)?;
        store
            .load(&weights)
            .with_context(|| format!("loading {}", weights.display()))?;
        // Weights stored in 16 bits would otherwise be computed in 16 bits: slow on a processor, and less exact.
        store.float();
        store.freeze();
        let model = manifest.model_ref();
        let hello = Hello {
            protocol: PROTOCOL_VERSION,
            engine: "rust-bert".to_owned(),
            model: model.id,
            sha256: model.sha256,
        };
        Ok(Self {
            hello,
            pieces,
            network,
            labels,
        })
    }

    /// Who is there.
    pub(crate) fn hello(&self) -> Hello {
        self.hello.clone()
    }

    /// Scores texts. Between batches `progress` is told how many are done, and says whether to go on.
    pub(crate) fn score(
        &self,
        texts: &[String],
        mut progress: impl FnMut(usize) -> bool,
    ) -> Result<Scored, Stop> {
        let encoded: Vec<Encoded> = texts.iter().map(|text| self.pieces.encode(text)).collect();
        let lengths: Vec<usize> = encoded.iter().map(|text| text.ids.len()).collect();
        let mut scores: Vec<Option<RawScore>> = vec![None; texts.len()];
        let mut done = 0;
        for batch in batches::group(&lengths) {
            if !progress(done) {
                return Err(Stop::Cancelled);
            }
            let members: Vec<&Encoded> = batch.iter().filter_map(|at| encoded.get(*at)).collect();
            let found = self.forward(&members)?;
            for (at, score) in batch.iter().zip(found) {
                if let Some(slot) = scores.get_mut(*at) {
                    *slot = Some(score);
                }
            }
            done += batch.len();
        }
        let scores: Vec<RawScore> = scores.into_iter().flatten().collect();
        if scores.len() != texts.len() {
            return Err(Stop::Failed(anyhow::anyhow!(
                "{} of {} texts have a score",
                scores.len(),
                texts.len()
            )));
        }
        Ok(Scored {
            scores,
            truncated: encoded.into_iter().map(|text| text.truncated).collect(),
        })
    }

    /// The network on one batch, padded to its longest text under a mask.
    fn forward(&self, batch: &[&Encoded]) -> Result<Vec<RawScore>> {
        let width = batch.iter().map(|text| text.ids.len()).max().unwrap_or(0);
        let mut ids = Vec::with_capacity(batch.len() * width);
        let mut mask = Vec::with_capacity(batch.len() * width);
        for text in batch {
            let padding = width - text.ids.len();
            ids.extend_from_slice(&text.ids);
            ids.extend(std::iter::repeat_n(self.pieces.padding(), padding));
            mask.extend(std::iter::repeat_n(1_i64, text.ids.len()));
            mask.extend(std::iter::repeat_n(0_i64, padding));
        }
        let shape = [i64::try_from(batch.len())?, i64::try_from(width)?];
        let logits = no_grad(|| -> Result<Vec<f32>> {
            let ids = Tensor::from_slice(&ids).f_view(shape)?;
            let mask = Tensor::from_slice(&mask).f_view(shape)?;
            let output = self
                .network
                .forward_t(Some(&ids), Some(&mask), None, None, None, false);
            let order = Tensor::from_slice(&self.labels);
            let logits = output
                .logits
                .f_index_select(1, &order)?
                .f_to_kind(Kind::Float)?
                .f_contiguous()?;
            Ok(Vec::<f32>::try_from(logits.f_view([-1])?)?)
        })?;
        let scores: Vec<RawScore> = logits
            .as_chunks::<3>()
            .0
            .iter()
            .filter_map(probabilities)
            .collect();
        ensure!(scores.len() == batch.len(), "the model's outputs are no numbers");
        Ok(scores)
    }
}

/// Softmax in double precision; `None` unless all are finite.
fn probabilities(logits: &[f32; 3]) -> Option<RawScore> {
    if !logits.iter().all(|logit| logit.is_finite()) {
        return None;
    }
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let [p, n, u] = logits.map(|logit| f64::from(logit - most).exp());
    let sum = p + n + u;
    Some(RawScore {
        positive: p / sum,
        negative: n / sum,
        neutral: u / sum,
        logits: *logits,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn softmax_of_any_finite_numbers_adds_up_to_one() {
        let check = |logits: [f32; 3], expected: Option<[f64; 3]>| {
            let found = probabilities(&logits).map(|s| [s.positive, s.negative, s.neutral]);
            match (found, expected) {
                (Some(found), Some(expected)) => {
                    let near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6);
                    assert!(near, "{found:?} is not {expected:?}");
                }
                (found, expected) => assert_eq!(found, expected),
            }
        };
        check([0.0, 0.0, 0.0], Some([1.0 / 3.0; 3]));
        check([1000.0, -1000.0, 0.0], Some([1.0, 0.0, 0.0]));
        check([1.0, 0.0, -1.0], Some([0.665_240_95, 0.244_728_47, 0.090_030_57]));
        check([f32::NAN, 0.0, 0.0], None);
        check([f32::INFINITY, 0.0, 0.0], None);
    }
}
