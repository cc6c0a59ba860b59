//! Feeds of a site, and lists of feeds from and for other readers.

use std::path::PathBuf;

use promptpal_domain::SourceKind;
use promptpal_news::{FoundFeed, ListedFeed, canonical_url, read_opml, write_opml};
use promptpal_store::NewSource;

use crate::bus::Event;
use crate::{App, AppError};

/// No list of feeds is larger.
const LARGEST_LIST: u64 = 16 << 20;

/// A feed that was found, for somebody to decide about.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedPreview {
    /// The feed with what it lists now.
    pub feed: FoundFeed,
    /// Whether it is a source already.
    pub known: bool,
}

/// What came of reading a list of feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListImport {
    /// Sources that are new, by title.
    pub added: Vec<String>,
    /// Feeds of the list that were sources already.
    pub known: u32,
    /// Addresses that cannot be asked.
    pub refused: Vec<String>,
}

impl App {
    /// The feeds behind the address of a site, of one of its pages or of a feed, with what they list. Nothing is stored.
    ///
    /// # Errors
    /// [`AppError::News`] when nothing can be had there or it has no feed, [`AppError::Store`].
    pub async fn discover_feeds(&self, address: &str) -> Result<Vec<FeedPreview>, AppError> {
        let found = self.inner.news.discover(address).await?;
        let sources = self.store().sources().await?;
        let preview = |feed: FoundFeed| FeedPreview {
            known: sources.iter().any(|source| source.url == feed.url),
            feed,
        };
        Ok(found.into_iter().map(preview).collect())
    }

    /// Adds the feeds of an OPML file as sources of summaries. They are not asked here: a feed that does not answer shows
    /// that in its health.
    ///
    /// # Errors
    /// [`AppError::File`], [`AppError::Invalid`] when the file is too large or lists no feed, [`AppError::Store`].
    pub async fn import_sources(&self, path: PathBuf) -> Result<ListImport, AppError> {
        let failed = |source| AppError::File {
            doing: "read the list of feeds",
            path: path.clone(),
            source,
        };
        let size = tokio::fs::metadata(&path).await.map_err(failed)?.len();
        if size > LARGEST_LIST {
            return Err(AppError::invalid(
                format!("{} is too large for a list of feeds", path.display()),
                "Export the list once more from the other program.",
            ));
        }
        let bytes = tokio::fs::read(&path).await.map_err(failed)?;
        let feeds = read_opml(&bytes);
        if feeds.is_empty() {
            return Err(AppError::invalid(
                format!("{} lists no feeds", path.display()),
                "Choose an OPML file, as other readers export it.",
            ));
        }
        let mut import = ListImport::default();
        let mut known: Vec<String> = self.store().sources().await?.into_iter().map(|s| s.url).collect();
        for ListedFeed { title, url } in feeds {
            // A parser of addresses knows what can be asked; the address itself stays as it is.
            if canonical_url(&url).is_none() {
                import.refused.push(url);
                continue;
            }
            if known.contains(&url) {
                import.known += 1;
                continue;
            }
            let new = NewSource {
                kind: SourceKind::Feed,
                url: url.clone(),
                title: title.clone(),
                full_text: false,
            };
            self.store().add_source(&new).await?;
            known.push(url);
            import.added.push(title);
        }
        self.bus().announce(Event::SourcesChanged);
        Ok(import)
    }

    /// Writes all feeds, paused ones too, as an OPML file; returns how many.
    ///
    /// # Errors
    /// [`AppError::File`], [`AppError::Store`].
    pub async fn export_sources(&self, path: PathBuf) -> Result<u32, AppError> {
        let sources = self.store().sources().await?;
        let feeds: Vec<ListedFeed> = sources
            .into_iter()
            .filter(|source| source.kind == SourceKind::Feed)
            .map(|source| ListedFeed {
                title: source.title,
                url: source.url,
            })
            .collect();
        let document = write_opml(&feeds);
        let written = tokio::fs::write(&path, document).await;
        written.map_err(|source| AppError::File {
            doing: "write the list of feeds",
            path,
            source,
        })?;
        Ok(u32::try_from(feeds.len()).unwrap_or(u32::MAX))
    }
}
