//! A crawl over sites that do everything wrong at once: each article is marked with what was wrong, nothing is stored twice,
//! and the sites that are well are read whole. Pages are read by a process of their own, as in the program.

use promptpal_testkit::news_site::{Fault, Guids, NewsSite, NewsSiteOptions, SiteArticle};
use serde_json::Value;

use promptpal_domain::{ArticleId, ContentStatus, DateOrigin, Timestamp};
use promptpal_store::{ArticleFilter, Store, StoreOptions};

use crate::program::Home;

fn article(slug: &str, published: &str) -> SiteArticle {
    let first = format!(
        "The {slug} report says that the largest fund took in 420 million dollars on Tuesday, its best day since March, as the \
         price rose above 97,000 dollars."
    );
    let second = format!(
        "Traders who read {slug} pointed to softer inflation data and to a ruling that lets a rival fund trade."
    );
    let third = format!(
        "Nobody at {slug} expects the flows to last, since the central bank meets in the coming week already."
    );
    SiteArticle::new(
        slug,
        &format!("What the {slug} report says about funds"),
        published,
        &[&first, &second, &third],
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crawl_goes_on_whatever_sites_do() {
    let home = Home::new();
    home.file(
        "config.toml",
        "[news]\nallow_private_addresses = true\nhost_delay_ms = 1\ncrawl_seconds = 1\n",
    );
    let good = "2025-01-09T10:00:00Z";
    let cases: Vec<(&str, &str, Option<Fault>, ContentStatus)> = vec![
        ("sound", good, None, ContentStatus::Full),
        (
            "metadata",
            good,
            Some(redirect("http://169.254.169.254/latest/meta-data/")),
            ContentStatus::Failed,
        ),
        (
            "loop",
            good,
            Some(redirect("/articles/loop")),
            ContentStatus::Failed,
        ),
        ("bomb", good, Some(Fault::Bomb { mib: 64 }), ContentStatus::Failed),
        (
            "huge",
            good,
            Some(Fault::HugeBody { mib: 8 }),
            ContentStatus::Failed,
        ),
        ("paywall", good, Some(Fault::Paywall), ContentStatus::Paywalled),
        ("latin", good, Some(Fault::WrongEncoding), ContentStatus::Full),
        (
            "pdf",
            good,
            Some(Fault::NotHtml {
                content_type: "application/pdf".to_owned(),
            }),
            ContentStatus::NotArticle,
        ),
        (
            "gone",
            good,
            Some(Fault::Status { status: 410 }),
            ContentStatus::Failed,
        ),
        (
            "refused",
            good,
            Some(Fault::Status { status: 403 }),
            ContentStatus::Blocked,
        ),
        ("index", good, Some(redirect("/")), ContentStatus::NotArticle),
        (
            "deep",
            good,
            Some(Fault::Body {
                html: "<div>".repeat(300_000),
            }),
            ContentStatus::Failed,
        ),
        ("future", "2099-01-01T00:00:00Z", None, ContentStatus::Full),
        ("zoneless", "2025-01-09 10:00", None, ContentStatus::Full),
        ("relative", "2 hours ago", None, ContentStatus::Full),
    ];
    let hostile = NewsSite::start(NewsSiteOptions {
        articles: cases.iter().map(|(slug, date, ..)| article(slug, date)).collect(),
        guids: Guids::Flipped,
        ..NewsSiteOptions::default()
    })
    .await;
    for (slug, _, fault, _) in &cases {
        hostile.set_fault(&format!("/articles/{slug}"), fault.clone());
    }
    let well = NewsSite::start(NewsSiteOptions::default()).await;
    let broken = NewsSite::start(NewsSiteOptions::default()).await;
    for url in [
        hostile.rss_url(),
        hostile.atom_url(),
        broken.rss_url(),
        well.rss_url(),
    ] {
        home.json(&["sources", "add", &url]);
    }
    let date = Fault::RateLimited {
        retry_after: Some("Fri, 01 Jan 2100 00:00:00 GMT".to_owned()),
    };
    broken.set_fault("/feed.xml", Some(date));

    let crawled = home.json_with(3, &["crawl", "--once", "--no-score"]);
    assert_eq!(crawled["failed"], 1, "{crawled}");
    let store = Store::open(
        &home.path().join("promptpal.db"),
        StoreOptions::default(),
        Timestamp::EPOCH,
    )
    .await
    .unwrap();
    let everything = ArticleFilter {
        limit: 100,
        ..ArticleFilter::default()
    };
    let rows = store.articles(&everything).await.unwrap();
    assert_eq!(
        rows.len(),
        cases.len() + 3,
        "two feeds list the same articles, by other ids"
    );
    let found = |slug: &str| -> ArticleId {
        let url = hostile.article_url(slug);
        rows.iter()
            .find(|row| row.url == url)
            .unwrap_or_else(|| panic!("{slug}"))
            .id
    };
    for (slug, _, _, expected) in &cases {
        let stored = store.article(found(slug)).await.unwrap();
        let (content, fault) = (&stored.content, stored.fault.as_deref());
        println!(
            "  {slug}: {:?}, {} letters, {}",
            content.status,
            content.text.len(),
            fault.unwrap_or("no fault")
        );
        assert_eq!(content.status, *expected, "{slug}: {stored:?}");
        // A failure says why, and the feed's summary stands in.
        assert!(
            content.status != ContentStatus::Failed || fault.is_some() || *slug == "deep",
            "{slug}"
        );
        // What a page holds that is no article is kept beside its mark.
        let has_text = *slug == "index" || content.text.contains("420 million");
        assert!(has_text, "{slug}: {}", content.text);
        assert!(stored.available_at >= stored.first_seen, "{slug}");
        let now_ish = stored.first_seen;
        assert!(
            stored.published.is_none_or(|published| published.at <= now_ish),
            "{slug}: a date ahead"
        );
        if ["future", "relative"].contains(slug) {
            let from_feed = stored
                .published
                .is_some_and(|published| published.origin == DateOrigin::Feed);
            assert!(!from_feed, "{slug}: {:?}", stored.published);
        }
    }
    let healthy = rows.iter().filter(|row| row.url.starts_with(&well.base_url));
    assert_eq!(healthy.filter(|row| row.status == ContentStatus::Full).count(), 3);
    store.close().await.unwrap();

    // Asked again, the host that named a date is left alone, and nothing comes twice.
    let asked = broken.requests().len();
    let again: Value = home.json(&["crawl", "--once", "--no-score"]);
    assert_eq!(
        (&again["new_articles"], &again["pages"]),
        (&0.into(), &0.into()),
        "{again}"
    );
    assert_eq!(broken.requests().len(), asked);
    let sources = home.json(&["sources", "list"]);
    let held = sources["sources"]
        .as_array()
        .unwrap()
        .iter()
        .find(|source| source["url"] == broken.rss_url());
    assert_eq!(held.unwrap()["heldUntil"], 4_102_444_800_000_i64);
}

fn redirect(to: &str) -> Fault {
    Fault::Redirect { to: to.to_owned() }
}
