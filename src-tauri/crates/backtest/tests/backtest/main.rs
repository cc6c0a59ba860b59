//! The engine from outside: rules, scripts, references, built-in strategies.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

mod builtins;
mod conformance;
mod docs;
mod golden;
mod hostile;
mod interpreter;
mod language;
mod market;
mod minutes;
mod orders;
mod rotation;
mod rules;
mod sweep;
mod timeframe;
