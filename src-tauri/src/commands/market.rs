//! Series, charts, live candles, fetching, files.

use std::path::PathBuf;

use promptpal_api::{
    ChartDto, ChartRequest, ExportFormat, ExportRequest, FetchRequest, GapDto, ImportPreviewDto,
    ImportRequest, IndicatorDto, LiveCandleDto, SeriesDto, SymbolDto,
};
use promptpal_app::{App, JobRequest};
use promptpal_domain::SeriesId;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;

use super::Answer;
use crate::follow::Follower;

#[tauri::command]
#[specta::specta]
pub(crate) async fn list_series(app: State<'_, App>) -> Answer<Vec<SeriesDto>> {
    Ok(app.series().await?.into_iter().map(SeriesDto::from).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn series_gaps(app: State<'_, App>, series_id: i32) -> Answer<Vec<GapDto>> {
    Ok(app
        .gaps(SeriesId(series_id.into()))
        .await?
        .into_iter()
        .map(GapDto::from)
        .collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_series(app: State<'_, App>, series_id: i32) -> Answer<()> {
    Ok(app.delete_series(SeriesId(series_id.into())).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn load_chart(app: State<'_, App>, request: ChartRequest) -> Answer<ChartDto> {
    let id = request.series_id;
    Ok(ChartDto::from_chart(id, app.chart(request.into()).await?))
}

#[tauri::command]
#[specta::specta]
pub(crate) fn list_indicators() -> Vec<IndicatorDto> {
    promptpal_app::indicators().map(IndicatorDto::from).collect()
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn search_symbols(app: State<'_, App>, query: String) -> Answer<Vec<SymbolDto>> {
    Ok(app
        .search_symbols(&query)
        .await?
        .into_iter()
        .map(SymbolDto::from)
        .collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_history(app: State<'_, App>, request: FetchRequest) -> Answer<String> {
    let request = promptpal_app::FetchRequest::try_from(request)?;
    Ok(app.start_job(JobRequest::Fetch(request)).await?.0)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_import_file(handle: AppHandle) -> Answer<Option<String>> {
    let dialog = handle
        .dialog()
        .file()
        .set_title("Import candles")
        .add_filter("Candles", &["csv", "txt", "jsonl"]);
    let picked = tauri::async_runtime::spawn_blocking(move || dialog.blocking_pick_file()).await;
    Ok(picked.ok().flatten().map(|path| path.to_string()))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_import(app: State<'_, App>, path: String) -> Answer<ImportPreviewDto> {
    Ok(app.preview_import(PathBuf::from(path)).await?.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn import_file(app: State<'_, App>, request: ImportRequest) -> Answer<String> {
    let request = promptpal_app::ImportRequest::try_from(request)?;
    Ok(app.start_job(JobRequest::Import(request)).await?.0)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_export_path(
    handle: AppHandle,
    suggested: String,
    format: ExportFormat,
) -> Answer<Option<String>> {
    let extension = format.extension();
    let dialog = handle
        .dialog()
        .file()
        .set_file_name(suggested)
        .add_filter(extension, &[extension]);
    let picked = tauri::async_runtime::spawn_blocking(move || dialog.blocking_save_file()).await;
    Ok(picked.ok().flatten().map(|path| path.to_string()))
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn export_series(app: State<'_, App>, request: ExportRequest) -> Answer<String> {
    Ok(app.start_job(JobRequest::Export(request.into())).await?.0)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn start_live(app: State<'_, App>, series_ids: Vec<i32>) -> Answer<()> {
    Ok(app
        .start_live(series_ids.into_iter().map(|id| SeriesId(id.into())).collect())
        .await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_live(app: State<'_, App>) -> Answer<()> {
    app.stop_live().await;
    Ok(())
}

/// Sends the candle that is forming, four times a second at the most, until another series is followed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn follow_series(
    app: State<'_, App>,
    follower: State<'_, Follower>,
    series_id: i32,
    on_candle: Channel<Vec<LiveCandleDto>>,
) -> Answer<()> {
    follower.follow(&app, SeriesId(series_id.into()), on_candle);
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn unfollow_series(follower: State<'_, Follower>) -> Answer<()> {
    follower.stop();
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn load_sample(app: State<'_, App>) -> Answer<String> {
    Ok(app.start_job(JobRequest::Sample).await?.0)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_sample(app: State<'_, App>) -> Answer<()> {
    Ok(app.remove_sample().await?)
}
