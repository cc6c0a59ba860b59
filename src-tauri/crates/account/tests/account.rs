//! The whole sign-in against a real provider and real secret stores.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "account/desk.rs"]
mod desk;
#[path = "account/device.rs"]
mod device;
#[path = "account/keyring.rs"]
mod keyring;
#[path = "account/session.rs"]
mod session;
#[path = "account/sign_in.rs"]
mod sign_in;
#[path = "account/sign_out.rs"]
mod sign_out;
