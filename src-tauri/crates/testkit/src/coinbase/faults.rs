//! What can go wrong.

use std::str::FromStr;

/// A fault of the next request. Those that damage candles wait for a request for candles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoinbaseFault {
    /// 429, with `Retry-After` in seconds where there is a number.
    TooManyRequests(Option<u64>),
    /// 403 with a page of HTML.
    Forbidden,
    /// 451: not served in this country.
    Restricted,
    /// 500 with the exchange's own words.
    Unavailable,
    /// 200 with a page of HTML.
    Html,
    /// 200 with JSON that is cut in the middle.
    CutJson,
    /// The rows of candles in an order of their own, one of them twice.
    OutOfOrder,
    /// The newest two candles are not there yet.
    Late,
    /// No answer until the client gives up.
    Silence,
}

/// Names as they are written by hand.
const NAMED: [(&str, CoinbaseFault); 9] = [
    ("429", CoinbaseFault::TooManyRequests(None)),
    ("403", CoinbaseFault::Forbidden),
    ("451", CoinbaseFault::Restricted),
    ("500", CoinbaseFault::Unavailable),
    ("html", CoinbaseFault::Html),
    ("cut-json", CoinbaseFault::CutJson),
    ("out-of-order", CoinbaseFault::OutOfOrder),
    ("late", CoinbaseFault::Late),
    ("silence", CoinbaseFault::Silence),
];

impl FromStr for CoinbaseFault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = NAMED.into_iter().find(|(name, _)| *name == text);
        found.map(|(_, fault)| fault).ok_or_else(|| {
            format!(
                "'{text}' is no fault: use one of {}",
                NAMED.map(|(name, _)| name).join(" ")
            )
        })
    }
}

impl CoinbaseFault {
    /// Whether it waits for a request for candles.
    pub(crate) const fn is_of_candles(self) -> bool {
        matches!(self, Self::CutJson | Self::OutOfOrder | Self::Late)
    }
}
