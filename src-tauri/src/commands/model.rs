//! Sentiment models: what they are and how good they are.

use promptpal_api::{EvaluationDto, EvaluationRequest, ModelCardDto, MoodStudyDto, MoodStudyRequest};
use promptpal_app::{App, JobRequest};
use tauri::{AppHandle, State};

use super::Answer;
use super::file::pick_file;

/// The card of the current model.
#[tauri::command]
#[specta::specta]
pub(crate) async fn model_card(app: State<'_, App>) -> Answer<ModelCardDto> {
    Ok(app.model_card().await?.into())
}

/// A file of labelled texts.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_labelled_file(handle: AppHandle) -> Answer<Option<String>> {
    Ok(pick_file(handle, "Labelled texts", ("Labelled texts", &["csv", "txt"])).await)
}

/// Scores the texts of a file and compares with their labels; the answer is the job.
#[tauri::command]
#[specta::specta]
pub(crate) async fn evaluate_model(app: State<'_, App>, request: EvaluationRequest) -> Answer<String> {
    let request = promptpal_app::EvaluationRequest::try_from(request)?;
    Ok(app.start_job(JobRequest::Evaluate(request)).await?.0)
}

/// Evaluations that are kept, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_evaluations(app: State<'_, App>) -> Answer<Vec<EvaluationDto>> {
    let kept = app.evaluations().await?;
    Ok(kept.into_iter().map(EvaluationDto::from).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_evaluation(app: State<'_, App>, id: i32) -> Answer<()> {
    Ok(app.delete_evaluation(id.into()).await?)
}

/// What a price did after strong news about its asset, as the current model scores them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mood_study(app: State<'_, App>, request: MoodStudyRequest) -> Answer<MoodStudyDto> {
    let request = promptpal_app::MoodStudyRequest::try_from(request)?;
    Ok(app.mood_study(request).await?.into())
}
