//! Starting other programs: finding them, showing their command line, reading a short answer.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::places::Places;

/// A command that runs in the checkout with the project's build folder and cache.
pub fn command(places: &Places, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(&places.root)
        .env("CARGO_TARGET_DIR", &places.target)
        .env("PROMPTPAL_CACHE", &places.cache);
    command
}

/// The cargo that started this program, or the one on the path.
pub fn cargo(places: &Places) -> Command {
    let mut command = command(
        places,
        std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
    );
    // Set by cargo for the program it runs; inherited, they would make the inner cargo rebuild crates that read them.
    for name in [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "CARGO_PKG_NAME",
        "CARGO_PKG_VERSION",
    ] {
        command.env_remove(name);
    }
    command
}

/// npm in `folder`; on Windows it is a script that only its full name starts.
pub fn npm(places: &Places, folder: &Path) -> Command {
    let mut command = command(places, if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(folder);
    command
}

/// The command line for people: program and arguments.
pub fn line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    // Cargo and the built programs are called by their whole path, which says nothing and fills the line.
    let mut words = vec![word(program.file_name().unwrap_or(command.get_program()))];
    words.extend(command.get_args().map(word));
    words.join(" ")
}

fn word(word: &std::ffi::OsStr) -> String {
    let text = word.to_string_lossy();
    if text.is_empty() || text.contains([' ', '\'', '"', '$', '*']) {
        format!("'{}'", text.replace('\'', r"'\''"))
    } else {
        text.into_owned()
    }
}

/// Standard output of a program that must succeed.
pub fn answer(mut command: Command) -> Result<String> {
    let line = line(&command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("starting `{line}`"))?;
    if !output.status.success() {
        bail!(
            "`{line}` ended with {}: {}",
            output.status,
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` did not print UTF-8"))
}

/// Runs a program on the caller's terminal and fails when it does.
pub fn show(mut command: Command) -> Result<()> {
    let line = line(&command);
    println!("$ {line}");
    let status = command.status().with_context(|| format!("starting `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Where a program is, as the shell would find it.
pub fn which(program: &str) -> Option<PathBuf> {
    let names: &[String] = &if cfg!(windows) {
        vec![format!("{program}.exe"), format!("{program}.cmd")]
    } else {
        vec![program.to_owned()]
    };
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}
