//! The updater: signed packages of newer versions only.

use promptpal_api::{ApiError, UpdateDto};
use promptpal_app::{App, AppError};
use tauri::AppHandle;
use tauri::ipc::Channel;
use tauri_plugin_updater::{Update, UpdaterExt};

/// Asks for a newer version.
pub(crate) async fn check(handle: &AppHandle, app: &App) -> Result<UpdateDto, ApiError> {
    let version = handle.package_info().version.to_string();
    Ok(match newer(handle, app).await? {
        Some(update) => UpdateDto::Available {
            version: update.version,
            notes: update.body,
        },
        None => UpdateDto::UpToDate { version },
    })
}

/// Installs a newer version, if there is one.
pub(crate) async fn install(handle: &AppHandle, app: &App, on_bytes: Channel<u32>) -> Result<bool, ApiError> {
    let Some(update) = newer(handle, app).await? else {
        return Ok(false);
    };
    let mut total: u32 = 0;
    let progress = |chunk: usize, _: Option<u64>| {
        total = total.saturating_add(u32::try_from(chunk).unwrap_or(u32::MAX));
        let _ = on_bytes.send(total);
    };
    update
        .download_and_install(progress, || {})
        .await
        .map_err(|error| AppError::update(error.to_string()))?;
    Ok(true)
}

async fn newer(handle: &AppHandle, app: &App) -> Result<Option<Update>, ApiError> {
    let failed = |error: tauri_plugin_updater::Error| AppError::update(error.to_string());
    let mut builder = handle
        .updater_builder()
        .timeout(std::time::Duration::from_secs(30));
    if let Some(endpoint) = &app.config().updates.endpoint {
        builder = builder.endpoints(vec![endpoint.clone()]).map_err(failed)?;
    }
    Ok(builder.build().map_err(failed)?.check().await.map_err(failed)?)
}
