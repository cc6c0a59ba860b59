//! How the worker is run.

use std::num::NonZeroU16;
use std::path::PathBuf;
use std::time::Duration;

use crate::Engine;

/// How the worker is run: what, with which model, and how patient its client is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerConfig {
    /// The worker program.
    pub program: PathBuf,
    /// What the program computes with.
    pub engine: Engine,
    /// The folder of the model, with its `manifest.json`.
    pub model_dir: PathBuf,
    /// Processor threads the model may use.
    pub threads: NonZeroU16,
    /// How long the worker is kept without work before it is stopped.
    pub idle_stop: Duration,
    /// How long it may take from its start until it has its model.
    pub start_timeout: Duration,
    /// How long it may go without a sign of progress on a request before it is killed. One that is hardly given the processor is waited
    /// for up to 20 times as long.
    pub request_timeout: Duration,
    /// How far it stands back behind other programs: 0 (not at all) to 19, as by `nice`. On Linux 19 is the policy "idle", which gives way
    /// at once to whoever wakes; on Windows anything above 0 is the class "below normal".
    pub nice: u8,
}

impl WorkerConfig {
    /// The defaults: the exact engine, half of the processor's threads, stopped after 5 minutes, 60 s to start, 30 s without progress,
    /// the lowest priority: whatever else wants the processor comes first.
    #[must_use]
    pub fn new(program: PathBuf, model_dir: PathBuf) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = u16::try_from(cores / 2)
            .ok()
            .and_then(NonZeroU16::new)
            .unwrap_or(NonZeroU16::MIN);
        Self {
            program,
            engine: Engine::Exact,
            model_dir,
            threads,
            idle_stop: Duration::from_secs(300),
            start_timeout: Duration::from_secs(60),
            request_timeout: Duration::from_secs(30),
            nice: 19,
        }
    }
}
