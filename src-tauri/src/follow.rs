//! The candle that is forming, on its way to the chart.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use promptpal_api::LiveCandleDto;
use promptpal_app::{App, LiveUpdate};
use promptpal_domain::SeriesId;
use tauri::ipc::Channel;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::AbortHandle;

/// Four paints a second are what an eye can use.
const PAINT: Duration = Duration::from_millis(250);

/// The one series that the window follows.
#[derive(Debug, Default)]
pub(crate) struct Follower(Mutex<Option<AbortHandle>>);

impl Follower {
    /// Follows `series` instead of the one before.
    pub(crate) fn follow(&self, app: &App, series: SeriesId, channel: Channel<Vec<LiveCandleDto>>) {
        let mut updates = app.live_updates();
        let task = app.spawn(async move {
            loop {
                let mut batch: Vec<LiveUpdate> = Vec::new();
                match updates.recv().await {
                    Ok(updates) => keep(&mut batch, &updates, series),
                    Err(RecvError::Lagged(_)) => continue,
                    Err(RecvError::Closed) => return,
                }
                while let Ok(updates) = updates.try_recv() {
                    keep(&mut batch, &updates, series);
                }
                if batch.is_empty() {
                    continue;
                }
                if channel
                    .send(batch.into_iter().map(LiveCandleDto::from).collect())
                    .is_err()
                {
                    return;
                }
                tokio::time::sleep(PAINT).await;
            }
        });
        self.replace(Some(task));
    }

    /// Follows nothing.
    pub(crate) fn stop(&self) {
        self.replace(None);
    }

    fn replace(&self, next: Option<AbortHandle>) {
        let before = std::mem::replace(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner), next);
        if let Some(task) = before {
            task.abort();
        }
    }
}

/// Of several states of one candle only the newest is painted.
fn keep(batch: &mut Vec<LiveUpdate>, updates: &[LiveUpdate], series: SeriesId) {
    for update in updates.iter().filter(|update| update.series == series) {
        match batch.last_mut() {
            Some(last) if last.live.candle.open_time == update.live.candle.open_time => {
                last.clone_from(update)
            }
            _ => batch.push(update.clone()),
        }
    }
}
