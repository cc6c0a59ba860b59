//! What is known about every opening of a series: there, absent at the exchange, or still to be asked for.

use promptpal_domain::{Series, SeriesId, Span, Timestamp};
use promptpal_store::{PageRow, StripCell};

use crate::requests::{FetchRequest, FetchSource, JobRequest};
use crate::{App, AppError};

/// Pages of the journal shown.
const PAGES: u32 = 200;

/// The ledger of a series over what is stored and what was ever wanted of it.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerView {
    /// From the first opening stored or wanted to behind the last; `None` when there is neither.
    pub span: Option<Span>,
    /// The coverage bar.
    pub strip: Vec<StripCell>,
    /// Bytes in the store, rows and columns together.
    pub bytes: u64,
    /// Closed candles that were changed afterwards.
    pub corrections: u64,
    /// What is to be kept complete.
    pub wanted: Option<Span>,
    /// The newest pages, newest first.
    pub journal: Vec<PageRow>,
}

impl App {
    /// The ledger of a series, with a coverage bar of at most `cells` cells.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn ledger(&self, id: SeriesId, cells: u16) -> Result<LedgerView, AppError> {
        let series = self.store().series(id).await?;
        let span = Self::known(&series);
        let strip = match span {
            Some(span) => self.store().coverage_strip(id, span, cells).await?,
            None => Vec::new(),
        };
        Ok(LedgerView {
            span,
            strip,
            bytes: self.store().series_bytes(id).await?,
            corrections: series.corrections,
            wanted: series.wanted,
            journal: self.store().journal(id, PAGES).await?,
        })
    }

    /// A coverage bar of at most `cells` cells over a span; over all that is stored or wanted where an end is left out.
    ///
    /// # Errors
    /// [`AppError::Store`]
    pub async fn coverage_strip(
        &self,
        id: SeriesId,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
        cells: u16,
    ) -> Result<Vec<StripCell>, AppError> {
        let Some(whole) = Self::known(&self.store().series(id).await?) else {
            return Ok(Vec::new());
        };
        let span = Span::new(from.unwrap_or(whole.from()), to.unwrap_or(whole.to()));
        match span {
            Ok(span) => Ok(self.store().coverage_strip(id, span, cells).await?),
            Err(_) => Ok(Vec::new()),
        }
    }

    /// From the first opening stored or wanted to behind the last.
    fn known(series: &Series) -> Option<Span> {
        match (Self::covered(series), series.wanted) {
            (Some(stored), Some(wanted)) => {
                Span::new(stored.from().min(wanted.from()), stored.to().max(wanted.to())).ok()
            }
            (one, other) => one.or(other),
        }
    }

    /// Work that asks for everything that is still missing of what was wanted of a series.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Invalid`] when the series is of no venue that can be asked.
    pub async fn resume_request(&self, id: SeriesId) -> Result<JobRequest, AppError> {
        let series = self.store().series(id).await?;
        // Only a venue that can be asked can be resumed.
        self.exchange(Some(&series.key.venue))?;
        let known = Self::known(&series);
        Ok(JobRequest::Fetch(FetchRequest {
            venue: Some(series.key.venue),
            symbol: series.key.symbol,
            interval: series.key.interval,
            from: known.map(|span| span.from()),
            to: known.map(|span| span.to()),
            source: FetchSource::Auto,
        }))
    }
}
