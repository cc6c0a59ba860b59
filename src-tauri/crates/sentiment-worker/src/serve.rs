//! Reading requests and answering them.

use std::collections::BTreeSet;
use std::io::{self, BufRead, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use promptpal_sentiment::protocol::{EXIT_PIPE, Fault, FaultCode, MAX_LINE_BYTES, MAX_TEXTS, Reply, Request};

use crate::program::{log, words_of};
use crate::scoring::{Scoring, Stop};

/// Requests that may wait; the client sends one at a time.
const QUEUE: usize = 4;
/// How long requests may still be computed after the input closed.
const LAST_ANSWERS: Duration = Duration::from_secs(10);

/// Requests that were cancelled and not yet met.
type Cancelled = Arc<Mutex<BTreeSet<u64>>>;

/// What the reading thread hands on.
enum Heard {
    /// Texts to score.
    Score { id: u64, texts: Vec<String> },
    /// A line that is no request.
    Nonsense { id: Option<u64>, reason: String },
    /// The client asked to end.
    Stop,
}

/// Greets, then answers requests until the client asks to end or the input closes. What was asked before is still answered;
/// if nobody is left to hear it, the broken pipe ends the process, and [`LAST_ANSWERS`] does if it hangs.
pub(crate) fn serve(scoring: &Scoring) -> io::Result<()> {
    say(&Reply::Hello(scoring.hello()))?;
    let cancelled = Cancelled::default();
    let (sender, heard) = sync_channel(QUEUE);
    let listener = thread::Builder::new().name("stdin".to_owned());
    // Ends with the process.
    drop(listener.spawn({
        let cancelled = Arc::clone(&cancelled);
        move || {
            listen(&mut io::stdin().lock(), &sender, &cancelled);
            drop(sender);
            thread::sleep(LAST_ANSWERS);
            std::process::exit(i32::from(EXIT_PIPE));
        }
    })?);
    answer(scoring, &heard, &cancelled)
}

fn answer(scoring: &Scoring, heard: &Receiver<Heard>, cancelled: &Cancelled) -> io::Result<()> {
    while let Ok(heard) = heard.recv() {
        match heard {
            Heard::Score { id, texts } => {
                let reply = score(scoring, id, &texts, cancelled);
                lock(cancelled).remove(&id);
                say(&reply)?;
            }
            Heard::Nonsense { id, reason } => say(&fault(id, FaultCode::BadRequest, reason))?,
            Heard::Stop => break,
        }
    }
    Ok(())
}

/// Scores the texts of a request. A panic, as of a failed tensor operation, is the answer to this request only.
fn score(scoring: &Scoring, id: u64, texts: &[String], cancelled: &Cancelled) -> Reply {
    let progress = |done: usize| {
        // A broken pipe shows when the answer is written.
        let told = done == 0
            || say(&Reply::Progress {
                id,
                done,
                total: texts.len(),
            })
            .is_ok();
        told && !lock(cancelled).contains(&id)
    };
    match catch_unwind(AssertUnwindSafe(|| scoring.score(texts, progress))) {
        Ok(Ok(scored)) => Reply::Scores {
            id,
            scores: scored.scores,
            truncated: scored.truncated,
        },
        Ok(Err(Stop::Cancelled)) => fault(Some(id), FaultCode::Cancelled, "cancelled".to_owned()),
        Ok(Err(Stop::Failed(error))) => fault(Some(id), FaultCode::Internal, format!("{error:#}")),
        Err(panic) => {
            let message = words_of(&*panic);
            log(&message);
            fault(Some(id), FaultCode::Internal, message)
        }
    }
}

/// Reads lines until the input closes.
fn listen(input: &mut impl BufRead, sender: &SyncSender<Heard>, cancelled: &Cancelled) {
    let mut line = Vec::new();
    loop {
        line.clear();
        match input
            .by_ref()
            .take(MAX_LINE_BYTES as u64)
            .read_until(b'\n', &mut line)
        {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => {
                log(&format!("standard input cannot be read: {error}"));
                return;
            }
        }
        let heard = match understand(&line) {
            Ok(Request::Cancel { id }) => {
                lock(cancelled).insert(id);
                continue;
            }
            Ok(Request::Score { id, texts }) if texts.len() > MAX_TEXTS => Heard::Nonsense {
                id: Some(id),
                reason: format!("{} texts are more than {MAX_TEXTS}", texts.len()),
            },
            Ok(Request::Score { id, texts }) => Heard::Score { id, texts },
            Ok(Request::Stop) => Heard::Stop,
            Err(reason) => Heard::Nonsense { id: None, reason },
        };
        if sender.send(heard).is_err() {
            return;
        }
    }
}

fn understand(line: &[u8]) -> Result<Request, String> {
    if line.last() != Some(&b'\n') {
        return Err(format!(
            "a line is longer than {MAX_LINE_BYTES} bytes or has no end"
        ));
    }
    serde_json::from_slice(line).map_err(|error| format!("the line is no request: {error}"))
}

fn fault(id: Option<u64>, code: FaultCode, message: String) -> Reply {
    Reply::Error {
        id,
        error: Fault { code, message },
    }
}

fn lock(cancelled: &Cancelled) -> std::sync::MutexGuard<'_, BTreeSet<u64>> {
    cancelled.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes one reply.
pub(crate) fn say(reply: &Reply) -> io::Result<()> {
    let mut line = serde_json::to_vec(reply)?;
    line.push(b'\n');
    let mut stdout = io::stdout().lock();
    stdout.write_all(&line)?;
    stdout.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_understood_or_refused() {
        let check =
            |line: &str, expected: Result<Request, &str>| match (understand(line.as_bytes()), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
                (found, _) => panic!("{line}: {found:?}"),
            };
        check("{\"type\":\"stop\"}\n", Ok(Request::Stop));
        check(
            "{\"type\":\"score\",\"id\":1,\"texts\":[\"a\"]}\n",
            Ok(Request::Score {
                id: 1,
                texts: vec!["a".into()],
            }),
        );
        check("{\"type\":\"dance\"}\n", Err("no request"));
        check("[1\n", Err("no request"));
        check("{\"type\":\"stop\"}", Err("has no end"));
    }

    #[test]
    fn the_listener_notes_cancellations_at_once_and_ends_with_its_input() {
        let lines = "{\"type\":\"score\",\"id\":1,\"texts\":[\"a\"]}\n{\"type\":\"cancel\",\"id\":1}\nwhat?\n{\"type\":\"stop\"}\n";
        let cancelled = Cancelled::default();
        let (sender, heard) = sync_channel(8);
        listen(&mut lines.as_bytes(), &sender, &cancelled);
        drop(sender);
        assert!(lock(&cancelled).contains(&1));
        let kinds: Vec<&str> = heard
            .iter()
            .map(|heard| match heard {
                Heard::Score { .. } => "score",
                Heard::Nonsense { .. } => "nonsense",
                Heard::Stop => "stop",
            })
            .collect();
        assert_eq!(kinds, ["score", "nonsense", "stop"]);
    }
}
