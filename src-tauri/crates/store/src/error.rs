//! What can go wrong with the workspace's file, by what the caller can do about it.

use std::path::PathBuf;

use promptpal_domain::{DecimalError, SeriesKey, Timestamp};

/// Why the store could not do what it was asked.
///
/// `doing` says what was being done, as an infinitive: "store candles".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file was written by a newer version of the program. It was not touched.
    #[error("{} was written by a newer version (schema {found}, this version knows {known})", path.display())]
    DatabaseNewer {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: i64,
        /// The newest schema version that this program knows.
        known: i64,
    },
    /// The file is a database, but of another program.
    #[error("{} is a database of another program", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be opened or created.
    #[error("cannot open {}", path.display())]
    CannotOpen {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The schema could not be brought up to date; nothing was changed.
    #[error("cannot bring {} up to date", path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sqlx::migrate::MigrateError,
    },
    /// The disk, or the size allowed for the database, is full. Nothing of the write was kept.
    #[error("cannot {doing}: the disk is full")]
    DiskFull {
        /// What was being done.
        doing: &'static str,
    },
    /// The file or its folder may not be written to.
    #[error("cannot {doing}: the database is read-only")]
    ReadOnly {
        /// What was being done.
        doing: &'static str,
    },
    /// Another process held the database for longer than the busy timeout. Worth another try.
    #[error("cannot {doing}: another program keeps the database locked")]
    Locked {
        /// What was being done.
        doing: &'static str,
    },
    /// The file is damaged.
    #[error("cannot {doing}: the database is damaged ({detail})")]
    Corrupt {
        /// What was being done.
        doing: &'static str,
        /// What was found.
        detail: String,
    },
    /// There is no such row.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Its number or name.
        id: String,
    },
    /// A candle's number cannot be kept exactly beside the others of its series.
    #[error("candle of {series} at {at}: a number cannot be kept exactly")]
    DoesNotFit {
        /// The series.
        series: SeriesKey,
        /// The candle's open time.
        at: Timestamp,
        /// Why.
        source: DecimalError,
    },
    /// Columns that must have equal lengths have not.
    #[error("cannot {doing}: columns of different lengths")]
    UnevenColumns {
        /// What was being done.
        doing: &'static str,
    },
    /// A rule of the schema refuses the values, such as a reference to a row that is gone.
    #[error("cannot {doing}: the values are refused")]
    Refused {
        /// What was being done.
        doing: &'static str,
        /// The rule.
        source: sqlx::Error,
    },
    /// A stored value is none that this program writes.
    #[error("cannot read {column}: '{value}' is not a value that this version writes")]
    Unreadable {
        /// Table and column.
        column: &'static str,
        /// What stands there.
        value: String,
    },
    /// Candles could not be packed as columns. Nothing is lost: they are read from their rows.
    #[error("cannot seal candles as columns")]
    Columns {
        /// Why.
        source: std::io::Error,
    },
    /// A file of an export could not be written.
    #[error("cannot write {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A Parquet file could not be written.
    #[error("cannot write {} as Parquet", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// Why.
        source: parquet::errors::ParquetError,
    },
    /// The store has been closed.
    #[error("cannot {doing}: the database is closed")]
    Closed {
        /// What was being done.
        doing: &'static str,
    },
    /// The code of a write or an export panicked: a bug. Nothing of it was kept.
    #[error("cannot {doing}: the program failed inside (a bug)")]
    Panicked {
        /// What was being done.
        doing: &'static str,
    },
    /// SQLite failed in another way.
    #[error("cannot {doing}")]
    Sql {
        /// What was being done.
        doing: &'static str,
        /// How.
        source: sqlx::Error,
    },
}

impl StoreError {
    /// Sorts an error of the database by what it means for the caller.
    pub(crate) fn from_sql(doing: &'static str, source: sqlx::Error) -> Self {
        match &source {
            sqlx::Error::PoolClosed => Self::Closed { doing },
            sqlx::Error::PoolTimedOut => Self::Locked { doing },
            sqlx::Error::Database(database) => match primary_code(database.as_ref()) {
                Some(SQLITE_BUSY | SQLITE_LOCKED) => Self::Locked { doing },
                Some(SQLITE_READONLY | SQLITE_PERM) => Self::ReadOnly { doing },
                Some(SQLITE_FULL) => Self::DiskFull { doing },
                Some(SQLITE_CORRUPT | SQLITE_NOTADB) => Self::Corrupt {
                    doing,
                    detail: database.message().to_owned(),
                },
                Some(SQLITE_CONSTRAINT) => Self::Refused { doing, source },
                _ => Self::Sql { doing, source },
            },
            _ => Self::Sql { doing, source },
        }
    }
}

// Primary result codes, https://www.sqlite.org/rescode.html
const SQLITE_PERM: i32 = 3;
const SQLITE_BUSY: i32 = 5;
const SQLITE_LOCKED: i32 = 6;
const SQLITE_READONLY: i32 = 8;
const SQLITE_CORRUPT: i32 = 11;
const SQLITE_FULL: i32 = 13;
pub(crate) const SQLITE_CANTOPEN: i32 = 14;
const SQLITE_CONSTRAINT: i32 = 19;
const SQLITE_NOTADB: i32 = 26;

/// SQLite's result code without the extension in its upper bits.
pub(crate) fn primary_code(error: &dyn sqlx::error::DatabaseError) -> Option<i32> {
    error.code()?.parse::<i32>().ok().map(|code| code & 0xff)
}

/// What the body of a read or write fails with, before it is known what was being done.
pub(crate) enum Fault {
    Sql(sqlx::Error),
    Store(StoreError),
}

impl Fault {
    pub(crate) fn while_doing(self, doing: &'static str) -> StoreError {
        match self {
            Self::Sql(source) => StoreError::from_sql(doing, source),
            Self::Store(error) => error,
        }
    }
}

impl From<sqlx::Error> for Fault {
    fn from(source: sqlx::Error) -> Self {
        Self::Sql(source)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
