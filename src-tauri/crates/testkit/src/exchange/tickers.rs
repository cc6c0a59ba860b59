//! Figures of the last 24 hours, from the minutes of the tape.

use std::collections::HashMap;

use promptpal_domain::{Decimal, Interval};
use serde_json::{Value, json};

use super::state::{State, eight};

pub(crate) const PATH: &str = "/api/v3/ticker/24hr";
const DAY: i64 = 86_400_000;

/// 2 for up to twenty symbols, 40 for up to a hundred, 80 for more and for all.
pub(crate) fn weight(query: &HashMap<String, String>) -> u32 {
    let named = query.get("symbols").map(|text| text.matches(',').count() + 1);
    match named {
        Some(..=20) => 2,
        Some(21..=100) => 40,
        _ => 80,
    }
}

/// One row for each symbol asked for, or the code and words of a refusal.
pub(crate) fn last_24_hours(
    state: &State,
    query: &HashMap<String, String>,
) -> Result<Value, (i32, &'static str)> {
    let tape = &state.options.tape;
    let assets: Vec<usize> = match query.get("symbols") {
        None => (0..tape.assets().len()).collect(),
        Some(text) => {
            let names: Vec<String> = serde_json::from_str(text)
                .map_err(|_| (-1100, "Illegal characters found in parameter 'symbols'."))?;
            let found: Option<Vec<usize>> = names.iter().map(|name| tape.find(name)).collect();
            found.ok_or((-1121, "Invalid symbol."))?
        }
    };
    Ok(assets.into_iter().map(|asset| row(state, asset)).collect())
}

fn row(state: &State, asset: usize) -> Value {
    let tape = &state.options.tape;
    let now = state.now();
    let begin = now.plus_millis(-DAY);
    let minutes = tape.candles(asset, Interval::Minute1, begin, now, now);
    let sum = |of: fn(&promptpal_domain::Candle) -> Decimal| {
        let parts: Vec<Decimal> = minutes.iter().map(of).collect();
        let scale = parts.iter().map(|part| part.scale()).max().unwrap_or(0);
        let units = parts
            .iter()
            .map(|part| part.units_at(scale).expect("amounts are small"));
        eight(Decimal::new(units.sum(), scale))
    };
    let price = |value: Option<Decimal>| eight(value.unwrap_or(Decimal::ZERO));
    json!({
        "symbol": tape.symbol(asset).as_str(),
        "openPrice": price(minutes.first().map(|m| m.open)),
        "highPrice": price(minutes.iter().map(|m| m.high).max()),
        "lowPrice": price(minutes.iter().map(|m| m.low).min()),
        "lastPrice": price(minutes.last().map(|m| m.close)),
        "volume": sum(|m| m.volume),
        "quoteVolume": sum(|m| m.quote_volume.unwrap_or(Decimal::ZERO)),
        "openTime": begin.millis(), "closeTime": now.millis(),
        "firstId": 1, "lastId": 2, "count": minutes.iter().filter_map(|m| m.trades).sum::<i64>(),
    })
}
