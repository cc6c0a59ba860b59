//! Start-up and shutdown, in order.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use promptpal_app::{App, AppError, Logging, Options};
use tauri::{Manager, RunEvent, WebviewWindowBuilder};

use crate::command_table;
use crate::follow::Follower;

/// When the program began; tells the time to the first painted frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started(Instant);

impl Started {
    pub(crate) fn first_paint(self) -> u32 {
        let ms = u32::try_from(self.0.elapsed().as_millis()).unwrap_or(u32::MAX);
        tracing::info!(ms, "first frame painted");
        ms
    }
}

/// Runs the desktop program until its window is closed.
#[must_use]
pub fn run() -> ExitCode {
    if let Some(ended) = promptpal_app::read_pages_if_asked() {
        return ended;
    }
    let started = Started(Instant::now());
    // The one TLS stack of the program; a second call would only say that it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match build(started) {
        Ok(program) => {
            program.run(|handle, event| {
                if let RunEvent::Exit = event
                    && let Some(app) = handle.try_state::<App>()
                {
                    let app = app.inner().clone();
                    tauri::async_runtime::block_on(async move { app.shutdown().await });
                }
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            tracing::error!(%error, "could not start");
            ExitCode::FAILURE
        }
    }
}

fn build(started: Started) -> tauri::Result<tauri::App> {
    let commands = command_table();
    tauri::Builder::default()
        // First, so that a second start ends before it touches anything.
        .plugin(tauri_plugin_single_instance::init(|handle, _, _| {
            if let Some(window) = handle.get_webview_window("main") {
                let _ = window.unminimize();
                let _ = window.set_focus();
            }
        }))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .invoke_handler(commands.invoke_handler())
        .setup(move |tauri| match open(tauri.path().resource_dir().ok()) {
            Ok((app, logging)) => {
                let web_dir = app.paths().web_dir.clone();
                app.work_in_background();
                tauri.manage(logging);
                tauri.manage(app);
                tauri.manage(started);
                tauri.manage(Follower::default());
                open_window(tauri.handle(), web_dir)
            }
            Err(error) => {
                explain(tauri.handle(), &error);
                Err(error.into())
            }
        })
        .build(tauri::generate_context!())
}

/// Only now, when every command finds what it works on.
fn open_window(handle: &tauri::AppHandle, web_dir: PathBuf) -> Result<(), Box<dyn std::error::Error>> {
    for window in &handle.config().app.windows {
        WebviewWindowBuilder::from_config(handle, window)?
            .data_directory(web_dir.clone())
            .build()?;
    }
    Ok(())
}

/// The log first, so that it has whatever goes wrong after.
fn open(resources: Option<PathBuf>) -> Result<(App, Logging), AppError> {
    let options = Options::of_desktop(resources)?;
    let logging = promptpal_app::start_logging(Some(&options.paths.log_dir), 0);
    promptpal_app::report_panics();
    let app = tauri::async_runtime::block_on(App::start(options))?;
    Ok((app, logging))
}

/// A program that cannot start says why in a window of the system, since it has none of its own.
fn explain(handle: &tauri::AppHandle, error: &promptpal_app::AppError) {
    use tauri_plugin_dialog::{DialogExt, MessageDialogKind};
    let error = promptpal_api::ApiError::from(error);
    let text = format!("{}\n\n{}", error.message, error.hint.unwrap_or_default());
    handle
        .dialog()
        .message(text)
        .title("Promptpal cannot start")
        .kind(MessageDialogKind::Error)
        .blocking_show();
}
