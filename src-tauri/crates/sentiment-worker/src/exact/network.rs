//! The model in memory, and the forward pass.
//!
//! `rust_bert`'s ready-made classification pipeline pads a batch without an attention mask, which lets the neighbours of a
//! text change its score. Here the network itself is called, with the mask.

use anyhow::{Context, Result, ensure};
use promptpal_sentiment_worker::{CheckedModel, Encoded, Network, Refusal};
use rust_bert::bert::{BertConfig, BertForSequenceClassification};
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor, no_grad};

use crate::tensors;

struct Exact(BertForSequenceClassification);

/// Brings the model into memory.
pub(crate) fn load(model: &CheckedModel, threads: u16) -> Result<Box<dyn Network>, Refusal> {
    Ok(Box::new(Exact(network(model, threads)?)))
}

fn network(model: &CheckedModel, threads: u16) -> Result<BertForSequenceClassification> {
    let weights = &model.weights;
    ensure!(
        weights.extension().is_some_and(|kind| kind == "safetensors"),
        "the weights '{}' are of a kind that cannot be loaded; only .safetensors can",
        model.manifest.weights
    );
    let config: BertConfig =
        serde_json::from_str(&model.config).context("config.json describes no BERT model")?;
    tch::set_num_threads(i32::from(threads));
    tch::set_num_interop_threads(1);
    let mut store = VarStore::new(Device::Cpu);
    let network =
        BertForSequenceClassification::new(store.root(), &config).context("building the network")?;
    tensors::check(weights, &store)?;
    store
        .load(weights)
        .with_context(|| format!("loading {}", weights.display()))?;
    // Weights stored in 16 bits would otherwise be computed in 16 bits: slow on a processor, and less exact.
    store.float();
    store.freeze();
    Ok(network)
}

impl Network for Exact {
    fn name(&self) -> &'static str {
        "rust-bert"
    }

    /// One batch, padded to its longest text under a mask.
    fn logits(&self, batch: &[&Encoded], padding: i64) -> Result<Vec<[f32; 3]>> {
        let width = batch.iter().map(|text| text.ids.len()).max().unwrap_or(0);
        let mut ids = Vec::with_capacity(batch.len() * width);
        let mut mask = Vec::with_capacity(batch.len() * width);
        for text in batch {
            let lacking = width - text.ids.len();
            ids.extend_from_slice(&text.ids);
            ids.extend(std::iter::repeat_n(padding, lacking));
            mask.extend(std::iter::repeat_n(1_i64, text.ids.len()));
            mask.extend(std::iter::repeat_n(0_i64, lacking));
        }
        let shape = [i64::try_from(batch.len())?, i64::try_from(width)?];
        let logits = no_grad(|| -> Result<Vec<f32>> {
            let ids = Tensor::from_slice(&ids).f_view(shape)?;
            let mask = Tensor::from_slice(&mask).f_view(shape)?;
            let output = self.0.forward_t(Some(&ids), Some(&mask), None, None, None, false);
            let logits = output.logits.f_to_kind(Kind::Float)?.f_contiguous()?;
            Ok(Vec::<f32>::try_from(logits.f_view([-1])?)?)
        })?;
        Ok(logits.as_chunks::<3>().0.to_vec())
    }
}
