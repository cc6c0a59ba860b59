//! Which asset a symbol is about.

use promptpal_domain::{Asset, Symbol};

/// Quote assets of the big exchanges, longest first so that `BTCFDUSD` is not read as `BTCFD` + `USD`.
const QUOTES: [&str; 22] = [
    "FDUSD", "USDT", "USDC", "BUSD", "TUSD", "USDP", "DAI", "EUR", "GBP", "TRY", "BRL", "JPY", "AUD", "RUB",
    "UAH", "IDR", "BTC", "ETH", "BNB", "USD", "PLN", "ZAR",
];

/// The base and quote asset of a symbol such as `BTCUSDT`, `BTC-USD` or `BTC/EUR`, where they can be told apart.
#[must_use]
pub fn base_and_quote(symbol: &Symbol) -> Option<(Asset, String)> {
    let name = symbol.as_str();
    if let Some((base, quote)) = name.split_once(['-', '/', '_']) {
        return Some((base.parse().ok()?, quote.to_owned()));
    }
    QUOTES.iter().find_map(|quote| {
        let base = name.strip_suffix(quote).filter(|base| !base.is_empty())?;
        Some((base.parse().ok()?, (*quote).to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_what_can_be_split() {
        let check = |symbol: &str, expected: Option<(&str, &str)>| {
            let found = base_and_quote(&symbol.parse().unwrap());
            let found = found
                .as_ref()
                .map(|(base, quote)| (base.as_str(), quote.as_str()));
            assert_eq!(found, expected, "{symbol}");
        };
        check("BTCUSDT", Some(("BTC", "USDT")));
        check("ETHBTC", Some(("ETH", "BTC")));
        check("BTCFDUSD", Some(("BTC", "FDUSD")));
        check("SOL-USD", Some(("SOL", "USD")));
        check("USDT", None);
        check("GOOG", None);
    }
}
