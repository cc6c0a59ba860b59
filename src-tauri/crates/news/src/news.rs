//! [`News`]: the one object that speaks to sites.

use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{Clock, Timestamp};
use url::Url;

use crate::extract::{Extracted, extract_here};
use crate::extractor::Pool;
use crate::feeds::{FeedItem, parse_feed};
use crate::isolate;
use crate::net::{Answer, Transport, Validators};
use crate::pace::{Pace, RealPace};
use crate::page::is_page;
use crate::robots::RobotsCache;
use crate::schedule::{self, Freshness};
use crate::{BlockedBy, NewsConfig, NewsError, text};

/// A feed to be asked, with what its last answer left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedRequest {
    /// The feed's address.
    pub url: String,
    /// `ETag` of the last answer.
    pub etag: Option<String>,
    /// `Last-Modified` of the last answer.
    pub last_modified: Option<String>,
    /// The [`interval`](Poll::Items::interval) that its last list showed.
    pub interval: Option<Duration>,
    /// The [`ttl`](Poll::Items::ttl) that its last document stated.
    pub ttl: Option<Duration>,
}

/// What a feed answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Poll {
    /// Nothing new since the validators of the request.
    NotModified {
        /// Not to be asked before.
        next: Timestamp,
    },
    /// The feed's present list.
    Items {
        /// The feed's title, plain text; empty where it has none.
        title: String,
        /// Its items as listed.
        items: Vec<FeedItem>,
        /// To be sent with the next request.
        etag: Option<String>,
        /// To be sent with the next request.
        last_modified: Option<String>,
        /// How often it is to be asked by how often it publishes.
        interval: Duration,
        /// How long its document is to be kept before it is asked again.
        ttl: Option<Duration>,
        /// Not to be asked before.
        next: Timestamp,
        /// Where the feed has moved for good (301, 308), to be asked there from now on.
        moved_to: Option<String>,
    },
    /// The feed is no more (410) and should not be asked again.
    Gone,
}

/// A fetched article page and what was taken from it.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchedPage {
    /// What was taken from it.
    pub extracted: Extracted,
    /// Its address after redirects.
    pub final_url: String,
    /// When its last byte had arrived.
    pub fetched: Timestamp,
}

/// Polls feeds and fetches articles. Cheap to clone: clones share connections, host turns and robots.txt.
///
/// Both operations may be dropped at any await point: a request under way is broken off, nothing else is left behind.
#[derive(Clone, Debug)]
pub struct News {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: NewsConfig,
    clock: Arc<dyn Clock>,
    transport: Transport,
    robots: RobotsCache,
    /// The processes that read pages; without any, threads do.
    extractors: Option<Pool>,
}

impl News {
    /// A crawler with this configuration. A TLS provider of rustls must be installed before.
    ///
    /// # Errors
    /// [`NewsError::Client`] when no TLS provider is installed or the User-Agent is no header value.
    pub fn new(config: NewsConfig, clock: Arc<dyn Clock>) -> Result<Self, NewsError> {
        Self::at_pace(config, clock, Arc::new(RealPace::default()))
    }

    /// The same with waits between requests that pass as `pace` says.
    ///
    /// # Errors
    /// As [`News::new`].
    pub fn at_pace(
        config: NewsConfig,
        clock: Arc<dyn Clock>,
        pace: Arc<dyn Pace>,
    ) -> Result<Self, NewsError> {
        let transport = Transport::new(&config, Arc::clone(&clock), pace)?;
        let robots = RobotsCache::new(config.robots_agent(), config.limits.robots_ttl);
        let patience = config.limits.extraction;
        let extractors = config
            .extractor
            .clone()
            .map(|command| Pool::new(command, patience));
        Ok(Self {
            inner: Arc::new(Inner {
                extractors,
                config,
                clock,
                transport,
                robots,
            }),
        })
    }

    /// Leaves a host, named as [`host_of`](crate::host_of) names it, alone until then: what it asked for in an earlier life.
    pub fn hold(&self, host: impl Into<String>, until: Timestamp) {
        self.inner.transport.hold(host.into(), until);
    }

    /// Asks a feed, conditionally where the request has validators.
    ///
    /// Feeds are published to be read by programs, so robots.txt is not asked; the host's turn and delay are kept.
    ///
    /// # Errors
    /// [`NewsError`]; `RateLimited` says until when, for the others see [`after_failure`](crate::after_failure).
    pub async fn poll(&self, request: &FeedRequest) -> Result<Poll, NewsError> {
        let inner = &self.inner;
        let validators = Validators {
            etag: request.etag.clone(),
            last_modified: request.last_modified.clone(),
        };
        let mut url = inner.transport.checked(&request.url)?;
        let mut moved = true;
        let mut moved_to = None;
        for _ in 0..=inner.config.limits.redirects {
            let answer = inner
                .transport
                .get(&url, &validators, inner.config.per_host_delay)
                .await?;
            if let Some(target) = answer.redirect(&url) {
                url = inner.transport.checked(&target?)?;
                moved = moved && answer.is_permanent_redirect();
                moved_to = moved.then(|| url.to_string());
                continue;
            }
            return self.read_feed(request, answer, moved_to).await;
        }
        Err(NewsError::Redirects {
            url: request.url.clone(),
        })
    }

    async fn read_feed(
        &self,
        request: &FeedRequest,
        answer: Answer,
        moved_to: Option<String>,
    ) -> Result<Poll, NewsError> {
        let now = self.inner.clock.now();
        let intervals = &self.inner.config.intervals;
        let url = request.url.as_str();
        let mut freshness = Freshness::from_headers(&answer.headers, now);
        freshness.ttl = request.ttl;
        match answer.status {
            304 => Ok(Poll::NotModified {
                next: schedule::next(
                    url,
                    now,
                    &freshness,
                    request.interval.unwrap_or(intervals.usual),
                    intervals,
                ),
            }),
            410 => Ok(Poll::Gone),
            200 => {
                let (body, kind) = (answer.body, answer.content_type);
                let feed = isolate::blocking("the feed", move || {
                    let bytes = body.decoded()?;
                    parse_feed(&bytes, kind.as_deref())
                })
                .await
                .unwrap_or_else(|| {
                    Err(NewsError::NotFeed {
                        reason: "its parser broke off".to_owned(),
                    })
                })?;
                freshness.ttl = feed.ttl;
                let items: Vec<FeedItem> = feed
                    .items
                    .into_iter()
                    .map(|item| item.believable_at(now))
                    .collect();
                let dates = items.iter().filter_map(|item| item.published);
                let interval = schedule::interval(dates, now, intervals);
                Ok(Poll::Items {
                    title: feed.title,
                    items,
                    etag: answer.etag,
                    last_modified: answer.last_modified,
                    interval,
                    ttl: feed.ttl,
                    next: schedule::next(url, now, &freshness, interval, intervals),
                    moved_to,
                })
            }
            _ => Err(refusal(url, &answer)),
        }
    }

    /// Fetches an article page and takes its text, if the site allows it.
    ///
    /// # Errors
    /// [`NewsError`]: among others `Blocked` (robots.txt, 401, 403), `Gone`, `RateLimited`, `AddressRefused`, `TooLarge`,
    /// `NotHtml`, `Timeout`. A page without an article in it is no error, see [`Extracted::status`].
    pub async fn fetch_article(&self, url: &str) -> Result<FetchedPage, NewsError> {
        let (url, answer) = self.allowed_page(url).await?;
        self.read_page(url.into(), answer).await
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// What stands at `url`, behind any redirects, where robots.txt allows it to be fetched.
    pub(crate) async fn allowed_page(&self, url: &str) -> Result<(Url, Answer), NewsError> {
        let inner = &self.inner;
        let mut target = inner.transport.checked(url)?;
        for _ in 0..=inner.config.limits.redirects {
            let policy = inner
                .robots
                .policy(&inner.transport, &target, &inner.config, inner.clock.now())
                .await?;
            if !policy.allows(&target) {
                return Err(NewsError::Blocked {
                    url: target.into(),
                    by: BlockedBy::Robots,
                });
            }
            let delay = inner.config.per_host_delay.max(policy.delay());
            let answer = inner
                .transport
                .get(&target, &Validators::default(), delay)
                .await?;
            if let Some(next) = answer.redirect(&target) {
                target = inner.transport.checked(&next?)?;
                continue;
            }
            return Ok((target, answer));
        }
        Err(NewsError::Redirects { url: url.to_owned() })
    }

    async fn read_page(&self, url: String, answer: Answer) -> Result<FetchedPage, NewsError> {
        let fetched = self.now();
        is_page(&url, &answer)?;
        let charset = answer.charset();
        let mut extracted = self.extracted(&url, charset, answer).await?;
        extracted.date = extracted.date.and_then(|date| date.believable_at(fetched));
        Ok(FetchedPage {
            extracted,
            final_url: url,
            fetched,
        })
    }

    async fn extracted(
        &self,
        url: &str,
        charset: Option<String>,
        answer: Answer,
    ) -> Result<Extracted, NewsError> {
        let html = isolate::blocking("a page", move || answer.body.decoded()).await;
        let html = html.ok_or_else(|| broken_off(url, "unpacking it broke off"))??;
        self.extract_page(url, charset, html).await
    }

    /// What is taken from a page that is at hand, as [`News::fetch_article`] takes it from one that it fetched. `charset` is the one
    /// that came beside the page, if any.
    ///
    /// # Errors
    /// [`NewsError::NoReader`] and [`NewsError::Extraction`].
    pub async fn extract_page(
        &self,
        url: &str,
        charset: Option<String>,
        html: Vec<u8>,
    ) -> Result<Extracted, NewsError> {
        if let Some(extractors) = &self.inner.extractors {
            return extractors.extract(url, charset, &html).await;
        }
        let page_url = url.to_owned();
        let work = isolate::blocking("the article", move || {
            let html = text::decode_html(&html, charset.as_deref());
            extract_here(&html, Some(&page_url))
        });
        match tokio::time::timeout(self.inner.config.limits.extraction, work).await {
            Ok(Some(extracted)) => Ok(extracted),
            Ok(None) => Err(broken_off(url, "the parser broke off")),
            Err(_) => Err(broken_off(url, "reading it took too long")),
        }
    }

    /// Lets the processes go that read pages and have none: there will be none for a while.
    pub fn rest(&self) {
        if let Some(extractors) = &self.inner.extractors {
            extractors.rest();
        }
    }
}

fn broken_off(url: &str, reason: &str) -> NewsError {
    NewsError::Extraction {
        url: url.to_owned(),
        reason: reason.to_owned(),
    }
}

/// What an answer without a document says. Those that ask for less never come here.
pub(crate) fn refusal(url: &str, answer: &Answer) -> NewsError {
    let url = url.to_owned();
    match answer.status {
        401 | 403 | 451 => NewsError::Blocked {
            url,
            by: BlockedBy::Status(answer.status),
        },
        402 => NewsError::Paywalled { url },
        404 | 410 => NewsError::Gone {
            url,
            status: answer.status,
        },
        status => NewsError::Status { url, status },
    }
}
