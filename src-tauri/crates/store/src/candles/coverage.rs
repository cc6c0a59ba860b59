//! The table `coverage`: which spans of a series its source was asked for and answered.

use promptpal_domain::{Interval, SeriesId, Span, Timestamp};
use sqlx::SqliteConnection;

use super::SeriesRow;
use super::gaps::{Hole, MAX_SPANS, holes_within};
use crate::error::Fault;
use crate::names::unreadable;
use crate::{Store, StoreError};

impl Store {
    /// The spans that the source was asked for and answered, ascending, none touching the next; at most 10,000.
    ///
    /// # Errors
    /// Those of every read.
    pub async fn coverage(&self, id: SeriesId) -> Result<Vec<Span>, StoreError> {
        self.read("read the coverage", move |tx| {
            Box::pin(asked_within(tx, id, Span::ALL))
        })
        .await
    }

    /// What of `span` is neither stored nor was asked for, ascending: what a resumed download still has to ask. At most
    /// the first 10,000 such spans; ask again after filling them.
    ///
    /// A stored candle accounts for the time to the next opening of the grid. Parts in which no candle can open are
    /// left out.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], and those of every read.
    pub async fn missing_spans(&self, id: SeriesId, span: Span) -> Result<Vec<Span>, StoreError> {
        self.read("find what is missing", move |tx| {
            Box::pin(async move {
                let series = SeriesRow::load(tx, id).await?;
                let (mut missing, mut rest) = (Vec::new(), span);
                loop {
                    let asked = asked_within(tx, id, rest).await?;
                    // Where not all asked spans came at once, only the time up to the last of them is known.
                    let known = match asked.last() {
                        Some(last) if asked.len() == MAX_SPANS => last.to().min(rest.to()),
                        _ => rest.to(),
                    };
                    for open in subtract(between(rest.from(), known), &asked) {
                        missing.extend(without_candles(tx, &series, open).await?);
                        if missing.len() >= MAX_SPANS {
                            missing.truncate(MAX_SPANS);
                            return Ok(missing);
                        }
                    }
                    if known >= rest.to() {
                        return Ok(missing);
                    }
                    rest = between(known, rest.to());
                }
            })
        })
        .await
    }
}

/// The parts of `span` that no stored candle accounts for.
async fn without_candles(
    connection: &mut SqliteConnection,
    series: &SeriesRow,
    span: Span,
) -> Result<Vec<Span>, Fault> {
    let (id, interval) = (SeriesId(series.id), series.key()?.interval);
    let (before, first, last): (Option<i64>, Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT (SELECT max(open_time) FROM candles WHERE series_id = ?1 AND open_time < ?2),
                (SELECT min(open_time) FROM candles WHERE series_id = ?1 AND open_time >= ?2 AND open_time < ?3),
                (SELECT max(open_time) FROM candles WHERE series_id = ?1 AND open_time >= ?2 AND open_time < ?3)",
    )
    .bind(id.0)
    .bind(span.from().millis())
    .bind(span.to().millis())
    .fetch_one(&mut *connection)
    .await?;
    let behind = |open: i64| interval.next(Timestamp::from_millis(open));
    let start = before.map_or(span.from(), |open| behind(open).max(span.from()));
    let mut parts = Vec::new();
    let mut add = |from: Timestamp, to: Timestamp| {
        if can_open_within(interval, from, to) {
            parts.push(between(from, to));
        }
    };
    let (Some(first), Some(last)) = (first, last) else {
        add(start, span.to());
        return Ok(parts);
    };
    add(start, Timestamp::from_millis(first));
    // No more holes than the whole series has: without any, the candles need not be read.
    let holes = usize::try_from(series.gap_count)
        .unwrap_or(MAX_SPANS)
        .min(MAX_SPANS);
    for Hole { after, before } in holes_within(connection, id, interval, first, last, holes).await? {
        add(behind(after), Timestamp::from_millis(before));
    }
    add(behind(last), span.to());
    Ok(parts)
}

/// Whether the grid has an opening in `[from, to)`. Beyond the calendar, where no grid is counted, it is taken to.
fn can_open_within(interval: Interval, from: Timestamp, to: Timestamp) -> bool {
    /// The start of the year 10000.
    const CALENDAR_END: u64 = 253_402_300_800_000;
    let beyond = from.millis().unsigned_abs() >= CALENDAR_END;
    from < to && (beyond || interval.floor(from) == from || interval.next(from) < to)
}

/// The span, or the empty one at `to` where `from` lies behind it.
fn between(from: Timestamp, to: Timestamp) -> Span {
    Span::new(from.min(to), to).unwrap_or(Span::ALL)
}

/// The asked spans that overlap or touch `span`, ascending.
pub(super) async fn asked_within(
    connection: &mut SqliteConnection,
    id: SeriesId,
    span: Span,
) -> Result<Vec<Span>, Fault> {
    let rows: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT from_ms, to_ms FROM coverage
         WHERE series_id = ?1 AND from_ms <= ?3 AND to_ms >= ?2 ORDER BY from_ms LIMIT ?4",
    )
    .bind(id.0)
    .bind(span.from().millis())
    .bind(span.to().millis())
    .bind(MAX_SPANS as i64)
    .fetch_all(connection)
    .await?;
    let spans = rows.into_iter().map(|(from, to)| {
        Span::new(Timestamp::from_millis(from), Timestamp::from_millis(to))
            .map_err(|_| unreadable("coverage.to_ms", to.to_string()))
    });
    Ok(spans.collect::<Result<_, _>>()?)
}

/// Notes that `asked` was asked, as one row with all it overlaps or touches.
pub(super) async fn add(connection: &mut SqliteConnection, id: SeriesId, asked: Span) -> Result<(), Fault> {
    if asked.is_empty() {
        return Ok(());
    }
    let (rows, from, to): (i64, Option<i64>, Option<i64>) = sqlx::query_as(
        "SELECT count(*), min(from_ms), max(to_ms) FROM coverage
         WHERE series_id = ?1 AND from_ms <= ?3 AND to_ms >= ?2",
    )
    .bind(id.0)
    .bind(asked.from().millis())
    .bind(asked.to().millis())
    .fetch_one(&mut *connection)
    .await?;
    let whole = (
        from.map_or(asked.from(), |from| {
            Timestamp::from_millis(from).min(asked.from())
        }),
        to.map_or(asked.to(), |to| Timestamp::from_millis(to).max(asked.to())),
    );
    let stands = (from, to) == (Some(whole.0.millis()), Some(whole.1.millis()));
    if rows == 1 && stands {
        return Ok(());
    }
    sqlx::query("DELETE FROM coverage WHERE series_id = ?1 AND from_ms >= ?2 AND from_ms <= ?3")
        .bind(id.0)
        .bind(whole.0.millis())
        .bind(whole.1.millis())
        .execute(&mut *connection)
        .await?;
    sqlx::query("INSERT INTO coverage (series_id, from_ms, to_ms) VALUES (?1, ?2, ?3)")
        .bind(id.0)
        .bind(whole.0.millis())
        .bind(whole.1.millis())
        .execute(connection)
        .await?;
    Ok(())
}

/// The parts of `span` outside all of `covered`, which is ascending and without overlaps.
pub(super) fn subtract(span: Span, covered: &[Span]) -> Vec<Span> {
    let mut open = Vec::new();
    let mut at = span.from();
    for asked in covered {
        if asked.from() > at
            && let Ok(part) = Span::new(at, asked.from().min(span.to()))
            && !part.is_empty()
        {
            open.push(part);
        }
        at = at.max(asked.to());
    }
    if let Ok(rest) = Span::new(at, span.to())
        && !rest.is_empty()
    {
        open.push(rest);
    }
    open
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn span(from: i64, to: i64) -> Span {
        Span::new(Timestamp::from_millis(from), Timestamp::from_millis(to)).unwrap()
    }

    proptest! {
        #[test]
        fn subtract_keeps_exactly_the_instants_outside(
            mut ends in proptest::collection::btree_set(0_i64..60, 0..12), from in 0_i64..60, length in 0_i64..40,
        ) {
            if ends.len() % 2 == 1 { ends.pop_last(); }
            let ends: Vec<i64> = ends.into_iter().collect();
            let covered: Vec<Span> = ends.chunks(2).map(|pair| span(pair[0], pair[1])).collect();
            let whole = span(from, from + length);
            let open = subtract(whole, &covered);
            for at in (0..110).map(Timestamp::from_millis) {
                let expected = whole.contains(at) && !covered.iter().any(|c| c.contains(at));
                let hits = open.iter().filter(|part| part.contains(at)).count();
                prop_assert_eq!(hits, usize::from(expected), "{}", at.millis());
            }
            prop_assert!(open.iter().all(|part| !part.is_empty()));
        }
    }
}
