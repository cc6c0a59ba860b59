//! Figures of the last 24 hours over REST.

use std::collections::HashMap;

use promptpal_domain::Symbol;

use super::client::{Binance, SYMBOLS_FACTOR, about};
use super::wire::TickerRow;
use crate::net::Request;
use crate::{MarketError, Ticker};

/// More symbols than this cost as much as all of them, and make an address that servers refuse.
const MOST_NAMED: usize = 100;

impl Binance {
    /// Figures of the last 24 hours, in the order asked for; symbols without figures are left out. Weight 2 for up to 20
    /// symbols, 40 for up to 100, 80 for more.
    ///
    /// # Errors
    /// [`MarketError::UnknownSymbol`] for a single symbol that there is not, [`MarketError::Refused`] when it is one of
    /// several, else [`MarketError`] by what went wrong.
    pub async fn tickers(&self, symbols: &[Symbol]) -> Result<Vec<Ticker>, MarketError> {
        if symbols.is_empty() {
            return Ok(Vec::new());
        }
        let mut query = vec![("type", "MINI".to_owned())];
        if symbols.len() <= MOST_NAMED {
            let names: Vec<&str> = symbols.iter().map(Symbol::as_str).collect();
            query.push(("symbols", serde_json::Value::from(names).to_string()));
        }
        let what = "24 h figures";
        let request = Request {
            what,
            path: &["api", "v3", "ticker", "24hr"],
            query: &query,
            weight: weight(symbols.len()),
            max_bytes: self.inner.config.max_body_bytes.saturating_mul(SYMBOLS_FACTOR),
        };
        let answer = self.inner.transport.get(request).await;
        let body = answer.map_err(|error| match symbols {
            [only] => about(only, error),
            _ => error,
        })?;
        let rows: Vec<TickerRow<'_>> = serde_json::from_slice(&body)
            .map_err(|error| self.inner.transport.unreadable(what, &body, &error))?;
        let rows: HashMap<&str, &TickerRow<'_>> = rows.iter().map(|row| (&*row.symbol, row)).collect();
        let read = |symbol: &Symbol| {
            let ticker = rows.get(symbol.as_str())?.ticker(symbol.clone());
            ticker
                .inspect_err(|error| tracing::warn!(%symbol, %error, "24 h figures cannot be read"))
                .ok()
        };
        Ok(symbols.iter().filter_map(read).collect())
    }
}

const fn weight(symbols: usize) -> u32 {
    match symbols {
        ..=20 => 2,
        21..=100 => 40,
        _ => 80,
    }
}
