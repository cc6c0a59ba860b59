//! History from the exchange into the store. The store is the checkpoint: only what is missing is asked for.

use promptpal_domain::{CandleSource, Interval, SeriesId, SeriesKey, Span, Timestamp};
use promptpal_market::{HistoryEvent, HistoryPage, WaitReason};
use promptpal_store::Page;
use serde::Serialize;

use crate::bus::Event;
use crate::progress::Progress;
use crate::requests::FetchRequest;
use crate::{App, AppError};

/// How far back history goes when nobody says.
const DEFAULT_BACK_MS: i64 = 30 * 86_400_000;

/// What a fetch did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FetchReport {
    /// The series' number.
    pub series_id: i64,
    /// The series: `binance BTCUSDT 1h`.
    pub series: String,
    /// Pages asked for; 0 when everything was there.
    pub pages: u64,
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
}

impl App {
    pub(crate) async fn fetch(
        &self,
        request: &FetchRequest,
        progress: &Progress,
    ) -> Result<FetchReport, AppError> {
        let exchange = self.exchange()?;
        let to = self.until(request.to, request.interval).await?;
        let from = request.from.unwrap_or_else(|| to.plus_millis(-DEFAULT_BACK_MS));
        let span = Span::new(from, to).map_err(|error| {
            AppError::invalid(
                error.to_string(),
                "Give --from a time before --to and before now.",
            )
        })?;
        progress.phase(format!("Looking up {}", request.symbol), "candles", None);
        let venue = exchange.config().venue.clone();
        let key = SeriesKey {
            venue,
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
        let missing = self.store().missing_spans(id, span).await?;
        let mut report = FetchReport {
            series_id: id.0,
            series: key.to_string(),
            ..FetchReport::default()
        };
        self.fill(id, &key, &missing, progress, &mut report).await?;
        let series = self.store().series(id).await?;
        (report.rows, report.gaps) = (series.rows, series.gaps);
        Ok(report)
    }

    /// Where a fetch ends: at what was asked for, or at the opening of the candle that is forming now.
    async fn until(&self, to: Option<Timestamp>, interval: Interval) -> Result<Timestamp, AppError> {
        match to {
            // Long past by our own clock: nobody has to be asked.
            Some(to) if to <= interval.floor(self.inner.clock.now()) => Ok(to),
            to => {
                let forming = interval.floor(self.exchange_now().await?);
                Ok(to.unwrap_or(forming).min(forming))
            }
        }
    }

    /// The present by the exchange's clock, which decides what is closed; by ours where the exchange cannot be asked.
    pub(crate) async fn exchange_now(&self) -> Result<Timestamp, AppError> {
        match self.exchange()?.server_time().await {
            Ok(now) => Ok(now),
            Err(error) => {
                tracing::debug!(%error, "the exchange's clock cannot be had");
                Ok(self.inner.clock.now())
            }
        }
    }

    /// Fetches and stores `missing`, a page and its coverage in one transaction.
    pub(crate) async fn fill(
        &self,
        id: SeriesId,
        key: &SeriesKey,
        missing: &[Span],
        progress: &Progress,
        report: &mut FetchReport,
    ) -> Result<(), AppError> {
        let total = missing
            .iter()
            .map(|span| key.interval.count_between(span.from(), span.to()))
            .sum();
        progress.phase(
            format!("Fetching {} {}", key.symbol, key.interval),
            "candles",
            Some(total),
        );
        let exchange = self.exchange()?;
        for span in missing {
            let cancel = progress.cancel_token().child_token();
            let _ends = cancel.clone().drop_guard();
            let mut history = exchange.history(key.symbol.clone(), key.interval, *span, cancel);
            while let Some(event) = history.recv().await {
                match event? {
                    HistoryEvent::Page(page) => self.store_page(id, page, progress, report).await?,
                    HistoryEvent::Waiting { until, reason } => {
                        progress.log(wait_line(&reason, &until.to_string()))
                    }
                }
            }
            progress.check()?;
        }
        Ok(())
    }

    async fn store_page(
        &self,
        id: SeriesId,
        page: HistoryPage,
        progress: &Progress,
        report: &mut FetchReport,
    ) -> Result<(), AppError> {
        let covered = Some(page.covered).filter(|span| !span.is_empty());
        let openings = page
            .series
            .interval
            .count_between(page.covered.from(), page.covered.to());
        let stored = self
            .store()
            .put_page(
                id,
                Page {
                    candles: page.candles,
                    asked: covered,
                    source: CandleSource::Rest,
                    name: page.series.venue.to_string(),
                    sha256: None,
                },
                self.inner.clock.now(),
            )
            .await?;
        report.pages += 1;
        report.inserted += stored.inserted;
        report.unchanged += stored.unchanged;
        report.corrected += stored.corrected;
        if stored.inserted + stored.corrected > 0 {
            self.bus().announce(Event::CandlesStored(id));
        }
        progress.advance(openings);
        Ok(())
    }
}

fn wait_line(reason: &WaitReason, until: &str) -> String {
    match reason {
        WaitReason::Budget => format!("Waiting until {until}: our share of the exchange's limit is used up"),
        WaitReason::Pause(error) => format!("Waiting until {until}: {error}"),
        WaitReason::Failure(error) => format!("Trying again at {until}: {error}"),
    }
}
