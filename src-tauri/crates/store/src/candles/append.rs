//! Candles that follow the last one of their series, for many series at once: what live candles nearly always are.
//!
//! Such a candle only makes things longer: the last stretch of presence, the last page of the journal and the figures of
//! its series; the first one, and the first behind a hole, begin a stretch. So a handful of statements do for any number
//! of series, where [`super::put`] needs a dozen for each. Whatever else a page may do (correct, fill a hole, take back
//! an absence, need a finer scale than what is stored) is left to that; what stands in the tables afterwards is the same.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use promptpal_domain::{CandleSource, Interval, SeriesId, Timestamp};
use sqlx::SqliteConnection;

use super::origins::Origin;
use super::put::ticks_of;
use super::stretches::{Stretch, ceil, slot, span_of};
use super::ticks::Ticks;
use super::{Page, SeriesRow, Stored, rows};
use crate::error::Fault;
use crate::json::json_of;

/// The ends of what is known of a series: where the last row of each table is, if it has one.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
struct Ends {
    id: i64,
    presence_from: Option<i64>,
    presence_to: Option<i64>,
    absent_to: Option<i64>,
    sealed_to: Option<i64>,
    page_id: Option<i64>,
    page_origin: Option<i64>,
    page_to: Option<i64>,
}

/// A page that can be appended.
struct Appended {
    /// Its place in the list of pages.
    place: usize,
    series: SeriesRow,
    ends: Ends,
    rows: Vec<Ticks>,
    stretch: Stretch,
    /// Where the stretch of presence that it makes longer begins; none where it begins one.
    lengthens: Option<i64>,
    origin: i64,
    /// Whether the last page of the journal goes on with it.
    goes_on: bool,
}

/// Appends those pages whose candles just follow what is stored. Returns what became of each, in order; `None` where a
/// page is for [`super::put`].
pub(super) async fn append(
    connection: &mut SqliteConnection,
    pages: &[(SeriesId, Page)],
    now: Timestamp,
) -> Result<Vec<Option<Stored>>, Fault> {
    let mut outcome = vec![None; pages.len()];
    let mut seen = HashSet::new();
    // Of several pages of one series the later ones wait for the first.
    let places: Vec<usize> = pages
        .iter()
        .enumerate()
        .filter(|(_, (id, page))| seen.insert(id.0) && only_candles(page))
        .map(|(place, _)| place)
        .collect();
    let mut appended = appendable(connection, pages, &places).await?;
    if appended.is_empty() {
        return Ok(outcome);
    }
    let each = appended
        .iter()
        .map(|one| (SeriesId(one.series.id), one.rows.as_slice()));
    rows::insert_of_many(connection, each).await?;
    add_presence(connection, &appended).await?;
    journal(connection, &appended, now).await?;
    save_figures(connection, &mut appended).await?;
    for one in appended {
        if let Some(stored) = outcome.get_mut(one.place) {
            *stored = Some(Stored {
                series: SeriesId(one.series.id),
                inserted: one.rows.len() as u64,
                unchanged: 0,
                corrected: 0,
                span: Some(span_of(one.stretch)),
            });
        }
    }
    Ok(outcome)
}

/// Whether a page says nothing but what its candles are.
fn only_candles(page: &Page) -> bool {
    page.asked.is_none() && page.source != CandleSource::Archive && !page.candles.is_empty()
}

async fn appendable(
    connection: &mut SqliteConnection,
    pages: &[(SeriesId, Page)],
    places: &[usize],
) -> Result<Vec<Appended>, Fault> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let ids = json_of(
        places.iter().filter_map(|place| pages.get(*place)),
        |json, (id, _)| write!(json, "{}", id.0),
    );
    let mut series = SeriesRow::load_many(connection, &ids).await?;
    let mut ends = ends_of(connection, &ids).await?;
    let mut origins: Vec<Origin> = Vec::new();
    let mut appended = Vec::with_capacity(places.len());
    for &place in places {
        let Some((id, page)) = pages.get(place) else {
            continue;
        };
        let (Some(mut series), Some(ends)) = (series.remove(&id.0), ends.remove(&id.0)) else {
            continue;
        };
        let interval = series.key()?.interval;
        let Some(stretch) = follows(interval, &series, &ends, page) else {
            continue;
        };
        let scales = series.scales().widened_for(&page.candles);
        if series.candle_count == 0 {
            series.set_scales(scales);
        } else if scales != series.scales() {
            continue;
        }
        // Refused with its reason where it is put alone.
        let Ok(rows) = ticks_of(&page.candles, scales) else {
            continue;
        };
        let origin = origin_of(connection, &mut origins, page).await?;
        // As `journal::note` has it: live candles that follow each other are one page, others one each.
        let goes_on = page.source == CandleSource::Live
            && ends.page_origin == Some(origin)
            && ends.page_to == Some(stretch.0);
        let lengthens = ends.presence_from.filter(|_| ends.presence_to == Some(stretch.0));
        appended.push(Appended {
            place,
            series,
            ends,
            lengthens,
            rows,
            stretch,
            origin,
            goes_on,
        });
    }
    Ok(appended)
}

/// The time of the candles of `page`, where they are the last of their series, each opens when the one before it is over,
/// and nothing is known yet of the time behind what is stored.
fn follows(interval: Interval, series: &SeriesRow, ends: &Ends, page: &Page) -> Option<Stretch> {
    let from = page.candles.first()?.open_time.millis();
    let known = match (series.last_open, ends.presence_to) {
        (Some(last), Some(to)) if slot(interval, last).1 == to && to <= from => Some(to),
        (None, None) if series.candle_count == 0 => None,
        _ => return None,
    };
    // Without a candle, any absence and any sealed day is in the way.
    let free = |end: Option<i64>| end.is_none_or(|end| known.is_some_and(|to| end <= to));
    if ceil(interval, from) != from || !free(ends.absent_to) || !free(ends.sealed_to) {
        return None;
    }
    let to = page.candles.iter().try_fold(from, |at, candle| {
        (candle.open_time.millis() == at).then(|| slot(interval, at).1)
    })?;
    Some((from, to))
}

async fn ends_of(connection: &mut SqliteConnection, ids: &str) -> Result<HashMap<i64, Ends>, Fault> {
    let ends: Vec<Ends> = sqlx::query_as(
        "SELECT wanted.value AS id, present.from_ms AS presence_from, present.to_ms AS presence_to,
                (SELECT to_ms FROM absences WHERE series_id = wanted.value ORDER BY from_ms DESC LIMIT 1) AS absent_to,
                (SELECT to_ms FROM candle_columns WHERE series_id = wanted.value ORDER BY from_ms DESC LIMIT 1)
                    AS sealed_to,
                page.id AS page_id, page.origin_id AS page_origin, page.to_ms AS page_to
         FROM json_each(?1) AS wanted
         LEFT JOIN presence AS present ON present.series_id = wanted.value AND present.from_ms =
             (SELECT max(from_ms) FROM presence WHERE series_id = wanted.value)
         LEFT JOIN pages AS page ON page.id = (SELECT max(id) FROM pages WHERE series_id = wanted.value)",
    )
    .bind(ids)
    .fetch_all(connection)
    .await?;
    Ok(ends.into_iter().map(|ends| (ends.id, ends)).collect())
}

async fn origin_of(
    connection: &mut SqliteConnection,
    known: &mut Vec<Origin>,
    page: &Page,
) -> Result<i64, Fault> {
    let sha256 = page.sha256.as_deref();
    let same = |origin: &&Origin| {
        origin.source == page.source
            && origin.name == page.name
            && origin.sha256 == sha256.unwrap_or_default()
    };
    if let Some(origin) = known.iter().find(same) {
        return Ok(origin.id);
    }
    let origin = Origin::ensure(connection, page.source, &page.name, sha256).await?;
    let id = origin.id;
    known.push(origin);
    Ok(id)
}

async fn add_presence(connection: &mut SqliteConnection, appended: &[Appended]) -> Result<(), Fault> {
    let (longer, new): (Vec<&Appended>, Vec<&Appended>) =
        appended.iter().partition(|one| one.lengthens.is_some());
    if !longer.is_empty() {
        let ends = json_of(longer, |json, one| {
            let from = one.lengthens.unwrap_or(one.stretch.0);
            write!(json, "[{},{from},{}]", one.series.id, one.stretch.1)
        });
        sqlx::query(
            "UPDATE presence SET to_ms = new.value ->> 2 FROM json_each(?1) AS new
             WHERE presence.series_id = new.value ->> 0 AND presence.from_ms = new.value ->> 1",
        )
        .bind(ends)
        .execute(&mut *connection)
        .await?;
    }
    if !new.is_empty() {
        let stretches = json_of(new, |json, one| {
            write!(json, "[{},{},{}]", one.series.id, one.stretch.0, one.stretch.1)
        });
        sqlx::query(
            "INSERT INTO presence (series_id, from_ms, to_ms)
             SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1)",
        )
        .bind(stretches)
        .execute(connection)
        .await?;
    }
    Ok(())
}

async fn journal(
    connection: &mut SqliteConnection,
    appended: &[Appended],
    now: Timestamp,
) -> Result<(), Fault> {
    let (longer, new): (Vec<&Appended>, Vec<&Appended>) = appended.iter().partition(|one| one.goes_on);
    if !longer.is_empty() {
        let rows = json_of(longer, |json, one| {
            let id = one.ends.page_id.unwrap_or_default();
            write!(json, "[{id},{},{}]", one.stretch.1, one.rows.len())
        });
        sqlx::query(
            "UPDATE pages SET to_ms = new.value ->> 1, candles = candles + (new.value ->> 2),
                    inserted = inserted + (new.value ->> 2), stored_at = ?2
             FROM json_each(?1) AS new WHERE pages.id = new.value ->> 0",
        )
        .bind(rows)
        .bind(now.millis())
        .execute(&mut *connection)
        .await?;
    }
    if !new.is_empty() {
        let rows = json_of(new, |json, one| {
            let Appended { origin, stretch, .. } = one;
            let count = one.rows.len();
            write!(
                json,
                "[{},{origin},{},{},{count}]",
                one.series.id, stretch.0, stretch.1
            )
        });
        sqlx::query(
            "INSERT INTO pages (series_id, origin_id, from_ms, to_ms, candles, inserted, corrected, stored_at)
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 4, 0, ?2
             FROM json_each(?1) ORDER BY key",
        )
        .bind(rows)
        .bind(now.millis())
        .execute(connection)
        .await?;
    }
    Ok(())
}

async fn save_figures(connection: &mut SqliteConnection, appended: &mut [Appended]) -> Result<(), Fault> {
    for one in appended.iter_mut() {
        let series = &mut one.series;
        if one.lengthens.is_none() && series.candle_count > 0 {
            series.gap_count += 1;
        }
        series.candle_count += one.rows.len() as i64;
        series.first_open = series.first_open.or(Some(one.stretch.0));
        series.last_open = one.rows.last().map(|row| row.open_time);
        series.count_pending()?;
    }
    SeriesRow::save_appended(connection, appended.iter().map(|one| &one.series)).await
}
