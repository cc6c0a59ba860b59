//! Any pages in any order, from any source: the ledger and the figures equal a model that knows each opening by itself,
//! and what is stored does not depend on the order of the pages or on how they were cut.

use std::collections::BTreeMap;

use promptpal_domain::{Candle, CandleSource, Evidence, LedgerState, SeriesId, Span, Timestamp};
use promptpal_store::{Page, Store};
use proptest::prelude::*;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::fixtures::{NOW, Workspace, at, flat, key, page_of, span, workspace};

const MINUTE: i64 = 60_000;
const MINUTES: i64 = 60;

/// What counts least first, as the store ranks it.
const SOURCES: [(CandleSource, &str); 4] = [
    (CandleSource::Import, "mine.csv"),
    (CandleSource::Archive, "a-2024-01.zip"),
    (CandleSource::Archive, "b-2024-01-01.zip"),
    (CandleSource::Rest, "api.example"),
];

#[derive(Clone, Debug)]
struct Batch {
    candles: Vec<(i64, u32)>,
    asked: Option<(i64, i64)>,
    source: usize,
    now: i64,
}

fn batches() -> impl Strategy<Value = Vec<Batch>> {
    let candle = (0_i64..40, 1_u32..4);
    let asked = proptest::option::of((0_i64..40, 0_i64..15).prop_map(|(from, length)| (from, from + length)));
    let batch = (
        proptest::collection::vec(candle, 0..12),
        asked,
        0..SOURCES.len(),
        0_i64..5,
    );
    let batch = batch.prop_map(|(candles, asked, source, now)| Batch {
        candles,
        asked,
        source,
        now,
    });
    proptest::collection::vec(batch, 1..8)
}

impl Batch {
    fn now(&self) -> Timestamp {
        NOW.plus_millis(self.now)
    }

    fn page(&self) -> Page {
        let (source, name) = SOURCES[self.source];
        let price = |cents: &u32| format!("1.{cents:0>width$}", width = *cents as usize);
        let candles = self.candles.iter();
        let candles = candles.map(|(minute, cents)| flat(minute * MINUTE, &price(cents), "1"));
        let asked = self.asked.map(|(from, to)| span(from * MINUTE, to * MINUTE));
        page_of(source, name, candles.collect(), asked)
    }

    /// The same candle at each minute, whichever page it comes in.
    fn agreeing(mut self) -> Self {
        self.candles
            .iter_mut()
            .for_each(|(minute, cents)| *cents = 1 + *minute as u32 % 3);
        self
    }

    /// As pages of at most `minutes` minutes.
    fn cut(&self, minutes: i64) -> Vec<Self> {
        let part = |from: i64| {
            let to = from + minutes;
            let inside = |minute: i64| from <= minute && minute < to;
            Self {
                candles: self
                    .candles
                    .iter()
                    .copied()
                    .filter(|(minute, _)| inside(*minute))
                    .collect(),
                asked: self
                    .asked
                    .map(|(a, b)| (a.clamp(from, to), b.clamp(from, to)))
                    .filter(|(a, b)| a < b),
                ..self.clone()
            }
        };
        (0..MINUTES).step_by(minutes as usize).map(part).collect()
    }
}

/// What is known of each minute.
#[derive(Default)]
struct Model {
    candles: BTreeMap<i64, Candle>,
    absent: BTreeMap<i64, (usize, Evidence)>,
    /// Asked of the venue itself.
    settled: BTreeMap<i64, bool>,
    inserted: u64,
    corrections: u64,
}

impl Model {
    fn put(&mut self, batch: &Batch) {
        let page = batch.page();
        let mut candles = page.candles;
        candles.sort_by_key(|candle| candle.open_time);
        for candle in candles {
            let minute = candle.open_time.millis() / MINUTE;
            self.absent.remove(&minute);
            let before = self.candles.insert(minute, candle.clone());
            self.inserted += u64::from(before.is_none());
            self.corrections += u64::from(before.is_some_and(|before| before != candle));
        }
        let Some((from, to)) = batch.asked else { return };
        for minute in from..to {
            *self.settled.entry(minute).or_default() |= page.source == CandleSource::Rest;
            if !self.candles.contains_key(&minute) {
                self.hear(minute, batch);
            }
        }
    }

    fn hear(&mut self, minute: i64, batch: &Batch) {
        let page = batch.page();
        let new = Evidence {
            source: page.source,
            name: page.name,
            sha256: page.sha256,
            first_asked: batch.now(),
            last_asked: batch.now(),
            times: 1,
        };
        match self.absent.get_mut(&minute) {
            Some((weight, old)) if *weight == batch.source => {
                old.first_asked = old.first_asked.min(new.first_asked);
                old.last_asked = old.last_asked.max(new.last_asked);
                old.times += 1;
            }
            Some((weight, _)) if *weight > batch.source => {}
            _ => {
                self.absent.insert(minute, (batch.source, new));
            }
        }
    }

    fn state(&self, minute: i64) -> LedgerState {
        if self.candles.contains_key(&minute) {
            LedgerState::Present
        } else if let Some((_, evidence)) = self.absent.get(&minute) {
            LedgerState::ExchangeAbsent(evidence.clone())
        } else {
            LedgerState::Pending
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_tells_the_truth(batches in batches()) {
        blocking(check(batches));
    }

    #[test]
    fn the_order_of_pages_does_not_matter(
        batches in batches(), order in any::<proptest::sample::Index>(), minutes in 1_i64..25,
    ) {
        blocking(check_order(batches, order, minutes));
    }
}

pub(crate) fn blocking(check: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(check);
}

async fn filled(batches: &[Batch]) -> (Workspace, SeriesId) {
    let w = workspace().await;
    let id = w.store.ensure_series(&key("BTCUSDT", "1m")).await.unwrap();
    for batch in batches {
        w.store.put_page(id, batch.page(), batch.now()).await.unwrap();
    }
    (w, id)
}

async fn check(batches: Vec<Batch>) {
    let (w, id) = filled(&batches).await;
    let store = &w.store;
    let mut model = Model::default();
    batches.iter().for_each(|batch| model.put(batch));

    let stored = store.candles(id, Span::ALL, 1000).await.unwrap();
    assert_eq!(stored, model.candles.values().cloned().collect::<Vec<_>>());
    let series = store.series(id).await.unwrap();
    let bars = store.bars(id, Span::ALL).await.unwrap();
    assert_eq!(
        (series.rows, series.corrections),
        (model.inserted, model.corrections)
    );
    assert_eq!(
        store.corrections(id, 1000).await.unwrap().len() as u64,
        model.corrections
    );
    assert_eq!(series.gaps, bars.gap_count() as u64);
    assert_eq!(series.gaps, store.gaps(id, 1000).await.unwrap().len() as u64);
    let ends = stored.first().zip(stored.last());
    assert_eq!(series.first_last, ends.map(|(a, b)| (a.open_time, b.open_time)));

    let coverage = store.coverage(id).await.unwrap();
    let missing = store.missing_spans(id, span(0, MINUTES * MINUTE)).await.unwrap();
    assert!(coverage.windows(2).all(|pair| pair[0].to() < pair[1].from()));
    for minute in 0..MINUTES {
        let now = at(minute * MINUTE);
        let one = span(minute * MINUTE, (minute + 1) * MINUTE);
        let ledger = store.ledger(id, one, 9).await.unwrap();
        let states: Vec<_> = ledger.into_iter().map(|part| part.state).collect();
        assert_eq!(states, [model.state(minute)], "minute {minute}");
        let settled = model.settled.get(&minute).copied().unwrap_or(false);
        assert_eq!(
            coverage.iter().any(|c| c.contains(now)),
            settled,
            "minute {minute}"
        );
        let accounted = settled || model.candles.contains_key(&minute);
        assert_eq!(
            missing.iter().any(|m| m.contains(now)),
            !accounted,
            "minute {minute}"
        );
    }
    let whole = store.ledger(id, span(0, MINUTES * MINUTE), 1000).await.unwrap();
    assert!(
        whole
            .windows(2)
            .all(|pair| pair[0].span.to() == pair[1].span.from() && pair[0].state != pair[1].state)
    );
    assert_eq!(
        whole.iter().map(|part| part.openings).sum::<u64>(),
        MINUTES as u64
    );

    // The figures count between the first and last candle; with all minutes wanted, all of them.
    let (first, last) = ends.map_or((0, -1), |(a, b)| {
        (a.open_time.millis() / MINUTE, b.open_time.millis() / MINUTE)
    });
    check_counts(store, id, &model, first..last + 1).await;
    store.want(id, span(0, MINUTES * MINUTE)).await.unwrap();
    check_counts(store, id, &model, 0..MINUTES).await;
    let strip = store
        .coverage_strip(id, span(0, MINUTES * MINUTE), 7)
        .await
        .unwrap();
    let sums = strip.iter().fold((0, 0, 0), |(a, b, c), cell| {
        (a + cell.present, b + cell.absent, c + cell.pending)
    });
    let series = store.series(id).await.unwrap();
    assert_eq!(sums, (series.rows, series.absent, series.pending));
}

async fn check_counts(store: &Store, id: SeriesId, model: &Model, minutes: std::ops::Range<i64>) {
    let series = store.series(id).await.unwrap();
    let count = |wanted: fn(&LedgerState) -> bool| {
        minutes
            .clone()
            .filter(|minute| wanted(&model.state(*minute)))
            .count() as u64
    };
    assert_eq!(
        series.absent,
        count(|state| matches!(state, LedgerState::ExchangeAbsent(_))),
        "{minutes:?}"
    );
    assert_eq!(
        series.pending,
        count(|state| *state == LedgerState::Pending),
        "{minutes:?}"
    );
}

async fn check_order(batches: Vec<Batch>, order: proptest::sample::Index, minutes: i64) {
    let batches: Vec<Batch> = batches.into_iter().map(Batch::agreeing).collect();
    let mut other = batches.clone();
    other.rotate_left(order.index(batches.len()));
    other.reverse();
    let other: Vec<Batch> = other.iter().flat_map(|batch| batch.cut(minutes)).collect();
    let (one, _) = filled(&batches).await;
    let (two, _) = filled(&other).await;
    assert_eq!(dump(&one.store).await, dump(&two.store).await);
}

/// All that the tables say of candles but the journal, which is the order of the pages.
pub(crate) async fn dump(store: &Store) -> Vec<String> {
    let mut raw = SqliteConnectOptions::new()
        .filename(store.path())
        .connect()
        .await
        .unwrap();
    let queries = [
        "SELECT printf('%s|%d|%d|%d|%d|%d|%s|%s|%d|%d|%d|%d', symbol, price_scale, volume_scale, quote_scale,
                       candle_count, gap_count, first_open, last_open, absent_count, pending_count, off_grid_count,
                       correction_count) FROM series",
        "SELECT printf('%d|%d|%d|%d', series_id, open_time, close, revision) FROM candles ORDER BY series_id, open_time",
        "SELECT printf('%d|%d|%d', series_id, from_ms, to_ms) FROM coverage ORDER BY series_id, from_ms",
        "SELECT printf('%d|%d|%d', series_id, from_ms, to_ms) FROM presence ORDER BY series_id, from_ms",
        "SELECT printf('%d|%d|%s|%s|%s|%d|%d|%d', from_ms, to_ms, source, name, sha256, first_asked, last_asked, times)
         FROM absences JOIN origins ON origins.id = origin_id ORDER BY series_id, from_ms",
    ];
    let mut lines = Vec::new();
    for query in queries {
        lines.push(format!("-- {query}"));
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(query))
            .fetch_all(&mut raw)
            .await
            .unwrap();
        lines.extend(rows);
    }
    raw.close().await.unwrap();
    lines
}
