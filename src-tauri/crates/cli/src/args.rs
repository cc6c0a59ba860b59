//! The grammar of the command line.

mod backtest;
mod news;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use promptpal_app::causes::{Engine, LabelNames};
use promptpal_domain::{Interval, Symbol, Timestamp, Venue};
use url::Url;

pub(crate) use self::backtest::{
    BacktestArgs, ConformanceArgs, Fills, ReportArg, RunsCommand, SideArg, StrategiesCommand,
};
pub(crate) use self::news::{CrawlArgs, SourcesCommand};

/// Prices, news, sentiment and backtests on your own machine.
#[derive(Debug, Parser)]
#[command(
    name = "promptpal",
    version,
    about,
    propagate_version = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes.
#[derive(Args, Clone, Debug)]
pub(crate) struct Global {
    /// Print JSON instead of tables; its shapes are stable and carry "schema": 1
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The database, instead of the one that the desktop program uses
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
    /// The configuration file, instead of the user's
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Say more on stderr; twice for even more
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Fetch history from the exchange into the store; goes on where it stopped
    Fetch(FetchArgs),
    /// Store live candles until stopped
    Stream(StreamArgs),
    /// Import candles from a file
    Import(ImportArgs),
    /// Export a series to CSV or Parquet
    Export(ExportArgs),
    /// What is stored, and what is missing
    #[command(subcommand)]
    Series(SeriesCommand),
    /// Symbols of the exchange
    #[command(subcommand)]
    Symbols(SymbolsCommand),
    /// Resample candles of a file, exactly as the store does
    Resample(ResampleArgs),
    /// News sources
    #[command(subcommand)]
    Sources(SourcesCommand),
    /// Ask the news sources for new articles and score them
    Crawl(CrawlArgs),
    /// Main text of saved pages: JSON lines {"id","path","url"} on stdin, one answer a line
    Extract(ExtractArgs),
    /// Read feeds
    #[command(subcommand)]
    Feeds(FeedsCommand),
    /// Read robots.txt files
    #[command(subcommand)]
    Robots(RobotsCommand),
    /// Find the assets that texts are about
    #[command(subcommand)]
    Assets(AssetsCommand),
    /// Score texts: JSON lines {"id","text"} on stdin, one answer a line
    Score(ScoreArgs),
    /// How good the model is
    #[command(subcommand)]
    Sentiment(SentimentCommand),
    /// Sentiment models: which there are and which one scores
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Run a strategy over stored candles or a file
    Backtest(BacktestArgs),
    /// Strategies, built in and yours
    #[command(subcommand)]
    Strategies(StrategiesCommand),
    /// Hold the engine against reference results of other engines
    Conformance(ConformanceArgs),
    /// Stored backtests
    #[command(subcommand)]
    Runs(RunsCommand),
    /// Jobs of this program and of the desktop program
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Sign in at the configured OpenID issuer
    Login(LoginArgs),
    /// Sign out and forget the session
    Logout,
    /// Who is signed in
    Whoami,
    /// Load or remove the sample workspace
    #[command(subcommand)]
    Sample(SampleCommand),
    /// What is present, what is missing, and what to do about it
    Doctor,
    /// Where files are kept
    Paths,
    /// Completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Args, Debug)]
pub(crate) struct SeriesArgs {
    /// The exchange's name of the instrument, such as BTCUSDT
    pub(crate) symbol: Symbol,
    /// The length of a candle, such as 1h
    #[arg(long, short)]
    pub(crate) interval: Interval,
    /// Where the prices come from; the only stored venue when left out
    #[arg(long)]
    pub(crate) venue: Option<Venue>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FetchFrom {
    /// Only the REST interface, page by page
    Rest,
    /// Only the archives of whole months and days
    Archive,
    /// Archives where there are any and they are worth it, the rest by REST
    Auto,
}

#[derive(Args, Debug)]
pub(crate) struct FetchArgs {
    /// The exchange's name of the instrument, such as BTCUSDT
    pub(crate) symbol: Symbol,
    /// The length of a candle, such as 1h
    #[arg(long, short)]
    pub(crate) interval: Interval,
    /// From when; 30 days back when left out, all there is with 1970-01-01
    #[arg(long)]
    pub(crate) from: Option<Timestamp>,
    /// Until when; now when left out
    #[arg(long)]
    pub(crate) to: Option<Timestamp>,
    /// Where to get it
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) source: FetchFrom,
    /// The venue: binance, binance-us or coinbase
    #[arg(long, default_value = "binance")]
    pub(crate) venue: Venue,
    /// Base address of the venue's REST interface and archives
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<Url>,
}

#[derive(Args, Debug)]
pub(crate) struct StreamArgs {
    /// Instruments to follow
    #[arg(required = true)]
    pub(crate) symbols: Vec<Symbol>,
    /// The length of a candle, such as 1m
    #[arg(long, short)]
    pub(crate) interval: Interval,
    /// The venue: binance, binance-us or coinbase
    #[arg(long, default_value = "binance")]
    pub(crate) venue: Venue,
    /// Stop after this long, such as 30s, 10m or 2h; with Ctrl+C otherwise
    #[arg(long = "for", value_name = "DURATION", value_parser = crate::duration::parse)]
    pub(crate) duration: Option<std::time::Duration>,
    /// Base address of the exchange's stream
    #[arg(long, value_name = "URL")]
    pub(crate) ws_url: Option<Url>,
    /// Base address of the exchange's REST interface, which fills the holes
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<Url>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ImportFormat {
    /// A table with a header; columns found by name
    Csv,
    /// A file of the exchange's archives: twelve columns, as .zip or unpacked
    Archive,
    /// A recording of the exchange's stream: one frame a line
    Capture,
}

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The file
    pub(crate) file: PathBuf,
    /// What the candles are of
    #[arg(long)]
    pub(crate) symbol: Symbol,
    /// The length of a candle
    #[arg(long, short)]
    pub(crate) interval: Interval,
    /// Where the prices come from
    #[arg(long, default_value = "binance")]
    pub(crate) venue: Venue,
    /// How the file is written
    #[arg(long, value_enum, default_value = "csv")]
    pub(crate) format: ImportFormat,
    /// Which column holds what, such as open_time=Date
    #[arg(long = "map", value_name = "FIELD=COLUMN", value_parser = pair)]
    pub(crate) map: Vec<(String, String)>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ExportKind {
    /// Comma-separated values
    Csv,
    /// Apache Parquet
    Parquet,
}

#[derive(Args, Debug)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) series: SeriesArgs,
    /// The format
    #[arg(long, value_enum)]
    pub(crate) to: ExportKind,
    /// The file; the folder with --partition
    #[arg(long)]
    pub(crate) out: PathBuf,
    /// Write a Hive-partitioned folder instead of one file
    #[arg(long, value_name = "KEYS", value_parser = ["symbol/interval/year"])]
    pub(crate) partition: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SeriesCommand {
    /// Every stored series
    List,
    /// One series with its ledger: what is there, what the venue has none of, what is still to be asked for
    Show(SeriesArgs),
    /// Ask the venue again for a stored span and compare: what differs becomes a logged correction
    Verify {
        #[command(flatten)]
        series: SeriesArgs,
        /// From when; the first candle when left out
        #[arg(long)]
        from: Option<Timestamp>,
        /// Until when; behind the last candle when left out
        #[arg(long)]
        to: Option<Timestamp>,
        /// Base address of the venue's REST interface and archives
        #[arg(long, value_name = "URL")]
        base_url: Option<Url>,
    },
    /// Fetch what is still missing of what was wanted
    Resume {
        #[command(flatten)]
        series: SeriesArgs,
        /// Base address of the venue's REST interface and archives
        #[arg(long, value_name = "URL")]
        base_url: Option<Url>,
    },
    /// Delete a series
    Delete {
        #[command(flatten)]
        series: SeriesArgs,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SymbolsCommand {
    /// Find instruments by name
    Search {
        /// Part of the name
        query: String,
        /// The venue: binance, binance-us or coinbase
        #[arg(long, default_value = "binance")]
        venue: Venue,
    },
}

#[derive(Args, Debug)]
pub(crate) struct ResampleArgs {
    /// Candles as CSV
    pub(crate) file: PathBuf,
    /// Their length
    #[arg(long)]
    pub(crate) from: Interval,
    /// The length wanted
    #[arg(long)]
    pub(crate) to: Interval,
    /// The file to write
    #[arg(long)]
    pub(crate) out: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct LinesArgs {
    /// JSON lines in, JSON lines out (the only form there is)
    #[arg(long)]
    pub(crate) jsonl: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ExtractArgs {
    /// JSON lines in, JSON lines out (the only form there is)
    #[arg(long)]
    pub(crate) jsonl: bool,
    /// Every block of each page instead, whether it was taken, and by which rule
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Debug, Args)]
pub(crate) struct FeedsParseArgs {
    /// JSON lines out (the only form there is)
    #[arg(long)]
    pub(crate) jsonl: bool,
    /// Everything that the document states, under the names of Python's feedparser
    #[arg(long)]
    pub(crate) detail: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FeedsCommand {
    /// File paths on stdin, one JSON object a file
    Parse(FeedsParseArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum RobotsCommand {
    /// JSON lines {"file" or "body_latin1","agent","urls"} on stdin, {"file","r":[bool]} out
    Check(LinesArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum AssetsCommand {
    /// JSON lines {"id","title","text"} on stdin, {"id","assets":[...]} out
    Tag(LinesArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ScoreArgs {
    /// JSON lines in, JSON lines out (the only form there is)
    #[arg(long)]
    pub(crate) jsonl: bool,
    /// The model's folder, instead of the current model
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
    /// What computes: exact or fast, instead of what the settings say
    #[arg(long)]
    pub(crate) engine: Option<Engine>,
    /// Print the raw outputs of the network too
    #[arg(long)]
    pub(crate) logits: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SentimentCommand {
    /// Score texts that people have labelled and say how often the model agrees, beside a list of words
    Eval(EvalArgs),
    /// What a price did after strong news about its asset
    Study(StudyArgs),
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelsCommand {
    /// Models that are here, and those of the catalogue
    List,
    /// Download a model of the catalogue, going on where an earlier try ended
    Download {
        /// Its id, as listed
        id: String,
    },
    /// Take a model from a folder, for machines without a network; the folder stays as it is
    Import {
        /// config.json, vocab.txt and model.safetensors or pytorch_model.bin
        folder: PathBuf,
        /// Its id here, instead of the folder's name
        #[arg(long)]
        id: Option<String>,
        /// Its name for people, instead of the folder's
        #[arg(long)]
        title: Option<String>,
        /// Its licence, such as Apache-2.0
        #[arg(long)]
        licence: Option<String>,
    },
    /// Let a model score from now on; earlier scores stay
    Use {
        /// Its id, as listed
        id: String,
    },
    /// Remove a model; its scores stay
    Remove {
        /// Its id, as listed
        id: String,
    },
}

#[derive(Args, Debug)]
pub(crate) struct StudyArgs {
    #[command(flatten)]
    pub(crate) series: SeriesArgs,
    /// From this time on
    #[arg(long)]
    pub(crate) from: Option<Timestamp>,
    /// Up to this time
    #[arg(long)]
    pub(crate) to: Option<Timestamp>,
    /// Mean score from which on news are strong, to either side
    #[arg(long, default_value_t = 0.5)]
    pub(crate) strong: f64,
    /// After how many candles the price is looked at
    #[arg(long, value_delimiter = ',', default_values_t = [1, 4, 24, 72])]
    pub(crate) bars: Vec<usize>,
}

#[derive(Args, Debug)]
pub(crate) struct EvalArgs {
    /// A CSV with a header, a column of texts and one of labels
    pub(crate) file: PathBuf,
    /// The column of texts; found by its name when left out
    #[arg(long, value_name = "HEADER")]
    pub(crate) text: Option<String>,
    /// The column of labels; found by its name when left out
    #[arg(long, value_name = "HEADER")]
    pub(crate) label: Option<String>,
    /// What labels mean that are no words: 0=negative,1=positive,2=neutral
    #[arg(long, value_name = "NAMES")]
    pub(crate) labels: Option<LabelNames>,
    /// The model's folder, instead of the current model
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
    /// What computes: exact or fast, instead of what the settings say
    #[arg(long)]
    pub(crate) engine: Option<Engine>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum JobsCommand {
    /// The newest jobs
    List,
}

#[derive(Args, Debug)]
pub(crate) struct LoginArgs {
    /// The issuer, instead of the configured one
    #[arg(long, value_name = "URL")]
    pub(crate) issuer: Option<Url>,
    /// Show a code to enter on another device instead of opening a browser
    #[arg(long)]
    pub(crate) device: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SampleCommand {
    /// Load it; what is there already stays
    Load,
    /// Remove it
    Remove,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| format!("'{text}' is not NAME=VALUE"))?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}
