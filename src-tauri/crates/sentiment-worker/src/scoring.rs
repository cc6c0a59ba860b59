//! Texts in, scores out, by whatever network there is.

use anyhow::{Result, ensure};
use promptpal_sentiment::protocol::{Hello, PROTOCOL_VERSION, RawScore};

use crate::batches;
use crate::model::CheckedModel;
use crate::tokenizer::{Encoded, WordPieces};

/// A model in memory.
pub trait Network {
    /// What computes, as the greeting names it.
    fn name(&self) -> &'static str;

    /// The model's outputs for each text of a batch, in its own order of labels. What a text gets does not depend on the others
    /// by more than 1e-4. `padding` is the piece that stands for none.
    ///
    /// # Errors
    /// When the computation fails.
    fn logits(&self, batch: &[&Encoded], padding: i64) -> Result<Vec<[f32; 3]>>;
}

/// A model that is ready to score.
pub(crate) struct Scoring {
    hello: Hello,
    pieces: WordPieces,
    network: Box<dyn Network>,
    labels: [usize; 3],
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

impl Scoring {
    /// Scores with `network`, which holds `model`.
    pub(crate) fn new(model: &CheckedModel, pieces: WordPieces, network: Box<dyn Network>) -> Self {
        let hello = Hello {
            protocol: PROTOCOL_VERSION,
            engine: network.name().to_owned(),
            model: model.name.id.clone(),
            sha256: model.name.sha256.clone(),
        };
        Self {
            hello,
            pieces,
            network,
            labels: model.labels,
        }
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
            let found = self.computed(&members)?;
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

    /// The scores of one batch.
    fn computed(&self, batch: &[&Encoded]) -> Result<Vec<RawScore>> {
        let logits = self.network.logits(batch, self.pieces.padding())?;
        let scores: Vec<RawScore> = logits
            .iter()
            .filter_map(|logits| {
                let [p, n, u] = self.labels;
                probabilities(&[*logits.get(p)?, *logits.get(n)?, *logits.get(u)?])
            })
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
