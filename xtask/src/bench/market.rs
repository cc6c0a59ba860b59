//! What market data costs, as one table: the store, the frames of a stream, and the whole program, beside other ways to do
//! the same.

use anyhow::{Result, bail};

use super::python::{self, Set};
use super::table::Table;
use crate::places::Places;
use crate::shell;

/// Names the Python of competitors to the benches.
const PYTHON_ENV: &str = "PROMPTPAL_BENCH_PYTHON";

const PYTHON: Set = Set {
    folder: "bench-python",
    packages: &["duckdb", "numpy", "pyarrow", "cryptofeed"],
    modules: &["duckdb", "numpy", "pyarrow", "cryptofeed"],
};

/// Packages and their benches.
const BENCHES: [(&str, &str); 3] = [
    ("promptpal-store-bench", "market"),
    ("promptpal-market", "live"),
    ("promptpal-app", "market"),
];

/// Runs all of them and prints the table.
pub(super) fn run(places: &Places) -> Result<()> {
    let python = python::ready(places, &PYTHON);
    if let Err(reason) = &python {
        println!("DuckDB, Parquet and cryptofeed are left out: {reason}");
    }
    let mut table = Table::default();
    for (package, bench) in BENCHES {
        let mut command = shell::cargo(places);
        command.args(["bench", "--locked", "--package", package, "--bench", bench]);
        if let Ok(python) = &python {
            command.env(PYTHON_ENV, python);
        }
        table.run(command)?;
    }
    table.print();
    if table.failed.is_empty() {
        return Ok(());
    }
    bail!("{}", table.failed.join("; "))
}
