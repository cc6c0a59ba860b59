//! What every test here starts from: a program in a folder of its own.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use promptpal_app::{App, FetchRequest, FetchSource, JobRequest, Options};
use promptpal_domain::{Interval, Timestamp};
use promptpal_store::{Store, StoreOptions};
use promptpal_testkit::exchange::{Exchange, ExchangeOptions};
use promptpal_testkit::news_site::NewsSite;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Nothing here takes so long, even on a busy machine.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);
pub(crate) const MINUTE: i64 = 60_000;

/// A program in a folder of its own.
pub(crate) struct Desk {
    pub(crate) app: App,
    pub(crate) folder: TempDir,
}

impl Desk {
    /// Without any network: the exchange's addresses lead nowhere.
    pub(crate) async fn offline() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn at(exchange: &Exchange) -> Self {
        let (rest, stream) = (exchange.rest_url(), exchange.stream_url());
        Self::with(|options| {
            options.config.exchange.rest_url = Some(rest.parse().unwrap());
            options.config.exchange.stream_url = Some(stream.parse().unwrap());
        })
        .await
    }

    /// With the sample workspace, which is made once for all tests.
    pub(crate) async fn with_sample(change: impl FnOnce(&mut Options)) -> Self {
        static SAMPLE: OnceCell<Vec<u8>> = OnceCell::const_new();
        let made = SAMPLE.get_or_init(async || {
            let desk = Self::offline().await;
            desk.app.run(JobRequest::Sample).await.unwrap();
            desk.app.shutdown().await;
            std::fs::read(desk.folder.path().join("promptpal.db")).unwrap()
        });
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("promptpal.db"), made.await).unwrap();
        let app = start(folder.path(), change).await;
        Self { app, folder }
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = start(folder.path(), change).await;
        Self { app, folder }
    }

    /// The same folder, opened once more, as another program does.
    pub(crate) async fn store(&self) -> Store {
        store(self.folder.path()).await
    }

    pub(crate) fn file(&self, name: &str, contents: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, contents).unwrap();
        path
    }
}

/// Starts the program in a folder. Nothing is reachable unless `change` says so.
pub(crate) async fn start(folder: &Path, change: impl FnOnce(&mut Options)) -> App {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut options = Options::in_folder(folder).unwrap();
    options.sample_on_first_run = false;
    // The discard port: nobody listens there.
    options.config.exchange.rest_url = Some("http://127.0.0.1:9/".parse().unwrap());
    options.config.exchange.stream_url = Some("ws://127.0.0.1:9/".parse().unwrap());
    options.config.venues.binance_us = options.config.exchange.clone();
    options.config.venues.coinbase = options.config.exchange.clone();
    options.config.news.allow_private_addresses = true;
    options.config.news.host_delay_ms = Some(1);
    options.config.news.crawl_seconds = Some(1);
    change(&mut options);
    App::start(options).await.unwrap()
}

pub(crate) async fn store(folder: &Path) -> Store {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    let now = Timestamp::from_millis(i64::try_from(now).unwrap());
    Store::open(&folder.join("promptpal.db"), StoreOptions::default(), now)
        .await
        .unwrap()
}

/// The first minute of every tape here.
pub(crate) fn tape_start() -> Timestamp {
    "2024-03-01".parse().unwrap()
}

/// An exchange that stands `minutes` after the start of its tape, and 17 seconds into the minute.
pub(crate) async fn exchange(minutes: i64) -> Exchange {
    let now = tape_start().plus_millis(minutes * MINUTE + 17_000);
    Exchange::start(ExchangeOptions::sample(42, tape_start(), now))
        .await
        .unwrap()
}

/// All of the tape, as minutes of BTCUSDT.
pub(crate) fn minutes() -> JobRequest {
    fetch("BTCUSDT")
}

pub(crate) fn fetch(symbol: &str) -> JobRequest {
    JobRequest::Fetch(FetchRequest {
        venue: None,
        symbol: symbol.parse().unwrap(),
        interval: Interval::Minute1,
        from: Some(tape_start()),
        to: None,
        source: FetchSource::Auto,
    })
}

pub(crate) async fn add_feeds(app: &App, site: &NewsSite) {
    app.add_source(&site.rss_url(), true).await.unwrap();
    app.add_source(&site.atom_url(), true).await.unwrap();
}

/// Waits for something to hold; looks again whenever something has happened.
pub(crate) async fn until(app: &App, what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let mut facts = app.bus().listen();
    let wait = async {
        while !holds().await {
            let _ = tokio::time::timeout(Duration::from_millis(100), facts.recv()).await;
        }
    };
    assert!(tokio::time::timeout(LIMIT, wait).await.is_ok(), "in vain: {what}");
}

/// Whether the checks with the real worker can be made; says so when not.
pub(crate) fn worker() -> Option<PathBuf> {
    let worker = std::env::var_os("PROMPTPAL_SENTIMENT_WORKER").map(PathBuf::from);
    if worker.is_none() {
        println!("scoring: PROMPTPAL_SENTIMENT_WORKER is not set, not run with the real worker");
    }
    worker
}

/// A simple walk of prices as CSV: the open time in milliseconds and five numbers.
pub(crate) fn csv(rows: impl IntoIterator<Item = i64>) -> String {
    let mut text = "open_time,open,high,low,close,volume\n".to_owned();
    for hour in rows {
        let (open, close) = (100 + hour % 7, 100 + (hour + 1) % 7);
        let time = tape_start().millis() + hour * 60 * MINUTE;
        text.push_str(&format!(
            "{time},{open}.5,{}.25,{}.75,{close}.5,{}.125\n",
            107,
            99,
            1 + hour % 5
        ));
    }
    text
}
