//! Pages that kill whoever reads them. The process is this test program, started again with a page eater of its own.

use std::time::Duration;

use promptpal_domain::ContentStatus;
use promptpal_news::{ExtractorCommand, NewsError, PageLimits, extract, serve_with};
use promptpal_testkit::news_site::{NewsSite, NewsSiteOptions, SiteArticle};

use crate::crawler;

const STARTED_AGAIN: &str = "PROMPTPAL_TEST_READS_PAGES";

/// What the process runs; nothing where it was not started as one.
#[test]
fn reads_pages() {
    if std::env::var_os(STARTED_AGAIN).is_none() {
        return;
    }
    let limits = PageLimits {
        memory: 200 << 20,
        time: Duration::from_millis(1500),
    };
    let ended = serve_with(limits, |html, url| {
        if html.contains("EATS MEMORY") {
            let mut eaten: Vec<Vec<u8>> = Vec::new();
            loop {
                eaten.push(vec![1; 1 << 20]);
            }
        }
        if html.contains("SPINS") {
            let mut turns = 0_u64;
            loop {
                turns = std::hint::black_box(turns.wrapping_add(1));
            }
        }
        assert!(!html.contains("PANICS"), "as a parser may");
        if html.contains("DIES") {
            std::process::abort();
        }
        if html.contains("SLEEPS") {
            std::thread::sleep(Duration::from_secs(3600));
        }
        extract(html.as_bytes(), Some(url))
    });
    std::process::exit(i32::from(ended.is_err()));
}

fn this_test() -> ExtractorCommand {
    ExtractorCommand {
        program: std::env::current_exe().unwrap(),
        arguments: ["--exact", "dying::reads_pages", "--nocapture", "--test-threads=1"]
            .map(Into::into)
            .to_vec(),
        environment: vec![(STARTED_AGAIN.into(), "1".into())],
    }
}

fn article(slug: &str, words: &str) -> SiteArticle {
    let text = format!(
        "{words}. The largest fund took in 420 million dollars on Tuesday, its best day since March."
    );
    SiteArticle::new(
        slug,
        "A title",
        "2025-01-09T10:00:00Z",
        &[&text, "Traders pointed to softer inflation data."],
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_kills_its_reader_is_marked_and_the_next_is_read() {
    let bad = ["EATS MEMORY", "SPINS", "PANICS", "DIES", "SLEEPS"];
    let mut articles: Vec<SiteArticle> = bad
        .iter()
        .enumerate()
        .map(|(n, words)| article(&format!("bad-{n}"), words))
        .collect();
    articles.push(article("good", "Nothing is wrong with this one"));
    let site = NewsSite::start(NewsSiteOptions {
        articles,
        ..NewsSiteOptions::default()
    })
    .await;
    let (news, _) = crawler(|config| {
        config.extractor = Some(this_test());
        config.limits.extraction = Duration::from_secs(15);
    });
    for (n, expected) in ["memory", "processor time", "ended", "ended", "too long"]
        .iter()
        .enumerate()
    {
        let error = news
            .fetch_article(&site.article_url(&format!("bad-{n}")))
            .await
            .unwrap_err();
        let NewsError::Extraction { reason, .. } = &error else {
            panic!("{}: {error:?}", bad[n]);
        };
        assert!(reason.contains(expected), "{}: {reason}", bad[n]);
        assert!(!error.is_retryable());
        let good = news.fetch_article(&site.article_url("good")).await.unwrap();
        assert_eq!(good.extracted.status, ContentStatus::Full);
        assert!(good.extracted.text.contains("420 million"));
    }
    news.rest();
    assert!(news.fetch_article(&site.article_url("good")).await.is_ok());
}

#[tokio::test]
async fn without_its_program_no_page_is_read_and_each_waits() {
    let site = crate::site().await;
    let (news, _) = crawler(|config| {
        config.extractor = Some(ExtractorCommand {
            program: "/nonexistent/program".into(),
            ..this_test()
        });
    });
    let error = news
        .fetch_article(&site.article_url("solana-fees-fall"))
        .await
        .unwrap_err();
    assert!(
        matches!(error, NewsError::NoReader { .. }) && error.is_retryable(),
        "{error}"
    );
}
