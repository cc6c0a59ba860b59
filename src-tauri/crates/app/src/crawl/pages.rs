//! The pages of listed articles. A listed article without its page *is* the queue.

use futures_util::{StreamExt, stream};
use promptpal_domain::{Article, ArticleContent, ArticleId, ContentStatus, DateOrigin, Exactness, Published};
use promptpal_news::{BlockedBy, DatePrecision, DateSource, NewsError, PublishedDate, tag_assets};
use promptpal_store::VisitedPage;

use crate::bus::Event;
use crate::progress::Progress;
use crate::{App, AppError};

/// Pages taken from the queue at a time.
const PAGES: u32 = 200;
/// How long a page that cannot be reached is tried again, round by round.
const GIVE_UP_MS: i64 = 24 * 3_600_000;

impl App {
    /// Fetches the pages of listed articles, politely, and keeps their text.
    pub(super) async fn fetch_pages(&self, progress: &Progress) -> Result<u64, AppError> {
        let pending = self.store().pending_articles(PAGES).await?;
        progress.phase("Fetching articles", "articles", Some(pending.len() as u64));
        let mut pages = stream::iter(pending)
            .map(|article| self.fetch_page(article))
            .buffer_unordered(self.inner.hosts_at_once);
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
        let (content, published, fault) = match self.inner.news.fetch_article(&article.url).await {
            Ok(page) => {
                let extracted = page.extracted;
                let content = ArticleContent {
                    status: extracted.status,
                    text: extracted.text,
                    author: extracted.author.or(article.content.author.clone()),
                    language: extracted.language,
                };
                (content, extracted.date.map(published), None)
            }
            Err(error) => {
                self.keep_hold(&error).await?;
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
                (content, None, Some(error.to_string()))
            }
        };
        let content = or_summary(content, &article.summary);
        let page = VisitedPage {
            assets: tag_assets(&article.title, &content.text),
            content,
            published,
            fault,
        };
        self.store().put_content(article.id, page).await?;
        Ok(Some(article.id))
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

fn published(date: PublishedDate) -> Published {
    Published {
        at: date.at,
        origin: match date.source {
            DateSource::JsonLd => DateOrigin::JsonLd,
            DateSource::Meta => DateOrigin::Meta,
            DateSource::TimeElement => DateOrigin::TimeElement,
            DateSource::Embedded => DateOrigin::Embedded,
            DateSource::Address => DateOrigin::Address,
            DateSource::Text => DateOrigin::Text,
            DateSource::Changed => DateOrigin::Changed,
        },
        exactness: match date.precision {
            DatePrecision::Instant { .. } => Exactness::Instant,
            DatePrecision::LocalTime => Exactness::LocalTime,
            DatePrecision::Day => Exactness::Day,
        },
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
