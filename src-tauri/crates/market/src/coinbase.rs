//! Coinbase Exchange's public market data: products, time, candles, 24 h figures. No key is needed.
//!
//! What differs from Binance, and is hidden here (<https://docs.cdp.coinbase.com/exchange>):
//! - Candles are JSON numbers in the order time, low, high, open, close, volume, newest first, at most 300 an answer.
//!   A minute in which nothing was traded has none.
//! - There are six lengths. There is no stream of candles: [`live`](crate::Exchange::live) polls.
//! - Requests are counted by the second (10, in bursts 15): ours go out one after the other at half that pace.

mod client;
mod config;
mod history;
mod live;
mod venue;
mod wire;

pub use client::Coinbase;
pub use config::{CoinbaseConfig, PollTimings};
