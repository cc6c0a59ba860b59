//! Candles to files that other programs read as they are.

mod atomic_file;
mod csv;
mod parquet;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use promptpal_domain::{SeriesId, SeriesKey, Span, Timestamp};

use crate::candles::{PAGE_ROWS, ReadPage, SeriesRow};
use crate::{Store, StoreError};

/// What an export wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Candles.
    pub rows: u64,
    /// The files, each complete under its name.
    pub files: Vec<PathBuf>,
    /// Bytes of all files.
    pub bytes: u64,
}

/// How a Parquet export is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// One file at the path given.
    SingleFile,
    /// Under the folder given: `symbol=BTCUSDT/interval=1h/year=2024/binance.parquet`. A month is `interval=1mo`, since
    /// some file systems do not tell `1M` from `1m`.
    Hive,
}

/// Writes a file that appears under its name when all of it is on the disk, in place of an earlier one. Folders above it
/// are made.
///
/// # Errors
/// [`StoreError::File`]; then an earlier file stays as it was.
pub fn write_file(path: &Path, contents: &[u8]) -> Result<(), StoreError> {
    let mut file = atomic_file::AtomicFile::create(path)?;
    file.write_all(contents).map_err(|source| StoreError::File {
        path: path.to_owned(),
        source,
    })?;
    file.commit()?;
    Ok(())
}

const DOING: &str = "export candles";

/// Takes pages of candles, in order, and turns them into files.
trait Sink: Send + Sized + 'static {
    fn write(&mut self, page: ReadPage) -> Result<(), StoreError>;
    fn finish(self) -> Result<Vec<PathBuf>, StoreError>;
}

impl Store {
    /// Writes the candles that open in `span` to a CSV file: a header, then open time in milliseconds and exact decimals,
    /// empty where there is none. Import reads it back.
    ///
    /// `progress` gets the rows written so far. Dropping the future cancels and leaves no file behind.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without the series, [`StoreError::File`], and those of every read.
    pub async fn export_csv(
        &self,
        id: SeriesId,
        span: Span,
        out: &Path,
        progress: impl FnMut(u64) + Send,
    ) -> Result<Exported, StoreError> {
        self.series(id).await?;
        let out = out.to_owned();
        let sink = blocking(move || csv::CsvSink::create(&out)).await?;
        self.export(id, span, sink, progress).await
    }

    /// Writes the candles that open in `span` to Parquet: times as UTC timestamps in milliseconds, prices and amounts as
    /// exact decimals, of the series' scale in a single file and of 18 decimals in partitions. DuckDB, Polars and Spark
    /// read them as they are.
    ///
    /// `progress` gets the rows written so far. Dropping the future cancels; files not yet complete are removed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without the series, [`StoreError::File`], [`StoreError::Parquet`],
    /// [`StoreError::DoesNotFit`] when the series gets finer decimals while it is exported, and those of every read.
    pub async fn export_parquet(
        &self,
        id: SeriesId,
        span: Span,
        out: &Path,
        partition: Partition,
        progress: impl FnMut(u64) + Send,
    ) -> Result<Exported, StoreError> {
        let shape = self.parquet_shape(id, partition).await?;
        let sink = parquet::ParquetSink::new(shape, out.to_owned(), partition);
        self.export(id, span, sink, progress).await
    }

    async fn export<S: Sink>(
        &self,
        id: SeriesId,
        span: Span,
        mut sink: S,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<Exported, StoreError> {
        let (mut rows, mut from) = (0_u64, span.from());
        loop {
            let rest = Span::new(from, span.to().max(from)).unwrap_or(Span::ALL);
            let page = self.candle_page(id, rest, PAGE_ROWS).await?;
            let (count, last) = (page.rows.len(), page.rows.last().map(|row| row.open_time));
            sink = blocking(move || sink.write(page).map(|()| sink)).await?;
            rows += count as u64;
            progress(rows);
            match last {
                Some(last) if count == PAGE_ROWS as usize => {
                    from = Timestamp::from_millis(last).plus_millis(1)
                }
                _ => break,
            }
        }
        let files = blocking(move || sink.finish()).await?;
        let bytes = files
            .iter()
            .map(|file| std::fs::metadata(file).map_or(0, |found| found.len()))
            .sum();
        Ok(Exported { rows, files, bytes })
    }

    /// What the columns of a series' Parquet file must hold.
    async fn parquet_shape(&self, id: SeriesId, partition: Partition) -> Result<parquet::Shape, StoreError> {
        self.read(DOING, move |tx| {
            Box::pin(async move {
                let series = SeriesRow::load(tx, id).await?;
                let key: SeriesKey = series.key()?;
                let (price, volume, quote): (i64, i64, i64) = sqlx::query_as(
                    "SELECT coalesce(max(high), 0), coalesce(max(max(volume, coalesce(taker_base_volume, 0))), 0),
                            coalesce(max(max(coalesce(quote_volume, 0), coalesce(taker_quote_volume, 0))), 0)
                     FROM candles WHERE series_id = ?1",
                )
                .bind(id.0)
                .fetch_one(&mut **tx)
                .await?;
                Ok(parquet::Shape::new(key, series.scales(), [price, volume, quote], partition))
            })
        })
        .await
    }
}

/// Runs file work off the runtime's threads.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(StoreError::Panicked { doing: DOING }))
}
