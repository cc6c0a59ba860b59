//! News by story, what was read, feeds that are found, lists of feeds, and hosts that ask for less.

use promptpal_app::{App, ArticlesQuery, ErrorKind, Event, JobRequest, Outcome};
use promptpal_domain::ContentStatus;
use promptpal_store::StoryRow;
use promptpal_testkit::news_site::{Fault, NewsSite, NewsSiteOptions, SiteArticle};

use crate::desk::{Desk, start};

const WIRE: [&str; 3] = [
    "The largest bitcoin fund took in 420 million dollars on Tuesday, its best day since March, as the price rose above 97,000 \
     dollars for the first time in two weeks.",
    "Traders pointed to softer inflation data and to a court ruling that lets a rival fund begin trading next month. Ether rose \
     two percent.",
    "Analysts at two banks said that flows may slow before the central bank meets, but that large holders have not sold.",
];

async fn site_of(articles: Vec<SiteArticle>) -> NewsSite {
    NewsSite::start(NewsSiteOptions {
        articles,
        ..NewsSiteOptions::default()
    })
    .await
}

async fn crawl(app: &App) {
    let Outcome::Crawled(_) = app.run(JobRequest::crawl_all()).await.unwrap() else {
        panic!()
    };
}

async fn stories(app: &App) -> Vec<StoryRow> {
    let query = ArticlesQuery {
        limit: 100,
        ..ArticlesQuery::default()
    };
    app.stories(query).await.unwrap()
}

/// Two sites print one agency's text, a third reports the same event in its own words; each has another article beside it.
#[tokio::test]
async fn a_wire_story_on_several_sites_is_one() {
    let day = "2025-01-09T10:00:00Z";
    let own_words = [
        "Bitcoin funds had their best day since March on Tuesday: the largest fund took in 420 million dollars.",
        "The price rose above 97,000 dollars after softer inflation data. A court ruling lets a rival fund begin trading.",
    ];
    let other = |slug: &str, title: &str| {
        let text = format!(
            "{title}. Developers of the {slug} network said so in a note to its validators and node operators."
        );
        SiteArticle::new(
            slug,
            title,
            day,
            &[&text, "A date for the next test network is not known yet."],
        )
    };
    let sites = [
        site_of(vec![
            SiteArticle::new(
                "wire",
                "Largest bitcoin fund takes in 420 million dollars",
                day,
                &WIRE,
            ),
            other("alpha", "Alpha lowers the cost of its blocks"),
        ])
        .await,
        site_of(vec![
            SiteArticle::new("copy", "Record day for the biggest bitcoin fund", day, &WIRE),
            other("beta", "Beta halts a bridge after a fault"),
        ])
        .await,
        site_of(vec![SiteArticle::new(
            "own",
            "Bitcoin fund has its best day since March",
            day,
            &own_words,
        )])
        .await,
    ];
    let desk = Desk::offline().await;
    for site in &sites {
        desk.app.add_source(&site.rss_url(), true).await.unwrap();
    }
    crawl(&desk.app).await;
    let found = stories(&desk.app).await;
    let mut sizes: Vec<usize> = found.iter().map(|story| story.reports.len()).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 1, 3], "{found:#?}");
    let wire = found.iter().find(|story| story.reports.len() == 3).unwrap();
    assert!(
        wire.reports
            .iter()
            .all(|report| report.status == ContentStatus::Full)
    );
    let copies = wire
        .reports
        .iter()
        .filter(|report| report.repeats.is_some())
        .count();
    assert_eq!(
        copies, 1,
        "one of the two prints repeats the other, the third has its own words"
    );
    assert!(
        wire.reports
            .is_sorted_by_key(|report| (report.available_at, report.id))
    );
    let view = desk.app.article(wire.reports[1].id).await.unwrap();
    let others: Vec<_> = view.story.iter().map(|report| report.id).collect();
    assert_eq!(others, [wire.reports[0].id, wire.reports[2].id]);

    // What arrives later joins its story, in a program that was started anew too.
    let Desk { app, folder } = desk;
    app.shutdown().await;
    sites[2].publish(SiteArticle::new(
        "late",
        "Largest bitcoin fund's 420 million day",
        day,
        &WIRE,
    ));
    let app = start(folder.path(), |_| {}).await;
    crawl(&app).await;
    let found = stories(&app).await;
    assert_eq!(found[0].story, wire.story);
    assert_eq!(found[0].reports.len(), 4);
    app.shutdown().await;
}

#[tokio::test]
async fn what_was_read_is_known_and_told() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::offline().await;
    let added = desk.app.add_source(&site.rss_url(), false).await.unwrap();
    crawl(&desk.app).await;
    assert_eq!(desk.app.unread_count().await.unwrap(), 3);
    let first = stories(&desk.app).await[0].reports[0].id;
    let mut facts = desk.app.bus().listen();
    desk.app.mark_read(vec![first], true).await.unwrap();
    assert_eq!(facts.recv().await.unwrap(), Event::ArticlesRead(vec![first]));
    assert_eq!(desk.app.unread_count().await.unwrap(), 2);
    let unread = ArticlesQuery {
        unread: true,
        limit: 9,
        ..ArticlesQuery::default()
    };
    assert_eq!(desk.app.articles(unread).await.unwrap().len(), 2);
    let source = desk.app.source(added.source.id).await.unwrap();
    assert_eq!((source.articles, source.articles_a_day), (3, 3.0));
    assert_eq!(
        (source.source.last_status, source.source.interval_ms),
        (Some(200), Some(1000))
    );
    desk.app
        .set_source_full_text(added.source.id, true)
        .await
        .unwrap();
    assert!(desk.app.source(added.source.id).await.unwrap().source.full_text);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn feeds_are_found_and_lists_of_feeds_go_in_and_out() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::offline().await;
    desk.app.add_source(&site.rss_url(), true).await.unwrap();
    let found = desk.app.discover_feeds(&site.base_url).await.unwrap();
    let known: Vec<(String, bool)> = found
        .into_iter()
        .map(|found| (found.feed.url, found.known))
        .collect();
    assert_eq!(known, [(site.rss_url(), true), (site.atom_url(), false)]);

    let list = desk.file(
        "list.opml",
        &format!(
            "<opml><body><outline text='Weekly' xmlUrl='{}'/><outline xmlUrl='{}'/><outline text='No' xmlUrl='mailto:x@y.example'/></body></opml>",
            site.atom_url(),
            site.rss_url()
        ),
    );
    let import = desk.app.import_sources(list).await.unwrap();
    assert_eq!((import.added, import.known), (vec!["Weekly".to_owned()], 1));
    assert_eq!(import.refused, ["mailto:x@y.example"]);
    let out = desk.folder.path().join("out.opml");
    assert_eq!(desk.app.export_sources(out.clone()).await.unwrap(), 2);
    let other = Desk::offline().await;
    assert_eq!(
        other.app.import_sources(out).await.unwrap().added,
        ["Sample Ledger", "Weekly"]
    );
    let csv = desk.file("list.csv", "title,url\n");
    let refused = desk.app.import_sources(csv).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid, "{refused}");
    let missing = desk
        .app
        .import_sources(desk.folder.path().join("none"))
        .await
        .unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::File, "{missing}");
    other.app.shutdown().await;
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_host_that_asked_for_less_is_left_alone_after_a_restart() {
    let site = NewsSite::start(NewsSiteOptions::default()).await;
    let desk = Desk::offline().await;
    desk.app.add_source(&site.rss_url(), true).await.unwrap();
    let fault = Fault::RateLimited {
        retry_after: Some("3600".to_owned()),
    };
    site.set_fault("/articles/solana-fees-fall", Some(fault));
    crawl(&desk.app).await;
    let held = desk.app.sources().await.unwrap()[0].held_until;
    assert!(held.is_some());
    let asked = site.requests().len();
    let Desk { app, folder } = desk;
    app.shutdown().await;
    let app = start(folder.path(), |_| {}).await;
    crawl(&app).await;
    assert_eq!(
        site.requests().len(),
        asked,
        "neither the feed nor a page was asked"
    );
    let source = &app.sources().await.unwrap()[0].source;
    assert_eq!(
        (source.failures, source.next_fetch),
        (0, held),
        "nothing failed: it waits"
    );
    app.shutdown().await;
}
