//! The crawler against a real site on loopback, and against the collected files where they are at hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "news/articles.rs"]
mod articles;
#[path = "news/assets.rs"]
mod assets;
#[path = "news/collected.rs"]
mod collected;
#[path = "news/conformance.rs"]
mod conformance;
#[path = "news/discovery.rs"]
mod discovery;
#[path = "news/dying.rs"]
mod dying;
#[path = "news/hostile.rs"]
mod hostile;
#[path = "news/measures.rs"]
mod measures;
#[path = "news/packs.rs"]
mod packs;
#[path = "news/polling.rs"]
mod polling;
#[path = "news/repeats.rs"]
mod repeats;
#[path = "news/safety.rs"]
mod safety;
#[path = "news/tagged.rs"]
mod tagged;
#[path = "news/told.rs"]
mod told;

use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{ManualClock, Timestamp};
use promptpal_news::{News, NewsConfig};
use promptpal_testkit::news_site::{NewsSite, NewsSiteOptions};

/// 2025-01-20T12:00:00Z, after everything on the site's front page.
const NOW: Timestamp = Timestamp::from_millis(1_737_374_400_000);

fn crawler(change: impl FnOnce(&mut NewsConfig)) -> (News, Arc<ManualClock>) {
    // Other tests of this program may have installed it before.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut config = NewsConfig::new("Promptpal/0.1 (+https://promptpal.example)");
    config.allow_private_addresses = true;
    config.per_host_delay = Duration::ZERO;
    change(&mut config);
    let clock = Arc::new(ManualClock::new(NOW));
    (
        News::new(config, Arc::<ManualClock>::clone(&clock)).unwrap(),
        clock,
    )
}

async fn site() -> NewsSite {
    NewsSite::start(NewsSiteOptions::default()).await
}
