//! Our side: processes that wait for pages, and what became of one that died.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::wire::{Taken, Task};
use super::{EXIT_MEMORY, EXIT_TIME, ExtractorCommand, LONGEST_FRAME, MAGIC};
use crate::NewsError;
use crate::extract::Extracted;

/// Pages read at the same time.
const AT_ONCE: usize = 2;
/// After so many pages a process is replaced: whatever its parsers hold on to goes with it.
const MOST_PAGES: u32 = 500;
/// How long a new process may take to say that it is there.
const GREETING: Duration = Duration::from_secs(20);
/// How long a process whose pipes broke may take to be gone, and what it wrote for people.
const FAREWELL: Duration = Duration::from_secs(2);
const LAST_WORDS: u64 = 2000;

/// Processes that read pages.
#[derive(Debug)]
pub(crate) struct Pool {
    command: ExtractorCommand,
    /// How long a page may take in all; the process itself counts only the time that it worked.
    patience: Duration,
    waiting: Mutex<Vec<Process>>,
    turns: Semaphore,
}

#[derive(Debug)]
struct Process {
    child: Child,
    pages: ChildStdin,
    answers: BufReader<ChildStdout>,
    read: u32,
}

impl Pool {
    pub(crate) fn new(command: ExtractorCommand, patience: Duration) -> Self {
        Self {
            command,
            patience,
            waiting: Mutex::default(),
            turns: Semaphore::new(AT_ONCE),
        }
    }

    /// What is taken from a page.
    ///
    /// # Errors
    /// `NoReader` where no process can be started, `Extraction` where the page was the end of one. Dropping the future ends
    /// the process.
    pub(crate) async fn extract(
        &self,
        url: &str,
        charset: Option<String>,
        html: &[u8],
    ) -> Result<Extracted, NewsError> {
        let _turn = self.turns.acquire().await;
        let task = Task {
            url: url.to_owned(),
            charset,
        };
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut process = match waiting {
            Some(process) => process,
            None => Process::start(&self.command)
                .await
                .map_err(|error| NewsError::NoReader {
                    url: url.to_owned(),
                    reason: error.to_string(),
                })?,
        };
        let failed = |reason| NewsError::Extraction {
            url: url.to_owned(),
            reason,
        };
        match timeout(self.patience, process.read_page(&task, html)).await {
            Ok(Ok(taken)) => {
                if process.read < MOST_PAGES {
                    let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                    waiting.push(process);
                }
                Ok(taken.into())
            }
            Ok(Err(_)) => Err(failed(process.what_became_of_it().await)),
            Err(_) => {
                process.end().await;
                Err(failed("reading it took too long".to_owned()))
            }
        }
    }

    /// Lets the processes go that have nothing to do.
    pub(crate) fn rest(&self) {
        self.waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }
}

impl Process {
    async fn start(command: &ExtractorCommand) -> io::Result<Self> {
        let mut child = Command::new(&command.program)
            .args(&command.arguments)
            .envs(command.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(pages), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("it has no pipes"));
        };
        let mut process = Self {
            child,
            pages,
            answers: BufReader::new(answers),
            read: 0,
        };
        match timeout(GREETING, process.greeting()).await {
            Ok(greeted) => greeted.map(|()| process),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    /// Reads over whatever stands before the sign that frames follow.
    async fn greeting(&mut self) -> io::Result<()> {
        let mut last = [0_u8; MAGIC.len()];
        while last != *MAGIC {
            let next = self.answers.read_u8().await?;
            last.rotate_left(1);
            if let Some(end) = last.last_mut() {
                *end = next;
            }
        }
        Ok(())
    }

    async fn read_page(&mut self, task: &Task, html: &[u8]) -> io::Result<Taken> {
        self.read += 1;
        for frame in [&serde_json::to_vec(task)?, html] {
            let length = u32::try_from(frame.len()).map_err(io::Error::other)?;
            self.pages.write_all(&length.to_le_bytes()).await?;
            self.pages.write_all(frame).await?;
        }
        self.pages.flush().await?;
        let length = self.answers.read_u32_le().await?;
        if length > LONGEST_FRAME {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut answer = vec![0; length as usize];
        self.answers.read_exact(&mut answer).await?;
        Ok(serde_json::from_slice(&answer)?)
    }

    async fn end(&mut self) {
        let _ = self.child.start_kill();
        let _ = timeout(FAREWELL, self.child.wait()).await;
    }

    /// Why a process broke off, for people.
    async fn what_became_of_it(&mut self) -> String {
        let status = timeout(FAREWELL, self.child.wait()).await;
        let mut last_words = String::new();
        if let Some(stderr) = self.child.stderr.take() {
            let mut stderr = stderr.take(LAST_WORDS);
            let _ = timeout(FAREWELL, stderr.read_to_string(&mut last_words)).await;
        }
        self.end().await;
        match status {
            Ok(Ok(status)) => reason(status, &last_words),
            Ok(Err(_)) | Err(_) => "the process that read it did not answer any more".to_owned(),
        }
    }
}

fn reason(status: ExitStatus, last_words: &str) -> String {
    match status.code() {
        Some(EXIT_TIME) => "reading it took too much processor time".to_owned(),
        Some(EXIT_MEMORY) => "reading it took too much memory".to_owned(),
        // The words of the allocator, which has no memory left to say more.
        _ if last_words.contains("memory allocation of") => "reading it took too much memory".to_owned(),
        _ => format!("the process that read it ended ({status})"),
    }
}
