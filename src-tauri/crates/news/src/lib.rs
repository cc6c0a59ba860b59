//! News: feeds are polled, article pages fetched politely, and their main text, date and assets taken from them.
//!
//! [`News`] speaks to the network; [`parse_feed`], [`extract()`], [`tag_assets`], [`fingerprint()`], [`read_opml`] and
//! [`robots::allowed`] are pure functions over bytes and texts that the command line and the tests use directly.
//!
//! # Invariants
//! - One request at a time goes to a host (a registrable domain), none sooner than the host's delay after the one before,
//!   and none before the time that it named by Retry-After.
//! - No address outside the public internet is connected to, however it was named (literal, DNS, redirect),
//!   unless the configuration of a test says so.
//! - Whatever a site sends is bounded in bytes and time, and what leaves this crate is plain text, never markup.
//! - No wall is passed by: robots.txt, refusals and paywalls are outcomes of their own.
//! - Parsers of foreign crates may panic; here that is an error or an empty result. Pages are read by a process that may die
//!   ([`ExtractorCommand`]), with its memory and time bounded.
//! - A date is given only where the source states a believable one, together with how exact it is.
//!
//! # Not here
//! Storing, queues and health of sources (`store`, `app`), sentiment (`sentiment`).

#![warn(missing_docs)]

mod assets;
mod canonical;
mod config;
mod discover;
mod error;
mod extract;
mod extractor;
mod feeds;
mod fingerprint;
mod host;
mod isolate;
mod net;
mod news;
mod opml;
mod pace;
mod page;
pub mod robots;
mod schedule;
mod sitemaps;
mod sources;
mod stories;
mod text;
mod words;

pub use assets::{asset_mentions, tag_assets};
pub use canonical::canonical_url;
pub use config::{Limits, NewsConfig, PollIntervals};
pub use discover::FoundFeed;
pub use error::{BlockedBy, NewsError};
pub use extract::{
    DatePrecision, DateSource, ExplainedBlock, Explanation, Extracted, Method, PublishedDate, explain,
    extract,
};
pub use extractor::{ExtractorCommand, PageLimits, serve, serve_with};
pub use feeds::{DateNote, Feed, FeedItem, feed_detail, parse_feed};
pub use fingerprint::{fingerprint, nearly_same};
pub use host::host_of;
pub use news::{FeedRequest, FetchedPage, News, Poll};
pub use opml::{ListedFeed, read_opml, write_opml};
pub use pace::{Pace, RealPace, Waiting};
pub use page::PageSource;
pub use schedule::after_failure;
pub use sitemaps::PastArticle;
pub use sources::{DefaultSource, default_sources};
pub use stories::{Place, StoryIndex, Told};
