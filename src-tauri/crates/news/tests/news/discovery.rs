use promptpal_news::NewsError;
use promptpal_testkit::news_site::{Fault, NewsSite, NewsSiteOptions};

use crate::{crawler, site};

#[tokio::test]
async fn the_feeds_of_a_site_are_found_with_what_they_list() {
    let site = site().await;
    let (news, _) = crawler(|_| ());
    let found = news.discover(&site.base_url).await.unwrap();
    let addresses: Vec<&str> = found.iter().map(|feed| feed.url.as_str()).collect();
    assert_eq!(addresses, [site.rss_url(), site.atom_url()]);
    assert!(
        found
            .iter()
            .all(|feed| feed.title.starts_with("Sample") && feed.items.len() == 3)
    );
    // The address of a feed is that feed, and one that fails is left out.
    let alone = news.discover(&format!(" {} ", site.atom_url())).await.unwrap();
    assert_eq!(
        (alone.len(), alone[0].url.as_str()),
        (1, site.atom_url().as_str())
    );
    site.set_fault("/atom.xml", Some(Fault::Status { status: 500 }));
    assert_eq!(news.discover(&site.base_url).await.unwrap().len(), 1);
    // A page that names none is of a site that may have one at the usual place.
    let page = site.article_url("solana-fees-fall");
    let found = news.discover(&page).await.unwrap();
    assert_eq!((found.len(), found[0].url.as_str()), (1, site.rss_url().as_str()));
    site.set_fault("/feed.xml", Some(Fault::Status { status: 404 }));
    assert!(matches!(
        news.discover(&page).await,
        Err(NewsError::NotFeed { .. })
    ));
}

#[tokio::test]
async fn looking_for_feeds_keeps_to_what_a_site_allows() {
    let robots = Some("User-agent: *\nDisallow: /\n".to_owned());
    let site = NewsSite::start(NewsSiteOptions {
        robots,
        ..NewsSiteOptions::default()
    })
    .await;
    let (news, _) = crawler(|_| ());
    assert!(matches!(
        news.discover(&site.base_url).await,
        Err(NewsError::Blocked { .. })
    ));
    let (strict, _) = crawler(|config| config.allow_private_addresses = false);
    assert!(matches!(
        strict.discover("169.254.169.254/latest").await,
        Err(NewsError::AddressRefused { .. })
    ));
    assert!(matches!(
        strict.discover("no address").await,
        Err(NewsError::InvalidUrl { .. })
    ));
}
