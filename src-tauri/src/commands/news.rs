//! Sources, articles, sentiment.

use promptpal_api::{
    ArticleDto, ArticleRowDto, ArticlesRequest, NewsMarkerDto, SentimentSeriesDto, SentimentSeriesRequest,
    SourceDto, TimeMs,
};
use promptpal_app::{App, JobRequest};
use promptpal_domain::{ArticleId, SeriesId, SourceId};
use tauri::State;

use super::Answer;

#[tauri::command]
#[specta::specta]
pub(crate) async fn list_articles(
    app: State<'_, App>,
    request: ArticlesRequest,
) -> Answer<Vec<ArticleRowDto>> {
    let query = promptpal_app::ArticlesQuery::try_from(request)?;
    Ok(app
        .articles(query)
        .await?
        .into_iter()
        .map(ArticleRowDto::from)
        .collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn read_article(app: State<'_, App>, id: i32) -> Answer<ArticleDto> {
    Ok(app.article(ArticleId(id.into())).await?.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn list_sources(app: State<'_, App>) -> Answer<Vec<SourceDto>> {
    Ok(app.sources().await?.into_iter().map(SourceDto::from).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn add_source(app: State<'_, App>, url: String, full_text: bool) -> Answer<SourceDto> {
    Ok(app.add_source(&url, full_text).await?.into())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_source(app: State<'_, App>, id: i32) -> Answer<()> {
    Ok(app.remove_source(SourceId(id.into())).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn set_source_enabled(app: State<'_, App>, id: i32, enabled: bool) -> Answer<()> {
    Ok(app.set_source_enabled(SourceId(id.into()), enabled).await?)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn crawl(app: State<'_, App>) -> Answer<String> {
    Ok(app.start_job(JobRequest::crawl_all()).await?.0)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn score_articles(app: State<'_, App>) -> Answer<String> {
    Ok(app.start_job(JobRequest::Score).await?.0)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn news_markers(
    app: State<'_, App>,
    series_id: i32,
    from: TimeMs,
    to: TimeMs,
) -> Answer<Vec<NewsMarkerDto>> {
    let markers = app
        .news_markers(SeriesId(series_id.into()), from.into(), to.into())
        .await?;
    Ok(markers.into_iter().map(NewsMarkerDto::from).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn sentiment_series(
    app: State<'_, App>,
    request: SentimentSeriesRequest,
) -> Answer<SentimentSeriesDto> {
    Ok(app.sentiment_series(request.into()).await?.into())
}
