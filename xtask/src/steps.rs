//! Steps: named, timed, captured into a log of their own, readable when they fail, added up at the end.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{IsTerminal as _, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::counts::{Counts, count};
use crate::places::Places;
use crate::shell;

/// A program that is still running after this long is hung: it and what it started are ended.
const LIMIT: Duration = Duration::from_secs(45 * 60);
/// How often a long step says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(60);
/// How much of a failed step's log is shown.
const SHOWN_LINES: usize = 70;
/// How much of what failed is said again after the table, where it is found by who reads only the end.
const SHOWN_AGAIN: usize = 40;

/// What a step does. It writes to its log through [`Log`].
pub type Action<'a> = Box<dyn Fn(&mut Log) -> Result<()> + 'a>;

/// One check of a chore.
pub struct Step<'a> {
    /// What `--only` takes, and the name of the log file.
    pub name: &'static str,
    /// What it shows, in one line.
    pub about: &'static str,
    /// Steps without which this one cannot say anything.
    pub needs: &'static [&'static str],
    pub action: Action<'a>,
}

/// The log of one step.
pub struct Log {
    file: File,
    path: PathBuf,
    verbose: bool,
}

impl Log {
    pub fn create(places: &Places, name: &str, verbose: bool) -> Result<Self> {
        let path = places.artifacts.join("logs").join(format!("{name}.log"));
        let file = File::create(&path).with_context(|| format!("creating {}", path.display()))?;
        Ok(Self { file, path, verbose })
    }

    /// Writes one line to the log.
    pub fn write(&mut self, line: &str) -> Result<()> {
        if self.verbose {
            println!("  {line}");
        }
        writeln!(self.file, "{line}").with_context(|| format!("writing {}", self.path.display()))
    }

    /// Runs a program to its end with all its output in the log.
    ///
    /// # Errors
    /// When it cannot be started, does not end with success, or runs longer than [`LIMIT`].
    pub fn run(&mut self, mut command: Command) -> Result<()> {
        let line = shell::line(&command);
        self.write(&format!("$ {line}"))?;
        command
            .stdin(Stdio::null())
            .stdout(self.file.try_clone()?)
            .stderr(self.file.try_clone()?);
        if !std::io::stdin().is_terminal() {
            // On a terminal Ctrl+C must reach the program, so there it stays in the group of the terminal.
            in_own_group(&mut command);
        }
        let mut child = command.spawn().with_context(|| format!("starting `{line}`"))?;
        let status = self.wait(&mut child).with_context(|| format!("`{line}`"))?;
        if !status.success() {
            bail!("`{line}` ended with {status}");
        }
        Ok(())
    }

    fn wait(&self, child: &mut Child) -> Result<std::process::ExitStatus> {
        let started = Instant::now();
        let mut spoken = started;
        let mut shown = std::fs::metadata(&self.path).map_or(0, |about| about.len());
        loop {
            let ended = child.try_wait()?;
            if self.verbose {
                shown += show_from(&self.path, shown)?;
            }
            if let Some(status) = ended {
                return Ok(status);
            }
            if started.elapsed() > LIMIT {
                end_group(child);
                bail!("ended after {} minutes without an answer", LIMIT.as_secs() / 60);
            }
            if !self.verbose && spoken.elapsed() > HEARTBEAT {
                spoken = Instant::now();
                println!(
                    "    … {} s: {}",
                    started.elapsed().as_secs(),
                    last_line(&self.path)
                );
            }
            std::thread::sleep(Duration::from_millis(40));
        }
    }
}

/// How a step ended.
enum Outcome {
    Passed,
    Failed {
        why: String,
        /// The complaints of the tests themselves.
        complaints: Vec<String>,
    },
    /// A step that it needs did not pass.
    Blocked(&'static str),
}

struct Row {
    name: &'static str,
    outcome: Outcome,
    seconds: f64,
    counts: Counts,
}

/// Runs the steps in order, prints the table, and says whether all passed.
///
/// A failure does not stop the steps that do not need the failed one.
pub fn run_all(places: &Places, steps: &[Step<'_>], verbose: bool) -> Result<bool> {
    let mut rows: Vec<Row> = Vec::with_capacity(steps.len());
    for step in steps {
        println!("▶ {}: {}", step.name, step.about);
        let missing = step.needs.iter().copied().find(|need| {
            rows.iter()
                .any(|row| row.name == *need && !matches!(row.outcome, Outcome::Passed))
        });
        if let Some(need) = missing {
            println!("  not run: it needs `{need}`");
            rows.push(Row {
                name: step.name,
                outcome: Outcome::Blocked(need),
                seconds: 0.0,
                counts: Counts::default(),
            });
            continue;
        }
        rows.push(run_one(places, step, verbose)?);
    }
    Ok(summary(&rows))
}

fn run_one(places: &Places, step: &Step<'_>, verbose: bool) -> Result<Row> {
    let mut log = Log::create(places, step.name, verbose)?;
    let started = Instant::now();
    let result = (step.action)(&mut log);
    let seconds = started.elapsed().as_secs_f64();
    let text = read_lossy(&log.path);
    let counts = count(&text);
    for line in remarks(&text) {
        println!("  {line}");
    }
    let outcome = match result {
        Ok(()) if counts.failed == 0 => {
            println!("  ok, {}", figures(seconds, counts));
            Outcome::Passed
        }
        Ok(()) => failure(&log.path, &text, seconds, counts, "tests failed"),
        Err(error) => failure(&log.path, &text, seconds, counts, &format!("{error:#}")),
    };
    Ok(Row {
        name: step.name,
        outcome,
        seconds,
        counts,
    })
}

/// What tests say about something that they could not do here, or only at the second try, each sentence once. Neither must
/// pass in silence.
fn remarks(text: &str) -> BTreeSet<&str> {
    text.lines()
        .map(str::trim)
        .filter(|line| line.contains("not run") || line.starts_with("second try:"))
        .collect()
}

fn failure(path: &Path, text: &str, seconds: f64, counts: Counts, why: &str) -> Outcome {
    println!("  FAILED, {}: {why}", figures(seconds, counts));
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(SHOWN_LINES);
    if from > 0 {
        println!("  | … {from} lines before these are in the log");
    }
    for line in lines.iter().skip(from) {
        println!("  | {line}");
    }
    println!("  log: {}", path.display());
    Outcome::Failed {
        why: why.to_owned(),
        complaints: complaints(&lines),
    }
}

/// From where Node, cargo or Vitest list what failed, or the end of the log.
fn complaints(lines: &[&str]) -> Vec<String> {
    let listed = |line: &&str| {
        let line = line.trim();
        line.ends_with("failing tests:") || line == "failures:" || line.starts_with("FAIL ")
    };
    let from = lines
        .iter()
        .position(listed)
        .unwrap_or_else(|| lines.len().saturating_sub(SHOWN_AGAIN));
    let shown = lines.iter().skip(from).take(SHOWN_AGAIN);
    shown.map(|line| (*line).to_owned()).collect()
}

fn figures(seconds: f64, counts: Counts) -> String {
    let mut text = format!("{seconds:.1} s");
    if !counts.is_empty() {
        text.push_str(&format!(", {} tests passed", counts.passed));
        if counts.failed > 0 {
            text.push_str(&format!(", {} failed", counts.failed));
        }
        if counts.ignored > 0 {
            text.push_str(&format!(", {} ignored", counts.ignored));
        }
    }
    text
}

/// The table and the last line. A step without tests of its own counts as one; so does a step that fails for
/// another reason than a failed test (it did not compile, for example).
fn summary(rows: &[Row]) -> bool {
    let (mut passed, mut failed) = (0, 0);
    let total: f64 = rows.iter().map(|row| row.seconds).sum();
    println!(
        "\n{:<14} {:>8} {:>8} {:>7} {:>8}  result",
        "step", "seconds", "passed", "failed", "ignored"
    );
    for row in rows {
        let (good, bad, word) = match &row.outcome {
            Outcome::Passed if row.counts.passed == 0 => (1, 0, "ok".to_owned()),
            Outcome::Passed => (row.counts.passed, 0, "ok".to_owned()),
            Outcome::Failed { why, .. } => {
                let short = why
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .chars()
                    .take(90)
                    .collect::<String>();
                (
                    row.counts.passed,
                    row.counts.failed.max(1),
                    format!("FAILED: {short}"),
                )
            }
            Outcome::Blocked(need) => (0, 1, format!("not run: needs {need}")),
        };
        passed += good;
        failed += bad;
        println!(
            "{:<14} {:>8.1} {:>8} {:>7} {:>8}  {word}",
            row.name, row.seconds, good, bad, row.counts.ignored
        );
    }
    println!("{:<14} {total:>8.1}\n", "together");
    for row in rows {
        if let Outcome::Failed { complaints, .. } = &row.outcome {
            println!("{} failed:", row.name);
            for line in complaints {
                println!("  | {line}");
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    failed == 0
}

fn read_lossy(path: &Path) -> String {
    std::fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default()
}

/// Prints what the file holds beyond `offset` and says how many bytes that was.
fn show_from(path: &Path, offset: u64) -> Result<u64> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    std::io::stdout().write_all(&bytes)?;
    Ok(bytes.len() as u64)
}

fn last_line(path: &Path) -> String {
    let text = read_lossy(path);
    let line = text
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("no output yet");
    line.trim().chars().take(100).collect()
}

#[cfg(unix)]
fn in_own_group(command: &mut Command) {
    use std::os::unix::process::CommandExt as _;
    command.process_group(0);
}

#[cfg(not(unix))]
fn in_own_group(_command: &mut Command) {}

/// Ends a program and, where groups exist, everything it started.
fn end_group(child: &mut Child) {
    if cfg!(unix) {
        let _ = Command::new("kill")
            .args(["-TERM", "--", &format!("-{}", child.id())])
            .status();
        std::thread::sleep(Duration::from_secs(2));
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_found_in_the_list_of_each_runner() {
        let node = [
            "✔ one (3ms)",
            "ℹ fail 1",
            "✖ failing tests:",
            "",
            "✖ two (4ms)",
            "  Error: no",
        ];
        assert_eq!(complaints(&node), &node[2..]);
        let cargo = [
            "test a ... FAILED",
            "failures:",
            "---- a stdout ----",
            "panicked at x.rs:1",
        ];
        assert_eq!(complaints(&cargo), &cargo[1..]);
        let vitest = ["✓ one", " FAIL  two.test.ts > two", "AssertionError: no"];
        assert_eq!(complaints(&vitest), &vitest[1..]);
        let other: Vec<String> = (0..100).map(|line| line.to_string()).collect();
        let other: Vec<&str> = other.iter().map(String::as_str).collect();
        assert_eq!(complaints(&other), &other[60..]);
    }

    #[test]
    fn what_was_left_out_or_tried_twice_is_told_once() {
        let log =
            "second try: a.test.mjs:3: no\n  not run: no shared data\nfine\nsecond try: a.test.mjs:3: no\n";
        let told: Vec<&str> = remarks(log).into_iter().collect();
        assert_eq!(told, ["not run: no shared data", "second try: a.test.mjs:3: no"]);
    }
}
