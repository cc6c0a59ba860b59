//! The table `absences`: openings that a source was asked for and has no candle at, with the evidence.
//!
//! What it holds does not depend on the order in which pages came. Of several sources that speak about one opening the
//! one that counts most is kept (the venue's interface before its archive; of two alike the name that sorts last), with
//! its first and last asking and their number. Neighbours with the same evidence are one row.

use std::cmp::Ordering;
use std::sync::Arc;

use promptpal_domain::{Evidence, SeriesId, Timestamp};
use sqlx::SqliteConnection;

use super::origins::{Origin, checksum};
use super::stretches::{Stretch, hull, hull_of};
use crate::error::Fault;
use crate::names::unreadable;

/// What is known about who has no candle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) origin: Arc<Origin>,
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) times: u32,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Absence {
    pub(super) stretch: Stretch,
    pub(super) asked: Asked,
}

impl Asked {
    pub(super) fn once(origin: Arc<Origin>, now: Timestamp) -> Self {
        Self {
            origin,
            first: now.millis(),
            last: now.millis(),
            times: 1,
        }
    }

    pub(super) fn evidence(&self) -> Evidence {
        Evidence {
            source: self.origin.source,
            name: self.origin.name.clone(),
            sha256: checksum(&self.origin.sha256),
            first_asked: Timestamp::from_millis(self.first),
            last_asked: Timestamp::from_millis(self.last),
            times: self.times,
        }
    }

    /// What is known of two neighbouring parts as a whole: as much as of the part of which less is known.
    pub(super) fn and_beside(&self, other: &Self) -> Self {
        let weaker = if self.weight(other) == Ordering::Greater {
            other
        } else {
            self
        };
        Self {
            origin: Arc::clone(&weaker.origin),
            first: self.first.min(other.first),
            last: self.last.min(other.last),
            times: self.times.min(other.times),
        }
    }

    fn weight(&self, other: &Self) -> Ordering {
        let (a, b) = (&self.origin, &other.origin);
        a.source.cmp(&b.source).then_with(|| a.name.cmp(&b.name))
    }

    /// What is known when both were heard about one opening.
    fn and(&self, other: &Self) -> Self {
        match self.weight(other) {
            Ordering::Greater => self.clone(),
            Ordering::Less => other.clone(),
            Ordering::Equal => {
                // Of a file that was issued again, the checksum that was met last.
                let newer = (self.last, &self.origin.sha256) >= (other.last, &other.origin.sha256);
                Self {
                    origin: Arc::clone(if newer { &self.origin } else { &other.origin }),
                    first: self.first.min(other.first),
                    last: self.last.max(other.last),
                    times: self.times.saturating_add(other.times),
                }
            }
        }
    }
}

/// The first `limit` rows that overlap or touch `bounds`, ascending, whole.
pub(super) async fn within(
    connection: &mut SqliteConnection,
    id: SeriesId,
    bounds: Stretch,
    limit: usize,
) -> Result<Vec<Absence>, Fault> {
    type Row = (i64, i64, i64, i64, i64, i64, String, String, String);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT a.from_ms, a.to_ms, a.first_asked, a.last_asked, a.times, o.id, o.source, o.name, o.sha256
         FROM absences AS a CROSS JOIN origins AS o ON o.id = a.origin_id
         WHERE a.series_id = ?1 AND a.to_ms >= ?2 AND a.from_ms <= ?3 AND a.from_ms >= coalesce(
             (SELECT max(from_ms) FROM absences WHERE series_id = ?1 AND from_ms < ?2), ?2)
         ORDER BY a.from_ms LIMIT ?4",
    )
    .bind(id.0)
    .bind(bounds.0)
    .bind(bounds.1)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(connection)
    .await?;
    let mut known: Vec<Arc<Origin>> = Vec::new();
    let mut absences = Vec::with_capacity(rows.len());
    for (from, to, first, last, times, origin_id, source, name, sha256) in rows {
        // Newest first: neighbours mostly have one origin.
        let origin = match known.iter().rev().find(|origin| origin.id == origin_id) {
            Some(origin) => Arc::clone(origin),
            None => {
                let origin = Arc::new(Origin::from_row(origin_id, &source, name, sha256)?);
                known.push(Arc::clone(&origin));
                origin
            }
        };
        let times = u32::try_from(times).map_err(|_| unreadable("absences.times", times.to_string()))?;
        absences.push(Absence {
            stretch: (from, to),
            asked: Asked {
                origin,
                first,
                last,
                times,
            },
        });
    }
    Ok(absences)
}

/// What a page changed.
#[derive(Clone, Debug, Default)]
pub(super) struct Change {
    /// Rows that went, ascending.
    pub(super) before: Vec<Absence>,
    /// Rows that came in their place, ascending.
    pub(super) after: Vec<Absence>,
}

/// Takes openings that now have a candle (`stored`) out of the table and notes that those of `absent` were asked for.
/// Both ascending; no opening is in both.
pub(super) async fn change(
    connection: &mut SqliteConnection,
    id: SeriesId,
    stored: &[Stretch],
    absent: &[Stretch],
    asked: &Asked,
) -> Result<Change, Fault> {
    let Some(bounds) = hull(hull_of(stored), hull_of(absent)) else {
        return Ok(Change::default());
    };
    let before = within(connection, id, bounds, usize::MAX).await?;
    if before.is_empty() && absent.is_empty() {
        return Ok(Change::default());
    }
    let after = merged(folded(without(&before, stored), absent, asked));
    let same = before.iter().zip(&after).take_while(|(a, b)| a == b).count();
    let before = before.get(same..).unwrap_or(&[]).to_vec();
    let after = after.get(same..).unwrap_or(&[]).to_vec();
    write(connection, id, &before, &after).await?;
    Ok(Change { before, after })
}

/// `rows` without the instants of `stored`.
fn without(rows: &[Absence], stored: &[Stretch]) -> Vec<Absence> {
    let mut left = Vec::with_capacity(rows.len());
    let mut rest = stored;
    for row in rows {
        let (mut at, to) = row.stretch;
        let mut push = |from, to| {
            if from < to {
                left.push(Absence {
                    stretch: (from, to),
                    asked: row.asked.clone(),
                });
            }
        };
        while let Some((&first, others)) = rest.split_first() {
            if first.0 >= to {
                break;
            }
            push(at, first.0);
            at = at.max(first.1);
            if first.1 > to {
                break;
            }
            rest = others;
        }
        push(at, to);
    }
    left
}

/// `rows` with `asked` heard about every instant of `absent`.
fn folded(rows: Vec<Absence>, absent: &[Stretch], asked: &Asked) -> Vec<Absence> {
    let mut all = Vec::with_capacity(rows.len() + absent.len());
    let mut absent = absent.iter().copied();
    let mut new = absent.next();
    let fresh = |stretch| Absence {
        stretch,
        asked: asked.clone(),
    };
    for row in rows {
        let (mut at, to) = row.stretch;
        let mut keep = |from: i64, to: i64, asked: &Asked| {
            if from < to {
                all.push(Absence {
                    stretch: (from, to),
                    asked: asked.clone(),
                });
            }
        };
        while let Some((from, until)) = new {
            if from >= to {
                break;
            }
            // Before the row, in the row up to what is new, in both.
            keep(from, until.min(at), asked);
            keep(at, from, &row.asked);
            at = at.max(from);
            let both = until.min(to);
            if at < both {
                keep(at, both, &row.asked.and(asked));
                at = both;
            }
            if until > to {
                new = Some((from.max(to), until));
                break;
            }
            new = absent.next();
        }
        keep(at, to, &row.asked);
    }
    all.extend(new.into_iter().chain(absent).map(fresh));
    all
}

/// Neighbours that touch and have the same evidence as one.
fn merged(rows: Vec<Absence>) -> Vec<Absence> {
    let mut whole: Vec<Absence> = Vec::with_capacity(rows.len());
    for row in rows {
        match whole.last_mut() {
            Some(last) if last.stretch.1 == row.stretch.0 && last.asked == row.asked => {
                last.stretch.1 = row.stretch.1;
            }
            _ => whole.push(row),
        }
    }
    whole
}

async fn write(
    connection: &mut SqliteConnection,
    id: SeriesId,
    before: &[Absence],
    after: &[Absence],
) -> Result<(), Fault> {
    if let (Some(first), Some(last)) = (before.first(), before.last()) {
        sqlx::query("DELETE FROM absences WHERE series_id = ?1 AND from_ms BETWEEN ?2 AND ?3")
            .bind(id.0)
            .bind(first.stretch.0)
            .bind(last.stretch.0)
            .execute(&mut *connection)
            .await?;
    }
    if after.is_empty() {
        return Ok(());
    }
    let mut json = String::from("[");
    for row in after {
        if json.len() > 1 {
            json.push(',');
        }
        let (Absence { stretch, asked }, origin) = (row, row.asked.origin.id);
        json.push_str(&format!(
            "[{},{},{origin},{},{},{}]",
            stretch.0, stretch.1, asked.first, asked.last, asked.times
        ));
    }
    json.push(']');
    sqlx::query(
        "INSERT INTO absences (series_id, from_ms, to_ms, origin_id, first_asked, last_asked, times)
         SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 FROM json_each(?2)",
    )
    .bind(id.0)
    .bind(json)
    .execute(connection)
    .await?;
    Ok(())
}
