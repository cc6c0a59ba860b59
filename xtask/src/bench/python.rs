//! The Python that competitors are measured with: virtual environments in the cache, one for each bench, so that what one
//! competitor depends on does not stand in the way of another.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::places::Places;
use crate::shell;

/// Competitors of a bench.
pub(super) struct Set {
    /// Name of their environment.
    pub(super) folder: &'static str,
    /// What is installed into it.
    pub(super) packages: &'static [&'static str],
    /// What can be imported then.
    pub(super) modules: &'static [&'static str],
}

/// The environment's Python with all packages, or why it cannot be had: then competitors are left out.
pub(super) fn ready(places: &Places, set: &Set) -> Result<PathBuf, String> {
    prepare(places, set).map_err(|error| format!("{error:#}"))
}

fn prepare(places: &Places, set: &Set) -> Result<PathBuf> {
    let folder = places.cache.join(set.folder);
    let python = if cfg!(windows) {
        folder.join("Scripts").join("python.exe")
    } else {
        folder.join("bin").join("python")
    };
    // Found, not imported: that would take seconds.
    let found = format!(
        "import importlib.util as u, sys; sys.exit(not all(u.find_spec(name) for name in {:?}))",
        set.modules
    );
    let mut check = shell::command(places, &python);
    check.args(["-c", &found]);
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
    install
        .args(["-m", "pip", "install", "--quiet"])
        .args(set.packages);
    shell::show(install).context("PyPI must be reached once")?;
    Ok(python)
}
