//! How good the current model is, on a file of texts that people have labelled.

use std::fs::File;
use std::path::PathBuf;

use promptpal_domain::{ModelRef, Sentiment};
use promptpal_sentiment::{
    Agreement, Evaluation, Label, LabelNames, LabelledFile, LabelledFileError, RefusedRow, ScoringError,
    WordList,
};
use tokio_util::sync::CancellationToken;

use crate::{App, AppError};

/// Texts scored before progress is told.
const BATCH: usize = 128;

/// Which texts.
#[derive(Clone, Debug, Default)]
pub struct EvaluationRequest {
    /// A CSV with a header.
    pub file: PathBuf,
    /// Its column of texts, where the name does not tell.
    pub text: Option<String>,
    /// Its column of labels, where the name does not tell.
    pub label: Option<String>,
    /// What the labels mean, where they are no words.
    pub names: LabelNames,
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelEvaluation {
    /// The model.
    pub model: ModelRef,
    /// How often it is right, and how much its probabilities can be believed.
    pub evaluation: Evaluation,
    /// How often a list of good and bad words is right on the same texts.
    pub word_list: Agreement,
    /// Rows of the file that were left out.
    pub refused: Vec<RefusedRow>,
    /// Texts that bring the worker down.
    pub left_out: u64,
    /// Texts of which the model saw only the beginning.
    pub truncated: u64,
}

impl App {
    /// Scores the texts of a file and compares with their labels. `told` hears how many are scored, of how many.
    ///
    /// # Errors
    /// [`AppError::File`], [`AppError::Invalid`] for a file without labelled texts, [`AppError::Scoring`].
    pub async fn evaluate_model(
        &self,
        request: EvaluationRequest,
        told: &(dyn Fn(u64, u64) + Sync),
        cancel: &CancellationToken,
    ) -> Result<ModelEvaluation, AppError> {
        let LabelledFile { texts, refused } = tokio::task::spawn_blocking(move || read(&request))
            .await
            .map_err(|error| AppError::Internal(error.to_string()))??;
        let model = self.model()?;
        let list = WordList::default();
        let mut pairs: Vec<(Label, Sentiment)> = Vec::with_capacity(texts.len());
        let mut by_list: Vec<(Label, Label)> = Vec::with_capacity(texts.len());
        let (mut left_out, mut truncated) = (0, 0);
        told(0, texts.len() as u64);
        for (number, batch) in texts.chunks(BATCH).enumerate() {
            let wanted = batch.iter().map(|text| text.text.clone()).collect();
            let scores = match self.score_texts(wanted, cancel).await {
                Ok(scores) => scores.into_iter().map(Some).collect(),
                Err(AppError::Scoring(ScoringError::Quarantined { scored, .. })) => scored,
                Err(error) => return Err(error),
            };
            for (text, score) in batch.iter().zip(scores) {
                // The list answers what the model answers, so that both are measured on the same texts.
                match score {
                    Some(score) => {
                        truncated += u64::from(score.truncated);
                        pairs.push((text.label, score.sentiment));
                        by_list.push((text.label, list.label(&text.text)));
                    }
                    None => left_out += 1,
                }
            }
            told((number * BATCH + batch.len()) as u64, texts.len() as u64);
        }
        let measured = Evaluation::of(&pairs).zip(Agreement::of(by_list));
        let (evaluation, word_list) = measured.ok_or_else(|| {
            AppError::invalid(
                "no text could be scored",
                "each of them brings the scoring worker down",
            )
        })?;
        Ok(ModelEvaluation {
            model,
            evaluation,
            word_list,
            refused,
            left_out,
            truncated,
        })
    }
}

fn read(request: &EvaluationRequest) -> Result<LabelledFile, AppError> {
    let refused = |source: std::io::Error| AppError::File {
        doing: "read",
        path: request.file.clone(),
        source,
    };
    let file = File::open(&request.file).map_err(refused)?;
    let (text, label) = (request.text.as_deref(), request.label.as_deref());
    LabelledFile::read(file, text, label, &request.names).map_err(|error| match error {
        LabelledFileError::Read(error) => refused(std::io::Error::other(error)),
        other => AppError::invalid(
            other.to_string(),
            "a file of labelled texts is a CSV with a header, a column of texts and one of labels",
        ),
    })
}
