//! A worker with faults: it speaks the real protocol and does what its model folder and its texts tell it to.
//!
//! Folder: a file `fault` with one of `refuse`, `crash`, `hang`, `garbage`, `old`, `library`, `no-runtime`, `other-weights` makes the
//! start fail so; a file `crash-once` lets the first request crash and is removed.
//! Texts: `CRASH`, `HANG`, `HUNGRY`, `GARBAGE`, `INTERNAL`, `SHORT`, `NONSENSE` do what they say when they are scored.
//! Every other text gets logits made from its length, and a line in the folder's `log`.
#![allow(missing_docs)]

use std::fs::{OpenOptions, remove_file};
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use promptpal_sentiment::ModelManifest;
use promptpal_sentiment::protocol::{
    EXIT_LIBRARY, EXIT_MODEL_REFUSED, Fault, FaultCode, Hello, PROTOCOL_VERSION, RawScore, Reply, Request,
};

fn main() -> ExitCode {
    let Some(dir) = std::env::args()
        .skip_while(|arg| arg != "--model")
        .nth(1)
        .map(PathBuf::from)
    else {
        return ExitCode::from(2);
    };
    note(&dir, &format!("start {}", std::process::id()));
    match run(&dir) {
        Ok(code) => code,
        Err(_) => ExitCode::FAILURE,
    }
}

fn run(dir: &Path) -> io::Result<ExitCode> {
    let mut hello = Hello {
        protocol: PROTOCOL_VERSION,
        engine: "faulty".into(),
        model: "faulty".into(),
        sha256: String::new(),
    };
    if let Ok(manifest) = ModelManifest::read(dir) {
        hello.sha256 = manifest.model_ref().sha256;
    }
    let fault = std::fs::read_to_string(dir.join("fault")).unwrap_or_default();
    match fault.trim() {
        "refuse" => {
            say(&Reply::Error {
                id: None,
                error: Fault {
                    code: FaultCode::ModelRefused,
                    message: "half a model".into(),
                },
            })?;
            return Ok(ExitCode::from(EXIT_MODEL_REFUSED));
        }
        "crash" => {
            writeln!(io::stderr(), "no reason given")?;
            std::process::abort();
        }
        "library" => {
            writeln!(
                io::stderr(),
                "error while loading shared libraries: libtorch_cpu.so: cannot open shared object file"
            )?;
            return Ok(ExitCode::from(127));
        }
        "no-runtime" => {
            say(&Reply::Error {
                id: None,
                error: Fault {
                    code: FaultCode::LibraryMissing,
                    message: "libonnxruntime.so".into(),
                },
            })?;
            return Ok(ExitCode::from(EXIT_LIBRARY));
        }
        "hang" => hang(),
        "garbage" => writeln!(io::stdout(), "Hello from somebody else")?,
        "old" => hello.protocol = 0,
        "other-weights" => hello.sha256 = "0".repeat(64),
        _ => {}
    }
    say(&Reply::Hello(hello))?;
    for line in io::stdin().lock().lines() {
        match serde_json::from_str(&line?)? {
            Request::Score { id, texts } => score(dir, id, &texts)?,
            Request::Cancel { .. } => {}
            Request::Stop => break,
        }
    }
    note(dir, "end");
    Ok(ExitCode::SUCCESS)
}

fn score(dir: &Path, id: u64, texts: &[String]) -> io::Result<()> {
    note(dir, &format!("score {}", texts.len()));
    if remove_file(dir.join("crash-once")).is_ok() {
        std::process::abort();
    }
    let says = |word: &str| texts.iter().any(|text| text.contains(word));
    if says("CRASH") {
        std::process::abort();
    }
    if says("HANG") {
        hang();
    }
    if says("HUNGRY") {
        starve();
    }
    if says("GARBAGE") {
        writeln!(io::stdout(), "{{\"type\":\"song\"}}")?;
    }
    if says("INTERNAL") {
        let error = Fault {
            code: FaultCode::Internal,
            message: "a panic was caught".into(),
        };
        return say(&Reply::Error { id: Some(id), error });
    }
    say(&Reply::Progress {
        id,
        done: 0,
        total: texts.len(),
    })?;
    let mut scores: Vec<RawScore> = texts.iter().map(|text| made_up(text)).collect();
    if says("SHORT") {
        scores.pop();
    }
    if says("NONSENSE") {
        scores.iter_mut().for_each(|score| score.positive = 7.0);
    }
    let truncated = vec![false; scores.len()];
    say(&Reply::Scores {
        id,
        scores,
        truncated,
    })
}

/// Probabilities that tell the length of the text.
fn made_up(text: &str) -> RawScore {
    let positive = (text.len() % 100) as f64 / 100.0;
    RawScore {
        positive,
        negative: 1.0 - positive,
        neutral: 0.0,
        logits: [text.len() as f32, 0.0, 0.0],
    }
}

/// Three seconds as they are for a process that is given a fifth of the processor.
fn starve() {
    let end = Instant::now() + Duration::from_secs(3);
    while Instant::now() < end {
        std::thread::sleep(Duration::from_millis(80));
        let given = Instant::now() + Duration::from_millis(20);
        while Instant::now() < given {
            std::hint::spin_loop();
        }
    }
}

fn hang() -> ! {
    loop {
        std::thread::park();
    }
}

fn say(reply: &Reply) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    serde_json::to_writer(&mut stdout, reply)?;
    stdout.write_all(b"\n")?;
    stdout.flush()
}

/// Notes in the folder what happened. A worker that cannot write shows by what the test finds missing.
fn note(dir: &Path, what: &str) {
    if let Ok(mut log) = OpenOptions::new().create(true).append(true).open(dir.join("log")) {
        let _ = writeln!(log, "{what}");
    }
}
