//! Sentiment models: which there are, how good they are, and what prices did after what they called strong news.

use serde::{Deserialize, Serialize};

use crate::{ModelDto, TimeMs};

/// A file of labelled texts to be scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationRequest {
    /// A CSV with a header.
    pub path: String,
    /// Its column of texts; found by its name when null.
    pub text: Option<String>,
    /// Its column of labels; found by its name when null.
    pub label: Option<String>,
    /// What labels mean that are no words, `0=negative,1=positive,2=neutral`; null where they are words.
    pub labels: Option<String>,
}

/// What people say about a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum LabelDto {
    Negative,
    Neutral,
    Positive,
}

/// How often answers are right about one label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct LabelAgreementDto {
    /// The label.
    pub label: LabelDto,
    /// How many texts have it.
    #[specta(type = specta_typescript::Number)]
    pub texts: u64,
    /// Part of the texts answered so that have it; null where nothing was answered so.
    #[specta(type = Option<specta_typescript::Number>)]
    pub precision: Option<f64>,
    /// Part of the texts that have it that were answered so; null where none has it.
    #[specta(type = Option<specta_typescript::Number>)]
    pub recall: Option<f64>,
    /// Harmonic mean of the two.
    #[specta(type = Option<specta_typescript::Number>)]
    pub f1: Option<f64>,
    /// How many of these texts were answered negative, neutral and positive.
    #[specta(type = Vec<specta_typescript::Number>)]
    pub answered: Vec<u64>,
}

/// How often answers are what people said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct AgreementDto {
    /// Part of the texts whose answer is the label.
    #[specta(type = specta_typescript::Number)]
    pub accuracy: f64,
    /// Lower end of its 95 % interval (Wilson).
    #[specta(type = specta_typescript::Number)]
    pub accuracy_low: f64,
    /// Upper end.
    #[specta(type = specta_typescript::Number)]
    pub accuracy_high: f64,
    /// Mean of the F1 scores of the labels.
    #[specta(type = specta_typescript::Number)]
    pub macro_f1: f64,
    /// Negative, neutral, positive.
    pub labels: Vec<LabelAgreementDto>,
}

/// Texts whose answer is about as probable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct CalibrationBinDto {
    /// Probabilities of its answers are above this.
    #[specta(type = specta_typescript::Number)]
    pub from: f64,
    /// And at most this.
    #[specta(type = specta_typescript::Number)]
    pub to: f64,
    /// How many texts.
    #[specta(type = specta_typescript::Number)]
    pub texts: u64,
    /// Mean probability of their answers.
    #[specta(type = specta_typescript::Number)]
    pub confidence: f64,
    /// Part of them that is right.
    #[specta(type = specta_typescript::Number)]
    pub accuracy: f64,
}

/// A row of a file that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct RefusedRowDto {
    /// Its line, from 1.
    #[specta(type = specta_typescript::Number)]
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// How good a model was on a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationDto {
    /// Its id.
    pub id: i32,
    /// The model.
    pub model: ModelDto,
    /// The file.
    pub path: String,
    /// When it finished.
    pub finished: TimeMs,
    /// How many texts were scored.
    #[specta(type = specta_typescript::Number)]
    pub texts: u64,
    /// How many rows of the file were left out.
    #[specta(type = specta_typescript::Number)]
    pub refused: u64,
    /// The first of them.
    pub refusals: Vec<RefusedRowDto>,
    /// Texts that bring the scoring program down.
    #[specta(type = specta_typescript::Number)]
    pub left_out: u64,
    /// Texts of which the model saw only the beginning.
    #[specta(type = specta_typescript::Number)]
    pub truncated: u64,
    /// Part of the texts that have the most frequent label.
    #[specta(type = specta_typescript::Number)]
    pub majority: f64,
    /// The model's answers.
    pub answers: AgreementDto,
    /// Expected calibration error.
    #[specta(type = specta_typescript::Number)]
    pub expected_error: f64,
    /// Brier score, 0 to 2.
    #[specta(type = specta_typescript::Number)]
    pub brier: f64,
    /// Of each bin that has texts, ascending.
    pub bins: Vec<CalibrationBinDto>,
    /// The answers of a list of good and bad words.
    pub word_list: AgreementDto,
}

/// Prices and strong news to be held together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct MoodStudyRequest {
    /// The prices.
    pub series_id: i32,
    /// First bar; the first stored when null.
    pub from: Option<TimeMs>,
    /// After the last bar; after the last stored when null.
    pub to: Option<TimeMs>,
    /// From which mean score on news are strong, above 0 and at most 1.
    #[specta(type = specta_typescript::Number)]
    pub strong: f64,
    /// After how many bars the price is looked at, each at least 1.
    pub lengths: Vec<u32>,
}

/// What a price did some bars after strong news.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ResponseDto {
    /// Bars later.
    #[specta(type = specta_typescript::Number)]
    pub bars: u64,
    /// Events that have so many bars behind them.
    #[specta(type = specta_typescript::Number)]
    pub events: u64,
    /// Days that they happened on.
    #[specta(type = specta_typescript::Number)]
    pub days: u64,
    /// Mean return; null without events.
    #[specta(type = Option<specta_typescript::Number>)]
    pub mean: Option<f64>,
    /// Lower end of its 95 % band; null on fewer than two days.
    #[specta(type = Option<specta_typescript::Number>)]
    pub low: Option<f64>,
    /// Upper end.
    #[specta(type = Option<specta_typescript::Number>)]
    pub high: Option<f64>,
    /// Mean return over as many bars from any bar.
    #[specta(type = Option<specta_typescript::Number>)]
    pub usual: Option<f64>,
}

/// What a price did after good and after bad news.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct MoodStudyDto {
    /// Whose news.
    pub asset: String,
    /// Scored articles about it, each story once.
    #[specta(type = specta_typescript::Number)]
    pub articles: u64,
    /// Candles.
    #[specta(type = specta_typescript::Number)]
    pub bars: u64,
    /// After good news, one for each length.
    pub positive: Vec<ResponseDto>,
    /// After bad news.
    pub negative: Vec<ResponseDto>,
}

/// What is known of a model that is installed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelCardDto {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// SPDX identifier of its licence.
    pub licence: String,
    /// ISO 639-1 code of the language it reads.
    pub language: String,
    /// SHA-256 of the weights that score when this model does, by which its scores name it.
    pub sha256: String,
    /// Bytes of all its files.
    #[specta(type = specta_typescript::Number)]
    pub bytes: u64,
    /// The longest input in word pieces.
    pub max_pieces: u32,
    /// Where it lies.
    pub folder: String,
    /// What those who made it say of it: Markdown. Null where they say nothing.
    pub readme: Option<String>,
}

/// Where a model comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ModelOriginDto {
    Program,
    Catalogue,
    Folder,
}

/// Whether a model can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "state", rename_all = "camelCase")]
pub enum ModelStateDto {
    /// It can be downloaded.
    Available,
    /// A download ended early; what has arrived is kept.
    Partly {
        /// So many bytes.
        #[specta(type = specta_typescript::Number)]
        bytes: u64,
    },
    /// It is here.
    Installed,
    /// It is here and cannot be used.
    Refused {
        /// Why.
        reason: String,
    },
}

/// A model in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ModelLineDto {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// SPDX identifier of its licence.
    pub licence: String,
    /// ISO 639-1 code of the language it reads.
    pub language: String,
    /// What it is, where the catalogue says so.
    pub about: Option<String>,
    /// Address where its licence is stated, where the catalogue says so.
    pub licence_source: Option<String>,
    /// Where it comes from.
    pub origin: ModelOriginDto,
    /// Bytes of its files; about so many where it is not here.
    #[specta(type = specta_typescript::Number)]
    pub bytes: u64,
    /// Whether it can be used.
    pub status: ModelStateDto,
    /// Whether it scores now.
    pub current: bool,
    /// SHA-256 of the weights that score when this model does, where it is here.
    pub sha256: Option<String>,
}
