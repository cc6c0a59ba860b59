//! Extraction in a process that may die.
//!
//! A page can bring a parser to need any memory or any time, and no limit inside of a program stops that. So pages are read
//! by a process of their own, which is bounded by the system ([`serve`]) and watches itself; when it dies, that page is
//! marked with the reason and the next one gets a new process. Processes are kept between pages, so that a page costs a pipe
//! and not a start.
//!
//! The process is this very program, started again with a hidden subcommand ([`ExtractorCommand`]). Both directions are frames:
//! a length of four bytes, little-endian, and JSON; a page's frame is followed by one with its bytes.

mod child;
mod limits;
mod pool;
mod wire;

use std::ffi::OsString;
use std::path::PathBuf;

pub use self::child::{serve, serve_with};
pub use self::limits::PageLimits;
pub(crate) use self::pool::Pool;

/// Comes before the first frame of the process: what stands before it is somebody else's greeting.
const MAGIC: &[u8; 8] = b"PPagesR1";

/// The longest frame: a decoded page, or what was taken from it.
const LONGEST_FRAME: u32 = 64 << 20;

/// How the process ends that found itself beyond a limit.
const EXIT_MEMORY: i32 = 71;
const EXIT_TIME: i32 = 72;

/// How the process is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtractorCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments: those that lead to [`serve`].
    pub arguments: Vec<OsString>,
    /// Environment beside that of this process.
    pub environment: Vec<(OsString, OsString)>,
}

impl ExtractorCommand {
    /// This very program with one argument; `None` where the system does not say which program this is.
    #[must_use]
    pub fn of_this_program(argument: &str) -> Option<Self> {
        Some(Self {
            program: std::env::current_exe().ok()?,
            arguments: vec![argument.into()],
            environment: Vec::new(),
        })
    }
}
