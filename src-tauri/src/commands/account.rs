//! The session.

use promptpal_api::SessionDto;
use promptpal_app::App;
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

use super::Answer;

#[tauri::command]
#[specta::specta]
pub(crate) async fn session(app: State<'_, App>) -> Answer<SessionDto> {
    Ok(app.session().into())
}

/// Opens the issuer's page in the system's browser; how it goes on is told by `SessionChanged`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(handle: AppHandle, app: State<'_, App>) -> Answer<()> {
    let open = move |url: &str| {
        handle
            .opener()
            .open_url(url, None::<&str>)
            .map_err(|error| error.to_string())
    };
    app.sign_in(open).await?;
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_sign_in(app: State<'_, App>) -> Answer<()> {
    app.cancel_sign_in();
    Ok(())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(app: State<'_, App>) -> Answer<()> {
    Ok(app.sign_out().await?)
}
