//! Text frames of the stream: what we send, and the six kinds that arrive.

use std::borrow::Cow;

use promptpal_domain::{Candle, Decimal, Interval, LiveCandle, SeriesKey, Symbol, Timestamp, Venue};
use serde::Deserialize;

use super::wire::{amount, irregular_close};
use crate::{Ticker, moment};

/// A text frame, bare or wrapped with its stream's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A candle's newest state.
    Candle(Box<LiveCandle>),
    /// The last 24 hours of a symbol.
    Ticker(Box<Ticker>),
    /// An event of a kind that we did not ask for.
    Other,
    /// The answer to a request of ours that worked.
    Reply {
        /// Our number of the request.
        id: Option<u64>,
    },
    /// The answer to one that did not. It may lack the number.
    Refusal {
        /// Our number of the request.
        id: Option<u64>,
        /// The exchange's code.
        code: i64,
        /// Its own words.
        message: String,
    },
    /// The server is about to go away.
    Shutdown,
}

/// Why a frame was skipped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    #[error("no JSON of a known shape: {0}")]
    Json(#[from] serde_json::Error),
    #[error("neither event nor answer")]
    Shapeless,
    #[error(transparent)]
    Name(#[from] promptpal_domain::NameError),
    #[error(transparent)]
    Interval(#[from] promptpal_domain::IntervalError),
    #[error(transparent)]
    Number(#[from] promptpal_domain::DecimalError),
    #[error(transparent)]
    Candle(#[from] promptpal_domain::CandleError),
}

/// An event in its wrapping, or the fields of a bare one. An answer has neither.
#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    data: Option<Event<'a>>,
    #[serde(borrow)]
    e: Option<Cow<'a, str>>,
    #[serde(rename = "E")]
    sent: Option<i64>,
    #[serde(borrow)]
    k: Option<Kline<'a>>,
}

#[derive(Deserialize)]
struct Answer<'a> {
    id: Option<serde_json::Value>,
    code: Option<i64>,
    #[serde(borrow)]
    msg: Option<Cow<'a, str>>,
    #[serde(borrow)]
    error: Option<ErrorObject<'a>>,
    /// Present and null in a reply.
    #[serde(default, deserialize_with = "present")]
    result: bool,
}

#[derive(Deserialize)]
struct ErrorObject<'a> {
    code: i64,
    #[serde(borrow, default)]
    msg: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(borrow)]
    e: Option<Cow<'a, str>>,
    #[serde(rename = "E")]
    sent: Option<i64>,
    #[serde(borrow)]
    k: Option<Kline<'a>>,
}

#[derive(Deserialize)]
struct Kline<'a> {
    t: i64,
    #[serde(rename = "T")]
    close_time: i64,
    #[serde(borrow)]
    s: Cow<'a, str>,
    #[serde(borrow)]
    i: Cow<'a, str>,
    #[serde(borrow)]
    o: Cow<'a, str>,
    #[serde(borrow)]
    c: Cow<'a, str>,
    #[serde(borrow)]
    h: Cow<'a, str>,
    #[serde(borrow)]
    l: Cow<'a, str>,
    #[serde(borrow)]
    v: Cow<'a, str>,
    n: i64,
    x: bool,
    #[serde(borrow)]
    q: Cow<'a, str>,
    #[serde(rename = "V", borrow)]
    taker_base: Cow<'a, str>,
    #[serde(rename = "Q", borrow)]
    taker_quote: Cow<'a, str>,
}

/// A ticker in its wrapping, or bare.
#[derive(Deserialize)]
#[serde(untagged)]
enum WrappedTicker<'a> {
    Wrapped {
        #[serde(borrow)]
        data: MiniTicker<'a>,
    },
    #[serde(borrow)]
    Bare(MiniTicker<'a>),
}

#[derive(Deserialize)]
struct MiniTicker<'a> {
    #[serde(rename = "E")]
    sent: i64,
    #[serde(borrow)]
    s: Cow<'a, str>,
    #[serde(borrow)]
    c: Cow<'a, str>,
    #[serde(borrow)]
    o: Cow<'a, str>,
    #[serde(borrow)]
    h: Cow<'a, str>,
    #[serde(borrow)]
    l: Cow<'a, str>,
    #[serde(borrow)]
    v: Cow<'a, str>,
    #[serde(borrow)]
    q: Cow<'a, str>,
}

fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    serde::de::IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl Frame {
    /// Reads a text frame; candles become those of `venue`.
    pub(crate) fn parse(text: &str, venue: &Venue) -> Result<Self, FrameError> {
        let event = match serde_json::from_str::<Wrapped<'_>>(text)? {
            Wrapped {
                data: Some(event), ..
            } => Some(event),
            Wrapped {
                e: Some(e), sent, k, ..
            } => Some(Event { e: Some(e), sent, k }),
            Wrapped { .. } => None,
        };
        match event {
            Some(Event {
                e,
                sent,
                k: Some(kline),
            }) if e.as_deref() == Some("kline") => Ok(Self::Candle(Box::new(kline.live(sent, venue)?))),
            Some(Event { e: Some(e), .. }) if e == "serverShutdown" => Ok(Self::Shutdown),
            Some(Event { e: Some(e), .. }) if e == "24hrMiniTicker" => {
                Ok(Self::Ticker(Box::new(MiniTicker::read(text)?.ticker()?)))
            }
            Some(_) => Ok(Self::Other),
            None => Self::answer(text),
        }
    }

    fn answer(text: &str) -> Result<Self, FrameError> {
        let Answer {
            id,
            code,
            msg,
            error,
            result,
        } = serde_json::from_str(text)?;
        let id = id.and_then(|id| id.as_u64());
        match (error, code, result) {
            (Some(ErrorObject { code, msg }), _, _) => Ok(Self::Refusal {
                id,
                code,
                message: msg.into_owned(),
            }),
            (None, Some(code), _) => Ok(Self::Refusal {
                id,
                code,
                message: msg.map(Cow::into_owned).unwrap_or_default(),
            }),
            (None, None, true) => Ok(Self::Reply { id }),
            (None, None, false) => Err(FrameError::Shapeless),
        }
    }
}

/// Reads a frame as the live stream does, and tells whether it is a candle. For the measurement of its cost.
#[doc(hidden)]
#[must_use]
pub fn is_candle(text: &str, venue: &Venue) -> bool {
    matches!(Frame::parse(text, venue), Ok(Frame::Candle(_)))
}

/// The frame that asks for these streams.
pub(crate) fn subscribe<'a>(id: u64, streams: impl IntoIterator<Item = &'a str>) -> String {
    let params: Vec<&str> = streams.into_iter().collect();
    serde_json::json!({ "method": "SUBSCRIBE", "params": params, "id": id }).to_string()
}

/// The stream's name: `btcusdt@kline_1m`.
pub(crate) fn stream_name(symbol: &Symbol, interval: Interval) -> String {
    format!("{}@kline_{interval}", symbol.as_str().to_lowercase())
}

/// The name of a symbol's figures of the last 24 hours: `btcusdt@miniTicker`.
pub(crate) fn ticker_name(symbol: &Symbol) -> String {
    format!("{}@miniTicker", symbol.as_str().to_lowercase())
}

impl<'a> MiniTicker<'a> {
    fn read(text: &'a str) -> Result<Self, serde_json::Error> {
        Ok(match serde_json::from_str(text)? {
            WrappedTicker::Wrapped { data } | WrappedTicker::Bare(data) => data,
        })
    }

    fn ticker(self) -> Result<Ticker, FrameError> {
        let price = |text: &str| Decimal::parse_bytes(text.as_bytes());
        Ok(Ticker {
            symbol: self.s.parse()?,
            last: price(&self.c)?,
            open_24h: price(&self.o)?,
            high_24h: price(&self.h)?,
            low_24h: price(&self.l)?,
            volume_24h: amount(&self.v)?,
            quote_volume_24h: Some(amount(&self.q)?),
            at: moment::by_magnitude(self.sent),
        })
    }
}

impl Kline<'_> {
    fn live(self, sent: Option<i64>, venue: &Venue) -> Result<LiveCandle, FrameError> {
        let interval: Interval = self.i.parse()?;
        let open_time = moment::by_magnitude(self.t);
        let close_time = moment::by_magnitude(self.close_time);
        let price = |text: &str| Decimal::parse_bytes(text.as_bytes());
        let candle = Candle {
            open_time,
            close_time: irregular_close(interval, open_time, close_time),
            open: price(&self.o)?,
            high: price(&self.h)?,
            low: price(&self.l)?,
            close: price(&self.c)?,
            volume: amount(&self.v)?,
            quote_volume: Some(amount(&self.q)?),
            trades: Some(self.n),
            taker_base_volume: Some(amount(&self.taker_base)?),
            taker_quote_volume: Some(amount(&self.taker_quote)?),
        };
        Ok(LiveCandle {
            series: SeriesKey {
                venue: venue.clone(),
                symbol: self.s.parse()?,
                interval,
            },
            candle: candle.checked()?,
            closed: self.x,
            sent: sent.map_or(Timestamp::EPOCH, moment::by_magnitude),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KLINE: &str = r#"{"e":"kline","E":1633998512371,"s":"RUNEEUR","k":{"t":1633998480000,"T":1633998539999,
        "s":"RUNEEUR","i":"1m","f":-1,"L":-1,"o":"7.23300000","c":"7.23300000","h":"7.23300000","l":"7.23300000",
        "v":"0.00000000","n":0,"x":false,"q":"0.00000000","V":"0.00000000","Q":"0.00000000","B":"0"}}"#;

    fn kind(text: &str) -> String {
        match Frame::parse(text, &Venue::binance()) {
            Ok(Frame::Candle(live)) => format!("{} {} {}", live.series, live.candle.open_time, live.closed),
            Ok(Frame::Ticker(ticker)) => format!(
                "ticker {} {} {} {}",
                ticker.symbol,
                ticker.last,
                ticker.volume_24h,
                ticker.at.millis()
            ),
            Ok(Frame::Other) => "other".to_owned(),
            Ok(Frame::Reply { id }) => format!("reply {id:?}"),
            Ok(Frame::Refusal { id, code, message }) => format!("refusal {id:?} {code} {message}"),
            Ok(Frame::Shutdown) => "shutdown".to_owned(),
            Err(_) => "error".to_owned(),
        }
    }

    #[test]
    fn tells_the_kinds_apart() {
        let check = |text: &str, expected: &str| assert_eq!(kind(text), expected, "{text}");
        let candle = "binance RUNEEUR 1m 2021-10-12T00:28:00Z false";
        check(KLINE, candle);
        check(
            &format!(r#"{{"stream":"runeeur@kline_1m","data":{KLINE}}}"#),
            candle,
        );
        check(
            &KLINE.replace("\"x\":false", "\"x\":true"),
            "binance RUNEEUR 1m 2021-10-12T00:28:00Z true",
        );
        let micros = KLINE
            .replace("1633998480000", "1633998480000000")
            .replace("1633998539999", "1633998539999999");
        check(&micros, candle);
        check(
            &KLINE.replace("RUNEEUR", "币安人生USDT"),
            "binance 币安人生USDT 1m 2021-10-12T00:28:00Z false",
        );
        check(&KLINE.replace("\"1m\"", "\"8m\""), "error");
        check(&KLINE.replace("\"h\":\"7.23300000\"", "\"h\":\"7.1\""), "error");
        check(&KLINE.replace("\"v\":", "\"w\":"), "error");
        check(KLINE.get(..80).unwrap(), "error");
        check(r#"{"result":null,"id":3}"#, "reply Some(3)");
        check(r#"{"result":["btcusdt@kline_1m"],"id":"abc"}"#, "reply None");
        check(
            r#"{"code":2,"msg":"Invalid request: x"}"#,
            "refusal None 2 Invalid request: x",
        );
        check(
            r#"{"error":{"code":3,"msg":"Invalid JSON"},"id":7}"#,
            "refusal Some(7) 3 Invalid JSON",
        );
        check(r#"{"e":"serverShutdown","E":1}"#, "shutdown");
        check(
            r#"{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}"#,
            "shutdown",
        );
        check(
            r#"{"stream":"x@bookTicker","data":{"u":1,"s":"X","b":"1","B":"2","a":"3","A":"4"}}"#,
            "other",
        );
        check(
            r#"{"e":"aggTrade","E":1,"s":"X","a":1,"p":"1","q":"2","T":3,"m":true}"#,
            "other",
        );
        let ticker = r#"{"e":"24hrMiniTicker","E":1672515782136,"s":"BNBBTC","c":"0.0025","o":"0.0010","h":"0.0026",
            "l":"0.0010","v":"10000.5","q":"18"}"#;
        check(ticker, "ticker BNBBTC 0.0025 10000.5 1672515782136");
        check(
            &format!(r#"{{"stream":"bnbbtc@miniTicker","data":{ticker}}}"#),
            "ticker BNBBTC 0.0025 10000.5 1672515782136",
        );
        check(&ticker.replace("18", "x"), "error");
        check("{}", "error");
        check("[]", "error");
        check("", "error");
        check("<html>", "error");
    }

    #[test]
    fn names_streams_as_the_exchange_does() {
        let name = |symbol: &str, interval| stream_name(&symbol.parse().unwrap(), interval);
        assert_eq!(name("BTCUSDT", Interval::Month1), "btcusdt@kline_1M");
        assert_eq!(name("币安人生USDT", Interval::Minute1), "币安人生usdt@kline_1m");
        assert_eq!(
            subscribe(4, ["a@kline_1m"]),
            r#"{"id":4,"method":"SUBSCRIBE","params":["a@kline_1m"]}"#
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,200}") {
            let _ = Frame::parse(&text, &Venue::binance());
        }

        #[test]
        fn a_damaged_frame_never_panics(at in 0_usize..KLINE.len(), with in any::<u8>(), cut in 0_usize..KLINE.len()) {
            let mut bytes = KLINE.as_bytes().to_vec();
            bytes[at] = with;
            let _ = Frame::parse(&String::from_utf8_lossy(&bytes), &Venue::binance());
            let _ = Frame::parse(&String::from_utf8_lossy(&bytes[..cut]), &Venue::binance());
        }
    }
}
