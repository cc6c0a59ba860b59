//! `bench`: what the program costs, and how that compares.
//!
//! [`jobs`] measures the main jobs through the program that people have, beside the run before; [`market`] what market data
//! costs, [`backtest`] what backtests cost, [`news`] how right the text of articles is and [`sentiment`] what scoring costs, beside other
//! ways to do the same; [`window`] what is felt of scoring while the chart is panned.

mod backtest;
mod candles;
mod jobs;
mod market;
mod news;
mod process;
mod python;
mod sentiment;
mod table;
mod window;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::places::Places;

/// The name of everything in [`market`].
const MARKET: &str = "market";
/// The name of everything in [`backtest`].
const BACKTEST: &str = "backtest";
/// The name of everything in [`news`].
const NEWS: &str = "news";

/// The name of everything in [`sentiment`].
const SENTIMENT: &str = "sentiment";
/// The name of everything in [`window`].
const WINDOW: &str = "window";

/// Runs the named benchmarks, or all of them.
pub fn chore(places: &Places, names: &[String]) -> Result<ExitCode> {
    let known: Vec<&str> = jobs::names()
        .chain([MARKET, BACKTEST, NEWS, SENTIMENT, WINDOW])
        .collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        bail!(
            "there is no benchmark `{unknown}`; there are {}",
            known.join(", ")
        );
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|named| named == name);
    let wanted_jobs: Vec<&str> = jobs::names().filter(|name| wanted(name)).collect();
    if !wanted_jobs.is_empty() {
        jobs::run(places, &wanted_jobs)?;
    }
    if wanted(MARKET) {
        market::run(places)?;
    }
    if wanted(BACKTEST) {
        backtest::run(places)?;
    }
    if wanted(NEWS) {
        news::run(places)?;
    }
    if wanted(SENTIMENT) {
        sentiment::run(places)?;
    }
    if wanted(WINDOW) {
        window::run(places)?;
    }
    Ok(ExitCode::SUCCESS)
}
