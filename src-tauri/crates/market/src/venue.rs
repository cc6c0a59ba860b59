//! The seam behind which a venue's protocol stays: everything that the program asks of an exchange, in its own words.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use promptpal_domain::{Clock, Decimal, Interval, Span, Symbol, Timestamp, Venue};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    Archive, Binance, BinanceConfig, Coinbase, CoinbaseConfig, History, LimitState, LiveEvent, MarketError,
    Order, SymbolInfo,
};

/// One venue. Clones of a client behind it share limits and pauses.
pub trait Exchange: fmt::Debug + Send + Sync {
    /// The name that its series are stored under.
    fn venue(&self) -> &Venue;

    /// What it offers.
    fn traits(&self) -> VenueTraits;

    /// How its request budget stands, and until when nothing is sent.
    fn limits(&self) -> LimitState;

    /// The venue's own time.
    ///
    /// # Errors
    /// [`MarketError`] by what went wrong.
    fn server_time(&self) -> BoxFuture<'_, Result<Timestamp, MarketError>>;

    /// All instruments, in the venue's order. Costly: keep the list, and search it with [`search`](crate::search).
    ///
    /// # Errors
    /// [`MarketError`] by what went wrong.
    fn symbols(&self) -> BoxFuture<'_, Result<Vec<SymbolInfo>, MarketError>>;

    /// One instrument.
    ///
    /// # Errors
    /// [`MarketError::UnknownSymbol`] when there is none, else [`MarketError`] by what went wrong.
    fn symbol<'a>(&'a self, symbol: &'a Symbol) -> BoxFuture<'a, Result<SymbolInfo, MarketError>>;

    /// Figures of the last 24 hours, in the order asked for; instruments without figures are left out.
    ///
    /// # Errors
    /// [`MarketError`] by what went wrong, also when one of the symbols is unknown.
    fn tickers<'a>(&'a self, symbols: &'a [Symbol]) -> BoxFuture<'a, Result<Vec<Ticker>, MarketError>>;

    /// Fetches the candles that open in `span`, page by page, in `order`. Pages settle spans that do not overlap. The
    /// [`History`] gives pages and waits; it ends after the last page, after an error, or after `cancel`. Dropping it ends
    /// the work too. Nothing is kept to resume: ask for what is still missing.
    fn history(
        &self,
        symbol: Symbol,
        interval: Interval,
        span: Span,
        order: Order,
        cancel: CancellationToken,
    ) -> History;

    /// Follows candles until `cancel` or until the receiver is dropped. A venue without a stream polls politely behind the
    /// same events.
    fn live(&self, request: LiveRequest, cancel: CancellationToken) -> mpsc::Receiver<LiveEvent>;

    /// Its bulk archives, where it publishes its history as files.
    fn archive(&self) -> Option<Archive> {
        None
    }
}

/// What a venue offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VenueTraits {
    /// Its name for people: `Binance US`.
    pub title: &'static str,
    /// The host that is asked over REST: what evidence names as the source.
    pub host: String,
    /// A symbol as the venue writes it: `BTC-USD`.
    pub example: &'static str,
    /// Candle lengths it has, shortest first.
    pub intervals: &'static [Interval],
    /// Most candles of one answer.
    pub page_candles: u16,
    /// Whether live candles come over a stream; else they are polled.
    pub has_stream: bool,
    /// Whether it publishes its history as files.
    pub has_archive: bool,
    /// How far back its history goes, for people.
    pub reach: &'static str,
}

/// What is to be followed live.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LiveRequest {
    /// Series whose candles are wanted.
    pub series: Vec<(Symbol, Interval)>,
    /// Instruments whose 24 h figures are wanted.
    pub tickers: Vec<Symbol>,
}

/// Figures of the last 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticker {
    /// Of which instrument.
    pub symbol: Symbol,
    /// The newest price.
    pub last: Decimal,
    /// The price 24 hours ago.
    pub open_24h: Decimal,
    /// The highest price.
    pub high_24h: Decimal,
    /// The lowest price.
    pub low_24h: Decimal,
    /// Amount traded in the base asset.
    pub volume_24h: Decimal,
    /// Amount traded in the quote asset, where the venue tells it.
    pub quote_volume_24h: Option<Decimal>,
    /// When the venue, or our clock where it is silent, had these figures.
    pub at: Timestamp,
}

/// Where each venue is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VenuesConfig {
    /// Binance's international market, over its usual hosts or over the keyless market-data hosts.
    pub binance: BinanceConfig,
    /// Binance US: another exchange with other prices.
    pub binance_us: BinanceConfig,
    /// Coinbase Exchange.
    pub coinbase: CoinbaseConfig,
}

impl VenuesConfig {
    /// Every venue at its own addresses.
    ///
    /// # Errors
    /// None in practice: the addresses are constants.
    pub fn own() -> Result<Self, MarketError> {
        Ok(Self {
            binance: BinanceConfig::international()?,
            binance_us: BinanceConfig::us()?,
            coinbase: CoinbaseConfig::own()?,
        })
    }
}

/// All venues that the program knows. No request is sent.
///
/// # Errors
/// [`MarketError::Unreachable`] when no HTTP client can be made (no TLS provider, no certificates).
pub fn venues(config: VenuesConfig, clock: &Arc<dyn Clock>) -> Result<Vec<Arc<dyn Exchange>>, MarketError> {
    let VenuesConfig {
        binance,
        binance_us,
        coinbase,
    } = config;
    Ok(vec![
        Arc::new(Binance::new(binance, Arc::clone(clock))?),
        Arc::new(Binance::new(binance_us, Arc::clone(clock))?),
        Arc::new(Coinbase::new(coinbase, Arc::clone(clock))?),
    ])
}
