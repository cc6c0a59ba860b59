//! The site's answers.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETAG, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, USER_AGENT,
};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use promptpal_domain::Timestamp;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::article::{self, Layout, SiteArticle};
use super::fault::{self, Fault};
use super::{LoggedRequest, Site, Validators, feed};

/// Logs every request and gives the faults their turn.
pub(super) async fn watched(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
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
        articles: site.articles.lock().unwrap().len(),
    };
    let answer = match site.fault(&path).and_then(|fault| fault.answer(site.now())) {
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

pub(super) async fn rss_feed(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let document = feed::rss(&base_url(&headers), &site.articles.lock().unwrap(), &site.options);
    conditional(&site, &headers, "application/rss+xml; charset=utf-8", document)
}

pub(super) async fn atom_feed(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let document = feed::atom(&base_url(&headers), &site.articles.lock().unwrap(), &site.options);
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
    let (with_tag, with_date) = match site.options.validators {
        Validators::Both => (true, true),
        Validators::OnlyDate => (false, true),
        Validators::NotWith304 => (!unchanged, !unchanged),
    };
    if with_tag {
        answer.headers_mut().insert(ETAG, etag.parse().unwrap());
    }
    if with_date {
        answer
            .headers_mut()
            .insert(LAST_MODIFIED, modified.parse().unwrap());
    }
    if let Some(seconds) = site.options.max_age {
        answer.headers_mut().insert(
            CACHE_CONTROL,
            format!("public, max-age={seconds}").parse().unwrap(),
        );
    }
    answer
}

pub(super) async fn robots(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    match &site.options.robots {
        Some(robots) => {
            let robots = robots.replace("BASE", &base_url(&headers));
            ([(CONTENT_TYPE, "text/plain")], robots).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

pub(super) async fn sitemap(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let document = feed::sitemap(&base_url(&headers), &site.articles.lock().unwrap());
    ([(CONTENT_TYPE, "application/xml")], document).into_response()
}

/// Names itself and two others, each of which does the same.
pub(super) async fn endless_sitemap(Path(number): Path<u64>, headers: HeaderMap) -> Response {
    let base = base_url(&headers);
    let named: String = [number, number.wrapping_mul(2) + 1, number.wrapping_mul(2) + 2]
        .iter()
        .map(|number| format!("<sitemap><loc>{base}/sitemaps/{number}</loc></sitemap>"))
        .collect();
    let document = format!("<sitemapindex>{named}</sitemapindex>");
    ([(CONTENT_TYPE, "application/xml")], document).into_response()
}

/// How the front page names the feeds.
const FEED_LINKS: &str = "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/feed.xml\">\
                          <link rel=\"alternate\" type=\"application/atom+xml\" href=\"/atom.xml\">";

pub(super) async fn index(State(site): State<Arc<Site>>) -> Response {
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
        "<!doctype html><head><title>Sample Ledger</title>{FEED_LINKS}</head><main>{}</main>",
        teasers.join("\n")
    );
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

pub(super) async fn page(
    State(site): State<Arc<Site>>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Response {
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
pub(super) struct Publish {
    title: String,
    paragraphs: Vec<String>,
    slug: Option<String>,
    published: Option<String>,
    author: Option<String>,
    #[serde(default)]
    layout: Layout,
}

pub(super) async fn publish(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    Json(new): Json<Publish>,
) -> Response {
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
pub(super) struct SetFault {
    path: String,
    fault: Option<Fault>,
}

pub(super) async fn fault(State(site): State<Arc<Site>>, Json(set): Json<SetFault>) -> StatusCode {
    site.set_fault(&set.path, set.fault);
    StatusCode::NO_CONTENT
}

pub(super) async fn log(State(site): State<Arc<Site>>) -> Json<Vec<LoggedRequest>> {
    Json(site.log.lock().unwrap().clone())
}
