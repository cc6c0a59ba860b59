//! The real `promptpal` program: its answers, exit codes and errors; against loopback doubles; killed while it works.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

mod account;
mod backtest;
mod crawl_kills;
mod files;
mod hostile_news;
mod kill;
mod kills;
mod models;
mod network;
mod program;
mod read_only;
mod reference;
mod sweeps;
mod system;
mod tools;
