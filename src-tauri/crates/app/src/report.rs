//! Reports as files: for other tools, and for people who do not have the program.

mod drawing;
mod page;
mod table;

use std::path::Path;

use promptpal_backtest::Report;
use promptpal_store::EquityCurve;
use serde::{Deserialize, Serialize};

use crate::AppError;

/// What a report is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunFormat {
    /// The whole report, as `backtest --json` prints it.
    Json,
    /// One page that opens in any browser, offline: figures with their definitions, curves, months, trades.
    Html,
    /// CSV of the closed trades.
    Trades,
    /// CSV of equity, buy and hold and drawdown at each bar.
    Equity,
}

impl RunFormat {
    /// What a file of this name is written as: HTML for `.html`, trades for `.csv`, else JSON.
    #[must_use]
    pub fn of_file(path: &Path) -> Self {
        let extension = path.extension().and_then(|extension| extension.to_str());
        match extension.map(str::to_ascii_lowercase).as_deref() {
            Some("html" | "htm") => Self::Html,
            Some("csv") => Self::Trades,
            _ => Self::Json,
        }
    }
}

/// A run to be written.
pub(crate) struct RunFile<'a> {
    pub(crate) report: &'a Report,
    pub(crate) curve: &'a EquityCurve,
    /// What it ran on, for people.
    pub(crate) series: &'a str,
}

impl RunFile<'_> {
    fn contents(&self, format: RunFormat) -> Result<Vec<u8>, AppError> {
        Ok(match format {
            RunFormat::Json => {
                serde_json::to_vec(self.report).map_err(|error| AppError::Internal(error.to_string()))?
            }
            RunFormat::Html => page::page(self).into_bytes(),
            RunFormat::Trades => table::trades(self).into_bytes(),
            RunFormat::Equity => table::equity(self).into_bytes(),
        })
    }

    /// Writes the file; it appears under its name when it is complete.
    pub(crate) fn write(&self, format: RunFormat, path: &Path) -> Result<(), AppError> {
        Ok(promptpal_store::write_file(path, &self.contents(format)?)?)
    }
}
