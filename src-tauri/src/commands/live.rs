//! Live candles, the watchlist, connections.

use promptpal_api::{ConnectionDto, LiveCandleDto, WatchRowDto, WatchSymbolDto};
use promptpal_app::App;
use promptpal_domain::SeriesId;
use tauri::State;
use tauri::ipc::Channel;

use super::Answer;
use crate::follow::Follower;

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
pub(crate) async fn connections(app: State<'_, App>) -> Answer<Vec<ConnectionDto>> {
    Ok(app.connections()?.into_iter().map(Into::into).collect())
}

/// Tries a venue at once that waits to be tried again; refused while it has asked for a pause.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reconnect(app: State<'_, App>, venue: String) -> Answer<()> {
    let venue = promptpal_api::venue(Some(venue))?;
    Ok(app.reconnect(venue.as_ref()).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn watchlist(app: State<'_, App>) -> Answer<Vec<WatchRowDto>> {
    Ok(app.watchlist().await?.into_iter().map(Into::into).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn set_watchlist(app: State<'_, App>, symbols: Vec<WatchSymbolDto>) -> Answer<()> {
    let symbols = symbols
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, _>>()?;
    Ok(app.set_watchlist(symbols).await?)
}
