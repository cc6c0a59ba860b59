//! The candles that the program's jobs are measured with: a file of CSV.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};

/// Candles of the file: about five months of minutes.
pub(super) const CANDLES: u32 = 200_000;

/// A price that wanders, with two decimals. The numbers come from a multiplicative generator with a fixed seed (Park and
/// Miller, 1988), so the file is the same everywhere.
pub(super) fn write_candles(path: &Path) -> Result<()> {
    const START_MS: u64 = 1_700_000_040_000;
    let mut seed: u64 = 20_240_601;
    let mut next = |range: u64| {
        seed = seed * 48_271 % 2_147_483_647;
        seed % range
    };
    let mut text = String::from("open_time,open,high,low,close,volume\n");
    let mut close: u64 = 4_200_000;
    for number in 0..u64::from(CANDLES) {
        let open = close;
        close = (open + next(8_001))
            .saturating_sub(4_000)
            .clamp(100_000, 20_000_000);
        let high = open.max(close) + next(900);
        let low = open.min(close) - next(900);
        let volume = 1 + next(90_000);
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
