//! Candles from files.

mod told;

use std::fs::File;
use std::path::{Path, PathBuf};

use promptpal_domain::{Candle, CandleSource, Interval, SeriesId, Symbol, Timestamp};
use promptpal_market::csv::{FileBody, TableLook, guess_interval, guess_symbol, look};
use promptpal_market::{CandleFile, ColumnMap, FileFormat, ImportReport as FileReport, ReadOptions};
use promptpal_store::Page;
use serde::Serialize;
use tokio::sync::mpsc;

use self::told::Told;
use crate::bus::Event;
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::requests::{CandleFormat, ImportRequest};
use crate::{App, AppError};

/// Candles in one transaction.
const BATCH: usize = 5_000;
/// Batches that may wait for the writer.
const WAITING: usize = 4;
/// Rows shown of a file before it is imported.
const PREVIEW_ROWS: usize = 8;

/// A hole in an imported series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GapLine {
    /// First missing opening, milliseconds since 1970.
    pub from: i64,
    /// Opening of the next candle, milliseconds since 1970.
    pub to: i64,
    /// Candles missing.
    pub missing: u64,
}

/// What became of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// The series' number.
    pub series_id: i64,
    /// The series: `binance BTCUSDT 1h`.
    pub series: String,
    /// Candles that the file holds.
    pub rows: u64,
    /// Candles that are new.
    pub inserted: u64,
    /// Candles that were there.
    pub unchanged: u64,
    /// Candles whose numbers differed from those stored.
    pub corrected: u64,
    /// Rows that could not be read.
    pub rejected: u64,
    /// Why, a line each, the first hundred.
    pub problems: Vec<String>,
    /// Open time of the first candle, milliseconds since 1970.
    pub first: Option<i64>,
    /// Open time of the last candle, milliseconds since 1970.
    pub last: Option<i64>,
    /// Holes in the series.
    pub gap_count: u64,
    /// The first thousand of them.
    pub gaps: Vec<GapLine>,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportPreview {
    /// The file.
    pub path: PathBuf,
    /// How it is read.
    pub format: CandleFormat,
    /// Its columns and first rows as they stand; nothing for a recording.
    pub table: TableLook,
    /// Candles that it holds.
    pub candles: u64,
    /// Rows that cannot be read.
    pub rejected: u64,
    /// Why, a line each, the first ones.
    pub problems: Vec<String>,
    /// The interval that its times suggest.
    pub interval: Option<Interval>,
    /// The symbol that its name suggests.
    pub symbol: Option<Symbol>,
    /// Open time of the first candle.
    pub first: Option<Timestamp>,
    /// Open time of the last candle.
    pub last: Option<Timestamp>,
}

impl App {
    pub(crate) async fn import(
        &self,
        request: &ImportRequest,
        progress: &Progress,
    ) -> Result<ImportReport, AppError> {
        let key = request.key();
        progress.phase(
            Step::ReadingFile.of([request.file.display()]),
            Unit::Candles,
            None,
        );
        let mut reader = open(&request.file, &request.format, &request.symbol, request.interval)?;
        let (batches, mut waiting) = mpsc::channel::<Vec<Candle>>(WAITING);
        let cancel = progress.cancel_token().clone();
        let reading = tokio::task::spawn_blocking(move || {
            let mut batch = Vec::with_capacity(BATCH);
            for candle in reader.by_ref() {
                // A row that cannot be read is counted by the reader; the others are kept.
                if let Ok(candle) = candle {
                    batch.push(candle);
                }
                if batch.len() == BATCH
                    && (cancel.is_cancelled() || batches.blocking_send(std::mem::take(&mut batch)).is_err())
                {
                    break;
                }
            }
            if !batch.is_empty() {
                let _ = batches.blocking_send(batch);
            }
            reader.report().clone()
        });
        let mut report = ImportReport {
            series: key.to_string(),
            ..ImportReport::default()
        };
        let mut id: Option<SeriesId> = None;
        let mut told = Told::default();
        let name = file_name(&request.file);
        while let Some(batch) = waiting.recv().await {
            progress.check()?;
            let series = match id {
                Some(id) => id,
                // A file without a single candle leaves no empty series behind.
                None => *id.insert(self.store().ensure_series(&key).await?),
            };
            let count = batch.len() as u64;
            let page = Page {
                asked: told.also_by(&batch, key.interval, self.inner.clock.now()),
                candles: batch,
                source: CandleSource::Import,
                name: name.clone(),
                sha256: None,
            };
            let stored = self
                .store()
                .put_page(series, page, self.inner.clock.now())
                .await?;
            report.inserted += stored.inserted;
            report.unchanged += stored.unchanged;
            report.corrected += stored.corrected;
            self.bus().announce(Event::CandlesStored(series));
            progress.advance(count);
        }
        let read = reading.await?;
        progress.check()?;
        let Some(id) = id else {
            return Err(empty(&request.file, &read));
        };
        report.series_id = id.0;
        self.store().seal(id, self.inner.clock.now()).await?;
        self.describe(id, &read, &mut report).await?;
        Ok(report)
    }

    async fn describe(
        &self,
        id: SeriesId,
        read: &FileReport,
        report: &mut ImportReport,
    ) -> Result<(), AppError> {
        report.rows = read.candles;
        report.rejected = read.rejected;
        report.problems = read.problems.iter().map(ToString::to_string).collect();
        report.first = read.first.map(Timestamp::millis);
        report.last = read.last.map(Timestamp::millis);
        report.gap_count = self.store().series(id).await?.gaps;
        let gaps = self.gaps(id).await?;
        let line = |gap: promptpal_domain::Gap| GapLine {
            from: gap.span.from().millis(),
            to: gap.span.to().millis(),
            missing: gap.missing,
        };
        report.gaps = gaps.into_iter().map(line).collect();
        Ok(())
    }

    /// Reads a file without storing anything. Where columns are missing, they are named and no candle is read.
    ///
    /// # Errors
    /// [`AppError::File`] when it cannot be read, [`AppError::Invalid`] when it is empty or names a column that it does not
    /// have.
    pub async fn preview_import(
        &self,
        path: PathBuf,
        format: CandleFormat,
    ) -> Result<ImportPreview, AppError> {
        tokio::task::spawn_blocking(move || preview(path, format)).await?
    }
}

fn preview(path: PathBuf, format: CandleFormat) -> Result<ImportPreview, AppError> {
    let name = file_name(&path);
    let symbol = guess_symbol(&name);
    let mut found = ImportPreview {
        table: look_at(&path, &format)?,
        symbol: symbol.clone(),
        ..ImportPreview::default()
    };
    if found.table.missing.is_empty() {
        let any: Symbol = match symbol {
            Some(symbol) => symbol,
            None => "UNKNOWN"
                .parse()
                .map_err(|error: promptpal_domain::NameError| AppError::Internal(error.to_string()))?,
        };
        // The interval is not known yet: the shortest one puts no time off the grid.
        let mut reader = open(&path, &format, &any, Interval::Second1)?;
        let times: Vec<Timestamp> = reader.by_ref().flatten().map(|candle| candle.open_time).collect();
        let read = reader.report().clone();
        found.candles = read.candles;
        found.rejected = read.rejected;
        found.problems = read.problems.iter().map(ToString::to_string).collect();
        found.interval = guess_interval(&times);
        (found.first, found.last) = (read.first, read.last);
    }
    (found.path, found.format) = (path, format);
    Ok(found)
}

fn look_at(path: &Path, format: &CandleFormat) -> Result<TableLook, AppError> {
    let unusable = |error: promptpal_market::FileProblem| unusable(path, &error);
    let map = match format {
        CandleFormat::Capture => return Ok(TableLook::default()),
        CandleFormat::Archive => None,
        CandleFormat::Csv { map } => Some(column_map(map).map_err(unusable)?),
    };
    let body = FileBody::of(on_disk(path)?).map_err(unusable)?;
    look(body, map.as_ref(), PREVIEW_ROWS).map_err(unusable)
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn on_disk(path: &Path) -> Result<File, AppError> {
    File::open(path).map_err(|source| AppError::File {
        doing: "read",
        path: path.to_owned(),
        source,
    })
}

fn unusable(path: &Path, error: &promptpal_market::FileProblem) -> AppError {
    AppError::invalid(
        format!("{}: {error}", path.display()),
        "Check the format, or name the columns with --map.",
    )
}

fn column_map(pairs: &[(String, String)]) -> Result<ColumnMap, promptpal_market::FileProblem> {
    ColumnMap::new(
        pairs
            .iter()
            .map(|(field, column)| (field.as_str(), column.as_str())),
    )
}

/// The reader of a file, zipped or not; what is wrong with a row comes with the row.
fn open(
    path: &Path,
    format: &CandleFormat,
    symbol: &Symbol,
    interval: Interval,
) -> Result<CandleFile<FileBody>, AppError> {
    let unusable = |error: promptpal_market::FileProblem| unusable(path, &error);
    let body = FileBody::of(on_disk(path)?).map_err(unusable)?;
    let format = match format {
        CandleFormat::Csv { map } => FileFormat::Csv(column_map(map).map_err(unusable)?),
        CandleFormat::Archive => FileFormat::Archive,
        CandleFormat::Capture => FileFormat::Capture(symbol.clone()),
    };
    CandleFile::open(body, ReadOptions { format, interval }).map_err(unusable)
}

fn empty(path: &Path, read: &FileReport) -> AppError {
    let why = read
        .problems
        .first()
        .map(|problem| format!(": {problem}"))
        .unwrap_or_default();
    AppError::invalid(
        format!("{} holds no candle that can be read{why}", path.display()),
        "Check format and interval, or name the columns with --map.",
    )
}
