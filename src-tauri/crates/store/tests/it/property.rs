//! Any batches in any order: the figures kept in the series equal those counted from the candles, and the coverage
//! equals the union of what was asked.

use std::collections::BTreeMap;

use promptpal_domain::{Candle, Span};
use proptest::prelude::*;

use crate::fixtures::{NOW, at, flat, key, span, workspace};

const MINUTE: i64 = 60_000;

#[derive(Clone, Debug)]
struct Batch {
    candles: Vec<(i64, u32)>,
    asked: Option<(i64, i64)>,
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let candle = (0_i64..40, 1_u32..4);
    let asked = proptest::option::of((0_i64..40, 0_i64..15).prop_map(|(from, length)| (from, from + length)));
    let batch = (proptest::collection::vec(candle, 0..12), asked);
    proptest::collection::vec(batch.prop_map(|(candles, asked)| Batch { candles, asked }), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_tells_the_truth(batches in batches()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(batches));
    }
}

async fn check(batches: Vec<Batch>) {
    let w = workspace().await;
    let id = w.store.ensure_series(&key("BTCUSDT", "1m")).await.unwrap();
    let mut expected: BTreeMap<i64, Candle> = BTreeMap::new();
    let mut asked = [false; 80];
    let (mut inserted, mut corrections) = (0, 0);
    for batch in batches {
        let candles: Vec<Candle> = batch
            .candles
            .iter()
            .map(|(minute, cents)| {
                flat(
                    minute * MINUTE,
                    &format!("1.{cents:0>width$}", width = *cents as usize),
                    "1",
                )
            })
            .collect();
        let mut in_order = candles.clone();
        in_order.sort_by_key(|candle| candle.open_time);
        for candle in in_order {
            let before = expected.insert(candle.open_time.millis(), candle.clone());
            inserted += u64::from(before.is_none());
            corrections += u64::from(before.is_some_and(|before| before != candle));
        }
        let span = batch.asked.map(|(from, to)| span(from * MINUTE, to * MINUTE));
        if let Some((from, to)) = batch.asked {
            asked[from as usize..to as usize].fill(true);
        }
        w.store.put_candles(id, candles, span, NOW).await.unwrap();
    }
    let stored = w.store.candles(id, Span::ALL, 1000).await.unwrap();
    assert_eq!(stored, expected.values().cloned().collect::<Vec<_>>());
    assert_eq!(
        w.store.corrections(id, 1000).await.unwrap().len() as u64,
        corrections
    );
    let series = w.store.series(id).await.unwrap();
    let bars = w.store.bars(id, Span::ALL).await.unwrap();
    assert_eq!(series.rows, inserted);
    assert_eq!(series.gaps, bars.gap_count() as u64);
    assert_eq!(series.gaps, w.store.gaps(id, 1000).await.unwrap().len() as u64);
    assert_eq!(
        series.first_last,
        stored
            .first()
            .zip(stored.last())
            .map(|(a, b)| (a.open_time, b.open_time))
    );

    let coverage = w.store.coverage(id).await.unwrap();
    let missing = w.store.missing_spans(id, span(0, 60 * MINUTE)).await.unwrap();
    for minute in 0..60 {
        let now = at(minute * MINUTE);
        assert_eq!(
            coverage.iter().any(|c| c.contains(now)),
            asked[minute as usize],
            "minute {minute}"
        );
        let accounted = asked[minute as usize] || expected.contains_key(&now.millis());
        assert_eq!(
            missing.iter().any(|m| m.contains(now)),
            !accounted,
            "minute {minute}"
        );
    }
    assert!(coverage.windows(2).all(|pair| pair[0].to() < pair[1].from()));
}
