//! `promptpal-sentiment`: the exact engine, rust-bert in 32-bit floats. The only program that links libtorch.

mod network;
mod tensors;

use std::process::ExitCode;

use promptpal_sentiment::Engine;

fn main() -> ExitCode {
    promptpal_sentiment_worker::run("promptpal-sentiment", Engine::Exact, network::load)
}
