//! Sealed stretches: the same bars as from rows, dropped by writes, made again, survived when damaged.

use promptpal_domain::{Bars, Candle, SeriesId, Span, Timestamp};
use promptpal_store::{ColumnCheck, Store};
use proptest::prelude::*;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::fixtures::{HOUR, NOW, at, d, flat, key, page, series, span, time, workspace};

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * HOUR;
/// A present in which every day of these tests is past.
const LATER: Timestamp = Timestamp::from_millis(100 * DAY);

/// Candles with all their numbers, a different one each minute.
fn walk(minutes: std::ops::Range<i64>) -> Vec<Candle> {
    minutes
        .map(|minute| {
            let noise = (minute * 7919 + 13) % 1009;
            let price = |cents: i64| {
                d(&format!(
                    "{}.{:02}",
                    650 + (noise + cents) / 100,
                    (noise + cents) % 100
                ))
            };
            Candle {
                open: price(0),
                high: price(90),
                low: d("600.5"),
                close: price(40),
                quote_volume: Some(d(&format!("{}.{:08}", noise + 1, noise * 99_991 % 100_000_000))),
                trades: Some(noise),
                taker_base_volume: Some(d("0.5")),
                taker_quote_volume: (minute % 3 > 0).then(|| d("1.25")),
                ..flat(minute * MINUTE, "1", &format!("{noise}.{:05}", noise * 31))
            }
        })
        .collect()
}

async fn sql(store: &Store, statement: &str) -> Vec<i64> {
    let mut raw = SqliteConnectOptions::new()
        .filename(store.path())
        .connect()
        .await
        .unwrap();
    let rows = sqlx::query_scalar(AssertSqlSafe(statement))
        .fetch_all(&mut raw)
        .await
        .unwrap();
    raw.close().await.unwrap();
    rows
}

async fn sealed(store: &Store) -> Vec<i64> {
    sql(store, "SELECT from_ms FROM candle_columns ORDER BY from_ms").await
}

async fn bars(store: &Store, id: SeriesId, span: Span) -> Bars {
    store.bars(id, span).await.unwrap()
}

async fn whole(store: &Store, id: SeriesId) -> Bars {
    bars(store, id, Span::ALL).await
}

#[tokio::test]
async fn seals_what_is_complete_and_past() {
    let w = workspace().await;
    let id = w.store.ensure_series(&key("BTCUSDT", "1m")).await.unwrap();
    let mut candles = walk(100..5 * 1440);
    // Day 1 has a hole that was asked for, day 2 one that was not.
    candles.retain(|candle| ![1500, 3000].contains(&(candle.open_time.millis() / MINUTE)));
    let before = span(0, 3000 * MINUTE);
    let rows = {
        w.store
            .put_page(id, page(candles.clone(), Some(before)), NOW)
            .await
            .unwrap();
        whole(&w.store, id).await
    };
    // The last day ended less than an hour ago.
    let now = at(5 * DAY + HOUR - 1);
    assert_eq!(w.store.seal(id, now).await.unwrap(), 3);
    assert_eq!(sealed(&w.store).await, [0, DAY, 3 * DAY]);
    assert_eq!(w.store.seal(id, now).await.unwrap(), 0);
    assert_eq!(w.store.seal(id, at(5 * DAY + HOUR)).await.unwrap(), 1);
    assert_eq!(whole(&w.store, id).await, rows);
    let check = ColumnCheck {
        checked: 4,
        dropped: vec![],
    };
    assert_eq!(w.store.verify_columns(id).await.unwrap(), check);
    assert_eq!(w.store.candles(id, Span::ALL, 10_000).await.unwrap(), candles);

    // Asked for, the last hole is known, and its day sealed.
    w.store
        .put_page(id, page(vec![], Some(span(3000 * MINUTE, 3001 * MINUTE))), NOW)
        .await
        .unwrap();
    assert_eq!(w.store.seal(id, LATER).await.unwrap(), 1);
    assert_eq!(whole(&w.store, id).await, rows);
    let size = w.store.series_bytes(id).await.unwrap();
    w.store.drop_columns(id).await.unwrap();
    assert!(sealed(&w.store).await.is_empty());
    assert!(w.store.series_bytes(id).await.unwrap() < size);
    assert_eq!(whole(&w.store, id).await, rows);
}

#[tokio::test]
async fn a_write_drops_what_it_touches() {
    let w = workspace().await;
    let id = w.store.ensure_series(&key("BTCUSDT", "1m")).await.unwrap();
    let mut candles = walk(0..4 * 1440);
    let missing = candles.remove(2000);
    let all = Some(span(0, 4 * DAY));
    let put =
        async |candles: Vec<Candle>, asked| w.store.put_page(id, page(candles, asked), NOW).await.unwrap();
    put(candles.clone(), all).await;
    assert_eq!(w.store.seal(id, LATER).await.unwrap(), 4);
    // The same again, and a page without candles, change nothing.
    put(candles[..100].to_vec(), all).await;
    put(vec![], Some(span(9 * DAY, 10 * DAY))).await;
    assert_eq!(sealed(&w.store).await, [0, DAY, 2 * DAY, 3 * DAY]);
    // A late candle in the second day, a correction in the last.
    put(vec![missing.clone()], None).await;
    assert_eq!(sealed(&w.store).await, [0, 2 * DAY, 3 * DAY]);
    let corrected = Candle {
        volume: d("7"),
        ..candles[4 * 1440 - 2].clone()
    };
    put(vec![corrected.clone()], None).await;
    assert_eq!(sealed(&w.store).await, [0, 2 * DAY]);
    let bars = whole(&w.store, id).await;
    assert_eq!(bars.len(), 4 * 1440);
    assert_eq!(
        (bars.open_time[2000], bars.volume[4 * 1440 - 1]),
        (2000 * MINUTE, 7.0)
    );
    assert_eq!(w.store.seal(id, LATER).await.unwrap(), 2);
    assert_eq!(whole(&w.store, id).await, bars);
    // Finer numbers rescale all of the series.
    put(vec![flat(5 * DAY, "0.123456789", "1")], None).await;
    assert!(sealed(&w.store).await.is_empty());
    assert_eq!(w.store.seal(id, LATER).await.unwrap(), 5);
    let finer = self::bars(&w.store, id, span(0, 4 * DAY)).await;
    assert_eq!((finer.price_scale, finer.close), (9, bars.close));
    w.store.delete_series(id).await.unwrap();
    assert!(sealed(&w.store).await.is_empty());
}

#[tokio::test]
async fn a_stretch_is_a_day_a_month_or_a_year() {
    let w = workspace().await;
    let check = async |interval: &str, from: &str, to: &str, expected: &[&str]| {
        let id = series(&w.store, interval).await;
        let (step, to) = (interval.parse::<promptpal_domain::Interval>().unwrap(), time(to));
        let mut candles = Vec::new();
        let mut open = time(from);
        while open < to {
            candles.push(flat(open.millis(), "1.5", "2"));
            open = step.next(open);
        }
        w.store.put_page(id, page(candles, None), NOW).await.unwrap();
        let rows = whole(&w.store, id).await;
        let made = w.store.seal(id, time("2024-02-10")).await.unwrap();
        assert_eq!(made, expected.len() as u64, "{interval}");
        let found = sql(
            &w.store,
            &format!(
                "SELECT from_ms FROM candle_columns WHERE series_id = {} ORDER BY from_ms",
                id.0
            ),
        )
        .await;
        let expected: Vec<i64> = expected.iter().map(|text| time(text).millis()).collect();
        assert_eq!(found, expected, "{interval}");
        assert_eq!(whole(&w.store, id).await, rows, "{interval}");
    };
    check(
        "1s",
        "2024-02-08T23:00:00Z",
        "2024-02-10T00:00:00Z",
        &["2024-02-08"],
    )
    .await;
    check("30m", "2023-12-20", "2024-02-10", &["2023-12-01", "2024-01-01"]).await;
    check("4h", "2022-11-01", "2024-02-10", &["2022-01-01", "2023-01-01"]).await;
    check("1d", "2020-01-01", "2024-02-10", &[]).await;
}

#[tokio::test]
async fn damaged_columns_are_taken_from_rows() {
    let w = workspace().await;
    let id = w.store.ensure_series(&key("BTCUSDT", "1m")).await.unwrap();
    w.store
        .put_page(id, page(walk(0..3 * 1440), None), NOW)
        .await
        .unwrap();
    let rows = whole(&w.store, id).await;
    assert_eq!(w.store.seal(id, LATER).await.unwrap(), 3);
    sql(
        &w.store,
        &format!("UPDATE candle_columns SET bars = substr(bars, 1, 90) WHERE from_ms = {DAY} RETURNING 1"),
    )
    .await;
    assert_eq!(whole(&w.store, id).await, rows);
    let check = w.store.verify_columns(id).await.unwrap();
    assert_eq!((check.checked, check.dropped), (3, vec![span(DAY, 2 * DAY)]));
    // Of another format than this version's: as if it were not there.
    sql(
        &w.store,
        "UPDATE candle_columns SET format = 99 WHERE from_ms = 0 RETURNING 1",
    )
    .await;
    assert_eq!(whole(&w.store, id).await, rows);
    assert_eq!(w.store.seal(id, LATER).await.unwrap(), 2);
    assert_eq!(whole(&w.store, id).await, rows);
}

/// So many that several transactions read them and two threads decode each.
#[tokio::test]
async fn a_damaged_day_among_many_is_taken_from_rows_wherever_it_is() {
    const DAYS: i64 = 80;
    let w = workspace().await;
    let id = w.store.ensure_series(&key("BTCUSDT", "1m")).await.unwrap();
    w.store
        .put_page(id, page(walk(0..DAYS * 1440), None), NOW)
        .await
        .unwrap();
    let rows = whole(&w.store, id).await;
    assert_eq!(w.store.seal(id, LATER).await.unwrap(), DAYS as u64);
    assert_eq!(whole(&w.store, id).await, rows);
    for day in [78, 70, 60, 3, 0] {
        let damage = format!(
            "UPDATE candle_columns SET bars = substr(bars, 1, 90) WHERE from_ms = {} RETURNING 1",
            day * DAY
        );
        sql(&w.store, &damage).await;
        assert_eq!(whole(&w.store, id).await, rows, "day {day}");
    }
}

#[derive(Clone, Debug)]
struct Case {
    /// What opens, in half minutes: every other one is off the grid.
    opens: Vec<i64>,
    price: u8,
    spans: Vec<(i64, i64)>,
}

fn cases() -> impl Strategy<Value = Case> {
    let half_days = 6_i64 * 2880 / 24;
    let opens = proptest::collection::btree_set(0..half_days * 4, 1..300);
    let spans = proptest::collection::vec((0..half_days * 4, 0..half_days * 2), 1..6);
    (opens, 0_u8..17, spans).prop_map(|(opens, price, spans)| Case {
        opens: opens.into_iter().collect(),
        price,
        spans,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn columns_read_as_rows_do(case in cases()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check(case));
    }
}

async fn check(case: Case) {
    const HALF: i64 = MINUTE / 2;
    let w = workspace().await;
    let id = w.store.ensure_series(&key("BTCUSDT", "1m")).await.unwrap();
    let digits = usize::from(case.price);
    let candles: Vec<Candle> = case
        .opens
        .iter()
        .map(|half| {
            let price = if digits == 0 {
                "8".to_owned()
            } else {
                format!("7.{:0>digits$}", half % 10)
            };
            Candle {
                high: d("9.5"),
                low: d("0.5"),
                close: d("3"),
                ..flat(half * HALF, &price, &half.to_string())
            }
        })
        .collect();
    let end = case.opens.last().copied().unwrap_or(0) * HALF + DAY;
    w.store
        .put_page(id, page(candles, Some(span(0, end))), NOW)
        .await
        .unwrap();
    let mut spans = vec![Span::ALL];
    spans.extend(
        case.spans
            .iter()
            .map(|(from, length)| span(from * HALF, (from + length) * HALF)),
    );
    let mut rows = Vec::new();
    for span in &spans {
        rows.push(bars(&w.store, id, *span).await);
    }
    assert!(w.store.seal(id, at(end + 2 * DAY)).await.unwrap() > 0);
    for (span, expected) in spans.iter().zip(rows) {
        assert_eq!(bars(&w.store, id, *span).await, expected, "{span}");
    }
    assert!(w.store.verify_columns(id).await.unwrap().dropped.is_empty());
}
