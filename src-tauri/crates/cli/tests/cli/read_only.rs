//! A workspace that may not be written to: every command says so and leaves it as it is.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{Answer, Home};

/// Rights do not bind root: the program is then run as another user.
const NOBODY: u32 = 65_534;

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn is_named_and_left_alone() {
    let home = Home::new();
    set_mode(home.path(), 0o755);
    // Another user may not reach the folder that it was built in.
    let program = home.path().join("promptpal");
    std::fs::copy(env!("CARGO_BIN_EXE_promptpal"), &program).unwrap();
    let data = home.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let database = data.join("promptpal.db");
    let named = database.to_str().unwrap().to_owned();
    assert_eq!(home.run(&["--db", &named, "series", "list"]).code, 0);
    let before = std::fs::read(&database).unwrap();
    set_mode(&database, 0o444);
    set_mode(&data, 0o555);
    let is_root = std::fs::File::create(data.join("probe")).is_ok();

    let run = |line: &[&str]| -> Answer {
        let mut command = Command::new(&program);
        command
            .args(["--db", &named])
            .args(line)
            .current_dir("/")
            .env("PROMPTPAL_HOME", home.path())
            .stdin(Stdio::null());
        if is_root {
            command.uid(NOBODY).gid(NOBODY);
        }
        command.output().unwrap().into()
    };
    for line in [
        &["series", "list", "--json"][..],
        &[
            "import",
            "x.csv",
            "--symbol",
            "BTCUSDT",
            "--interval",
            "1h",
            "--json",
        ],
        &["fetch", "BTCUSDT", "--interval", "1h", "--json"],
    ] {
        let answer = run(line);
        assert_eq!(answer.code, 1, "{line:?}: {}", answer.stderr);
        let error: serde_json::Value = serde_json::from_str(&answer.stdout).unwrap();
        let (message, hint) = (&error["error"]["message"], &error["error"]["hint"]);
        assert!(message.as_str().unwrap().contains("read-only"), "{message}");
        assert!(hint.as_str().unwrap().contains("writable"), "{hint}");
    }
    set_mode(&data, 0o755);
    assert!(std::fs::read(&database).unwrap() == before);
}
