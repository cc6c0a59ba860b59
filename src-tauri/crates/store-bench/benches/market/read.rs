//! Reading a year to columns of floats: time, open, high, low, close, volume.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use futures_util::TryStreamExt as _;
use promptpal_domain::{SeriesId, Span};
use promptpal_store::Store;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row as _};

use crate::ROUNDS;
use crate::data::ROWS;
use crate::peers::Peers;
use crate::report::{Cpu, Reach, Report};

const SELECT: &str =
    "SELECT open_time, open, high, low, close, volume FROM candles WHERE series_id = 1 ORDER BY open_time";

#[derive(Default)]
struct Columns {
    time: Vec<i64>,
    floats: [Vec<f64>; 5],
}

impl Columns {
    fn push(&mut self, time: i64, numbers: [f64; 5]) {
        self.time.push(time);
        for (column, number) in self.floats.iter_mut().zip(numbers) {
            column.push(number);
        }
    }
}

pub(crate) async fn measure(
    store: &Store,
    id: SeriesId,
    real: &Path,
    peers: Option<&Peers>,
    report: &mut Report,
) -> Result<()> {
    let (mut ours, mut wall, mut rows, mut stream) =
        (Duration::MAX, Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        // Short as it is, it is repeated, so that the clock of the process is fine enough.
        for _ in 0..5 {
            let (cpu, clock) = (Cpu::start(), Instant::now());
            let bars = store.bars(id, Span::ALL).await?;
            (ours, wall) = (ours.min(cpu.spent()), wall.min(clock.elapsed()));
            ensure!(bars.len() == ROWS, "{} bars", bars.len());
        }
        rows = rows.min(by_rusqlite(real)?);
        stream = stream.min(by_sqlx(real).await?);
    }
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let unit = "CPU ms for a year of 1m";
    let mut line = |name: &str, peer: f64, reach: f64| {
        report.line(
            &format!("read to columns, beside {name}"),
            unit,
            (ms(ours), Some(peer)),
            peer / ms(ours),
            Reach::AtLeast(reach),
        )
    };
    line("rows of rusqlite", ms(rows), 5.0)?;
    line("a stream of sqlx", ms(stream), 20.0)?;
    if let Some(peers) = peers {
        line("DuckDB", peers.duckdb_read_ms, 2.0)?;
    }
    report.line(
        "read a year of 1m to columns",
        "ms",
        (ms(wall), None),
        ms(wall),
        Reach::AtMost(30.0),
    )
}

fn by_rusqlite(path: &Path) -> Result<Duration> {
    let connection = rusqlite::Connection::open(path)?;
    let mut statement = connection.prepare(SELECT)?;
    let cpu = Cpu::start();
    let mut columns = Columns::default();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let numbers = [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
        columns.push(row.get(0)?, numbers);
    }
    let spent = cpu.spent();
    ensure!(columns.time.len() == ROWS);
    Ok(spent)
}

async fn by_sqlx(path: &Path) -> Result<Duration> {
    let mut connection = SqliteConnectOptions::new().filename(path).connect().await?;
    let cpu = Cpu::start();
    let mut columns = Columns::default();
    let mut rows = sqlx::query(SELECT).fetch(&mut connection);
    while let Some(row) = rows.try_next().await? {
        let numbers = [
            row.try_get(1)?,
            row.try_get(2)?,
            row.try_get(3)?,
            row.try_get(4)?,
            row.try_get(5)?,
        ];
        columns.push(row.try_get(0)?, numbers);
    }
    let spent = cpu.spent();
    ensure!(columns.time.len() == ROWS);
    Ok(spent)
}
