//! Candles to files that other tools read as they are.

use promptpal_domain::{SeriesId, Span};
use promptpal_store::Partition;
use serde::Serialize;

use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::requests::{ExportFormat, ExportRequest};
use crate::{App, AppError};

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    /// Candles written.
    pub rows: u64,
    /// The files.
    pub files: Vec<String>,
}

impl App {
    pub(crate) async fn export(
        &self,
        request: &ExportRequest,
        progress: &Progress,
    ) -> Result<ExportReport, AppError> {
        let series = self.store().series(SeriesId(request.series)).await?;
        progress.phase(
            Step::WritingSeries.of([&series.key]),
            Unit::Candles,
            Some(series.rows),
        );
        let written = {
            let progress = progress.clone();
            move |rows| progress.reached(rows)
        };
        let (store, id, out) = (self.store(), series.id, request.out.as_path());
        let exported = match request.format {
            ExportFormat::Csv => store.export_csv(id, Span::ALL, out, written).await?,
            ExportFormat::Parquet => {
                store
                    .export_parquet(id, Span::ALL, out, Partition::SingleFile, written)
                    .await?
            }
            ExportFormat::ParquetPartitioned => {
                store
                    .export_parquet(id, Span::ALL, out, Partition::Hive, written)
                    .await?
            }
        };
        let files = exported
            .files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        Ok(ExportReport {
            rows: exported.rows,
            files,
        })
    }
}
