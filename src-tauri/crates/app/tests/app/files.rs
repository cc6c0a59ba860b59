//! Candles from files and to files.

use std::path::{Path, PathBuf};

use promptpal_app::{
    App, AppError, CandleFormat, ErrorKind, ExportFormat, ExportReport, ExportRequest, ImportPreview,
    ImportReport, ImportRequest, JobRequest, Outcome,
};
use promptpal_domain::{Interval, SeriesId, Span, Venue};

use crate::desk::{Desk, csv, exchange, tape_start};

pub(crate) fn import_of(file: PathBuf, symbol: &str) -> JobRequest {
    JobRequest::Import(ImportRequest {
        file,
        format: CandleFormat::Csv { map: Vec::new() },
        venue: Venue::binance(),
        symbol: symbol.parse().unwrap(),
        interval: Interval::Hour1,
    })
}

async fn imported(app: &App, file: PathBuf, symbol: &str) -> ImportReport {
    match app.run(import_of(file, symbol)).await.unwrap() {
        Outcome::Imported(report) => report,
        other => panic!("{other:?}"),
    }
}

async fn exported(app: &App, series: i64, format: ExportFormat, out: &Path) -> ExportReport {
    match app
        .run(JobRequest::Export(ExportRequest {
            series,
            format,
            out: out.to_owned(),
        }))
        .await
        .unwrap()
    {
        Outcome::Exported(report) => report,
        other => panic!("{other:?}"),
    }
}

async fn preview(app: &App, file: &Path) -> Result<ImportPreview, AppError> {
    app.preview_import(file.to_owned(), CandleFormat::of_file(file))
        .await
}

#[tokio::test]
async fn bad_rows_are_counted_and_the_others_kept() {
    let desk = Desk::offline().await;
    let text = csv((0..50).chain(53..100)).replacen("104.5", "a lot", 1) + "1,2,3\nnonsense\n";
    let file = desk.file("BTCUSDT-1h.csv", &text);
    let preview = preview(&desk.app, &file).await.unwrap();
    assert_eq!(
        (preview.candles, preview.rejected, preview.interval),
        (96, 3, Some(Interval::Hour1))
    );
    assert_eq!(preview.symbol.unwrap().as_str(), "BTCUSDT");

    let report = imported(&desk.app, file.clone(), "BTCUSDT").await;
    assert_eq!((report.rows, report.inserted, report.rejected), (96, 96, 3));
    assert_eq!(report.problems.len(), 3, "{:?}", report.problems);
    let missing: Vec<u64> = report.gaps.iter().map(|gap| gap.missing).collect();
    assert_eq!(
        (report.gap_count, missing),
        (2, vec![1, 3]),
        "the row of letters is a gap too"
    );

    let again = imported(&desk.app, file, "BTCUSDT").await;
    assert_eq!((again.inserted, again.unchanged, again.corrected), (0, 96, 0));
    let other = desk.file("other.csv", &csv(60..61).replace("1.125", "77.125"));
    assert_eq!(imported(&desk.app, other, "BTCUSDT").await.corrected, 1);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn the_job_of_an_import_says_what_it_changed() {
    let desk = Desk::offline().await;
    let last = async || desk.app.jobs().await.unwrap().remove(0);
    let first = desk.file("first.csv", &csv((0..50).chain(53..60)));
    imported(&desk.app, first, "BTCUSDT").await;
    let second = csv(40..60)
        .replacen("104.5", "a lot", 1)
        .replace("1.125", "77.125");
    let second = desk.file("second.csv", &second);
    imported(&desk.app, second, "BTCUSDT").await;
    let job = last().await;
    let changes = job.changes.unwrap();
    let counts = (changes.inserted, changes.unchanged, changes.corrected);
    let all = counts.0 + counts.1 + counts.2;
    assert_eq!(
        (all, changes.problems.len() as u64),
        (20 - changes.rejected, changes.rejected)
    );
    assert!(changes.corrected > 0 && changes.inserted > 0, "{changes:?}");
    assert!(changes.gaps.is_some());
    let line = job.job.progress.log.last().unwrap();
    assert!(line.starts_with(&format!("{} new, ", changes.inserted)), "{line}");
    desk.app.shutdown().await;

    // Another program, or this one after its next start, has the log.
    let again = crate::desk::start(desk.folder.path(), |_| {}).await;
    let job = again.jobs().await.unwrap().remove(0);
    assert_eq!((job.changes, job.job.progress.log.last()), (None, Some(line)));
    again.shutdown().await;
}

#[tokio::test]
async fn an_archive_is_imported_as_it_was_downloaded() {
    let (desk, exchange) = (Desk::offline().await, exchange(2 * 1440).await);
    let zip = exchange
        .archive("/data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-03-01.zip")
        .unwrap();
    let file = desk.file("BTCUSDT-1h-2024-03-01.zip", "");
    std::fs::write(&file, zip).unwrap();
    assert_eq!(CandleFormat::of_file(&file), CandleFormat::Archive);
    let preview = preview(&desk.app, &file).await.unwrap();
    assert_eq!(
        (preview.candles, preview.rejected, preview.interval),
        (24, 0, Some(Interval::Hour1))
    );
    let JobRequest::Import(mut request) = import_of(file, "BTCUSDT") else {
        panic!("an import was asked for");
    };
    request.format = CandleFormat::Archive;
    let Outcome::Imported(report) = desk.app.run(JobRequest::Import(request)).await.unwrap() else {
        panic!("an import was asked for");
    };
    assert_eq!((report.rows, report.inserted, report.rejected), (24, 24, 0));
    let day = Span::new(tape_start(), Interval::Day1.next(tape_start())).unwrap();
    let tape = exchange.closed_candles(&"BTCUSDT".parse().unwrap(), Interval::Hour1, day.from(), day.to());
    let stored = desk
        .store()
        .await
        .candles(SeriesId(report.series_id), day, 100)
        .await
        .unwrap();
    assert_eq!(stored, tape);
    desk.app.shutdown().await;
}

#[tokio::test]
async fn a_file_without_candles_leaves_no_series_behind() {
    let desk = Desk::offline().await;
    let check = async |name: &str, contents: &str| {
        let file = desk.file(name, contents);
        let error = desk
            .app
            .run(import_of(file.clone(), "BTCUSDT"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{name}: {error}");
        assert!(error.hint().is_some());
        if let Ok(preview) = preview(&desk.app, &file).await {
            assert_eq!(preview.candles, 0, "{name}");
        }
        assert!(desk.app.series().await.unwrap().is_empty(), "{name}");
    };
    check("empty.csv", "").await;
    check("header.csv", "open_time,open,high,low,close,volume\n").await;
    check(
        "letters.csv",
        "open_time,open,high,low,close,volume\nx,x,x,x,x,x\n",
    )
    .await;
    check("columns.csv", "when,what\n1,2\n").await;
    let missing = desk.folder.path().join("missing.csv");
    assert_eq!(
        desk.app
            .run(import_of(missing, "BTCUSDT"))
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::File
    );
    desk.app.shutdown().await;
}

#[tokio::test]
async fn what_is_exported_can_be_imported_again() {
    let desk = Desk::offline().await;
    let file = desk.file("a.csv", &csv(0..9_000));
    let report = imported(&desk.app, file, "BTCUSDT").await;
    let out = desk.folder.path().join("out");
    std::fs::create_dir(&out).unwrap();

    let written = exported(&desk.app, report.series_id, ExportFormat::Csv, &out.join("a.csv")).await;
    assert_eq!((written.rows, written.files.len()), (9_000, 1));
    let again = imported(&desk.app, out.join("a.csv"), "ETHUSDT").await;
    assert_eq!((again.inserted, again.rejected), (9_000, 0));
    let store = desk.store().await;
    let (a, b) = (SeriesId(report.series_id), SeriesId(again.series_id));
    assert_eq!(
        store.bars(a, Span::ALL).await.unwrap(),
        store.bars(b, Span::ALL).await.unwrap()
    );

    let written = exported(
        &desk.app,
        report.series_id,
        ExportFormat::Parquet,
        &out.join("a.parquet"),
    )
    .await;
    assert_eq!(written.rows, 9_000);
    let written = exported(
        &desk.app,
        report.series_id,
        ExportFormat::ParquetPartitioned,
        &out.join("parts"),
    )
    .await;
    assert_eq!(
        (written.rows, written.files.len()),
        (9_000, 2),
        "{:?}",
        written.files
    );
    for file in written
        .files
        .iter()
        .map(PathBuf::from)
        .chain([out.join("a.parquet")])
    {
        let bytes = std::fs::read(&file).unwrap();
        assert!(
            bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"),
            "{}",
            file.display()
        );
    }
    assert!(
        written
            .files
            .iter()
            .any(|file| file.contains("symbol=BTCUSDT") && file.contains("year=2025"))
    );
    desk.app.shutdown().await;
}
