//! News sources: the list, and the client that asks them.

use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{Clock, Source, SourceId, SourceKind};
use promptpal_news::{FeedRequest, News, NewsConfig, Poll};
use promptpal_store::{NewSource, SourceHealth};

use crate::bus::Event;
use crate::config::Config;
use crate::{App, AppError};

/// Who we say we are, with a way to reach us.
const USER_AGENT: &str = concat!(
    "Promptpal/",
    env!("CARGO_PKG_VERSION"),
    " (+https://github.com/promptpal/promptpal)"
);

/// A source with how much came from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceOverview {
    /// The source.
    pub source: Source,
    /// Articles stored from it.
    pub articles: u64,
}

pub(crate) fn client(config: &Config, clock: Arc<dyn Clock>) -> Result<News, AppError> {
    let mut news = NewsConfig::new(USER_AGENT);
    news.allow_private_addresses = config.news.allow_private_addresses;
    if let Some(delay) = config.news.host_delay_ms {
        news.per_host_delay = Duration::from_millis(delay);
    }
    if let Some(seconds) = config.news.crawl_seconds {
        news.intervals.shortest = Duration::from_secs(seconds);
        news.intervals.usual = Duration::from_secs(seconds);
    }
    Ok(News::new(news, clock)?)
}

impl App {
    /// Every source with its health.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn sources(&self) -> Result<Vec<SourceOverview>, AppError> {
        let mut overviews = Vec::new();
        for source in self.store().sources().await? {
            let articles = self.store().article_count(source.id).await?;
            overviews.push(SourceOverview { source, articles });
        }
        Ok(overviews)
    }

    /// Adds a feed after reading it once: an address that is no feed is not added.
    ///
    /// # Errors
    /// [`AppError::News`] when the feed cannot be read, [`AppError::Store`].
    pub async fn add_source(&self, url: &str, full_text: bool) -> Result<SourceOverview, AppError> {
        let request = FeedRequest {
            url: url.trim().to_owned(),
            ..FeedRequest::default()
        };
        let title = match self.inner.news.poll(&request).await? {
            Poll::Items { title, .. } if !title.trim().is_empty() => title,
            Poll::Items { .. } | Poll::NotModified { .. } => request.url.clone(),
            Poll::Gone => {
                return Err(AppError::invalid(
                    format!("{url} is gone for good"),
                    "Look for the feed's new address.",
                ));
            }
        };
        let new = NewSource {
            kind: SourceKind::Feed,
            url: request.url,
            title,
            full_text,
        };
        let id = self.store().add_source(&new).await?;
        self.bus().announce(Event::SourcesChanged);
        let source = self.store().source(id).await?;
        let articles = self.store().article_count(id).await?;
        Ok(SourceOverview { source, articles })
    }

    /// Removes a source with its articles.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn remove_source(&self, id: SourceId) -> Result<(), AppError> {
        self.store().remove_source(id).await?;
        self.bus().announce(Event::SourcesChanged);
        self.bus().announce(Event::ArticlesStored(Vec::new()));
        Ok(())
    }

    /// Pauses a source or lets it go on.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn set_source_enabled(&self, id: SourceId, enabled: bool) -> Result<(), AppError> {
        self.store().set_source_enabled(id, enabled).await?;
        self.bus().announce(Event::SourcesChanged);
        Ok(())
    }

    /// Adds the sources that come with the program; those that are on by default are asked from then on.
    pub(crate) async fn add_default_sources(&self) -> Result<(), AppError> {
        for default in promptpal_news::default_sources() {
            let new = NewSource {
                kind: SourceKind::Feed,
                url: default.url.to_owned(),
                title: default.name.to_owned(),
                full_text: false,
            };
            let id = self.store().add_source(&new).await?;
            self.store().set_source_enabled(id, default.enabled).await?;
        }
        self.bus().announce(Event::SourcesChanged);
        Ok(())
    }

    /// Keeps what a visit showed.
    pub(crate) async fn keep_health(&self, id: SourceId, health: SourceHealth) -> Result<(), AppError> {
        self.store().update_source_health(id, health).await?;
        self.bus().announce(Event::SourcesChanged);
        Ok(())
    }
}
