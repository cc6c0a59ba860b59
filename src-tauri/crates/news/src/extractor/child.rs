//! The process' side: pages in, articles out, until the pipe is closed.

use std::io::{self, BufWriter, Write};

use super::limits::Watchdog;
use super::wire::{Taken, Task, read_frame, write_frame};
use super::{MAGIC, PageLimits};
use crate::extract::{Extracted, extract_here};
use crate::{isolate, text};

/// Reads pages from stdin and writes what was taken from them to stdout until stdin is closed: what a program does that was
/// started by an [`ExtractorCommand`](super::ExtractorCommand).
///
/// # Errors
/// When a pipe breaks or something else than a page comes through it.
pub fn serve(limits: PageLimits) -> io::Result<()> {
    serve_with(limits, |html, url| extract_here(html, Some(url)))
}

/// The same with another way to take an article from a page's text and address, for tests of what happens when that fails.
///
/// # Errors
/// As [`serve`].
pub fn serve_with(limits: PageLimits, take: impl Fn(&str, &str) -> Extracted + Sync) -> io::Result<()> {
    let watchdog = Watchdog::start(limits);
    let mut pages = io::stdin().lock();
    let mut answers = BufWriter::new(io::stdout().lock());
    answers.write_all(MAGIC)?;
    answers.flush()?;
    while let Some(task) = read_frame(&mut pages)? {
        let task: Task = serde_json::from_slice(&task)?;
        let bytes = read_frame(&mut pages)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let taken = watchdog.during(|| {
            let html = text::decode_html(&bytes, task.charset.as_deref());
            drop(bytes);
            isolate::joined("an article", || take(&html, &task.url))
        });
        // A panic of a parser is the end of this process, as any other death of it.
        let taken = taken.ok_or_else(|| io::Error::other("the parser broke off"))?;
        write_frame(&mut answers, &serde_json::to_vec(&Taken::from(taken))?)?;
    }
    Ok(())
}
