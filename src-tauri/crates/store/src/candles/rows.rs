//! The statements that write rows of `candles`: many at once, a correction, and a series brought to finer scales.

use std::sync::LazyLock;

use promptpal_domain::{SeriesId, SeriesKey, Timestamp};
use sqlx::SqliteConnection;

use super::SeriesRow;
use super::ticks::{Scales, Ticks};
use crate::StoreError;
use crate::error::Fault;

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
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: SeriesId,
    mut rows: &[Ticks],
) -> Result<(), Fault> {
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
pub(super) async fn correct(
    connection: &mut SqliteConnection,
    id: SeriesId,
    row: &Ticks,
    scales: Scales,
    now: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO corrections (series_id, open_time, revision, replaced_at, price_scale, volume_scale, quote_scale,
                                  close_time, open, high, low, close, volume, quote_volume, trades,
                                  taker_base_volume, taker_quote_volume)
         SELECT series_id, open_time, revision, ?3, ?4, ?5, ?6, close_time, open, high, low, close, volume,
                quote_volume, trades, taker_base_volume, taker_quote_volume
         FROM candles WHERE series_id = ?1 AND open_time = ?2",
    )
    .bind(id.0)
    .bind(row.open_time)
    .bind(now.millis())
    .bind(scales.price)
    .bind(scales.volume)
    .bind(scales.quote)
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "UPDATE candles SET close_time = ?3, open = ?4, high = ?5, low = ?6, close = ?7, volume = ?8,
                quote_volume = ?9, trades = ?10, taker_base_volume = ?11, taker_quote_volume = ?12,
                revision = revision + 1
         WHERE series_id = ?1 AND open_time = ?2",
    )
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
    .bind(row.taker_quote_volume)
    .execute(connection)
    .await?;
    Ok(())
}

/// Brings a series to finer scales: multiplies its ticks, after making sure that the largest still fit.
pub(super) async fn widen(
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
