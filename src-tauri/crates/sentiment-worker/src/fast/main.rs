//! `promptpal-sentiment-fast`: the fast engine, ONNX Runtime in 8-bit integers.

mod network;
mod runtime;

use std::process::ExitCode;

use promptpal_sentiment::Engine;

fn main() -> ExitCode {
    promptpal_sentiment_worker::run("promptpal-sentiment-fast", Engine::Fast, network::load)
}
