use std::time::Duration;

use promptpal_domain::ContentStatus;
use promptpal_news::{BlockedBy, DatePrecision, NewsError, extract};
use promptpal_testkit::news_site::{Fault, Layout, NewsSite, NewsSiteOptions, SiteArticle, front_page};

use crate::{crawler, site};

#[tokio::test]
async fn the_text_of_each_layout_is_taken_exactly() {
    let site = site().await;
    let (news, _) = crawler(|_| ());
    for article in front_page() {
        let page = news
            .fetch_article(&site.article_url(&article.slug))
            .await
            .unwrap();
        let taken = page.extracted;
        assert_eq!(taken.text, article.text(), "{:?}", article.layout);
        assert_eq!(taken.status, ContentStatus::Full);
        assert_eq!(taken.title.as_deref(), Some(article.title.as_str()));
        assert_eq!(
            taken.author.as_deref(),
            Some("Sample Newsroom"),
            "{:?}",
            article.layout
        );
        assert_eq!(taken.language.as_deref(), Some("en"));
        let date = taken.date.unwrap();
        assert_eq!(date.to_string(), article.published);
        assert!(matches!(date.precision, DatePrecision::Instant { .. }));
        assert_eq!(date.instant(), Some(article.published_at()));
        assert_eq!(page.final_url, site.article_url(&article.slug));
    }
}

#[tokio::test]
async fn pages_that_are_no_whole_article_are_marked() {
    let site = site().await;
    let (news, _) = crawler(|_| ());
    for article in front_page() {
        site.set_fault(&format!("/articles/{}", article.slug), Some(Fault::Paywall));
        let taken = news
            .fetch_article(&site.article_url(&article.slug))
            .await
            .unwrap()
            .extracted;
        assert_eq!(taken.status, ContentStatus::Paywalled, "{:?}", article.layout);
    }
    let index = news
        .fetch_article(&format!("{}/", site.base_url))
        .await
        .unwrap()
        .extracted;
    assert_eq!(index.status, ContentStatus::NotArticle);
}

#[tokio::test]
async fn a_wrong_encoding_does_no_harm() {
    let site = site().await;
    let (news, _) = crawler(|_| ());
    let article = SiteArticle::new(
        "umlaut",
        "Zürich bank opens crypto desk",
        "2025-01-15T09:00:00Z",
        &[
            "A bank in Zürich opened a desk for Bitcoin and Ether on Wednesday, the first of its size in the city to do so.",
            "Clients can trade around the clock, the bank said, and keep their coins in custody at a subsidiary in Genève.",
            "Fees start at half a percent and fall with the volume. A café for visitors is planned on the ground floor.",
        ],
    );
    let expected = article.text();
    let url = site.publish(article);
    site.set_fault("/articles/umlaut", Some(Fault::WrongEncoding));
    // ISO 8859-1 under a header and a meta element that both say UTF-8: the letters are lost, the text is not.
    let taken = news.fetch_article(&url).await.unwrap().extracted;
    assert_eq!(taken.status, ContentStatus::Full);
    assert_eq!(
        taken.text.replace('\u{fffd}', "?"),
        expected.replace(['ü', 'è', 'é'], "?")
    );
}

#[tokio::test]
async fn robots_txt_is_obeyed_and_fetched_once() {
    let robots = "User-agent: Promptpal\nDisallow: /articles/solana\nUser-agent: *\nAllow: /\n".to_owned();
    let site = NewsSite::start(NewsSiteOptions {
        robots: Some(robots),
        ..NewsSiteOptions::default()
    })
    .await;
    let (news, _) = crawler(|_| ());
    let refused = news.fetch_article(&site.article_url("solana-fees-fall")).await;
    assert!(
        matches!(
            refused,
            Err(NewsError::Blocked {
                by: BlockedBy::Robots,
                ..
            })
        ),
        "{refused:?}"
    );
    news.fetch_article(&site.article_url("bitcoin-steady-before-fed"))
        .await
        .unwrap();
    let paths: Vec<String> = site.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(paths, ["/robots.txt", "/articles/bitcoin-steady-before-fed"]);

    // Missing rules allow, failing ones forbid.
    let open = NewsSite::start(NewsSiteOptions {
        robots: None,
        ..NewsSiteOptions::default()
    })
    .await;
    assert!(
        news.fetch_article(&open.article_url("solana-fees-fall"))
            .await
            .is_ok()
    );
    let failing = crate::site().await;
    failing.set_fault("/robots.txt", Some(Fault::Status { status: 503 }));
    let refused = news.fetch_article(&failing.article_url("solana-fees-fall")).await;
    assert!(
        matches!(
            refused,
            Err(NewsError::Blocked {
                by: BlockedBy::Robots,
                ..
            })
        ),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_host_is_asked_one_at_a_time_with_pauses() {
    let site = site().await;
    let (news, _) = crawler(|config| config.per_host_delay = Duration::from_millis(120));
    let urls: Vec<String> = front_page()
        .iter()
        .map(|article| site.article_url(&article.slug))
        .collect();
    let (a, b, c) = tokio::join!(
        news.fetch_article(&urls[0]),
        news.fetch_article(&urls[1]),
        news.fetch_article(&urls[2])
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    let log = site.requests();
    assert!(log.len() >= 4, "robots.txt and three pages: {log:?}");
    assert!(log.iter().all(|request| request.in_flight == 1), "{log:?}");
    for pair in log.windows(2) {
        // The log's clock counts whole milliseconds.
        assert!(pair[1].at_ms + 1 >= pair[0].answered_ms + 120, "{pair:?}");
    }
}

#[tokio::test]
async fn answers_that_are_no_page_are_errors_of_their_own() {
    let site = site().await;
    let (news, _) = crawler(|config| config.limits.whole = Duration::from_millis(400));
    let path = "/articles/solana-fees-fall";
    let url = site.article_url("solana-fees-fall");
    let check = async |fault: Fault, expected: fn(&NewsError) -> bool| {
        site.set_fault(path, Some(fault.clone()));
        let error = news.fetch_article(&url).await.unwrap_err();
        assert!(expected(&error), "{fault:?}: {error:?}");
    };
    check(Fault::Status { status: 403 }, |e| {
        matches!(
            e,
            NewsError::Blocked {
                by: BlockedBy::Status(403),
                ..
            }
        )
    })
    .await;
    check(Fault::Status { status: 402 }, |e| {
        matches!(e, NewsError::Paywalled { .. })
    })
    .await;
    check(Fault::Status { status: 410 }, |e| {
        matches!(e, NewsError::Gone { status: 410, .. })
    })
    .await;
    check(Fault::Status { status: 500 }, |e| {
        matches!(e, NewsError::Status { status: 500, .. })
    })
    .await;
    check(Fault::SlowDrip { every_ms: 50 }, |e| {
        matches!(e, NewsError::Timeout { .. })
    })
    .await;
    check(
        Fault::NotHtml {
            content_type: "application/pdf".into(),
        },
        |e| matches!(e, NewsError::NotHtml { .. }),
    )
    .await;
    let missing = news.fetch_article(&site.article_url("none")).await.unwrap_err();
    assert!(matches!(missing, NewsError::Gone { status: 404, .. }));
    // Last: from then on the host is not asked at all.
    check(
        Fault::RateLimited {
            retry_after: Some("60".into()),
        },
        |e| matches!(e, NewsError::RateLimited { .. }),
    )
    .await;
}

#[test]
fn an_article_is_taken_without_its_page_around_it() {
    // What only stands in the page around the articles must not be in any text.
    for layout in [Layout::Ledger, Layout::Daily, Layout::Weekly] {
        let html = match layout {
            Layout::Ledger => include_str!("../../../testkit/src/news_site/pages/ledger.html"),
            Layout::Daily => include_str!("../../../testkit/src/news_site/pages/daily.html"),
            Layout::Weekly => include_str!("../../../testkit/src/news_site/pages/weekly.html"),
        };
        let story = "<p>The exchange said on Monday that trading volumes had doubled within a month, helped by new listings.</p>".repeat(4);
        let html = html
            .replace("{{paragraphs}}", &story)
            .replace("{{json_ld}}", "{}");
        let taken = extract(html.as_bytes(), Some("https://sample.example/articles/x"));
        for foreign in [
            "cookie",
            "consent",
            "Subscribe",
            "newsletter",
            "hodler",
            "saying this for months",
            "Imprint",
            "Read next",
        ] {
            assert!(
                !taken.text.contains(foreign),
                "{layout:?} has {foreign}: {}",
                taken.text
            );
        }
        assert!(
            taken.text.starts_with("The exchange said on Monday"),
            "{layout:?}: {}",
            taken.text
        );
    }
}

#[test]
fn classes_of_pages_that_were_cut_badly() {
    let story = "Traders moved their coins out of wallets that had been quiet for years, and several exchanges said that their volumes had doubled within a day.";
    let check = |body: &str, wanted: &[&str], unwanted: &[&str]| {
        let html = format!(
            "<html lang=en><head><title>t</title><meta property=og:type content=article></head><body>{body}</body></html>"
        );
        let taken = extract(html.as_bytes(), Some("https://sample.example/articles/x"));
        for part in wanted {
            assert!(taken.text.contains(part), "{part} is missing: {}", taken.text);
        }
        for part in unwanted {
            assert!(!taken.text.contains(part), "{part} was taken: {}", taken.text);
        }
    };
    let paragraphs = format!("<p>{story}</p><p>On Monday, {story}</p><p>Later, {story}</p>");
    // Comments, facts for programs, and addresses that stand as text.
    check(
        &format!(
            "<article><h1>Coins move</h1>{paragraphs}</article><div class=comments><div class=comment><p>I said so for months, this was obvious to all of us who read the books.</p></div></div>"
        ),
        &["On Monday", "Later"],
        &["I said so"],
    );
    check(
        &format!(
            "<article><div itemprop=publisher><div itemprop=name>Sample Media</div><span itemprop=logo>https://sample.example/logo.png</span></div><div itemprop=articleBody>{paragraphs}</div></article>"
        ),
        &["On Monday"],
        &["logo.png", "Sample Media"],
    );
    // An article that scripts would have put into the page.
    check(
        &format!(
            "<div id=root></div><script>self.push([1,{:?}])</script>",
            format!("{{\"content\":{:?}}}", paragraphs)
        ),
        &["On Monday", "Later"],
        &["content"],
    );
}

#[test]
fn dates_are_taken_from_where_they_mean_publication() {
    let check = |head: &str, body: &str, url: &str, expected: Option<&str>| {
        let story = "<p>Traders moved their coins out of wallets that had been quiet for years, and several exchanges said that their volumes had doubled within a day.</p>".repeat(3);
        let html = format!(
            "<html lang=en><head>{head}</head><body><h1>Coins move</h1>{body}<article>{story}</article></body></html>"
        );
        let taken = extract(html.as_bytes(), Some(url));
        assert_eq!(
            taken.date.map(|date| date.to_string()).as_deref(),
            expected,
            "{head} {body} {url}"
        );
    };
    let url = "https://sample.example/articles/x";
    check(
        "",
        "<p class=date>6 January 2025, 8:30 am</p>",
        url,
        Some("2025-01-06T08:30:00"),
    );
    check(
        "",
        "<div class=meta>Veröffentlicht am 06.01.2025</div>",
        url,
        Some("2025-01-06"),
    );
    // A date that on some sites means the last change does not beat the one that is shown.
    check(
        "<meta name=date content=2025-02-01>",
        "<p class=date>January 6, 2025</p>",
        url,
        Some("2025-01-06"),
    );
    check("<meta name=date content=2025-02-01>", "", url, Some("2025-02-01"));
    // Pictures and films have dates of their own; comments too.
    check(
        r#"<script type="application/ld+json">{"@type":"ImageObject","datePublished":"2019-01-01"}</script>"#,
        "<p class=date>January 6, 2025</p>",
        url,
        Some("2025-01-06"),
    );
    check(
        "",
        "<div class=comments><time datetime=2025-03-01T10:00:00Z>x</time></div><p class=date>January 6, 2025</p>",
        url,
        Some("2025-01-06"),
    );
    // The same instant with its offset, the day of the address, and what is only a change.
    check(
        "<meta property=article:published_time content=2025-01-06T14:30:00Z>",
        "<script>var page = {time: '2025-01-06T09:30:00-05:00'}</script>",
        url,
        Some("2025-01-06T09:30:00-05:00"),
    );
    check(
        "<meta property=article:published_time content=2025-03-06T14:30:00Z>",
        "",
        "https://sample.example/2025/01/06/x",
        Some("2025-01-06"),
    );
    check(
        "<script>var page = {\"publishDate\": \"2025-01-06\"}</script>",
        "",
        url,
        Some("2025-01-06"),
    );
    check(
        "<meta property=og:updated_time content=2025-01-07>",
        "",
        url,
        Some("2025-01-07"),
    );
    check("", "<footer>Copyright 1 January 2024</footer>", url, None);
}
