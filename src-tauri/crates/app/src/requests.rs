//! What a job can be asked to do. Requests are stored with their job, so that an interrupted one can be started again.

use std::path::{Path, PathBuf};

use promptpal_backtest::Fills;
use promptpal_domain::{Interval, JobKind, SeriesKey, Symbol, Timestamp, Venue};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::evaluation::EvaluationRequest;
use crate::models::{ModelDownload, ModelImport};

/// A piece of long work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JobRequest {
    /// History from a venue.
    Fetch(FetchRequest),
    /// A stored span held against its venue.
    Verify(VerifyRequest),
    /// Candles from a file.
    Import(ImportRequest),
    /// Candles to a file.
    Export(ExportRequest),
    /// A round over the news sources.
    Crawl(CrawlRequest),
    /// Scores for articles that have none under the current model.
    Score,
    /// The current model's answers held against labels that people gave.
    Evaluate(EvaluationRequest),
    /// A sentiment model of the catalogue.
    DownloadModel(ModelDownload),
    /// A sentiment model in a folder.
    ImportModel(ModelImport),
    /// A backtest.
    Backtest(BacktestRequest),
    /// A backtest with many sets of parameters.
    Sweep(SweepRequest),
    /// The sample workspace.
    Sample,
}

/// Where history is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FetchSource {
    /// Archives where there are any and they are worth it, the rest page by page.
    #[default]
    Auto,
    /// Only archives.
    Archive,
    /// Only page by page.
    Rest,
}

/// History of a symbol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FetchRequest {
    /// The venue; the default one when `None`.
    #[serde(with = "crate::text_form::optional", default)]
    pub venue: Option<Venue>,
    /// The exchange's name of the instrument.
    #[serde(with = "crate::text_form")]
    pub symbol: Symbol,
    /// The length of a candle.
    #[serde(with = "crate::text_form")]
    pub interval: Interval,
    /// From when; 30 days before `to` when `None`.
    #[serde(with = "crate::text_form::optional")]
    pub from: Option<Timestamp>,
    /// Until when; now when `None`.
    #[serde(with = "crate::text_form::optional")]
    pub to: Option<Timestamp>,
    /// Where it is taken from.
    #[serde(default)]
    pub source: FetchSource,
}

/// A span of a stored series to be held against its venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyRequest {
    /// The series.
    pub series: i64,
    /// From when; its first candle when `None`.
    #[serde(with = "crate::text_form::optional")]
    pub from: Option<Timestamp>,
    /// Until when; behind its last candle when `None`.
    #[serde(with = "crate::text_form::optional")]
    pub to: Option<Timestamp>,
}

/// How a file of candles is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "format", rename_all = "snake_case")]
pub enum CandleFormat {
    /// Columns found by name, or as mapped: field to column.
    #[serde(rename = "csv")]
    Csv {
        /// Pairs such as `open_time` and `Date`.
        map: Vec<(String, String)>,
    },
    /// Twelve columns of the exchange's archives, zipped as they are downloaded or not.
    #[default]
    Archive,
    /// A recording of the stream.
    Capture,
}

impl CandleFormat {
    /// What people call their files tells how they are written.
    #[must_use]
    pub fn of_file(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("jsonl" | "ws" | "capture") => Self::Capture,
            Some("zip") => Self::Archive,
            _ => Self::Csv { map: Vec::new() },
        }
    }
}

/// Candles from a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportRequest {
    /// The file.
    pub file: PathBuf,
    /// How it is written.
    pub format: CandleFormat,
    /// Where the prices come from.
    #[serde(with = "crate::text_form")]
    pub venue: Venue,
    /// What they are of.
    #[serde(with = "crate::text_form")]
    pub symbol: Symbol,
    /// The length of a candle.
    #[serde(with = "crate::text_form")]
    pub interval: Interval,
}

impl ImportRequest {
    /// The series that it fills.
    #[must_use]
    pub fn key(&self) -> SeriesKey {
        SeriesKey {
            venue: self.venue.clone(),
            symbol: self.symbol.clone(),
            interval: self.interval,
        }
    }
}

/// File formats candles can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// Comma-separated values.
    Csv,
    /// One Parquet file.
    Parquet,
    /// A folder `symbol=/interval=/year=` of Parquet files.
    ParquetPartitioned,
}

/// Candles to a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// The series.
    pub series: i64,
    /// The format.
    pub format: ExportFormat,
    /// The file or folder.
    pub out: PathBuf,
}

/// A round over the news sources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrawlRequest {
    /// Only this source.
    pub source: Option<i64>,
    /// Also sources that are not due yet. Hosts that asked us to wait are left alone all the same.
    pub all: bool,
    /// Also what the sites of the sources published since then, by their sitemaps.
    #[serde(default, with = "crate::text_form::optional")]
    pub since: Option<Timestamp>,
}

/// Directions that a backtest may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Direction {
    Long,
    Short,
    Both,
}

/// A backtest over a stored series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BacktestRequest {
    /// The strategy's id.
    pub strategy: String,
    /// Its script, where it is none of the program's or the store's.
    pub script: Option<String>,
    /// The series.
    pub series: i64,
    /// More series on the same account, for a strategy that rotates over several symbols.
    #[serde(default)]
    pub others: Vec<i64>,
    /// First bar.
    #[serde(with = "crate::text_form::optional")]
    pub from: Option<Timestamp>,
    /// After the last bar.
    #[serde(with = "crate::text_form::optional")]
    pub to: Option<Timestamp>,
    /// How it is traded.
    pub terms: Terms,
}

/// A backtest over a stored series with many sets of parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepRequest {
    /// What is run, and with which values of the parameters that stay the same.
    pub run: BacktestRequest,
    /// What is tried: every combination.
    pub axes: Vec<SweepAxis>,
}

/// Values of a parameter that are tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepAxis {
    /// The parameter.
    pub name: String,
    /// First value.
    pub from: f64,
    /// Last value, if the steps meet it.
    pub to: f64,
    /// From one value to the next, above 0.
    pub step: f64,
}

/// Parameters, costs, sizes and orders of a backtest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// Values of the script's parameters.
    pub params: Vec<(String, f64)>,
    /// Fee of each fill: 0.001 is 0.1 percent of its notional.
    pub fee: f64,
    /// Fee of fills that waited in the book, where it is another one.
    pub maker_fee: Option<f64>,
    /// Slippage of market and stop orders in hundredths of a percent.
    pub slippage_bps: f64,
    /// Distance of bid and ask in hundredths of a percent.
    pub spread_bps: f64,
    /// Slippage more, in hundredths of a percent, for each percent of the bar's volume that an order takes.
    pub impact_bps: f64,
    /// Cash to begin with.
    pub cash: f64,
    /// `all`, `units:N`, `cash:N`, `percent:N`, `risk:N` or `vol:N`.
    pub size: String,
    /// Directions; when `None` long, or short for a script that only sells short.
    pub side: Option<Direction>,
    /// Buying power over equity; `None` for an account without margin, which is never liquidated.
    pub leverage: Option<f64>,
    /// Maintenance margin as a part of the position; the usual one when `None`.
    pub maintenance: Option<f64>,
    /// Step of prices; 0 for none.
    pub tick: f64,
    /// Step of quantities; 0 for none.
    pub lot: f64,
    /// Smallest worth of an entry; 0 for none.
    pub min_notional: f64,
    /// Trading days in a year for annualised figures: 365 for crypto, 252 for shares.
    pub days_per_year: f64,
    /// Where stops and waiting orders are watched; when `None` on minutes as far as there are any.
    pub fills: Option<Fills>,
    /// A file of funding rates.
    pub funding: Option<PathBuf>,
    /// A file of finer candles below those of a file.
    pub minutes: Option<PathBuf>,
}

impl Default for Terms {
    /// 10,000 in cash, all-in, 0.1 % fee and no other costs.
    fn default() -> Self {
        Self {
            params: Vec::new(),
            fee: 0.001,
            maker_fee: None,
            slippage_bps: 0.0,
            spread_bps: 0.0,
            impact_bps: 0.0,
            cash: 10_000.0,
            size: "all".to_owned(),
            side: None,
            leverage: None,
            maintenance: None,
            tick: 0.0,
            lot: 0.0,
            min_notional: 0.0,
            days_per_year: 365.0,
            fills: None,
            funding: None,
            minutes: None,
        }
    }
}

impl JobRequest {
    /// A round over all sources, also those that are not due yet.
    #[must_use]
    pub fn crawl_all() -> Self {
        Self::Crawl(CrawlRequest {
            source: None,
            all: true,
            since: None,
        })
    }

    /// What it does.
    #[must_use]
    pub fn kind(&self) -> JobKind {
        match self {
            Self::Fetch(_) => JobKind::Fetch,
            Self::Verify(_) => JobKind::Verify,
            Self::Import(_) => JobKind::Import,
            Self::Export(_) => JobKind::Export,
            Self::Crawl(_) => JobKind::Crawl,
            Self::Score => JobKind::Score,
            Self::Evaluate(_) => JobKind::Evaluate,
            Self::DownloadModel(_) | Self::ImportModel(_) => JobKind::Model,
            Self::Backtest(_) => JobKind::Backtest,
            Self::Sweep(_) => JobKind::Sweep,
            Self::Sample => JobKind::Sample,
        }
    }

    /// The same key is the same work: it is not done twice at a time.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Fetch(r) => match &r.venue {
                Some(venue) => format!("fetch {venue} {} {}", r.symbol, r.interval),
                None => format!("fetch {} {} {}", Venue::binance(), r.symbol, r.interval),
            },
            Self::Verify(r) => format!("verify {}", r.series),
            Self::Import(r) => format!("import {}", r.key()),
            Self::Export(r) => format!("export {}", r.out.display()),
            Self::Crawl(_) => "crawl".to_owned(),
            Self::Score => "score".to_owned(),
            // One at a time: the list of what is kept is read, added to and written.
            Self::Evaluate(_) => "evaluate".to_owned(),
            Self::DownloadModel(r) => format!("model {}", r.id),
            Self::ImportModel(r) => format!("model in {}", r.folder.display()),
            Self::Backtest(r) => {
                let bytes = serde_json::to_vec(r).unwrap_or_default();
                format!("backtest {:x}", Sha256::digest(bytes))
            }
            Self::Sweep(r) => {
                let bytes = serde_json::to_vec(r).unwrap_or_default();
                format!("sweep {:x}", Sha256::digest(bytes))
            }
            Self::Sample => "sample".to_owned(),
        }
    }

    /// What it is about, by name: a series, a file, a strategy, a model.
    #[must_use]
    pub fn subject(&self) -> Option<String> {
        match self {
            Self::Fetch(r) => Some(format!("{} {}", r.symbol, r.interval)),
            Self::Import(r) => Some(format!("{} {}", r.symbol, r.interval)),
            Self::Export(r) => Some(name_of(&r.out)),
            Self::Evaluate(r) => Some(name_of(&r.file)),
            Self::DownloadModel(r) => Some(r.id.clone()),
            Self::ImportModel(r) => Some(name_of(&r.folder)),
            Self::Backtest(r) => Some(r.strategy.clone()),
            Self::Sweep(r) => Some(r.run.strategy.clone()),
            Self::Verify(_) | Self::Crawl(_) | Self::Score | Self::Sample => None,
        }
    }

    /// For people, in English.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Fetch(r) => format!("Fetch {} {}", r.symbol, r.interval),
            Self::Verify(_) => "Check candles against the exchange".to_owned(),
            Self::Import(r) => format!("Import {} {}", r.symbol, r.interval),
            Self::Export(r) => format!("Export to {}", name_of(&r.out)),
            Self::Crawl(_) => "Read the news sources".to_owned(),
            Self::Score => "Score articles".to_owned(),
            Self::Evaluate(r) => format!("Check the model on {}", name_of(&r.file)),
            Self::DownloadModel(r) => format!("Download the model {}", r.id),
            Self::ImportModel(r) => format!("Take a model from {}", name_of(&r.folder)),
            Self::Backtest(r) => format!("Backtest {}", r.strategy),
            Self::Sweep(r) => format!("Sweep {}", r.run.strategy),
            Self::Sample => "Load the sample workspace".to_owned(),
        }
    }
}

fn name_of(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_survive_the_store() {
        let terms = Terms {
            params: vec![("fast".to_owned(), 10.0)],
            maker_fee: Some(0.0002),
            size: "risk:1".to_owned(),
            leverage: Some(3.0),
            tick: 0.01,
            fills: Some(Fills::Minute),
            funding: Some("funding.csv".into()),
            ..Terms::default()
        };
        // What an older version has stored says less.
        let older: Terms =
            serde_json::from_str(r#"{"params":[],"fee":0.002,"size":"all","side":null}"#).unwrap();
        assert_eq!(
            older,
            Terms {
                fee: 0.002,
                ..Terms::default()
            }
        );
        let run = BacktestRequest {
            strategy: "sma-cross".to_owned(),
            script: None,
            others: vec![3],
            series: 1,
            from: None,
            to: None,
            terms,
        };
        let requests = [
            JobRequest::Sweep(SweepRequest {
                run: run.clone(),
                axes: vec![SweepAxis {
                    name: "slow".to_owned(),
                    from: 20.0,
                    to: 60.0,
                    step: 0.5,
                }],
            }),
            JobRequest::Fetch(FetchRequest {
                venue: Some(Venue::binance()),
                symbol: "BTCUSDT".parse().unwrap(),
                interval: Interval::Month1,
                from: Some(Timestamp::from_millis(1_706_659_200_000)),
                to: None,
                source: FetchSource::Archive,
            }),
            JobRequest::Verify(VerifyRequest {
                series: 1,
                from: None,
                to: Some(Timestamp::EPOCH),
            }),
            JobRequest::Import(ImportRequest {
                file: "a.csv".into(),
                format: CandleFormat::Csv {
                    map: vec![("open_time".to_owned(), "Date".to_owned())],
                },
                venue: Venue::binance(),
                symbol: "ETHUSDT".parse().unwrap(),
                interval: Interval::Hour1,
            }),
            JobRequest::crawl_all(),
            JobRequest::Score,
            JobRequest::Evaluate(EvaluationRequest {
                file: "labelled.csv".into(),
                names: "0=negative,1=positive".parse().unwrap(),
                ..EvaluationRequest::default()
            }),
            JobRequest::DownloadModel(ModelDownload {
                id: "finbert".to_owned(),
            }),
            JobRequest::ImportModel(ModelImport {
                folder: "finbert".into(),
                ..ModelImport::default()
            }),
            JobRequest::Sample,
            JobRequest::Backtest(run),
        ];
        for request in requests {
            let stored = serde_json::to_value(&request).unwrap();
            assert_eq!(serde_json::from_value::<JobRequest>(stored).unwrap(), request);
            assert!(!request.title().is_empty() && !request.key().is_empty());
        }
    }
}
