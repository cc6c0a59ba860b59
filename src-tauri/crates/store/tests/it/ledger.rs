//! The ledger: present, absent with evidence, pending; the journal, the archive's files, what is wanted.

use promptpal_domain::{CandleSource, Evidence, LedgerSpan, LedgerState, SeriesId, Span, Timestamp};
use promptpal_store::{ArchiveRow, Page, Store, StoreError};

use crate::fixtures::{HOUR, NOW, at, flat, key, page, page_of, series, span, time, workspace};

fn candles(hours: &[i64]) -> Vec<promptpal_domain::Candle> {
    hours.iter().map(|hour| flat(hour * HOUR, "1", "1")).collect()
}

fn evidence(source: CandleSource, name: &str, first: Timestamp, last: Timestamp, times: u32) -> LedgerState {
    LedgerState::ExchangeAbsent(Evidence {
        source,
        name: name.to_owned(),
        sha256: (source == CandleSource::Archive).then(|| "ab".repeat(32)),
        first_asked: first,
        last_asked: last,
        times,
    })
}

fn stands(from: i64, to: i64, state: LedgerState) -> LedgerSpan {
    LedgerSpan {
        span: span(from * HOUR, to * HOUR),
        openings: (to - from) as u64,
        state,
    }
}

async fn ledger(store: &Store, id: SeriesId, from: i64, to: i64) -> Vec<LedgerSpan> {
    store.ledger(id, span(from * HOUR, to * HOUR), 100).await.unwrap()
}

#[tokio::test]
async fn tells_what_is_absent_from_what_was_missed() {
    use LedgerState::{Pending, Present};
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    assert_eq!(ledger(&w.store, id, 0, 9).await, [stands(0, 9, Pending)]);
    let put = async |page: Page, now: Timestamp| w.store.put_page(id, page, now).await.unwrap();

    // A monthly file has no candle at 2, 3 and 6; nobody was asked about 8.
    let file = |asked| page_of(CandleSource::Archive, "BTC-1h.zip", candles(&[1, 4, 5]), asked);
    put(file(Some(span(HOUR, 7 * HOUR))), NOW).await;
    let archive = evidence(CandleSource::Archive, "BTC-1h.zip", NOW, NOW, 1);
    assert_eq!(
        ledger(&w.store, id, 0, 9).await,
        [
            stands(0, 1, Pending),
            stands(1, 2, Present),
            stands(2, 4, archive.clone()),
            stands(4, 6, Present),
            stands(6, 7, archive.clone()),
            stands(7, 9, Pending),
        ]
    );
    // What only an archive lacks is still asked of the venue, once.
    assert_eq!(
        w.store.missing_spans(id, span(HOUR, 7 * HOUR)).await.unwrap(),
        [span(2 * HOUR, 4 * HOUR), span(6 * HOUR, 7 * HOUR)]
    );
    let later = NOW.plus_millis(1000);
    put(page(candles(&[3]), Some(span(2 * HOUR, 4 * HOUR))), later).await;
    let rest = evidence(CandleSource::Rest, "api.example", later, later, 1);
    assert_eq!(
        ledger(&w.store, id, 1, 7).await,
        [
            stands(1, 2, Present),
            stands(2, 3, rest),
            stands(3, 6, Present),
            stands(6, 7, archive.clone()),
        ]
    );
    assert_eq!(
        w.store.missing_spans(id, span(HOUR, 7 * HOUR)).await.unwrap(),
        [span(6 * HOUR, 7 * HOUR)]
    );
    // Asked again: the same word, later and more often. The archive's does not count against the venue's.
    let again = later.plus_millis(1000);
    put(page(vec![], Some(span(2 * HOUR, 3 * HOUR))), again).await;
    put(file(Some(span(HOUR, 7 * HOUR))), again).await;
    assert_eq!(
        ledger(&w.store, id, 2, 3).await,
        [stands(
            2,
            3,
            evidence(CandleSource::Rest, "api.example", later, again, 2)
        )]
    );
    assert_eq!(
        ledger(&w.store, id, 6, 7).await,
        [stands(
            6,
            7,
            evidence(CandleSource::Archive, "BTC-1h.zip", NOW, again, 2)
        )]
    );
    // A candle that appears takes the absence back.
    put(page_of(CandleSource::Live, "stream", candles(&[2]), None), again).await;
    assert_eq!(ledger(&w.store, id, 1, 6).await, [stands(1, 6, Present)]);
    let found = w.store.series(id).await.unwrap();
    assert_eq!(
        (found.rows, found.absent, found.pending, found.gaps),
        (5, 0, 0, 0)
    );
}

#[tokio::test]
async fn counts_what_is_wanted() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let figures = async || {
        let found = w.store.series(id).await.unwrap();
        (found.wanted, found.rows, found.absent, found.pending)
    };
    assert_eq!(figures().await, (None, 0, 0, 0));
    w.store
        .put_page(id, page(vec![], Some(span(0, 4 * HOUR))), NOW)
        .await
        .unwrap();
    assert_eq!(figures().await, (None, 0, 0, 0), "nothing is wanted yet");
    w.store.want(id, span(2 * HOUR, 10 * HOUR)).await.unwrap();
    assert_eq!(figures().await, (Some(span(2 * HOUR, 10 * HOUR)), 0, 2, 6));
    w.store
        .put_page(
            id,
            page(candles(&[5, 6, 12]), Some(span(5 * HOUR, 8 * HOUR))),
            NOW,
        )
        .await
        .unwrap();
    // Wanted are 2 to 9, stored up to 12: absent 2, 3, 7; pending 4, 8, 9, 10, 11.
    assert_eq!(figures().await, (Some(span(2 * HOUR, 10 * HOUR)), 3, 3, 5));
    w.store.want(id, span(HOUR, 3 * HOUR)).await.unwrap();
    w.store.want(id, span(HOUR, HOUR)).await.unwrap();
    assert_eq!(figures().await, (Some(span(HOUR, 10 * HOUR)), 3, 4, 5));
    w.store.want(id, Span::ALL).await.unwrap();
    let (wanted, rows, absent, _) = figures().await;
    assert_eq!((rows, absent), (3, 5));
    assert_eq!(
        wanted.unwrap().from(),
        time("0000-01-01"),
        "time ends with the calendar"
    );
}

#[tokio::test]
async fn a_strip_shows_the_whole_in_cells() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    w.store
        .put_page(id, page(candles(&[0, 1, 2, 5]), Some(span(0, 4 * HOUR))), NOW)
        .await
        .unwrap();
    let strip = async |cells: u16| -> Vec<(u64, u64, u64)> {
        let strip = w
            .store
            .coverage_strip(id, span(0, 8 * HOUR), cells)
            .await
            .unwrap();
        assert_eq!(strip[0].span.from(), at(0));
        assert_eq!(strip[strip.len() - 1].span.to(), at(8 * HOUR));
        assert!(
            strip
                .windows(2)
                .all(|pair| pair[0].span.to() == pair[1].span.from())
        );
        strip
            .iter()
            .map(|cell| (cell.present, cell.absent, cell.pending))
            .collect()
    };
    assert_eq!(strip(1).await, [(4, 1, 3)]);
    assert_eq!(strip(2).await, [(3, 1, 0), (1, 0, 3)]);
    assert_eq!(strip(4).await, [(2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 0, 2)]);
    assert_eq!(strip(16).await.len(), 16);
    let empty = w.store.coverage_strip(id, span(HOUR, HOUR), 5).await.unwrap();
    assert!(empty.is_empty());
}

#[tokio::test]
async fn keeps_a_journal_of_pages() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let asked = Some(span(0, 4 * HOUR));
    w.store
        .put_page(id, page(candles(&[0, 1, 2]), asked), NOW)
        .await
        .unwrap();
    w.store
        .put_page(id, page(vec![flat(HOUR, "2", "1")], None), NOW)
        .await
        .unwrap();
    // A stream's candles that follow each other are one row, until one is missed.
    for (number, hour) in [3, 4, 5, 7].into_iter().enumerate() {
        let live = page_of(CandleSource::Live, "stream", candles(&[hour]), None);
        w.store
            .put_page(id, live, NOW.plus_millis(number as i64))
            .await
            .unwrap();
    }
    w.store.put_page(id, page(vec![], None), NOW).await.unwrap();
    let journal = w.store.journal(id, 10).await.unwrap();
    let seen: Vec<_> = journal
        .iter()
        .map(|row| {
            (
                row.source,
                row.span,
                row.rows,
                row.inserted,
                row.corrected,
                row.at,
            )
        })
        .collect();
    let hours = |from: i64, to: i64| span(from * HOUR, to * HOUR);
    assert_eq!(
        seen,
        [
            (CandleSource::Live, hours(7, 8), 1, 1, 0, NOW.plus_millis(3)),
            (CandleSource::Live, hours(3, 6), 3, 3, 0, NOW.plus_millis(2)),
            (CandleSource::Rest, hours(1, 2), 1, 0, 1, NOW),
            (CandleSource::Rest, hours(0, 4), 3, 3, 0, NOW),
        ]
    );
    assert_eq!(w.store.journal(id, 1).await.unwrap().len(), 1);
    assert_eq!(w.store.series(id).await.unwrap().corrections, 1);
}

#[tokio::test]
async fn notices_files_that_are_issued_again() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let file = |sha256: &str, hours: &[i64]| Page {
        sha256: Some(sha256.to_owned()),
        ..page_of(
            CandleSource::Archive,
            "a.zip",
            candles(hours),
            Some(span(0, 4 * HOUR)),
        )
    };
    w.store.put_page(id, file("01", &[0, 1]), NOW).await.unwrap();
    let row = |sha256: &str, rows, stored_at, checked_at| ArchiveRow {
        name: "a.zip".to_owned(),
        sha256: sha256.to_owned(),
        span: span(0, 4 * HOUR),
        rows,
        stored_at,
        checked_at,
    };
    assert_eq!(w.store.archive_files(id).await.unwrap(), [row("01", 2, NOW, NOW)]);
    let later = NOW.plus_millis(5);
    w.store.archive_checked(id, "a.zip", later).await.unwrap();
    assert_eq!(
        w.store.archive_files(id).await.unwrap(),
        [row("01", 2, NOW, later)]
    );
    assert!(matches!(
        w.store.archive_checked(id, "b.zip", later).await,
        Err(StoreError::NotFound { .. })
    ));
    w.store.put_page(id, file("02", &[0, 1, 2]), later).await.unwrap();
    assert_eq!(
        w.store.archive_files(id).await.unwrap(),
        [row("02", 3, later, later)]
    );
    // The evidence names the issue that was read last.
    let ledger = w.store.ledger(id, span(3 * HOUR, 4 * HOUR), 9).await.unwrap();
    let LedgerState::ExchangeAbsent(evidence) = &ledger[0].state else {
        panic!("{ledger:?}");
    };
    assert_eq!((evidence.sha256.as_deref(), evidence.times), (Some("02"), 2));
    assert_eq!((evidence.first_asked, evidence.last_asked), (NOW, later));
}

#[tokio::test]
async fn months_and_candles_off_the_grid_are_counted_as_they_are() {
    let w = workspace().await;
    let months = w.store.ensure_series(&key("ETHUSDT", "1M")).await.unwrap();
    let of = |text: &str| flat(time(text).millis(), "1", "1");
    let asked = Span::new(time("2023-12-15"), time("2024-05-01")).unwrap();
    w.store
        .put_page(
            months,
            page(vec![of("2024-01-01"), of("2024-03-01")], Some(asked)),
            NOW,
        )
        .await
        .unwrap();
    let counted = |ledger: Vec<LedgerSpan>| -> Vec<(Timestamp, u64, bool)> {
        ledger
            .iter()
            .map(|part| {
                (
                    part.span.from(),
                    part.openings,
                    part.state == LedgerState::Present,
                )
            })
            .collect()
    };
    assert_eq!(
        counted(w.store.ledger(months, asked, 9).await.unwrap()),
        [
            (time("2024-01-01"), 1, true),
            (time("2024-02-01"), 1, false),
            (time("2024-03-01"), 1, true),
            (time("2024-04-01"), 1, false)
        ]
    );
    let hours = series(&w.store, "1h").await;
    let odd = vec![
        flat(0, "1", "1"),
        flat(HOUR + HOUR / 2, "1", "1"),
        flat(2 * HOUR, "1", "1"),
    ];
    w.store
        .put_page(hours, page(odd, Some(span(0, 4 * HOUR))), NOW)
        .await
        .unwrap();
    // At 1:00 there is no candle; the one at 1:30 opens on no grid.
    assert_eq!(
        counted(w.store.ledger(hours, span(0, 4 * HOUR), 9).await.unwrap()),
        [
            (at(0), 1, true),
            (at(HOUR), 1, false),
            (at(2 * HOUR), 1, true),
            (at(3 * HOUR), 1, false)
        ]
    );
    let found = w.store.series(hours).await.unwrap();
    assert_eq!((found.rows, found.absent, found.pending), (3, 1, 0));
}
