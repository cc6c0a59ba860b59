//! Wheels of PyPI, where libraries come from: they are immutable, carry checksums and can be had wherever Python packages can.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail, ensure};

/// A wheel to be fetched. Always that of CPython 3.11: the Python that fetches it need not be able to run it.
pub struct Wanted<'a> {
    pub package: &'a str,
    pub version: &'a str,
    /// Its file name.
    pub file: &'a str,
    /// The platform as pip names it.
    pub platform: &'a str,
    /// For people.
    pub megabytes: u32,
}

/// The wheel in `folder`, fetched by pip if it is not there. Its checksum is compared when it is unpacked.
pub fn fetch(wanted: &Wanted<'_>, folder: &Path) -> Result<PathBuf> {
    let archive = folder.join(wanted.file);
    if archive.is_file() {
        return Ok(archive);
    }
    fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
    println!(
        "{} {}: fetching {} ({} MB) from PyPI",
        wanted.package, wanted.version, wanted.file, wanted.megabytes
    );
    let status = python()?
        .args([
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--only-binary=:all:",
        ])
        .args([
            "--python-version",
            "3.11",
            "--implementation",
            "cp",
            "--abi",
            "cp311",
            "--abi",
            "none",
        ])
        .args(["--platform", wanted.platform, "--dest"])
        .arg(folder)
        .arg(format!("{}=={}", wanted.package, wanted.version))
        .stdin(Stdio::null())
        .status()
        .context("starting pip")?;
    ensure!(
        status.success() && archive.is_file(),
        "pip could not fetch {}: see above. Without internet, copy that file into {}; without pip, install python3-pip",
        wanted.file,
        folder.display()
    );
    Ok(archive)
}

/// A Python 3 that has pip.
pub fn python() -> Result<Command> {
    let names = if cfg!(windows) {
        ["python", "py"]
    } else {
        ["python3", "python"]
    };
    for name in names {
        let answers = Command::new(name)
            .args(["-m", "pip", "--version"])
            .stdin(Stdio::null())
            .output();
        if answers.is_ok_and(|answer| answer.status.success()) {
            return Ok(Command::new(name));
        }
    }
    bail!(
        "Python 3 with pip is needed to fetch libraries from PyPI, and none is on the path (Debian, Ubuntu: apt install python3-pip)"
    )
}
