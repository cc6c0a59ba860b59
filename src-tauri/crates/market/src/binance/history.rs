//! The walk through Binance's candles, from either end.

use std::sync::Arc;

use promptpal_domain::{Interval, LiveCandle, SeriesKey, Span, Symbol};
use tokio_util::sync::CancellationToken;

use super::client::{Binance, KlinePage, PAGE_LIMIT};
use crate::history::{self, Patience, Stop, Teller};
use crate::{History, HistoryPage, MarketError, Order};

impl Binance {
    /// [`Binance::history_in`] with the oldest candles first.
    #[must_use]
    pub fn history(
        &self,
        symbol: Symbol,
        interval: Interval,
        span: Span,
        cancel: CancellationToken,
    ) -> History {
        self.history_in(Order::OldestFirst, symbol, interval, span, cancel)
    }

    /// Fetches the candles that open in `span`. The receiver gets pages and waits; it closes after the last page, after an
    /// error, or after `cancel` (then without another word). Dropping it ends the work too.
    ///
    /// Pauses up to [`longest_wait`](super::BinanceConfig::longest_wait) are waited out. Passing failures (no connection,
    /// timeout, 5xx, an unreadable answer) are tried again four times with doubling waits; each wait is an event.
    #[must_use]
    pub fn history_in(
        &self,
        order: Order,
        symbol: Symbol,
        interval: Interval,
        span: Span,
        cancel: CancellationToken,
    ) -> History {
        let patience = Patience {
            retry_wait: self.config().retry_wait,
            longest_wait: self.config().longest_wait,
        };
        let client = self.clone();
        history::start(
            Arc::clone(&self.inner.clock),
            patience,
            cancel,
            move |teller| async move {
                let walk = Walk {
                    client,
                    symbol,
                    interval,
                    span,
                    teller,
                };
                walk.learn_limits().await?;
                match order {
                    Order::OldestFirst => walk.oldest_first().await,
                    Order::NewestFirst => walk.newest_first().await,
                }
            },
        )
    }
}

struct Walk {
    client: Binance,
    symbol: Symbol,
    interval: Interval,
    span: Span,
    teller: Teller,
}

impl Walk {
    async fn learn_limits(&self) -> Result<(), Stop> {
        if !self.client.inner.transport.gate.is_known() {
            self.teller.patiently(|| self.client.symbol(&self.symbol)).await?;
        }
        Ok(())
    }

    async fn oldest_first(&self) -> Result<(), Stop> {
        let mut from = self.span.from();
        let mut judge_by_server = false;
        loop {
            let Ok(rest) = Span::new(from, self.span.to()) else {
                return Ok(());
            };
            if rest.is_empty() {
                return Ok(());
            }
            let page = self.teller.patiently(|| self.page(rest, judge_by_server)).await?;
            let fresh = judge_by_server || self.near_present(rest);
            let (next, full, reached_forming) = (page.covered.to(), page.full, page.live.is_some());
            // A last row that we held for forming only because our idea of the time was old is asked for once more.
            let ask_again = reached_forming && !fresh;
            self.teller.page(self.hand_out(page, ask_again)).await?;
            if !(full || ask_again) || (reached_forming && fresh) || (next <= from && !ask_again) {
                return Ok(());
            }
            judge_by_server = ask_again;
            from = next;
        }
    }

    async fn newest_first(&self) -> Result<(), Stop> {
        let from = self.span.from();
        let mut end = self.span.to();
        loop {
            let Ok(rest) = Span::new(from, end) else {
                return Ok(());
            };
            if rest.is_empty() {
                return Ok(());
            }
            let page = self.teller.patiently(|| self.page_before(rest)).await?;
            let (start, more) = (page.covered.from(), page.full);
            self.teller.page(self.hand_out(page, false)).await?;
            if !more || start >= end {
                return Ok(());
            }
            end = start;
        }
    }

    /// Whether [`Binance::klines`] looks at the exchange's clock for this span.
    fn near_present(&self, span: Span) -> bool {
        let known = self.client.server_seen();
        let page_ms = self
            .interval
            .nominal_millis()
            .saturating_mul(i64::from(PAGE_LIMIT));
        span.to() <= known || span.from().plus_millis(page_ms) > known
    }

    async fn page(&self, span: Span, judge_by_server: bool) -> Result<KlinePage, MarketError> {
        if judge_by_server {
            self.client.server_time().await?;
            return self
                .client
                .page(&self.symbol, self.interval, span, PAGE_LIMIT)
                .await;
        }
        self.client
            .klines(&self.symbol, self.interval, span, PAGE_LIMIT)
            .await
    }

    /// The newest page of `span`. Where it may touch the forming candle, the exchange is asked for its time first, each
    /// time: a wait for a pause may lie between two tries.
    async fn page_before(&self, span: Span) -> Result<KlinePage, MarketError> {
        if self.interval.next(span.to()) > self.client.server_seen() {
            self.client.server_time().await?;
        }
        self.client
            .page_before(&self.symbol, self.interval, span, PAGE_LIMIT)
            .await
    }

    fn hand_out(&self, page: KlinePage, without_live: bool) -> HistoryPage {
        let series = SeriesKey {
            venue: self.client.config().venue.clone(),
            symbol: self.symbol.clone(),
            interval: self.interval,
        };
        let sent = self.client.server_seen();
        let live = page.live.filter(|_| !without_live);
        let live = live.map(|candle| LiveCandle {
            series: series.clone(),
            candle,
            closed: false,
            sent,
        });
        HistoryPage {
            series,
            covered: page.covered,
            candles: page.candles,
            live,
        }
    }
}
