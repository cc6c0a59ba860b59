//! Instruments of the exchange.

use promptpal_domain::Decimal;

use super::wire::SymbolRow;
use crate::{SymbolInfo, SymbolStatus};

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
        let named = |name: &'static str| {
            let filters = self.filters.iter();
            filters.filter(move |f| f.filter_type.as_deref() == Some(name))
        };
        let tick = step(&mut named("PRICE_FILTER").filter_map(|f| f.tick_size.as_ref()));
        let lot = step(&mut named("LOT_SIZE").filter_map(|f| f.step_size.as_ref()));
        let status = match self.status.as_deref().unwrap_or_default() {
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
            base: self.base_asset.unwrap_or_default(),
            quote: self.quote_asset.unwrap_or_default(),
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

    fn read(text: &str) -> Vec<SymbolInfo> {
        let info: ExchangeInfo = serde_json::from_str(text).unwrap();
        info.symbols.into_iter().filter_map(SymbolRow::info).collect()
    }

    #[test]
    fn tolerates_what_is_new() {
        let symbols = read(
            r#"{"timezone":"UTC","serverTime":1,"rateLimits":[{"rateLimitType":"NEW","interval":"EON","intervalNum":1,
            "limit":5,"more":[]}],"exchangeFilters":[{}],"sors":[],"symbols":[
            {"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","filters":[
              {"filterType":"NEW_FILTER","x":{}},{"filterType":"PRICE_FILTER","minPrice":"0.01","tickSize":"0.01000000"},
              {"filterType":"LOT_SIZE","stepSize":"0.00001000"}],"permissionSets":[["SPOT"]]},
            {"symbol":"币安人生USDT","status":"CANCEL_ONLY","baseAsset":"币安人生","quoteAsset":"USDT"},
            {"symbol":"X","status":"AUCTION_MATCH","filters":[{"filterType":"PRICE_FILTER","tickSize":"0.00000000"}]},
            {"symbol":"no good name"}]}"#,
        );
        assert_eq!(symbols.len(), 3);
        assert_eq!(symbols[0].tick.unwrap().to_string(), "0.01");
        assert_eq!(symbols[0].lot.unwrap().to_string(), "0.00001");
        assert_eq!(symbols[1].status, SymbolStatus::CancelOnly);
        assert_eq!(symbols[1].symbol.as_str(), "币安人生USDT");
        assert_eq!(symbols[2].status, SymbolStatus::Other("AUCTION_MATCH".to_owned()));
        assert_eq!(symbols[2].tick, None);
    }

    #[test]
    fn one_odd_row_does_not_take_the_others_with_it() {
        let symbols = read(
            r#"{"serverTime":1,"rateLimits":[],"symbols":[
            {"symbol":"AUSDT","status":null,"baseAsset":null,"quoteAsset":"USDT","filters":null},
            {"name":"a row of another shape"}, 7, null,
            {"symbol":"BUSDT","status":"TRADING","filters":[null, 1, {"filterType":null}, {"tickSize":0.1},
              {"filterType":"LOT_SIZE","minQty":"1.00000000","maxQty":"92141578736000000000.00000000",
               "stepSize":"1.00000000"},
              {"filterType":"PRICE_FILTER","tickSize":"0.00000001"}]},
            {"symbol":"CUSDT","filters":[{"filterType":"LOT_SIZE","stepSize":"92233720368547758080"}]}]}"#,
        );
        let names: Vec<_> = symbols.iter().map(|info| info.symbol.as_str()).collect();
        assert_eq!(names, ["AUSDT", "BUSDT", "CUSDT"]);
        assert_eq!(symbols[0].status, SymbolStatus::Other(String::new()));
        assert_eq!(symbols[1].lot.unwrap().to_string(), "1");
        assert_eq!(symbols[1].tick.unwrap().to_string(), "0.00000001");
        assert_eq!((symbols[2].lot, symbols[2].tick), (None, None));
    }
}
