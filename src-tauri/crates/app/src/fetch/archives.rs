//! History from the exchange's archives, and which of their files have been issued anew.

use std::collections::HashMap;

use promptpal_domain::{CandleSource, SeriesKey, Span};
use promptpal_market::{Archive, ArchiveEvent, ArchiveFile, ArchivePage, Sha256Hex};
use promptpal_store::{ArchiveRow, Page};

use super::pages::wait_line;
use super::{FetchReport, Work};
use crate::phase::{Step, Unit};
use crate::{App, AppError};

impl App {
    /// Reads `files` into the series, newest first. A file whose checksum stands in the store is not downloaded again.
    pub(crate) async fn read_archives(
        &self,
        work: &Work<'_>,
        archive: &Archive,
        files: Vec<ArchiveFile>,
        report: &mut FetchReport,
    ) -> Result<(), AppError> {
        if files.is_empty() {
            return Ok(());
        }
        let Work {
            id, key, progress, ..
        } = *work;
        let known = checksums(self.store().archive_files(id).await?);
        progress.phase(
            Step::ReadingArchives.of([format!("{} {}", key.symbol, key.interval)]),
            Unit::Candles,
            Some(
                files
                    .iter()
                    .map(|file| key.interval.count_between(file.span.from(), file.span.to()))
                    .sum(),
            ),
        );
        let cancel = progress.cancel_token().child_token();
        let _ends = cancel.clone().drop_guard();
        let mut events = archive.walk(files, known, cancel);
        while let Some(event) = events.recv().await {
            match event? {
                ArchiveEvent::Page(page) => self.store_archive(work, page, report).await?,
                ArchiveEvent::Unchanged { file, .. } => {
                    self.store()
                        .archive_checked(id, &file.name, self.inner.clock.now())
                        .await?;
                    report.archives_unchanged += 1;
                    progress.advance(openings(key, file.span));
                }
                ArchiveEvent::Absent(file) => {
                    progress.log(format!("{} is not in the archives", file.name));
                }
                ArchiveEvent::Refused { file, error } => {
                    report.archives_refused += 1;
                    progress.log(format!(
                        "{}: {error}; it is asked for page by page instead",
                        file.name
                    ));
                    tracing::warn!(file = file.name, %error, "an archive was refused");
                }
                ArchiveEvent::Progress { .. } => {}
                ArchiveEvent::Waiting { until, reason } => {
                    progress.log(wait_line(&reason, &until.to_string()))
                }
            }
        }
        progress.check()
    }

    async fn store_archive(
        &self,
        work: &Work<'_>,
        page: ArchivePage,
        report: &mut FetchReport,
    ) -> Result<(), AppError> {
        let ArchivePage {
            file,
            sha256,
            candles,
            rejected,
            rejected_count,
            ..
        } = page;
        for row in rejected.iter().take(5) {
            work.progress.log(format!("{}: {row}", file.name));
        }
        report.rejected += rejected_count;
        report.archives += 1;
        let page = Page {
            candles,
            // Where it has no candle the store still counts the opening as missing: the venue itself is asked once.
            asked: Some(file.span),
            source: CandleSource::Archive,
            name: file.name,
            sha256: Some(sha256.to_string()),
        };
        self.put(work.id, page, report).await?;
        work.progress.advance(openings(work.key, file.span));
        Ok(())
    }
}

fn openings(key: &SeriesKey, span: Span) -> u64 {
    key.interval.count_between(span.from(), span.to())
}

/// The checksums of files that were read, by name.
pub(crate) fn checksums(files: Vec<ArchiveRow>) -> HashMap<String, Sha256Hex> {
    files
        .into_iter()
        .filter_map(|file| Some((file.name, file.sha256.parse().ok()?)))
        .collect()
}
