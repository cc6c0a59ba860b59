//! Pages put together leave the tables as the same pages put one by one, whatever they hold.

use promptpal_domain::{CandleSource, SeriesId, Span, Timestamp};
use promptpal_store::{Page, Store};
use proptest::prelude::*;

use crate::fixtures::{NOW, Workspace, flat, key, page_of, span, workspace};
use crate::property::{blocking, dump};

const MINUTE: i64 = 60_000;
const SYMBOLS: [&str; 3] = ["AAAUSDT", "BBBUSDT", "CCCUSDT"];

/// What the next page of a series is like: mostly the candles that follow the last one.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Next,
    /// Begins this many minutes before or behind where the next one would.
    Off(i64),
    /// Needs two more decimals.
    Finer,
    /// Says that the minutes behind its candles were asked for.
    Asked,
    Rest,
    /// Opens inside a minute.
    OffGrid,
    Empty,
}

#[derive(Clone, Copy, Debug)]
struct Part {
    series: usize,
    kind: Kind,
    count: i64,
    price: u32,
}

fn parts() -> impl Strategy<Value = Vec<Vec<Part>>> {
    let kind = prop_oneof![
        12 => Just(Kind::Next),
        2 => (-3_i64..4).prop_map(Kind::Off),
        1 => Just(Kind::Finer),
        1 => Just(Kind::Asked),
        1 => Just(Kind::Rest),
        1 => Just(Kind::OffGrid),
        1 => Just(Kind::Empty),
    ];
    let part = (0..SYMBOLS.len(), kind, 1_i64..4, 1_u32..9);
    let part = part.prop_map(|(series, kind, count, price)| Part {
        series,
        kind,
        count,
        price,
    });
    proptest::collection::vec(proptest::collection::vec(part, 1..6), 1..12)
}

/// The page of a part, where `next` is the minute behind the last candle of its series.
fn page(part: Part, next: &mut i64) -> Page {
    let (source, name) = match part.kind {
        Kind::Rest => (CandleSource::Rest, "api.example"),
        _ => (CandleSource::Live, "stream.example"),
    };
    let (shift, inside) = match part.kind {
        Kind::Off(by) => (by, 0),
        Kind::OffGrid => (0, 1_000),
        _ => (0, 0),
    };
    let decimals = if matches!(part.kind, Kind::Finer) {
        "1.00"
    } else {
        "1."
    };
    let from = (*next + shift).max(0);
    let count = if matches!(part.kind, Kind::Empty) {
        0
    } else {
        part.count
    };
    let candles = (from..from + count)
        .map(|minute| {
            flat(
                minute * MINUTE + inside,
                &format!("{decimals}{}", part.price),
                "1",
            )
        })
        .collect();
    *next = (*next).max(from + count);
    let asked = matches!(part.kind, Kind::Asked).then(|| span(from * MINUTE, (from + count + 2) * MINUTE));
    page_of(source, name, candles, asked)
}

async fn with_series() -> (Workspace, Vec<SeriesId>) {
    let w = workspace().await;
    let mut ids = Vec::new();
    for symbol in SYMBOLS {
        ids.push(w.store.ensure_series(&key(symbol, "1m")).await.unwrap());
    }
    (w, ids)
}

/// The tables, the journal, and what reading gives.
async fn all(store: &Store, ids: &[SeriesId]) -> Vec<String> {
    let mut lines = dump(store).await;
    for id in ids {
        for mut page in store.journal(*id, 1000).await.unwrap() {
            // Numbers are given in the order of all pages of a round, which is not what is compared.
            page.id = 0;
            lines.push(format!("{page:?}"));
        }
        lines.push(format!("{:?}", store.bars(*id, Span::ALL).await.unwrap()));
        lines.push(format!("{:?}", store.series(*id).await.unwrap()));
    }
    lines
}

async fn check(rounds: Vec<Vec<Part>>) {
    let ((together, ids), (apart, same)) = (with_series().await, with_series().await);
    assert_eq!(ids, same);
    let mut next = [0_i64; SYMBOLS.len()];
    let wanted = span(0, 20 * MINUTE);
    together.store.want(ids[0], wanted).await.unwrap();
    apart.store.want(ids[0], wanted).await.unwrap();
    for (round, parts) in rounds.into_iter().enumerate() {
        let now: Timestamp = NOW.plus_millis(round as i64);
        let pages: Vec<(SeriesId, Page)> = parts
            .into_iter()
            .map(|part| (ids[part.series], page(part, &mut next[part.series])))
            .collect();
        let mut one_by_one = Vec::new();
        for (id, page) in pages.clone() {
            one_by_one.push(apart.store.put_page(id, page, now).await.unwrap());
        }
        let stored = together.store.put_pages(pages, now).await.unwrap();
        assert_eq!(stored, one_by_one);
    }
    assert_eq!(all(&together.store, &ids).await, all(&apart.store, &ids).await);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn pages_put_together_are_stored_as_pages_put_one_by_one(rounds in parts()) {
        blocking(check(rounds));
    }
}

#[tokio::test]
async fn a_candle_that_follows_in_a_sealed_day_is_read() {
    let w = workspace().await;
    let id = w.store.ensure_series(&key("AAAUSDT", "1m")).await.unwrap();
    let minutes = |from: i64, to: i64| {
        let candles = (from..to)
            .map(|minute| flat(minute * MINUTE, "1.5", "1"))
            .collect();
        page_of(CandleSource::Live, "stream.example", candles, None)
    };
    let day = span(0, 1440 * MINUTE);
    w.store.put_page(id, minutes(0, 1000), NOW).await.unwrap();
    let empty = page_of(CandleSource::Rest, "api.example", Vec::new(), Some(day));
    w.store.put_page(id, empty, NOW).await.unwrap();
    assert!(w.store.seal(id, NOW).await.unwrap() > 0);
    let stored = w
        .store
        .put_pages(vec![(id, minutes(1000, 1002))], NOW)
        .await
        .unwrap();
    assert_eq!(stored[0].inserted, 2);
    assert_eq!(w.store.bars(id, Span::ALL).await.unwrap().len(), 1002);
    let ledger = w.store.ledger(id, day, 9).await.unwrap();
    assert_eq!(
        ledger.iter().map(|part| part.openings).collect::<Vec<_>>(),
        [1002, 438]
    );
}
