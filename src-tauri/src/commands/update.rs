//! Updates of the program.

use promptpal_api::UpdateDto;
use promptpal_app::App;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use super::Answer;
use crate::update;

#[tauri::command]
#[specta::specta]
pub(crate) async fn check_update(handle: AppHandle, app: State<'_, App>) -> Answer<UpdateDto> {
    update::check(&handle, &app).await
}

/// Downloads, checks and installs; false when there is nothing newer. The new version runs from the next start on.
#[tauri::command]
#[specta::specta]
pub(crate) async fn install_update(
    handle: AppHandle,
    app: State<'_, App>,
    on_bytes: Channel<u32>,
) -> Answer<bool> {
    update::install(&handle, &app, on_bytes).await
}
