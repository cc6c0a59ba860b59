//! `promptpal`: the second host of the use cases, for scripts, benches and servers without a screen.
//!
//! A subcommand parses its arguments, calls a use case of [`promptpal_app`] and prints. It uses the same database as the
//! desktop program; both may run at once.
//!
//! # Invariants
//! - stdout carries answers only, and with `--json` nothing but JSON of a stable shape; everything else goes to stderr.
//! - Exit codes: 0 done, 1 failed, 2 wrong usage, 3 partly done, 130 cancelled.
//! - Ctrl+C ends the work within a second; what was stored stays stored.

mod args;
mod commands;
mod context;
mod duration;
mod follow;
mod output;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use promptpal_api::{ApiError, ErrorCode};
use promptpal_app::AppError;

use crate::args::Cli;
use crate::output::Output;

/// Done, but not all of it: some rows, texts or checks did not pass.
pub(crate) const PARTLY: u8 = 3;

fn main() -> ExitCode {
    if let Some(ended) = promptpal_app::read_pages_if_asked() {
        return ended;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return wrong_usage(&error),
    };
    let output = Output::new(cli.global.json);
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output.note(&format!("error: the system gave no threads: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(commands::run(cli, output));
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match result {
        Ok(code) => code,
        Err(error) => fail(output, &error),
    }
}

/// Help, the version, or what is wrong with the command line; with `--json` a mistake is also an object.
fn wrong_usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && std::env::args_os().any(|arg| arg == "--json") {
        let text = error.render().to_string();
        let message = text
            .lines()
            .next()
            .unwrap_or_default()
            .trim_start_matches("error: ")
            .to_owned();
        let hint = "`promptpal help` lists the commands, and each of them takes --help.".to_owned();
        Output::new(true).object(&ApiError::new(ErrorCode::Invalid, message, Some(hint), false));
    }
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// Says what went wrong and chooses the exit code.
fn fail(output: Output, error: &anyhow::Error) -> ExitCode {
    if closed_pipe(error) {
        return ExitCode::SUCCESS;
    }
    let own = error.downcast_ref::<AppError>();
    let shared = error.downcast_ref::<Arc<AppError>>().map(AsRef::as_ref);
    let api = match own.or(shared) {
        Some(error) => ApiError::from(error),
        None => ApiError::new(ErrorCode::Internal, format!("{error:#}"), None, false),
    };
    output.error(&api);
    if api.code == ErrorCode::Cancelled {
        ExitCode::from(130)
    } else {
        ExitCode::FAILURE
    }
}

/// The reader of our output has gone: nothing to complain about.
fn closed_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
