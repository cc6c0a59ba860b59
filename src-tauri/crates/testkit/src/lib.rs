//! Real doubles of the outside world on loopback, for tests and for trying things by hand. Never shipped.
//!
//! Each double is a server that speaks the real protocol: nothing in the product is replaced by a mock.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "test equipment: it may stop at the first surprise"
)]

pub mod busy_exchange;
pub mod coinbase;
pub mod exchange;
pub mod identity;
pub mod model_hub;
pub mod news_site;
pub mod update_server;
