//! `cargo xtask`: set-up and every chore of the project, in one place, on all three systems.
//!
//! One module a chore. It compiles in seconds because it uses the standard library, `anyhow`, `serde_json` and
//! `sha2` only. The same commands serve a person, a fresh machine and continuous integration: nothing is done by
//! a script that is not reachable from here.
//!
//! Not here: anything that ships. The product never calls this program.

mod bench;
mod builds;
mod counts;
mod dist;
mod doctor;
mod layers;
mod libtorch;
mod licences;
mod manifest;
mod metadata;
mod onnxruntime;
mod pictures;
mod places;
mod run;
mod session;
mod setup;
mod shell;
mod steps;
mod test;
mod unfinished;
mod wheels;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

const HELP: &str = "\
Chores of Promptpal. Usage: cargo xtask CHORE [OPTIONS]

  run [--headless] [--release]   set up, build, open the window; without a display (or with --headless) walk the
                                 main job in a virtual one and print the report
  test [--only STEP]... [--list] [--verbose]
                                 every check: format, lints, Rust, TypeScript, Chromium, the real window, documents
  bench [NAME]...                the benchmarks, with ratios: import, export, run, score, market, backtest
  dist                           the installable packages of this system, with the scoring program and the model
  manifest FOLDER --version X.Y.Z --base-url URL
                                 latest.json of the updater, out of the signed packages of every system
  pictures                       the pictures of the documents, made again from the real window
  doctor                         what is present, what is missing and why each is needed
  setup                          only the set-up that `run` and `test` begin with

Environment
  CARGO_TARGET_DIR               where Rust is built
  PROMPTPAL_CACHE                where downloads of the build are kept (default: the user's cache folder)
  PROMPTPAL_ASSUME_YES=1         install system packages without asking first
";

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    if rest
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    let places = places::Places::find()?;
    match chore.as_str() {
        "run" => run::chore(&places, &run::Options::parse(&rest)?),
        "test" => test::chore(&places, &test::Options::parse(&rest)?),
        "bench" => bench::chore(&places, &rest),
        "dist" => {
            no_more(&rest)?;
            dist::chore(&places)
        }
        "manifest" => manifest::chore(&rest),
        "doctor" => {
            no_more(&rest)?;
            doctor::chore(&places)
        }
        "pictures" => {
            no_more(&rest)?;
            pictures::chore(&places)
        }
        "setup" => {
            no_more(&rest)?;
            setup::chore(&places, setup::For::Tests).context("set-up")?;
            Ok(ExitCode::SUCCESS)
        }
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("there is no chore `{other}`; `cargo xtask help` lists them"),
    }
}

fn no_more(rest: &[String]) -> Result<()> {
    match rest.first() {
        Some(argument) => bail!("`{argument}` is not an option here; `cargo xtask help` lists them"),
        None => Ok(()),
    }
}
