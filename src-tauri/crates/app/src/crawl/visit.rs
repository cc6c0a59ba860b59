//! A visit to a source: what its feed lists is stored, and how the visit went.

use std::time::Duration;

use promptpal_domain::{
    ArticleContent, ContentStatus, DateOrigin, Exactness, Published, Source, SourceId, Timestamp,
};
use promptpal_news::{FeedItem, FeedRequest, NewsError, Poll, after_failure, tag_assets};
use promptpal_store::{NewArticle, SourceHealth};

use crate::bus::Event;
use crate::{App, AppError};

/// How a visit to a source ended.
pub(super) enum Visit {
    NotModified,
    New(u64),
    Failed(String),
}

impl App {
    pub(super) async fn visit(&self, source: Source) -> Result<Visit, AppError> {
        let millis = |ms: Option<i64>| ms.map(|ms| Duration::from_millis(ms.unsigned_abs()));
        let request = FeedRequest {
            url: source.url.clone(),
            etag: source.etag.clone(),
            last_modified: source.last_modified.clone(),
            interval: millis(source.interval_ms),
            ttl: millis(source.ttl_ms),
        };
        let polled = self.inner.news.poll(&request).await;
        let now = self.inner.clock.now();
        let as_before = SourceHealth {
            title: None,
            moved_to: None,
            etag: source.etag.clone(),
            last_modified: source.last_modified.clone(),
            last_fetch: now,
            next_fetch: None,
            interval_ms: source.interval_ms,
            ttl_ms: source.ttl_ms,
            last_status: None,
            failures: 0,
            last_error: None,
        };
        match polled {
            Ok(Poll::NotModified { next }) => {
                let health = SourceHealth {
                    next_fetch: Some(next),
                    last_status: Some(304),
                    ..as_before
                };
                self.keep_health(source.id, health).await?;
                Ok(Visit::NotModified)
            }
            Ok(Poll::Items {
                items,
                etag,
                last_modified,
                interval,
                ttl,
                next,
                moved_to,
                ..
            }) => {
                let articles = items
                    .into_iter()
                    .map(|item| listed(item, source.full_text, now))
                    .collect();
                let new = self.store().put_feed_items(source.id, articles).await?;
                // Only after the articles are safe may the next request say that we have them.
                let health = SourceHealth {
                    moved_to,
                    etag,
                    last_modified,
                    interval_ms: in_millis(Some(interval)),
                    ttl_ms: in_millis(ttl),
                    next_fetch: Some(next),
                    last_status: Some(200),
                    ..as_before
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
                    last_status: Some(410),
                    last_error: Some(line.clone()),
                    ..as_before
                };
                self.keep_health(source.id, health).await?;
                self.set_source_enabled(source.id, false).await?;
                Ok(Visit::Failed(line))
            }
            Err(error) => self.keep_failure(source, &error, as_before).await,
        }
    }

    async fn keep_failure(
        &self,
        source: Source,
        error: &NewsError,
        as_before: SourceHealth,
    ) -> Result<Visit, AppError> {
        // Nothing was asked: the host is left alone because of what it said to another visit. That is no failure.
        let was_asked = !matches!(error, NewsError::RateLimited { status: None, .. });
        let failures = source.failures + u32::from(was_asked);
        let next = match error {
            NewsError::RateLimited { until, .. } => *until,
            _ => after_failure(&source.url, failures, as_before.last_fetch),
        };
        self.keep_hold(error).await?;
        let health = SourceHealth {
            failures,
            last_error: Some(error.to_string()),
            last_status: error.status(),
            next_fetch: Some(next),
            ..as_before
        };
        self.keep_health(source.id, health).await?;
        Ok(Visit::Failed(format!("{}: {error}", source.title)))
    }

    /// Keeps what a host asked for, so that it holds after a restart.
    pub(super) async fn keep_hold(&self, error: &NewsError) -> Result<(), AppError> {
        if let NewsError::RateLimited {
            host,
            until,
            status: Some(_),
            ..
        } = error
        {
            self.store().hold_host(host, *until).await?;
        }
        Ok(())
    }

    /// Keeps what a visit showed.
    async fn keep_health(&self, id: SourceId, health: SourceHealth) -> Result<(), AppError> {
        self.store().update_source_health(id, health).await?;
        self.bus().announce(Event::SourcesChanged);
        Ok(())
    }
}

fn in_millis(wait: Option<Duration>) -> Option<i64> {
    wait.map(|wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
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
        published: item.published.map(|at| Published {
            at,
            origin: DateOrigin::Feed,
            exactness: Exactness::Instant,
        }),
        first_seen: now,
        backfill_delay_ms: None,
        assets,
    }
}
