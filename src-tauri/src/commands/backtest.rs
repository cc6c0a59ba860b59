//! Strategies, backtests, reports.

use std::path::PathBuf;

use promptpal_api::{
    BacktestRequest, LanguageDto, RunDto, RunFormatDto, RunReportDto, ScriptProblemDto, StrategyDto,
};
use promptpal_app::{App, JobRequest};
use promptpal_domain::RunId;
use tauri::{AppHandle, State};

use super::Answer;

#[tauri::command]
#[specta::specta]
pub(crate) async fn list_strategies(app: State<'_, App>) -> Answer<Vec<StrategyDto>> {
    Ok(app
        .strategies()
        .await?
        .into_iter()
        .map(StrategyDto::from)
        .collect())
}

/// How scripts are written: the guide and every function, for the editor.
#[tauri::command]
#[specta::specta]
pub(crate) fn strategy_language() -> LanguageDto {
    LanguageDto::current()
}

/// What is wrong in a script; an empty list when it is right.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_script(app: State<'_, App>, source: String) -> Answer<Vec<ScriptProblemDto>> {
    Ok(app
        .check_script(source)
        .await?
        .into_iter()
        .map(ScriptProblemDto::from)
        .collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn save_strategy(app: State<'_, App>, id: String, source: String) -> Answer<StrategyDto> {
    Ok(app.save_strategy(&id, source).await?.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_strategy(app: State<'_, App>, id: String) -> Answer<()> {
    Ok(app.delete_strategy(&id).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn run_backtest(app: State<'_, App>, request: BacktestRequest) -> Answer<String> {
    Ok(app.start_job(JobRequest::Backtest(request.into())).await?.0)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn list_runs(app: State<'_, App>) -> Answer<Vec<RunDto>> {
    Ok(app.runs().await?.into_iter().map(RunDto::from).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn read_run(app: State<'_, App>, id: i32) -> Answer<RunReportDto> {
    Ok(app.run_report(RunId(id.into())).await?.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_run(app: State<'_, App>, id: i32) -> Answer<()> {
    Ok(app.delete_run(RunId(id.into())).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn set_run_note(app: State<'_, App>, id: i32, note: String) -> Answer<()> {
    Ok(app.set_run_note(RunId(id.into()), &note).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn export_run(
    app: State<'_, App>,
    id: i32,
    format: RunFormatDto,
    path: String,
) -> Answer<()> {
    let path = PathBuf::from(path);
    Ok(app.export_run(RunId(id.into()), format.into(), &path).await?)
}

/// Asks where a report is to be written; null when the user thinks better of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_report_path(
    handle: AppHandle,
    suggested: String,
    format: RunFormatDto,
) -> Answer<Option<String>> {
    Ok(super::file::pick_path(handle, suggested, format.extension()).await)
}
