//! The client against workers: one with scripted faults, and the real ones where they are built.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "worker/engines.rs"]
mod engines;
#[path = "worker/faults.rs"]
mod faults;
#[path = "worker/library.rs"]
mod library;
#[path = "worker/real.rs"]
mod real;
#[path = "worker/thousand.rs"]
mod thousand;
