//! Arguments of the commands about news sources.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use promptpal_domain::Timestamp;

#[derive(Debug, Subcommand)]
pub(crate) enum SourcesCommand {
    /// Every source with its health
    List,
    /// Add a feed
    Add {
        /// Its address
        url: String,
        /// Keep only title and summary; do not fetch the article pages
        #[arg(long)]
        summary_only: bool,
    },
    /// What feeds there are behind an address, and what they list; nothing is stored
    Test {
        /// The address of a feed, of a site or of one of its pages
        url: String,
    },
    /// Stop asking a source
    Pause {
        /// Its id, as `sources list` shows it
        id: i64,
    },
    /// Ask a paused source again
    Resume {
        /// Its id, as `sources list` shows it
        id: i64,
    },
    /// Whether the article pages of a source are fetched
    FullText {
        /// Its id, as `sources list` shows it
        id: i64,
        /// Fetch the pages, or keep only title and summary
        #[arg(value_parser = ["on", "off"])]
        state: String,
    },
    /// Add the feeds of an OPML file, as sources of summaries
    Import {
        /// The file, as other readers export it
        file: PathBuf,
    },
    /// Write all feeds as an OPML file
    Export {
        /// The file to write
        file: PathBuf,
    },
    /// Remove a source and its articles
    Remove {
        /// Its id, as `sources list` shows it
        id: i64,
    },
}

#[derive(Args, Debug)]
pub(crate) struct CrawlArgs {
    /// One round, then stop (this is what happens without it too; the desktop program keeps crawling)
    #[arg(long)]
    pub(crate) once: bool,
    /// Only this source
    #[arg(long, value_name = "ID")]
    pub(crate) source: Option<i64>,
    /// Also what the sites published since then and still list in their sitemaps
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<Timestamp>,
    /// Do not score what was found
    #[arg(long)]
    pub(crate) no_score: bool,
}
