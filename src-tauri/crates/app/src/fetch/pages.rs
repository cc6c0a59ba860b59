//! History page by page: a page, its coverage and its evidence in one transaction.

use promptpal_domain::{CandleSource, SeriesId, Span};
use promptpal_market::{HistoryEvent, HistoryPage, Order, WaitReason};
use promptpal_store::Page;

use super::{FetchReport, Work};
use crate::bus::Event;
use crate::{App, AppError};

impl App {
    /// Fetches and stores `missing`, each span in `order`.
    pub(crate) async fn fill(
        &self,
        work: &Work<'_>,
        missing: &[Span],
        order: Order,
        report: &mut FetchReport,
    ) -> Result<(), AppError> {
        let Work { key, progress, .. } = work;
        for span in missing {
            let cancel = progress.cancel_token().child_token();
            let _ends = cancel.clone().drop_guard();
            let mut history = work
                .exchange
                .history(key.symbol.clone(), key.interval, *span, order, cancel);
            while let Some(event) = history.recv().await {
                match event? {
                    HistoryEvent::Page(page) => self.store_page(work, page, report).await?,
                    HistoryEvent::Waiting { until, reason } => {
                        progress.log(wait_line(&reason, &until.to_string()))
                    }
                }
            }
            progress.check()?;
        }
        Ok(())
    }

    pub(crate) async fn store_page(
        &self,
        work: &Work<'_>,
        page: HistoryPage,
        report: &mut FetchReport,
    ) -> Result<(), AppError> {
        let interval = page.series.interval;
        let openings = interval.count_between(page.covered.from(), page.covered.to());
        let page = Page {
            candles: page.candles,
            asked: Some(page.covered).filter(|span| !span.is_empty()),
            source: CandleSource::Rest,
            name: work.exchange.traits().host,
            sha256: None,
        };
        report.pages += 1;
        self.put(work.id, page, report).await?;
        work.progress.advance(openings);
        Ok(())
    }

    /// Stores a page and announces it.
    pub(super) async fn put(
        &self,
        id: SeriesId,
        page: Page,
        report: &mut FetchReport,
    ) -> Result<(), AppError> {
        let stored = self.store().put_page(id, page, self.inner.clock.now()).await?;
        report.inserted += stored.inserted;
        report.unchanged += stored.unchanged;
        report.corrected += stored.corrected;
        if stored.inserted + stored.corrected > 0 {
            self.bus().announce(Event::CandlesStored(id));
        }
        Ok(())
    }
}

/// A wait, for the log of a job.
pub(crate) fn wait_line(reason: &WaitReason, until: &str) -> String {
    match reason {
        WaitReason::Budget => format!("Waiting until {until}: our share of the exchange's limit is used up"),
        WaitReason::Pause(error) => format!("Waiting until {until}: {error}"),
        WaitReason::Failure(error) => format!("Trying again at {until}: {error}"),
    }
}
