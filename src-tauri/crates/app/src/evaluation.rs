//! How good the current model is, on a file of texts that people have labelled.
//!
//! An evaluation is a job. What came out is kept, the newest first, so that models can be held beside each other.

use std::fs::File;
use std::path::PathBuf;

use promptpal_domain::{Sentiment, Timestamp};
use promptpal_sentiment::{
    Agreement, Evaluation, Label, LabelNames, LabelledFile, LabelledFileError, RefusedRow, ScoringError,
    WordList,
};
use serde::{Deserialize, Serialize};

use crate::bus::Event;
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::{App, AppError};

/// Texts scored before progress is told.
const BATCH: usize = 128;
/// Rows left out that are kept one by one.
const REFUSALS_KEPT: usize = 20;
/// Evaluations that are kept.
const KEPT: usize = 20;
/// Where they are kept.
const KEY: &str = "evaluations";

/// Which texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelEvaluation {
    /// Its number among those kept.
    pub id: i64,
    /// The file.
    pub file: PathBuf,
    /// When it finished.
    #[serde(with = "crate::text_form")]
    pub finished: Timestamp,
    /// Id of the model.
    pub model: String,
    /// SHA-256 of its weights.
    pub sha256: String,
    /// How often it is right, and how much its probabilities can be believed.
    pub evaluation: Evaluation,
    /// How often a list of good and bad words is right on the same texts.
    pub word_list: Agreement,
    /// How many rows of the file were left out.
    pub refused: u64,
    /// The first of them.
    pub refusals: Vec<RefusedRow>,
    /// Texts that bring the worker down.
    pub left_out: u64,
    /// Texts of which the model saw only the beginning.
    pub truncated: u64,
}

impl App {
    /// Scores the texts of a file, compares with their labels and keeps what came out.
    pub(crate) async fn evaluate_model(
        &self,
        request: EvaluationRequest,
        progress: &Progress,
    ) -> Result<ModelEvaluation, AppError> {
        progress.phase(Step::ReadingFile.of([request.file.display()]), Unit::Texts, None);
        let path = request.file.clone();
        let LabelledFile { texts, refused } = tokio::task::spawn_blocking(move || read(&request)).await??;
        let model = self.model()?;
        let list = WordList::default();
        let mut pairs: Vec<(Label, Sentiment)> = Vec::with_capacity(texts.len());
        let mut by_list: Vec<(Label, Label)> = Vec::with_capacity(texts.len());
        let (mut left_out, mut truncated) = (0, 0);
        progress.phase(Step::ScoringTexts, Unit::Texts, Some(texts.len() as u64));
        for batch in texts.chunks(BATCH) {
            let wanted = batch.iter().map(|text| text.text.clone()).collect();
            let scores = match self.score_texts(wanted, progress.cancel_token()).await {
                Ok(scores) => scores.into_iter().map(Some).collect(),
                Err(AppError::Scoring(ScoringError::Quarantined { scored, .. })) => scored,
                Err(error) if self.model()? == model => return Err(error),
                Err(_) => return Err(changed()),
            };
            if self.model()? != model {
                return Err(changed());
            }
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
            progress.advance(batch.len() as u64);
        }
        let measured = Evaluation::of(&pairs).zip(Agreement::of(by_list));
        let (evaluation, word_list) = measured.ok_or_else(|| {
            AppError::invalid(
                "no text could be scored",
                "each of them brings the scoring worker down",
            )
        })?;
        let mut kept = self.evaluations().await?;
        let found = ModelEvaluation {
            id: kept.iter().map(|one| one.id).max().unwrap_or(0) + 1,
            file: path,
            finished: self.inner.clock.now(),
            model: model.id,
            sha256: model.sha256,
            evaluation,
            word_list,
            refused: refused.len() as u64,
            refusals: refused.into_iter().take(REFUSALS_KEPT).collect(),
            left_out,
            truncated,
        };
        kept.insert(0, found.clone());
        kept.truncate(KEPT);
        self.keep_evaluations(&kept).await?;
        Ok(found)
    }

    /// Evaluations that are kept, newest first.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn evaluations(&self) -> Result<Vec<ModelEvaluation>, AppError> {
        let Some(kept) = self.store().setting(KEY).await? else {
            return Ok(Vec::new());
        };
        // What another version kept in another form is no reason to fail; the next evaluation takes its place.
        Ok(serde_json::from_value(kept).unwrap_or_else(|error| {
            tracing::warn!(%error, "earlier evaluations cannot be read");
            Vec::new()
        }))
    }

    /// Forgets an evaluation.
    ///
    /// # Errors
    /// [`AppError::NotFound`], [`AppError::Store`]
    pub async fn delete_evaluation(&self, id: i64) -> Result<(), AppError> {
        let mut kept = self.evaluations().await?;
        let before = kept.len();
        kept.retain(|one| one.id != id);
        if kept.len() == before {
            return Err(AppError::NotFound {
                what: "evaluation",
                id: id.to_string(),
            });
        }
        self.keep_evaluations(&kept).await
    }

    async fn keep_evaluations(&self, kept: &[ModelEvaluation]) -> Result<(), AppError> {
        let value = serde_json::to_value(kept).map_err(|error| AppError::Internal(error.to_string()))?;
        self.store().put_setting(KEY, &value).await?;
        self.bus().announce(Event::EvaluationsChanged);
        Ok(())
    }
}

fn changed() -> AppError {
    AppError::invalid(
        "another model was chosen while this one was checked",
        "start the check again",
    )
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
