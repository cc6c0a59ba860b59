//! What a page may cost, and the process that ends itself beyond that.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cpu_time::ProcessTime;
use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System};

use super::{EXIT_MEMORY, EXIT_TIME};

/// How often the process looks at itself.
const LOOK: Duration = Duration::from_millis(20);

/// What a page may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    /// Memory of the process that reads it, in bytes.
    pub memory: u64,
    /// Processor time.
    pub time: Duration,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self {
            memory: 300 << 20,
            time: Duration::from_secs(2),
        }
    }
}

/// Ends the process when it is beyond its limits. Where the system can refuse memory, it does so before that.
pub(super) struct Watchdog {
    /// When the present page began, in processor time; `None` between pages.
    page: Arc<Mutex<Option<ProcessTime>>>,
}

impl Watchdog {
    /// Watches this process from now on.
    pub(super) fn start(limits: PageLimits) -> Self {
        refuse_beyond(limits.memory);
        let page: Arc<Mutex<Option<ProcessTime>>> = Arc::default();
        let watched = Arc::clone(&page);
        let watch = move || {
            let mut system = System::new();
            let own = Pid::from_u32(std::process::id());
            loop {
                std::thread::sleep(LOOK);
                if memory_of(&mut system, own) > limits.memory {
                    std::process::exit(EXIT_MEMORY);
                }
                let began = *watched.lock().unwrap_or_else(PoisonError::into_inner);
                if began.is_some_and(|began| began.elapsed() > limits.time) {
                    std::process::exit(EXIT_TIME);
                }
            }
        };
        // Without a thread for it, the system's own limit and the parent's patience remain.
        let _ = std::thread::Builder::new()
            .name("watchdog".to_owned())
            .spawn(watch);
        Self { page }
    }

    /// Runs `work` as the present page.
    pub(super) fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        let set = |now| *self.page.lock().unwrap_or_else(PoisonError::into_inner) = now;
        set(Some(ProcessTime::now()));
        let done = work();
        set(None);
        done
    }
}

fn memory_of(system: &mut System, own: Pid) -> u64 {
    system.refresh_processes_specifics(
        ProcessesToUpdate::Some(&[own]),
        false,
        ProcessRefreshKind::nothing().with_memory(),
    );
    system.process(own).map_or(0, sysinfo::Process::memory)
}

/// Lets the system refuse more memory than that, where it knows how.
#[cfg(unix)]
fn refuse_beyond(memory: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};

    let limit = Rlimit {
        current: Some(memory),
        maximum: Some(memory),
    };
    // Counts what the process writes to, not its program text; systems that do not know it are left to the watchdog.
    let _ = setrlimit(Resource::Data, limit);
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    // A page that kills the process is no reason to fill the disk.
    let _ = setrlimit(Resource::Core, none);
}

#[cfg(not(unix))]
fn refuse_beyond(_memory: u64) {}
