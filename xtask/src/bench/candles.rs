//! The candles that the program is measured with: a file of CSV.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Candles of the jobs' file: about five months of minutes.
pub(super) const CANDLES: u32 = 200_000;

/// Writes so many candles of a price that wanders, with two decimals: calm and busy times follow each other, and now and then a
/// candle does not open where the one before closed. The numbers come from a multiplicative generator with a fixed seed (Park and
/// Miller, 1988), so the file is the same everywhere.
pub(super) fn write_candles(path: &Path, candles: u32) -> Result<()> {
    const START_MS: u64 = 1_700_000_040_000;
    let mut seed: u64 = 20_240_601;
    let mut next = |range: u64| {
        seed = seed * 48_271 % 2_147_483_647;
        seed % range
    };
    let mut text = String::from("open_time,open,high,low,close,volume\n");
    let mut close: u64 = 4_200_000;
    let mut pace: u64 = 1_000;
    for number in 0..u64::from(candles) {
        pace = (pace + next(101)).saturating_sub(50).clamp(200, 4_000);
        let gap = if next(20) == 0 { next(pace / 10) } else { 0 };
        let open = close + gap;
        close = (open + next(2 * pace + 1))
            .saturating_sub(pace)
            .clamp(1_000_000, 20_000_000);
        let high = open.max(close) + next(pace / 4);
        let low = open.min(close) - next(pace / 4);
        let volume = 1 + next(20 * pace);
        let time = START_MS + number * 60_000;
        writeln!(
            text,
            "{time},{},{},{},{},{}",
            cents(open),
            cents(high),
            cents(low),
            cents(close),
            cents(volume)
        )?;
    }
    std::fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}

fn cents(value: u64) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}
