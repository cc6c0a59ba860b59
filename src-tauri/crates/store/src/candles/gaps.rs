//! Holes between stored candles, found by a window function over the open times.

use promptpal_domain::{Gap, GapReason, Interval, SeriesId, Span, Timestamp};
use sqlx::SqliteConnection;

use super::SeriesRow;
use super::coverage::{asked_within, subtract};
use crate::error::Fault;
use crate::{Store, StoreError};

/// More spans or holes than this are not listed at once.
pub(super) const MAX_SPANS: usize = 10_000;

/// Two neighbouring candles with at least one opening of the grid between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Hole {
    /// Open time of the candle before the hole.
    pub(super) after: i64,
    /// Open time of the candle behind it.
    pub(super) before: i64,
}

/// The grid of an interval as SQL computes it: openings at `origin + n * step`; step 0 means calendar months.
#[derive(Clone, Copy)]
struct Grid {
    origin: i64,
    step: i64,
}

impl Grid {
    fn of(interval: Interval) -> Self {
        match interval {
            Interval::Month1 => Self { origin: 0, step: 0 },
            // The floor of 1970-01-01 lies on every fixed grid: for weeks it is the Monday before.
            fixed => Self {
                origin: fixed.floor(Timestamp::EPOCH).millis(),
                step: fixed.nominal_millis(),
            },
        }
    }
}

impl Store {
    /// The first `limit` holes between the stored candles, ascending.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn gaps(&self, id: SeriesId, limit: u32) -> Result<Vec<Gap>, StoreError> {
        self.read("find the gaps", move |tx| {
            Box::pin(async move {
                let series = SeriesRow::load(tx, id).await?;
                let interval = series.key()?.interval;
                let Some((first, last)) = series.first_open.zip(series.last_open) else {
                    return Ok(Vec::new());
                };
                // The search ends at the last hole, which the series knows the number of.
                let known = usize::try_from(series.gap_count).unwrap_or(MAX_SPANS);
                let limit = usize::try_from(limit)
                    .unwrap_or(MAX_SPANS)
                    .min(MAX_SPANS)
                    .min(known);
                let holes = holes_within(tx, id, interval, first, last, limit).await?;
                let mut gaps = Vec::with_capacity(holes.len());
                for hole in holes {
                    gaps.push(explained(tx, id, interval, hole).await?);
                }
                Ok(gaps)
            })
        })
        .await
    }
}

async fn explained(
    connection: &mut SqliteConnection,
    id: SeriesId,
    interval: Interval,
    hole: Hole,
) -> Result<Gap, Fault> {
    let from = interval.next(Timestamp::from_millis(hole.after));
    let to = Timestamp::from_millis(hole.before);
    let span = Span::new(from, to.max(from)).unwrap_or(Span::ALL);
    let open = subtract(span, &asked_within(connection, id, span).await?);
    let reason = if open.is_empty() {
        GapReason::SourceHasNone
    } else {
        GapReason::NotFetched
    };
    Ok(Gap {
        span,
        missing: interval.count_between(from, to),
        reason,
    })
}

/// The holes between the candles that open from `first` to `last`, both included.
pub(super) async fn holes_within(
    connection: &mut SqliteConnection,
    id: SeriesId,
    interval: Interval,
    first: i64,
    last: i64,
    limit: usize,
) -> Result<Vec<Hole>, Fault> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let grid = Grid::of(interval);
    let holes = sqlx::query_as(
        "SELECT after, before FROM (
             SELECT open_time AS after, lead(open_time) OVER (ORDER BY open_time) AS before
             FROM candles WHERE series_id = ?1 AND open_time BETWEEN ?2 AND ?3
         )
         WHERE before > CASE ?5
             WHEN 0 THEN 1000 * unixepoch((after - ((after % 1000) + 1000) % 1000) / 1000,
                                          'unixepoch', 'start of month', '+1 month')
             ELSE after - (((after - ?4) % ?5) + ?5) % ?5 + ?5 END
         ORDER BY after LIMIT ?6",
    )
    .bind(id.0)
    .bind(first)
    .bind(last)
    .bind(grid.origin)
    .bind(grid.step)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    Ok(holes)
}

/// How many holes lie between the candles that open from `first` to `last`, both included.
pub(super) async fn count_within(
    connection: &mut SqliteConnection,
    id: SeriesId,
    interval: Interval,
    first: i64,
    last: i64,
) -> Result<i64, Fault> {
    let grid = Grid::of(interval);
    let count = sqlx::query_scalar(
        "SELECT count(*) FROM (
             SELECT open_time AS after, lead(open_time) OVER (ORDER BY open_time) AS before
             FROM candles WHERE series_id = ?1 AND open_time BETWEEN ?2 AND ?3
         )
         WHERE before > CASE ?5
             WHEN 0 THEN 1000 * unixepoch((after - ((after % 1000) + 1000) % 1000) / 1000,
                                          'unixepoch', 'start of month', '+1 month')
             ELSE after - (((after - ?4) % ?5) + ?5) % ?5 + ?5 END",
    )
    .bind(id.0)
    .bind(first)
    .bind(last)
    .bind(grid.origin)
    .bind(grid.step)
    .fetch_one(connection)
    .await?;
    Ok(count)
}

/// The same count over open times in memory, ascending.
pub(super) fn count_among(interval: Interval, open_times: impl IntoIterator<Item = i64>) -> i64 {
    let mut times = open_times.into_iter();
    let Some(mut before) = times.next() else { return 0 };
    let mut count = 0;
    for at in times {
        count += i64::from(interval.next(Timestamp::from_millis(before)).millis() < at);
        before = at;
    }
    count
}
