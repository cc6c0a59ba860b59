//! A market made of numbers: candles of correlated assets with volatility clusters, a daily rhythm, fat tails, halts,
//! and news that moves prices. For the sample workspace and the exchange double; no claim on any real market.
//!
//! # Invariants
//! - The same [`Scenario`] gives the same candles, byte for byte, on every platform: random numbers come from ChaCha8 and
//!   all arithmetic is integer, or `f64` with nothing but `+ - * /`, square root and rounding, which IEEE 754 fixes to
//!   the bit. No `exp`, `ln`, `sin` or `powf`, whose last digits depend on the system's library. Results are rounded to
//!   ticks and lots.
//! - Longer candles are the exact joins of the minutes ([`resample`](crate::resample())).
//!
//! The model, a minute at a time: a market factor and one factor of each asset, each a GARCH(1,1) process (Bollerslev
//! 1986) around a level that switches between calm, normal and turbulent; shocks of a three-part normal mixture; a slow
//! mean-reverting drift; followers see a part of the market factor some minutes late; news presses on the price with a
//! half-life of three quarters of an hour and raises volatility for two hours.

mod asset;
mod noise;
mod process;
mod scenario;

use promptpal_domain::{Asset, Candle, Interval, Symbol};

pub use self::asset::AssetModel;
pub use self::process::{MinuteRow, Simulation};
pub use self::scenario::{NewsShock, Scenario};
use crate::resample::{ResampleError, resample};

/// The candles of one asset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedSeries {
    /// The symbol, such as `BTCUSDT`.
    pub symbol: Symbol,
    /// The asset, such as `BTC`.
    pub asset: Asset,
    /// The candles, oldest first, with holes where the market was halted.
    pub candles: Vec<Candle>,
}

/// Why nothing can be simulated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SimulateError {
    /// Minutes are the shortest candles of the simulator.
    #[error("candles of {0} are shorter than the simulator's minutes")]
    TooShort(Interval),
    /// The minutes cannot be joined.
    #[error(transparent)]
    Resample(#[from] ResampleError),
}

/// Simulates the scenario's span in candles of `interval`. Takes some 0.3 µs a minute and asset when optimised: keep long
/// spans off the async runtime's threads.
///
/// # Errors
/// [`SimulateError::TooShort`] for one-second candles, [`SimulateError::Resample`] when a volume overflows.
pub fn simulate(scenario: &Scenario, interval: Interval) -> Result<Vec<SimulatedSeries>, SimulateError> {
    if interval == Interval::Second1 {
        return Err(SimulateError::TooShort(interval));
    }
    let empty = |model: &AssetModel| SimulatedSeries {
        symbol: model.symbol.clone(),
        asset: model.asset.clone(),
        candles: Vec::new(),
    };
    let mut series: Vec<SimulatedSeries> = scenario.assets.iter().map(empty).collect();
    let mut minutes: Vec<Vec<Candle>> = vec![Vec::new(); series.len()];
    let mut bucket = interval.floor(scenario.span.from());
    let flush = |series: &mut Vec<SimulatedSeries>, minutes: &mut Vec<Vec<Candle>>| {
        for (one, minutes) in series.iter_mut().zip(minutes) {
            one.candles.extend(resample(minutes, interval)?);
            minutes.clear();
        }
        Ok::<(), SimulateError>(())
    };
    for row in Simulation::new(scenario).take_while(|row| row.open_time < scenario.span.to()) {
        let now = interval.floor(row.open_time);
        if now != bucket {
            flush(&mut series, &mut minutes)?;
            bucket = now;
        }
        for (minutes, candle) in minutes.iter_mut().zip(row.candles) {
            minutes.push(candle);
        }
    }
    flush(&mut series, &mut minutes)?;
    Ok(series)
}

#[cfg(test)]
mod tests;
