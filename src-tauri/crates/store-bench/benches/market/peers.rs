//! DuckDB and Parquet, measured by a script in Python on the same numbers.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::data::Data;

const SCRIPT: &str = include_str!("peers.py");

/// What the script measured.
pub(crate) struct Peers {
    pub(crate) duckdb_bytes: f64,
    pub(crate) parquet_bytes: f64,
    pub(crate) duckdb_read_ms: f64,
}

/// Runs the script by `PROMPTPAL_BENCH_PYTHON`, or else `python3`; the inner error says why it could not be.
pub(crate) fn run(folder: &Path, data: &Data) -> Result<Result<Peers, String>> {
    let numbers = folder.join("candles.bin");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&numbers)?);
    for number in data.rows.iter().flatten() {
        file.write_all(&number.to_le_bytes())?;
    }
    file.flush()?;
    let python = std::env::var_os("PROMPTPAL_BENCH_PYTHON").unwrap_or_else(|| "python3".into());
    let ran = Command::new(&python)
        .args(["-c", SCRIPT])
        .arg(&numbers)
        .arg(folder)
        .output();
    let output = match ran {
        Ok(output) => output,
        Err(error) => return Ok(Err(format!("{}: {error}", python.to_string_lossy()))),
    };
    let found: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    if let Some(missing) = found.get("missing").and_then(Value::as_str) {
        return Ok(Err(missing.to_owned()));
    }
    let number = |name: &str| {
        found
            .get(name)
            .and_then(Value::as_f64)
            .with_context(|| format!("no {name}"))
    };
    Ok(Ok(Peers {
        duckdb_bytes: number("duckdb_bytes")?,
        parquet_bytes: number("parquet_bytes")?,
        duckdb_read_ms: number("duckdb_read_ms")?,
    }))
}
