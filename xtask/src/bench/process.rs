//! What a whole process costs.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use wait4::Wait4 as _;

use crate::shell;

/// What a process took, as the system counted it.
#[derive(Clone, Debug)]
pub(super) struct Cost {
    /// Processor seconds, those of the system among them.
    pub(super) cpu_s: f64,
    pub(super) wall_s: f64,
    /// The most memory it held, in MB of 1,000,000 bytes.
    pub(super) peak_mb: f64,
    /// What it wrote to its standard output.
    pub(super) output: String,
}

/// Runs a program that must succeed; its errors are told when it does not.
pub(super) fn measure(mut command: Command) -> Result<Cost> {
    let shown = shell::line(&command);
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting `{shown}`"))?;
    let mut errors = child.stderr.take().context("no errors")?;
    // On a thread of its own: a program that waits to be rid of its errors would never end.
    let errors = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = errors.read_to_end(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut output = String::new();
    child
        .stdout
        .take()
        .context("no output")?
        .read_to_string(&mut output)?;
    let ended = child.wait4()?;
    let wall_s = began.elapsed().as_secs_f64();
    if !ended.status.success() {
        let errors = errors.join().unwrap_or_default();
        let last = errors.lines().last().unwrap_or_default();
        bail!("`{shown}` ended with {}: {last}", ended.status);
    }
    Ok(Cost {
        cpu_s: (ended.rusage.utime + ended.rusage.stime).as_secs_f64(),
        wall_s,
        peak_mb: ended.rusage.maxrss as f64 / 1e6,
        output,
    })
}
