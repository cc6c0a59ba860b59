//! Bytes a candle: whole pages of the file, with all that a table needs.

use std::path::Path;

use anyhow::Result;
use promptpal_store::Store;

use crate::data::{Data, ROWS};
use crate::peers::Peers;
use crate::report::{Reach, Report};

pub(crate) async fn measure(
    store: &Store,
    real: &Path,
    data: &Data,
    peers: Option<&Peers>,
    report: &mut Report,
) -> Result<()> {
    assert_eq!(data.rows.len(), ROWS);
    let rows = table_bytes(store.path(), "candles")?;
    let floats = table_bytes(real, "candles")?;
    let columns = table_bytes(store.path(), "candle_columns")?;
    let unit = "bytes a candle";
    report.line(
        "rows, beside rows of floats",
        unit,
        (rows, Some(floats)),
        rows / floats,
        Reach::AtMost(0.66),
    )?;
    let Some(peers) = peers else { return Ok(()) };
    for (name, peer, reach) in [
        ("DuckDB", peers.duckdb_bytes, 0.80),
        ("Parquet with zstd", peers.parquet_bytes, 0.55),
    ] {
        let peer = peer / ROWS as f64;
        report.line(
            &format!("columns, beside {name}"),
            unit,
            (columns, Some(peer)),
            columns / peer,
            Reach::AtMost(reach),
        )?;
    }
    Ok(())
}

/// Pages of a table and its indexes, a candle.
fn table_bytes(path: &Path, table: &str) -> Result<f64> {
    let connection = rusqlite::Connection::open(path)?;
    let bytes: i64 = connection.query_row(
        "SELECT sum(pgsize) FROM dbstat WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = ?1)",
        [table],
        |row| row.get(0),
    )?;
    Ok(bytes as f64 / ROWS as f64)
}
