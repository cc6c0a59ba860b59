//! Binance, and whatever else speaks its protocol, behind the seam.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use promptpal_domain::{Interval, Span, Symbol, Timestamp, Venue};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::client::PAGE_LIMIT;
use crate::{
    Archive, Binance, Exchange, History, LimitState, LiveEvent, LiveFeed, LiveRequest, MarketError, Order,
    SymbolInfo, Ticker, VenueTraits,
};

impl Exchange for Binance {
    fn venue(&self) -> &Venue {
        &self.config().venue
    }

    fn traits(&self) -> VenueTraits {
        let international = *self.venue() == Venue::binance();
        VenueTraits {
            title: if international { "Binance" } else { "Binance US" },
            host: self.inner.transport.host().to_owned(),
            example: "BTCUSDT",
            intervals: &Interval::ALL,
            page_candles: PAGE_LIMIT,
            has_stream: true,
            has_archive: self.inner.archive.is_some(),
            reach: if international {
                "From the first trade of a symbol on; the oldest ones begin on 17 August 2017."
            } else {
                "From the first trade of a symbol on; the oldest ones begin in September 2019."
            },
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
        LiveFeed::follow(
            self.config().clone(),
            request,
            Arc::clone(&self.inner.clock),
            cancel,
        )
    }

    fn archive(&self) -> Option<Archive> {
        self.inner.archive.clone()
    }
}
