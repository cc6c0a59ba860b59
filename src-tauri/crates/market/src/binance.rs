//! Binance spot market data over REST: symbols, server time, candles, 24 h figures.
//!
//! One [`Binance`] (cloned freely) is one account of weight: its clones share the limiter and every pause the exchange
//! asks for. Binance US and other hosts that speak the same protocol are the same adapter with another
//! [`BinanceConfig`], under another venue name because their prices are others.
//!
//! Not here: orders, accounts, keys. Market data needs none.

mod client;
mod config;
pub(crate) mod frame;
mod history;
mod symbols;
mod tickers;
mod venue;
pub(crate) mod wire;

pub use client::{Binance, KlinePage};
pub use config::{BinanceConfig, LiveTimings};
