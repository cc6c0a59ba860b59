//! News sources: the list with its health, and the client that asks them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{Clock, Source, SourceId, SourceKind, Timestamp};
use promptpal_news::{ExtractorCommand, FeedRequest, News, NewsConfig, Pace, Poll, RealPace, host_of};
use promptpal_store::{NewSource, SourceCounts};

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
#[derive(Clone, Debug, PartialEq)]
pub struct SourceOverview {
    /// The source.
    pub source: Source,
    /// Articles stored from it.
    pub articles: u64,
    /// Articles that it listed a day, over the last week or as long as it is known.
    pub articles_a_day: f64,
    /// Until when its host wants to be left alone.
    pub held_until: Option<Timestamp>,
}

/// The time over which articles a day are counted.
const COUNTED_MS: i64 = 7 * DAY_MS;
const DAY_MS: i64 = 24 * 3_600_000;

pub(crate) fn client(
    config: &Config,
    clock: Arc<dyn Clock>,
    pace: Option<Arc<dyn Pace>>,
    extractor: Option<ExtractorCommand>,
) -> Result<News, AppError> {
    let mut news = NewsConfig::new(USER_AGENT);
    news.extractor = extractor;
    news.allow_private_addresses = config.news.allow_private_addresses;
    if let Some(delay) = config.news.host_delay_ms {
        news.per_host_delay = Duration::from_millis(delay);
    }
    if let Some(seconds) = config.news.crawl_seconds {
        news.intervals.shortest = Duration::from_secs(seconds);
        news.intervals.usual = Duration::from_secs(seconds);
        news.intervals.slowest = Duration::from_secs(seconds);
    }
    let pace = pace.unwrap_or_else(|| Arc::new(RealPace::default()));
    Ok(News::at_pace(news, clock, pace)?)
}

impl App {
    /// Every source with its health.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn sources(&self) -> Result<Vec<SourceOverview>, AppError> {
        let now = self.inner.clock.now();
        let counts = self.store().source_counts(now.plus_millis(-COUNTED_MS)).await?;
        let holds: HashMap<String, Timestamp> = self.store().host_holds(now).await?.into_iter().collect();
        let overview = |source: Source| SourceOverview {
            articles: counts.get(&source.id).map_or(0, |counts| counts.articles),
            articles_a_day: counts.get(&source.id).map_or(0.0, |counts| a_day(*counts, now)),
            held_until: host_of(&source.url).and_then(|host| holds.get(&host).copied()),
            source,
        };
        Ok(self.store().sources().await?.into_iter().map(overview).collect())
    }

    /// One source with its health.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn source(&self, id: SourceId) -> Result<SourceOverview, AppError> {
        let found = self
            .sources()
            .await?
            .into_iter()
            .find(|known| known.source.id == id);
        match found {
            Some(found) => Ok(found),
            // For the words of a source that is not there.
            None => Ok(SourceOverview {
                source: self.store().source(id).await?,
                articles: 0,
                articles_a_day: 0.0,
                held_until: None,
            }),
        }
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
        self.source(id).await
    }

    /// Removes a source with its articles.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn remove_source(&self, id: SourceId) -> Result<(), AppError> {
        self.store().remove_source(id).await?;
        self.forget_compared().await;
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

    /// Whether the pages of a source's articles are fetched from now on.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn set_source_full_text(&self, id: SourceId, full_text: bool) -> Result<(), AppError> {
        self.store().set_source_full_text(id, full_text).await?;
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
}

/// The first answer of a feed lists what it published before, so that the day of it counts whole.
fn a_day(counts: SourceCounts, now: Timestamp) -> f64 {
    let days = (now.since(counts.first) as f64 / DAY_MS as f64).clamp(1.0, COUNTED_MS as f64 / DAY_MS as f64);
    counts.recent as f64 / days
}
