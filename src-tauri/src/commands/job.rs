//! Jobs.

use promptpal_api::JobDto;
use promptpal_app::App;
use promptpal_domain::JobId;
use tauri::State;

use super::Answer;

#[tauri::command]
#[specta::specta]
pub(crate) async fn jobs(app: State<'_, App>) -> Answer<Vec<JobDto>> {
    Ok(app.jobs().await?.into_iter().map(JobDto::from).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_job(app: State<'_, App>, id: String) -> Answer<()> {
    Ok(app.cancel_job(&JobId(id)).await?)
}

/// Starts an interrupted, failed or cancelled job again; what is done already is not done twice.
#[tauri::command]
#[specta::specta]
pub(crate) async fn retry_job(app: State<'_, App>, id: String) -> Answer<String> {
    Ok(app.retry_job(&JobId(id)).await?.0)
}
