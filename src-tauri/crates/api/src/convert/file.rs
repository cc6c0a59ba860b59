//! Candles from files and to files.

use std::path::{Path, PathBuf};

use promptpal_app::causes::{Column, ColumnMap, FileColumn};
use promptpal_app::{CandleFormat, ImportPreview};

use super::market::{INTERVAL, SYMBOL};
use super::refused;
use crate::{
    ApiError, CandleFieldDto, ColumnChoiceDto, ExportFormat, ExportRequest, FileFormatDto, ImportColumnDto,
    ImportPreviewDto, ImportRequest,
};

impl FileFormatDto {
    /// The format that was chosen, or else the one that the file's name suggests, with the meanings chosen for columns.
    #[must_use]
    pub fn or_of_file(format: Option<Self>, file: &Path, map: Vec<ColumnChoiceDto>) -> CandleFormat {
        match format {
            Some(Self::Archive) => CandleFormat::Archive,
            Some(Self::Capture) => CandleFormat::Capture,
            Some(Self::Csv) => CandleFormat::Csv {
                map: column_names(map),
            },
            None => match CandleFormat::of_file(file) {
                CandleFormat::Csv { .. } => CandleFormat::Csv {
                    map: column_names(map),
                },
                other => other,
            },
        }
    }
}

impl From<&CandleFormat> for FileFormatDto {
    fn from(format: &CandleFormat) -> Self {
        match format {
            CandleFormat::Csv { .. } => Self::Csv,
            CandleFormat::Archive => Self::Archive,
            CandleFormat::Capture => Self::Capture,
        }
    }
}

impl From<Column> for CandleFieldDto {
    fn from(column: Column) -> Self {
        match column {
            Column::OpenTime => Self::OpenTime,
            Column::Open => Self::Open,
            Column::High => Self::High,
            Column::Low => Self::Low,
            Column::Close => Self::Close,
            Column::Volume => Self::Volume,
            Column::CloseTime => Self::CloseTime,
            Column::QuoteVolume => Self::QuoteVolume,
            Column::Trades => Self::Trades,
            Column::TakerBaseVolume => Self::TakerBaseVolume,
            Column::TakerQuoteVolume => Self::TakerQuoteVolume,
        }
    }
}

impl From<ImportPreview> for ImportPreviewDto {
    fn from(preview: ImportPreview) -> Self {
        let column = |column: FileColumn| ImportColumnDto {
            name: column.name,
            field: column.meaning.map(Into::into),
        };
        // Files of the archives and recordings come from one place only.
        let of_exchange = !matches!(preview.format, CandleFormat::Csv { .. });
        Self {
            path: preview.path.display().to_string(),
            format: (&preview.format).into(),
            has_header: preview.table.has_header,
            columns: preview.table.columns.into_iter().map(column).collect(),
            rows: preview.table.rows,
            missing: preview.table.missing.into_iter().map(Into::into).collect(),
            candles: preview.candles,
            rejected: preview.rejected,
            problems: preview.problems,
            interval: preview.interval.map(|interval| interval.to_string()),
            symbol: preview.symbol.map(|symbol| symbol.to_string()),
            venue: of_exchange.then(|| promptpal_domain::Venue::binance().to_string()),
            first: preview.first.map(Into::into),
            last: preview.last.map(Into::into),
        }
    }
}

impl TryFrom<ImportRequest> for promptpal_app::ImportRequest {
    type Error = ApiError;

    fn try_from(request: ImportRequest) -> Result<Self, ApiError> {
        let venue = request.venue.as_deref().unwrap_or("csv");
        let file = PathBuf::from(request.path);
        let format = FileFormatDto::or_of_file(request.format, &file, request.map);
        Ok(Self {
            format,
            file,
            venue: venue
                .parse()
                .map_err(|error| refused(error, "Write a short name such as binance."))?,
            symbol: request.symbol.parse().map_err(|error| refused(error, SYMBOL))?,
            interval: request
                .interval
                .parse()
                .map_err(|error| refused(error, INTERVAL))?,
        })
    }
}

impl CandleFieldDto {
    /// The name that mappings and our own exports use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenTime => "open_time",
            Self::Open => "open",
            Self::High => "high",
            Self::Low => "low",
            Self::Close => "close",
            Self::Volume => "volume",
            Self::CloseTime => "close_time",
            Self::QuoteVolume => "quote_volume",
            Self::Trades => "trades",
            Self::TakerBaseVolume => "taker_base_volume",
            Self::TakerQuoteVolume => "taker_quote_volume",
        }
    }
}

/// The choices as the file reader takes them: our name of a column, and the file's.
fn column_names(choices: Vec<ColumnChoiceDto>) -> Vec<(String, String)> {
    choices
        .into_iter()
        .map(|choice| {
            let name = choice.field.map_or(ColumnMap::IGNORE, CandleFieldDto::as_str);
            (name.to_owned(), choice.column)
        })
        .collect()
}

impl ExportFormat {
    /// The usual ending of such a file.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Parquet | Self::ParquetPartitioned => "parquet",
        }
    }
}

impl From<ExportRequest> for promptpal_app::ExportRequest {
    fn from(request: ExportRequest) -> Self {
        let format = match request.format {
            ExportFormat::Csv => promptpal_app::ExportFormat::Csv,
            ExportFormat::Parquet => promptpal_app::ExportFormat::Parquet,
            ExportFormat::ParquetPartitioned => promptpal_app::ExportFormat::ParquetPartitioned,
        };
        Self {
            series: request.series_id.into(),
            format,
            out: PathBuf::from(request.path),
        }
    }
}
