//! What is known about every opening of a series: there, absent at the exchange, or not asked yet.

use serde::{Deserialize, Serialize};

use crate::TimeMs;

/// How candles came into the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub enum CandleSourceDto {
    /// Asked for page by page.
    Rest,
    /// A file of the exchange's archive.
    Archive,
    /// The stream.
    Live,
    /// A file of the user's.
    Import,
    /// Made up by the program.
    Simulation,
}

/// Who said that there is nothing, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct EvidenceDto {
    /// How it was asked.
    pub source: CandleSourceDto,
    /// The host or the file.
    pub name: String,
    /// When it was asked first.
    pub first_asked: TimeMs,
    /// When it was asked last.
    pub last_asked: TimeMs,
    /// How often.
    pub times: u32,
}

/// A piece of a coverage bar: how many openings of it are there, absent, and pending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct StripCellDto {
    /// First instant.
    pub from: TimeMs,
    /// After the last instant.
    pub to: TimeMs,
    /// Candles stored.
    #[specta(type = specta_typescript::Number)]
    pub present: u64,
    /// Candles that the exchange does not have.
    #[specta(type = specta_typescript::Number)]
    pub absent: u64,
    /// Candles that were not asked for yet.
    #[specta(type = specta_typescript::Number)]
    pub pending: u64,
}

/// A page of candles that was stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct JournalRowDto {
    /// Its number; later pages have higher ones.
    #[specta(type = specta_typescript::Number)]
    pub id: i64,
    /// How it came.
    pub source: CandleSourceDto,
    /// The host or the file.
    pub name: String,
    /// First instant of the span that was asked for.
    pub from: TimeMs,
    /// After its last instant.
    pub to: TimeMs,
    /// Candles in it.
    #[specta(type = specta_typescript::Number)]
    pub rows: u64,
    /// Those that were new.
    #[specta(type = specta_typescript::Number)]
    pub inserted: u64,
    /// Those that differed from what was stored.
    #[specta(type = specta_typescript::Number)]
    pub corrected: u64,
    /// When it was stored.
    pub at: TimeMs,
}

/// The ledger of a series over what was ever wanted of it and what is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "camelCase")]
pub struct LedgerDto {
    /// First instant; null while nothing is stored or wanted.
    pub from: Option<TimeMs>,
    /// After the last instant.
    pub to: Option<TimeMs>,
    /// The coverage bar, in as many cells as were asked for or fewer.
    pub strip: Vec<StripCellDto>,
    /// Candles stored.
    #[specta(type = specta_typescript::Number)]
    pub present: u64,
    /// Candles that the exchange does not have.
    #[specta(type = specta_typescript::Number)]
    pub absent: u64,
    /// Candles that are wanted and were not asked for yet.
    #[specta(type = specta_typescript::Number)]
    pub pending: u64,
    /// Bytes in the store, rows and column cache together.
    #[specta(type = specta_typescript::Number)]
    pub bytes: u64,
    /// Closed candles that were changed afterwards.
    #[specta(type = specta_typescript::Number)]
    pub corrections: u64,
    /// From when the series is to be kept complete; null when it was never asked for.
    pub wanted_from: Option<TimeMs>,
    /// Until when.
    pub wanted_to: Option<TimeMs>,
    /// The newest pages, newest first.
    pub journal: Vec<JournalRowDto>,
}
