//! Running a program inside a virtual desktop: a display, a session bus and an unlocked secret store that are
//! made for it and thrown away after it. The work is done by `ui/e2e/desktop-session.sh`.

use std::path::Path;
use std::process::Command;

use crate::builds;
use crate::places::Places;
use crate::shell;

/// `program` inside the virtual desktop. Arguments are added by the caller.
pub fn inside(places: &Places, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = shell::command(places, "bash");
    command
        .arg(places.ui().join("e2e/desktop-session.sh"))
        .arg(program)
        .env("PROMPTPAL_DESKTOP", places.built("debug", "promptpal-desktop"))
        .env("PROMPTPAL_CLI", places.built("debug", "promptpal"))
        .env("PROMPTPAL_TESTKIT", places.built("debug", "promptpal-testkit"))
        .env("PROMPTPAL_ARTIFACTS", &places.artifacts)
        .envs(builds::worker_env(places));
    command
}

/// `node --test` over the test files of `folder`, one after the other, inside the virtual desktop.
pub fn node_tests(places: &Places, folder: &Path) -> std::io::Result<Command> {
    let mut command = inside(places, "node");
    node_test_arguments(&mut command, folder)?;
    Ok(command)
}

/// Adds the options of `node --test` and the `*.test.mjs` of `folder` in the order of their names.
pub fn node_test_arguments(command: &mut Command, folder: &Path) -> std::io::Result<()> {
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(std::io::Error::other(format!(
            "no *.test.mjs in {}",
            folder.display()
        )));
    }
    command
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(files);
    Ok(())
}
