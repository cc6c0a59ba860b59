//! A scoring program as the bench drives it: its pipes, and what the system says of its process.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

/// Positive, negative, neutral, as the network gives them.
pub(super) type Logits = [f64; 3];

/// Linux counts processor time in hundredths of a second.
const TICKS: f64 = 100.0;
/// Places of the user's and the system's time in `/proc/PID/stat`, behind the name in brackets.
const TIMES: [usize; 2] = [11, 12];

/// A running program that has greeted.
pub(super) struct Worker {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    next_id: u64,
    started: Instant,
}

impl Worker {
    /// Starts the program on one thread and waits for its greeting.
    pub(super) fn start(program: &Path, model: &Path) -> Result<Self> {
        let started = Instant::now();
        let mut child = Command::new(program)
            .arg("--model")
            .arg(model)
            .args(["--threads", "1"])
            .envs([("OMP_NUM_THREADS", "1"), ("OMP_WAIT_POLICY", "PASSIVE")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {}", program.display()))?;
        let stdin = child.stdin.take().context("no input")?;
        let stdout = BufReader::new(child.stdout.take().context("no output")?);
        let mut worker = Self {
            child,
            stdin,
            stdout,
            next_id: 0,
            started,
        };
        let hello = worker.line()?;
        ensure!(hello["type"] == "hello", "it does not greet: {hello}");
        Ok(worker)
    }

    /// The logits of texts, in their order, asked for in requests of `size`.
    pub(super) fn score(&mut self, texts: &[String], size: usize) -> Result<Vec<Logits>> {
        let mut found = Vec::with_capacity(texts.len());
        for texts in texts.chunks(size) {
            self.next_id += 1;
            let request = json!({ "type": "score", "id": self.next_id, "texts": texts });
            writeln!(self.stdin, "{request}").context("asking it")?;
            let answer = loop {
                let line = self.line()?;
                if line["type"] != "progress" {
                    break line;
                }
            };
            let scores = answer["scores"].as_array();
            let scores = scores.with_context(|| format!("it answers {answer}"))?;
            for score in scores {
                found.push(serde_json::from_value(score["logits"].clone())?);
            }
        }
        ensure!(found.len() == texts.len(), "it scored {} texts", found.len());
        Ok(found)
    }

    /// Seconds since it was started.
    pub(super) fn age_s(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// Processor seconds that it has used, threads that have ended among them.
    pub(super) fn cpu_s(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, fields) = stat.rsplit_once(')').context("no name in its state")?;
        let fields: Vec<&str> = fields.split_whitespace().collect();
        let mut ticks = 0.0;
        for at in TIMES {
            ticks += fields.get(at).context("its state is short")?.parse::<f64>()?;
        }
        Ok(ticks / TICKS)
    }

    /// Memory that it holds, in MB of 1,000,000 bytes.
    pub(super) fn memory_mb(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        Ok(kilobytes
            .context("its memory is not told")?
            .trim()
            .parse::<f64>()?
            * 1024.0
            / 1e6)
    }

    fn line(&mut self) -> Result<Value> {
        let mut line = String::new();
        if self.stdout.read_line(&mut line)? == 0 {
            bail!("it ended with {}", self.child.wait()?);
        }
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
