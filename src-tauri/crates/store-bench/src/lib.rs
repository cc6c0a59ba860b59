//! The place of a bench, `benches/market.rs`: the store beside other ways to keep candles.
//!
//! A package of its own that is no default member: with rusqlite among the dependencies of the tests, SQLite would be built
//! for them in another way than for what is shipped, and so would everything above it.
