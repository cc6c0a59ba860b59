//! The engine held against reference results of other engines, as files.

use std::path::{Path, PathBuf};

use promptpal_backtest::{
    CaseResult, ColumnResult, bars_from_csv, case_data_path, check_case, check_indicators,
};

use crate::AppError;

/// One line of the outcome.
#[derive(Clone, Debug)]
pub enum Check {
    /// A reference backtest.
    Case(CaseResult),
    /// A column of reference indicators, with its file's name.
    Column(String, ColumnResult),
    /// A file that could not be used.
    Unusable(String, String),
}

/// Checks every `c*.json`, `h*.json` and `indicators_*.csv` in `dir` against the candles in `data`.
///
/// # Errors
/// [`AppError::File`] when the folder cannot be listed, [`AppError::Invalid`] when it holds no reference.
pub fn conformance(dir: &Path, data: &Path) -> Result<Vec<Check>, AppError> {
    let mut checks = Vec::new();
    for file in references(dir)? {
        let name = file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let outcome = if name.ends_with(".json") {
            case(&file, data)
        } else {
            columns(&file, &name, data)
        };
        match outcome {
            Ok(lines) => checks.extend(lines),
            Err(error) => checks.push(Check::Unusable(name, error.to_string())),
        }
    }
    if checks.is_empty() {
        return Err(AppError::invalid(
            format!("{} holds no reference results", dir.display()),
            "Name a folder with c*.json, h*.json or indicators_*.csv files.",
        ));
    }
    Ok(checks)
}

fn references(dir: &Path) -> Result<Vec<PathBuf>, AppError> {
    let list = std::fs::read_dir(dir).map_err(|source| AppError::File {
        doing: "list",
        path: dir.to_owned(),
        source,
    })?;
    let wanted = |path: &PathBuf| {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let case = (name.starts_with('c') || name.starts_with('h')) && name.ends_with(".json");
        case || (name.starts_with("indicators_") && name.ends_with(".csv"))
    };
    let mut files: Vec<PathBuf> = list
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(wanted)
        .collect();
    files.sort();
    Ok(files)
}

fn case(file: &Path, data: &Path) -> Result<Vec<Check>, AppError> {
    let text = read(file)?;
    let text = String::from_utf8_lossy(&text);
    let bars = bars_from_csv(&read(&data.join(case_data_path(&text)?))?)?;
    Ok(vec![Check::Case(check_case(&text, &bars)?)])
}

fn columns(file: &Path, name: &str, data: &Path) -> Result<Vec<Check>, AppError> {
    let reference = read(file)?;
    let reference = String::from_utf8_lossy(&reference);
    let bars = candles_for(&reference, data)?;
    let results = check_indicators(&reference, &bars)?;
    Ok(results
        .into_iter()
        .map(|result| Check::Column(name.to_owned(), result))
        .collect())
}

/// The candles that a file of indicator columns was made from: the ones whose times it has.
fn candles_for(reference: &str, data: &Path) -> Result<promptpal_domain::Bars, AppError> {
    let times = promptpal_backtest::indicator_times(reference)?;
    let folder = if data.join("candles").is_dir() {
        data.join("candles")
    } else {
        data.to_owned()
    };
    let list = std::fs::read_dir(&folder).map_err(|source| AppError::File {
        doing: "list",
        path: folder.clone(),
        source,
    })?;
    for path in list.filter_map(Result::ok).map(|entry| entry.path()) {
        let Ok(bars) = bars_from_csv(&read(&path)?) else {
            continue;
        };
        let first = bars.open_time.iter().position(|time| *time == times.first);
        let last = first.and_then(|first| bars.open_time.get(first + times.rows - 1));
        if last == Some(&times.last) {
            return Ok(bars);
        }
    }
    Err(AppError::invalid(
        format!(
            "{} holds no candles at the times of the reference",
            folder.display()
        ),
        "Give the folder of the candles that the reference was made from with --data.",
    ))
}

fn read(file: &Path) -> Result<Vec<u8>, AppError> {
    std::fs::read(file).map_err(|source| AppError::File {
        doing: "read",
        path: file.to_owned(),
        source,
    })
}
