//! Series, ledgers, charts, venues, history.

use promptpal_api::{
    ChartDto, ChartRequest, FetchRequest, GapDto, IndicatorDto, LedgerDto, SeriesDto, StripCellDto,
    SymbolDto, TimeMs, VenueDto,
};
use promptpal_app::{App, JobRequest, VerifyRequest};
use promptpal_domain::SeriesId;
use tauri::State;

use super::Answer;

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

/// Coverage of a span in so many cells at the most; of all that is stored or wanted where an end is null.
#[tauri::command]
#[specta::specta]
pub(crate) async fn coverage_strip(
    app: State<'_, App>,
    series_id: i32,
    from: Option<TimeMs>,
    to: Option<TimeMs>,
    buckets: u16,
) -> Answer<Vec<StripCellDto>> {
    let (id, from, to) = (
        SeriesId(series_id.into()),
        from.map(Into::into),
        to.map(Into::into),
    );
    let strip = app.coverage_strip(id, from, to, buckets).await?;
    Ok(strip.into_iter().map(Into::into).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn series_ledger(app: State<'_, App>, series_id: i32, buckets: u16) -> Answer<LedgerDto> {
    Ok(app.ledger(SeriesId(series_id.into()), buckets).await?.into())
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
pub(crate) async fn list_venues(app: State<'_, App>) -> Answer<Vec<VenueDto>> {
    Ok(app.list_venues()?.into_iter().map(Into::into).collect())
}

/// Symbols of a venue, of the default one when null, whose name holds the query.
#[tauri::command]
#[specta::specta]
pub(crate) async fn search_symbols(
    app: State<'_, App>,
    venue: Option<String>,
    query: String,
) -> Answer<Vec<SymbolDto>> {
    let venue = promptpal_api::venue(venue)?;
    let found = app.search_symbols(venue.as_ref(), &query).await?;
    Ok(found.into_iter().map(SymbolDto::from).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_history(app: State<'_, App>, request: FetchRequest) -> Answer<String> {
    let request = promptpal_app::FetchRequest::try_from(request)?;
    Ok(app.start_job(JobRequest::Fetch(request)).await?.0)
}

/// Fetches everything that is pending inside of what was wanted.
#[tauri::command]
#[specta::specta]
pub(crate) async fn resume_series(app: State<'_, App>, series_id: i32) -> Answer<String> {
    let request = app.resume_request(SeriesId(series_id.into())).await?;
    Ok(app.start_job(request).await?.0)
}

/// Asks the exchange for a span again and compares; of all that is stored where an end is null.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_series(
    app: State<'_, App>,
    series_id: i32,
    from: Option<TimeMs>,
    to: Option<TimeMs>,
) -> Answer<String> {
    let (series, from, to) = (series_id.into(), from.map(Into::into), to.map(Into::into));
    let request = VerifyRequest { series, from, to };
    Ok(app.start_job(JobRequest::Verify(request)).await?.0)
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
