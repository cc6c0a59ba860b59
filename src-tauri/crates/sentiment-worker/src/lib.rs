//! What the two scoring programs have in common: the command line, the model's folder, word pieces, batches, and answering
//! requests over standard input and output. They differ in the [`Network`] that computes.
//!
//! `promptpal-sentiment` (`exact/`) computes with rust-bert and is the only program that links libtorch.
//! `promptpal-sentiment-fast` (`fast/`) computes in 8 bits with ONNX Runtime, whose library it loads when it starts. Both are
//! started by the `promptpal-sentiment` crate, whose `protocol` module describes every line that crosses the pipe; standard output
//! carries nothing else, standard error is for people.
//!
//! # Invariants
//! - A text gets the same score alone, in any company and in any order, within 1e-4.
//! - Nothing is computed with a model whose files differ from their manifest.
//! - Memory is bounded: one request at a time, batches of a bounded number of word pieces.
//! - When its input closes the process answers what it was asked and ends, within seconds: it never outlives for long the
//!   program that started it.
//!
//! # Not here
//! Which texts, sentences and articles, retries, timeouts, progress on screen: all in the client.
#![warn(missing_docs)]

mod arguments;
mod batches;
mod model;
mod program;
mod scoring;
mod serve;
mod tokenizer;

pub use model::CheckedModel;
pub use program::{Refusal, run};
pub use scoring::Network;
pub use tokenizer::Encoded;
