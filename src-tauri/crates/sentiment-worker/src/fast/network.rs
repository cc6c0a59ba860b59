//! The model in memory, and the forward pass.
//!
//! Activations are quantised over the whole of what is computed at a time, so that the neighbours of a text in a batch would
//! change its score, by up to 0.3. Therefore each text is computed by itself, without padding, and threads share the texts of a
//! batch: each has a session of its own.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::{GraphOptimizationLevel, PrepackedWeights};
use ort::value::TensorRef;
use promptpal_sentiment_worker::{CheckedModel, Encoded, Network, Refusal};

use crate::runtime;

/// More sessions would cost memory and win nothing.
const MOST_SESSIONS: u16 = 16;
/// The property of the model file that names the weights it was made of, written by `training/export_onnx.py`.
const MADE_OF: &str = "weights_sha256";

struct Fast {
    /// One for each thread.
    sessions: Vec<Mutex<Session>>,
}

/// Loads the library and brings the model into memory.
pub(crate) fn load(model: &CheckedModel, threads: u16) -> Result<Box<dyn Network>, Refusal> {
    let library = runtime::library()?;
    let environment = environment(&library).map_err(Refusal::LibraryBroken)?;
    Ok(Box::new(Fast::open(&environment, model, threads)?))
}

fn environment(library: &Path) -> Result<Environment> {
    let loading = || format!("loading the library of the fast engine, {}", library.display());
    let builder = ort::init_from(library)
        .map_err(|error| match error {
            // It does not say by itself what the system said.
            ort::LoadDynamicError::Dlopen { error, .. } => anyhow::Error::new(error),
            other => anyhow::Error::new(other),
        })
        .with_context(loading)?;
    builder
        .with_name("promptpal")
        .with_telemetry(false)
        .build()
        .with_context(loading)
}

impl Fast {
    fn open(environment: &Environment, model: &CheckedModel, threads: u16) -> Result<Self> {
        let shared = PrepackedWeights::new();
        let sessions = (0..threads.clamp(1, MOST_SESSIONS))
            .map(|_| session(environment, model, &shared).map(Mutex::new))
            .collect::<Result<Vec<_>>>()?;
        Ok(Self { sessions })
    }
}

fn session(environment: &Environment, model: &CheckedModel, shared: &PrepackedWeights) -> Result<Session> {
    let opening = || format!("{} cannot be run", model.weights.display());
    let session = open(environment, &model.weights, shared).with_context(opening)?;
    let made_of = session
        .metadata()
        .ok()
        .and_then(|metadata| metadata.custom(MADE_OF));
    let weights = model.manifest.model_ref().sha256;
    ensure!(
        made_of.as_deref().is_none_or(|made_of| made_of == weights),
        "{} was made of other weights than '{}': export it again",
        model.weights.display(),
        model.manifest.weights
    );
    Ok(session)
}

fn open(environment: &Environment, weights: &Path, shared: &PrepackedWeights) -> Result<Session, ort::Error> {
    Session::builder(environment)?
        .with_intra_threads(1)?
        .with_inter_threads(1)?
        .with_optimization_level(GraphOptimizationLevel::All)?
        // Texts are of all lengths: what one needed says nothing of the next.
        .with_memory_pattern(false)?
        .with_prepacked_weights(shared)?
        .commit_from_file(weights)
}

impl Network for Fast {
    fn name(&self) -> &'static str {
        "onnxruntime-int8"
    }

    fn logits(&self, batch: &[&Encoded], _padding: i64) -> Result<Vec<[f32; 3]>> {
        let next = AtomicUsize::new(0);
        let (first, others) = self.sessions.split_first().context("there is no session")?;
        let shares = std::thread::scope(|scope| {
            let others: Vec<_> = others
                .iter()
                .take(batch.len().saturating_sub(1))
                .map(|session| scope.spawn(|| share(session, batch, &next)))
                .collect();
            // This thread works too: a single text, or a single session, needs no other.
            let mut shares = vec![share(first, batch, &next)];
            shares.extend(others.into_iter().map(|other| {
                let joined = other.join();
                joined.unwrap_or_else(|_| Err(anyhow::anyhow!("a thread panicked")))
            }));
            shares.into_iter().collect::<Result<Vec<_>>>()
        })?;
        let mut found: Vec<(usize, [f32; 3])> = shares.into_iter().flatten().collect();
        found.sort_unstable_by_key(|(at, _)| *at);
        Ok(found.into_iter().map(|(_, logits)| logits).collect())
    }
}

/// Computes texts of the batch until none is left; each with its place.
fn share(session: &Mutex<Session>, batch: &[&Encoded], next: &AtomicUsize) -> Result<Vec<(usize, [f32; 3])>> {
    let mut session = session.lock().unwrap_or_else(PoisonError::into_inner);
    let mut found = Vec::new();
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(text) = batch.get(at) else {
            return Ok(found);
        };
        found.push((at, of_one(&mut session, text)?));
    }
}

fn of_one(session: &mut Session, text: &Encoded) -> Result<[f32; 3]> {
    let ids = TensorRef::from_array_view(([1, text.ids.len()], text.ids.as_slice()))?;
    let outputs = session.run(ort::inputs!["input_ids" => ids])?;
    let logits = outputs
        .get("logits")
        .context("the model has no output 'logits'")?;
    let (_, values) = logits.try_extract_tensor::<f32>()?;
    values.try_into().context("the model has not three outputs")
}
