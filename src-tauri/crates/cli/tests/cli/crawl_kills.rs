//! `kill -9` in the middle of a crawl: no article is lost or stored twice, no text is half there, and after each kill at most
//! one page is fetched again.
//!
//! `PROMPTPAL_KILLS` says how many; the usual run makes 8. The desktop program crawls by the same use case.

use std::collections::HashMap;
use std::process::Stdio;
use std::time::{Duration, Instant};

use promptpal_domain::{ContentStatus, Timestamp};
use promptpal_store::{ArticleFilter, Store, StoreOptions};
use promptpal_testkit::news_site::{NewsSite, NewsSiteOptions, SiteArticle};

use crate::kill::{kill, noise};
use crate::program::Home;

const KILLS: u64 = 8;
/// Articles published before each round.
const NEW: u64 = 6;

fn kills() -> u64 {
    std::env::var("PROMPTPAL_KILLS").map_or(KILLS, |text| text.parse().unwrap())
}

fn paragraph(number: u64, part: u64) -> String {
    format!(
        "Report {number}.{part}: the fund took in {} million dollars on day {number}, as desks said that order books were thin \
         and that holders of the token numbered {part} had not sold during the rise of the past {number} hours.",
        number * 7 + part
    )
}

fn article(number: u64) -> SiteArticle {
    let paragraphs: Vec<String> = (1..5).map(|part| paragraph(number, part)).collect();
    let paragraphs: Vec<&str> = paragraphs.iter().map(String::as_str).collect();
    let title = format!("Fund number {number} reports its inflows for the day");
    SiteArticle::new(
        &format!("report-{number}"),
        &title,
        "2025-01-09T10:00:00Z",
        &paragraphs,
    )
}

/// How often each page was sent.
fn sent(site: &NewsSite) -> HashMap<String, u64> {
    let mut sent = HashMap::new();
    for request in site.requests() {
        if request.path.starts_with("/articles/") && request.status == 200 {
            *sent.entry(request.path).or_default() += 1;
        }
    }
    sent
}

fn again(sent: &HashMap<String, u64>) -> u64 {
    sent.values().map(|times| times - 1).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_and_one_page_at_most_is_fetched_again() {
    let home = Home::new();
    home.file(
        "config.toml",
        "[news]\nallow_private_addresses = true\nhost_delay_ms = 20\ncrawl_seconds = 1\n",
    );
    let site = NewsSite::start(NewsSiteOptions {
        articles: (0..NEW).map(article).collect(),
        ..NewsSiteOptions::default()
    })
    .await;
    home.json(&["sources", "add", &site.rss_url()]);
    let line = ["crawl", "--once", "--no-score", "--json"];
    // How long a round takes here, so that the kills meet it.
    let began = Instant::now();
    home.json(&line[..3]);
    let whole = began.elapsed();
    let mut published = NEW;
    let (mut fetched_again, mut cut_short) = (0, 0);
    for round in 0..kills() {
        for _ in 0..NEW {
            site.publish(article(published));
            published += 1;
        }
        let before = again(&sent(&site));
        let crawl = home
            .command(&line)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(whole.mul_f64(0.2 + noise(round))).await;
        kill(crawl);

        let store = open(&home).await;
        store.integrity_check().await.unwrap();
        let all = ArticleFilter {
            limit: 1000,
            ..ArticleFilter::default()
        };
        let rows = store.articles(&all).await.unwrap();
        for row in &rows {
            let stored = store.article(row.id).await.unwrap();
            match stored.content.status {
                ContentStatus::Pending => assert_eq!(stored.content.text, ""),
                status => {
                    assert_eq!(status, ContentStatus::Full, "round {round}: {stored:?}");
                    let number: u64 = row.url.rsplit('-').next().unwrap().parse().unwrap();
                    for part in 1..5 {
                        assert!(
                            stored.content.text.contains(&paragraph(number, part)),
                            "round {round}: {}",
                            row.url
                        );
                    }
                }
            }
        }
        let mut addresses: Vec<&str> = rows.iter().map(|row| row.url.as_str()).collect();
        addresses.sort_unstable();
        addresses.dedup();
        assert_eq!(
            addresses.len(),
            rows.len(),
            "round {round}: an article is there twice"
        );
        let waiting = rows
            .iter()
            .filter(|row| row.status == ContentStatus::Pending)
            .count();
        cut_short += u64::from(waiting > 0);
        store.close().await.unwrap();
        let repeated = again(&sent(&site)) - before;
        assert!(
            repeated <= 1,
            "round {round}: {repeated} pages were fetched again"
        );
        fetched_again += repeated;
    }
    let before = again(&sent(&site));
    // A round takes 200 pages of the queue, and many kills leave more than that.
    while home.json(&line[..3])["pages"] != 0 {}
    fetched_again += again(&sent(&site)) - before;
    let store = open(&home).await;
    let full = ArticleFilter {
        limit: 1000,
        ..ArticleFilter::default()
    };
    let rows = store.articles(&full).await.unwrap();
    assert_eq!(rows.len() as u64, published, "an article is lost");
    assert!(rows.iter().all(|row| row.status == ContentStatus::Full));
    assert!(store.articles_to_compare(9).await.unwrap().is_empty());
    assert!(cut_short > 0, "no kill met a page");
    println!(
        "{} kills of a crawl of {:.1} s: {published} articles, none lost or twice; {cut_short} crawls cut short, {fetched_again} pages \
         fetched again",
        kills(),
        whole.as_secs_f64()
    );
}

async fn open(home: &Home) -> Store {
    let path = home.path().join("promptpal.db");
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        // A process that was killed may hold its locks for a moment.
        match Store::open(&path, StoreOptions::default(), Timestamp::EPOCH).await {
            Ok(store) => return store,
            Err(error) if Instant::now() > until => panic!("{error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}
