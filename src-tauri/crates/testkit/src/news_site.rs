//! A news site: an RSS and an Atom feed and article pages in three layouts, on loopback.
//!
//! | address | what |
//! |---|---|
//! | `/feed.xml`, `/atom.xml` | the feeds, with `ETag` and `Last-Modified`, answered 304 when unchanged |
//! | `/articles/{slug}` | the pages |
//! | `/robots.txt` | as configured |
//! | `/` | a list of all articles: no article |
//! | `POST /_control/publish` | a [`SiteArticle`] as JSON, of which `title` and `paragraphs` are enough |
//! | `POST /_control/fault` | `{"path": "/articles/x", "fault": {"kind": "paywall"}}`; `null` takes it back |
//! | `GET /_control/log` | every request so far |

mod article;
mod fault;
mod feed;

use std::collections::HashMap;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, USER_AGENT,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use promptpal_domain::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::task::JoinHandle;

pub use article::{Layout, SiteArticle, front_page};
pub use fault::Fault;

/// What the site starts with.
#[derive(Clone, Debug)]
pub struct NewsSiteOptions {
    /// 0 for any free one.
    pub port: u16,
    /// Oldest first.
    pub articles: Vec<SiteArticle>,
    /// The body of `/robots.txt`; without one it is answered 404.
    pub robots: Option<String>,
    /// Cache-Control of the feeds, in seconds.
    pub max_age: Option<u32>,
    /// `ttl` of the RSS feed, in minutes.
    pub ttl_minutes: Option<u32>,
}

impl Default for NewsSiteOptions {
    fn default() -> Self {
        Self {
            port: 0,
            articles: front_page(),
            robots: Some("User-agent: *\nDisallow: /private/\n".to_owned()),
            max_age: None,
            ttl_minutes: None,
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
            options,
            faults: Mutex::default(),
            log: Mutex::default(),
            in_flight: AtomicUsize::new(0),
            started: Instant::now(),
        });
        let routes = Router::new()
            .route("/", get(index))
            .route("/feed.xml", get(rss_feed))
            .route("/atom.xml", get(atom_feed))
            .route("/robots.txt", get(robots))
            .route("/articles/{slug}", get(page))
            .route("/_control/publish", post(publish))
            .route("/_control/fault", post(fault))
            .route("/_control/log", get(log))
            .layer(from_fn_with_state(Arc::clone(&state), watched))
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
        self.faults.lock().unwrap().get(path).cloned()
    }

    fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap()
    }
}

/// Logs every request and gives the faults their turn.
async fn watched(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/_control/") {
        return next.run(request).await;
    }
    let at_ms = site.elapsed_ms();
    let mut logged = LoggedRequest {
        at_ms,
        answered_ms: at_ms,
        path: request
            .uri()
            .path_and_query()
            .map(ToString::to_string)
            .unwrap_or_default(),
        status: 0,
        user_agent: user_agent(request.headers()),
        conditional: request.headers().contains_key(IF_NONE_MATCH)
            || request.headers().contains_key(IF_MODIFIED_SINCE),
        in_flight: site.in_flight.fetch_add(1, Ordering::SeqCst) + 1,
    };
    let answer = match site.fault(&path).and_then(|fault| fault.answer()) {
        Some(answer) => answer,
        None => next.run(request).await,
    };
    site.in_flight.fetch_sub(1, Ordering::SeqCst);
    logged.status = answer.status().as_u16();
    logged.answered_ms = site.elapsed_ms();
    site.log.lock().unwrap().push(logged);
    answer
}

fn user_agent(headers: &HeaderMap) -> String {
    headers
        .get(USER_AGENT)
        .and_then(|name| name.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// As the caller named us, so that addresses stay reachable for it.
fn base_url(headers: &HeaderMap) -> String {
    let host = headers
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1");
    format!("http://{host}")
}

async fn rss_feed(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let document = feed::rss(
        &base_url(&headers),
        &site.articles.lock().unwrap(),
        site.options.ttl_minutes,
    );
    conditional(&site, &headers, "application/rss+xml; charset=utf-8", document)
}

async fn atom_feed(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let document = feed::atom(&base_url(&headers), &site.articles.lock().unwrap());
    conditional(&site, &headers, "application/atom+xml", document)
}

/// The document, or 304 when the caller has it. Without an ETag in the request, Last-Modified decides.
fn conditional(site: &Site, headers: &HeaderMap, kind: &str, document: String) -> Response {
    let digest = Sha256::digest(&document);
    let etag = format!("\"{:x}{:x}{:x}{:x}\"", digest[0], digest[1], digest[2], digest[3]);
    // The number of articles stands for the time of the last change: it moves when something is published.
    let minutes = site.articles.lock().unwrap().len();
    let modified = format!(
        "Mon, 06 Jan 2025 {:02}:{:02}:00 GMT",
        minutes / 60 % 24,
        minutes % 60
    );
    let sent = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let unchanged = match sent(IF_NONE_MATCH) {
        Some(known) => known == etag,
        None => sent(IF_MODIFIED_SINCE) == Some(modified.as_str()),
    };
    let mut answer = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(CONTENT_TYPE, kind)], document).into_response()
    };
    answer.headers_mut().insert(ETAG, etag.parse().unwrap());
    answer
        .headers_mut()
        .insert(LAST_MODIFIED, modified.parse().unwrap());
    if let Some(seconds) = site.options.max_age {
        answer.headers_mut().insert(
            CACHE_CONTROL,
            format!("public, max-age={seconds}").parse().unwrap(),
        );
    }
    answer
}

async fn robots(State(site): State<Arc<Site>>) -> Response {
    match &site.options.robots {
        Some(robots) => ([(CONTENT_TYPE, "text/plain")], robots.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn index(State(site): State<Arc<Site>>) -> Response {
    let articles = site.articles.lock().unwrap();
    let teasers: Vec<String> = articles
        .iter()
        .map(|a| {
            format!(
                "<article><h2><a href=\"/articles/{}\">{}</a></h2></article>",
                a.slug,
                article::escaped(&a.title)
            )
        })
        .collect();
    let page = format!(
        "<!doctype html><title>Sample Ledger</title><main>{}</main>",
        teasers.join("\n")
    );
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

async fn page(State(site): State<Arc<Site>>, Path(slug): Path<String>, headers: HeaderMap) -> Response {
    let article = site
        .articles
        .lock()
        .unwrap()
        .iter()
        .find(|article| article.slug == slug)
        .cloned();
    let Some(article) = article else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let path = format!("/articles/{slug}");
    let url = format!("{}{path}", base_url(&headers));
    let html = [(CONTENT_TYPE, "text/html; charset=utf-8")];
    match site.fault(&path) {
        Some(Fault::Paywall) => {
            let wall = "<div class=\"paywall\"><h3>Subscribe to continue reading</h3><p>Already a subscriber? <a href=\"/login\">Log in</a></p></div>";
            let walled = article.page(&url, 1).replacen("</p>", &format!("</p>{wall}"), 1);
            (html, walled).into_response()
        }
        Some(Fault::WrongEncoding) => {
            (html, fault::as_latin_1(&article.page(&url, usize::MAX))).into_response()
        }
        _ => (html, article.page(&url, usize::MAX)).into_response(),
    }
}

#[derive(Deserialize)]
struct Publish {
    title: String,
    paragraphs: Vec<String>,
    slug: Option<String>,
    published: Option<String>,
    author: Option<String>,
    #[serde(default)]
    layout: Layout,
}

async fn publish(State(site): State<Arc<Site>>, headers: HeaderMap, Json(new): Json<Publish>) -> Response {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let now = Timestamp::from_millis(i64::try_from(now).unwrap() * 1000);
    let mut articles = site.articles.lock().unwrap();
    let slug = new
        .slug
        .unwrap_or_else(|| format!("article-{}", articles.len() + 1));
    let paragraphs: Vec<&str> = new.paragraphs.iter().map(String::as_str).collect();
    let published = new.published.unwrap_or_else(|| now.to_string());
    let mut article = SiteArticle::new(&slug, &new.title, &published, &paragraphs);
    article.layout = new.layout;
    article.author = new.author.unwrap_or(article.author);
    articles.push(article);
    Json(serde_json::json!({"url": format!("{}/articles/{slug}", base_url(&headers))})).into_response()
}

#[derive(Deserialize)]
struct SetFault {
    path: String,
    fault: Option<Fault>,
}

async fn fault(State(site): State<Arc<Site>>, Json(set): Json<SetFault>) -> StatusCode {
    site.set_fault(&set.path, set.fault);
    StatusCode::NO_CONTENT
}

async fn log(State(site): State<Arc<Site>>) -> Json<Vec<LoggedRequest>> {
    Json(site.log.lock().unwrap().clone())
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
