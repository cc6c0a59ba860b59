//! Facts of the bus on their way to the window.

use std::time::Duration;

use promptpal_api::EventDto;
use promptpal_app::App;
use tauri::ipc::Channel;
use tokio::sync::broadcast::error::RecvError;

/// Facts are collected this long, so that a burst costs one message.
const BATCH: Duration = Duration::from_millis(80);

/// Sends facts in batches until the window or the program ends.
pub(crate) fn forward(app: &App, channel: Channel<Vec<EventDto>>) {
    let mut facts = app.bus().listen();
    app.spawn(async move {
        loop {
            let mut batch = Vec::new();
            match facts.recv().await {
                Ok(event) => batch.push(EventDto::from(event)),
                Err(RecvError::Lagged(_)) => batch.push(EventDto::Lagged),
                Err(RecvError::Closed) => return,
            }
            tokio::time::sleep(BATCH).await;
            while let Ok(event) = facts.try_recv() {
                let event = EventDto::from(event);
                if !batch.contains(&event) {
                    batch.push(event);
                }
            }
            if channel.send(batch).is_err() {
                return;
            }
        }
    });
}
