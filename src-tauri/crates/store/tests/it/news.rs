//! Sources, articles, scores and the queues that they form.

use promptpal_domain::{
    ArticleId, ContentStatus, ModelRef, SentenceScore, SentimentPoint, SourceId, Span, Timestamp,
};
use promptpal_store::{ArticleFilter, ArticleScores, SourceHealth, StoreError, Tone};

use crate::fixtures::{NOW, at, span, time, workspace};
use crate::news_fixtures::{
    content, feed, item, listed, model, page, said, score, sentiment, source, stated, tag, whole,
};

#[tokio::test]
async fn a_source_and_its_health() {
    let w = workspace().await;
    let id = source(&w.store).await;
    assert_eq!(source(&w.store).await, id, "one address is one source");
    let health = SourceHealth {
        title: Some("A".to_owned()),
        moved_to: None,
        etag: Some("\"x\"".to_owned()),
        last_modified: None,
        last_fetch: NOW,
        next_fetch: Some(NOW.plus_millis(60_000)),
        interval_ms: Some(900_000),
        ttl_ms: Some(3_600_000),
        last_status: Some(503),
        failures: 2,
        last_error: Some("timed out".to_owned()),
    };
    w.store.update_source_health(id, health).await.unwrap();
    w.store.set_source_enabled(id, false).await.unwrap();
    let found = w.store.source(id).await.unwrap();
    assert_eq!(
        (
            found.title.as_str(),
            found.failures,
            found.enabled,
            found.full_text
        ),
        ("A", 2, false, true)
    );
    assert_eq!(
        (found.last_fetch, found.next_fetch),
        (Some(NOW), Some(NOW.plus_millis(60_000)))
    );
    assert_eq!(
        (found.interval_ms, found.ttl_ms, found.last_status),
        (Some(900_000), Some(3_600_000), Some(503))
    );
    assert_eq!(w.store.sources().await.unwrap(), [found]);
    assert!(matches!(
        w.store.source(SourceId(99)).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(matches!(
        w.store.set_source_enabled(SourceId(99), true).await,
        Err(StoreError::NotFound { .. })
    ));
}

#[tokio::test]
async fn an_article_is_stored_once() {
    let w = workspace().await;
    let (a, b) = (
        source(&w.store).await,
        w.store.add_source(&feed("https://b.example/atom")).await.unwrap(),
    );
    let first = w
        .store
        .put_feed_items(a, vec![item("1", "One", 100), item("2", "Two", 100)])
        .await
        .unwrap();
    assert_eq!(first.len(), 2);
    let mut known_guid = item("1", "One, edited", 900);
    known_guid.url = "https://news.example/moved".to_owned();
    let mut known_url = item("other-guid", "Two", 900);
    known_url.url = "https://news.example/2".to_owned();
    let new = w
        .store
        .put_feed_items(a, vec![known_guid, item("3", "Three", 900)])
        .await
        .unwrap();
    assert_eq!(new.len(), 1);
    assert!(
        w.store
            .put_feed_items(b, vec![known_url])
            .await
            .unwrap()
            .is_empty()
    );
    // The guid is the feed's own: another feed may use it for something else.
    let mut same_guid = item("1", "Elsewhere", 900);
    same_guid.url = "https://elsewhere.example/1".to_owned();
    assert_eq!(w.store.put_feed_items(b, vec![same_guid]).await.unwrap().len(), 1);

    let kept = w.store.article(first[0]).await.unwrap();
    assert_eq!((kept.title.as_str(), kept.first_seen), ("One", at(100)));
    let refused = w
        .store
        .put_feed_items(SourceId(99), vec![item("9", "Nine", 1)])
        .await;
    assert!(matches!(refused, Err(StoreError::Refused { .. })), "{refused:?}");
}

#[tokio::test]
async fn an_article_is_available_once_published_and_seen() {
    let w = workspace().await;
    let id = source(&w.store).await;
    let check = async |guid: &str, published: Option<i64>, first_seen: i64, expected: i64| {
        let mut article = item(guid, guid, first_seen);
        article.published = published.map(stated);
        let new = w.store.put_feed_items(id, vec![article]).await.unwrap();
        assert_eq!(
            w.store.article(new[0]).await.unwrap().available_at,
            at(expected),
            "{guid}"
        );
    };
    check("late", Some(50), 100, 100).await;
    check("embargoed", Some(200), 100, 200).await;
    check("undated", None, 100, 100).await;
}

#[tokio::test]
async fn pending_pages_are_a_queue() {
    let w = workspace().await;
    let id = source(&w.store).await;
    let pending = |guid: &str, seen| {
        let mut article = item(guid, guid, seen);
        article.content = content(ContentStatus::Pending, "");
        article
    };
    let ids = w
        .store
        .put_feed_items(id, vec![pending("b", 200), pending("a", 100), item("c", "c", 50)])
        .await
        .unwrap();
    let queue = async || {
        w.store
            .pending_articles(9)
            .await
            .unwrap()
            .into_iter()
            .map(|a| a.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(queue().await, [ids[1], ids[0]]);
    let model = model("m");
    assert_eq!(
        w.store.unscored_count(&model).await.unwrap(),
        1,
        "a pending article is not scored yet"
    );

    w.store
        .put_content(ids[1], page(ContentStatus::Full, "Text.", vec![tag("SOL", 1.0)]))
        .await
        .unwrap();
    w.store
        .put_content(ids[0], page(ContentStatus::NotArticle, "", vec![]))
        .await
        .unwrap();
    assert!(queue().await.is_empty());
    let unscored: Vec<_> = w.store.unscored_articles(&model, 9).await.unwrap();
    assert_eq!(
        unscored.iter().map(|a| a.id).collect::<Vec<_>>(),
        [ids[1], ids[2]]
    );
    assert_eq!(unscored[0].text, "Text.");
    let article = w.store.article(ids[1]).await.unwrap();
    assert_eq!(
        (article.assets, article.content.status),
        (vec![tag("SOL", 1.0)], ContentStatus::Full)
    );
    let missing = w
        .store
        .put_content(ArticleId(99), page(ContentStatus::Full, "", vec![]))
        .await;
    assert!(matches!(missing, Err(StoreError::NotFound { .. })));
}

#[tokio::test]
async fn scores_of_two_models_stand_side_by_side() {
    let w = workspace().await;
    let source = source(&w.store).await;
    let id = w
        .store
        .put_feed_items(source, vec![item("1", "One", 100)])
        .await
        .unwrap()[0];
    let (one, two) = (model("one"), model("two"));
    let sentence = |position, text: &str, s| SentenceScore {
        position,
        text: text.to_owned(),
        sentiment: s,
        truncated: position == 1,
    };
    let sentences = vec![
        sentence(0, "One", sentiment(0.7, 0.1)),
        sentence(1, "Text.", sentiment(0.1, 0.8)),
    ];
    w.store
        .put_scores(
            id,
            &one,
            ArticleScores {
                sentences: sentences.clone(),
                ..whole(sentiment(0.5, 0.25))
            },
            NOW,
        )
        .await
        .unwrap();
    assert_eq!(
        (
            w.store.unscored_count(&one).await.unwrap(),
            w.store.unscored_count(&two).await.unwrap()
        ),
        (0, 1)
    );
    w.store
        .put_scores(id, &two, whole(sentiment(0.1, 0.75)), NOW)
        .await
        .unwrap();
    assert_eq!(w.store.sentence_scores(id, &one).await.unwrap(), sentences);
    assert_eq!(
        w.store.article_score(id, &two).await.unwrap(),
        Some(sentiment(0.1, 0.75))
    );
    assert_eq!(w.store.models().await.unwrap(), [one.clone(), two.clone()]);

    // Scored again: the new scores take the place of the old.
    w.store
        .put_scores(id, &one, whole(sentiment(0.2, 0.2)), NOW)
        .await
        .unwrap();
    assert!(w.store.sentence_scores(id, &one).await.unwrap().is_empty());
    // Another text: it waits again for both.
    w.store
        .put_content(id, page(ContentStatus::Full, "More.", vec![]))
        .await
        .unwrap();
    assert_eq!(
        (
            w.store.unscored_count(&one).await.unwrap(),
            w.store.unscored_count(&two).await.unwrap()
        ),
        (1, 1)
    );
    assert!(
        w.store
            .put_scores(ArticleId(99), &one, whole(sentiment(0.2, 0.2)), NOW)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn lists_filter_search_and_page() {
    let w = workspace().await;
    let a = source(&w.store).await;
    let b = w.store.add_source(&feed("https://b.example/atom")).await.unwrap();
    let mut third = item("3", "Ether staking \"grows\"", 300);
    third.assets = vec![tag("ETH", 1.0)];
    let items = vec![
        item("1", "Bitcoin rallies", 100),
        item("2", "Café owners buy bitcoin", 100),
    ];
    let mut ids: Vec<i64> = w
        .store
        .put_feed_items(a, items)
        .await
        .unwrap()
        .iter()
        .map(|id| id.0)
        .collect();
    ids.extend(
        w.store
            .put_feed_items(b, vec![third])
            .await
            .unwrap()
            .iter()
            .map(|id| id.0),
    );
    let model = model("m");
    score(&w.store, ArticleId(ids[0]), &model, sentiment(0.9, 0.05)).await;
    score(&w.store, ArticleId(ids[1]), &model, sentiment(0.3, 0.3)).await;

    let any = ArticleFilter {
        model: Some(model.clone()),
        ..ArticleFilter::default()
    };
    let check = async |filter: ArticleFilter, expected: &[usize]| {
        let expected: Vec<i64> = expected.iter().map(|i| ids[*i]).collect();
        assert_eq!(listed(&w.store, &filter).await, expected, "{filter:?}");
    };
    let text = |text: &str| ArticleFilter {
        text: Some(text.to_owned()),
        ..any.clone()
    };
    check(any.clone(), &[2, 1, 0]).await;
    check(
        ArticleFilter {
            asset: Some("BTC".parse().unwrap()),
            ..any.clone()
        },
        &[1, 0],
    )
    .await;
    check(
        ArticleFilter {
            source: Some(b),
            ..any.clone()
        },
        &[2],
    )
    .await;
    check(
        ArticleFilter {
            limit: 1,
            ..any.clone()
        },
        &[2],
    )
    .await;
    check(
        ArticleFilter {
            before: Some((at(100), ArticleId(ids[1]))),
            ..any.clone()
        },
        &[0],
    )
    .await;
    check(
        ArticleFilter {
            tone: Some(Tone::Positive),
            ..any.clone()
        },
        &[0],
    )
    .await;
    check(
        ArticleFilter {
            tone: Some(Tone::Neutral),
            ..any.clone()
        },
        &[1],
    )
    .await;
    check(
        ArticleFilter {
            tone: Some(Tone::Negative),
            ..any.clone()
        },
        &[],
    )
    .await;
    check(text("bitcoin"), &[1, 0]).await;
    check(text("cafe bitc"), &[1]).await;
    check(text("\"grows\" OR"), &[]).await;
    check(text("staking \"gro"), &[2]).await;
    check(text("   "), &[2, 1, 0]).await;

    let rows = w.store.articles(&any).await.unwrap();
    assert_eq!(rows[2].score, Some(sentiment(0.9, 0.05)));
    assert_eq!(rows[0].score, None);
    assert_eq!(rows[2].assets, [tag("ETH", 0.9), tag("BTC", 0.8)]);
    assert_eq!(rows[0].source_title, "HTTPS://B.EXAMPLE/ATOM");

    // The search follows changes.
    w.store
        .put_content(
            ArticleId(ids[0]),
            page(ContentStatus::Full, "A halving nears.", vec![]),
        )
        .await
        .unwrap();
    check(text("halving"), &[0]).await;
    w.store.remove_source(b).await.unwrap();
    check(text("staking"), &[]).await;
    w.store.integrity_check().await.unwrap();
}

/// An article that praises one asset and damns the other is good news of the one and bad news of the other.
#[tokio::test]
async fn an_article_counts_for_each_asset_with_what_it_says_of_it() {
    let w = workspace().await;
    let a = source(&w.store).await;
    let ids = w
        .store
        .put_feed_items(
            a,
            vec![item("1", "Bitcoin up, Ether down", 1000), item("2", "More", 2000)],
        )
        .await
        .unwrap();
    let (one, two) = (model("one"), model("two"));
    let of_assets = vec![
        said("BTC", sentiment(0.9, 0.0), &[0, 2]),
        said("ETH", sentiment(0.1, 0.8), &[1]),
    ];
    let scores = ArticleScores {
        assets: of_assets.clone(),
        ..whole(sentiment(0.4, 0.3))
    };
    w.store.put_scores(ids[0], &one, scores, NOW).await.unwrap();
    // As an earlier version stored it, and by another model.
    score(&w.store, ids[1], &one, sentiment(0.5, 0.25)).await;
    score(&w.store, ids[0], &two, sentiment(0.3, 0.2)).await;
    let points = async |asset: &str, model: &ModelRef| {
        let asset = asset.parse().unwrap();
        let points = w.store.sentiment_points(&asset, model, Span::ALL).await.unwrap();
        points
            .iter()
            .map(|point| (point.score * 100.0).round())
            .collect::<Vec<_>>()
    };
    assert_eq!(points("BTC", &one).await, [90.0, 25.0]);
    assert_eq!(points("ETH", &one).await, [-70.0, 25.0]);
    assert_eq!(points("BTC", &two).await, [10.0]);
    assert_eq!(w.store.asset_scores(ids[0], &one).await.unwrap(), of_assets);
    let of_eth = w
        .store
        .scores_for_asset(&ids, &"ETH".parse().unwrap(), &one)
        .await
        .unwrap();
    assert_eq!(
        of_eth.into_iter().collect::<Vec<_>>(),
        [(ids[0], sentiment(0.1, 0.8))]
    );

    // What lacks its shares waits for them, whichever model gave the score; then it counts with them.
    let lacking = async || {
        let found = w.store.unshared_scores(9).await.unwrap();
        found
            .into_iter()
            .map(|score| (score.article, score.model))
            .collect::<Vec<_>>()
    };
    assert_eq!(lacking().await, [(ids[1], one.clone()), (ids[0], two.clone())]);
    for (id, model) in [(ids[1], &one), (ids[0], &two)] {
        let shares = ["BTC", "ETH"].map(|asset| said(asset, sentiment(0.0, 0.5), &[]));
        w.store
            .put_asset_scores(id, model, shares.to_vec())
            .await
            .unwrap();
    }
    assert_eq!(lacking().await, []);
    assert_eq!(points("BTC", &one).await, [90.0, -50.0]);

    // They go with the scores of the whole, and none is written beside a score that is gone.
    w.store
        .put_content(ids[0], page(ContentStatus::Full, "Text.", vec![tag("BTC", 1.0)]))
        .await
        .unwrap();
    w.store.put_asset_scores(ids[0], &one, of_assets).await.unwrap();
    assert_eq!(w.store.asset_scores(ids[0], &one).await.unwrap(), []);
    assert!(points("BTC", &two).await.is_empty());
}

#[tokio::test]
async fn sentiment_counts_a_story_once() {
    let w = workspace().await;
    let (a, b) = (
        source(&w.store).await,
        w.store.add_source(&feed("https://b.example/atom")).await.unwrap(),
    );
    let day = time("2024-05-01").millis();
    let first = w
        .store
        .put_feed_items(a, vec![item("1", "ETF approved!", day + 1000)])
        .await
        .unwrap()[0];
    let mut wire = item("2", "ETF  Approved", day + 2000);
    wire.assets = vec![tag("BTC", 0.5)];
    let mut next_day = item("3", "ETF approved", day + 86_400_000);
    next_day.assets = vec![tag("BTC", 0.25)];
    let others = w.store.put_feed_items(b, vec![wire, next_day]).await.unwrap();
    let model = model("m");
    for (id, positive) in [(first, 0.9), (others[0], 0.6), (others[1], 0.4)] {
        score(&w.store, id, &model, sentiment(positive, 0.1)).await;
    }
    let points = async |asset: &str, span: Span| {
        let points = w
            .store
            .sentiment_points(&asset.parse().unwrap(), &model, span)
            .await
            .unwrap();
        points
            .iter()
            .map(|p| {
                let article_at = p.available_at.millis() - SentimentPoint::SCORING_DELAY_MS;
                (article_at - day, (p.score * 100.0).round(), p.weight)
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        points("BTC", Span::ALL).await,
        [(1000, 80.0, 0.8), (86_400_000, 30.0, 0.25)]
    );
    // What a span shows does not depend on where it begins.
    let known = |ms: i64| day + ms + SentimentPoint::SCORING_DELAY_MS;
    assert_eq!(points("BTC", span(known(1500), known(3000))).await, []);
    assert_eq!(
        points("BTC", span(known(1000), known(1001))).await,
        [(1000, 80.0, 0.8)]
    );
    assert_eq!(points("ETH", Span::ALL).await, [(1000, 80.0, 0.9)]);
    assert_eq!(points("SOL", Span::ALL).await, []);

    let counts = w.store.asset_counts(Timestamp::EPOCH, 9).await.unwrap();
    let seen: Vec<_> = counts.iter().map(|(asset, n)| (asset.as_str(), *n)).collect();
    assert_eq!(seen, [("BTC", 3), ("ETH", 1)]);
}

#[tokio::test]
async fn a_removed_source_takes_its_articles_along() {
    let w = workspace().await;
    let id = source(&w.store).await;
    let articles = w
        .store
        .put_feed_items(id, vec![item("1", "One", 100)])
        .await
        .unwrap();
    score(&w.store, articles[0], &model("m"), sentiment(0.5, 0.2)).await;
    w.store.remove_source(id).await.unwrap();
    assert!(matches!(
        w.store.article(articles[0]).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(
        w.store
            .asset_counts(Timestamp::EPOCH, 9)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(matches!(
        w.store.remove_source(id).await,
        Err(StoreError::NotFound { .. })
    ));
    w.store.integrity_check().await.unwrap();
}
