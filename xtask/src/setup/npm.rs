//! npm packages, installed from the lock file whenever the lock file is another one than last time.

use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use crate::places::Places;
use crate::shell;

/// Says by which lock file `node_modules` was made; lies inside it, so that deleting the folder deletes this too.
const STAMP: &str = "node_modules/.installed-from";

/// Whether `folder` holds the packages that its lock file names.
pub fn is_current(folder: &Path) -> Result<bool> {
    let stamp = std::fs::read_to_string(folder.join(STAMP)).unwrap_or_default();
    Ok(stamp == lock_hash(folder)?)
}

/// Runs `npm ci` in `folder` unless that was done from the same lock file already.
pub fn install(places: &Places, folder: &Path) -> Result<()> {
    if is_current(folder)? {
        return Ok(());
    }
    let mut command = shell::npm(places, folder);
    command.args(["ci", "--no-audit", "--no-fund"]);
    shell::show(command).with_context(|| format!("npm packages of {}", folder.display()))?;
    let stamp = folder.join(STAMP);
    std::fs::write(&stamp, lock_hash(folder)?).with_context(|| format!("writing {}", stamp.display()))
}

fn lock_hash(folder: &Path) -> Result<String> {
    let path = folder.join("package-lock.json");
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    Ok(Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
