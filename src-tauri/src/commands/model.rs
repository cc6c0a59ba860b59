//! Sentiment models: what they are and how good they are.

use promptpal_api::{
    EvaluationDto, EvaluationRequest, ModelCardDto, ModelLineDto, MoodStudyDto, MoodStudyRequest,
};
use promptpal_app::{App, JobRequest, ModelDownload, ModelImport};
use tauri::{AppHandle, State};

use super::Answer;
use super::file::{chosen_by_a_test, pick_file, pick_folder};

/// The models that are here and those of the catalogue.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_models(app: State<'_, App>) -> Answer<Vec<ModelLineDto>> {
    Ok(app.models().await?.into_iter().map(ModelLineDto::from).collect())
}

/// The card of a model that is here; of the current one when null.
#[tauri::command]
#[specta::specta]
pub(crate) async fn model_card(app: State<'_, App>, id: Option<String>) -> Answer<ModelCardDto> {
    Ok(app.model_card(id.as_deref()).await?.into())
}

/// Downloads a model of the catalogue; the answer is the job.
#[tauri::command]
#[specta::specta]
pub(crate) async fn download_model(app: State<'_, App>, id: String) -> Answer<String> {
    Ok(app
        .start_job(JobRequest::DownloadModel(ModelDownload { id }))
        .await?
        .0)
}

/// A folder of a model.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_model_folder(handle: AppHandle, title: String) -> Answer<Option<String>> {
    Ok(pick_folder(handle, &title).await)
}

/// Takes a model from a folder; the answer is the job.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_model(app: State<'_, App>, folder: String) -> Answer<String> {
    let folder = folder.into();
    let request = ModelImport {
        folder,
        ..ModelImport::default()
    };
    Ok(app.start_job(JobRequest::ImportModel(request)).await?.0)
}

/// Lets a model score from now on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_model(app: State<'_, App>, id: String) -> Answer<()> {
    Ok(app.use_model(&id).await?)
}

/// Removes a model; its scores stay.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_model(app: State<'_, App>, id: String) -> Answer<()> {
    Ok(app.remove_model(&id).await?)
}

/// A file of labelled texts.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_labelled_file(handle: AppHandle, title: String) -> Answer<Option<String>> {
    if let Some(path) = chosen_by_a_test() {
        return Ok(Some(path));
    }
    Ok(pick_file(handle, &title, &["csv", "txt"]).await)
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
