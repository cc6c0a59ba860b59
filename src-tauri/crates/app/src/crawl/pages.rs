//! The pages of listed articles. A listed article without its page *is* the queue.

use futures_util::{StreamExt, stream};
use promptpal_domain::{Article, ArticleContent, ArticleId, ContentStatus, DateOrigin, Exactness, Published};
use promptpal_news::{BlockedBy, DatePrecision, DateSource, NewsError, PublishedDate, host_of, tag_assets};
use promptpal_store::VisitedPage;

use crate::bus::Event;
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::{App, AppError};

/// Pages taken from the queue at a time.
const PAGES: u32 = 200;
/// How long a page that cannot be reached is tried again, round by round.
const GIVE_UP_MS: i64 = 24 * 3_600_000;

impl App {
    /// Fetches the pages of listed articles, politely, and keeps their text: several hosts at once, and of each a page only
    /// after the one before it is stored, so that a kill costs a host one page at the most.
    pub(super) async fn fetch_pages(&self, progress: &Progress) -> Result<u64, AppError> {
        let pending = self.store().pending_articles(PAGES).await?;
        progress.phase(Step::FetchingArticles, Unit::Articles, Some(pending.len() as u64));
        let mut hosts: Vec<(Option<String>, Vec<Article>)> = Vec::new();
        for article in pending {
            let host = host_of(&article.url);
            match hosts.iter_mut().find(|(known, _)| *known == host) {
                Some((_, articles)) => articles.push(article),
                None => hosts.push((host, vec![article])),
            }
        }
        let mut visits = stream::iter(hosts)
            .map(|(_, articles)| self.fetch_of_host(articles, progress))
            .buffer_unordered(self.inner.hosts_at_once);
        let mut fetched = 0;
        while let Some(visited) = visits.next().await {
            fetched += visited?;
        }
        drop(visits);
        self.inner.news.rest();
        Ok(fetched)
    }

    /// Fetches pages of one host, one after the other, until it asks to be left alone.
    async fn fetch_of_host(&self, articles: Vec<Article>, progress: &Progress) -> Result<u64, AppError> {
        let (mut fetched, mut left_alone) = (0, false);
        for article in articles {
            if !left_alone {
                match self.fetch_page(article).await? {
                    Fetched::Stored(id) => {
                        fetched += 1;
                        self.bus().announce(Event::ArticlesStored(vec![id]));
                    }
                    Fetched::Later => {}
                    Fetched::LeftAlone => left_alone = true,
                }
            }
            progress.advance(1);
            progress.check()?;
        }
        Ok(fetched)
    }

    async fn fetch_page(&self, article: Article) -> Result<Fetched, AppError> {
        let mut title = None;
        let (content, published, fault) = match self.inner.news.fetch_article(&article.url).await {
            Ok(page) => {
                let extracted = page.extracted;
                title = extracted.title;
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
                if matches!(error, NewsError::RateLimited { .. }) && age < GIVE_UP_MS {
                    return Ok(Fetched::LeftAlone);
                }
                if error.is_retryable() && age < GIVE_UP_MS {
                    return Ok(Fetched::Later);
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
        let headline = match (article.title.as_str(), &title) {
            ("", Some(title)) => title.as_str(),
            (known, _) => known,
        };
        let page = VisitedPage {
            assets: tag_assets(headline, &content.text),
            title,
            content,
            published,
            fault,
        };
        self.store().put_content(article.id, page).await?;
        Ok(Fetched::Stored(article.id))
    }
}

/// What became of the visit to a page.
enum Fetched {
    /// Something is stored, be it why there is no text.
    Stored(ArticleId),
    /// It could not be had; the next round tries again.
    Later,
    /// Its host asks for less, so its other pages need not be tried either.
    LeftAlone,
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
