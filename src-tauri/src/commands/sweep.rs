//! Sweeps.

use promptpal_api::{SweepDto, SweepReportDto, SweepRequest};
use promptpal_app::{App, JobRequest};
use promptpal_domain::SweepId;
use tauri::State;

use super::Answer;

#[tauri::command]
#[specta::specta]
pub(crate) async fn run_sweep(app: State<'_, App>, request: SweepRequest) -> Answer<String> {
    Ok(app.start_job(JobRequest::Sweep(request.into())).await?.0)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn list_sweeps(app: State<'_, App>) -> Answer<Vec<SweepDto>> {
    Ok(app.sweeps().await?.into_iter().map(SweepDto::from).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn read_sweep(app: State<'_, App>, id: i32) -> Answer<SweepReportDto> {
    Ok(app.sweep_report(SweepId(id.into())).await?.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_sweep(app: State<'_, App>, id: i32) -> Answer<()> {
    Ok(app.delete_sweep(SweepId(id.into())).await?)
}
