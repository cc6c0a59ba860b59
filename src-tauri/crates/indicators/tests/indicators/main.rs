//! What holds for every indicator of the catalogue, and what single ones give.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod catalog;
mod definitions;
mod golden;
mod market;
mod streaming;
