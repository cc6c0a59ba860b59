//! Coinbase behind the seam.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use promptpal_domain::{Interval, Span, Symbol, Timestamp, Venue};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::client::{INTERVALS, PAGE_LIMIT};
use crate::{
    Coinbase, Exchange, History, LimitState, LiveEvent, LiveRequest, MarketError, Order, SymbolInfo, Ticker,
    VenueTraits,
};

impl Exchange for Coinbase {
    fn venue(&self) -> &Venue {
        &self.config().venue
    }

    fn traits(&self) -> VenueTraits {
        VenueTraits {
            title: "Coinbase",
            host: self.inner.transport.host().to_owned(),
            example: "BTC-USD",
            intervals: &INTERVALS,
            page_candles: PAGE_LIMIT,
            has_stream: false,
            has_archive: false,
            reach: "From the first trade of a symbol on; the oldest ones begin in 2015. Candles come in pages of 300, so \
                    years of minutes take an hour.",
        }
    }

    fn limits(&self) -> LimitState {
        Self::limits(self)
    }

    fn server_time(&self) -> BoxFuture<'_, Result<Timestamp, MarketError>> {
        Self::server_time(self).boxed()
    }

    fn symbols(&self) -> BoxFuture<'_, Result<Vec<SymbolInfo>, MarketError>> {
        Self::symbols(self).boxed()
    }

    fn symbol<'a>(&'a self, symbol: &'a Symbol) -> BoxFuture<'a, Result<SymbolInfo, MarketError>> {
        Self::symbol(self, symbol).boxed()
    }

    fn tickers<'a>(&'a self, symbols: &'a [Symbol]) -> BoxFuture<'a, Result<Vec<Ticker>, MarketError>> {
        Self::tickers(self, symbols).boxed()
    }

    fn history(
        &self,
        symbol: Symbol,
        interval: Interval,
        span: Span,
        order: Order,
        cancel: CancellationToken,
    ) -> History {
        self.history_in(order, symbol, interval, span, cancel)
    }

    fn live(&self, request: LiveRequest, cancel: CancellationToken) -> mpsc::Receiver<LiveEvent> {
        self.poll(request, cancel)
    }
}
