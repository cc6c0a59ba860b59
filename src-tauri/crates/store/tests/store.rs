#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
//! The store against real files.

#[path = "it/append.rs"]
mod append;
#[path = "it/candles.rs"]
mod candles;
#[path = "it/columns.rs"]
mod columns;
#[path = "it/docs.rs"]
mod docs;
#[path = "it/export.rs"]
mod export;
#[path = "it/faults.rs"]
mod faults;
#[path = "it/fixtures.rs"]
mod fixtures;
#[path = "it/kill.rs"]
mod kill;
#[path = "it/ledger.rs"]
mod ledger;
#[path = "it/migration.rs"]
mod migration;
#[path = "it/moods.rs"]
mod moods;
#[path = "it/news.rs"]
mod news;
#[path = "it/news_fixtures.rs"]
mod news_fixtures;
#[path = "it/property.rs"]
mod property;
#[path = "it/records.rs"]
mod records;
#[path = "it/stories.rs"]
mod stories;
