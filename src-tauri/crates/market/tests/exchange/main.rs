//! The adapter against the exchange double, over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod archive;
mod coinbase;
mod handover;
mod history;
mod live;
mod refusals;
mod scripts;
mod setting;
mod venues;
