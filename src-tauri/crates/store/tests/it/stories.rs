//! Which items are one article, which articles are one story, what was read, and what hosts asked for.

use promptpal_domain::{ArticleId, ContentStatus, SentimentPoint, SourceKind, Span};
use promptpal_store::{ArticleFilter, NewArticle, NewSource, Store, StoryPlace};

use crate::fixtures::{NOW, at, time, workspace};
use crate::news_fixtures::{content, feed, item, listed, model, page, score, sentiment, source, stated, tag};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// An item of a day with a headline long enough to name it.
fn listing(guid: &str, url: &str, title: &str, hours: i64) -> NewArticle {
    NewArticle {
        url: url.to_owned(),
        published: Some(stated(100 * DAY + hours * HOUR)),
        ..item(guid, title, 100 * DAY + hours * HOUR)
    }
}

const TITLE: &str = "Record inflows lift bitcoin funds";

#[tokio::test]
async fn an_item_is_recognised_however_it_comes_again() {
    let w = workspace().await;
    let (a, b) = (
        source(&w.store).await,
        w.store.add_source(&feed("https://b.example/atom")).await.unwrap(),
    );
    let first = listing("g1", "http://www.a.example/x", TITLE, 1);
    assert_eq!(w.store.put_feed_items(a, vec![first]).await.unwrap().len(), 1);
    let check = async |source, what: &str, again: NewArticle, new: usize| {
        let stored = w.store.put_feed_items(source, vec![again]).await.unwrap();
        assert_eq!(stored.len(), new, "{what}");
    };
    let other = "Something else that is told at length";
    check(a, "https now", listing("g1", "https://a.example/x/", TITLE, 1), 0).await;
    check(
        a,
        "another id and https",
        listing("g9", "https://www.a.example/x", other, 30),
        0,
    )
    .await;
    check(
        a,
        "a new address and headline under its id and date",
        listing("g1", "https://a.example/new", other, 1),
        0,
    )
    .await;
    check(
        a,
        "a new address under its id and headline",
        listing("g1", "https://a.example/y", TITLE, 200),
        0,
    )
    .await;
    check(
        a,
        "a new id and address on its day",
        listing("g2", "https://a.example/y", TITLE, 20),
        0,
    )
    .await;
    check(
        b,
        "another feed of the host, on its day",
        listing("g3", "https://a.example/z", TITLE, 20),
        0,
    )
    .await;
    check(
        b,
        "its id in another feed, on its day",
        listing("g1", "https://proxy.example/z", TITLE, 20),
        0,
    )
    .await;
    // These are others.
    check(
        b,
        "another host's report of it",
        listing("h1", "https://b.example/x", TITLE, 2),
        1,
    )
    .await;
    check(
        a,
        "its headline on another day",
        listing("g4", "https://a.example/daily", TITLE, 30),
        1,
    )
    .await;
    let reused = listing("g1", "https://a.example/reused", other, 40);
    check(a, "its id given to something else", reused.clone(), 1).await;
    check(a, "and that again", reused, 0).await;
    let short = |guid: &str, url: &str| listing(guid, url, "Market wrap", 1);
    check(a, "a short headline", short("s1", "https://a.example/s1"), 1).await;
    check(
        a,
        "the same short headline is no sign",
        short("s2", "https://a.example/s2"),
        1,
    )
    .await;
    w.store.integrity_check().await.unwrap();
}

/// Ten polls of a feed that gives its articles each other's ids.
#[tokio::test]
async fn flipped_ids_store_nothing_twice() {
    let w = workspace().await;
    let id = source(&w.store).await;
    let titles = [
        "Alpha protocol ships its upgrade",
        "Beta exchange lists a token",
        "Gamma fund closes its doors",
    ];
    let poll = |turn: usize| {
        let items = titles.iter().enumerate().map(|(n, title)| {
            let url = format!("https://a.example/{n}");
            listing(&format!("id-{}", (n + turn) % 3), &url, title, n as i64)
        });
        items.collect::<Vec<_>>()
    };
    let mut new = Vec::new();
    for turn in 0..10 {
        new.push(w.store.put_feed_items(id, poll(turn)).await.unwrap().len());
    }
    assert_eq!(new, [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
}

async fn placed(store: &Store, id: ArticleId, story: ArticleId, same_as: ArticleId) {
    let place = StoryPlace {
        story,
        same_as,
        fingerprint: Some(u64::MAX),
    };
    store.place_articles(vec![(id, place)]).await.unwrap();
}

/// Five articles: the first three tell one story, the third repeats the first's text.
async fn told(store: &Store) -> Vec<ArticleId> {
    let (a, b) = (
        source(store).await,
        store.add_source(&feed("https://b.example/atom")).await.unwrap(),
    );
    let mut last = item("5", "Ether staking grows", 500);
    last.assets = vec![tag("ETH", 1.0)];
    let mut ids = store
        .put_feed_items(
            a,
            vec![
                item("1", "Fund takes in 420 million", 100),
                item("2", "A halving nears", 200),
            ],
        )
        .await
        .unwrap();
    ids.extend(
        store
            .put_feed_items(
                b,
                vec![
                    item("3", "Fund flows", 300),
                    item("4", "Record day for a fund", 400),
                    last,
                ],
            )
            .await
            .unwrap(),
    );
    placed(store, ids[0], ids[0], ids[0]).await;
    placed(store, ids[2], ids[0], ids[2]).await;
    placed(store, ids[3], ids[0], ids[0]).await;
    ids
}

#[tokio::test]
async fn stories_are_listed_by_their_newest_report() {
    let w = workspace().await;
    let ids = told(&w.store).await;
    let check = async |filter: ArticleFilter, expected: &[&[usize]]| {
        let stories = w.store.stories(&filter).await.unwrap();
        let found: Vec<Vec<ArticleId>> = stories
            .iter()
            .map(|story| story.reports.iter().map(|report| report.id).collect())
            .collect();
        let expected: Vec<Vec<ArticleId>> = expected
            .iter()
            .map(|reports| reports.iter().map(|n| ids[*n]).collect())
            .collect();
        assert_eq!(found, expected, "{filter:?}");
        for story in stories {
            assert!(story.reports.iter().all(|report| report.story == story.story));
        }
    };
    let all = ArticleFilter::default();
    check(all.clone(), &[&[4], &[0, 2, 3], &[1]]).await;
    check(
        ArticleFilter {
            limit: 1,
            ..all.clone()
        },
        &[&[4]],
    )
    .await;
    let after = |n: usize, ms: i64| ArticleFilter {
        before: Some((at(ms), ids[n])),
        ..all.clone()
    };
    check(after(4, 500), &[&[0, 2, 3], &[1]]).await;
    check(after(3, 400), &[&[1]]).await;
    let words = |words: &str| ArticleFilter {
        text: Some(words.to_owned()),
        ..all.clone()
    };
    // A report that passes brings its whole story.
    check(words("420 mill"), &[&[0, 2, 3]]).await;
    check(words("nowhere"), &[]).await;
    let btc = ArticleFilter {
        asset: Some("BTC".parse().unwrap()),
        ..all.clone()
    };
    check(btc, &[&[0, 2, 3], &[1]]).await;
    w.store
        .mark_read(vec![ids[0], ids[3], ids[4], ArticleId(99)], Some(NOW))
        .await
        .unwrap();
    let unread = ArticleFilter { unread: true, ..all };
    check(unread.clone(), &[&[0, 2, 3], &[1]]).await;
    assert_eq!(listed(&w.store, &unread).await, [ids[2].0, ids[1].0]);
    assert_eq!(w.store.unread_count().await.unwrap(), 2);
    w.store.mark_read(vec![ids[4]], None).await.unwrap();
    assert_eq!(w.store.unread_count().await.unwrap(), 3);

    let article = w.store.article(ids[3]).await.unwrap();
    assert_eq!(
        (article.story, article.repeats, article.read),
        (ids[0], Some(ids[0]), true)
    );
    let story = w.store.story(ids[0], None).await.unwrap();
    assert_eq!(
        story.iter().map(|row| row.repeats).collect::<Vec<_>>(),
        [None, None, Some(ids[0])]
    );
    // A story whose first report is gone is told by the others.
    w.store.remove_source(article.source).await.unwrap();
    assert_eq!(w.store.story(ids[0], None).await.unwrap().len(), 1);
    w.store.integrity_check().await.unwrap();
}

#[tokio::test]
async fn what_was_not_compared_is_a_queue() {
    let w = workspace().await;
    let ids = told(&w.store).await;
    let waiting = async || {
        let waiting = w.store.articles_to_compare(9).await.unwrap();
        waiting.iter().map(|article| article.id).collect::<Vec<_>>()
    };
    assert_eq!(waiting().await, [ids[1], ids[4]]);
    let found = w.store.articles_to_compare(1).await.unwrap().remove(0);
    assert_eq!(
        (found.title.as_str(), found.text.as_str()),
        ("A halving nears", "About A halving nears")
    );
    assert_eq!((found.place.story, found.place.same_as), (ids[1], ids[1]));
    let known = w
        .store
        .compared_articles(Span::new(at(150), at(400)).unwrap())
        .await
        .unwrap();
    assert_eq!(
        known.iter().map(|article| article.id).collect::<Vec<_>>(),
        [ids[2]]
    );
    assert_eq!(known[0].place.fingerprint, Some(u64::MAX));
    // Another text is compared anew; one that is still to be fetched waits for its page.
    w.store
        .put_content(ids[0], page(ContentStatus::Full, "Text.", vec![]))
        .await
        .unwrap();
    let mut pending = item("6", "Sixth", 50);
    pending.content = content(ContentStatus::Pending, "");
    let source = w.store.article(ids[0]).await.unwrap().source;
    w.store.put_feed_items(source, vec![pending]).await.unwrap();
    assert_eq!(waiting().await, [ids[0], ids[1], ids[4]]);
    assert_eq!(w.store.articles_to_compare(1).await.unwrap()[0].text, "Text.");
}

#[tokio::test]
async fn sentiment_counts_a_text_once() {
    let w = workspace().await;
    let ids = told(&w.store).await;
    let model = model("m");
    for (id, positive) in ids.iter().zip([0.9, 0.8, 0.7, 0.6, 0.5]) {
        score(&w.store, *id, &model, sentiment(positive, 0.0)).await;
    }
    let points = w
        .store
        .sentiment_points(&"BTC".parse().unwrap(), &model, Span::ALL)
        .await
        .unwrap();
    let article_at = |point: &SentimentPoint| point.available_at.millis() - SentimentPoint::SCORING_DELAY_MS;
    let times: Vec<i64> = points.iter().map(article_at).collect();
    assert_eq!(times, [100, 200, 300], "the fourth repeats the first");
}

#[tokio::test]
async fn what_is_found_in_the_past_is_known_some_time_after_it_was_published() {
    let w = workspace().await;
    let id = source(&w.store).await;
    let found = NewArticle {
        published: Some(stated(1000)),
        backfill_delay_ms: Some(HOUR),
        ..item("old", "An old article", 90 * DAY)
    };
    let ids = w.store.put_feed_items(id, vec![found]).await.unwrap();
    let kept = w.store.article(ids[0]).await.unwrap();
    assert!(kept.backfilled);
    assert_eq!(
        (kept.first_seen, kept.available_at),
        (at(90 * DAY), at(1000 + HOUR))
    );
}

#[tokio::test]
async fn the_date_of_a_page_stands_where_the_feed_gave_none() {
    let w = workspace().await;
    let id = source(&w.store).await;
    let mut dated = item("dated", "Dated", 900);
    dated.published = Some(stated(100));
    let ids = w
        .store
        .put_feed_items(id, vec![dated, item("undated", "Undated", 900)])
        .await
        .unwrap();
    for (id, expected) in ids.iter().zip([100, 500]) {
        let visited = promptpal_store::VisitedPage {
            published: Some(stated(500)),
            fault: Some("why".to_owned()),
            ..page(ContentStatus::Full, "Text.", vec![])
        };
        w.store.put_content(*id, visited).await.unwrap();
        let kept = w.store.article(*id).await.unwrap();
        assert_eq!(kept.published, Some(stated(expected)));
        assert_eq!(kept.fault.as_deref(), Some("why"));
    }
}

#[tokio::test]
async fn a_hold_of_a_host_stands_until_its_end() {
    let w = workspace().await;
    for (host, until) in [("a.example", 500), ("a.example", 300), ("b.example", 100)] {
        w.store.hold_host(host, at(until)).await.unwrap();
    }
    let holds = w.store.host_holds(at(100)).await.unwrap();
    assert_eq!(holds, [("a.example".to_owned(), at(500))]);
}

#[tokio::test]
async fn sources_are_counted_moved_and_switched() {
    let w = workspace().await;
    let ids = told(&w.store).await;
    let first = w.store.article(ids[0]).await.unwrap().source;
    let counts = w.store.source_counts(at(200)).await.unwrap();
    let count = counts[&first];
    assert_eq!((count.articles, count.recent, count.first), (2, 1, at(100)));
    w.store.set_source_full_text(first, false).await.unwrap();
    assert!(!w.store.source(first).await.unwrap().full_text);

    let moved = async |to: &str| {
        let health = promptpal_store::SourceHealth {
            title: None,
            moved_to: Some(to.to_owned()),
            etag: None,
            last_modified: None,
            last_fetch: time("2024-05-01"),
            next_fetch: None,
            interval_ms: None,
            ttl_ms: None,
            last_status: Some(200),
            failures: 0,
            last_error: None,
        };
        w.store.update_source_health(first, health).await.unwrap();
        w.store.source(first).await.unwrap().url
    };
    assert_eq!(moved("https://a.example/new").await, "https://a.example/new");
    // Where another source is already, a move would make one of the two vanish.
    assert_eq!(moved("https://b.example/atom").await, "https://a.example/new");
    let added = NewSource {
        kind: SourceKind::Feed,
        url: "https://a.example/new".to_owned(),
        title: String::new(),
        full_text: false,
    };
    assert_eq!(w.store.add_source(&added).await.unwrap(), first);
}
