//! Instruments of a venue, and finding one by a few letters.

use promptpal_domain::{Decimal, Symbol};

/// An instrument with what is needed to show and to store it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SymbolInfo {
    /// The venue's name.
    pub symbol: Symbol,
    /// What is traded: `BTC`. May be non-ASCII.
    pub base: String,
    /// What it is paid in: `USDT`.
    pub quote: String,
    /// Whether it trades.
    pub status: SymbolStatus,
    /// Smallest step of a price, where the venue states one.
    pub tick: Option<Decimal>,
    /// Smallest step of an amount, where the venue states one.
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
    /// A word of the venue that is newer than this program.
    Other(String),
}

/// How well a name answers a query; the smaller the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    /// It is the name.
    Exact,
    /// The name begins with it.
    Begins,
    /// What is traded begins with it.
    Base,
    /// The name holds it.
    Holds,
}

/// The best `limit` answers of a list to a few letters: exact names first, then those that begin with them, those
/// whose base asset does, and those that hold them; among equals trading ones, then shorter names. Case and the
/// separators that venues put into names do not count: `btc/usd` finds `BTC-USD`. Nothing typed finds everything.
#[must_use]
pub fn search<'a>(symbols: &'a [SymbolInfo], query: &str, limit: usize) -> Vec<&'a SymbolInfo> {
    let wanted = bare(query);
    let mut found: Vec<(Match, bool, usize, &SymbolInfo)> = symbols
        .iter()
        .filter_map(|info| {
            let name = bare(info.symbol.as_str());
            let how = rank(&name, &bare(&info.base), &wanted)?;
            Some((
                how,
                info.status != SymbolStatus::Trading,
                name.chars().count(),
                info,
            ))
        })
        .collect();
    found.sort_by(|(how, halted, length, info), other| {
        (how, halted, length, &info.symbol).cmp(&(&other.0, &other.1, &other.2, &other.3.symbol))
    });
    found.truncate(limit);
    found.into_iter().map(|(.., info)| info).collect()
}

fn rank(name: &str, base: &str, wanted: &str) -> Option<Match> {
    if name == wanted {
        Some(Match::Exact)
    } else if name.starts_with(wanted) {
        Some(Match::Begins)
    } else if base.starts_with(wanted) {
        Some(Match::Base)
    } else {
        name.contains(wanted).then_some(Match::Holds)
    }
}

/// Without case and without what venues put between base and quote.
fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '/' | '_'))
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(symbol: &str, base: &str, status: SymbolStatus) -> SymbolInfo {
        SymbolInfo {
            symbol: symbol.parse().unwrap(),
            base: base.to_owned(),
            quote: String::new(),
            status,
            tick: None,
            lot: None,
        }
    }

    #[test]
    fn the_best_answers_come_first() {
        let list = [
            info("WBTCUSDT", "WBTC", SymbolStatus::Trading),
            info("BTCSTUSDT", "BTCST", SymbolStatus::Break),
            info("BTCUSDT", "BTC", SymbolStatus::Trading),
            info("BTCEUR", "BTC", SymbolStatus::Trading),
            info("X-BTC-PERP", "BTC", SymbolStatus::Trading),
            info("BTC", "BTC", SymbolStatus::Halt),
            info("ETHBTC", "ETH", SymbolStatus::Trading),
            info("BTC-USD", "BTC", SymbolStatus::Trading),
            info("币安人生USDT", "币安人生", SymbolStatus::Trading),
            info("ETHUSDT", "ETH", SymbolStatus::Trading),
        ];
        let check = |query: &str, limit: usize, expected: &[&str]| {
            let found: Vec<_> = search(&list, query, limit)
                .into_iter()
                .map(|i| i.symbol.as_str())
                .collect();
            assert_eq!(found, expected, "{query}");
        };
        check(
            " btc ",
            20,
            &[
                "BTC",
                "BTC-USD",
                "BTCEUR",
                "BTCUSDT",
                "BTCSTUSDT",
                "X-BTC-PERP",
                "ETHBTC",
                "WBTCUSDT",
            ],
        );
        check("btc/usd", 2, &["BTC-USD", "BTCUSDT"]);
        check("人生", 20, &["币安人生USDT"]);
        check("nothing", 20, &[]);
        assert_eq!(search(&list, "", 100).len(), list.len());
    }
}
