//! One run of the worker program: its pipes, its greeting, its end.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use super::hunger;
use crate::protocol::{
    EXIT_MODEL_REFUSED, FaultCode, Hello, MAX_LINE_BYTES, PROTOCOL_VERSION, Reply, Request,
};
use crate::{MissingPart, ModelManifest, ScoringError, WorkerConfig, memory};

/// How long a worker that was told to stop, or whose pipes closed, may take to be gone.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long the last words of a dead worker are waited for.
const LAST_WORDS: Duration = Duration::from_millis(500);
/// How much of what the worker wrote for people is kept.
const TAIL_BYTES: usize = 8000;

/// A running worker that has greeted. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Worker {
    child: Child,
    stdin: ChildStdin,
    lines: mpsc::Receiver<Line>,
    tail: Arc<Mutex<String>>,
    _stdout: AbortOnDropHandle<()>,
    /// `None` once it was waited for.
    stderr: Option<AbortOnDropHandle<()>>,
}

/// A line of the worker.
#[derive(Debug)]
pub(crate) enum Line {
    /// A reply.
    Reply(Reply),
    /// Something that is no reply.
    Garbage(String),
}

/// No sign of progress, though it was given the processor, or never asked for it.
#[derive(Debug)]
pub(crate) struct Hung;

impl Worker {
    /// Starts the program and waits for its greeting. Not cancel-safe; dropping the future kills the process.
    pub(crate) async fn start(config: &WorkerConfig) -> Result<Self, ScoringError> {
        let model = ModelManifest::read(&config.model_dir)?.model_ref_for(config.engine)?;
        if !config.program.is_file() {
            return Err(ScoringError::Missing {
                part: MissingPart::Program,
                what: format!("the scoring worker {}", config.program.display()),
            });
        }
        let mut child = command(config)
            .spawn()
            .map_err(|error| ScoringError::WorkerFailed {
                reason: format!("{} cannot be started: {error}", config.program.display()),
            })?;
        let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(ScoringError::WorkerFailed {
                reason: "it has no pipes".to_owned(),
            });
        };
        let (sender, lines) = mpsc::channel(16);
        let tail = Arc::new(Mutex::new(String::new()));
        let stdout = AbortOnDropHandle::new(tokio::spawn(read_lines(stdout, sender)));
        let stderr = AbortOnDropHandle::new(tokio::spawn(keep_tail(stderr, Arc::clone(&tail))));
        let mut worker = Self {
            child,
            stdin,
            lines,
            tail,
            _stdout: stdout,
            stderr: Some(stderr),
        };
        let Ok(greeting) = worker.next_within(config.start_timeout).await else {
            worker.kill().await;
            return Err(ScoringError::TimedOut {
                after: config.start_timeout,
            });
        };
        if let Some(Line::Reply(Reply::Error { error, .. })) = &greeting
            && let Some(reason) = memory::ran_out(&error.message)
        {
            // Whatever it was doing then: the model and the libraries are not to blame.
            return Err(ScoringError::OutOfMemory { reason });
        }
        match greeting {
            Some(Line::Reply(Reply::Hello(hello))) => {
                check_greeting(&hello, &model)?;
                tracing::info!(
                    engine = hello.engine,
                    model = hello.model,
                    threads = config.threads,
                    "scoring worker ready"
                );
                Ok(worker)
            }
            Some(Line::Reply(Reply::Error { error, .. })) if error.code == FaultCode::ModelRefused => {
                Err(ScoringError::ModelRefused {
                    reason: error.message,
                })
            }
            Some(Line::Reply(Reply::Error { error, .. })) if error.code == FaultCode::LibraryMissing => {
                Err(ScoringError::Missing {
                    part: MissingPart::Library,
                    what: error.message,
                })
            }
            Some(Line::Reply(Reply::Error { error, .. })) => Err(ScoringError::WorkerFailed {
                reason: error.message,
            }),
            Some(other) => Err(ScoringError::WorkerFailed {
                reason: format!("its first line is no greeting: {}", other.excerpt()),
            }),
            None => Err(worker.early_end().await),
        }
    }

    /// Sends a request. A worker that does not read is as good as hung: the caller limits the time.
    pub(crate) async fn send(&mut self, request: &Request) -> std::io::Result<()> {
        let mut line = serde_json::to_vec(request)?;
        line.push(b'\n');
        self.stdin.write_all(&line).await?;
        self.stdin.flush().await
    }

    /// The next line, `None` once the worker closed its output. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Option<Line> {
        self.lines.recv().await
    }

    /// The same, but for no longer than `patience`. A worker that is not given the processor is waited for longer than
    /// one that hangs. Cancel-safe.
    pub(crate) async fn next_within(&mut self, patience: Duration) -> Result<Option<Line>, Hung> {
        // Looked at from half-way on, so that a line that comes soon costs no look.
        let half = patience / 2;
        if let Ok(line) = timeout(half, self.next()).await {
            return Ok(line);
        }
        let mut spent = self.processor_time();
        for _ in 1..2 * hunger::LONGEST {
            if let Ok(line) = timeout(half, self.next()).await {
                return Ok(line);
            }
            let now = self.processor_time();
            if !hunger::starves(now.saturating_sub(spent), half) {
                break;
            }
            spent = now;
        }
        Err(Hung)
    }

    /// What the system does not tell counts as none.
    fn processor_time(&self) -> Duration {
        let time = self.child.id().and_then(hunger::processor_time);
        time.unwrap_or_default()
    }

    /// Asks the worker to end and kills it if it does not.
    pub(crate) async fn stop(mut self) {
        // Whatever goes wrong with asking, it is killed.
        let _ = timeout(FAREWELL, self.send(&Request::Stop)).await;
        if timeout(FAREWELL, self.child.wait()).await.is_err() {
            self.kill().await;
        }
    }

    /// Kills the worker and waits until it is gone.
    pub(crate) async fn kill(&mut self) {
        if let Err(error) = self.child.kill().await {
            tracing::debug!(%error, "the scoring worker was gone before it was killed");
        }
    }

    /// How the worker ended, for people. Kills it if it only closed its output.
    pub(crate) async fn end_report(&mut self) -> String {
        let how = match timeout(FAREWELL, self.child.wait()).await {
            Ok(Ok(status)) if was_killed(status) => {
                format!("it was killed ({status}), as the system does when memory runs short")
            }
            Ok(Ok(status)) => format!("it ended with {status}"),
            Ok(Err(error)) => format!("it cannot be waited for: {error}"),
            Err(_) => {
                self.kill().await;
                "it closed its output".to_owned()
            }
        };
        if let Some(stderr) = self.stderr.take() {
            // Its last words may still be in the pipe. A child of its own could hold that open for ever.
            let _ = timeout(LAST_WORDS, stderr).await;
        }
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        if tail.trim().is_empty() {
            how
        } else {
            format!("{how}: {}", tail.trim())
        }
    }

    /// What a worker that ended without a word died of.
    async fn early_end(&mut self) -> ScoringError {
        let status = timeout(FAREWELL, self.child.wait())
            .await
            .ok()
            .and_then(Result::ok);
        let reason = self.end_report().await;
        if let Some(reason) = memory::ran_out(&reason) {
            return ScoringError::OutOfMemory { reason };
        }
        match missing_library(status, &reason) {
            Some(library) => ScoringError::Missing {
                part: MissingPart::Library,
                what: library,
            },
            None if status.and_then(|s| s.code()) == Some(i32::from(EXIT_MODEL_REFUSED)) => {
                ScoringError::ModelRefused { reason }
            }
            None => ScoringError::WorkerFailed { reason },
        }
    }
}

impl Line {
    /// How the line begins, for people.
    pub(crate) fn excerpt(&self) -> String {
        match self {
            Self::Garbage(text) => excerpt(text),
            Self::Reply(Reply::Error { error, .. }) => excerpt(&error.message),
            Self::Reply(reply) => excerpt(&format!("{reply:?}")),
        }
    }
}

/// The beginning of a text, for people.
pub(crate) fn excerpt(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(80).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

fn command(config: &WorkerConfig) -> Command {
    let mut command = Command::new(&config.program);
    let threads = config.threads.to_string();
    command
        .arg("--model")
        .arg(&config.model_dir)
        .args(["--threads", &threads])
        // The OpenMP runtime reads its own before the program can set anything.
        .env("OMP_NUM_THREADS", &threads)
        // Threads that wait by spinning take the processor from whoever they wait for: with two threads on two busy cores a
        // headline took 240 ms of processor time that way, 15 ms this way.
        .env("OMP_WAIT_POLICY", "PASSIVE")
        // A backtrace needs memory, and where that has run out it waits for itself for ever.
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    if config.nice > 0 {
        #[cfg(unix)]
        command.args(["--nice", &config.nice.min(19).to_string()]);
        #[cfg(windows)]
        command.creation_flags(CREATE_NO_WINDOW | BELOW_NORMAL_PRIORITY_CLASS);
    } else {
        #[cfg(windows)]
        command.creation_flags(CREATE_NO_WINDOW);
    }
    command
}

/// No console window beside the program's own.
#[cfg(windows)]
const CREATE_NO_WINDOW: u32 = 0x0800_0000;
/// <https://learn.microsoft.com/windows/win32/procthread/process-creation-flags>
#[cfg(windows)]
const BELOW_NORMAL_PRIORITY_CLASS: u32 = 0x0000_4000;

fn check_greeting(hello: &Hello, model: &promptpal_domain::ModelRef) -> Result<(), ScoringError> {
    if hello.protocol != PROTOCOL_VERSION {
        let reason = format!(
            "it speaks protocol {}, this program {PROTOCOL_VERSION}; install the one that belongs to it",
            hello.protocol
        );
        return Err(ScoringError::WorkerFailed { reason });
    }
    if hello.sha256 != model.sha256 {
        let reason = format!(
            "the worker has loaded other weights ({}) than the manifest names ({})",
            hello.sha256, model.sha256
        );
        return Err(ScoringError::ModelRefused { reason });
    }
    Ok(())
}

/// Whether somebody else has killed it: nobody asks for a report after killing it.
#[cfg(unix)]
fn was_killed(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    const SIGKILL: i32 = 9;
    status.signal() == Some(SIGKILL)
}

/// Windows ends no program by itself when memory runs short.
#[cfg(not(unix))]
fn was_killed(_status: ExitStatus) -> bool {
    false
}

/// Which library the system's loader could not find, if it was that.
fn missing_library(status: Option<ExitStatus>, report: &str) -> Option<String> {
    // STATUS_DLL_NOT_FOUND: Windows says nothing else, on no pipe.
    if status.and_then(|status| status.code()) == Some(0xC000_0135_u32.cast_signed()) {
        return Some("a library of the scoring worker (libtorch)".to_owned());
    }
    // glibc and musl, then macOS.
    let (_, after) = report
        .split_once("error while loading shared libraries: ")
        .or_else(|| report.split_once("Error loading shared library "))
        .or_else(|| report.split_once("Library not loaded: "))?;
    let name = after.split([':', '\n', ' ']).next().unwrap_or(after);
    Some(format!("the library {name} of the scoring worker"))
}

/// Hands on the lines of the worker's output until it closes, or until nobody listens.
async fn read_lines(stdout: impl AsyncRead + Unpin, sender: mpsc::Sender<Line>) {
    let mut reader = BufReader::new(stdout);
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = MAX_LINE_BYTES as u64;
        match (&mut reader).take(limit).read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let read = match serde_json::from_slice(&line) {
            Ok(reply) => Line::Reply(reply),
            Err(_) => Line::Garbage(String::from_utf8_lossy(&line).into_owned()),
        };
        if sender.send(read).await.is_err() {
            return;
        }
    }
}

/// Keeps the end of what the worker writes for people.
async fn keep_tail(stderr: impl AsyncRead + Unpin, tail: Arc<Mutex<String>>) {
    let mut reader = BufReader::new(stderr);
    let mut line = Vec::new();
    loop {
        line.clear();
        match (&mut reader)
            .take(TAIL_BYTES as u64)
            .read_until(b'\n', &mut line)
            .await
        {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&line);
        tracing::debug!(target: "promptpal_sentiment::worker", "{}", text.trim_end());
        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.push_str(&text);
        let surplus = tail.len().saturating_sub(TAIL_BYTES);
        let surplus = tail.ceil_char_boundary(surplus);
        tail.drain(..surplus);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_a_missing_library_from_other_ends() {
        let check = |report: &str, expected: Option<&str>| {
            assert_eq!(missing_library(None, report).as_deref(), expected, "{report}");
        };
        check(
            "it ended with exit status: 127: /opt/x: error while loading shared libraries: libtorch_cpu.so: cannot open shared object file",
            Some("the library libtorch_cpu.so of the scoring worker"),
        );
        check(
            "dyld: Library not loaded: @rpath/libc10.dylib\n  Referenced from",
            Some("the library @rpath/libc10.dylib of the scoring worker"),
        );
        check("it ended with signal: 6: terminate called", None);
    }
}
