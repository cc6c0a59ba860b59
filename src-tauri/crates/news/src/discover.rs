//! The feeds of a site, from the address of any of its pages.

use scraper::{Html, Selector};
use url::Url;

use crate::news::refusal;
use crate::{FeedItem, FeedRequest, News, NewsError, Poll, canonical_url, isolate, text};

/// Feeds that a page names and that are looked into.
const MOST_FEEDS: usize = 8;
/// Where blog engines and publishers put a feed that their pages do not name.
const USUAL_PATHS: [&str; 4] = ["/feed", "/rss", "/feed.xml", "/atom.xml"];

/// A feed that was found, with what it lists now.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundFeed {
    /// Its address, to be added as a source.
    pub url: String,
    /// Its title; empty where it has none.
    pub title: String,
    /// Its items as listed.
    pub items: Vec<FeedItem>,
}

impl News {
    /// The feeds behind an address: that feed where it is one, otherwise those that the page names, otherwise those at the
    /// usual places of the site. Without a scheme, https is taken.
    ///
    /// # Errors
    /// [`NewsError`] when the address cannot be had; `NotFeed` when there is no feed.
    pub async fn discover(&self, address: &str) -> Result<Vec<FoundFeed>, NewsError> {
        let address = address.trim();
        let address = if address.contains("://") {
            address.to_owned()
        } else {
            format!("https://{address}")
        };
        match self.found(&address).await {
            Ok(feed) => return Ok(vec![feed]),
            Err(NewsError::NotFeed { .. }) => {}
            Err(error) => return Err(error),
        }
        let (page, answer) = self.allowed_page(&address).await?;
        if answer.status != 200 {
            return Err(refusal(page.as_str(), &answer));
        }
        let (at, charset) = (page.clone(), answer.charset());
        let named = isolate::blocking("a page's feeds", move || {
            let html = answer.body.decoded()?;
            Ok::<_, NewsError>(named_feeds(&text::decode_html(&html, charset.as_deref()), &at))
        });
        let named = named.await.unwrap_or_else(|| Ok(Vec::new()))?;
        let mut found = self.found_among(named, MOST_FEEDS).await;
        if found.is_empty() {
            found = self.found_among(usual_feeds(&page), 1).await;
        }
        if found.is_empty() {
            return Err(NewsError::NotFeed {
                reason: format!("{page} names none, and there is none at the usual places"),
            });
        }
        Ok(found)
    }

    /// The first `most` feeds among these addresses; what is none, or cannot be had, is left out.
    async fn found_among(&self, addresses: Vec<String>, most: usize) -> Vec<FoundFeed> {
        let mut found: Vec<FoundFeed> = Vec::new();
        for address in addresses {
            if found.len() < most
                && let Ok(feed) = self.found(&address).await
            {
                found.push(feed);
            }
        }
        found
    }

    async fn found(&self, url: &str) -> Result<FoundFeed, NewsError> {
        let request = FeedRequest {
            url: url.to_owned(),
            ..FeedRequest::default()
        };
        match self.poll(&request).await? {
            Poll::Items {
                title,
                items,
                moved_to,
                ..
            } => Ok(FoundFeed {
                url: moved_to.unwrap_or_else(|| url.to_owned()),
                title,
                items,
            }),
            Poll::NotModified { .. } => Err(NewsError::Status {
                url: url.to_owned(),
                status: 304,
            }),
            Poll::Gone => Err(NewsError::Gone {
                url: url.to_owned(),
                status: 410,
            }),
        }
    }
}

/// The addresses of the feeds that a page names in its head, in its order; those of comments last.
pub(crate) fn named_feeds(html: &str, page: &Url) -> Vec<String> {
    let document = Html::parse_document(html);
    let Ok(links) = Selector::parse("link[rel][href], a[type][href]") else {
        return Vec::new();
    };
    let base = Selector::parse("base[href]")
        .ok()
        .and_then(|base| document.select(&base).next()?.attr("href").map(str::to_owned))
        .and_then(|base| page.join(&base).ok())
        .unwrap_or_else(|| page.clone());
    let mut feeds: Vec<String> = Vec::new();
    for link in document.select(&links) {
        let rels = link.attr("rel").unwrap_or("alternate").to_ascii_lowercase();
        let is_alternate = rels
            .split_ascii_whitespace()
            .any(|rel| rel == "alternate" || rel == "feed");
        let address = link
            .attr("href")
            .filter(|_| is_alternate && is_feed(link.attr("type").unwrap_or_default()))
            .and_then(|href| base.join(href.trim()).ok())
            .and_then(|url| canonical_url(url.as_str()));
        if let Some(address) = address.filter(|address| !feeds.contains(address)) {
            feeds.push(address);
        }
    }
    feeds.sort_by_key(|address| address.contains("/comments/"));
    feeds.truncate(MOST_FEEDS);
    feeds
}

/// Where the site of a page that names no feed may have one.
pub(crate) fn usual_feeds(page: &Url) -> Vec<String> {
    let joined = USUAL_PATHS.iter().filter_map(|path| page.join(path).ok());
    joined.map(String::from).collect()
}

fn is_feed(kind: &str) -> bool {
    let kind = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    matches!(
        kind.as_str(),
        "application/rss+xml"
            | "application/atom+xml"
            | "application/feed+json"
            | "application/rdf+xml"
            | "text/rss+xml"
            | "application/x.atom+xml"
            | "application/x-rss+xml"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_a_page_names() {
        let page = Url::parse("https://www.a.example/news/today.html").unwrap();
        let check = |html: &str, expected: &[&str]| assert_eq!(named_feeds(html, &page), expected, "{html}");
        check(
            r#"<head><link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
               <link rel="alternate" type="application/rss+xml; charset=UTF-8" href="/feed/?utm_source=x">
               <link rel="ALTERNATE home" type="Application/Atom+XML" href="atom.xml">
               <link rel="alternate" type="application/rss+xml" href="/feed/">
               <link rel="alternate" hreflang="de" type="text/html" href="/de/">
               <link rel="stylesheet" type="text/css" href="/x.css">
               <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">"#,
            &[
                "https://www.a.example/feed/",
                "https://www.a.example/news/atom.xml",
                "https://www.a.example/comments/feed/",
            ],
        );
        check(
            r#"<base href="https://cdn.example/x/"><link rel=alternate type=application/feed+json href=feed.json>"#,
            &["https://cdn.example/x/feed.json"],
        );
        check("<p>nothing</p>", &[]);
        assert_eq!(usual_feeds(&page)[2], "https://www.a.example/feed.xml");
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(<link |<base |rel=alternate |type=application/rss.xml |href=|'|\"|>|/|:|x){0,40}") {
            named_feeds(&text, &Url::parse("https://a.example/").unwrap());
        }
    }
}
