//! CSV: the columns of the import, exact.

use std::path::{Path, PathBuf};

use promptpal_domain::{Candle, Decimal, Timestamp};

use super::Sink;
use super::atomic_file::AtomicFile;
use crate::StoreError;
use crate::candles::ReadPage;

const HEADER: [&str; 11] = [
    "open_time",
    "open",
    "high",
    "low",
    "close",
    "volume",
    "close_time",
    "quote_volume",
    "trades",
    "taker_base_volume",
    "taker_quote_volume",
];

pub(super) struct CsvSink {
    writer: csv::Writer<AtomicFile>,
    path: PathBuf,
}

impl CsvSink {
    pub(super) fn create(path: &Path) -> Result<Self, StoreError> {
        let mut writer = csv::Writer::from_writer(AtomicFile::create(path)?);
        let path = path.to_owned();
        writer
            .write_record(HEADER)
            .map_err(|error| failed(&path, error))?;
        Ok(Self { writer, path })
    }

    fn write_candle(&mut self, candle: &Candle) -> Result<(), csv::Error> {
        let decimal = |value: Decimal| value.trimmed().to_string();
        let optional = |value: Option<Decimal>| value.map(decimal).unwrap_or_default();
        self.writer.write_record([
            candle.open_time.millis().to_string(),
            decimal(candle.open),
            decimal(candle.high),
            decimal(candle.low),
            decimal(candle.close),
            decimal(candle.volume),
            candle
                .close_time
                .map(|at: Timestamp| at.millis().to_string())
                .unwrap_or_default(),
            optional(candle.quote_volume),
            candle.trades.map(|count| count.to_string()).unwrap_or_default(),
            optional(candle.taker_base_volume),
            optional(candle.taker_quote_volume),
        ])
    }
}

impl Sink for CsvSink {
    fn write(&mut self, page: ReadPage) -> Result<(), StoreError> {
        for row in page.rows {
            let candle = row.to_candle(page.scales);
            self.write_candle(&candle)
                .map_err(|error| failed(&self.path, error))?;
        }
        Ok(())
    }

    fn finish(self) -> Result<Vec<PathBuf>, StoreError> {
        let file = self
            .writer
            .into_inner()
            .map_err(|error| failed(&self.path, error.into_error().into()))?;
        Ok(vec![file.commit()?])
    }
}

fn failed(path: &Path, error: csv::Error) -> StoreError {
    let source = match error.into_kind() {
        csv::ErrorKind::Io(source) => source,
        other => std::io::Error::other(format!("{other:?}")),
    };
    StoreError::File {
        path: path.to_owned(),
        source,
    }
}
