//! What every venue's client needs of the network, whatever the venue speaks: the gate that counts requests and keeps
//! pauses, the even pace, and one bounded GET request.
//!
//! What a host has asked for, the whole process keeps: see [`hosts`].

pub(crate) mod hosts;
pub(crate) mod limits;
pub(crate) mod pace;
pub(crate) mod transport;

pub(crate) use transport::{Request, Target, Transport, base_url, beginning, host_of, words_of};
