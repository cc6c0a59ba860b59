//! The builds that chores share, always with the same options, so that nothing is compiled twice.

use std::path::PathBuf;
use std::process::Command;

use crate::libtorch;
use crate::onnxruntime;
use crate::places::Places;
use crate::shell;

/// The feature of the window tests. It is the desktop package's own and changes no dependency.
const TEST_FEATURES: [&str; 2] = ["--features", "e2e"];

/// Names the scoring program to the product and to the tests.
pub const WORKER_ENV: &str = "PROMPTPAL_SENTIMENT_WORKER";
/// Names the fast one.
pub const FAST_WORKER_ENV: &str = "PROMPTPAL_SENTIMENT_FAST_WORKER";

/// The screens into `ui/dist`. Comes before every build of the desktop package, which embeds them.
pub fn ui(places: &Places) -> Command {
    let mut command = shell::npm(places, &places.ui());
    command.args(["run", "build"]);
    command
}

/// `cargo SUBCOMMAND` over everything but the scoring program, as a person's `run` has it.
pub fn product(places: &Places, subcommand: &str) -> Command {
    let mut command = shell::cargo(places);
    command.args([subcommand, "--locked"]);
    for (name, worker) in worker_env(places) {
        if worker.is_file() {
            command.env(name, worker);
        }
    }
    command
}

/// The same with what the window tests need.
pub fn tested(places: &Places, subcommand: &str) -> Command {
    let mut command = product(places, subcommand);
    command.args(TEST_FEATURES);
    command
}

/// `cargo SUBCOMMAND` over the two scoring programs alone, in a build folder of its own: one links libtorch, and their
/// dependencies resolve to other features than the product's, so a shared folder would be rebuilt back and forth.
/// They are built for release always: scoring is the slowest thing the product does.
pub fn worker(places: &Places, subcommand: &str) -> Command {
    let mut command = shell::cargo(places);
    command
        .args([
            subcommand,
            "--locked",
            "--release",
            "--package",
            "promptpal-sentiment-worker",
        ])
        .envs(libtorch::build_env(&libtorch::place(&places.cache)))
        .env(onnxruntime::BUILT_ENV, onnxruntime::place(&places.cache))
        .env("CARGO_TARGET_DIR", worker_target(places));
    command
}

/// The scoring programs under the names that the product and the tests know them by.
pub fn worker_env(places: &Places) -> [(&'static str, PathBuf); 2] {
    [
        (WORKER_ENV, worker_program(places)),
        (FAST_WORKER_ENV, fast_worker_program(places)),
    ]
}

/// Where [`worker`] puts the scoring program.
pub fn worker_program(places: &Places) -> PathBuf {
    of_worker(places, "promptpal-sentiment")
}

/// Where [`worker`] puts the fast one.
pub fn fast_worker_program(places: &Places) -> PathBuf {
    of_worker(places, "promptpal-sentiment-fast")
}

fn of_worker(places: &Places, program: &str) -> PathBuf {
    worker_target(places)
        .join("release")
        .join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

fn worker_target(places: &Places) -> PathBuf {
    places.target.join("worker")
}
