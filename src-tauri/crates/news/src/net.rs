//! The way to a site: addresses checked, hosts asked one request at a time, answers bounded in bytes and time.

mod address;
mod answer;
mod resolver;
mod transport;
mod turns;

pub(crate) use answer::{Answer, charset};
pub(crate) use transport::{Transport, Validators};
