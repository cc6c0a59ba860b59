use promptpal_news::{FeedRequest, NewsError};
use promptpal_testkit::news_site::Fault;

use crate::{crawler, site};

#[tokio::test]
async fn nothing_outside_the_public_internet_is_asked() {
    let site = site().await;
    let (news, _) = crawler(|config| config.allow_private_addresses = false);
    let port = site.base_url.rsplit(':').next().unwrap();
    let check = async |url: &str| {
        let article = news.fetch_article(url).await.unwrap_err();
        let feed = news
            .poll(&FeedRequest {
                url: url.to_owned(),
                ..FeedRequest::default()
            })
            .await
            .unwrap_err();
        for error in [article, feed] {
            assert!(
                matches!(error, NewsError::AddressRefused { .. }),
                "{url}: {error:?}"
            );
        }
    };
    // Names are refused where they are resolved, addresses before that.
    check("http://localhost/feed.xml").await;
    check("http://127.0.0.1/").await;
    check(&site.rss_url()).await;
    check(&format!("http://2130706433:{port}/")).await;
    check("http://0x7f.1/").await;
    check("http://0177.0.0.1/").await;
    check("http://[::1]/").await;
    check("http://[::ffff:7f00:1]/").await;
    check("http://169.254.169.254/latest/meta-data/").await;
    check("http://10.0.0.8/").await;
    check("http://[fd00::1]/").await;
    assert_eq!(site.requests(), [], "nothing reached the site");

    let refused = async |url: &str| {
        let error = news.fetch_article(url).await.unwrap_err();
        assert!(matches!(error, NewsError::InvalidUrl { .. }), "{url}: {error:?}");
    };
    refused("file:///etc/passwd").await;
    refused("ftp://example.com/x").await;
    refused("http://example.com:6379/").await;
    refused("https://user:word@example.com/").await;
    refused("no address").await;
    refused(&format!("https://example.com/{}", "x".repeat(5000))).await;
}

#[tokio::test]
async fn redirects_are_checked_again() {
    let site = site().await;
    let (news, _) = crawler(|_| ());
    let url = site.article_url("solana-fees-fall");
    let check = async |to: &str, expected: fn(&NewsError) -> bool| {
        site.set_fault(
            "/articles/solana-fees-fall",
            Some(Fault::Redirect { to: to.to_owned() }),
        );
        site.set_fault("/feed.xml", Some(Fault::Redirect { to: to.to_owned() }));
        let article = news.fetch_article(&url).await.unwrap_err();
        let feed = FeedRequest {
            url: site.rss_url(),
            ..FeedRequest::default()
        };
        let feed = news.poll(&feed).await.unwrap_err();
        assert!(
            expected(&article) && expected(&feed),
            "{to}: {article:?} {feed:?}"
        );
    };
    // Refused even by the configuration for tests, which lets loopback through.
    check("http://169.254.169.254/latest/meta-data/", |e| {
        matches!(e, NewsError::AddressRefused { .. })
    })
    .await;
    check("http://[::ffff:169.254.169.254]/", |e| {
        matches!(e, NewsError::AddressRefused { .. })
    })
    .await;
    check("file:///etc/passwd", |e| {
        matches!(e, NewsError::InvalidUrl { .. })
    })
    .await;
    check("gopher://127.0.0.1:6379/_x", |e| {
        matches!(e, NewsError::InvalidUrl { .. })
    })
    .await;
    // robots.txt holds for the page that a redirect leads to, too.
    site.set_fault(
        "/articles/solana-fees-fall",
        Some(Fault::Redirect {
            to: "/private/x".to_owned(),
        }),
    );
    assert!(matches!(
        news.fetch_article(&url).await,
        Err(NewsError::Blocked { .. })
    ));
    assert!(
        site.requests()
            .iter()
            .all(|request| !request.path.starts_with("/private"))
    );
}

#[tokio::test]
async fn large_bodies_are_broken_off() {
    let site = site().await;
    let (news, _) = crawler(|_| ());
    let url = site.article_url("solana-fees-fall");
    let check = async |fault: Fault, expected: usize| {
        site.set_fault("/articles/solana-fees-fall", Some(fault.clone()));
        let error = news.fetch_article(&url).await.unwrap_err();
        assert!(
            matches!(error, NewsError::TooLarge { limit, .. } if limit == expected),
            "{fault:?}: {error:?}"
        );
    };
    check(Fault::HugeBody { mib: 8 }, 5 << 20).await;
    // 64 MiB of blanks are some 64 KiB compressed: the ratio breaks first.
    site.set_fault("/articles/solana-fees-fall", Some(Fault::Bomb { mib: 64 }));
    let error = news.fetch_article(&url).await.unwrap_err();
    assert!(
        matches!(error, NewsError::TooLarge { limit, .. } if limit < 20 << 20),
        "{error:?}"
    );
}

#[test]
fn without_a_host_or_a_user_agent_there_is_no_crawler() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = promptpal_news::NewsConfig::new("two\nlines");
    let clock = std::sync::Arc::new(promptpal_domain::ManualClock::default());
    assert!(matches!(
        promptpal_news::News::new(config, clock),
        Err(NewsError::Client { .. })
    ));
}
