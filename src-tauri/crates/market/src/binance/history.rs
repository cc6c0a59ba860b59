//! The walk through Binance's candles, from either end.

use std::sync::Arc;

use futures_util::StreamExt as _;
use futures_util::stream;
use promptpal_domain::{Interval, LiveCandle, SeriesKey, Span, Symbol, Timestamp};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::client::{Binance, KlinePage, PAGE_LIMIT};
use crate::history::{self, Patience, Stop, Teller};
use crate::{HistoryEvent, HistoryPage, MarketError, Order};

/// Pages that are asked for at once where it is known that they are full of candles: the budget of requests, not the way
/// to the exchange, is to set the pace.
const AT_ONCE: usize = 8;

impl Binance {
    /// [`Binance::history_in`] with the oldest candles first.
    #[must_use]
    pub fn history(
        &self,
        symbol: Symbol,
        interval: Interval,
        span: Span,
        cancel: CancellationToken,
    ) -> mpsc::Receiver<Result<HistoryEvent, MarketError>> {
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
    ) -> mpsc::Receiver<Result<HistoryEvent, MarketError>> {
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
            from = if full { self.ahead(next).await? } else { next };
        }
    }

    /// Goes on from `from` with several pages at once, as long as they are in the past and none is empty or overfull.
    /// Returns where the walk is to go on page by page.
    async fn ahead(&self, from: Timestamp) -> Result<Timestamp, Stop> {
        let end = self.span.to().min(self.settled());
        let chunks = self.chunks().map(|ms| {
            let starts = (0..).map_while(move |count: i64| Some(from.plus_millis(ms.checked_mul(count)?)));
            starts.map(move |start| (start, start.plus_millis(ms)))
        });
        let whole = chunks.into_iter().flatten().take_while(|(_, to)| *to <= end);
        let spans = whole.filter_map(|(from, to)| Span::new(from, to).ok());
        let mut pages = stream::iter(spans).map(|span| self.past(span)).buffered(AT_ONCE);
        let mut reached = from;
        while let Some(page) = pages.next().await {
            let page = page?;
            if page.candles.is_empty() || page.covered != page.asked {
                break;
            }
            reached = page.covered.to();
            self.teller.page(self.hand_out(page, false)).await?;
        }
        Ok(reached)
    }

    /// The same backwards from `end`.
    async fn back(&self, end: Timestamp) -> Result<Timestamp, Stop> {
        if end > self.settled() {
            return Ok(end);
        }
        let chunks = self.chunks().map(|ms| {
            let ends = (0..).map_while(move |count: i64| Some(end.plus_millis(-ms.checked_mul(count)?)));
            ends.map(move |end| (end.plus_millis(-ms), end))
        });
        let whole = chunks
            .into_iter()
            .flatten()
            .take_while(|(from, _)| *from >= self.span.from());
        let spans = whole.filter_map(|(from, to)| Span::new(from, to).ok());
        let mut pages = stream::iter(spans).map(|span| self.past(span)).buffered(AT_ONCE);
        let mut reached = end;
        while let Some(page) = pages.next().await {
            let page = page?;
            if page.candles.is_empty() || page.covered != page.asked {
                break;
            }
            reached = page.covered.from();
            self.teller.page(self.hand_out(page, false)).await?;
        }
        Ok(reached)
    }

    /// The length of a full page, where every candle is equally long.
    fn chunks(&self) -> Option<i64> {
        let length = self.interval.nominal_millis();
        (self.interval != Interval::Month1).then(|| length.saturating_mul(i64::from(PAGE_LIMIT)))
    }

    /// Before this everything has closed, as far as we know the exchange's time.
    fn settled(&self) -> Timestamp {
        self.interval.floor(self.client.server_seen())
    }

    async fn past(&self, span: Span) -> Result<KlinePage, Stop> {
        let ask = || self.client.page(&self.symbol, self.interval, span, PAGE_LIMIT);
        self.teller.patiently(ask).await
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
            end = self.back(start).await?;
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
