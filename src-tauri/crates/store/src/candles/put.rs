//! Writing a page of candles: new ones, the same again, corrections, the scales that all of them need, and what the
//! page says about the openings that it was asked for.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use promptpal_domain::{Candle, CandleSource, Interval, SeriesId, Timestamp};
use sqlx::SqliteConnection;

use super::absences::{self, Asked, Change};
use super::origins::Origin;
use super::stretches::{self, CALENDAR, Stretch, Table, ceil, clip, openings, slot, stretch_of};
use super::ticks::{Scales, Ticks, Unfit};
use super::{Page, SeriesRow, Stored, append, columns, journal, rows};
use crate::error::Fault;
use crate::json::json_of;
use crate::{Store, StoreError};

impl Store {
    /// Puts a page of closed candles, in any order, into a series, with what was asked of the source to get them and a
    /// row of the journal, as one transaction.
    ///
    /// A candle that stands there already with the same numbers is left alone; other numbers replace the old ones, which
    /// are kept as a correction dated `now`. When the candles need more decimals than the series has, all of it is
    /// brought to the finer scale in the same transaction. Openings that were asked for and hold no candle, of the page
    /// or stored before, are noted as absent on the word of the source, asked at `now`; a candle that appears later
    /// takes that back.
    ///
    /// `asked` must end no later than the opening of the first candle that is not yet closed. What an archive or a file
    /// has none for still counts as missing in [`Store::missing_spans`], so that the venue itself is asked once.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without the series, [`StoreError::DoesNotFit`] when a number cannot be kept exactly at
    /// the scale that the series needs, and those of every write. Then nothing is stored.
    pub async fn put_page(&self, id: SeriesId, page: Page, now: Timestamp) -> Result<Stored, StoreError> {
        self.write("store candles", move |tx| Box::pin(put(tx, id, page, now)))
            .await
    }

    /// Puts a page into each of several series, all as one transaction: what a second of many live series costs is
    /// mostly the commit. Each page is put as [`Store::put_page`] does; those whose candles just follow the stored ones
    /// together, with a few statements for all.
    ///
    /// # Errors
    /// Those of [`Store::put_page`], for the first page that cannot be put. Then none of them is stored.
    pub async fn put_pages(
        &self,
        pages: Vec<(SeriesId, Page)>,
        now: Timestamp,
    ) -> Result<Vec<Stored>, StoreError> {
        self.write("store candles", move |tx| {
            Box::pin(async move {
                let appended = append::append(tx, &pages, now).await?;
                let mut stored = Vec::with_capacity(pages.len());
                for ((id, page), appended) in pages.into_iter().zip(appended) {
                    stored.push(match appended {
                        Some(appended) => appended,
                        None => put(tx, id, page, now).await?,
                    });
                }
                Ok(stored)
            })
        })
        .await
    }
}

/// A series while candles are put into it.
struct Putting {
    series: SeriesRow,
    id: SeriesId,
    interval: Interval,
    scales: Scales,
    now: Timestamp,
    /// Open times of the candles that were new, ascending.
    new: Vec<i64>,
    stored: Stored,
}

async fn put(
    connection: &mut SqliteConnection,
    id: SeriesId,
    page: Page,
    now: Timestamp,
) -> Result<Stored, Fault> {
    let Page {
        mut candles,
        asked,
        source,
        name,
        sha256,
    } = page;
    let series = SeriesRow::load(connection, id).await?;
    let key = series.key()?;
    let scales = series.scales().widened_for(&candles);
    if scales != series.scales() {
        rows::widen(connection, &series, &key, scales).await?;
        columns::drop_all(connection, id).await?;
    }
    // Stable: of several candles with one opening, the later in the list counts as the correction.
    candles.sort_by_key(|candle| candle.open_time);
    let ticks = ticks_of(&candles, scales).map_err(|(at, source)| StoreError::DoesNotFit {
        series: key.clone(),
        at,
        source,
    })?;
    let count = candles.len() as u64;
    let of_candles = whole_of(&candles, key.interval);
    drop(candles);
    let mut putting = Putting {
        series,
        id,
        interval: key.interval,
        scales,
        now,
        new: Vec::with_capacity(ticks.len()),
        stored: Stored {
            series: id,
            inserted: 0,
            unchanged: 0,
            corrected: 0,
            span: None,
        },
    };
    putting.put_ticks(connection, ticks).await?;
    if let Some(changed) = putting.stored.span {
        columns::drop_within(connection, id, stretch_of(changed)).await?;
    }
    let origin = Arc::new(Origin::ensure(connection, source, &name, sha256.as_deref()).await?);
    let asked = asked.filter(|span| !span.is_empty()).map(stretch_of);
    putting.settle(connection, &origin, asked).await?;
    if let Some(stretch) = asked.or(of_candles) {
        journal::note(connection, &origin, stretch, count, &putting.stored, now).await?;
    }
    Ok(putting.stored)
}

pub(super) fn ticks_of(candles: &[Candle], scales: Scales) -> Result<Vec<Ticks>, Unfit> {
    candles
        .iter()
        .map(|candle| Ticks::from_candle(candle, scales))
        .collect()
}

/// From the first to behind the last of ascending candles.
fn whole_of(candles: &[Candle], interval: Interval) -> Option<Stretch> {
    let (first, last) = (candles.first()?, candles.last()?);
    Some((
        first.open_time.millis(),
        slot(interval, last.open_time.millis()).1,
    ))
}

/// Leaves the first row of each open time and returns the others, in order.
fn take_repeated(rows: &mut Vec<Ticks>) -> Vec<Ticks> {
    let mut again = Vec::new();
    let mut last = None;
    rows.retain(|row| {
        let first = last != Some(row.open_time);
        last = Some(row.open_time);
        if !first {
            again.push(*row);
        }
        first
    });
    again
}

/// Rows looked up at once where candles stand already.
const CHUNK: usize = 500;

impl Putting {
    /// Puts rows of ascending open times, of which some may repeat.
    async fn put_ticks(
        &mut self,
        connection: &mut SqliteConnection,
        mut rows: Vec<Ticks>,
    ) -> Result<(), Fault> {
        while let (Some(first), Some(last)) = (rows.first(), rows.last()) {
            let met: bool = sqlx::query_scalar(
                "SELECT EXISTS (SELECT 1 FROM candles WHERE series_id = ?1 AND open_time BETWEEN ?2 AND ?3)",
            )
            .bind(self.id.0)
            .bind(first.open_time)
            .bind(last.open_time)
            .fetch_one(&mut *connection)
            .await?;
            let again = take_repeated(&mut rows);
            if met {
                for chunk in rows.chunks(CHUNK) {
                    self.put_among(connection, chunk).await?;
                }
            } else {
                rows::insert(connection, self.id, &rows).await?;
                self.note_new(&rows);
            }
            rows = again;
        }
        Ok(())
    }

    /// Puts rows of distinct open times where some may stand already.
    async fn put_among(&mut self, connection: &mut SqliteConnection, rows: &[Ticks]) -> Result<(), Fault> {
        let times: Vec<i64> = rows.iter().map(|row| row.open_time).collect();
        let standing: Vec<Ticks> = sqlx::query_as(
            "SELECT c.open_time, c.close_time, c.open, c.high, c.low, c.close, c.volume, c.quote_volume, c.trades,
                    c.taker_base_volume, c.taker_quote_volume
             FROM json_each(?2) AS wanted
             CROSS JOIN candles AS c ON c.series_id = ?1 AND c.open_time = wanted.value",
        )
        .bind(self.id.0)
        .bind(json_of(&times, |json, at| write!(json, "{at}")))
        .fetch_all(&mut *connection)
        .await?;
        let standing: HashMap<i64, Ticks> = standing.into_iter().map(|row| (row.open_time, row)).collect();
        let mut new = Vec::new();
        for row in rows {
            match standing.get(&row.open_time) {
                None => new.push(*row),
                Some(same) if same == row => self.stored.unchanged += 1,
                Some(_) => {
                    rows::correct(connection, self.id, row, self.scales, self.now).await?;
                    self.stored.corrected += 1;
                    self.note_changed(row.open_time, row.open_time);
                }
            }
        }
        rows::insert(connection, self.id, &new).await?;
        self.note_new(&new);
        Ok(())
    }

    fn note_new(&mut self, rows: &[Ticks]) {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return;
        };
        self.stored.inserted += rows.len() as u64;
        self.new.extend(rows.iter().map(|row| row.open_time));
        self.note_changed(first.open_time, last.open_time);
    }

    fn note_changed(&mut self, first: i64, last: i64) {
        let stretch = (first, slot(self.interval, last).1);
        let before = self.stored.span.map(stretch_of);
        self.stored.span = stretches::hull(before, Some(stretch)).map(stretches::span_of);
    }

    /// Brings coverage, presence, absences and the figures of the series up to date.
    async fn settle(
        &mut self,
        connection: &mut SqliteConnection,
        origin: &Arc<Origin>,
        asked: Option<Stretch>,
    ) -> Result<(), Fault> {
        let interval = self.interval;
        let mut slots = Vec::new();
        for open in &self.new {
            stretches::append(&mut slots, slot(interval, *open));
        }
        let grown = Table::Presence.add(connection, self.id, &slots).await?;
        if let Some(asked) = asked
            && settles(origin.source)
        {
            Table::Coverage.add(connection, self.id, &[asked]).await?;
        }
        let stored = on_grid(interval, &slots);
        let absent = match asked {
            Some(asked) => self.absent_of(connection, asked).await?,
            None => Vec::new(),
        };
        let asked = Asked::once(Arc::clone(origin), self.now);
        let change = absences::change(connection, self.id, &stored, &absent, &asked).await?;
        self.count(connection, grown, &change).await
    }

    /// The openings of `asked` at which no candle is stored.
    async fn absent_of(
        &self,
        connection: &mut SqliteConnection,
        asked: Stretch,
    ) -> Result<Vec<Stretch>, Fault> {
        let asked = clip(asked, CALENDAR);
        if asked.0 >= asked.1 {
            return Ok(Vec::new());
        }
        let whole = (ceil(self.interval, asked.0), ceil(self.interval, asked.1));
        let present = Table::Presence
            .within(connection, self.id, whole, usize::MAX)
            .await?;
        Ok(stretches::subtract(&[whole], &on_grid(self.interval, &present)))
    }

    async fn count(
        &mut self,
        connection: &mut SqliteConnection,
        grown: i64,
        change: &Change,
    ) -> Result<(), Fault> {
        let bounds = self.series.bounds()?;
        let series = &mut self.series;
        let parts = series.gap_count + i64::from(series.candle_count > 0) + grown;
        series.gap_count = (parts - 1).max(0);
        series.candle_count += self.new.len() as i64;
        series.correction_count += i64::try_from(self.stored.corrected).unwrap_or(i64::MAX);
        let off_grid = self.new.iter().filter(|at| ceil(self.interval, **at) != **at);
        series.off_grid_count += off_grid.count() as i64;
        let (first, last) = (self.new.first().copied(), self.new.last().copied());
        series.first_open = series.first_open.into_iter().chain(first).min();
        series.last_open = series.last_open.into_iter().chain(last).max();
        let inside = |rows: &[absences::Absence]| -> i64 {
            let within = |row: &absences::Absence| bounds.map_or((0, 0), |bounds| clip(row.stretch, bounds));
            rows.iter()
                .map(|row| openings(self.interval, within(row)) as i64)
                .sum()
        };
        series.absent_count += inside(&change.after) - inside(&change.before);
        series.widen_absences(connection, bounds).await?;
        series.save_figures(connection).await
    }
}

/// Whether what this source has none for need not be asked of another. An archive or a file may lack what the venue
/// itself has.
const fn settles(source: CandleSource) -> bool {
    match source {
        CandleSource::Rest | CandleSource::Live | CandleSource::Simulation => true,
        CandleSource::Archive | CandleSource::Import => false,
    }
}

/// The stretches cut to where their first opening is: all openings in them have a candle.
pub(super) fn on_grid(interval: Interval, slots: &[Stretch]) -> Vec<Stretch> {
    slots
        .iter()
        .map(|(from, to)| (ceil(interval, *from), *to))
        .filter(|(from, to)| from < to)
        .collect()
}
