//! Rounds over the news sources: feeds are read, pages fetched, new articles compared with the others.

mod compare;
mod pages;
mod past;
mod visit;

use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream;
use promptpal_domain::{Source, SourceKind};
use serde::Serialize;

use self::visit::Visit;
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::requests::{CrawlRequest, JobRequest};
use crate::{App, AppError};

pub(crate) use self::compare::Compared;

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
    /// Of them, those found in the past of a source.
    pub past_articles: u64,
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
        progress.phase(Step::ReadingFeeds, Unit::Sources, Some(sources.len() as u64));
        let mut report = CrawlReport {
            sources: sources.len() as u64,
            ..CrawlReport::default()
        };
        let mut visits = stream::iter(sources.clone())
            .map(|source| self.visit(source))
            .buffer_unordered(self.inner.hosts_at_once);
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
        if let Some(since) = request.since {
            report.past_articles = self.list_past(&sources, since, progress).await?;
            report.new_articles += report.past_articles;
        }
        // What needs no page has its place before the pages come, which may take long.
        self.compare_articles().await?;
        loop {
            let fetched = self.fetch_pages(progress).await?;
            report.pages += fetched;
            // A past is longer than a queue's page; a usual round leaves the rest to the next one.
            if request.since.is_none() || fetched == 0 {
                break;
            }
        }
        self.compare_articles().await?;
        Ok(report)
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
