//! Writing: pages into the store, the same rows by prepared statements of rusqlite, and by sqlx a row at a time.
//!
//! All write into the same schema with the same journal mode, durability and references, a month in a transaction. The
//! store is handed decimals and does all that a page needs (scales, ledger, journal); the others are handed integers and
//! only insert them.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use promptpal_store::{Store, StoreOptions};
use rusqlite::params;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use crate::data::{Data, ROWS, Row, floats};
use crate::report::{Cpu, Reach, Report};
use crate::{NOW, ROUNDS, key};

/// How often each of the store and rusqlite has its turn. The two are so near to each other that a few do not tell.
const TURNS: usize = 12;
/// Rows of one transaction.
const BATCH: usize = ROWS / 12;
/// Rows that sqlx inserts one by one; their time is taken for all.
const NAIVE_ROWS: usize = BATCH;

const INSERT: &str = "INSERT INTO candles (series_id, open_time, close_time, open, high, low, close, volume,
    quote_volume, trades, taker_base_volume, taker_quote_volume) VALUES (?1, ?2, NULL, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";

pub(crate) async fn measure(folder: &Path, data: &Data, report: &mut Report) -> Result<()> {
    let (mut ours, mut prepared, mut naive) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for turn in 0..TURNS {
        // A folder a turn, gone after it: what a full cache of the system writes back is not to fall into another's turn.
        let folder = folder.join(format!("insert-{turn}"));
        std::fs::create_dir(&folder)?;
        ours = ours.min(by_store(&folder.join("store.db"), data).await?);
        prepared = prepared.min(by_rusqlite(&folder.join("rusqlite.db"), data).await?);
        if turn < ROUNDS {
            naive = naive.min(by_sqlx(&folder.join("sqlx.db"), data).await?);
        }
        std::fs::remove_dir_all(folder)?;
    }
    let a_row = |time: Duration, rows: usize| time.as_secs_f64() * 1e6 / rows as f64;
    let (ours, prepared, naive) = (a_row(ours, ROWS), a_row(prepared, ROWS), a_row(naive, NAIVE_ROWS));
    let unit = "CPU µs a candle";
    report.line(
        "bulk insert, beside prepared single rows of rusqlite",
        unit,
        (ours, Some(prepared)),
        prepared / ours,
        Reach::AtLeast(0.9),
    )?;
    report.line(
        "bulk insert, beside single rows of sqlx",
        unit,
        (ours, Some(naive)),
        naive / ours,
        Reach::AtLeast(8.0),
    )
}

/// An empty workspace, so that all write into the same schema.
async fn workspace(path: &Path) -> Result<()> {
    let store = Store::open(path, StoreOptions::default(), NOW).await?;
    store.ensure_series(&key()?).await?;
    store.close().await?;
    Ok(())
}

async fn by_store(path: &Path, data: &Data) -> Result<Duration> {
    let store = Store::open(path, StoreOptions::default(), NOW).await?;
    let id = store.ensure_series(&key()?).await?;
    let pages = data.pages();
    let cpu = Cpu::start();
    for page in pages {
        store.put_page(id, page, NOW).await?;
    }
    let spent = cpu.spent();
    store.close().await?;
    Ok(spent)
}

async fn by_rusqlite(path: &Path, data: &Data) -> Result<Duration> {
    workspace(path).await?;
    let mut connection = rusqlite::Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000;",
    )?;
    let cpu = Cpu::start();
    for rows in data.rows.chunks(BATCH) {
        let tx = connection.transaction()?;
        let mut statement = tx.prepare(INSERT)?;
        for row in rows {
            let [at, open, high, low, close, volume, quote, trades, bought, taken] = *row;
            statement.execute(params![
                1, at, open, high, low, close, volume, quote, trades, bought, taken
            ])?;
        }
        drop(statement);
        tx.commit()?;
    }
    Ok(cpu.spent())
}

async fn by_sqlx(path: &Path, data: &Data) -> Result<Duration> {
    workspace(path).await?;
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .connect()
        .await?;
    let cpu = Cpu::start();
    let mut tx = connection.begin().await?;
    for row in data.rows.iter().take(NAIVE_ROWS) {
        let mut query = sqlx::query(INSERT).bind(1_i64);
        for number in row {
            query = query.bind(*number);
        }
        query.execute(&mut *tx).await?;
    }
    tx.commit().await?;
    let spent = cpu.spent();
    connection.close().await?;
    Ok(spent)
}

/// The same candles as most keep them: floats in rows.
pub(crate) fn real_rows(path: &Path, data: &Data) -> Result<()> {
    let mut connection = rusqlite::Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         CREATE TABLE candles (series_id INTEGER NOT NULL, open_time INTEGER NOT NULL, close_time INTEGER,
             open REAL NOT NULL, high REAL NOT NULL, low REAL NOT NULL, close REAL NOT NULL, volume REAL NOT NULL,
             quote_volume REAL, trades INTEGER, taker_base_volume REAL, taker_quote_volume REAL,
             PRIMARY KEY (series_id, open_time)) WITHOUT ROWID;",
    )?;
    let tx = connection.transaction()?;
    let mut statement = tx.prepare(INSERT)?;
    for row in &data.rows {
        let [open, high, low, close, volume, quote, _, bought, taken] = floats(row);
        let [at, .., trades, _, _]: Row = *row;
        statement.execute(params![
            1, at, open, high, low, close, volume, quote, trades, bought, taken
        ])?;
    }
    drop(statement);
    tx.commit()?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}
