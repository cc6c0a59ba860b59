//! Instruments of the exchange.

use promptpal_domain::{Decimal, Symbol};

use super::wire::SymbolRow;

/// An instrument with what is needed to show and to store it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolInfo {
    /// The exchange's name.
    pub symbol: Symbol,
    /// What is traded: `BTC`. May be non-ASCII.
    pub base: String,
    /// What it is paid in: `USDT`.
    pub quote: String,
    /// Whether it trades.
    pub status: SymbolStatus,
    /// Smallest step of a price, where the exchange states one.
    pub tick: Option<Decimal>,
    /// Smallest step of an amount, where the exchange states one.
    pub lot: Option<Decimal>,
}

/// Whether an instrument trades.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SymbolStatus {
    /// It trades.
    Trading,
    /// The day's trading has ended.
    EndOfDay,
    /// Halted.
    Halt,
    /// Suspended, often for good.
    Break,
    /// Orders can only be cancelled.
    CancelOnly,
    /// A word of the exchange that is newer than this program.
    Other(String),
}

impl SymbolRow {
    /// The instrument, or nothing where its name is none we can use.
    pub(crate) fn info(self) -> Option<SymbolInfo> {
        let step = |texts: &mut dyn Iterator<Item = &String>| {
            texts
                .next()
                .and_then(|text| text.parse::<Decimal>().ok())
                .map(Decimal::trimmed)
                .filter(|d| *d > Decimal::ZERO)
        };
        let named = |name: &'static str| self.filters.iter().filter(move |f| f.filter_type == name);
        let tick = step(&mut named("PRICE_FILTER").filter_map(|f| f.tick_size.as_ref()));
        let lot = step(&mut named("LOT_SIZE").filter_map(|f| f.step_size.as_ref()));
        let status = match self.status.as_str() {
            "TRADING" => SymbolStatus::Trading,
            "END_OF_DAY" => SymbolStatus::EndOfDay,
            "HALT" => SymbolStatus::Halt,
            "BREAK" => SymbolStatus::Break,
            "CANCEL_ONLY" => SymbolStatus::CancelOnly,
            other => SymbolStatus::Other(other.to_owned()),
        };
        let Ok(symbol) = self.symbol.parse() else {
            tracing::warn!(symbol = self.symbol, "a symbol with an unusable name is left out");
            return None;
        };
        Some(SymbolInfo {
            symbol,
            base: self.base_asset,
            quote: self.quote_asset,
            status,
            tick,
            lot,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binance::wire::ExchangeInfo;

    #[test]
    fn tolerates_what_is_new() {
        let text = r#"{"timezone":"UTC","serverTime":1,"rateLimits":[{"rateLimitType":"NEW","interval":"EON","intervalNum":1,
            "limit":5,"more":[]}],"exchangeFilters":[{}],"sors":[],"symbols":[
            {"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","filters":[
              {"filterType":"NEW_FILTER","x":{}},{"filterType":"PRICE_FILTER","minPrice":"0.01","tickSize":"0.01000000"},
              {"filterType":"LOT_SIZE","stepSize":"0.00001000"}],"permissionSets":[["SPOT"]]},
            {"symbol":"币安人生USDT","status":"CANCEL_ONLY","baseAsset":"币安人生","quoteAsset":"USDT"},
            {"symbol":"X","status":"AUCTION_MATCH","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.00000000"}]},
            {"symbol":"no good name"}]}"#;
        let info: ExchangeInfo = serde_json::from_str(text).unwrap();
        let symbols: Vec<_> = info.symbols.into_iter().filter_map(SymbolRow::info).collect();
        assert_eq!(symbols.len(), 3);
        assert_eq!(symbols[0].tick.unwrap().to_string(), "0.01");
        assert_eq!(symbols[0].lot.unwrap().to_string(), "0.00001");
        assert_eq!(symbols[1].status, SymbolStatus::CancelOnly);
        assert_eq!(symbols[1].symbol.as_str(), "币安人生USDT");
        assert_eq!(symbols[2].status, SymbolStatus::Other("AUCTION_MATCH".to_owned()));
        assert_eq!(symbols[2].tick, None);
    }
}
