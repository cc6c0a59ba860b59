//! A site that means harm: nothing inside is reached, nothing grows or lasts without bound, and the next page is read.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use promptpal_domain::ContentStatus;
use promptpal_news::{ExtractorCommand, FeedRequest, News, NewsError, PageLimits, serve};
use promptpal_testkit::news_site::{Fault, NewsSite, NewsSiteOptions, SiteArticle};

use crate::crawler;

const STARTED_AGAIN: &str = "PROMPTPAL_TEST_READS_HOSTILE_PAGES";
const GOOD: &str = "solana-fees-fall";
const BAD: &str = "/articles/bad";

/// The process that reads pages, as in the program; nothing where it was not started as one.
#[test]
fn reads_pages() {
    if std::env::var_os(STARTED_AGAIN).is_some() {
        std::process::exit(i32::from(serve(PageLimits::default()).is_err()));
    }
}

/// A crawler that reaches the public internet and this one site.
fn strict(site: &NewsSite, names: &[(&str, &str)]) -> News {
    let double: SocketAddr = site.base_url.strip_prefix("http://").unwrap().parse().unwrap();
    let (news, _) = crawler(|config| {
        config.allow_private_addresses = false;
        config.doubles = vec![double];
        config.names = names
            .iter()
            .map(|(name, ip)| ((*name).to_owned(), ip.parse::<IpAddr>().unwrap()))
            .collect();
        config.limits.whole = Duration::from_millis(1500);
        config.extractor = Some(ExtractorCommand {
            program: std::env::current_exe().unwrap(),
            arguments: [
                "--exact",
                "hostile::reads_pages",
                "--nocapture",
                "--test-threads=1",
            ]
            .map(Into::into)
            .to_vec(),
            environment: vec![(STARTED_AGAIN.into(), "1".into())],
        });
    });
    news
}

async fn hostile_site(bad: SiteArticle) -> NewsSite {
    let mut articles = promptpal_testkit::news_site::front_page();
    articles.push(bad);
    NewsSite::start(NewsSiteOptions {
        articles,
        ..NewsSiteOptions::default()
    })
    .await
}

fn bad_article(text: &str) -> SiteArticle {
    SiteArticle::new("bad", "A bad page", "2025-01-10T10:00:00Z", &[text])
}

/// The good page of the site is read, whatever was before.
async fn goes_on(news: &News, site: &NewsSite, after: &str) {
    let good = news.fetch_article(&site.article_url(GOOD)).await;
    let good = good.unwrap_or_else(|error| panic!("after {after}: {error:?}"));
    assert_eq!(good.extracted.status, ContentStatus::Full, "after {after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_inside_is_reached_however_a_site_leads_there() {
    let site = hostile_site(bad_article("Text.")).await;
    // Listens on loopback as an inner service would.
    let inner = NewsSite::start(NewsSiteOptions::default()).await;
    let port = inner.base_url.rsplit(':').next().unwrap().to_owned();
    let names = [
        ("metadata.example", "169.254.169.254"),
        ("loopback.example", "127.0.0.1"),
        ("mapped.example", "::ffff:10.0.0.8"),
        ("carrier.example", "100.64.0.1"),
    ];
    let news = strict(&site, &names);
    goes_on(&news, &site, "nothing").await;
    let mut ways = vec![
        format!("http://127.0.0.1:{port}/feed.xml"),
        format!("http://localhost:{port}/feed.xml"),
        format!("http://[::ffff:127.0.0.1]:{port}/feed.xml"),
        format!("http://2130706433:{port}/feed.xml"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://[fe80::1]/".to_owned(),
        "http://0.0.0.0/".to_owned(),
    ];
    ways.extend(
        names
            .iter()
            .map(|(name, _)| format!("http://{name}/latest/meta-data/")),
    );
    for to in &ways {
        let fault = Fault::Redirect { to: to.clone() };
        site.set_fault(BAD, Some(fault.clone()));
        site.set_fault("/feed.xml", Some(fault));
        let feed = |url: String| FeedRequest {
            url,
            ..FeedRequest::default()
        };
        let errors = [
            news.fetch_article(&site.article_url("bad")).await.unwrap_err(),
            news.fetch_article(to).await.unwrap_err(),
            news.poll(&feed(site.rss_url())).await.unwrap_err(),
            news.poll(&feed(to.clone())).await.unwrap_err(),
            news.discover(to).await.unwrap_err(),
        ];
        for error in errors {
            let refused = matches!(
                error,
                NewsError::AddressRefused { .. } | NewsError::InvalidUrl { .. }
            );
            assert!(refused, "{to}: {error:?}");
        }
        goes_on(&news, &site, to).await;
    }
    assert_eq!(inner.requests(), [], "an inner service was reached");
    println!(
        "addresses: {} ways to the inside, each through pages, feeds and discovery; none was reached",
        ways.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_grows_or_lasts_without_bound() {
    let deep = "<div><span><b>".repeat(60_000);
    let attributes: String = (0..60_000).map(|n| format!(" a{n}=\"{n}\"")).collect();
    let pages = [
        ("a million of elements", "<p>x</p>".repeat(400_000)),
        ("deep nesting", deep),
        ("one element of many attributes", format!("<p{attributes}>x</p>")),
        ("a table in tables", "<table><tr><td>".repeat(20_000)),
        ("formatting left open", "<p><b><i><a href=x>y".repeat(30_000)),
        ("one line of five megabytes", "word ".repeat(900_000)),
        (
            "a script that is the page",
            format!("<script>{}</script>", "{\"a\":[".repeat(300_000)),
        ),
    ];
    let site = hostile_site(bad_article("Text.")).await;
    let news = strict(&site, &[]);
    goes_on(&news, &site, "nothing").await;
    let faults = [
        Fault::HugeBody { mib: 12 },
        Fault::Bomb { mib: 200 },
        Fault::SlowDrip { every_ms: 20 },
        Fault::Redirect {
            to: "/articles/bad".to_owned(),
        },
        Fault::NotHtml {
            content_type: "application/pdf".to_owned(),
        },
        Fault::Status { status: 500 },
    ];
    for fault in faults {
        site.set_fault(BAD, Some(fault.clone()));
        let error = news.fetch_article(&site.article_url("bad")).await.unwrap_err();
        println!("  {fault:?}: {error}");
        goes_on(&news, &site, &format!("{fault:?}")).await;
    }
    for (what, html) in pages {
        site.set_fault(BAD, Some(Fault::Body { html }));
        let began = Instant::now();
        let outcome = news.fetch_article(&site.article_url("bad")).await;
        let told = match &outcome {
            Ok(page) => format!(
                "{:?}, {} letters",
                page.extracted.status,
                page.extracted.text.len()
            ),
            Err(
                error @ (NewsError::Extraction { .. }
                | NewsError::TooLarge { .. }
                | NewsError::Timeout { .. }),
            ) => error.to_string(),
            Err(error) => panic!("{what}: {error:?}"),
        };
        println!("  {what}: {:.2} s: {told}", began.elapsed().as_secs_f64());
        goes_on(&news, &site, what).await;
    }
}
