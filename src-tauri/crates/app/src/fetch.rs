//! History into the store. The store is the checkpoint: only what is missing is asked for.
//!
//! The newest page comes first, so that a chart is useful at once; then the archives, newest first, where the venue has
//! any and they are worth it; then whatever the ledger still calls missing, page by page.

mod archives;
mod pages;

use promptpal_domain::{Interval, SeriesId, SeriesKey, Span, Timestamp};
use promptpal_market::{ArchiveFile, Exchange, HistoryEvent, Order};
use serde::Serialize;

pub(crate) use self::archives::checksums;
pub(crate) use self::pages::wait_line;
use crate::bus::Event;
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::requests::{FetchRequest, FetchSource};
use crate::{App, AppError};

/// How far back history goes when nobody says.
const DEFAULT_BACK_MS: i64 = 30 * 86_400_000;
/// Pages that are quicker asked for than looked for in archives.
const FEW_PAGES: u64 = 3;

/// What a piece of work on a series needs at every step.
#[derive(Clone, Copy)]
pub(crate) struct Work<'a> {
    pub(crate) exchange: &'a dyn Exchange,
    pub(crate) id: SeriesId,
    pub(crate) key: &'a SeriesKey,
    pub(crate) progress: &'a Progress,
}

/// What a fetch did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FetchReport {
    /// The series' number.
    pub series_id: i64,
    /// The series: `binance BTCUSDT 1h`.
    pub series: String,
    /// Pages asked for; 0 when everything was there.
    pub pages: u64,
    /// Files of the archives that were read.
    pub archives: u64,
    /// Files of the archives that had not changed since they were read.
    pub archives_unchanged: u64,
    /// Files of the archives that could not be believed; their candles were asked for page by page.
    pub archives_refused: u64,
    /// Rows of archives that made no candle.
    pub rejected: u64,
    /// Candles that are new.
    pub inserted: u64,
    /// Candles that were there.
    pub unchanged: u64,
    /// Candles whose numbers the exchange has changed.
    pub corrected: u64,
    /// Candles of the series stored now.
    pub rows: u64,
    /// Holes in the series now.
    pub gaps: u64,
    /// Openings that the exchange has no candle for, as far as it was asked.
    pub absent: u64,
    /// Openings that were wanted and are still to be asked for.
    pub pending: u64,
}

impl App {
    pub(crate) async fn fetch(
        &self,
        request: &FetchRequest,
        progress: &Progress,
    ) -> Result<FetchReport, AppError> {
        let exchange = self.exchange(request.venue.as_ref())?;
        let exchange = exchange.as_ref();
        self.offered(exchange, request.interval)?;
        let to = self.until(exchange, request.to, request.interval).await?;
        let from = request.from.unwrap_or_else(|| to.plus_millis(-DEFAULT_BACK_MS));
        let span = Span::new(from, to).map_err(|error| {
            AppError::invalid(
                error.to_string(),
                "Give --from a time before --to and before now.",
            )
        })?;
        progress.phase(Step::LookingUp.of([&request.symbol]), Unit::Candles, None);
        let key = SeriesKey {
            venue: exchange.venue().clone(),
            symbol: request.symbol.clone(),
            interval: request.interval,
        };
        let id = match self.store().find_series(&key).await? {
            Some(series) => series.id,
            None => {
                // A symbol that does not exist leaves no empty series behind.
                exchange.symbol(&request.symbol).await?;
                self.store().ensure_series(&key).await?
            }
        };
        let mut report = FetchReport {
            series_id: id.0,
            series: key.to_string(),
            ..FetchReport::default()
        };
        let work = Work {
            exchange,
            id,
            key: &key,
            progress,
        };
        let span = self.listed(&work, span, &mut report).await?;
        self.store().want(id, span).await?;
        self.complete(&work, span, request.source, &mut report).await?;
        self.store().seal(id, self.inner.clock.now()).await?;
        // The last page may have settled nothing but holes.
        self.bus().announce(Event::CandlesStored(id));
        let series = self.store().series(id).await?;
        (report.rows, report.gaps) = (series.rows, series.gaps);
        (report.absent, report.pending) = (series.absent, series.pending);
        Ok(report)
    }

    /// Asks for everything in `span` that is missing.
    async fn complete(
        &self,
        work: &Work<'_>,
        span: Span,
        source: FetchSource,
        report: &mut FetchReport,
    ) -> Result<(), AppError> {
        let Work {
            exchange, id, key, ..
        } = *work;
        let missing = self.store().missing_spans(id, span).await?;
        let archive = exchange.archive().filter(|_| match source {
            FetchSource::Rest => false,
            FetchSource::Archive => true,
            FetchSource::Auto => openings(key.interval, &missing) > FEW_PAGES * page_candles(exchange),
        });
        if let Some(archive) = archive {
            let today = self.inner.clock.now();
            let least = if source == FetchSource::Auto {
                page_candles(exchange)
            } else {
                1
            };
            let worth = |file: &ArchiveFile| openings(key.interval, &within(&missing, file.span)) >= least;
            let mut files = archive.plan(&key.symbol, key.interval, span, today);
            files.retain(worth);
            if source == FetchSource::Auto
                && let Some(newest) = files.first()
                && let Ok(fresh) = Span::new(newest.span.to().max(span.from()), span.to())
            {
                // What the archives do not have yet is what a chart shows first.
                let fresh = self.store().missing_spans(id, fresh).await?;
                self.ask(work, &fresh, report).await?;
            }
            self.read_archives(work, &archive, files, report).await?;
        } else if source == FetchSource::Archive {
            return Err(AppError::invalid(
                format!("{} publishes no archives", exchange.traits().title),
                "Leave --source out, or say rest.",
            ));
        }
        if source != FetchSource::Archive {
            let missing = self.store().missing_spans(id, span).await?;
            self.ask(work, &missing, report).await?;
        }
        Ok(())
    }

    /// Asks page by page, newest first.
    async fn ask(&self, work: &Work<'_>, missing: &[Span], report: &mut FetchReport) -> Result<(), AppError> {
        let Work { key, progress, .. } = work;
        if missing.is_empty() {
            return Ok(());
        }
        progress.phase(
            Step::Fetching.of([format!("{} {}", key.symbol, key.interval)]),
            Unit::Candles,
            Some(openings(key.interval, missing)),
        );
        let newest_first: Vec<Span> = missing.iter().rev().copied().collect();
        self.fill(work, &newest_first, Order::NewestFirst, report).await
    }

    /// `span` from where the instrument's history begins. What lies before is asked for once, with the oldest page, and
    /// settled by it.
    async fn listed(&self, work: &Work<'_>, span: Span, report: &mut FetchReport) -> Result<Span, AppError> {
        let Work {
            exchange,
            id,
            key,
            progress,
        } = *work;
        let missing = self.store().missing_spans(id, span).await?;
        let Some(oldest) = missing.first().filter(|oldest| oldest.from() == span.from()) else {
            return self.since_first(id, span).await;
        };
        if openings(key.interval, std::slice::from_ref(oldest)) <= FEW_PAGES * page_candles(exchange) {
            return Ok(span);
        }
        let cancel = progress.cancel_token().child_token();
        let _ends = cancel.clone().drop_guard();
        let mut history = exchange.history(
            key.symbol.clone(),
            key.interval,
            *oldest,
            Order::OldestFirst,
            cancel,
        );
        while let Some(event) = history.recv().await {
            match event? {
                HistoryEvent::Page(page) => {
                    self.store_page(work, page, report).await?;
                    break;
                }
                HistoryEvent::Waiting { until, reason } => {
                    progress.log(wait_line(&reason, &until.to_string()));
                }
            }
        }
        progress.check()?;
        self.since_first(id, span).await
    }

    /// `span` without what lies before the first stored candle and is known to be empty.
    async fn since_first(&self, id: SeriesId, span: Span) -> Result<Span, AppError> {
        let Some((first, _)) = self.store().series(id).await?.first_last else {
            return Ok(span);
        };
        let Ok(before) = Span::new(span.from(), first) else {
            return Ok(span);
        };
        let known = self.store().missing_spans(id, before).await?.is_empty();
        Ok(if known {
            Span::new(first, span.to().max(first)).unwrap_or(span)
        } else {
            span
        })
    }

    /// # Errors
    /// [`AppError::Invalid`] when the venue has no candles of this length.
    pub(crate) fn offered(&self, exchange: &dyn Exchange, interval: Interval) -> Result<(), AppError> {
        let traits = exchange.traits();
        if traits.intervals.contains(&interval) {
            return Ok(());
        }
        let offered: Vec<&str> = traits
            .intervals
            .iter()
            .map(|interval| interval.as_str())
            .collect();
        Err(AppError::invalid(
            format!("{} has no candles of {interval}", traits.title),
            format!("Choose one of {}.", offered.join(" ")),
        ))
    }

    /// Where a fetch ends: at what was asked for, or at the opening of the candle that is forming now.
    async fn until(
        &self,
        exchange: &dyn Exchange,
        to: Option<Timestamp>,
        interval: Interval,
    ) -> Result<Timestamp, AppError> {
        match to {
            // Long past by our own clock: nobody has to be asked.
            Some(to) if to <= interval.floor(self.inner.clock.now()) => Ok(to),
            to => {
                let forming = interval.floor(self.exchange_now(exchange).await?);
                Ok(to.unwrap_or(forming).min(forming))
            }
        }
    }

    /// The present by the exchange's clock, which decides what is closed; by ours where the exchange cannot be asked.
    pub(crate) async fn exchange_now(&self, exchange: &dyn Exchange) -> Result<Timestamp, AppError> {
        match exchange.server_time().await {
            Ok(now) => Ok(now),
            Err(error) => {
                tracing::debug!(%error, "the exchange's clock cannot be had");
                Ok(self.inner.clock.now())
            }
        }
    }
}

fn openings(interval: Interval, spans: &[Span]) -> u64 {
    spans
        .iter()
        .map(|span| interval.count_between(span.from(), span.to()))
        .sum()
}

/// The parts of `spans` that lie in `whole`.
fn within(spans: &[Span], whole: Span) -> Vec<Span> {
    let part = |span: &Span| Span::new(span.from().max(whole.from()), span.to().min(whole.to())).ok();
    spans.iter().filter_map(part).collect()
}

fn page_candles(exchange: &dyn Exchange) -> u64 {
    u64::from(exchange.traits().page_candles)
}
