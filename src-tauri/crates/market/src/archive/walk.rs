//! Many files, newest first, with every wait told.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use promptpal_domain::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Archive, ArchiveFile, ArchivePage, ArchivePeriod, ArchiveProgress, Sha256Hex};
use crate::patience::{self, Patience};
use crate::{MarketError, WaitReason};

/// Events that may wait for the receiver.
const EVENTS_AHEAD: usize = 2;
/// So many days of a month that are not there, one after the other, and the rest of the month is left to REST.
const ABSENT_DAYS: u32 = 3;
/// So many months of which nothing is there, and what is older is left to REST: the symbol was not listed yet.
const ABSENT_MONTHS: u32 = 3;
/// Progress is told in steps of so many bytes.
const STEP: u64 = 256 << 10;

/// What a walk over archives tells.
#[derive(Debug)]
pub enum ArchiveEvent {
    /// A file that was read. Its checksum differs from the remembered one, or there was none.
    Page(ArchivePage),
    /// The file's checksum is the remembered one: nothing was downloaded.
    Unchanged {
        /// Which file.
        file: ArchiveFile,
        /// Its checksum.
        sha256: Sha256Hex,
    },
    /// There is no such file, or not yet. After a month its days are tried.
    Absent(ArchiveFile),
    /// The file is there and cannot be believed. Its candles are to be asked for by REST.
    Refused {
        /// Which file.
        file: ArchiveFile,
        /// Why.
        error: MarketError,
    },
    /// A download goes on.
    Progress {
        /// Name of the file.
        name: String,
        /// How far it is.
        progress: ArchiveProgress,
    },
    /// Nothing will happen until then; the walk goes on by itself.
    Waiting {
        /// End of the wait by our clock.
        until: Timestamp,
        /// Why.
        reason: WaitReason,
    },
}

impl Archive {
    /// Fetches files in their order, some of them side by side, so that neighbours may change places. `known` holds the
    /// checksums of files that were read before, by name: those that have not changed are not downloaded. A month that is
    /// not there is followed by its days; when nothing is there of three months in a row, the walk ends.
    ///
    /// The receiver gets events and closes after the last file, after an error, or after `cancel` (then without another
    /// word). Dropping it ends the work too. A file that is refused ends nothing; an error is one of the host.
    #[must_use]
    pub fn walk(
        &self,
        files: Vec<ArchiveFile>,
        known: HashMap<String, Sha256Hex>,
        cancel: CancellationToken,
    ) -> mpsc::Receiver<Result<ArchiveEvent, MarketError>> {
        let (events, receiver) = mpsc::channel(EVENTS_AHEAD);
        let walk = Arc::new(Walk {
            archive: self.clone(),
            known,
            events,
            cancel: cancel.clone(),
        });
        tokio::spawn(async move {
            let outcome = tokio::select! {
                () = cancel.cancelled() => return,
                () = walk.events.closed() => return,
                outcome = walk.run(files) => outcome,
            };
            if let Err(Stop::Error(error)) = outcome {
                let _ = walk.events.send(Err(error)).await;
            }
        });
        receiver
    }
}

struct Walk {
    archive: Archive,
    known: HashMap<String, Sha256Hex>,
    events: mpsc::Sender<Result<ArchiveEvent, MarketError>>,
    cancel: CancellationToken,
}

enum Stop {
    /// Nobody listens any more.
    Unheard,
    Error(MarketError),
}

/// Whether something was published, readable or not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Something,
    Nothing,
}

impl Walk {
    async fn run(&self, files: Vec<ArchiveFile>) -> Result<(), Stop> {
        let at_once = self.archive.config().at_once.max(1);
        let mut outcomes = stream::iter(files)
            .map(|file| async move { (file.period, self.with_days(file).await) })
            .buffered(at_once);
        let mut absent_months = 0;
        while let Some((period, outcome)) = outcomes.next().await {
            match (period, outcome?) {
                (ArchivePeriod::Day, _) => {}
                (ArchivePeriod::Month, Found::Something) => absent_months = 0,
                (ArchivePeriod::Month, Found::Nothing) => absent_months += 1,
            }
            if absent_months == ABSENT_MONTHS {
                break;
            }
        }
        Ok(())
    }

    /// A file, and when it is a month that is not there, its days.
    async fn with_days(&self, file: ArchiveFile) -> Result<Found, Stop> {
        if self.one(&file).await? == Found::Something {
            return Ok(Found::Something);
        }
        let (mut found, mut absent) = (Found::Nothing, 0);
        for day in self.archive.days_of(&file) {
            match self.one(&day).await? {
                Found::Something => (found, absent) = (Found::Something, 0),
                Found::Nothing => absent += 1,
            }
            if absent == ABSENT_DAYS {
                break;
            }
        }
        Ok(found)
    }

    async fn one(&self, file: &ArchiveFile) -> Result<Found, Stop> {
        let mut again = true;
        loop {
            match self.attempt(file).await {
                // Between the two requests the file may have been published anew: both are asked for once more.
                Err(Stop::Error(MarketError::ChecksumMismatch { .. })) if again => again = false,
                Err(Stop::Error(error)) if concerns_file(&error) => {
                    let file = file.clone();
                    self.send(ArchiveEvent::Refused { file, error }).await?;
                    return Ok(Found::Something);
                }
                outcome => return outcome,
            }
        }
    }

    async fn attempt(&self, file: &ArchiveFile) -> Result<Found, Stop> {
        let absent = || ArchiveEvent::Absent(file.clone());
        let Some(sum) = self.patiently(|| self.archive.checksum(file)).await? else {
            self.send(absent()).await?;
            return Ok(Found::Nothing);
        };
        if self.known.get(&file.name) == Some(&sum) {
            let (file, sha256) = (file.clone(), sum);
            self.send(ArchiveEvent::Unchanged { file, sha256 }).await?;
            return Ok(Found::Something);
        }
        let page = self
            .patiently(|| {
                let mut told = 0;
                let tell = move |progress: ArchiveProgress| {
                    if progress.done >= told + STEP || Some(progress.done) == progress.total {
                        told = progress.done;
                        let name = file.name.clone();
                        // A receiver that has no time for a step gets the next one.
                        let _ = self
                            .events
                            .try_send(Ok(ArchiveEvent::Progress { name, progress }));
                    }
                };
                self.archive.fetch(file, &sum, tell, &self.cancel)
            })
            .await?;
        match page {
            Some(page) => {
                self.send(ArchiveEvent::Page(page)).await?;
                Ok(Found::Something)
            }
            None => {
                self.send(absent()).await?;
                Ok(Found::Nothing)
            }
        }
    }

    /// Does it, waiting out pauses and trying passing failures again, and tells of each wait.
    async fn patiently<T, F: Future<Output = Result<T, MarketError>>>(
        &self,
        ask: impl Fn() -> F,
    ) -> Result<T, Stop> {
        let (clock, config) = (&self.archive.inner.clock, self.archive.config());
        let mut failures = 0;
        loop {
            let error = match ask().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let patience = Patience {
                retry_wait: config.retry_wait,
                longest_wait: config.longest_wait,
            };
            let (until, reason) =
                patience::wait_for(error, &mut failures, clock.now(), patience).map_err(Stop::Error)?;
            self.send(ArchiveEvent::Waiting { until, reason }).await?;
            patience::wait_until(clock.as_ref(), until).await;
        }
    }

    async fn send(&self, event: ArchiveEvent) -> Result<(), Stop> {
        self.events.send(Ok(event)).await.map_err(|_| Stop::Unheard)
    }
}

/// Whether the error says something of one file and nothing of the host.
const fn concerns_file(error: &MarketError) -> bool {
    matches!(
        error,
        MarketError::ChecksumMismatch { .. }
            | MarketError::ArchiveUnusable { .. }
            | MarketError::NotJson { .. }
            | MarketError::TooLarge { .. }
            | MarketError::Refused { .. }
    )
}
