//! From the command line to the last answer.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use promptpal_sentiment::Engine;
use promptpal_sentiment::protocol::{
    EXIT_LIBRARY, EXIT_MODEL_REFUSED, EXIT_PIPE, EXIT_USAGE, Fault, FaultCode, Reply,
};

use crate::arguments::{self, Arguments, Command};
use crate::model::{self, CheckedModel};
use crate::scoring::{Network, Scoring};
use crate::serve;

/// Why a program cannot score.
#[derive(Debug)]
pub enum Refusal {
    /// A library that it computes with is not there; what is said of it goes before "is missing".
    LibraryMissing(String),
    /// A library that it computes with is there and cannot be used.
    LibraryBroken(anyhow::Error),
    /// The model cannot be run.
    Model(anyhow::Error),
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        Self::Model(error)
    }
}

impl Refusal {
    fn told(self) -> (ExitCode, Fault) {
        let (exit, code, message) = match self {
            Self::LibraryMissing(what) => (EXIT_LIBRARY, FaultCode::LibraryMissing, what),
            Self::LibraryBroken(error) => (EXIT_LIBRARY, FaultCode::Internal, format!("{error:#}")),
            Self::Model(error) => (EXIT_MODEL_REFUSED, FaultCode::ModelRefused, format!("{error:#}")),
        };
        (ExitCode::from(exit), Fault { code, message })
    }
}

/// Does what the command line of the program `name` asks for. `load` brings a checked model into memory, to be computed with on
/// so many threads.
pub fn run(
    name: &str,
    engine: Engine,
    load: impl FnOnce(&CheckedModel, u16) -> Result<Box<dyn Network>, Refusal>,
) -> ExitCode {
    let arguments = match arguments::parse(name, std::env::args().skip(1)) {
        Ok(Command::Serve(arguments)) => arguments,
        Ok(Command::Print(text)) => {
            return if writeln!(std::io::stdout(), "{text}").is_ok() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(EXIT_PIPE)
            };
        }
        Err(reason) => {
            log(&format!("{reason}\n{}", arguments::usage(name)));
            return ExitCode::from(EXIT_USAGE);
        }
    };
    stand_back(&arguments);
    let loading = AssertUnwindSafe(|| loaded(&arguments, engine, load));
    let outcome = catch_unwind(loading)
        .unwrap_or_else(|panic| Err(Refusal::LibraryBroken(anyhow::anyhow!(words_of(&*panic)))));
    match outcome {
        Ok(scoring) => match serve::serve(&scoring) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                log(&format!("the pipe to the program broke: {error}"));
                ExitCode::from(EXIT_PIPE)
            }
        },
        Err(refusal) => {
            let (exit, error) = refusal.told();
            log(&error.message);
            // Without a reader the exit code has to do.
            let _ = serve::say(&Reply::Error { id: None, error });
            exit
        }
    }
}

fn loaded(
    arguments: &Arguments,
    engine: Engine,
    load: impl FnOnce(&CheckedModel, u16) -> Result<Box<dyn Network>, Refusal>,
) -> Result<Scoring, Refusal> {
    let model = model::check(&arguments.model, engine)?;
    let pieces = model.pieces()?;
    let network = load(&model, arguments.threads)?;
    Ok(Scoring::new(&model, pieces, network))
}

/// What a panic said.
pub(crate) fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let words = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    format!(
        "the computation failed: {}",
        words.unwrap_or("for no known reason")
    )
}

/// Lowers the priority before any thread is started, so that all threads have it.
fn stand_back(arguments: &Arguments) {
    #[cfg(target_os = "linux")]
    if arguments.nice == LOWEST
        && let Err(error) = idle()
    {
        log(&format!("it takes its turn with others: {error:?}"));
    }
    #[cfg(unix)]
    if arguments.nice > 0
        && let Err(error) = rustix::process::nice(arguments.nice)
    {
        log(&format!("the priority stays as it is: {error}"));
    }
    #[cfg(not(unix))]
    let _ = arguments.nice;
}

#[cfg(target_os = "linux")]
const LOWEST: i32 = 19;

/// The policy that gives way at once to any thread that wakes. A low priority alone lets that wait for the end of a time slice.
#[cfg(target_os = "linux")]
fn idle() -> Result<(), thread_priority::Error> {
    use thread_priority::{
        NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
        thread_native_id,
    };
    set_thread_priority_and_policy(
        thread_native_id(),
        ThreadPriority::Min,
        ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle),
    )
}

/// Writes a line for people.
pub(crate) fn log(line: &str) {
    // Where nobody listens there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// What `sched_setscheduler(2)` calls `SCHED_IDLE`.
    const SCHED_IDLE: &str = "5";

    #[test]
    fn at_the_lowest_priority_it_gives_way_and_so_do_its_threads() {
        let policy = || {
            let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
            // Field 41 of proc(5); the name in brackets is the second.
            let (_, fields) = stat.rsplit_once(") ").unwrap();
            fields.split(' ').nth(41 - 3).unwrap().to_owned()
        };
        let of_threads = std::thread::spawn(move || {
            idle().unwrap();
            (policy(), std::thread::spawn(policy).join().unwrap())
        });
        let (own, of_child) = of_threads.join().unwrap();
        assert_eq!((own.as_str(), of_child.as_str()), (SCHED_IDLE, SCHED_IDLE));
        assert_ne!(policy(), SCHED_IDLE, "only who asked for it");
    }
}
