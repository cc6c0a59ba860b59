//! What a site published before: the addresses and dates that its sitemaps list, newest first.
//!
//! Sitemaps come from robots.txt or lie at the usual places; an index of them names others. What is read of one site is
//! bounded, because a site may have any number of them, and one that names itself has no end.

use std::collections::{HashSet, VecDeque};

use promptpal_domain::{DateOrigin, Exactness, Published, Timestamp};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use url::Url;

use crate::host::host_key;
use crate::news::refusal;
use crate::{News, NewsError, canonical_url, isolate, text};

/// Sitemaps read of one site.
const MOST_SITEMAPS: usize = 24;
/// Entries kept of one document; the protocol allows no more.
const MOST_ENTRIES: usize = 50_000;
/// Where a site has its sitemap that robots.txt does not name.
const USUAL_PATHS: [&str; 3] = ["/sitemap-news.xml", "/news-sitemap.xml", "/sitemap.xml"];
/// What of a robots.txt is looked at.
const READ_BYTES: usize = 512 << 10;

/// An article that a sitemap lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastArticle {
    /// Canonical address.
    pub url: String,
    /// Headline, where the sitemap is one of news; plain text.
    pub title: Option<String>,
    /// When it was published, or last changed where only that is stated.
    pub published: Published,
}

/// A sitemap, or an index of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sitemap {
    /// Other sitemaps, with the date of their last change.
    pub(crate) sitemaps: Vec<(String, Option<Timestamp>)>,
    pub(crate) articles: Vec<PastArticle>,
}

impl News {
    /// The articles of a site that its sitemaps date into `[from, to)`, newest first, at most `most`. Only addresses on the
    /// site's own host count. Nothing is fetched that robots.txt forbids.
    ///
    /// # Errors
    /// [`NewsError`] of the first sitemap where none could be read.
    pub async fn past_articles(
        &self,
        site: &str,
        from: Timestamp,
        to: Timestamp,
        most: usize,
    ) -> Result<Vec<PastArticle>, NewsError> {
        let home = Url::parse(site).map_err(|_| NewsError::InvalidUrl {
            url: site.to_owned(),
            reason: "it is no address",
        })?;
        let mut waiting: VecDeque<String> = self.named_sitemaps(&home).await.into();
        if waiting.is_empty() {
            waiting = USUAL_PATHS
                .iter()
                .filter_map(|path| home.join(path).ok())
                .map(String::from)
                .collect();
        }
        let mut asked: HashSet<String> = HashSet::new();
        let mut found: Vec<PastArticle> = Vec::new();
        let (mut any, mut first_failure) = (false, None);
        while let Some(address) = waiting.pop_front() {
            if asked.len() >= MOST_SITEMAPS || !is_of(&address, &home) || !asked.insert(address.clone()) {
                continue;
            }
            let sitemap = match self.sitemap(&address).await {
                Ok(sitemap) => sitemap,
                Err(error) => {
                    first_failure = first_failure.or(Some(error));
                    continue;
                }
            };
            any = true;
            let mut others = sitemap.sitemaps;
            // The newest first; a sitemap that did not change since `from` has nothing of that time.
            others.retain(|(_, changed)| changed.is_none_or(|changed| changed >= from));
            others.sort_by_key(|(_, changed)| std::cmp::Reverse(*changed));
            waiting.extend(others.into_iter().map(|(address, _)| address));
            let of_span = |article: &PastArticle| {
                (from..to).contains(&article.published.at) && is_of(&article.url, &home)
            };
            found.extend(sitemap.articles.into_iter().filter(of_span));
        }
        match first_failure {
            Some(error) if !any => Err(error),
            _ => {
                found.sort_by(|a, b| (b.published.at, &a.url).cmp(&(a.published.at, &b.url)));
                let mut seen = HashSet::new();
                found.retain(|article| seen.insert(article.url.clone()));
                found.truncate(most);
                Ok(found)
            }
        }
    }

    /// The sitemaps that robots.txt names; none where it cannot be had.
    async fn named_sitemaps(&self, home: &Url) -> Vec<String> {
        let Ok(robots) = home.join("/robots.txt") else {
            return Vec::new();
        };
        let Ok((_, answer)) = self.allowed_page(robots.as_str()).await else {
            return Vec::new();
        };
        if answer.status != 200 {
            return Vec::new();
        }
        let read = isolate::blocking("robots.txt", move || {
            let bytes = answer.body.decoded().unwrap_or_default();
            sitemaps_of(bytes.get(..READ_BYTES).unwrap_or(&bytes))
        });
        read.await.unwrap_or_default()
    }

    async fn sitemap(&self, address: &str) -> Result<Sitemap, NewsError> {
        let (url, answer) = self.allowed_page(address).await?;
        if answer.status != 200 {
            return Err(refusal(url.as_str(), &answer));
        }
        let read = isolate::blocking("a sitemap", move || {
            let bytes = answer.body.decoded()?;
            Ok::<_, NewsError>(read_sitemap(&bytes))
        });
        read.await.unwrap_or_else(|| Ok(Sitemap::default()))
    }
}

fn is_of(address: &str, home: &Url) -> bool {
    Url::parse(address).is_ok_and(|url| host_key(&url) == host_key(home))
}

/// The addresses in `Sitemap:` lines.
fn sitemaps_of(robots_txt: &[u8]) -> Vec<String> {
    let document = String::from_utf8_lossy(robots_txt);
    let named = document.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim()
            .eq_ignore_ascii_case("sitemap")
            .then(|| value.trim().to_owned())
    });
    named
        .filter(|address| Url::parse(address).is_ok())
        .take(MOST_SITEMAPS)
        .collect()
}

/// What stands in a sitemap document; what stands before a fault where it breaks off. Entries without a date are left out: it
/// is not known what time they are of.
pub(crate) fn read_sitemap(bytes: &[u8]) -> Sitemap {
    let document = text::decode_html(bytes, None);
    let mut reader = Reader::from_str(&document);
    reader.config_mut().check_end_names = false;
    let mut sitemap = Sitemap::default();
    let mut entry = Entry::default();
    let mut said = String::new();
    while sitemap.articles.len() + sitemap.sitemaps.len() < MOST_ENTRIES {
        match reader.read_event() {
            Ok(Event::Start(element)) => {
                said.clear();
                let name = element.local_name();
                if matches!(name.as_ref(), "url" | "sitemap") {
                    entry = Entry::default();
                }
            }
            Ok(Event::Text(found)) => said.push_str(&found),
            Ok(Event::CData(found)) => said.push_str(&found),
            Ok(Event::GeneralRef(name)) => {
                let written = format!("&{};", &*name);
                said.push_str(&unescape(&written).unwrap_or_default());
            }
            Ok(Event::End(element)) => {
                match element.local_name().as_ref() {
                    "url" => sitemap.articles.extend(std::mem::take(&mut entry).article()),
                    "sitemap" => sitemap.sitemaps.extend(std::mem::take(&mut entry).sitemap()),
                    name => entry.keep(name, &said),
                }
                said.clear();
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    sitemap
}

/// An entry while it is read.
#[derive(Debug, Default)]
struct Entry {
    address: String,
    title: String,
    published: String,
    changed: String,
}

impl Entry {
    fn keep(&mut self, element: &str, text: &str) {
        let field = match element {
            "loc" => &mut self.address,
            "title" => &mut self.title,
            "publication_date" => &mut self.published,
            "lastmod" => &mut self.changed,
            _ => return,
        };
        // An image or video of the entry has a `loc` and a title too, after the entry's own.
        if field.is_empty() {
            text.trim().clone_into(field);
        }
    }

    fn sitemap(self) -> Option<(String, Option<Timestamp>)> {
        let changed = dated(&self.changed).map(|(at, _)| at);
        canonical_url(&self.address).map(|address| (address, changed))
    }

    fn article(self) -> Option<PastArticle> {
        let stated = dated(&self.published).map(|(at, exactness)| (at, exactness, DateOrigin::Sitemap));
        let (at, exactness, origin) = stated
            .or_else(|| dated(&self.changed).map(|(at, exactness)| (at, exactness, DateOrigin::Changed)))?;
        Some(PastArticle {
            url: canonical_url(&self.address)?,
            title: Some(text::from_markup(&self.title)).filter(|title| !title.is_empty()),
            published: Published {
                at,
                origin,
                exactness,
            },
        })
    }
}

/// A W3C date: with a time and its offset, or a day.
fn dated(text: &str) -> Option<(Timestamp, Exactness)> {
    let text = text.trim();
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some((Timestamp::from_millis(at.as_millisecond()), Exactness::Instant));
    }
    if let Ok(at) = text.parse::<jiff::civil::DateTime>()
        && text.len() > 10
    {
        let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
        return Some((Timestamp::from_millis(at.as_millisecond()), Exactness::LocalTime));
    }
    let day = text.parse::<jiff::civil::Date>().ok()?;
    let at = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some((Timestamp::from_millis(at.as_millisecond()), Exactness::Day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_sitemaps_of_news_of_pages_and_of_sitemaps() {
        let news = br#"<?xml version="1.0"?><urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url>
            <loc>https://a.example/x?utm_source=s&amp;id=1</loc><n:news><n:publication><n:name>A</n:name></n:publication>
            <n:publication_date>2025-01-09T10:00:00+02:00</n:publication_date><n:title>Funds &amp; flows</n:title></n:news>
            <image:image><image:loc>https://a.example/i.png</image:loc></image:image></url>
            <url><loc>https://a.example/day</loc><lastmod>2025-01-08</lastmod></url>
            <url><loc>https://a.example/local</loc><lastmod>2025-01-08T10:00:00</lastmod></url>
            <url><loc>https://a.example/undated</loc></url><url><lastmod>2025-01-08</lastmod></url>
            <url><loc><![CDATA[https://a.example/c]]></loc><lastmod>2025-01-07T00:00Z</lastmod></url><url><loc>https://cut"#;
        let found = read_sitemap(news);
        let told: Vec<(&str, Option<&str>, String, DateOrigin, Exactness)> = found
            .articles
            .iter()
            .map(|article| {
                let Published {
                    at,
                    origin,
                    exactness,
                } = article.published;
                (
                    article.url.as_str(),
                    article.title.as_deref(),
                    at.to_string(),
                    origin,
                    exactness,
                )
            })
            .collect();
        let (instant, day, local) = (Exactness::Instant, Exactness::Day, Exactness::LocalTime);
        let changed = DateOrigin::Changed;
        assert_eq!(
            told,
            [
                (
                    "https://a.example/x?id=1",
                    Some("Funds & flows"),
                    "2025-01-09T08:00:00Z".to_owned(),
                    DateOrigin::Sitemap,
                    instant
                ),
                (
                    "https://a.example/day",
                    None,
                    "2025-01-08T00:00:00Z".to_owned(),
                    changed,
                    day
                ),
                (
                    "https://a.example/local",
                    None,
                    "2025-01-08T10:00:00Z".to_owned(),
                    changed,
                    local
                ),
                (
                    "https://a.example/c",
                    None,
                    "2025-01-07T00:00:00Z".to_owned(),
                    changed,
                    instant
                ),
            ]
        );
        let index = read_sitemap(
            b"<sitemapindex><sitemap><loc>https://a.example/1.xml</loc><lastmod>2025-01-08</lastmod></sitemap>\
              <sitemap><loc>https://a.example/2.xml.gz</loc></sitemap></sitemapindex>",
        );
        assert_eq!(index.sitemaps.len(), 2);
        assert!(index.articles.is_empty() && index.sitemaps[0].1.is_some() && index.sitemaps[1].1.is_none());
        assert_eq!(read_sitemap(b"<html><p>no sitemap"), Sitemap::default());
        let robots = b"User-agent: *\nSitemap: https://a.example/s.xml\nsitemap:https://a.example/t.xml\nSitemap: /relative\n";
        assert_eq!(
            sitemaps_of(robots),
            ["https://a.example/s.xml", "https://a.example/t.xml"]
        );
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "(<url>|<loc>|</url>|<sitemap>|<lastmod>|2025-01-0|<|>|&|&#x41;|<!\\[CDATA\\[|]]>|https://a.b/){0,40}") {
            let _ = read_sitemap(text.as_bytes());
        }
    }
}
