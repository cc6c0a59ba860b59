//! The Python that competitors are measured with: a virtual environment in the cache.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::places::Places;
use crate::shell;

/// What is installed into it.
const PACKAGES: [&str; 4] = ["duckdb", "numpy", "pyarrow", "cryptofeed"];

/// The environment's Python with all packages, or why it cannot be had: then competitors are left out.
pub(super) fn ready(places: &Places) -> Result<PathBuf, String> {
    prepare(places).map_err(|error| format!("{error:#}"))
}

fn prepare(places: &Places) -> Result<PathBuf> {
    let folder = places.cache.join("bench-python");
    let python = if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin").join("python")
    };
    let imports = format!("import {}", PACKAGES.join(", "));
    let mut check = shell::command(places, &python);
    check.args(["-c", &imports]);
    if python.is_file() && shell::answer(check).is_ok() {
        return Ok(python);
    }
    let system = ["python3", "python"]
        .into_iter()
        .find_map(shell::which)
        .context("no Python 3 is on the path")?;
    let mut make = shell::command(places, system);
    make.args(["-m", "venv"]).arg(&folder);
    shell::show(make)?;
    let mut install = shell::command(places, &python);
    install.args(["-m", "pip", "install", "--quiet"]).args(PACKAGES);
    shell::show(install).context("PyPI must be reached once")?;
    Ok(python)
}
