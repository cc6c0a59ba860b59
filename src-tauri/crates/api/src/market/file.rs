//! Candles from files and to files.

use serde::{Deserialize, Serialize};

use crate::TimeMs;

/// What a column of a file may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum CandleFieldDto {
    OpenTime,
    Open,
    High,
    Low,
    Close,
    Volume,
    CloseTime,
    QuoteVolume,
    Trades,
    TakerBaseVolume,
    TakerQuoteVolume,
}

/// How a file of candles is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum FileFormatDto {
    /// A table with or without a header.
    Csv,
    /// Twelve columns of the exchange's archives.
    Archive,
    /// A recording of the stream.
    Capture,
}

/// What a column of the file is taken for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ColumnChoiceDto {
    /// The meaning; null when it is not to be read, whatever its name suggests.
    pub field: Option<CandleFieldDto>,
    /// The column's name in the file.
    pub column: String,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportColumnDto {
    /// Its name in the file's header; its number where there is no header.
    pub name: String,
    /// What it means, by the choice of the user or by its name; null when it is not read.
    pub field: Option<CandleFieldDto>,
}

/// A file to be imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportRequest {
    /// The file.
    pub path: String,
    /// `BTCUSDT`
    pub symbol: String,
    /// `1h`
    pub interval: String,
    /// Where the prices come from; `csv` when null.
    pub venue: Option<String>,
    /// How it is written; as its name suggests when null.
    pub format: Option<FileFormatDto>,
    /// What its columns mean where their names do not tell.
    pub map: Vec<ColumnChoiceDto>,
}

/// What a file holds, before it is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreviewDto {
    /// The file.
    pub path: String,
    /// How it is written.
    pub format: FileFormatDto,
    /// Whether its first row names the columns; only then their meaning can be chosen.
    pub has_header: bool,
    /// Its columns.
    pub columns: Vec<ImportColumnDto>,
    /// First rows, a cell for each column.
    pub rows: Vec<Vec<String>>,
    /// What no column means yet: nothing can be read before a column is chosen for each.
    pub missing: Vec<CandleFieldDto>,
    /// Candles it holds.
    #[specta(type = specta_typescript::Number)]
    pub candles: u64,
    /// Rows that cannot be read.
    #[specta(type = specta_typescript::Number)]
    pub rejected: u64,
    /// Why, a line each with the number of the row, the first ones.
    pub problems: Vec<String>,
    /// The interval that its times suggest.
    pub interval: Option<String>,
    /// The symbol that its name suggests.
    pub symbol: Option<String>,
    /// The venue that its name or its form suggests.
    pub venue: Option<String>,
    /// Open time of the first candle.
    pub first: Option<TimeMs>,
    /// Open time of the last candle.
    pub last: Option<TimeMs>,
}

/// File formats candles can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum ExportFormat {
    /// Comma-separated values.
    Csv,
    /// One Parquet file.
    Parquet,
    /// A folder `symbol=/interval=/year=` of Parquet files.
    ParquetPartitioned,
}

/// A series to be written to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct ExportRequest {
    /// The series.
    pub series_id: i32,
    /// The format.
    pub format: ExportFormat,
    /// The file, or the folder.
    pub path: String,
}
