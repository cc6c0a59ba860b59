//! A news site: an RSS and an Atom feed and article pages in three layouts, on loopback.
//!
//! | address | what |
//! |---|---|
//! | `/feed.xml`, `/atom.xml` | the feeds, with `ETag` and `Last-Modified`, answered 304 when unchanged |
//! | `/articles/{slug}` | the pages |
//! | `/robots.txt` | as configured |
//! | `/sitemap.xml` | all articles as a sitemap of news |
//! | `/sitemaps/{n}` | an index that names itself and two more, without an end |
//! | `/` | a list of all articles: no article. Names the feeds |
//! | `POST /_control/publish` | a [`SiteArticle`] as JSON, of which `title` and `paragraphs` are enough |
//! | `POST /_control/fault` | `{"path": "/articles/x", "fault": {"kind": "paywall"}}`; `null` takes it back |
//! | `GET /_control/log` | every request so far |

mod article;
mod fault;
mod feed;
mod serve;

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use promptpal_domain::{Clock, Timestamp};
use serde::Serialize;
use tokio::task::JoinHandle;

pub use article::{Layout, SiteArticle, front_page};
pub use fault::Fault;

/// The address of a fault that all addresses have.
const EVERYWHERE: &str = "*";

/// What the site starts with.
#[derive(Clone, Debug)]
pub struct NewsSiteOptions {
    /// 0 for any free one.
    pub port: u16,
    /// Oldest first.
    pub articles: Vec<SiteArticle>,
    /// The body of `/robots.txt`; without one it is answered 404. `BASE` in it is the site's own address.
    pub robots: Option<String>,
    /// Cache-Control of the feeds, in seconds.
    pub max_age: Option<u32>,
    /// `ttl` of the RSS feed, in minutes.
    pub ttl_minutes: Option<u32>,
    /// How many of its newest articles a feed lists.
    pub listed: usize,
    /// What the feeds give to be asked with conditionally.
    pub validators: Validators,
    /// How the RSS feed names its articles.
    pub guids: Guids,
    /// Whose time the log is in; the machine's when `None`.
    pub clock: Option<Arc<dyn Clock>>,
}

/// What a feed gives to be asked with conditionally.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Validators {
    /// `ETag` and `Last-Modified`, in an answer of 304 too.
    #[default]
    Both,
    /// `Last-Modified` alone.
    OnlyDate,
    /// Both, but neither in an answer of 304.
    NotWith304,
}

/// How the RSS feed names its articles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Guids {
    /// Each by its own name, always.
    #[default]
    Own,
    /// By the names of others, and differently whenever something is published.
    Flipped,
    /// By its place in the list, as feeds do that were written in an afternoon.
    Places,
}

impl Default for NewsSiteOptions {
    fn default() -> Self {
        Self {
            port: 0,
            articles: front_page(),
            robots: Some("User-agent: *\nDisallow: /private/\n".to_owned()),
            max_age: None,
            ttl_minutes: None,
            listed: usize::MAX,
            validators: Validators::default(),
            guids: Guids::default(),
            clock: None,
        }
    }
}

/// A request as the site saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoggedRequest {
    /// Milliseconds from the start of the site to the arrival of the request.
    pub at_ms: u64,
    /// The same for the head of the answer.
    pub answered_ms: u64,
    /// Path and query.
    pub path: String,
    /// What was answered.
    pub status: u16,
    /// Who asked.
    pub user_agent: String,
    /// Whether the request was conditional.
    pub conditional: bool,
    /// Requests being answered at its arrival, itself included.
    pub in_flight: usize,
    /// Articles that were published at its arrival.
    pub articles: usize,
}

/// The running site; stops when dropped.
#[derive(Debug)]
pub struct NewsSite {
    /// `http://127.0.0.1:PORT`
    pub base_url: String,
    state: Arc<Site>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Site {
    options: NewsSiteOptions,
    articles: Mutex<Vec<SiteArticle>>,
    faults: Mutex<HashMap<String, Fault>>,
    log: Mutex<Vec<LoggedRequest>>,
    in_flight: AtomicUsize,
    started: Instant,
    /// The clock's time at the start.
    began: Timestamp,
}

impl Drop for NewsSite {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl NewsSite {
    /// Starts the site.
    ///
    /// # Panics
    /// When the port cannot be had.
    pub async fn start(options: NewsSiteOptions) -> Self {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))
            .await
            .unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Site {
            articles: Mutex::new(options.articles.clone()),
            faults: Mutex::default(),
            log: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            started: Instant::now(),
            began: options
                .clock
                .as_ref()
                .map(|clock| clock.now())
                .unwrap_or_default(),
            options,
        });
        let routes = Router::new()
            .route("/", get(serve::index))
            .route("/feed.xml", get(serve::rss_feed))
            .route("/atom.xml", get(serve::atom_feed))
            .route("/robots.txt", get(serve::robots))
            .route("/sitemap.xml", get(serve::sitemap))
            .route("/sitemaps/{number}", get(serve::endless_sitemap))
            .route("/articles/{slug}", get(serve::page))
            .route("/_control/publish", post(serve::publish))
            .route("/_control/fault", post(serve::fault))
            .route("/_control/log", get(serve::log))
            .layer(from_fn_with_state(Arc::clone(&state), serve::watched))
            .with_state(Arc::clone(&state));
        let server = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self {
            base_url,
            state,
            server,
        }
    }

    /// The RSS feed's address.
    #[must_use]
    pub fn rss_url(&self) -> String {
        format!("{}/feed.xml", self.base_url)
    }

    /// The Atom feed's address.
    #[must_use]
    pub fn atom_url(&self) -> String {
        format!("{}/atom.xml", self.base_url)
    }

    /// An article's address.
    #[must_use]
    pub fn article_url(&self, slug: &str) -> String {
        format!("{}/articles/{slug}", self.base_url)
    }

    /// Adds an article to page and feeds, and gives its address.
    pub fn publish(&self, article: SiteArticle) -> String {
        let url = self.article_url(&article.slug);
        self.state.articles.lock().unwrap().push(article);
        url
    }

    /// Lets `path` (as in `/articles/x`) go wrong from now on, or right again.
    pub fn set_fault(&self, path: &str, fault: Option<Fault>) {
        self.state.set_fault(path, fault);
    }

    /// Lets every address go wrong, or all right again. A fault of one address goes before it.
    pub fn set_fault_everywhere(&self, fault: Option<Fault>) {
        match fault {
            Some(fault) => self.state.set_fault(EVERYWHERE, Some(fault)),
            None => self.state.faults.lock().unwrap().clear(),
        }
    }

    /// Every request so far, without those to the controls.
    #[must_use]
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.state.log.lock().unwrap().clone()
    }
}

impl Site {
    fn set_fault(&self, path: &str, fault: Option<Fault>) {
        let mut faults = self.faults.lock().unwrap();
        match fault {
            Some(fault) => faults.insert(path.to_owned(), fault),
            None => faults.remove(path),
        };
    }

    fn fault(&self, path: &str) -> Option<Fault> {
        let faults = self.faults.lock().unwrap();
        faults.get(path).or_else(|| faults.get(EVERYWHERE)).cloned()
    }

    /// The present of the site's clock.
    fn now(&self) -> Timestamp {
        match &self.options.clock {
            Some(clock) => clock.now(),
            None => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
                Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap())
            }
        }
    }

    fn elapsed_ms(&self) -> u64 {
        match &self.options.clock {
            Some(clock) => u64::try_from(clock.now().since(self.began)).unwrap(),
            None => u64::try_from(self.started.elapsed().as_millis()).unwrap(),
        }
    }
}

/// Running the site by hand.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeOptions {
    /// Port on loopback; any free one by default.
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Cache-Control of the feeds, in seconds.
    #[arg(long)]
    pub max_age: Option<u32>,
}

/// Runs the site until it is interrupted; prints its addresses as one line of JSON.
///
/// # Errors
/// When the interrupt cannot be waited for.
pub async fn serve(options: ServeOptions) -> anyhow::Result<()> {
    let ServeOptions { port, max_age } = options;
    let site = NewsSite::start(NewsSiteOptions {
        port,
        max_age,
        ..NewsSiteOptions::default()
    })
    .await;
    let base = &site.base_url;
    let addresses = serde_json::json!({
        "base_url": base,
        "rss": site.rss_url(),
        "atom": site.atom_url(),
        "publish": format!("{base}/_control/publish"),
        "fault": format!("{base}/_control/fault"),
        "log": format!("{base}/_control/log"),
    });
    println!("{addresses}");
    tokio::signal::ctrl_c().await?;
    Ok(())
}
