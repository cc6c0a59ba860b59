//! The table `coverage`: which spans of a series its venue was asked for and answered, and what is left to ask.

use promptpal_domain::{Interval, SeriesId, Span, Timestamp};

use super::SeriesRow;
use super::stretches::{CALENDAR, Stretch, Table, span_of, stretch_of, subtract, union};
use crate::{Store, StoreError};

/// More spans or gaps than this are not listed at once.
pub(super) const MAX_SPANS: usize = 10_000;

impl Store {
    /// The spans that the venue was asked for and answered, ascending, none touching the next; at most 10,000.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn coverage(&self, id: SeriesId) -> Result<Vec<Span>, StoreError> {
        self.read("read the coverage", move |tx| {
            Box::pin(async move {
                let all = stretch_of(Span::ALL);
                let asked = Table::Coverage.within(tx, id, all, MAX_SPANS).await?;
                Ok(asked.into_iter().map(span_of).collect())
            })
        })
        .await
    }

    /// What of `span` is neither stored nor was asked of the venue, ascending: what a resumed download still has to ask.
    /// At most the first 10,000 such spans; ask again after filling them.
    ///
    /// A stored candle accounts for the time to the next opening of the grid. Parts in which no candle can open are
    /// left out. What only an archive or a file had no candle for is still missing.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn missing_spans(&self, id: SeriesId, span: Span) -> Result<Vec<Span>, StoreError> {
        self.read("find what is missing", move |tx| {
            Box::pin(async move {
                let interval = SeriesRow::load(tx, id).await?.key()?.interval;
                let (mut missing, mut rest) = (Vec::new(), stretch_of(span));
                loop {
                    let asked = Table::Coverage.within(tx, id, rest, MAX_SPANS).await?;
                    let present = Table::Presence.within(tx, id, rest, MAX_SPANS).await?;
                    let known = known_to(&asked, rest.1).min(known_to(&present, rest.1));
                    let open = subtract(&[(rest.0, known)], &union(&asked, &present));
                    missing.extend(open.into_iter().filter(|part| can_open_within(interval, *part)));
                    if missing.len() >= MAX_SPANS || known >= rest.1 {
                        missing.truncate(MAX_SPANS);
                        return Ok(missing.into_iter().map(span_of).collect());
                    }
                    rest.0 = known;
                }
            })
        })
        .await
    }
}

/// Up to where a list of at most [`MAX_SPANS`] is whole: to its last stretch where there may be more, else to `end`.
fn known_to(listed: &[Stretch], end: i64) -> i64 {
    match listed.last() {
        Some(last) if listed.len() >= MAX_SPANS => last.1.min(end),
        _ => end,
    }
}

/// Whether the grid has an opening in the stretch. Beyond the calendar, where no grid is counted, it is taken to.
fn can_open_within(interval: Interval, (from, to): Stretch) -> bool {
    let beyond = from < CALENDAR.0 || from >= CALENDAR.1;
    let at = Timestamp::from_millis(from);
    from < to && (beyond || interval.floor(at) == at || interval.next(at).millis() < to)
}
