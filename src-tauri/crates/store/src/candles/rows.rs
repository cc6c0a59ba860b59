//! The statements that write rows of `candles`: many at once, a correction, and a series brought to finer scales.

use std::sync::LazyLock;

use promptpal_domain::{SeriesId, SeriesKey, Timestamp};
use sqlx::error::BoxDynError;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, SqliteConnection};

use super::SeriesRow;
use super::ticks::{Scales, Ticks};
use crate::StoreError;
use crate::error::Fault;

/// Rows of the statements, the largest first: the pages of venues have 1,000 or 300, those of archives tens of thousands.
/// The 5,501 values of the largest are well below SQLite's bound of 32,766.
const SIZES: [usize; 5] = [500, 100, 20, 5, 1];

/// Rows of the statements that insert into several series: any number up to 255 takes no more than one of each.
const SIZES_OF_MANY: [usize; 8] = [128, 64, 32, 16, 8, 4, 2, 1];

/// The statement for each of [`SIZES_OF_MANY`].
static STATEMENTS_OF_MANY: LazyLock<[(usize, String); 8]> = LazyLock::new(|| {
    SIZES_OF_MANY.map(|rows| {
        (
            rows,
            insert_rows(&vec!["(?,?,?,?,?,?,?,?,?,?,?,?)"; rows].join(",")),
        )
    })
});

/// A statement for each size: where no row has a close time, and where some have.
static STATEMENTS: LazyLock<[Statement; 5]> = LazyLock::new(|| SIZES.map(Statement::new));

struct Statement {
    rows: usize,
    without_close: String,
    with_close: String,
}

impl Statement {
    fn new(rows: usize) -> Self {
        Self {
            rows,
            without_close: insert_statement(rows, "NULL", 10),
            with_close: insert_statement(rows, "?", 11),
        }
    }
}

/// The values of all rows are bound one behind the other, and once behind them that of the series: SQLite and sqlx look
/// for a parameter with a number among all that have one, so there must be few.
fn insert_statement(rows: usize, close_time: &str, values: usize) -> String {
    let row = format!("(${},?,{close_time},?,?,?,?,?,?,?,?,?)", rows * values + 1);
    insert_rows(&vec![row; rows].join(","))
}

fn insert_rows(rows: &str) -> String {
    format!(
        "INSERT INTO candles (series_id, open_time, close_time, open, high, low, close, volume, quote_volume, trades,
                              taker_base_volume, taker_quote_volume) VALUES {rows}"
    )
}

/// Inserts rows that do not stand there yet.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: SeriesId,
    mut rows: &[Ticks],
) -> Result<(), Fault> {
    for statement in STATEMENTS.iter() {
        while let Some((now, later)) = rows.split_at_checked(statement.rows) {
            rows = later;
            let closes = now.iter().any(|row| row.close_time.is_some());
            let sql = if closes {
                &statement.with_close
            } else {
                &statement.without_close
            };
            let values = values_of(now, id, closes).map_err(sqlx::Error::Encode)?;
            sqlx::query_with(sql.as_str(), values)
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

/// Inserts rows that do not stand there yet into their series.
pub(super) async fn insert_of_many<'a>(
    connection: &mut SqliteConnection,
    rows: impl IntoIterator<Item = (SeriesId, &'a [Ticks])>,
) -> Result<(), Fault> {
    let rows: Vec<(SeriesId, &Ticks)> = rows
        .into_iter()
        .flat_map(|(id, rows)| rows.iter().map(move |row| (id, row)))
        .collect();
    let mut rows = rows.as_slice();
    for (size, sql) in STATEMENTS_OF_MANY.iter() {
        while let Some((now, later)) = rows.split_at_checked(*size) {
            rows = later;
            let mut values = SqliteArguments::default();
            values.reserve(now.len() * 12, 0);
            for (id, row) in now {
                values.add(id.0).map_err(sqlx::Error::Encode)?;
                add_row(&mut values, row, true).map_err(sqlx::Error::Encode)?;
            }
            sqlx::query_with(sql.as_str(), values)
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

fn values_of(rows: &[Ticks], id: SeriesId, closes: bool) -> Result<SqliteArguments, BoxDynError> {
    let mut values = SqliteArguments::default();
    values.reserve(rows.len() * 11 + 1, 0);
    for row in rows {
        add_row(&mut values, row, closes)?;
    }
    values.add(id.0)?;
    Ok(values)
}

fn add_row(values: &mut SqliteArguments, row: &Ticks, closes: bool) -> Result<(), BoxDynError> {
    values.add(row.open_time)?;
    if closes {
        values.add(row.close_time)?;
    }
    for number in [row.open, row.high, row.low, row.close, row.volume] {
        values.add(number)?;
    }
    for number in [
        row.quote_volume,
        row.trades,
        row.taker_base_volume,
        row.taker_quote_volume,
    ] {
        values.add(number)?;
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
