//! The client against workers: one with scripted faults, and the real one where it is built.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

#[path = "worker/faults.rs"]
mod faults;
#[path = "worker/real.rs"]
mod real;
