//! Rounds over a real news site.

use promptpal_app::{App, ArticlesQuery, CrawlReport, CrawlRequest, ErrorKind, JobRequest, Outcome};
use promptpal_domain::ContentStatus;
use promptpal_store::ArticleRow;
use promptpal_testkit::news_site::{Fault, NewsSite, NewsSiteOptions, SiteArticle, front_page};

use crate::desk::{Desk, add_feeds, until};

async fn crawl(app: &App) -> CrawlReport {
    match app.run(JobRequest::crawl_all()).await.unwrap() {
        Outcome::Crawled(report) => report,
        other => panic!("{other:?}"),
    }
}

async fn articles(app: &App) -> Vec<ArticleRow> {
    app.articles(ArticlesQuery {
        limit: 100,
        ..ArticlesQuery::default()
    })
    .await
    .unwrap()
}

fn late() -> SiteArticle {
    let paragraphs = [
        "Bitcoin rose by four percent within an hour after the largest fund reported record inflows for the week.",
        "Traders said the order books were thin, and that the rise met little resistance on the way up.",
        "By the evening the price had given back a third of its gain, in step with the wider market.",
    ];
    SiteArticle::new(
        "late",
        "Bitcoin jumps on record inflows",
        "2025-01-09T10:00:00Z",
        &paragraphs,
    )
}

#[tokio::test]
async fn reads_feeds_and_pages_and_asks_politely_again() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::offline().await;
    add_feeds(&desk.app, &site).await;

    let first = crawl(&desk.app).await;
    assert_eq!((first.sources, first.failed), (2, 0));
    assert_eq!(
        (first.new_articles, first.pages),
        (3, 3),
        "both feeds list the same articles"
    );
    for expected in front_page() {
        let rows = articles(&desk.app).await;
        let row = rows.iter().find(|row| row.title == expected.title).unwrap();
        let view = desk.app.article(row.id).await.unwrap();
        assert_eq!(view.article.content.status, ContentStatus::Full, "{}", row.title);
        for paragraph in &expected.paragraphs {
            assert!(
                view.article.content.text.contains(paragraph.as_str()),
                "{}: {paragraph}",
                row.title
            );
        }
        assert_eq!(row.published, Some(expected.published_at()));
        assert!(!row.assets.is_empty(), "{}", row.title);
    }

    let second = crawl(&desk.app).await;
    assert_eq!(
        (second.not_modified, second.new_articles, second.pages),
        (2, 0, 0)
    );
    let feeds: Vec<u16> = site
        .requests()
        .iter()
        .filter(|r| r.conditional)
        .map(|r| r.status)
        .collect();
    assert_eq!(feeds, [304, 304]);

    site.publish(late());
    let third = crawl(&desk.app).await;
    assert_eq!((third.new_articles, third.pages), (1, 1));
    assert_eq!(articles(&desk.app).await.len(), 4);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_wrong_text_becomes_a_test_case_of_the_rules() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::offline().await;
    add_feeds(&desk.app, &site).await;
    crawl(&desk.app).await;
    let row = articles(&desk.app).await.swap_remove(0);
    let blank = desk.app.report_wrong_text(row.id, " \n\n ").await.unwrap_err();
    assert_eq!(blank.kind(), ErrorKind::Invalid);

    let folder = desk
        .app
        .report_wrong_text(row.id, "First.\r\n\r\nSecond\nline.\n")
        .await
        .unwrap();
    assert!(folder.starts_with(&desk.app.paths().reports_dir));
    let name = folder.file_name().unwrap().to_str().unwrap();
    let site_name = name.strip_suffix(&format!("-{}", row.id.0)).unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(read(&format!("{site_name}.txt")), "First.\n\nSecond line.\n");
    let case: serde_json::Value = serde_json::from_str(&read("case.json")).unwrap();
    let view = desk.app.article(row.id).await.unwrap();
    assert_eq!(case["stored"], view.article.content.text.as_str());
    // The page is whole: the rules take the same of it again.
    let taken = promptpal_news::extract(
        read(&format!("{site_name}.html")).as_bytes(),
        case["url"].as_str(),
    );
    assert_eq!(taken.text, view.article.content.text);
    assert!(
        case["blocks"]
            .as_array()
            .unwrap()
            .iter()
            .any(|block| block["kept"] == true)
    );

    // Of what is not known, nothing is asked.
    let fetched = site.requests().len();
    let refused = desk
        .app
        .report_wrong_text(promptpal_domain::ArticleId(9_999), "A.")
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NotFound);
    assert_eq!(site.requests().len(), fetched);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn the_summary_stands_in_for_a_page_that_may_not_be_had() {
    let robots = Some("User-agent: *\nDisallow: /articles/\n".to_owned());
    let site = NewsSite::start(NewsSiteOptions {
        robots,
        ..NewsSiteOptions::default()
    })
    .await;
    let desk = Desk::offline().await;
    desk.app.add_source(&site.rss_url(), true).await.unwrap();
    crawl(&desk.app).await;
    for row in articles(&desk.app).await {
        let view = desk.app.article(row.id).await.unwrap();
        assert_eq!(view.article.content.status, ContentStatus::Blocked);
        assert_eq!(view.article.content.text, row.summary);
        assert!(!row.summary.is_empty());
    }
    assert!(
        site.requests()
            .iter()
            .all(|request| !request.path.starts_with("/articles/"))
    );
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_page_that_fails_is_tried_again() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let path = "/articles/solana-fees-fall";
    site.set_fault(path, Some(Fault::Status { status: 503 }));
    let desk = Desk::offline().await;
    desk.app.add_source(&site.rss_url(), true).await.unwrap();
    assert_eq!(crawl(&desk.app).await.pages, 2);
    site.set_fault(path, None);
    assert_eq!(crawl(&desk.app).await.pages, 1);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_feed_that_fails_is_left_alone_for_a_while() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::offline().await;
    add_feeds(&desk.app, &site).await;
    site.set_fault("/feed.xml", Some(Fault::Status { status: 500 }));
    let first = crawl(&desk.app).await;
    assert_eq!(
        (first.failed, first.new_articles),
        (1, 3),
        "the other feed brings them"
    );
    let sources = desk.app.sources().await.unwrap();
    let broken = sources
        .iter()
        .find(|source| source.source.url == site.rss_url())
        .unwrap();
    assert_eq!(broken.source.failures, 1);
    assert!(broken.source.last_error.is_some());
    assert_eq!(crawl(&desk.app).await.sources, 1);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn an_address_without_a_feed_is_not_added() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::offline().await;
    let error = desk.app.add_source(&site.base_url, true).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    assert!(error.hint().is_some());
    let error = desk
        .app
        .add_source("http://127.0.0.1:9/feed", true)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Offline, "{error}");
    assert!(desk.app.sources().await.unwrap().is_empty());
    desk.app.shutdown().await;
}

#[tokio::test]
async fn only_the_source_that_was_named_is_asked() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::offline().await;
    add_feeds(&desk.app, &site).await;
    let id = desk.app.sources().await.unwrap()[0].source.id;
    let request = JobRequest::Crawl(CrawlRequest {
        source: Some(id.0),
        all: true,
        since: None,
    });
    let Outcome::Crawled(report) = desk.app.run(request).await.unwrap() else {
        panic!()
    };
    assert_eq!(report.sources, 1);
    desk.app.remove_source(id).await.unwrap();
    assert!(articles(&desk.app).await.iter().all(|row| row.source != id));
    desk.app.shutdown().await;
}

/// What the desktop program does: nobody asks for a round, the article comes by itself.
#[tokio::test]
async fn an_article_published_later_appears_by_itself() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::offline().await;
    add_feeds(&desk.app, &site).await;
    desk.app.work_in_background();
    until(&desk.app, "the first articles", async || {
        articles(&desk.app).await.len() == 3
    })
    .await;
    site.publish(late());
    until(
        &desk.app,
        "the article published later, with its text",
        async || {
            articles(&desk.app)
                .await
                .iter()
                .any(|row| row.title == late().title && row.status == ContentStatus::Full)
        },
    )
    .await;
    desk.app.shutdown().await;
}

/// A feed lists the newest article; the site's sitemap knows the others.
#[tokio::test]
async fn the_past_of_a_source_is_found_and_marked() {
    let site = NewsSite::start(NewsSiteOptions {
        listed: 1,
        ..NewsSiteOptions::default()
    })
    .await;
    let desk = Desk::offline().await;
    desk.app.add_source(&site.rss_url(), true).await.unwrap();
    let since = |since: &str| {
        JobRequest::Crawl(CrawlRequest {
            since: Some(since.parse().unwrap()),
            all: true,
            ..CrawlRequest::default()
        })
    };
    assert_eq!(crawl(&desk.app).await.new_articles, 1);
    let Outcome::Crawled(report) = desk.app.run(since("2025-01-07")).await.unwrap() else {
        panic!()
    };
    assert_eq!(
        (report.past_articles, report.new_articles, report.pages),
        (1, 1, 1),
        "one is older"
    );
    let Outcome::Crawled(report) = desk.app.run(since("2025-01-01")).await.unwrap() else {
        panic!()
    };
    assert_eq!(
        (report.past_articles, report.pages),
        (1, 1),
        "what is known stays as it is"
    );
    let rows = articles(&desk.app).await;
    assert_eq!(
        rows.iter().map(|row| row.backfilled).collect::<Vec<_>>(),
        [false, true, true]
    );
    for row in rows.iter().filter(|row| row.backfilled) {
        let expected = front_page()
            .into_iter()
            .find(|article| article.title == row.title)
            .unwrap();
        assert_eq!(row.published, Some(expected.published_at()));
        assert_eq!(row.available_at, expected.published_at().plus_millis(3_600_000));
        assert!(
            row.first_seen > row.available_at,
            "it was seen when it was found, today"
        );
        assert_eq!(row.status, ContentStatus::Full);
    }
    desk.app.shutdown().await;
}

#[tokio::test]
async fn sitemaps_without_an_end_end() {
    let site = NewsSite::start(NewsSiteOptions {
        robots: Some("Sitemap: BASE/sitemaps/0\nUser-agent: *\nDisallow: /private/\n".to_owned()),
        ..NewsSiteOptions::default()
    })
    .await;
    let desk = Desk::offline().await;
    desk.app.add_source(&site.rss_url(), false).await.unwrap();
    let request = JobRequest::Crawl(CrawlRequest {
        since: Some("2025-01-01".parse().unwrap()),
        all: true,
        ..CrawlRequest::default()
    });
    let Outcome::Crawled(report) = desk.app.run(request).await.unwrap() else {
        panic!()
    };
    assert_eq!((report.failed, report.past_articles), (0, 0));
    let sitemaps = site
        .requests()
        .iter()
        .filter(|request| request.path.starts_with("/sitemaps/"))
        .count();
    assert_eq!(sitemaps, 24);
    desk.app.shutdown().await;
}
