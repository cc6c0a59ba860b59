//! What is known of a series: archives and pages, checks against the exchange, resuming, and a store that refuses.

use promptpal_app::{
    ErrorKind, FetchReport, FetchRequest, FetchSource, JobRequest, Outcome, VerifyReport, VerifyRequest,
};
use promptpal_domain::{CandleSource, GapReason, Interval, SeriesId, Span};
use promptpal_store::Store;
use promptpal_testkit::exchange::{Exchange, ExchangeOptions, Fault};

use crate::desk::{Desk, MINUTE, exchange, minutes, tape_start, until};
use crate::live::stored;
use crate::market::fetched;

const DAYS: i64 = 40;

/// An exchange with a whole month and some days of minutes behind it, five hours into a day.
async fn with_archives() -> Exchange {
    let now = tape_start().plus_millis((DAYS * 1440 + 300) * MINUTE + 17_000);
    Exchange::start(ExchangeOptions::sample(42, tape_start(), now))
        .await
        .unwrap()
}

fn all(source: FetchSource) -> JobRequest {
    JobRequest::Fetch(FetchRequest {
        venue: None,
        symbol: "BTCUSDT".parse().unwrap(),
        interval: Interval::Minute1,
        from: Some(tape_start()),
        to: None,
        source,
    })
}

async fn verified(desk: &Desk, report: &FetchReport) -> VerifyReport {
    let request = VerifyRequest {
        series: report.series_id,
        from: None,
        to: None,
    };
    match desk.app.run(JobRequest::Verify(request)).await.unwrap() {
        Outcome::Verified(report) => report,
        other => panic!("{other:?}"),
    }
}

async fn holds_the_tape(exchange: &Exchange, store: &Store, id: SeriesId) {
    let symbol = "BTCUSDT".parse().unwrap();
    let tape = exchange.closed_candles(&symbol, Interval::Minute1, tape_start(), exchange.now());
    let kept = stored(store, id).await;
    assert_eq!(kept.len(), tape.len());
    assert!(kept == tape);
}

#[tokio::test]
async fn archives_give_the_months_and_pages_the_rest() {
    let exchange = with_archives().await;
    let desk = Desk::at(&exchange).await;
    let report = fetched(&desk, all(FetchSource::Auto)).await;
    // March as one file, April by the day; the five hours of today, and what archives do not have, page by page.
    assert_eq!(report.archives, 1 + 9, "{report:?}");
    assert!(report.pages <= 4, "{report:?}");
    assert_eq!((report.pending, report.archives_refused), (0, 0), "{report:?}");
    let (store, id) = (desk.store().await, SeriesId(report.series_id));
    holds_the_tape(&exchange, &store, id).await;
    // The newest minutes were there before the first archive.
    let journal = desk.app.ledger(id, 100).await.unwrap().journal;
    let rest = journal
        .iter()
        .filter(|page| page.source == CandleSource::Rest)
        .map(|page| page.id)
        .max();
    let archive = journal
        .iter()
        .filter(|page| page.source == CandleSource::Archive)
        .map(|page| page.id)
        .min();
    assert!(rest.is_some() && archive.is_some());
    let first = journal.last().unwrap();
    assert_eq!(first.source, CandleSource::Rest);

    let requests = exchange.requests().len();
    let again = fetched(&desk, all(FetchSource::Auto)).await;
    assert_eq!((again.pages, again.archives, again.inserted), (0, 0, 0));
    assert!(
        exchange.requests().len() <= requests + 1,
        "only the time is asked for"
    );
    desk.app.shutdown().await;
}

#[tokio::test]
async fn an_archive_that_cannot_be_believed_is_fetched_by_the_page() {
    let exchange = with_archives().await;
    let desk = Desk::at(&exchange).await;
    // A file is asked for twice before it is refused, and several are fetched side by side.
    for _ in 0..8 {
        exchange.inject(Fault::WrongChecksum);
    }
    let report = fetched(&desk, all(FetchSource::Auto)).await;
    assert!(report.archives_refused >= 1, "{report:?}");
    assert_eq!(report.pending, 0);
    holds_the_tape(&exchange, &desk.store().await, SeriesId(report.series_id)).await;
    desk.app.shutdown().await;
}

#[tokio::test]
async fn archives_issued_anew_become_corrections() {
    let exchange = with_archives().await;
    let desk = Desk::at(&exchange).await;
    exchange.inject(Fault::DraftArchives);
    let report = fetched(&desk, all(FetchSource::Auto)).await;
    let (store, id) = (desk.store().await, SeriesId(report.series_id));
    let unchanged = verified(&desk, &report).await;
    assert_eq!(unchanged.archives_changed, 0, "{unchanged:?}");
    assert!(
        unchanged.corrected > 0,
        "pages tell what the drafts had wrong: {unchanged:?}"
    );
    exchange.inject(Fault::ReissueArchives);
    let anew = verified(&desk, &report).await;
    assert!(anew.archives_changed > 0, "{anew:?}");
    assert_eq!(anew.unlisted, 0);
    holds_the_tape(&exchange, &store, id).await;
    assert_eq!(
        store.series(id).await.unwrap().corrections,
        report.corrected + unchanged.corrected + anew.corrected
    );
    let last = verified(&desk, &report).await;
    assert_eq!(
        (last.corrected, last.inserted, last.archives_changed),
        (0, 0, 0),
        "{last:?}"
    );
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_hole_is_the_exchanges_with_evidence_and_is_confirmed() {
    let exchange = exchange(30).await;
    let desk = Desk::at(&exchange).await;
    exchange.inject(Fault::Hole(7));
    exchange.advance(40 * MINUTE);
    let report = fetched(&desk, minutes()).await;
    assert_eq!((report.gaps, report.pending), (1, 0), "{report:?}");
    assert!(report.absent >= 7, "{report:?}");
    let id = SeriesId(report.series_id);
    let evidence = async || match desk.app.gaps(id).await.unwrap().remove(0).reason {
        GapReason::ExchangeAbsent(evidence) => evidence,
        GapReason::Pending => panic!("the exchange was asked"),
    };
    let first = evidence().await;
    assert_eq!((first.source, first.times), (CandleSource::Rest, 1));
    let checked = verified(&desk, &report).await;
    assert_eq!(
        (checked.corrected, checked.absent),
        (0, report.absent),
        "{checked:?}"
    );
    let second = evidence().await;
    assert_eq!((second.times, second.first_asked), (2, first.first_asked));
    let strip = desk.app.coverage_strip(id, None, None, 10).await.unwrap();
    assert_eq!(strip.iter().map(|cell| cell.present).sum::<u64>(), report.rows);
    assert_eq!(strip.iter().map(|cell| cell.absent).sum::<u64>(), report.absent);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn what_was_cut_short_is_resumed_and_nothing_is_fetched_twice() {
    let exchange = with_archives().await;
    let desk = Desk::at(&exchange).await;
    let running = desk.app.start_here(all(FetchSource::Rest)).await.unwrap();
    let mut seen = running.progress.watch();
    while seen.borrow_and_update().done < 5_000 {
        seen.changed().await.unwrap();
    }
    running.progress.cancel_token().cancel();
    let error = running.outcome().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let overview = desk.app.series().await.unwrap().remove(0);
    let (before, id) = (overview.series.rows, overview.series.id);
    assert!(before > 0 && overview.series.pending > 0, "{overview:?}");
    let JobRequest::Fetch(resume) = desk.app.resume_request(id).await.unwrap() else {
        panic!("a fetch resumes");
    };
    assert_eq!(resume.from, Some(tape_start()));
    let report = fetched(
        &desk,
        JobRequest::Fetch(FetchRequest {
            source: FetchSource::Rest,
            ..resume
        }),
    )
    .await;
    assert_eq!((report.unchanged, report.pending), (0, 0), "{report:?}");
    assert_eq!(before + report.inserted, report.rows);
    desk.app.shutdown().await;
}

/// The newest pages come first: a chart is useful at once.
#[tokio::test]
async fn history_begins_at_its_newest_end() {
    let exchange = with_archives().await;
    let desk = Desk::at(&exchange).await;
    let running = desk.app.start_here(all(FetchSource::Rest)).await.unwrap();
    let mut seen = running.progress.watch();
    while seen.borrow_and_update().done < 3_000 {
        seen.changed().await.unwrap();
    }
    let id = desk.app.series().await.unwrap().remove(0).series.id;
    let newest = Interval::Minute1.floor(exchange.now());
    let hour = Span::new(newest.plus_millis(-60 * MINUTE), newest).unwrap();
    assert_eq!(desk.store().await.candles(id, hour, 100).await.unwrap().len(), 60);
    running.progress.cancel_token().cancel();
    running.outcome().await.unwrap_err();
    desk.app.shutdown().await;
}

/// Days that the stream filled are sealed without a job.
#[tokio::test]
async fn past_days_are_sealed_by_themselves() {
    let exchange = exchange(3 * 1440).await;
    let desk = Desk::at(&exchange).await;
    let id = SeriesId(fetched(&desk, minutes()).await.series_id);
    let store = desk.store().await;
    store.drop_columns(id).await.unwrap();
    let without = store.series_bytes(id).await.unwrap();
    desk.app.work_in_background();
    until(&desk.app, "the days are sealed", async || {
        store.series_bytes(id).await.unwrap() > without
    })
    .await;
    desk.app.shutdown().await;
}
