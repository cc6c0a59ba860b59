//! The sentiment of a past moment does not change when later articles arrive, in whatever order they were published, and however late
//! within the delay that is stated they are scored.

use promptpal_domain::{SentimentPoint, Span};
use promptpal_store::{ArticleScores, Store};
use proptest::prelude::*;

use crate::fixtures::{NOW, Workspace, workspace};
use crate::news_fixtures::{item, model, said, sentiment, source, stated, whole};

const HOUR: i64 = 3_600_000;

/// An article as it comes: some time after the one before, published before it came or a little later, on one of a few stories.
#[derive(Clone, Debug)]
struct Arrival {
    gap_ms: i64,
    /// How long before its score it was seen.
    late_ms: i64,
    published_before_ms: Option<i64>,
    headline: usize,
    positive: f64,
}

fn arrivals() -> impl Strategy<Value = Vec<Arrival>> {
    let arrival = (
        prop_oneof![Just(0_i64), 1..2 * SentimentPoint::SCORING_DELAY_MS, 1..30 * HOUR],
        0..=SentimentPoint::SCORING_DELAY_MS,
        proptest::option::of(-HOUR..60 * HOUR),
        0_usize..5,
        0.0..1.0,
    );
    let arrival = arrival.prop_map(
        |(gap_ms, late_ms, published_before_ms, headline, positive)| Arrival {
            gap_ms,
            late_ms,
            published_before_ms,
            headline,
            positive,
        },
    );
    proptest::collection::vec(arrival, 2..14)
}

/// Of both assets that the articles are about; the scores of the second are the opposite of those of the first.
async fn points(store: &Store) -> Vec<SentimentPoint> {
    let mut points = Vec::new();
    for asset in ["BTC", "ETH"] {
        let asset = asset.parse().unwrap();
        let of_asset = store.sentiment_points(&asset, &model("m"), Span::ALL).await;
        points.extend(of_asset.unwrap());
    }
    points
}

async fn check(arrivals: Vec<Arrival>) {
    let w: Workspace = workspace().await;
    let source = source(&w.store).await;
    let mut now = NOW.millis();
    let mut seen: Vec<SentimentPoint> = Vec::new();
    for (number, arrival) in arrivals.iter().enumerate() {
        now += arrival.gap_ms;
        // What was known before this moment.
        let before: Vec<SentimentPoint> = seen
            .iter()
            .copied()
            .filter(|p| p.available_at.millis() < now)
            .collect();
        let mut article = item(
            &number.to_string(),
            &format!("Headline {}", arrival.headline),
            now - arrival.late_ms,
        );
        let seen_at = now - arrival.late_ms;
        article.published = arrival.published_before_ms.map(|before| stated(seen_at - before));
        for id in w.store.put_feed_items(source, vec![article]).await.unwrap() {
            let (good, bad) = (arrival.positive, 1.0 - arrival.positive);
            let scores = ArticleScores {
                assets: vec![
                    said("BTC", sentiment(good, bad), &[0]),
                    said("ETH", sentiment(bad, good), &[1]),
                ],
                ..whole(sentiment(0.0, 0.0))
            };
            w.store.put_scores(id, &model("m"), scores, NOW).await.unwrap();
        }
        seen = points(&w.store).await;
        let after: Vec<SentimentPoint> = seen
            .iter()
            .copied()
            .filter(|p| p.available_at.millis() < now)
            .collect();
        assert_eq!(after, before, "arrival {number} of {arrivals:?}");
    }
    let (of_btc, of_eth) = seen.split_at(seen.len() / 2);
    assert!(!of_btc.is_empty() && of_btc.len() == of_eth.len());
    for (btc, eth) in of_btc.iter().zip(of_eth) {
        assert!((btc.score + eth.score).abs() < 1e-12, "{btc:?} {eth:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn later_articles_leave_the_past_alone(arrivals in arrivals()) {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(check(arrivals));
    }
}
