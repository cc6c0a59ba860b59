//! Rounds over the news sources. A listed article without its page *is* the queue of pages to fetch.

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use promptpal_domain::{Article, ArticleContent, ArticleId, ContentStatus, Source, SourceKind, Timestamp};
use promptpal_news::{BlockedBy, FeedItem, FeedRequest, NewsError, Poll, after_failure, tag_assets};
use promptpal_store::{NewArticle, SourceHealth};
use serde::Serialize;

use crate::bus::Event;
use crate::progress::Progress;
use crate::requests::{CrawlRequest, JobRequest};
use crate::{App, AppError};

/// Hosts asked at the same time; the news client keeps one request a host.
const AT_ONCE: usize = 4;
/// Pages taken from the queue at a time.
const PAGES: u32 = 200;
/// How long a page that cannot be reached is tried again, round by round.
const GIVE_UP_MS: i64 = 24 * 3_600_000;

/// What a round found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CrawlReport {
    /// Sources asked.
    pub sources: u64,
    /// Sources that had nothing new.
    pub not_modified: u64,
    /// Sources that could not be asked.
    pub failed: u64,
    /// Articles that are new.
    pub new_articles: u64,
    /// Article pages fetched.
    pub pages: u64,
}

impl App {
    pub(crate) async fn crawl(
        &self,
        request: &CrawlRequest,
        progress: &Progress,
    ) -> Result<CrawlReport, AppError> {
        let now = self.inner.clock.now();
        let due = |source: &Source| {
            source.kind == SourceKind::Feed
                && source.enabled
                && request.source.is_none_or(|id| id == source.id.0)
                && (source.next_fetch.is_none_or(|next| next <= now) || (request.all && source.failures == 0))
        };
        let sources: Vec<Source> = self.store().sources().await?.into_iter().filter(due).collect();
        progress.phase("Reading feeds", "sources", Some(sources.len() as u64));
        let mut report = CrawlReport {
            sources: sources.len() as u64,
            ..CrawlReport::default()
        };
        let mut visits = stream::iter(sources)
            .map(|source| self.visit(source))
            .buffer_unordered(AT_ONCE);
        while let Some(visit) = visits.next().await {
            match visit? {
                Visit::NotModified => report.not_modified += 1,
                Visit::New(count) => report.new_articles += count,
                Visit::Failed(line) => {
                    report.failed += 1;
                    progress.log(line);
                }
            }
            progress.advance(1);
            progress.check()?;
        }
        drop(visits);
        report.pages = self.fetch_pages(progress).await?;
        Ok(report)
    }

    async fn visit(&self, source: Source) -> Result<Visit, AppError> {
        let request = FeedRequest {
            url: source.url.clone(),
            etag: source.etag.clone(),
            last_modified: source.last_modified.clone(),
        };
        let polled = self.inner.news.poll(&request).await;
        let now = self.inner.clock.now();
        let healthy = SourceHealth {
            title: None,
            etag: source.etag.clone(),
            last_modified: source.last_modified.clone(),
            last_fetch: now,
            next_fetch: None,
            failures: 0,
            last_error: None,
        };
        match polled {
            Ok(Poll::NotModified { next }) => {
                self.keep_health(
                    source.id,
                    SourceHealth {
                        next_fetch: Some(next),
                        ..healthy
                    },
                )
                .await?;
                Ok(Visit::NotModified)
            }
            Ok(Poll::Items {
                items,
                etag,
                last_modified,
                next,
                ..
            }) => {
                let articles = items
                    .into_iter()
                    .map(|item| listed(item, source.full_text, now))
                    .collect();
                let new = self.store().put_feed_items(source.id, articles).await?;
                // Only after the articles are safe may the next request say that we have them.
                let health = SourceHealth {
                    etag,
                    last_modified,
                    next_fetch: Some(next),
                    ..healthy
                };
                self.keep_health(source.id, health).await?;
                let count = new.len() as u64;
                if count > 0 {
                    self.bus().announce(Event::ArticlesStored(new));
                }
                Ok(Visit::New(count))
            }
            Ok(Poll::Gone) => {
                let line = format!("{}: the feed is gone for good, so it is paused", source.title);
                let health = SourceHealth {
                    failures: source.failures + 1,
                    last_error: Some(line.clone()),
                    ..healthy
                };
                self.keep_health(source.id, health).await?;
                self.set_source_enabled(source.id, false).await?;
                Ok(Visit::Failed(line))
            }
            Err(error) => {
                let failures = source.failures + 1;
                let next = match &error {
                    NewsError::RateLimited { until, .. } => *until,
                    _ => after_failure(&source.url, failures, now),
                };
                let line = format!("{}: {error}", source.title);
                let last_error = Some(error.to_string());
                let health = SourceHealth {
                    failures,
                    last_error,
                    next_fetch: Some(next),
                    ..healthy
                };
                self.keep_health(source.id, health).await?;
                Ok(Visit::Failed(line))
            }
        }
    }

    /// Fetches the pages of listed articles, politely, and keeps their text.
    async fn fetch_pages(&self, progress: &Progress) -> Result<u64, AppError> {
        let pending = self.store().pending_articles(PAGES).await?;
        progress.phase("Fetching articles", "articles", Some(pending.len() as u64));
        let mut pages = stream::iter(pending)
            .map(|article| self.fetch_page(article))
            .buffer_unordered(AT_ONCE);
        let mut fetched = 0;
        while let Some(page) = pages.next().await {
            if let Some(id) = page? {
                fetched += 1;
                self.bus().announce(Event::ArticlesStored(vec![id]));
            }
            progress.advance(1);
            progress.check()?;
        }
        Ok(fetched)
    }

    async fn fetch_page(&self, article: Article) -> Result<Option<ArticleId>, AppError> {
        let content = match self.inner.news.fetch_article(&article.url).await {
            Ok(page) => {
                let extracted = page.extracted;
                let content = ArticleContent {
                    status: extracted.status,
                    text: extracted.text,
                    author: extracted.author.or(article.content.author.clone()),
                    language: extracted.language,
                };
                or_summary(content, &article.summary)
            }
            Err(error) => {
                let age = self.inner.clock.now().since(article.first_seen);
                if error.is_retryable() && age < GIVE_UP_MS {
                    return Ok(None);
                }
                let content = ArticleContent {
                    status: refused(&error),
                    text: String::new(),
                    author: article.content.author.clone(),
                    language: None,
                };
                or_summary(content, &article.summary)
            }
        };
        let assets = tag_assets(&article.title, &content.text);
        self.store().put_content(article.id, content, assets).await?;
        Ok(Some(article.id))
    }

    /// A round whenever the settings say so, as long as the program runs.
    pub(crate) fn crawl_in_rounds(&self) {
        let app = self.clone();
        self.spawn(async move {
            loop {
                let wait = match (app.config().news.crawl_seconds, app.settings().crawl_minutes) {
                    (Some(seconds), _) => Duration::from_secs(seconds.max(1)),
                    (None, 0) => Duration::from_secs(60),
                    (None, minutes) => Duration::from_secs(u64::from(minutes) * 60),
                };
                let never = app.config().news.crawl_seconds.is_none() && app.settings().crawl_minutes == 0;
                if !never
                    && app.has_due_source().await
                    && let Err(error) = app.run(JobRequest::Crawl(CrawlRequest::default())).await
                {
                    tracing::warn!(%error, "the round over the news sources failed");
                }
                tokio::time::sleep(wait).await;
            }
        });
    }

    async fn has_due_source(&self) -> bool {
        let now = self.inner.clock.now();
        let due = |source: &Source| {
            source.kind == SourceKind::Feed
                && source.enabled
                && source.next_fetch.is_none_or(|next| next <= now)
        };
        self.store()
            .sources()
            .await
            .is_ok_and(|sources| sources.iter().any(due))
    }
}

/// How a visit to a source ended.
enum Visit {
    NotModified,
    New(u64),
    Failed(String),
}

/// An item as it is stored first: its page is still to be fetched, or its summary is all we want.
fn listed(item: FeedItem, full_text: bool, now: Timestamp) -> NewArticle {
    let assets = tag_assets(&item.title, &item.summary);
    let (status, text) = if full_text {
        (ContentStatus::Pending, String::new())
    } else {
        (ContentStatus::Summary, item.summary.clone())
    };
    NewArticle {
        guid: item.guid,
        url: item.url,
        title: item.title,
        summary: item.summary,
        content: ArticleContent {
            status,
            text,
            author: item.author,
            language: None,
        },
        published: item.published,
        first_seen: now,
        assets,
    }
}

/// Where a page gave no text, the feed's own summary stands in; the status still says why.
fn or_summary(content: ArticleContent, summary: &str) -> ArticleContent {
    if content.text.trim().is_empty() {
        ArticleContent {
            text: summary.to_owned(),
            ..content
        }
    } else {
        content
    }
}

fn refused(error: &NewsError) -> ContentStatus {
    match error {
        NewsError::Blocked {
            by: BlockedBy::Robots | BlockedBy::Status(_),
            ..
        } => ContentStatus::Blocked,
        NewsError::Paywalled { .. } => ContentStatus::Paywalled,
        NewsError::NotHtml { .. } => ContentStatus::NotArticle,
        _ => ContentStatus::Failed,
    }
}
