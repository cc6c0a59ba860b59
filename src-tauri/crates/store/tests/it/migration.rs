//! A workspace of the first version, with data, is brought up to date when it is opened.

use std::borrow::Cow;
use std::path::Path;

use promptpal_domain::{
    ArticleId, AssetScore, DateOrigin, Exactness, LedgerState, ModelRef, Published, Sentiment, SeriesId,
    SourceId, Span, Timestamp,
};
use promptpal_store::{ArticleFilter, NewArticle, Page, Store, StoreOptions, UnsharedScore};
use sqlx::migrate::{Migration, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::fixtures::{HOUR, NOW, flat, page, series, span, workspace};

static MIGRATIONS: Migrator = sqlx::migrate!("../../../migrations");

/// Hours 0 to 9 without 2, 3 and 7, one candle at half past four; asked for were 0 to 5 and 9 to 11.
const DATA: &str = "
    INSERT INTO series (id, venue, symbol, interval, candle_count, gap_count, first_open, last_open)
    VALUES (1, 'binance', 'BTCUSDT', '1h', 8, 2, 0, 32400000), (2, 'simulated', 'ETHUSDT', '1M', 0, 0, NULL, NULL);
    INSERT INTO candles (series_id, open_time, open, high, low, close, volume)
    SELECT 1, value * 1800000, 1, 1, 1, 1, 1 FROM json_each('[0, 2, 8, 9, 10, 12, 16, 18]');
    INSERT INTO coverage VALUES (1, 0, 18000000), (1, 32400000, 39600000), (2, 1700000000000, 1706745600000);
    INSERT INTO corrections (series_id, open_time, revision, replaced_at, price_scale, volume_scale, quote_scale, open,
                             high, low, close, volume)
    VALUES (1, 0, 0, 5, 0, 0, 0, 2, 2, 2, 2, 2);
    INSERT INTO settings VALUES ('theme', '\"dark\"');
    INSERT INTO sources (id, kind, url, title) VALUES (1, 'feed', 'https://a.example/rss', 'A');
    INSERT INTO articles (id, source_id, guid, url, title, title_key, summary, status, text, published, first_seen)
    VALUES (1, 1, 'g1', 'http://www.a.example/x/', 'Bitcoin rallies', 'bitcoinrallies', '', 'full', 'A halving.', 5, 9),
           (2, 1, 'g2', 'https://a.example/y', 'Ether falls', 'etherfalls', 'Fees.', 'summary', '', NULL, 7);
    INSERT INTO article_assets VALUES (1, 'BTC', 1.0, 'name'), (1, 'ETH', 0.5, 'name');
    INSERT INTO models VALUES (1, 'm', 'aa');
    INSERT INTO article_scores VALUES (1, 1, 0.5, 0.25, 0.25, 9), (2, 1, 0.1, 0.2, 0.7, 9);
    INSERT INTO sentence_scores VALUES (1, 1, 0, 'Bitcoin rallies', 0.5, 0.25, 0.25, 0);";

async fn first_version(path: &Path) {
    let mut raw: SqliteConnection = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    let first: Vec<Migration> = MIGRATIONS.iter().filter(|m| m.version == 1).cloned().collect();
    Migrator::with_migrations(first).run(&mut raw).await.unwrap();
    sqlx::raw_sql(DATA).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
}

async fn ledger(store: &Store, id: SeriesId, span: Span) -> Vec<(i64, u64, Cow<'static, str>)> {
    let state = |state: LedgerState| match state {
        LedgerState::Present => Cow::from("present"),
        LedgerState::Pending => Cow::from("pending"),
        LedgerState::ExchangeAbsent(evidence) => {
            assert_eq!(
                (evidence.first_asked, evidence.last_asked, evidence.times),
                (NOW, NOW, 1)
            );
            Cow::from(format!("{} {}", evidence.source.as_str(), evidence.name))
        }
    };
    let found = store.ledger(id, span, 100).await.unwrap();
    found
        .into_iter()
        .map(|part| (part.span.from().millis(), part.openings, state(part.state)))
        .collect()
}

#[tokio::test]
async fn the_ledger_of_an_older_workspace_is_made_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    first_version(&path).await;
    let store = Store::open(&path, StoreOptions::default(), NOW).await.unwrap();
    store.integrity_check().await.unwrap();
    let hours = |from: i64, openings: u64, state: &'static str| (from * HOUR, openings, Cow::from(state));
    let id = SeriesId(1);
    assert_eq!(
        ledger(&store, id, span(0, 11 * HOUR)).await,
        [
            hours(0, 2, "present"),
            hours(2, 2, "rest binance"),
            hours(4, 3, "present"),
            hours(7, 1, "pending"),
            hours(8, 2, "present"),
            hours(10, 1, "rest binance"),
        ]
    );
    let found = store.series(id).await.unwrap();
    assert_eq!((found.rows, found.gaps, found.corrections), (8, 2, 1));
    assert_eq!((found.absent, found.pending), (3, 1));
    assert_eq!(found.wanted, Some(span(0, 11 * HOUR)));
    assert_eq!(store.setting("theme").await.unwrap(), Some("dark".into()));
    assert_eq!(store.sweeps(9).await.unwrap(), []);
    assert_eq!(
        ledger(&store, SeriesId(2), span(1_698_796_800_000, 1_709_251_200_000)).await,
        [
            (1_698_796_800_000, 1, Cow::from("pending")),
            (1_701_388_800_000, 2, Cow::from("simulation simulated")),
            (1_706_745_600_000, 1, Cow::from("pending")),
        ]
    );
    assert!(store.journal(id, 9).await.unwrap().is_empty());

    // From then on it is like any other: opening it again changes nothing, a page does what it does elsewhere.
    store.close().await.unwrap();
    let store = Store::open(&path, StoreOptions::default(), NOW.plus_millis(9))
        .await
        .unwrap();
    assert_eq!(store.series(id).await.unwrap(), found);
    let filled = page(vec![flat(7 * HOUR, "1", "1")], Some(span(5 * HOUR, 9 * HOUR)));
    store.put_page(id, filled, NOW).await.unwrap();
    let found = store.series(id).await.unwrap();
    assert_eq!(
        (found.rows, found.gaps, found.absent, found.pending),
        (9, 1, 3, 0)
    );
    assert_eq!(store.gaps(id, 9).await.unwrap().len(), 1);
    assert_eq!(store.coverage(id).await.unwrap(), [span(0, 11 * HOUR)]);
    assert_eq!(store.missing_spans(id, span(0, 11 * HOUR)).await.unwrap(), []);
}

#[tokio::test]
async fn the_articles_of_an_older_workspace_are_their_own_stories_until_compared() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    first_version(&path).await;
    let store = Store::open(&path, StoreOptions::default(), NOW).await.unwrap();
    store.integrity_check().await.unwrap();
    let (one, two) = (
        store.article(ArticleId(1)).await.unwrap(),
        store.article(ArticleId(2)).await.unwrap(),
    );
    let published = Published {
        at: Timestamp::from_millis(5),
        origin: DateOrigin::Feed,
        exactness: Exactness::Instant,
    };
    assert_eq!((one.published, two.published), (Some(published), None));
    assert_eq!((one.available_at.millis(), two.available_at.millis()), (9, 7));
    assert_eq!((one.story, one.repeats, one.read), (ArticleId(1), None, false));
    assert_eq!(one.assets.len(), 2);
    let waiting = store.articles_to_compare(9).await.unwrap();
    assert_eq!(waiting.iter().map(|a| a.id.0).collect::<Vec<_>>(), [2, 1]);
    let found = ArticleFilter {
        text: Some("halving".to_owned()),
        ..ArticleFilter::default()
    };
    assert_eq!(store.stories(&found).await.unwrap().len(), 1);
    // Its address is known in the form that new ones get.
    let again = NewArticle {
        guid: "other".to_owned(),
        url: "https://a.example/x".to_owned(),
        title: "Elsewhere".to_owned(),
        summary: String::new(),
        content: one.content,
        published: None,
        first_seen: NOW,
        backfill_delay_ms: None,
        assets: vec![],
    };
    assert!(
        store
            .put_feed_items(SourceId(1), vec![again])
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        std::fs::read_dir(folder.path()).unwrap().count() > 1,
        "a copy was made before"
    );
}

/// Scores stay and count with the whole until they have a share for each asset; what is about no asset needs none.
#[tokio::test]
async fn the_scores_of_an_older_workspace_wait_for_their_shares() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    first_version(&path).await;
    let store = Store::open(&path, StoreOptions::default(), NOW).await.unwrap();
    let model = ModelRef {
        id: "m".to_owned(),
        sha256: "aa".to_owned(),
    };
    let points = async |asset: &str| {
        let asset = asset.parse().unwrap();
        let points = store.sentiment_points(&asset, &model, Span::ALL).await.unwrap();
        points.iter().map(|point| point.score).collect::<Vec<_>>()
    };
    assert_eq!(
        (points("BTC").await, points("ETH").await),
        (vec![0.25], vec![0.25])
    );
    let waiting = store.unshared_scores(9).await.unwrap();
    let expected = UnsharedScore {
        article: ArticleId(1),
        model: model.clone(),
    };
    assert_eq!(waiting, [expected]);
    assert_eq!(
        store.sentence_scores(ArticleId(1), &model).await.unwrap().len(),
        1
    );
    let share = |asset: &str, positive: f64| AssetScore {
        asset: asset.parse().unwrap(),
        sentiment: Sentiment::new(positive, 0.0, 1.0 - positive).unwrap(),
        sentences: vec![0],
    };
    let shares = vec![share("BTC", 0.75), share("ETH", 0.5)];
    store
        .put_asset_scores(ArticleId(1), &model, shares)
        .await
        .unwrap();
    assert_eq!(
        (points("BTC").await, points("ETH").await),
        (vec![0.75], vec![0.5])
    );
    assert_eq!(store.unshared_scores(9).await.unwrap(), []);
    store.integrity_check().await.unwrap();
}

#[tokio::test]
async fn it_equals_the_ledger_that_was_kept_all_along() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    first_version(&path).await;
    let built = Store::open(&path, StoreOptions::default(), NOW).await.unwrap();
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let half_hours = [0, 2, 8, 9, 10, 12, 16, 18];
    let candles = half_hours.map(|half| flat(half * HOUR / 2, "1", "1")).to_vec();
    let mut asked = page(candles, Some(span(0, 5 * HOUR)));
    asked.name = "binance".to_owned();
    let more = Page {
        candles: vec![],
        asked: Some(span(9 * HOUR, 11 * HOUR)),
        ..asked.clone()
    };
    for page in [asked, more] {
        w.store.put_page(id, page, NOW).await.unwrap();
    }
    w.store.want(id, span(0, 11 * HOUR)).await.unwrap();
    let (mut kept, made) = (
        w.store.series(id).await.unwrap(),
        built.series(SeriesId(1)).await.unwrap(),
    );
    (kept.id, kept.corrections) = (made.id, 1);
    assert_eq!(kept, made);
    let all = span(0, 20 * HOUR);
    assert_eq!(
        w.store.ledger(id, all, 99).await.unwrap(),
        built.ledger(SeriesId(1), all, 99).await.unwrap()
    );
    assert_eq!(
        w.store.gaps(id, 99).await.unwrap(),
        built.gaps(SeriesId(1), 99).await.unwrap()
    );
}
