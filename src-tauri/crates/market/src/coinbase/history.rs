//! The walk through Coinbase's candles, from either end.
//!
//! The venue is asked for stretches of the grid. What is absent in an answer does not exist, for nothing was traded,
//! unless it ended so little ago that it may only be late.

use std::sync::Arc;

use promptpal_domain::{Candle, Interval, LiveCandle, SeriesKey, Span, Symbol, Timestamp};
use tokio_util::sync::CancellationToken;

use super::client::{Coinbase, PAGE_OPENINGS, millis};
use crate::history::{self, Patience, Stop, Teller, span_between};
use crate::{History, HistoryPage, MarketError, Order};

/// Midnight of 1 January 2015: the exchange opened in that month.
const OPENED: Timestamp = Timestamp::from_millis(1_420_070_400_000);
/// For a span of more pages the day of a product's first trade is looked up, so that years before it are not asked for.
const MANY_PAGES: i64 = 20;

impl Coinbase {
    pub(super) fn history_in(
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
                    teller,
                };
                walk.client.offered(interval).map_err(Stop::Error)?;
                match order {
                    Order::OldestFirst => walk.oldest_first(span).await,
                    Order::NewestFirst => walk.newest_first(span).await,
                }
            },
        )
    }
}

struct Walk {
    client: Coinbase,
    symbol: Symbol,
    interval: Interval,
    teller: Teller,
}

/// One answer.
struct Page {
    covered: Span,
    candles: Vec<Candle>,
    live: Option<Candle>,
}

impl Walk {
    async fn oldest_first(&self, span: Span) -> Result<(), Stop> {
        let end = self.end(span).await?;
        let mut from = span.from();
        if self.is_long(from, end) || from < OPENED {
            let beginning = self.beginning(from, end).await?;
            if beginning > from {
                self.nothing(from, beginning.min(end)).await?;
                from = beginning;
            }
        }
        while from < end {
            let next = self.after_page(from).min(end);
            let page = self.teller.patiently(|| self.page(from, next)).await?;
            let reached = page.covered.to();
            self.tell(page).await?;
            if reached < next {
                return Ok(());
            }
            from = next;
        }
        Ok(())
    }

    async fn newest_first(&self, span: Span) -> Result<(), Stop> {
        let mut end = self.end(span).await?;
        let mut beginning = None;
        while end > span.from() {
            let from = self.before_page(end).max(span.from());
            let page = self.teller.patiently(|| self.page(from, end)).await?;
            self.tell(page).await?;
            end = from;
            if beginning.is_none() && (self.is_long(span.from(), end) || span.from() < OPENED) {
                beginning = Some(self.beginning(span.from(), end).await?);
            }
            if let Some(beginning) = beginning.filter(|beginning| end <= *beginning) {
                return self.nothing(span.from(), end.min(beginning)).await;
            }
        }
        Ok(())
    }

    /// Where the walk ends: with the span, or with the candle that is forming now.
    async fn end(&self, span: Span) -> Result<Timestamp, Stop> {
        let known = self.client.server_seen();
        let past = known.is_some_and(|known| self.interval.next(span.to()) <= known);
        if past {
            return Ok(span.to());
        }
        let now = self.teller.patiently(|| self.client.server_time()).await?;
        Ok(span.to().min(self.interval.next(now)))
    }

    /// After the last opening of a page that begins at `from`.
    fn after_page(&self, from: Timestamp) -> Timestamp {
        let step = self.interval.nominal_millis();
        self.interval.floor(from).plus_millis(PAGE_OPENINGS * step)
    }

    /// The first opening of a page that ends before `end`.
    fn before_page(&self, end: Timestamp) -> Timestamp {
        let step = self.interval.nominal_millis();
        let last = self.interval.floor(end.plus_millis(-1));
        last.plus_millis(-(PAGE_OPENINGS - 1) * step)
    }

    fn is_long(&self, from: Timestamp, end: Timestamp) -> bool {
        let page = PAGE_OPENINGS * self.interval.nominal_millis();
        end.since(from) > MANY_PAGES * page
    }

    /// One page of at most [`PAGE_OPENINGS`] openings. Where it may touch the present, the venue is asked for its time
    /// first, each time: a wait for a pause may lie between two tries.
    async fn page(&self, from: Timestamp, to: Timestamp) -> Result<Page, MarketError> {
        let settle_ms = millis(self.client.config().settle_after);
        let known = match self.client.server_seen() {
            Some(known) if to.plus_millis(settle_ms) <= known => known,
            _ => self.client.server_time().await?,
        };
        let (first, last) = self.openings(from, to);
        let rows = if first <= last {
            self.client
                .candles(&self.symbol, self.interval, first, last)
                .await?
        } else {
            Vec::new()
        };
        let grace_ms = millis(self.client.config().close_grace);
        let is_closed = |candle: &Candle| self.interval.next(candle.open_time).plus_millis(grace_ms) <= known;
        let (candles, open): (Vec<Candle>, Vec<Candle>) = rows.into_iter().partition(is_closed);
        let settled = known.plus_millis(-settle_ms);
        let end = match (open.first(), candles.last()) {
            (Some(open), _) => open.open_time,
            (None, _) if to <= settled => to,
            (None, Some(last)) => self
                .interval
                .next(last.open_time)
                .max(self.interval.floor(settled)),
            (None, None) => self.interval.floor(settled),
        };
        Ok(Page {
            covered: span_between(from, end.min(to)),
            candles,
            live: open.into_iter().next_back(),
        })
    }

    /// The first and the last point of the grid in `[from, to)`; the first is later where there is none.
    fn openings(&self, from: Timestamp, to: Timestamp) -> (Timestamp, Timestamp) {
        let floor = self.interval.floor(from);
        let first = if floor < from {
            self.interval.next(from)
        } else {
            floor
        };
        (first, self.interval.floor(to.plus_millis(-1)))
    }

    /// The day of the product's first trade; the present where it has none. Asks for candles of a day from the exchange's
    /// beginning on, at most one request for each 299 days.
    async fn beginning(&self, from: Timestamp, end: Timestamp) -> Result<Timestamp, Stop> {
        if end <= OPENED || !self.is_long(from.max(OPENED), end) {
            return Ok(OPENED);
        }
        if let Some(known) = self.client.beginning(&self.symbol) {
            return Ok(known);
        }
        let day = Interval::Day1;
        let mut first = OPENED;
        while first < end {
            let last = first.plus_millis((PAGE_OPENINGS - 1) * day.nominal_millis());
            let ask = || self.client.candles(&self.symbol, day, first, last);
            if let Some(candle) = self.teller.patiently(ask).await?.first() {
                self.client.note_beginning(&self.symbol, candle.open_time);
                return Ok(candle.open_time);
            }
            first = day.next(last);
        }
        Ok(day.floor(end))
    }

    async fn nothing(&self, from: Timestamp, to: Timestamp) -> Result<(), Stop> {
        if to <= from {
            return Ok(());
        }
        let page = Page {
            covered: span_between(from, to),
            candles: Vec::new(),
            live: None,
        };
        self.tell(page).await
    }

    async fn tell(&self, page: Page) -> Result<(), Stop> {
        let series = SeriesKey {
            venue: self.client.config().venue.clone(),
            symbol: self.symbol.clone(),
            interval: self.interval,
        };
        let sent = self.client.server_seen().unwrap_or_default();
        let live = page.live.map(|candle| LiveCandle {
            series: series.clone(),
            candle,
            closed: false,
            sent,
        });
        let page = HistoryPage {
            series,
            covered: page.covered,
            candles: page.candles,
            live,
        };
        self.teller.page(page).await
    }
}
