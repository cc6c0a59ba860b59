//! Sentiment models.

use promptpal_app::causes::{
    Agreement, CalibrationBin, Label, LabelAgreement, LabelNames, RefusedRow, Response,
};
use promptpal_app::{ModelCard, ModelEvaluation, ModelLine, ModelOrigin, ModelState, MoodStudy};
use promptpal_domain::{SeriesId, Span, Timestamp};

use super::{finite, id, refused};
use crate::{
    AgreementDto, ApiError, CalibrationBinDto, EvaluationDto, EvaluationRequest, LabelAgreementDto, LabelDto,
    ModelCardDto, ModelDto, ModelLineDto, ModelOriginDto, ModelStateDto, MoodStudyDto, MoodStudyRequest,
    RefusedRowDto, ResponseDto,
};

impl TryFrom<EvaluationRequest> for promptpal_app::EvaluationRequest {
    type Error = ApiError;

    fn try_from(request: EvaluationRequest) -> Result<Self, ApiError> {
        let names = match request.labels {
            Some(names) => names.parse().map_err(|error| {
                refused(
                    error,
                    "Write what each label means: 0=negative,1=positive,2=neutral.",
                )
            })?,
            None => LabelNames::default(),
        };
        Ok(Self {
            file: request.path.into(),
            text: request.text,
            label: request.label,
            names,
        })
    }
}

impl From<Label> for LabelDto {
    fn from(label: Label) -> Self {
        match label {
            Label::Negative => Self::Negative,
            Label::Neutral => Self::Neutral,
            Label::Positive => Self::Positive,
        }
    }
}

impl From<Agreement> for AgreementDto {
    fn from(found: Agreement) -> Self {
        let label = |(of, answered): (&LabelAgreement, &[u64; 3])| LabelAgreementDto {
            label: of.label.into(),
            texts: of.texts,
            precision: of.precision,
            recall: of.recall,
            f1: of.f1,
            answered: answered.to_vec(),
        };
        let (accuracy_low, accuracy_high) = found.accuracy_range;
        Self {
            accuracy: found.accuracy,
            accuracy_low,
            accuracy_high,
            macro_f1: found.macro_f1,
            labels: found.labels.iter().zip(&found.confusion).map(label).collect(),
        }
    }
}

impl From<CalibrationBin> for CalibrationBinDto {
    fn from(bin: CalibrationBin) -> Self {
        Self {
            from: bin.from,
            to: bin.to,
            texts: bin.texts,
            confidence: bin.confidence,
            accuracy: bin.accuracy,
        }
    }
}

impl From<RefusedRow> for RefusedRowDto {
    fn from(RefusedRow { line, reason }: RefusedRow) -> Self {
        Self { line, reason }
    }
}

impl From<ModelEvaluation> for EvaluationDto {
    fn from(found: ModelEvaluation) -> Self {
        let agreement = found.evaluation.agreement;
        let calibration = found.evaluation.calibration;
        Self {
            id: id(found.id),
            model: ModelDto {
                id: found.model,
                sha256: found.sha256,
            },
            path: found.file.display().to_string(),
            finished: found.finished.into(),
            texts: agreement.texts,
            refused: found.refused,
            refusals: found.refusals.into_iter().map(Into::into).collect(),
            left_out: found.left_out,
            truncated: found.truncated,
            majority: agreement.majority(),
            answers: agreement.into(),
            expected_error: calibration.expected_error,
            brier: calibration.brier,
            bins: calibration.bins.into_iter().map(Into::into).collect(),
            word_list: found.word_list.into(),
        }
    }
}

impl TryFrom<MoodStudyRequest> for promptpal_app::MoodStudyRequest {
    type Error = ApiError;

    fn try_from(request: MoodStudyRequest) -> Result<Self, ApiError> {
        let from = request.from.map_or(Span::ALL.from(), Timestamp::from);
        let to = request.to.map_or(Span::ALL.to(), Timestamp::from);
        let span = Span::new(from, to).map_err(|error| refused(error, "Let the begin be before the end."))?;
        Ok(Self {
            series: SeriesId(request.series_id.into()),
            span,
            strong: request.strong,
            lengths: request.lengths.into_iter().map(|bars| bars as usize).collect(),
        })
    }
}

impl From<Response> for ResponseDto {
    fn from(found: Response) -> Self {
        Self {
            bars: found.bars as u64,
            events: found.events as u64,
            days: found.days as u64,
            mean: finite(found.mean),
            low: found.band.and_then(|(low, _)| finite(low)),
            high: found.band.and_then(|(_, high)| finite(high)),
            usual: finite(found.usual),
        }
    }
}

impl From<MoodStudy> for MoodStudyDto {
    fn from(found: MoodStudy) -> Self {
        let responses = |all: Vec<Response>| all.into_iter().map(Into::into).collect();
        Self {
            asset: found.asset.to_string(),
            articles: found.articles as u64,
            bars: found.bars as u64,
            positive: responses(found.study.positive),
            negative: responses(found.study.negative),
        }
    }
}

impl From<ModelCard> for ModelCardDto {
    fn from(card: ModelCard) -> Self {
        let ModelCard {
            manifest,
            sha256,
            folder,
            readme,
        } = card;
        Self {
            sha256,
            bytes: manifest.files.iter().map(|file| file.bytes).sum(),
            max_pieces: u32::try_from(manifest.max_pieces).unwrap_or(u32::MAX),
            id: manifest.id,
            title: manifest.title,
            licence: manifest.licence,
            language: manifest.language,
            folder: folder.display().to_string(),
            readme,
        }
    }
}

impl From<ModelOrigin> for ModelOriginDto {
    fn from(origin: ModelOrigin) -> Self {
        match origin {
            ModelOrigin::Program => Self::Program,
            ModelOrigin::Catalogue => Self::Catalogue,
            ModelOrigin::Folder => Self::Folder,
        }
    }
}

impl From<ModelState> for ModelStateDto {
    fn from(state: ModelState) -> Self {
        match state {
            ModelState::Available => Self::Available,
            ModelState::Partly { bytes } => Self::Partly { bytes },
            ModelState::Installed => Self::Installed,
            ModelState::Refused { reason } => Self::Refused { reason },
        }
    }
}

impl From<ModelLine> for ModelLineDto {
    fn from(line: ModelLine) -> Self {
        Self {
            id: line.id,
            title: line.title,
            licence: line.licence,
            language: line.language,
            about: line.about,
            licence_source: line.licence_source,
            origin: line.origin.into(),
            bytes: line.bytes,
            status: line.state.into(),
            current: line.current,
            sha256: line.sha256,
        }
    }
}
