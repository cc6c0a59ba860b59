//! Sources, articles, sentiment.

use promptpal_api::{
    ArticleDto, ArticleRowDto, ArticlesRequest, FoundFeedDto, ListImportDto, NewsMarkerDto,
    SentimentSeriesDto, SentimentSeriesRequest, SourceDto, StoryDto, TimeMs,
};
use promptpal_app::{App, JobRequest};
use promptpal_domain::{ArticleId, SeriesId, SourceId};
use tauri::{AppHandle, State};

use super::Answer;
use super::file::{pick_file, pick_path};

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

/// Stories that have a report which passes the request, by their newest report.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_stories(app: State<'_, App>, request: ArticlesRequest) -> Answer<Vec<StoryDto>> {
    let query = promptpal_app::ArticlesQuery::try_from(request)?;
    Ok(app
        .stories(query)
        .await?
        .into_iter()
        .map(StoryDto::from)
        .collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn mark_read(app: State<'_, App>, ids: Vec<i32>, read: bool) -> Answer<()> {
    let ids = ids.into_iter().map(|id| ArticleId(id.into())).collect();
    Ok(app.mark_read(ids, read).await?)
}

/// Writes the page of an article and its text as it should be for a test of the rules; the answer is the folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn report_wrong_text(app: State<'_, App>, id: i32, right: String) -> Answer<String> {
    let folder = app.report_wrong_text(ArticleId(id.into()), &right).await?;
    Ok(folder.display().to_string())
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
pub(crate) async fn set_source_full_text(app: State<'_, App>, id: i32, full_text: bool) -> Answer<()> {
    Ok(app.set_source_full_text(SourceId(id.into()), full_text).await?)
}

/// The feeds behind the address of a site, a page or a feed, with what they list now; nothing is stored.
#[tauri::command]
#[specta::specta]
pub(crate) async fn discover_feeds(app: State<'_, App>, address: String) -> Answer<Vec<FoundFeedDto>> {
    let found = app.discover_feeds(&address).await?;
    Ok(found.into_iter().map(FoundFeedDto::from).collect())
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_source_list(handle: AppHandle, title: String) -> Answer<Option<String>> {
    Ok(pick_file(handle, &title, &["opml", "xml"]).await)
}

#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_source_list_path(handle: AppHandle) -> Answer<Option<String>> {
    Ok(pick_path(handle, "promptpal-sources.opml".to_owned(), "opml").await)
}

/// Adds the feeds of an OPML file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_sources(app: State<'_, App>, path: String) -> Answer<ListImportDto> {
    Ok(app.import_sources(path.into()).await?.into())
}

/// Writes all feeds as an OPML file; the answer is how many.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_sources(app: State<'_, App>, path: String) -> Answer<u32> {
    Ok(app.export_sources(path.into()).await?)
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
