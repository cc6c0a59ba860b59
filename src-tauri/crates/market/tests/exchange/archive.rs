//! Bulk archives: what is planned arrives, verified, and nothing else is believed.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::{Interval, ManualClock, Span, Timestamp};
use promptpal_market::{
    Archive, ArchiveConfig, ArchiveEvent, ArchiveFile, ArchivePage, MarketError, Sha256Hex,
};
use promptpal_testkit::exchange::{Exchange, ExchangeOptions, Fault};
use tokio_util::sync::CancellationToken;

use crate::setting::{DAY, LIMIT, span, symbol};

/// A tape that begins in the last days of 2024, so that it has both units, and stands in 2025.
async fn exchange(now: &str) -> Exchange {
    Exchange::start(ExchangeOptions::sample(42, at("2024-12-29"), at(now)))
        .await
        .unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn archive(exchange: &Exchange) -> Archive {
    with(exchange, |_| ())
}

fn with(exchange: &Exchange, change: impl FnOnce(&mut ArchiveConfig)) -> Archive {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut config = ArchiveConfig::at(&exchange.rest_url()).unwrap();
    config.retry_wait = Duration::from_millis(20);
    // A double that shares its machine with other tests may take its time.
    config.read_timeout = Duration::from_secs(300);
    config.least_openings = 1;
    change(&mut config);
    Archive::new(config, crate::setting::clock()).unwrap()
}

fn plan(archive: &Archive, exchange: &Exchange, interval: Interval, span: Span) -> Vec<ArchiveFile> {
    archive.plan(&symbol("BTCUSDT"), interval, span, exchange.now())
}

/// What a walk told, in order.
#[derive(Default)]
struct Told {
    pages: Vec<ArchivePage>,
    absent: Vec<String>,
    unchanged: Vec<String>,
    refused: Vec<(String, String)>,
    waits: Vec<String>,
    bytes: HashMap<String, u64>,
    error: Option<MarketError>,
}

impl Told {
    fn sums(&self) -> HashMap<String, Sha256Hex> {
        self.pages
            .iter()
            .map(|page| (page.file.name.clone(), page.sha256.clone()))
            .collect()
    }

    fn names(&self) -> Vec<&str> {
        self.pages.iter().map(|page| short(&page.file.name)).collect()
    }
}

fn short(name: &str) -> &str {
    name.trim_start_matches("BTCUSDT-").trim_end_matches(".zip")
}

async fn walk(archive: &Archive, files: Vec<ArchiveFile>, known: HashMap<String, Sha256Hex>) -> Told {
    let mut told = Told::default();
    let mut events = archive.walk(files, known, CancellationToken::new());
    while let Some(event) = tokio::time::timeout(LIMIT, events.recv())
        .await
        .expect("the walk goes on")
    {
        match event {
            Ok(ArchiveEvent::Page(page)) => told.pages.push(page),
            Ok(ArchiveEvent::Absent(file)) => told.absent.push(short(&file.name).to_owned()),
            Ok(ArchiveEvent::Unchanged { file, .. }) => told.unchanged.push(short(&file.name).to_owned()),
            Ok(ArchiveEvent::Refused { file, error }) => {
                told.refused
                    .push((short(&file.name).to_owned(), error.to_string()));
            }
            Ok(ArchiveEvent::Progress { name, progress }) => {
                assert_eq!(progress.total.map(|total| total >= progress.done), Some(true));
                told.bytes.insert(name, progress.done);
            }
            Ok(ArchiveEvent::Waiting { reason, .. }) => told.waits.push(format!("{reason:?}")),
            Err(error) => told.error = Some(error),
        }
    }
    told
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_planned_is_what_the_tape_has() {
    let exchange = exchange("2025-02-04T10:00:17Z").await;
    let check = async |interval: Interval, from: &str, to: &str, files: &[&str]| {
        let archive = with(&exchange, |config| config.at_once = 1);
        let asked = span(at(from), at(to));
        let told = walk(
            &archive,
            plan(&archive, &exchange, interval, asked),
            HashMap::new(),
        )
        .await;
        assert_eq!(told.names(), files, "newest first");
        let mut candles: Vec<_> = told.pages.iter().flat_map(|page| page.candles.clone()).collect();
        candles.sort_by_key(|candle| candle.open_time);
        let (first, last) = (
            told.pages.last().unwrap().file.span.from(),
            told.pages[0].file.span.to(),
        );
        assert_eq!(
            candles,
            exchange.closed_candles(&symbol("BTCUSDT"), interval, first, last),
            "{interval}"
        );
        for page in &told.pages {
            assert_eq!((page.rejected_count, page.rejected.len()), (0, 0));
            let complete: u64 = page
                .complete
                .iter()
                .map(|part| interval.count_between(part.from(), part.to()))
                .sum();
            assert_eq!(complete, page.candles.len() as u64);
        }
        assert!(
            told.waits.is_empty() && told.refused.is_empty(),
            "{:?} {:?}",
            told.waits,
            told.refused
        );
        assert!(told.error.is_none(), "{:?}", told.error);
        told
    };
    let minutes = check(
        Interval::Minute1,
        "2024-12-30",
        "2025-02-05",
        &[
            "1m-2025-02-03",
            "1m-2025-02-02",
            "1m-2025-02-01",
            "1m-2025-01",
            "1m-2024-12-31",
            "1m-2024-12-30",
        ],
    )
    .await;
    assert_eq!(minutes.absent, [""; 0]);
    // Every file was told of to its end.
    assert_eq!(minutes.bytes.len(), 6);
    check(
        Interval::Hour4,
        "2025-01-01",
        "2025-02-02",
        &["4h-2025-02-01", "4h-2025-01"],
    )
    .await;
    check(Interval::Week1, "2025-01-01", "2025-02-03", &["1w-2025-01"]).await;
    check(Interval::Month1, "2025-01-01", "2025-02-04", &["1mo-2025-01"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_that_is_not_there_yet_is_fetched_by_the_day() {
    // Saturday the first: February appears on Monday the third, and yesterday was the day that is not there.
    let exchange = exchange("2025-03-01T10:00:00Z").await;
    let archive = archive(&exchange);
    let asked = span(at("2025-02-01"), exchange.now());
    let told = walk(
        &archive,
        plan(&archive, &exchange, Interval::Hour1, asked),
        HashMap::new(),
    )
    .await;
    assert_eq!(told.absent, ["1h-2025-02"]);
    assert_eq!(told.pages.len(), 28);
    assert_eq!(
        (told.names()[0], told.names()[27]),
        ("1h-2025-02-28", "1h-2025-02-01")
    );
    assert!(told.error.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn before_the_listing_it_soon_stops_asking() {
    let exchange = exchange("2025-03-05T10:00:00Z").await;
    let archive = with(&exchange, |config| config.at_once = 1);
    let files = plan(
        &archive,
        &exchange,
        Interval::Hour1,
        span(at("2018-01-01"), at("2025-02-01")),
    );
    assert_eq!(files.len(), 7 * 12 + 1);
    let told = walk(&archive, files, HashMap::new()).await;
    // December is there; of three older months nothing is, nor of their newest days.
    assert_eq!(told.names(), ["1h-2025-01", "1h-2024-12"]);
    assert_eq!(
        told.absent,
        [
            "1h-2024-11",
            "1h-2024-11-30",
            "1h-2024-11-29",
            "1h-2024-11-28",
            "1h-2024-10",
            "1h-2024-10-31",
            "1h-2024-10-30",
            "1h-2024-10-29",
            "1h-2024-09",
            "1h-2024-09-30",
            "1h-2024-09-29",
            "1h-2024-09-28"
        ]
    );
    assert_eq!(exchange.requests().len(), 2 * 2 + 12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_published_again_is_noticed() {
    let exchange = exchange("2025-03-05T10:00:00Z").await;
    // One after the other, so that the pages of two walks can be compared.
    let archive = with(&exchange, |config| config.at_once = 1);
    let files = || {
        plan(
            &archive,
            &exchange,
            Interval::Minute15,
            span(at("2025-01-01"), at("2025-03-01")),
        )
    };
    exchange.inject(Fault::DraftArchives);
    let drafts = walk(&archive, files(), HashMap::new()).await;
    let again = walk(&archive, files(), drafts.sums()).await;
    assert_eq!((again.pages.len(), again.unchanged.len()), (0, 2));
    exchange.inject(Fault::ReissueArchives);
    let (_, one) = exchange.requests().iter().fold((0, 0), |(n, zips), request| {
        (n + 1, zips + usize::from(request.path.ends_with(".zip")))
    });
    assert_eq!(one, 2, "what has not changed is not downloaded");
    let reissued = walk(&archive, files(), drafts.sums()).await;
    assert_eq!((reissued.pages.len(), reissued.unchanged.len()), (2, 0));
    let mut changed = 0;
    for (draft, right) in drafts.pages.iter().zip(&reissued.pages) {
        assert_eq!(draft.file, right.file);
        assert_ne!(draft.sha256, right.sha256);
        assert!(draft.complete.len() > 1 && draft.candles.len() < right.candles.len());
        let tape = exchange.closed_candles(
            &symbol("BTCUSDT"),
            Interval::Minute15,
            right.file.span.from(),
            right.file.span.to(),
        );
        assert_eq!(right.candles, tape);
        changed += draft
            .candles
            .iter()
            .filter(|candle| !right.candles.contains(candle))
            .count();
    }
    assert!(changed > 20, "{changed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_cannot_be_believed_is_asked_for_again_and_then_refused() {
    let exchange = exchange("2025-01-04T10:00:00Z").await;
    let archive = archive(&exchange);
    let day = span(at("2025-01-01"), at("2025-01-02"));
    let check = async |faults: &[Fault], pages: usize, refused: Option<&str>| {
        for fault in faults {
            exchange.inject(*fault);
        }
        let told = walk(
            &archive,
            plan(&archive, &exchange, Interval::Minute1, day),
            HashMap::new(),
        )
        .await;
        assert_eq!(told.pages.len(), pages, "{faults:?}");
        match refused {
            Some(reason) => assert!(
                told.refused[0].1.contains(reason),
                "{faults:?}: {:?}",
                told.refused
            ),
            None => assert!(told.refused.is_empty(), "{faults:?}: {:?}", told.refused),
        }
        assert!(told.error.is_none(), "{:?}", told.error);
        told
    };
    check(&[Fault::WrongChecksum], 1, None).await;
    check(&[Fault::CutZip], 1, None).await;
    check(
        &[Fault::WrongChecksum; 2],
        0,
        Some("is not what was published: its SHA-256 is"),
    )
    .await;
    check(&[Fault::CutZip; 2], 0, Some("is not what was published")).await;
    let told = check(&[Fault::ArchiveHtml], 1, None).await;
    assert!(told.waits[0].contains("NotJson"), "{:?}", told.waits);
    let told = check(&[Fault::ArchiveHtml; 5], 0, Some("no market data")).await;
    assert_eq!(told.waits.len(), 4);
    let told = check(&[Fault::MissingFile], 0, None).await;
    assert_eq!(told.absent, ["1m-2025-01-01"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_during_a_pause() {
    let exchange = exchange("2025-01-04T10:00:00Z").await;
    let archive = archive(&exchange);
    let days = span(at("2025-01-01"), at("2025-01-04"));
    exchange.inject(Fault::SlowDown(1));
    let told = walk(
        &archive,
        plan(&archive, &exchange, Interval::Hour1, days),
        HashMap::new(),
    )
    .await;
    assert_eq!(told.pages.len(), 3);
    assert!(
        told.waits.iter().any(|wait| wait.contains("RateLimited")),
        "{:?}",
        told.waits
    );
    // Requests that were under way when the pause was asked for are nobody's fault.
    assert!(exchange.requests_during_pause() < archive.config().at_once);
    // A pause longer than the patience ends the walk.
    let hasty = with(&exchange, |config| config.longest_wait = Duration::from_secs(2));
    exchange.inject(Fault::SlowDown(30));
    let told = walk(
        &hasty,
        plan(&hasty, &exchange, Interval::Hour1, days),
        HashMap::new(),
    )
    .await;
    assert!(
        matches!(told.error, Some(MarketError::RateLimited { .. })),
        "{:?}",
        told.error
    );
    let sent = exchange.requests().len();
    let file = &plan(&hasty, &exchange, Interval::Hour1, days)[0];
    assert!(matches!(
        hasty.checksum(file).await,
        Err(MarketError::RateLimited { .. })
    ));
    assert_eq!(exchange.requests().len(), sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_bounded_and_work_can_be_called_off() {
    let exchange = exchange("2025-01-04T10:00:00Z").await;
    let day = span(at("2025-01-01"), at("2025-01-02"));
    let small = with(&exchange, |config| config.max_file_bytes = 20_000);
    let told = walk(
        &small,
        plan(&small, &exchange, Interval::Minute1, day),
        HashMap::new(),
    )
    .await;
    assert!(
        told.refused[0].1.contains("more than 20000 bytes"),
        "{:?}",
        told.refused
    );
    let archive = archive(&exchange);
    let file = &plan(&archive, &exchange, Interval::Minute1, day)[0];
    let sum = archive.checksum(file).await.unwrap().unwrap();
    let cancel = CancellationToken::new();
    cancel.cancel();
    assert!(matches!(
        archive.fetch(file, &sum, |_| (), &cancel).await,
        Err(MarketError::Cancelled)
    ));
    let page = archive
        .fetch(file, &sum, |_| (), &CancellationToken::new())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(page.candles.len(), 1440);
    let wrong = Sha256Hex::of(b"");
    let error = archive
        .fetch(file, &wrong, |_| (), &CancellationToken::new())
        .await
        .unwrap_err();
    assert!(matches!(error, MarketError::ChecksumMismatch { .. }) && error.advice().contains("refused"));
    // A walk that is called off ends without another word, and so does one that nobody hears.
    let cancel = CancellationToken::new();
    let files = plan(
        &archive,
        &exchange,
        Interval::Minute1,
        span(at("2024-12-29"), at("2025-01-04")),
    );
    let mut events = archive.walk(files, HashMap::new(), cancel.clone());
    cancel.cancel();
    while let Some(event) = tokio::time::timeout(LIMIT, events.recv()).await.unwrap() {
        assert!(event.is_ok());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hosts_that_are_away_end_the_walk() {
    let exchange = exchange("2025-01-04T10:00:00Z").await;
    let archive = with(&exchange, |config| config.retry_wait = Duration::from_millis(1));
    let files = plan(
        &archive,
        &exchange,
        Interval::Minute1,
        span(at("2025-01-01"), at("2025-01-04")),
    );
    drop(exchange);
    let told = walk(&archive, files, HashMap::new()).await;
    assert!(
        matches!(told.error, Some(MarketError::Unreachable { .. })),
        "{:?}",
        told.error
    );
    assert!(
        told.waits.len() >= 4,
        "passing failures are told: {:?}",
        told.waits
    );
}

#[test]
fn addresses_are_checked() {
    for bad in ["", "ftp://example.org", "example.org"] {
        assert!(
            matches!(ArchiveConfig::at(bad), Err(MarketError::Address(_))),
            "{bad}"
        );
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = ArchiveConfig::public().unwrap();
    let archive = Archive::new(config, Arc::new(ManualClock::default())).unwrap();
    let month = span(at("2024-03-01"), at("2024-03-01").plus_millis(31 * DAY));
    let files = archive.plan(&symbol("BTCUSDT"), Interval::Minute1, month, at("2024-06-01"));
    assert_eq!(
        files[0].url.as_str(),
        "https://data.binance.vision/data/spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2024-03.zip"
    );
}
