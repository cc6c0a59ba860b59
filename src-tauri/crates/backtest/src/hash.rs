//! The name of a run: equal names, equal results.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::{Config, ENGINE_VERSION, Inputs};

/// SHA-256 over engine version, data, script, parameters and account, as lower-case hex. Texts are preceded by their length,
/// so that no two inputs run into each other.
pub(crate) fn run_hash(
    inputs: &Inputs<'_>,
    source: &str,
    params: &[(String, f64)],
    config: &Config,
) -> String {
    let mut hasher = Sha256::new();
    let mut text = |text: &str| {
        hasher.update((text.len() as u64).to_le_bytes());
        hasher.update(text);
    };
    text(ENGINE_VERSION);
    text(source);
    for (name, _) in params {
        text(name);
    }
    text(config.side.as_str());
    text(&config.size.to_string());
    text(config.fills.as_str());
    text(if config.margin.is_some() { "margin" } else { "" });
    let (margin, filters) = (config.margin(), config.filters);
    let numbers = [
        config.cash,
        config.fee,
        config.maker(),
        config.slippage_bps,
        config.spread_bps,
        config.impact_bps,
        margin.leverage,
        margin.maintenance,
        filters.tick,
        filters.lot,
        filters.min_notional,
        config.days_per_year,
    ];
    for number in params.iter().map(|(_, value)| *value).chain(numbers) {
        hasher.update(number.to_le_bytes());
    }
    hasher.update(inputs.digest());
    hasher
        .finalize()
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
