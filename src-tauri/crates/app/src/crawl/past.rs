//! A source's past, from the sitemaps of its site: so that sentiment has a history to be tested on.
//!
//! Such an article was not seen when it was published, and its text is that of today. It says so: `first_seen` is when it
//! was found, and a backtest may know it only some time after it was published, which is stated with it.

use promptpal_domain::{ArticleContent, ContentStatus, Exactness, Published, Source, Timestamp};
use promptpal_news::{PastArticle, tag_assets};
use promptpal_store::NewArticle;

use crate::bus::Event;
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::{App, AppError};

/// Articles taken of a source at a time: at two seconds a page, this is half an hour.
const MOST_ARTICLES: usize = 1000;
const HOUR_MS: i64 = 3_600_000;
/// How long after its publication a reader is taken to have had an article.
const DELAY_MS: i64 = HOUR_MS;
/// A time of no stated zone is read as UTC; where it is latest, that instant is twelve hours later.
const ZONELESS_MS: i64 = 12 * HOUR_MS;
/// A day is read as its beginning in UTC; where it is latest, it ends a day and twelve hours later.
const DAY_MS: i64 = 36 * HOUR_MS;

impl App {
    /// Lists what the sites of these sources published since `since` and still list; returns how many articles are new.
    pub(super) async fn list_past(
        &self,
        sources: &[Source],
        since: Timestamp,
        progress: &Progress,
    ) -> Result<u64, AppError> {
        progress.phase(Step::ReadingSitemaps, Unit::Sources, Some(sources.len() as u64));
        let mut new = 0;
        for source in sources {
            let now = self.inner.clock.now();
            match self
                .inner
                .news
                .past_articles(&source.url, since, now, MOST_ARTICLES)
                .await
            {
                Ok(found) => {
                    let items = found
                        .into_iter()
                        .filter_map(|found| past(found, source.full_text, now));
                    let stored = self.store().put_feed_items(source.id, items.collect()).await?;
                    new += stored.len() as u64;
                    if !stored.is_empty() {
                        self.bus().announce(Event::ArticlesStored(stored));
                    }
                }
                Err(error) => {
                    self.keep_hold(&error).await?;
                    progress.log(format!("{}: {error}", source.title));
                }
            }
            progress.advance(1);
            progress.check()?;
        }
        Ok(new)
    }
}

/// An article of the past as it is stored first. Without its page there is only a headline, if the sitemap has one.
fn past(found: PastArticle, full_text: bool, now: Timestamp) -> Option<NewArticle> {
    let title = found.title.unwrap_or_default();
    if title.is_empty() && !full_text {
        return None;
    }
    let status = if full_text {
        ContentStatus::Pending
    } else {
        ContentStatus::Summary
    };
    Some(NewArticle {
        guid: found.url.clone(),
        url: found.url,
        assets: tag_assets(&title, ""),
        title,
        summary: String::new(),
        content: ArticleContent {
            status,
            text: String::new(),
            author: None,
            language: None,
        },
        published: Some(found.published),
        first_seen: now,
        backfill_delay_ms: Some(delay_ms(found.published)),
    })
}

/// How long after the stated date the article counts as known: never before a reader could have had it.
const fn delay_ms(published: Published) -> i64 {
    DELAY_MS
        + match published.exactness {
            Exactness::Instant => 0,
            Exactness::LocalTime => ZONELESS_MS,
            Exactness::Day => DAY_MS,
        }
}
