//! Candles from files and to files.

use std::path::PathBuf;

use promptpal_api::{
    ColumnChoiceDto, ExportFormat, ExportRequest, FileFormatDto, ImportPreviewDto, ImportRequest,
};
use promptpal_app::{App, JobRequest};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;

use super::Answer;

/// A file of candles; `title` is what the dialog says, in the language of the window. So with the other dialogs.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_import_file(handle: AppHandle, title: String) -> Answer<Option<String>> {
    if let Some(path) = chosen_by_a_test() {
        return Ok(Some(path));
    }
    Ok(pick_file(handle, &title, &["csv", "txt", "zip", "jsonl"]).await)
}

/// A file of funding rates for a backtest.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_funding_file(handle: AppHandle, title: String) -> Answer<Option<String>> {
    Ok(pick_file(handle, &title, &["csv", "txt"]).await)
}

/// Asks for a file; none when the user thinks better of it.
pub(super) async fn pick_file(handle: AppHandle, title: &str, endings: &[&str]) -> Option<String> {
    let dialog = handle.dialog().file().set_title(title).add_filter(title, endings);
    let picked = tauri::async_runtime::spawn_blocking(move || dialog.blocking_pick_file()).await;
    picked.ok().flatten().map(|path| path.to_string())
}

/// Asks for a folder; none when the user thinks better of it.
pub(super) async fn pick_folder(handle: AppHandle, title: &str) -> Option<String> {
    let dialog = handle.dialog().file().set_title(title);
    let picked = tauri::async_runtime::spawn_blocking(move || dialog.blocking_pick_folder()).await;
    picked.ok().flatten().map(|path| path.to_string())
}

/// What a file holds under these meanings of its columns; nothing is stored.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_import(
    app: State<'_, App>,
    path: String,
    format: Option<FileFormatDto>,
    map: Vec<ColumnChoiceDto>,
) -> Answer<ImportPreviewDto> {
    let path = PathBuf::from(path);
    let format = FileFormatDto::or_of_file(format, &path, map);
    Ok(app.preview_import(path, format).await?.into())
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
    Ok(pick_path(handle, suggested, format.extension()).await)
}

/// Asks where a file is to be written.
pub(super) async fn pick_path(
    handle: AppHandle,
    suggested: String,
    extension: &'static str,
) -> Option<String> {
    let dialog = handle
        .dialog()
        .file()
        .set_file_name(suggested)
        .add_filter(extension, &[extension]);
    let picked = tauri::async_runtime::spawn_blocking(move || dialog.blocking_save_file()).await;
    picked.ok().flatten().map(|path| path.to_string())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn export_series(app: State<'_, App>, request: ExportRequest) -> Answer<String> {
    Ok(app.start_job(JobRequest::Export(request.into())).await?.0)
}

/// No test can press a button of the system's own dialog: the window tests name the file that they would choose.
pub(super) fn chosen_by_a_test() -> Option<String> {
    cfg!(feature = "e2e")
        .then(|| std::env::var("PROMPTPAL_E2E_FILE").ok())
        .flatten()
}
