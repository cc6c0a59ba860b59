//! The log: one file a day in the log folder, and stderr where a host wants it.

use std::io::IsTerminal;
use std::path::Path;

use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, fmt};

/// Days of log kept.
const DAYS: usize = 14;

/// Keeps the log's writer alive; what is in its buffer is written when it is dropped.
#[derive(Debug)]
pub struct Logging {
    _file: Option<WorkerGuard>,
}

/// Threads whose panics are caught and answered as errors: parsers of hostile input.
const EXPECTED_IN: &str = "news: ";

/// Lets a panic leave a report in the log before it does what it did before.
pub fn report_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("unnamed");
        if name.starts_with(EXPECTED_IN) {
            tracing::debug!(thread = name, "a parser gave up: {panic}");
            return;
        }
        let trace = std::backtrace::Backtrace::force_capture();
        tracing::error!(thread = name, "the program has a fault: {panic}\n{trace}");
        before(panic);
    }));
}

/// Starts logging: to `folder` where one is given, and to stderr from `verbose` upwards (0 warnings, 1 info, 2 debug).
///
/// A folder that cannot be written leaves the program without a file, not without a start.
#[must_use]
pub fn start_logging(folder: Option<&Path>, verbose: u8) -> Logging {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = |level: &str| {
        EnvFilter::try_from_env("PROMPTPAL_LOG").unwrap_or_else(|_| EnvFilter::new(format!("warn,promptpal_app={level},promptpal_store={level},promptpal_market={level},promptpal_news={level},promptpal_sentiment={level},promptpal_account={level},promptpal_desktop={level}")))
    };
    let stderr = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .with_filter(filter(level));
    let appender = folder.and_then(|folder| {
        std::fs::create_dir_all(folder).ok()?;
        let builder = RollingFileAppender::builder()
            .rotation(Rotation::DAILY)
            .max_log_files(DAYS);
        builder
            .filename_prefix("promptpal")
            .filename_suffix("log")
            .build(folder)
            .ok()
    });
    let (layer, guard) = match appender {
        Some(appender) => {
            let (writer, guard) = tracing_appender::non_blocking(appender);
            let layer = fmt::layer()
                .with_writer(writer)
                .with_ansi(false)
                .with_filter(filter("info"));
            (Some(layer), Some(guard))
        }
        None => (None, None),
    };
    let _ = tracing_subscriber::registry().with(stderr).with(layer).try_init();
    Logging { _file: guard }
}
