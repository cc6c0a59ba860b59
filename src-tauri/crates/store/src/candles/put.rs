//! Writing candles: new ones, the same again, corrections, and the scales that all of them need.

use std::collections::HashMap;
use std::sync::LazyLock;

use promptpal_domain::{Candle, Interval, SeriesId, SeriesKey, Span, Timestamp};
use sqlx::SqliteConnection;

use super::ticks::{Scales, Ticks, Unfit};
use super::{SeriesRow, Stored, coverage, gaps};
use crate::error::Fault;
use crate::{Store, StoreError};

impl Store {
    /// Puts closed candles, in any order, into a series, with what was asked of the source to get them, as one
    /// transaction.
    ///
    /// A candle that stands there already with the same numbers is left alone; other numbers replace the old ones, which
    /// are kept as a correction dated `now`. When the candles need more decimals than the series has, all of it is
    /// brought to the finer scale in the same transaction.
    ///
    /// `asked` must end no later than the opening of the first candle that is not yet closed: where it holds no candle,
    /// the source counts as having none.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without the series, [`StoreError::DoesNotFit`] when a number cannot be kept exactly at
    /// the scale that the series needs, and those of every write. Then nothing is stored.
    pub async fn put_candles(
        &self,
        id: SeriesId,
        candles: Vec<Candle>,
        asked: Option<Span>,
        now: Timestamp,
    ) -> Result<Stored, StoreError> {
        self.write("store candles", move |tx| {
            Box::pin(put(tx, id, candles, asked, now))
        })
        .await
    }
}

/// A series while candles are put into it.
struct Putting {
    id: SeriesId,
    interval: Interval,
    scales: Scales,
    now: Timestamp,
    candle_count: i64,
    gap_count: i64,
    first_open: Option<i64>,
    last_open: Option<i64>,
    stored: Stored,
}

async fn put(
    connection: &mut SqliteConnection,
    id: SeriesId,
    mut candles: Vec<Candle>,
    asked: Option<Span>,
    now: Timestamp,
) -> Result<Stored, Fault> {
    let series = SeriesRow::load(connection, id).await?;
    let key = series.key()?;
    let scales = series.scales().widened_for(&candles);
    if scales != series.scales() {
        widen(connection, &series, &key, scales).await?;
    }
    // Stable: of several candles with one opening, the later in the list counts as the correction.
    candles.sort_by_key(|candle| candle.open_time);
    let unfit = |(at, source): Unfit| StoreError::DoesNotFit {
        series: key.clone(),
        at,
        source,
    };
    let mut rows = Vec::with_capacity(candles.len());
    for candle in &candles {
        rows.push(Ticks::from_candle(candle, scales).map_err(unfit)?);
    }
    drop(candles);
    let mut putting = Putting {
        id,
        interval: key.interval,
        scales,
        now,
        candle_count: series.candle_count,
        gap_count: series.gap_count,
        first_open: series.first_open,
        last_open: series.last_open,
        stored: Stored {
            series: id,
            inserted: 0,
            unchanged: 0,
            corrected: 0,
            span: None,
        },
    };
    while !rows.is_empty() {
        let again = take_repeated(&mut rows);
        putting.put_distinct(connection, &rows).await?;
        rows = again;
    }
    putting.finish(connection).await?;
    if let Some(asked) = asked {
        coverage::add(connection, id, asked).await?;
    }
    Ok(putting.stored)
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

impl Putting {
    /// Puts rows of ascending, distinct open times.
    async fn put_distinct(&mut self, connection: &mut SqliteConnection, rows: &[Ticks]) -> Result<(), Fault> {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return Ok(());
        };
        let (first, last) = (first.open_time, last.open_time);
        let (before, behind, met): (Option<i64>, Option<i64>, bool) = sqlx::query_as(
            "SELECT (SELECT max(open_time) FROM candles WHERE series_id = ?1 AND open_time < ?2),
                    (SELECT min(open_time) FROM candles WHERE series_id = ?1 AND open_time > ?3),
                    EXISTS (SELECT 1 FROM candles WHERE series_id = ?1 AND open_time BETWEEN ?2 AND ?3)",
        )
        .bind(self.id.0)
        .bind(first)
        .bind(last)
        .fetch_one(&mut *connection)
        .await?;
        let (low, high) = (before.unwrap_or(first), behind.unwrap_or(last));
        if met {
            let gaps_before = gaps::count_within(connection, self.id, self.interval, low, high).await?;
            for chunk in rows.chunks(CHUNK) {
                self.put_among(connection, chunk).await?;
            }
            let gaps_after = gaps::count_within(connection, self.id, self.interval, low, high).await?;
            self.gap_count += gaps_after - gaps_before;
        } else {
            insert(connection, self.id, rows).await?;
            self.note_new(rows);
            let gaps_before = gaps::count_among(self.interval, before.into_iter().chain(behind));
            let times = before
                .into_iter()
                .chain(rows.iter().map(|row| row.open_time))
                .chain(behind);
            self.gap_count += gaps::count_among(self.interval, times) - gaps_before;
        }
        Ok(())
    }

    /// Puts rows where some may stand already.
    async fn put_among(&mut self, connection: &mut SqliteConnection, rows: &[Ticks]) -> Result<(), Fault> {
        let times: Vec<i64> = rows.iter().map(|row| row.open_time).collect();
        let standing: Vec<Ticks> = sqlx::query_as(
            "SELECT c.open_time, c.close_time, c.open, c.high, c.low, c.close, c.volume, c.quote_volume, c.trades,
                    c.taker_base_volume, c.taker_quote_volume
             FROM json_each(?2) AS wanted
             CROSS JOIN candles AS c ON c.series_id = ?1 AND c.open_time = wanted.value",
        )
        .bind(self.id.0)
        .bind(json_of(&times))
        .fetch_all(&mut *connection)
        .await?;
        let standing: HashMap<i64, Ticks> = standing.into_iter().map(|row| (row.open_time, row)).collect();
        let mut new = Vec::new();
        for row in rows {
            match standing.get(&row.open_time) {
                None => new.push(*row),
                Some(same) if same == row => self.stored.unchanged += 1,
                Some(_) => {
                    correct(connection, self, row).await?;
                    self.stored.corrected += 1;
                    self.note_changed(row.open_time, row.open_time);
                }
            }
        }
        insert(connection, self.id, &new).await?;
        self.note_new(&new);
        Ok(())
    }

    fn note_new(&mut self, rows: &[Ticks]) {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
            return;
        };
        self.stored.inserted += rows.len() as u64;
        self.candle_count += rows.len() as i64;
        self.first_open = Some(
            self.first_open
                .map_or(first.open_time, |at| at.min(first.open_time)),
        );
        self.last_open = Some(self.last_open.map_or(last.open_time, |at| at.max(last.open_time)));
        self.note_changed(first.open_time, last.open_time);
    }

    fn note_changed(&mut self, first: i64, last: i64) {
        let from = Timestamp::from_millis(first);
        let to = self.interval.next(Timestamp::from_millis(last));
        let (from, to) = self
            .stored
            .span
            .map_or((from, to), |s| (s.from().min(from), s.to().max(to)));
        self.stored.span = Span::new(from, to).ok();
    }

    async fn finish(&self, connection: &mut SqliteConnection) -> Result<(), Fault> {
        if self.stored.inserted == 0 {
            return Ok(());
        }
        sqlx::query(
            "UPDATE series SET candle_count = ?2, gap_count = ?3, first_open = ?4, last_open = ?5 WHERE id = ?1",
        )
        .bind(self.id.0)
        .bind(self.candle_count)
        .bind(self.gap_count)
        .bind(self.first_open)
        .bind(self.last_open)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Rows looked up at once where candles stand already.
const CHUNK: usize = 500;

fn json_of(times: &[i64]) -> String {
    let mut json = String::with_capacity(times.len() * 14 + 2);
    json.push('[');
    for (index, at) in times.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        json.push_str(&at.to_string());
    }
    json.push(']');
    json
}

/// Rows of the largest statement; its 1,536 values are well below SQLite's bound of 32,766.
const MANY: usize = 128;
const SOME: usize = 16;

static INSERT_MANY: LazyLock<String> = LazyLock::new(|| insert_statement(MANY));
static INSERT_SOME: LazyLock<String> = LazyLock::new(|| insert_statement(SOME));
static INSERT_ONE: LazyLock<String> = LazyLock::new(|| insert_statement(1));

fn insert_statement(rows: usize) -> String {
    let mut sql = String::from(
        "INSERT INTO candles (series_id, open_time, close_time, open, high, low, close, volume, quote_volume, trades,
                              taker_base_volume, taker_quote_volume) VALUES ",
    );
    for row in 0..rows {
        sql.push_str(if row == 0 {
            "(?,?,?,?,?,?,?,?,?,?,?,?)"
        } else {
            ",(?,?,?,?,?,?,?,?,?,?,?,?)"
        });
    }
    sql
}

/// Inserts rows that do not stand there yet.
async fn insert(connection: &mut SqliteConnection, id: SeriesId, mut rows: &[Ticks]) -> Result<(), Fault> {
    while !rows.is_empty() {
        let (sql, size) = match rows.len() {
            MANY.. => (INSERT_MANY.as_str(), MANY),
            SOME.. => (INSERT_SOME.as_str(), SOME),
            _ => (INSERT_ONE.as_str(), 1),
        };
        let (now, later) = rows.split_at(size);
        rows = later;
        let mut statement = sqlx::query(sql);
        for row in now {
            statement = statement
                .bind(id.0)
                .bind(row.open_time)
                .bind(row.close_time)
                .bind(row.open)
                .bind(row.high)
                .bind(row.low)
                .bind(row.close)
                .bind(row.volume)
                .bind(row.quote_volume)
                .bind(row.trades)
                .bind(row.taker_base_volume)
                .bind(row.taker_quote_volume);
        }
        statement.execute(&mut *connection).await?;
    }
    Ok(())
}

/// Keeps the old numbers as a correction and writes the new ones.
async fn correct(connection: &mut SqliteConnection, putting: &Putting, row: &Ticks) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO corrections (series_id, open_time, revision, replaced_at, price_scale, volume_scale, quote_scale,
                                  close_time, open, high, low, close, volume, quote_volume, trades,
                                  taker_base_volume, taker_quote_volume)
         SELECT series_id, open_time, revision, ?3, ?4, ?5, ?6, close_time, open, high, low, close, volume,
                quote_volume, trades, taker_base_volume, taker_quote_volume
         FROM candles WHERE series_id = ?1 AND open_time = ?2",
    )
    .bind(putting.id.0)
    .bind(row.open_time)
    .bind(putting.now.millis())
    .bind(putting.scales.price)
    .bind(putting.scales.volume)
    .bind(putting.scales.quote)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE candles SET close_time = ?3, open = ?4, high = ?5, low = ?6, close = ?7, volume = ?8,
                quote_volume = ?9, trades = ?10, taker_base_volume = ?11, taker_quote_volume = ?12,
                revision = revision + 1
         WHERE series_id = ?1 AND open_time = ?2",
    )
    .bind(putting.id.0)
    .bind(row.open_time)
    .bind(row.close_time)
    .bind(row.open)
    .bind(row.high)
    .bind(row.low)
    .bind(row.close)
    .bind(row.volume)
    .bind(row.quote_volume)
    .bind(row.trades)
    .bind(row.taker_base_volume)
    .bind(row.taker_quote_volume)
    .execute(connection)
    .await?;
    Ok(())
}

/// Brings a series to finer scales: multiplies its ticks, after making sure that the largest still fit.
async fn widen(
    connection: &mut SqliteConnection,
    series: &SeriesRow,
    key: &SeriesKey,
    to: Scales,
) -> Result<(), Fault> {
    let from = series.scales();
    if series.candle_count > 0 {
        let largest: Vec<(i64, i64, i64, i64)> = sqlx::query_as(
            "SELECT open_time, high, max(volume, coalesce(taker_base_volume, 0)),
                    max(coalesce(quote_volume, 0), coalesce(taker_quote_volume, 0))
             FROM candles WHERE series_id = ?1
                AND (high > ?2 OR volume > ?3 OR taker_base_volume > ?3 OR quote_volume > ?4 OR taker_quote_volume > ?4)
             ORDER BY open_time LIMIT 1",
        )
        .bind(series.id)
        .bind(i64::MAX / factor(from.price, to.price))
        .bind(i64::MAX / factor(from.volume, to.volume))
        .bind(i64::MAX / factor(from.quote, to.quote))
        .fetch_all(&mut *connection)
        .await?;
        if let Some((at, price, volume, quote)) = largest.first() {
            let numbers = [
                (*price, from.price, to.price),
                (*volume, from.volume, to.volume),
                (*quote, from.quote, to.quote),
            ];
            for (units, old, new) in numbers {
                if let Err(source) = promptpal_domain::Decimal::new(units, old).units_at(new) {
                    let at = Timestamp::from_millis(*at);
                    return Err(StoreError::DoesNotFit {
                        series: key.clone(),
                        at,
                        source,
                    }
                    .into());
                }
            }
        }
        sqlx::query(
            "UPDATE candles SET open = open * ?2, high = high * ?2, low = low * ?2, close = close * ?2,
                    volume = volume * ?3, taker_base_volume = taker_base_volume * ?3,
                    quote_volume = quote_volume * ?4, taker_quote_volume = taker_quote_volume * ?4
             WHERE series_id = ?1",
        )
        .bind(series.id)
        .bind(factor(from.price, to.price))
        .bind(factor(from.volume, to.volume))
        .bind(factor(from.quote, to.quote))
        .execute(&mut *connection)
        .await?;
    }
    sqlx::query("UPDATE series SET price_scale = ?2, volume_scale = ?3, quote_scale = ?4 WHERE id = ?1")
        .bind(series.id)
        .bind(to.price)
        .bind(to.volume)
        .bind(to.quote)
        .execute(connection)
        .await?;
    Ok(())
}

/// 10 to the difference, which is at most 18.
const fn factor(from: u8, to: u8) -> i64 {
    10_i64.pow(to.saturating_sub(from) as u32)
}
