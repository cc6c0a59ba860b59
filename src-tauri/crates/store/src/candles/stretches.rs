//! Sets of instants as half-open stretches of milliseconds, and the two tables that hold such sets.

use std::fmt::Write as _;

use promptpal_domain::{Interval, SeriesId, Span, Timestamp};
use sqlx::SqliteConnection;

use crate::error::Fault;
use crate::json::json_of;

/// From the first instant to behind the last.
pub(super) type Stretch = (i64, i64);

/// The instants that both forms of the calendar can name: the years 0 to 9999.
pub(super) const CALENDAR: Stretch = (-62_167_219_200_000, 253_402_300_800_000);

/// The first opening of the grid at or after `ms`.
pub(super) fn ceil(interval: Interval, ms: i64) -> i64 {
    let at = Timestamp::from_millis(ms);
    let floor = interval.floor(at);
    if floor == at {
        ms
    } else {
        interval.next(at).millis()
    }
}

/// The time that a candle accounts for: from its open time to the next opening of the grid.
pub(super) fn slot(interval: Interval, open_time: i64) -> Stretch {
    let next = interval.next(Timestamp::from_millis(open_time)).millis();
    (open_time, next.max(open_time.saturating_add(1)))
}

/// How many openings of the grid lie in the stretch, of which the part outside the calendar counts as empty.
pub(super) fn openings(interval: Interval, (from, to): Stretch) -> u64 {
    let (from, to) = clip((from, to), CALENDAR);
    interval.count_between(Timestamp::from_millis(from), Timestamp::from_millis(to))
}

/// The part of `stretch` in `bounds`; empty (with an end that is not behind its start) where there is none.
pub(super) fn clip(stretch: Stretch, bounds: Stretch) -> Stretch {
    (stretch.0.max(bounds.0), stretch.1.min(bounds.1))
}

/// The whole of both and of what lies between.
pub(super) fn hull(a: Option<Stretch>, b: Option<Stretch>) -> Option<Stretch> {
    match (a, b) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (one, other) => one.or(other),
    }
}

/// From the first to the last of ascending stretches.
pub(super) fn hull_of(stretches: &[Stretch]) -> Option<Stretch> {
    Some((stretches.first()?.0, stretches.last()?.1))
}

pub(super) fn stretch_of(span: Span) -> Stretch {
    (span.from().millis(), span.to().millis())
}

/// The span, or the empty one at its end where it would be reversed.
pub(super) fn span_of((from, to): Stretch) -> Span {
    Span::new(Timestamp::from_millis(from.min(to)), Timestamp::from_millis(to)).unwrap_or(Span::ALL)
}

/// Appends a stretch that begins no earlier than all before it, as one with the last where they touch.
pub(super) fn append(stretches: &mut Vec<Stretch>, (from, to): Stretch) {
    match stretches.last_mut() {
        Some(last) if from <= last.1 => last.1 = last.1.max(to),
        _ if from < to => stretches.push((from, to)),
        _ => {}
    }
}

/// All instants of two ascending lists.
pub(super) fn union(a: &[Stretch], b: &[Stretch]) -> Vec<Stretch> {
    let mut whole = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    loop {
        let next = match (a.peek().copied(), b.peek().copied()) {
            (Some(x), Some(y)) if x.0 <= y.0 => a.next(),
            (_, Some(_)) => b.next(),
            (Some(_), None) => a.next(),
            (None, None) => return whole,
        };
        if let Some(next) = next {
            append(&mut whole, next);
        }
    }
}

/// The instants of `whole` outside all of `taken`; both ascending and without overlaps.
pub(super) fn subtract(whole: &[Stretch], taken: &[Stretch]) -> Vec<Stretch> {
    let mut left = Vec::new();
    let mut rest = taken;
    for &(from, to) in whole {
        let mut at = from;
        while let Some((&first, others)) = rest.split_first() {
            if first.0 >= to {
                break;
            }
            if first.0 > at {
                left.push((at, first.0));
            }
            at = at.max(first.1);
            if first.1 > to {
                break;
            }
            rest = others;
        }
        if at < to {
            left.push((at, to));
        }
    }
    left
}

/// A table with a set of instants for each series, as rows that neither overlap nor touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Coverage,
    Presence,
}

struct Statements {
    within: &'static str,
    extend: &'static str,
    delete: &'static str,
    insert: &'static str,
}

/// The same four statements over a table; they stand in the source as they are run.
macro_rules! statements {
    ($table:literal) => {
        Statements {
            within: concat!(
                "SELECT from_ms, to_ms FROM ",
                $table,
                "
                 WHERE series_id = ?1 AND to_ms >= ?2 AND from_ms <= ?3 AND from_ms >= coalesce(
                     (SELECT max(from_ms) FROM ",
                $table,
                " WHERE series_id = ?1 AND from_ms <= ?2), ?2)
                 ORDER BY from_ms LIMIT ?4"
            ),
            extend: concat!(
                "UPDATE ",
                $table,
                " SET to_ms = ?3 WHERE series_id = ?1 AND from_ms = ?2"
            ),
            delete: concat!(
                "DELETE FROM ",
                $table,
                " WHERE series_id = ?1 AND from_ms >= ?2 AND from_ms <= ?3"
            ),
            insert: concat!(
                "INSERT INTO ",
                $table,
                " (series_id, from_ms, to_ms)
                 SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2)"
            ),
        }
    };
}

impl Table {
    const fn statements(self) -> Statements {
        match self {
            Self::Coverage => statements!("coverage"),
            Self::Presence => statements!("presence"),
        }
    }

    /// The first `limit` stretches that overlap or touch `bounds`, ascending, whole.
    pub(super) async fn within(
        self,
        connection: &mut SqliteConnection,
        id: SeriesId,
        bounds: Stretch,
        limit: usize,
    ) -> Result<Vec<Stretch>, Fault> {
        let rows = sqlx::query_as(self.statements().within)
            .bind(id.0)
            .bind(bounds.0)
            .bind(bounds.1)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(connection)
            .await?;
        Ok(rows)
    }

    /// Adds ascending stretches; returns by how many rows the table grew or, below zero, shrank.
    pub(super) async fn add(
        self,
        connection: &mut SqliteConnection,
        id: SeriesId,
        new: &[Stretch],
    ) -> Result<i64, Fault> {
        let Some(bounds) = hull_of(new) else { return Ok(0) };
        let old = self.within(connection, id, bounds, usize::MAX).await?;
        let whole = union(&old, new);
        let grown = whole.len() as i64 - old.len() as i64;
        let same = old.iter().zip(&whole).take_while(|(a, b)| a == b).count();
        let (gone, made) = (old.get(same..).unwrap_or(&[]), whole.get(same..).unwrap_or(&[]));
        if let ([before], [after]) = (gone, made)
            && before.0 == after.0
        {
            sqlx::query(self.statements().extend)
                .bind(id.0)
                .bind(after.0)
                .bind(after.1)
                .execute(connection)
                .await?;
            return Ok(grown);
        }
        if let (Some(first), Some(last)) = (gone.first(), gone.last()) {
            sqlx::query(self.statements().delete)
                .bind(id.0)
                .bind(first.0)
                .bind(last.0)
                .execute(&mut *connection)
                .await?;
        }
        if !made.is_empty() {
            sqlx::query(self.statements().insert)
                .bind(id.0)
                .bind(json_of(made, |json, (from, to)| write!(json, "[{from},{to}]")))
                .execute(connection)
                .await?;
        }
        Ok(grown)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
        proptest::collection::btree_set(0_i64..60, 0..14).prop_map(|ends| {
            let ends: Vec<i64> = ends.into_iter().collect();
            let pairs = ends.chunks_exact(2).map(|pair| (pair[0], pair[1]));
            let mut apart = Vec::new();
            pairs.for_each(|pair| append(&mut apart, pair));
            apart
        })
    }

    fn holds(stretches: &[Stretch], at: i64) -> bool {
        stretches.iter().any(|(from, to)| (*from..*to).contains(&at))
    }

    proptest! {
        #[test]
        fn sets_of_stretches_are_sets_of_instants(a in stretches(), b in stretches()) {
            let (both, left) = (union(&a, &b), subtract(&a, &b));
            for at in -1..61 {
                prop_assert_eq!(holds(&both, at), holds(&a, at) || holds(&b, at), "{}", at);
                prop_assert_eq!(holds(&left, at), holds(&a, at) && !holds(&b, at), "{}", at);
            }
            prop_assert!(both.windows(2).all(|pair| pair[0].1 < pair[1].0));
            prop_assert!(left.iter().all(|(from, to)| from < to));
        }
    }

    #[test]
    fn openings_are_counted_on_the_grid_and_inside_the_calendar() {
        let check = |interval: Interval, stretch: Stretch, expected: u64| {
            assert_eq!(openings(interval, stretch), expected, "{interval} {stretch:?}");
        };
        check(Interval::Minute1, (1, 120_001), 2);
        check(Interval::Minute1, (0, 0), 0);
        check(Interval::Minute1, (5, 3), 0);
        check(Interval::Month1, (i64::MIN, -62_167_219_199_999), 1);
        check(Interval::Day1, (i64::MIN, i64::MAX), 3_652_425);
        assert_eq!(ceil(Interval::Minute1, 1), 60_000);
        assert_eq!(ceil(Interval::Minute1, 60_000), 60_000);
        assert_eq!(slot(Interval::Minute15, 60_000), (60_000, 900_000));
    }
}
