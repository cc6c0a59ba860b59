//! Holding a stored span against the exchange: every candle is asked for again, and every file of the archives that was
//! read is looked at for a new issue. What differs becomes a logged correction; what is absent is confirmed.

use promptpal_domain::{SeriesId, Span, Timestamp};
use promptpal_market::{HistoryEvent, HistoryPage, Order};
use serde::Serialize;

use crate::bus::Event;
use crate::fetch::{FetchReport, Work, checksums};
use crate::phase::{Step, Unit};
use crate::progress::Progress;
use crate::requests::VerifyRequest;
use crate::{App, AppError};

/// Candles compared at once.
const COMPARED: u32 = 10_000;
/// Differences listed.
const LISTED: usize = 100;

/// What a check against the exchange found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct VerifyReport {
    /// The series' number.
    pub series_id: i64,
    /// The series: `binance BTCUSDT 1h`.
    pub series: String,
    /// First opening that was looked at, milliseconds since 1970.
    pub from: i64,
    /// After the last one.
    pub to: i64,
    /// Pages asked for.
    pub pages: u64,
    /// Candles that the exchange gave.
    pub checked: u64,
    /// Of them, those stored with the same numbers.
    pub unchanged: u64,
    /// Those whose numbers had changed; the old ones are kept as corrections.
    pub corrected: u64,
    /// Those that were not stored.
    pub inserted: u64,
    /// Stored candles that the exchange does not list. They are kept.
    pub unlisted: u64,
    /// Openings of the first hundred of them, milliseconds since 1970.
    pub unlisted_at: Vec<i64>,
    /// Openings that the exchange has no candle for.
    pub absent: u64,
    /// Files of the archives that were looked at.
    pub archives: u64,
    /// Of them, those that had been issued anew and were read again.
    pub archives_changed: u64,
}

impl App {
    pub(crate) async fn verify(
        &self,
        request: &VerifyRequest,
        progress: &Progress,
    ) -> Result<VerifyReport, AppError> {
        let id = SeriesId(request.series);
        let series = self.store().series(id).await?;
        let key = series.key.clone();
        let exchange = self.exchange(Some(&key.venue))?;
        let exchange = exchange.as_ref();
        let span = Self::limited(&series, request.from, request.to)?;
        let mut report = VerifyReport {
            series_id: id.0,
            series: key.to_string(),
            from: span.from().millis(),
            to: span.to().millis(),
            ..VerifyReport::default()
        };
        let work = Work {
            exchange,
            id,
            key: &key,
            progress,
        };
        self.verify_archives(&work, span, &mut report).await?;
        progress.phase(
            Step::CheckingCandles.of([format!("{} {}", key.symbol, key.interval)]),
            Unit::Candles,
            Some(key.interval.count_between(span.from(), span.to())),
        );
        let cancel = progress.cancel_token().child_token();
        let _ends = cancel.clone().drop_guard();
        let mut history =
            exchange.history(key.symbol.clone(), key.interval, span, Order::OldestFirst, cancel);
        while let Some(event) = history.recv().await {
            match event? {
                HistoryEvent::Page(page) => self.compare(&work, page, &mut report).await?,
                HistoryEvent::Waiting { until, reason } => {
                    progress.log(crate::fetch::wait_line(&reason, &until.to_string()));
                }
            }
        }
        progress.check()?;
        let ledger = self.store().coverage_strip(id, span, 1).await?;
        report.absent = ledger.iter().map(|cell| cell.absent).sum();
        self.store().seal(id, self.inner.clock.now()).await?;
        // Also where no candle has changed: what is known of the holes is newer now.
        self.bus().announce(Event::CandlesStored(id));
        Ok(report)
    }

    async fn compare(
        &self,
        work: &Work<'_>,
        page: HistoryPage,
        report: &mut VerifyReport,
    ) -> Result<(), AppError> {
        report.checked += page.candles.len() as u64;
        let listed: Vec<Timestamp> = page.candles.iter().map(|candle| candle.open_time).collect();
        let mut from = page.covered.from();
        while let Ok(rest) = Span::new(from, page.covered.to()) {
            let stored = self.store().candles(work.id, rest, COMPARED).await?;
            let unlisted = stored
                .iter()
                .filter(|candle| listed.binary_search(&candle.open_time).is_err());
            for candle in unlisted {
                report.unlisted += 1;
                if report.unlisted_at.len() < LISTED {
                    report.unlisted_at.push(candle.open_time.millis());
                }
            }
            match stored.last() {
                Some(last) if stored.len() == COMPARED as usize => from = last.open_time.plus_millis(1),
                _ => break,
            }
        }
        let mut sum = FetchReport::default();
        self.store_page(work, page, &mut sum).await?;
        report.pages += sum.pages;
        report.unchanged += sum.unchanged;
        report.corrected += sum.corrected;
        report.inserted += sum.inserted;
        Ok(())
    }

    /// Looks at the checksums of the archives that were read in `span`; files issued anew are read again.
    async fn verify_archives(
        &self,
        work: &Work<'_>,
        span: Span,
        report: &mut VerifyReport,
    ) -> Result<(), AppError> {
        let Work { id, key, .. } = *work;
        let Some(archive) = work.exchange.archive() else {
            return Ok(());
        };
        let read = self.store().archive_files(id).await?;
        let read: Vec<_> = read
            .into_iter()
            .filter(|file| file.span.from() < span.to() && span.from() < file.span.to())
            .collect();
        if read.is_empty() {
            return Ok(());
        }
        report.archives = read.len() as u64;
        let known = checksums(read.clone());
        let today = self.inner.clock.now();
        let mut files = Vec::new();
        for row in &read {
            let planned = archive.plan(&key.symbol, key.interval, row.span, today);
            files.extend(planned.into_iter().filter(|file| known.contains_key(&file.name)));
        }
        let mut sum = FetchReport::default();
        self.read_archives(work, &archive, files, &mut sum).await?;
        report.archives_changed = sum.archives;
        report.corrected += sum.corrected;
        report.inserted += sum.inserted;
        Ok(())
    }
}
