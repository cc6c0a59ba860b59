//! The use cases over real parts: SQLite files, loopback doubles of exchange and news site, the scoring worker where there
//! is one. The desktop program and `promptpal` call the same ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout
)]

mod desk;
mod engines;
mod facts;
mod files;
mod jobs;
mod ledger;
mod live;
mod market;
mod models;
mod news;
mod refusals;
mod scoring;
mod scripts;
mod stories;
mod sweeps;
mod venues;
#[cfg(target_os = "linux")]
mod worker_faults;
mod workspace;
mod world;
