//! Running `promptpal` in a home of its own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// First hour of every file made here: 2024-03-01.
pub(crate) const START: i64 = 1_709_251_200_000;
pub(crate) const HOUR: i64 = 3_600_000;

/// A home for the program's files.
pub(crate) struct Home(TempDir);

/// How a command ended.
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn file(&self, name: &str, contents: &str) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, contents).unwrap();
        path
    }

    /// The program, with its files here, without worker, model and session bus.
    pub(crate) fn command(&self, line: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_promptpal"));
        command
            .args(line)
            .current_dir(self.path())
            .env("PROMPTPAL_HOME", self.path())
            .env("PROMPTPAL_SENTIMENT_WORKER", self.path().join("no-worker"))
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
            .env_remove("RUST_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, line: &[&str]) -> Answer {
        self.command(line).output().unwrap().into()
    }

    /// With these lines on stdin.
    pub(crate) fn fed(&self, line: &[&str], input: &str) -> Answer {
        let mut child = self.command(line).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }

    /// The answer of a command that ends with `code`, as its one JSON document.
    pub(crate) fn json_with(&self, code: i32, line: &[&str]) -> Value {
        let line: Vec<&str> = line.iter().copied().chain(["--json"]).collect();
        let answer = self.run(&line);
        assert_eq!(answer.code, code, "{line:?}: {}{}", answer.stdout, answer.stderr);
        let value: Value = serde_json::from_str(&answer.stdout).unwrap();
        assert_eq!(value["schema"], 1, "{line:?}");
        value
    }

    pub(crate) fn json(&self, line: &[&str]) -> Value {
        self.json_with(0, line)
    }

    /// The error of a command that fails: an object with `--json`, and words on stderr with and without.
    pub(crate) fn error(&self, line: &[&str], code: &str) -> Value {
        let value = self.json_with(1, line);
        let error = &value["error"];
        assert_eq!(error["code"], code, "{line:?}: {value}");
        assert!(error["id"].as_str().is_some_and(|id| !id.is_empty()), "{value}");
        let message = error["message"].as_str().unwrap();
        let people = self.run(line);
        assert_eq!((people.code, people.stdout.as_str()), (1, ""), "{line:?}");
        assert!(
            people.stderr.starts_with(&format!("error: {message}")),
            "{line:?}: {}",
            people.stderr
        );
        if let Some(hint) = error["hint"].as_str() {
            assert!(people.stderr.contains(hint), "{line:?}: {}", people.stderr);
        }
        error.clone()
    }

    /// Imports a file of `hours` as BTCUSDT 1h.
    pub(crate) fn with_hours(hours: i64) -> Self {
        let home = Self::new();
        home.file("hours.csv", &csv(0..hours));
        home.json(&["import", "hours.csv", "--symbol", "BTCUSDT", "--interval", "1h"]);
        home
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Answer {
    /// A JSON document a line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap();
        self.stdout.lines().map(parse).collect()
    }
}

/// Prices that swing: hours since [`START`] as CSV.
pub(crate) fn csv(hours: impl IntoIterator<Item = i64>) -> String {
    let mut text = "open_time,open,high,low,close,volume\n".to_owned();
    for hour in hours {
        let price = |at: i64| 100.0 + 20.0 * (at as f64 / 11.0).sin() + 3.0 * (at as f64 / 3.0).cos();
        let (open, close) = (price(hour), price(hour + 1));
        let (high, low) = (open.max(close) + 1.0, open.min(close) - 1.0);
        let row = format!(
            "{},{open:.2},{high:.2},{low:.2},{close:.2},{}.5\n",
            START + hour * HOUR,
            1 + hour % 9
        );
        text.push_str(&row);
    }
    text
}

/// The files shared beside the checkout, where there are any; says so when not.
pub(crate) fn shared() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../../shared");
    let folder = std::env::var_os("PROMPTPAL_SHARED").map_or(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("conformance: no shared data, not run");
        return None;
    }
    Some(folder)
}
