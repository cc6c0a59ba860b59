//! Opening, reading, writing and closing the file.

mod migrate;
mod writer;

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use promptpal_domain::Timestamp;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};

use crate::StoreError;
use crate::candles::build_ledgers;
use crate::error::Fault;
use writer::Writer;

pub(crate) type BoxFuture<'c, T> = Pin<Box<dyn Future<Output = T> + Send + 'c>>;

/// How a store is opened.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// Read-only connections.
    pub readers: u32,
    /// How long a write waits for another process before it fails as [`StoreError::Locked`].
    pub busy_timeout: Duration,
    /// Writes that may wait for the writer; further callers wait for a place.
    pub queue: usize,
    /// The size that the file may grow to, in bytes; beyond it writes fail as [`StoreError::DiskFull`].
    pub max_bytes: Option<u64>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        Self {
            readers: 4,
            busy_timeout: Duration::from_secs(10),
            queue: 256,
            max_bytes: None,
        }
    }
}

/// A handle of the workspace's database. Clones share the file, the writer and the readers.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    readers: SqlitePool,
    writer: Writer,
}

/// SQLite's default page size, which the workspace keeps.
const PAGE_BYTES: u64 = 4096;

impl Store {
    /// Opens the file, makes it where there is none, and brings its schema up to date. `now` names the copy that a
    /// migration makes before it rewrites a table. Must be called on a Tokio runtime, which then runs the writer.
    ///
    /// # Errors
    /// [`StoreError::DatabaseNewer`] and [`StoreError::NotOurs`] leave the file untouched; [`StoreError::CannotOpen`],
    /// [`StoreError::ReadOnly`], [`StoreError::Corrupt`], [`StoreError::Locked`], [`StoreError::DiskFull`],
    /// [`StoreError::Migration`].
    pub async fn open(
        path: impl AsRef<Path>,
        options: StoreOptions,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let path = path.as_ref().to_owned();
        probe(&path)?;
        let writing = writing_options(&path, &options);
        migrate::bring_up_to_date(&path, &writing, &migrate::MIGRATIONS, now).await?;
        let writer = Writer::start(writing, options.queue).await?;
        let reading = connect_options(&path, &options)
            .read_only(true)
            .create_if_missing(false);
        let readers = SqlitePoolOptions::new()
            .max_connections(options.readers.max(1))
            .test_before_acquire(false)
            .acquire_timeout(options.busy_timeout + Duration::from_secs(20))
            .connect_lazy_with(reading);
        let store = Self {
            inner: Arc::new(Inner {
                path,
                readers,
                writer,
            }),
        };
        build_ledgers(&store, now).await?;
        Ok(store)
    }

    /// Whether the workspace can be written at this moment: commits a transaction that changes nothing. After a write
    /// that failed this tells whether the cause lasts.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`], [`StoreError::ReadOnly`], [`StoreError::Locked`], [`StoreError::Closed`] and the other
    /// errors of a write: the cause.
    pub async fn health(&self) -> Result<(), StoreError> {
        self.write("write to the database", |tx| {
            Box::pin(async move {
                // The number that is there already: a page is written, nothing is changed.
                sqlx::query("PRAGMA application_id = 1347445100")
                    .execute(tx)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// Ends all reads and waits for the writes that were handed in, empties the write-ahead log into the file and
    /// closes it. What is asked afterwards fails as [`StoreError::Closed`]. Closing again does nothing.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] or [`StoreError::Sql`] when the log could not be emptied. Nothing is lost by that:
    /// the next opening reads the log.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.inner.readers.close().await;
        self.inner.writer.close().await
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Bytes on disk: the file and its write-ahead log.
    ///
    /// # Errors
    /// [`StoreError::CannotOpen`] when the file is gone.
    pub fn size_bytes(&self) -> Result<u64, StoreError> {
        let path = &self.inner.path;
        let main = std::fs::metadata(path)
            .map_err(|source| StoreError::CannotOpen {
                path: path.clone(),
                source,
            })?
            .len();
        let mut log = path.clone().into_os_string();
        log.push("-wal");
        Ok(main + std::fs::metadata(log).map_or(0, |found| found.len()))
    }

    /// Reads the whole file and checks its structure, indexes and references. Takes seconds on a large file.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with the first faults found.
    pub async fn integrity_check(&self) -> Result<(), StoreError> {
        let doing = "check the database";
        let faults: Vec<String> = self
            .read(doing, |tx| {
                Box::pin(async move {
                    let mut faults: Vec<String> =
                        sqlx::query_scalar("PRAGMA integrity_check(10)").fetch_all(&mut **tx).await?;
                    faults.retain(|line| line != "ok");
                    let orphans: Vec<(String,)> = sqlx::query_as(
                        "SELECT DISTINCT \"table\" || ' refers to a missing ' || parent FROM pragma_foreign_key_check LIMIT 10",
                    )
                    .fetch_all(&mut **tx)
                    .await?;
                    faults.extend(orphans.into_iter().map(|(line,)| line));
                    Ok(faults)
                })
            })
            .await?;
        if faults.is_empty() {
            Ok(())
        } else {
            Err(StoreError::Corrupt {
                doing,
                detail: faults.join("; "),
            })
        }
    }

    /// Runs `work` as one transaction of the writer and resolves after the commit.
    ///
    /// Once handed in, the write is carried out even if this future is dropped.
    pub(crate) async fn write<T, F>(&self, doing: &'static str, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, Fault>> + Send + 'static,
    {
        self.inner.writer.run(doing, work).await
    }

    /// Runs `work` on a read-only connection, on one snapshot.
    pub(crate) async fn read<T, F>(&self, doing: &'static str, work: F) -> Result<T, StoreError>
    where
        F: for<'c> FnOnce(&'c mut Transaction<'static, Sqlite>) -> BoxFuture<'c, Result<T, Fault>>,
    {
        let failed = |source| StoreError::from_sql(doing, source);
        let mut tx = self.inner.readers.begin().await.map_err(failed)?;
        let outcome = work(&mut tx).await;
        tx.rollback().await.map_err(failed)?;
        outcome.map_err(|fault| fault.while_doing(doing))
    }
}

fn connect_options(path: &Path, options: &StoreOptions) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(options.busy_timeout)
        .statement_cache_capacity(200)
        .row_buffer_size(4096)
        .pragma("cache_size", "-8000")
        .pragma("temp_store", "memory")
}

fn writing_options(path: &Path, options: &StoreOptions) -> SqliteConnectOptions {
    let writing = connect_options(path, options)
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .pragma("cache_size", "-32000")
        .pragma("journal_size_limit", "67108864");
    match options.max_bytes {
        Some(bytes) => writing.pragma("max_page_count", (bytes / PAGE_BYTES).max(1).to_string()),
        None => writing,
    }
}

/// Finds out why a file cannot be written, which SQLite sums up as "unable to open".
fn probe(path: &Path) -> Result<(), StoreError> {
    use std::io::ErrorKind::{PermissionDenied, ReadOnlyFilesystem, StorageFull};
    let doing = "open the database";
    let failed = |source: std::io::Error| match source.kind() {
        PermissionDenied | ReadOnlyFilesystem => StoreError::ReadOnly { doing },
        StorageFull => StoreError::DiskFull { doing },
        _ => StoreError::CannotOpen {
            path: path.to_owned(),
            source,
        },
    };
    // SQLite takes an empty file for a new database.
    std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .map_err(failed)?;
    // The log and its index are made beside the file.
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!("-probe-{}", std::process::id()));
    let beside = folder.join(name);
    std::fs::File::create(&beside).map_err(failed)?;
    // Another thread that opens the same file may have removed it already.
    let _ = std::fs::remove_file(&beside);
    Ok(())
}

#[cfg(test)]
mod tests;
