//! Candles: exactness, repetition, corrections, gaps, coverage.

use promptpal_domain::{CandleSource, Decimal, Evidence, Gap, GapReason, Span};
use promptpal_store::StoreError;

use crate::fixtures::{HOUR, NOW, at, d, flat, full, key, page, series, span, time, workspace};

#[tokio::test]
async fn keeps_every_number_as_it_is() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let candles = vec![full(0), full(HOUR), flat(2 * HOUR, "16888.9", "0")];
    let stored = w
        .store
        .put_page(id, page(candles.clone(), None), NOW)
        .await
        .unwrap();
    assert_eq!((stored.inserted, stored.unchanged, stored.corrected), (3, 0, 0));
    assert_eq!(stored.span, Some(span(0, 3 * HOUR)));
    assert_eq!(w.store.candles(id, Span::ALL, 10).await.unwrap(), candles);

    let found = w.store.find_series(&key("BTCUSDT", "1h")).await.unwrap().unwrap();
    assert_eq!(
        (
            found.id,
            found.price_scale,
            found.volume_scale,
            found.rows,
            found.gaps
        ),
        (id, 2, 5, 3, 0)
    );
    assert_eq!(found.first_last, Some((at(0), at(2 * HOUR))));
    assert_eq!(w.store.list_series().await.unwrap(), [found]);
    assert_eq!(w.store.find_series(&key("BTCUSDT", "1d")).await.unwrap(), None);
}

#[tokio::test]
async fn bars_are_the_nearest_floats() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let prices = [
        "0.1",
        "0.30000001",
        "67745.75",
        "123456789.12345678",
        "9000000000.00000001",
    ];
    let candles = (0..)
        .zip(prices)
        .map(|(i, price)| flat(i * HOUR, price, price))
        .collect();
    w.store.put_page(id, page(candles, None), NOW).await.unwrap();
    let bars = w.store.bars(id, Span::ALL).await.unwrap();
    let expected: Vec<f64> = prices.iter().map(|price| price.parse().unwrap()).collect();
    assert_eq!((&bars.close, &bars.volume), (&expected, &expected));
    assert_eq!((bars.price_scale, bars.volume_scale), (8, 8));

    let last = w.store.last_bars(id, None, 2).await.unwrap();
    assert_eq!(last.open_time, [3 * HOUR, 4 * HOUR]);
    let before = w.store.last_bars(id, Some(at(3 * HOUR)), 2).await.unwrap();
    assert_eq!(before.open_time, [HOUR, 2 * HOUR]);
    assert_eq!(
        w.store.bars(id, span(HOUR, 3 * HOUR)).await.unwrap().open_time,
        [HOUR, 2 * HOUR]
    );
    assert!(
        w.store
            .bars(id, span(90 * HOUR, 99 * HOUR))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn reads_more_than_a_page() {
    let w = workspace().await;
    let id = series(&w.store, "1m").await;
    let candles: Vec<_> = (0..120_001).map(|i| flat(i * 60_000, "1.5", "2")).collect();
    w.store.put_page(id, page(candles, None), NOW).await.unwrap();
    let bars = w.store.bars(id, Span::ALL).await.unwrap();
    assert_eq!((bars.len(), bars.gap_count()), (120_001, 0));
}

#[tokio::test]
async fn the_same_again_changes_nothing() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let candles: Vec<_> = (0..1000).map(|i| full(i * HOUR)).collect();
    w.store
        .put_page(id, page(candles.clone(), Some(span(0, 1000 * HOUR))), NOW)
        .await
        .unwrap();
    let again = w
        .store
        .put_page(id, page(candles, Some(span(0, 1000 * HOUR))), NOW)
        .await
        .unwrap();
    assert_eq!(
        (again.inserted, again.unchanged, again.corrected, again.span),
        (0, 1000, 0, None)
    );
    assert_eq!(w.store.coverage(id).await.unwrap(), [span(0, 1000 * HOUR)]);
}

#[tokio::test]
async fn a_correction_keeps_the_old_numbers() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    w.store
        .put_page(
            id,
            page(vec![flat(0, "1.5", "1"), flat(HOUR, "1.5", "1")], None),
            NOW,
        )
        .await
        .unwrap();
    let later = NOW.plus_millis(5);
    let stored = w
        .store
        .put_page(
            id,
            page(vec![flat(HOUR, "1.6", "1"), full(2 * HOUR)], None),
            later,
        )
        .await
        .unwrap();
    assert_eq!((stored.inserted, stored.unchanged, stored.corrected), (1, 0, 1));
    assert_eq!(stored.span, Some(span(HOUR, 3 * HOUR)));
    w.store
        .put_page(id, page(vec![flat(HOUR, "1.7", "1")], None), later.plus_millis(1))
        .await
        .unwrap();

    let corrections = w.store.corrections(id, 10).await.unwrap();
    let seen: Vec<_> = corrections
        .iter()
        .map(|c| (c.revision, c.candle.close, c.replaced_at))
        .collect();
    assert_eq!(seen, [(1, d("1.6"), later.plus_millis(1)), (0, d("1.5"), later)]);
    assert_eq!(
        w.store.candles(id, span(HOUR, 2 * HOUR), 9).await.unwrap(),
        [flat(HOUR, "1.7", "1")]
    );
}

#[tokio::test]
async fn of_two_candles_with_one_opening_the_later_corrects() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let batch = vec![
        flat(HOUR, "2", "1"),
        flat(0, "1", "1"),
        flat(HOUR, "3", "1"),
        flat(0, "1.0", "1"),
    ];
    let stored = w.store.put_page(id, page(batch, None), NOW).await.unwrap();
    assert_eq!((stored.inserted, stored.unchanged, stored.corrected), (2, 1, 1));
    assert_eq!(w.store.bars(id, Span::ALL).await.unwrap().close, [1.0, 3.0]);
    assert_eq!(w.store.corrections(id, 9).await.unwrap().len(), 1);
}

#[tokio::test]
async fn finer_numbers_widen_the_series() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    w.store
        .put_page(id, page(vec![flat(0, "41844.26000000", "3.00")], None), NOW)
        .await
        .unwrap();
    let scales = async || {
        let found = w.store.series(id).await.unwrap();
        (found.price_scale, found.volume_scale)
    };
    assert_eq!(scales().await, (2, 0));
    w.store
        .put_page(id, page(vec![flat(HOUR, "0.00000001", "0.5")], None), NOW)
        .await
        .unwrap();
    assert_eq!(scales().await, (8, 1));
    let candles = w.store.candles(id, Span::ALL, 9).await.unwrap();
    assert_eq!(
        candles,
        [flat(0, "41844.26", "3"), flat(HOUR, "0.00000001", "0.5")]
    );

    // What no longer fits is refused, and nothing of the batch is kept.
    let check = async |price: &str, volume: &str| {
        let batch = vec![flat(2 * HOUR, "1", "1"), flat(3 * HOUR, price, volume)];
        let refused = w
            .store
            .put_page(id, page(batch, Some(span(0, 9 * HOUR))), NOW)
            .await;
        assert!(
            matches!(refused, Err(StoreError::DoesNotFit { .. })),
            "{price} {volume}: {refused:?}"
        );
        assert_eq!(scales().await, (8, 1));
        assert_eq!(w.store.series(id).await.unwrap().rows, 2);
        assert!(w.store.coverage(id).await.unwrap().is_empty());
    };
    check("900000000000", "1").await; // more than 63 bits at 8 decimals
    check("0.0000000000000001", "1").await; // the first candle no longer fits at 16 decimals
    assert_eq!(Decimal::new(i64::MAX, 0).units_at(0), Ok(i64::MAX));
}

#[tokio::test]
async fn finds_gaps_and_says_why() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let hours = [0, 1, 4, 5, 9];
    let candles = hours.iter().map(|h| flat(h * HOUR, "1", "1")).collect();
    w.store
        .put_page(id, page(candles, Some(span(0, 5 * HOUR))), NOW)
        .await
        .unwrap();
    let gap = |from, to, missing, reason: &GapReason| Gap {
        span: span(from * HOUR, to * HOUR),
        missing,
        reason: reason.clone(),
    };
    let asked = |first, last, times| {
        GapReason::ExchangeAbsent(Evidence {
            source: CandleSource::Rest,
            name: "api.example".to_owned(),
            sha256: None,
            first_asked: first,
            last_asked: last,
            times,
        })
    };
    let (none, open) = (&asked(NOW, NOW, 1), &GapReason::Pending);
    assert_eq!(
        w.store.gaps(id, 10).await.unwrap(),
        [gap(2, 4, 2, none), gap(6, 9, 3, open)]
    );
    assert_eq!(w.store.gaps(id, 1).await.unwrap(), [gap(2, 4, 2, none)]);
    assert_eq!(w.store.series(id).await.unwrap().gaps, 2);

    // A gap is asked for in two parts, filled, and split.
    let later = NOW.plus_millis(7);
    w.store
        .put_page(
            id,
            page(vec![flat(7 * HOUR, "1", "1")], Some(span(3 * HOUR, 8 * HOUR))),
            later,
        )
        .await
        .unwrap();
    // The first gap was asked for again, but only in part: the whole of it is known since the first time.
    let again = &asked(later, later, 1);
    assert_eq!(
        w.store.gaps(id, 10).await.unwrap(),
        [gap(2, 4, 2, none), gap(6, 7, 1, again), gap(8, 9, 1, open)]
    );
    w.store
        .put_page(id, page(vec![], Some(span(0, 9 * HOUR))), later)
        .await
        .unwrap();
    assert_eq!(
        w.store.gaps(id, 10).await.unwrap(),
        [
            gap(2, 4, 2, &asked(NOW, later, 2)),
            gap(6, 7, 1, &asked(later, later, 2)),
            gap(8, 9, 1, again)
        ]
    );
    assert_eq!(w.store.coverage(id).await.unwrap(), [span(0, 9 * HOUR)]);
    w.store
        .put_page(id, page(vec![flat(8 * HOUR, "1", "1")], None), NOW)
        .await
        .unwrap();
    assert_eq!(w.store.series(id).await.unwrap().gaps, 2);
}

#[tokio::test]
async fn gaps_follow_the_calendar() {
    let w = workspace().await;
    let check = async |interval: &str, opens: &[&str], expected: &[(&str, &str, u64)]| {
        let id = series(&w.store, interval).await;
        let candles = opens
            .iter()
            .map(|open| flat(time(open).millis(), "1", "1"))
            .collect();
        w.store.put_page(id, page(candles, None), NOW).await.unwrap();
        let gaps: Vec<_> = w.store.gaps(id, 9).await.unwrap();
        let seen: Vec<_> = gaps
            .iter()
            .map(|g| (g.span.from(), g.span.to(), g.missing))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(from, to, n)| (time(from), time(to), *n))
            .collect();
        assert_eq!(seen, expected, "{interval}");
        let bars = w.store.bars(id, Span::ALL).await.unwrap();
        assert_eq!(bars.gap_count(), expected.len(), "{interval}");
        assert_eq!(
            w.store.series(id).await.unwrap().gaps,
            expected.len() as u64,
            "{interval}"
        );
    };
    let months = [
        "1969-11-01",
        "1969-12-01",
        "1970-01-01",
        "2023-12-01",
        "2024-01-01",
        "2024-02-01",
        "2024-04-01",
    ];
    check(
        "1M",
        &months,
        &[("1970-02-01", "2023-12-01", 646), ("2024-03-01", "2024-04-01", 1)],
    )
    .await;
    check(
        "1w",
        &["1969-12-22", "1969-12-29", "1970-01-05", "1970-01-19"],
        &[("1970-01-12", "1970-01-19", 1)],
    )
    .await;
    check(
        "3d",
        &["1970-01-01", "1970-01-04", "1970-01-10"],
        &[("1970-01-07", "1970-01-10", 1)],
    )
    .await;
    // A candle off the grid hides no neighbour and makes no hole of its own.
    check(
        "1h",
        &[
            "2024-01-01T00:00:00Z",
            "2024-01-01T01:30:00Z",
            "2024-01-01T02:00:00Z",
        ],
        &[("2024-01-01T01:00:00Z", "2024-01-01T01:30:00Z", 1)],
    )
    .await;
}

#[tokio::test]
async fn asks_only_for_what_is_missing() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    assert_eq!(
        w.store.missing_spans(id, span(0, 9 * HOUR)).await.unwrap(),
        [span(0, 9 * HOUR)]
    );
    assert_eq!(w.store.missing_spans(id, Span::ALL).await.unwrap(), [Span::ALL]);
    // Imported from a file: nothing was asked.
    w.store
        .put_page(
            id,
            page([2, 3, 5].map(|h| flat(h * HOUR, "1", "1")).into(), None),
            NOW,
        )
        .await
        .unwrap();
    let check = async |from: i64, to: i64, expected: &[(i64, i64)]| {
        let missing = w.store.missing_spans(id, span(from, to)).await.unwrap();
        let expected: Vec<_> = expected.iter().map(|(a, b)| span(*a, *b)).collect();
        assert_eq!(missing, expected, "{from} to {to}");
    };
    check(
        0,
        9 * HOUR,
        &[(0, 2 * HOUR), (4 * HOUR, 5 * HOUR), (6 * HOUR, 9 * HOUR)],
    )
    .await;
    check(2 * HOUR, 4 * HOUR, &[]).await;
    check(HOUR, HOUR, &[]).await;
    w.store
        .put_page(id, page(vec![], Some(span(HOUR, 7 * HOUR))), NOW)
        .await
        .unwrap();
    check(0, 9 * HOUR, &[(0, HOUR), (7 * HOUR, 9 * HOUR)]).await;
    // No candle opens between half past and the full hour.
    w.store
        .put_page(id, page(vec![], Some(span(7 * HOUR, 8 * HOUR + HOUR / 2))), NOW)
        .await
        .unwrap();
    check(2 * HOUR, 9 * HOUR, &[]).await;
    check(2 * HOUR, 9 * HOUR + 1, &[(8 * HOUR + HOUR / 2, 9 * HOUR + 1)]).await;

    let months = w.store.ensure_series(&key("ETHUSDT", "1M")).await.unwrap();
    w.store
        .put_page(
            months,
            page(vec![flat(time("2024-01-01").millis(), "1", "1")], None),
            NOW,
        )
        .await
        .unwrap();
    let missing = w.store.missing_spans(months, Span::ALL).await.unwrap();
    assert_eq!(missing[0].to(), time("2024-01-01"));
    assert_eq!(missing[1].from(), time("2024-02-01"));
}

#[tokio::test]
async fn a_deleted_series_is_gone_with_everything() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    w.store
        .put_page(id, page(vec![full(0)], Some(span(0, HOUR))), NOW)
        .await
        .unwrap();
    w.store
        .put_page(id, page(vec![flat(0, "1", "1")], None), NOW)
        .await
        .unwrap();
    w.store.delete_series(id).await.unwrap();
    assert!(matches!(
        w.store.series(id).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(matches!(
        w.store.delete_series(id).await,
        Err(StoreError::NotFound { .. })
    ));
    let refused = w.store.put_page(id, page(vec![full(0)], None), NOW).await;
    assert!(matches!(refused, Err(StoreError::NotFound { .. })));
    assert!(w.store.corrections(id, 9).await.unwrap().is_empty());
    assert!(w.store.coverage(id).await.unwrap().is_empty());
    w.store.integrity_check().await.unwrap();
}
