//! Candles and funding rates from files, for runs without the store.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use promptpal_backtest::{CsvReadError, FundingRate, Report, Script, bars_from_reader, funding_from_csv};
use promptpal_domain::{Bars, Span, Timestamp};
use promptpal_store::EquityCurve;

use super::compute::{Finished, LegMaterial, Material, Timing, compute, compute_rotation};
use crate::AppError;
use crate::report::{RunFile, RunFormat};
use crate::requests::Terms;

/// A run over a file, which is kept nowhere.
#[derive(Debug)]
pub struct FileRun {
    /// Its report.
    pub report: Report,
    /// What took how long.
    pub timing: Timing,
    bars: Bars,
}

impl FileRun {
    fn of(finished: Finished, load_s: f64) -> Self {
        Self {
            report: finished.report,
            timing: Timing {
                load_s: load_s + finished.timing.load_s,
                ..finished.timing
            },
            bars: finished.bars,
        }
    }

    /// Writes the report to a file, which appears when it is complete. `series` says what it ran on.
    ///
    /// # Errors
    /// [`AppError::Store`] for a file that cannot be written.
    pub fn write(&self, series: &str, format: RunFormat, path: &Path) -> Result<(), AppError> {
        let curve = EquityCurve {
            time: self.bars.open_time.clone(),
            equity: self.report.equity.clone(),
            benchmark: self.report.benchmark_equity(&self.bars),
        };
        let file = RunFile {
            report: &self.report,
            curve: &curve,
            series,
        };
        file.write(format, path)
    }
}

/// Runs a script over CSVs of candles: over one, or, when it rotates, over several that are named by their files. It needs no store and keeps nothing; it takes this thread for as long as it lasts.
///
/// # Errors
/// [`AppError::File`], [`AppError::Backtest`], [`AppError::Script`], and [`AppError::Cancelled`] when `cancel` says so.
pub fn backtest_files(
    strategy: &str,
    source: &str,
    files: &[PathBuf],
    span: Span,
    terms: &Terms,
    cancel: &dyn Fn() -> bool,
) -> Result<FileRun, AppError> {
    let began = Instant::now();
    let script = Script::compile(source)?;
    let [file] = files else {
        return rotate_files(&script, strategy, files, span, terms, cancel);
    };
    let material = material_of(file, span, terms)?;
    let load_s = began.elapsed().as_secs_f64();
    let finished = compute(&script, strategy.to_owned(), material, terms, cancel)?;
    Ok(FileRun::of(finished, load_s))
}

fn rotate_files(
    script: &Script,
    strategy: &str,
    files: &[PathBuf],
    span: Span,
    terms: &Terms,
    cancel: &dyn Fn() -> bool,
) -> Result<FileRun, AppError> {
    let began = Instant::now();
    let mut legs = Vec::with_capacity(files.len());
    for file in files {
        legs.push(LegMaterial {
            name: file
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            bars: read_bars(file, span)?,
            points: Vec::new(),
        });
    }
    let load_s = began.elapsed().as_secs_f64();
    let finished = compute_rotation(script, strategy.to_owned(), &legs, terms, cancel)?;
    Ok(FileRun::of(finished, load_s))
}

fn read(path: &Path) -> Result<Vec<u8>, AppError> {
    std::fs::read(path).map_err(|source| AppError::File {
        doing: "read",
        path: path.to_owned(),
        source,
    })
}

pub(super) fn read_funding(path: &Path) -> Result<Vec<FundingRate>, AppError> {
    Ok(funding_from_csv(&read(path)?)?)
}

/// What the files hold.
pub(super) fn material_of(file: &Path, span: Span, terms: &Terms) -> Result<Material, AppError> {
    let minutes = terms
        .minutes
        .as_deref()
        .map(|path| read_bars(path, span))
        .transpose()?;
    let funding = terms.funding.as_deref().map(read_funding).transpose()?;
    Ok(Material {
        bars: read_bars(file, span)?,
        points: Vec::new(),
        minutes,
        funding: funding.unwrap_or_default(),
    })
}

fn read_bars(path: &Path, span: Span) -> Result<Bars, AppError> {
    let fail = |source| AppError::File {
        doing: "read",
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(fail)?;
    let size = file.metadata().map_err(fail)?.len();
    let bars = match bars_from_reader(file, usize::try_from(size).unwrap_or(0)) {
        Ok(bars) => bars,
        Err(CsvReadError::Read(source)) => return Err(fail(source)),
        Err(CsvReadError::Candles(error)) => return Err(error.into()),
    };
    if span == Span::ALL {
        return Ok(bars);
    }
    let inside = |at: &i64| span.contains(Timestamp::from_millis(*at));
    let skip = bars.open_time.iter().position(inside).unwrap_or(bars.len());
    let take = bars.open_time.iter().filter(|at| inside(at)).count();
    let cut = |column: Vec<f64>| column.into_iter().skip(skip).take(take).collect();
    Ok(Bars {
        open_time: bars.open_time.iter().copied().skip(skip).take(take).collect(),
        open: cut(bars.open),
        high: cut(bars.high),
        low: cut(bars.low),
        close: cut(bars.close),
        volume: cut(bars.volume),
        ..Bars::empty(bars.interval, bars.price_scale, bars.volume_scale)
    })
}
