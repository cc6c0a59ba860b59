//! `promptpal-sentiment`: scores texts with a local BERT model, asked and answered over its standard input and output.
//!
//! It is the only program that links libtorch. It is started by the `promptpal-sentiment` crate, whose `protocol` module
//! describes every line that crosses the pipe; standard output carries nothing else, standard error is for people.
//!
//! # Invariants
//! - A text gets the same score alone, in any company and in any order, within 1e-4: batches are padded under a mask.
//! - Nothing is computed with a model whose files differ from their manifest.
//! - Memory is bounded: one request at a time, batches of a bounded number of word pieces.
//! - When its input closes the process answers what it was asked and ends, within seconds: it never outlives for long the
//!   program that started it.
//!
//! # Not here
//! Which texts, sentences and articles, retries, timeouts, progress on screen: all in the client.

mod arguments;
mod batches;
mod engine;
mod model;
mod serve;
mod tokenizer;

use std::io::Write;
use std::process::ExitCode;

use promptpal_sentiment::protocol::{EXIT_MODEL_REFUSED, EXIT_PIPE, EXIT_USAGE, Fault, FaultCode, Reply};

use crate::arguments::{Arguments, Command};
use crate::engine::Engine;

fn main() -> ExitCode {
    let arguments = match arguments::parse(std::env::args().skip(1)) {
        Ok(Command::Serve(arguments)) => arguments,
        Ok(Command::Print(text)) => {
            return if writeln!(std::io::stdout(), "{text}").is_ok() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(EXIT_PIPE)
            };
        }
        Err(reason) => {
            log(&format!("{reason}\n{}", arguments::USAGE));
            return ExitCode::from(EXIT_USAGE);
        }
    };
    stand_back(&arguments);
    let engine = match Engine::load(&arguments.model, arguments.threads) {
        Ok(engine) => engine,
        Err(error) => {
            let message = format!("{error:#}");
            log(&message);
            let refusal = Reply::Error {
                id: None,
                error: Fault {
                    code: FaultCode::ModelRefused,
                    message,
                },
            };
            // Without a reader the exit code has to do.
            let _ = serve::say(&refusal);
            return ExitCode::from(EXIT_MODEL_REFUSED);
        }
    };
    match serve::serve(&engine) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log(&format!("the pipe to the program broke: {error}"));
            ExitCode::from(EXIT_PIPE)
        }
    }
}

/// Lowers the priority before any thread is started, so that all threads have it.
fn stand_back(arguments: &Arguments) {
    #[cfg(unix)]
    if arguments.nice > 0
        && let Err(error) = rustix::process::nice(arguments.nice)
    {
        log(&format!("the priority stays as it is: {error}"));
    }
    #[cfg(not(unix))]
    let _ = arguments.nice;
}

/// Writes a line for people.
fn log(line: &str) {
    // Where nobody listens there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}
