use promptpal_domain::Clock as _;
use promptpal_news::{DateNote, FeedRequest, NewsError, Poll};
use promptpal_testkit::news_site::{Fault, NewsSite, NewsSiteOptions, SiteArticle};

use crate::{NOW, crawler, site};

fn request(url: String) -> FeedRequest {
    FeedRequest {
        url,
        ..FeedRequest::default()
    }
}

#[tokio::test]
async fn an_unchanged_feed_is_answered_304_until_something_is_published() {
    let site = site().await;
    let (news, _) = crawler(|_| ());
    for url in [site.rss_url(), site.atom_url()] {
        let Poll::Items {
            title,
            items,
            etag,
            last_modified,
            interval,
            ttl,
            next,
            moved_to,
        } = news.poll(&request(url.clone())).await.unwrap()
        else {
            panic!("no items from {url}");
        };
        assert!(title.starts_with("Sample"));
        assert_eq!(items.len(), 3);
        // Three articles in eleven days: it is asked as seldom as any.
        assert_eq!((interval.as_secs(), ttl), (4 * 3600, None));
        assert!((12_960_000..=15_840_000).contains(&next.since(NOW)), "{next}");
        assert_eq!(moved_to, None);
        let newest = &items[0];
        assert_eq!(newest.title, "Solana fees fall after software update");
        assert_eq!(newest.url, site.article_url("solana-fees-fall"));
        assert_eq!(newest.published.unwrap().to_string(), "2025-01-09T00:45:00Z");
        assert!(newest.summary.starts_with("Average fees on Solana fell"));

        let again = FeedRequest {
            url: url.clone(),
            etag: etag.clone(),
            ..FeedRequest::default()
        };
        assert!(matches!(
            news.poll(&again).await.unwrap(),
            Poll::NotModified { .. }
        ));
        let by_date = FeedRequest {
            url: url.clone(),
            last_modified,
            ..FeedRequest::default()
        };
        assert!(matches!(
            news.poll(&by_date).await.unwrap(),
            Poll::NotModified { .. }
        ));
    }
    let Poll::Items {
        etag, last_modified, ..
    } = news.poll(&request(site.rss_url())).await.unwrap()
    else {
        panic!()
    };
    site.publish(SiteArticle::new(
        "new",
        "XRP gains",
        "2025-01-20T11:59:00Z",
        &["XRP gained four percent."],
    ));
    let changed = news
        .poll(&FeedRequest {
            url: site.rss_url(),
            etag,
            last_modified,
            ..FeedRequest::default()
        })
        .await
        .unwrap();
    let Poll::Items { items, .. } = changed else {
        panic!("the new article did not appear: {changed:?}")
    };
    assert_eq!((items.len(), items[0].title.as_str()), (4, "XRP gains"));
    let log = site.requests();
    assert!(
        log.iter()
            .all(|r| r.user_agent == "Promptpal/0.1 (+https://promptpal.example)")
    );
    assert_eq!(log.iter().filter(|r| r.status == 304).count(), 4);
}

#[tokio::test]
async fn what_feed_and_server_say_about_time_is_obeyed() {
    let site = NewsSite::start(NewsSiteOptions {
        max_age: Some(6 * 3600),
        ttl_minutes: Some(8 * 60),
        ..NewsSiteOptions::default()
    })
    .await;
    let (news, _) = crawler(|_| ());
    let hours = |from: i64, to: i64| from * 3_600_000..=to * 3_600_000;
    let Poll::Items {
        etag,
        interval,
        ttl,
        next,
        ..
    } = news.poll(&request(site.rss_url())).await.unwrap()
    else {
        panic!()
    };
    assert!(hours(8, 9).contains(&next.since(NOW)), "{next}");
    // The ttl stands in the document, which an answer of 304 does not bring.
    let again = FeedRequest {
        etag,
        interval: Some(interval),
        ttl,
        ..request(site.rss_url())
    };
    let Poll::NotModified { next } = news.poll(&again).await.unwrap() else {
        panic!()
    };
    assert!(hours(8, 9).contains(&next.since(NOW)), "{next}");
    let Poll::Items { next, .. } = news.poll(&request(site.atom_url())).await.unwrap() else {
        panic!()
    };
    assert!(hours(6, 7).contains(&next.since(NOW)), "{next}");
}

#[tokio::test]
async fn a_host_that_asks_for_less_is_left_alone_as_a_whole() {
    let site = site().await;
    let (news, clock) = crawler(|_| ());
    let check = async |fault: Fault, expected_s: Option<i64>| {
        site.set_fault("/feed.xml", Some(fault.clone()));
        let error = news.poll(&request(site.rss_url())).await.unwrap_err();
        let until = match &error {
            NewsError::RateLimited { until, .. } => Some(until.since(clock.now()) / 1000),
            _ => None,
        };
        assert_eq!(until, expected_s, "{fault:?}: {error}");
        assert!(error.is_retryable() && error.status().is_some(), "{error}");
        let Some(seconds) = expected_s else { return };
        // Neither another feed nor a page of the host is asked, up to the very second.
        let asked = site.requests().len();
        for passed in [seconds * 1000 - 1, 0] {
            clock.advance_millis(passed);
            let feed = news.poll(&request(site.atom_url())).await.unwrap_err();
            let page = news
                .fetch_article(&site.article_url("solana-fees-fall"))
                .await
                .unwrap_err();
            for error in [feed, page] {
                assert!(
                    matches!(error, NewsError::RateLimited { status: None, .. }),
                    "{error:?}"
                );
            }
        }
        assert_eq!(site.requests().len(), asked);
        clock.advance_millis(1);
        assert!(news.poll(&request(site.atom_url())).await.is_ok());
    };
    let limited = |value: &str| Fault::RateLimited {
        retry_after: Some(value.to_owned()),
    };
    check(limited("3600"), Some(3600)).await;
    let at = (clock.now().plus_millis(600_000)).to_string();
    assert!(at.starts_with("2025-01-20T13:10:00"), "{at}");
    check(limited("Mon, 20 Jan 2025 13:10:00 GMT"), Some(600)).await;
    check(Fault::RateLimited { retry_after: None }, Some(900)).await;
    check(Fault::Status { status: 500 }, None).await;
    check(Fault::Status { status: 503 }, None).await;
    // What was asked for in an earlier life counts as well.
    let host = promptpal_news::host_of(&site.base_url).unwrap();
    news.hold(host, clock.now().plus_millis(5));
    assert!(matches!(
        news.poll(&request(site.atom_url())).await,
        Err(NewsError::RateLimited { status: None, .. })
    ));
}

#[tokio::test]
async fn refusals_and_ends_are_told_apart() {
    let site = site().await;
    let (news, _) = crawler(|_| ());
    site.set_fault("/feed.xml", Some(Fault::Status { status: 410 }));
    assert_eq!(news.poll(&request(site.rss_url())).await.unwrap(), Poll::Gone);
    let check = async |fault: Fault, expected: fn(&NewsError) -> bool| {
        site.set_fault("/feed.xml", Some(fault.clone()));
        let error = news.poll(&request(site.rss_url())).await.unwrap_err();
        assert!(expected(&error) && !error.is_retryable(), "{fault:?}: {error:?}");
    };
    check(Fault::Status { status: 404 }, |e| {
        matches!(e, NewsError::Gone { status: 404, .. })
    })
    .await;
    check(Fault::Status { status: 403 }, |e| {
        matches!(e, NewsError::Blocked { .. })
    })
    .await;
    check(Fault::HugeBody { mib: 6 }, |e| {
        matches!(e, NewsError::TooLarge { .. })
    })
    .await;
    check(
        Fault::NotHtml {
            content_type: "application/pdf".to_owned(),
        },
        |e| matches!(e, NewsError::NotFeed { .. }),
    )
    .await;
    let to_itself = Fault::Redirect { to: site.rss_url() };
    check(to_itself, |e| matches!(e, NewsError::Redirects { .. })).await;
    site.set_fault(
        "/feed.xml",
        Some(Fault::Redirect {
            to: "/atom.xml".to_owned(),
        }),
    );
    let moved = news.poll(&request(site.rss_url())).await.unwrap();
    assert!(
        matches!(moved, Poll::Items { moved_to: None, .. }),
        "a temporary redirect moves nothing: {moved:?}"
    );
}

#[tokio::test]
async fn a_date_in_the_future_is_not_taken_over() {
    let site = site().await;
    let (news, _) = crawler(|_| ());
    site.publish(SiteArticle::new(
        "future",
        "From tomorrow",
        "2025-01-21T12:00:00Z",
        &["Not yet."],
    ));
    let Poll::Items { items, .. } = news.poll(&request(site.atom_url())).await.unwrap() else {
        panic!()
    };
    assert_eq!((items[0].published, items[0].date_note), (None, DateNote::Future));
}
