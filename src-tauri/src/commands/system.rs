//! The program itself.

use promptpal_api::{AppInfoDto, EventDto, SettingsDto, StatusDto};
use promptpal_app::App;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

use super::Answer;
use crate::events;
use crate::start::Started;

#[tauri::command]
#[specta::specta]
pub(crate) fn app_info(handle: AppHandle, app: State<'_, App>) -> AppInfoDto {
    let bundle = tauri::utils::platform::bundle_type().map(|kind| format!("{kind:?}").to_lowercase());
    AppInfoDto::new(
        handle.package_info().version.to_string(),
        bundle,
        app.paths(),
        app.first_run(),
    )
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn status(app: State<'_, App>) -> Answer<StatusDto> {
    Ok(app.status().await?.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn settings(app: State<'_, App>) -> Answer<SettingsDto> {
    Ok(app.settings().into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn save_settings(app: State<'_, App>, settings: SettingsDto) -> Answer<SettingsDto> {
    Ok(app.save_settings(settings.try_into()?).await?.into())
}

/// Sends every fact from now on, in batches, until the window is gone.
#[tauri::command]
#[specta::specta]
pub(crate) async fn subscribe(app: State<'_, App>, on_event: Channel<Vec<EventDto>>) -> Answer<()> {
    events::forward(&app, on_event);
    Ok(())
}

/// The window reports its first painted frame; answers with the milliseconds since the program began.
#[tauri::command]
#[specta::specta]
pub(crate) fn first_paint(started: State<'_, Started>) -> u32 {
    started.first_paint()
}

/// Opens an article in the system's browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_link(handle: AppHandle, url: String) -> Answer<()> {
    let url = promptpal_app::web_link(&url)?;
    handle
        .opener()
        .open_url(url, None::<&str>)
        .map_err(|error| promptpal_app::AppError::opening(error.to_string()))?;
    Ok(())
}

/// Opens the folder of the data, of the logs or of the reports.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_folder(handle: AppHandle, app: State<'_, App>, which: FolderDto) -> Answer<()> {
    let folder = match which {
        FolderDto::Data => app.paths().data_dir.clone(),
        FolderDto::Logs => app.paths().log_dir.clone(),
        FolderDto::Reports => app.paths().reports_dir.clone(),
    };
    let opened = handle.opener().open_path(folder.to_string_lossy(), None::<&str>);
    opened.map_err(|error| promptpal_app::AppError::opening(error.to_string()))?;
    Ok(())
}

/// A folder that can be opened.
#[derive(Clone, Copy, Debug, serde::Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FolderDto {
    /// The database's.
    Data,
    /// The logs'.
    Logs,
    /// The reports'.
    Reports,
}
