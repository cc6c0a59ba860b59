//! Bringing the schema up to date: what is refused, what is copied first, and that it is all or nothing.

use std::path::{Path, PathBuf};
use std::time::Duration;

use promptpal_domain::Timestamp;
use sqlx::migrate::{MigrateError, Migration, Migrator};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::StoreError;
use crate::error::{SQLITE_CANTOPEN, primary_code};

/// The files of `migrations/`, part of the program.
pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("../../../migrations");

/// A migration with this line in it rewrites a table: the file is copied before.
const REWRITES: &str = "-- promptpal: rewrites a table";

/// "PPal", as the first migration sets it.
const APPLICATION_ID: i32 = 0x5050_616c;

const DOING: &str = "open the database";

/// How long to wait for a process that is just recovering the file.
const LOOK_TIMEOUT: Duration = Duration::from_secs(10);

/// What is found in the file before anything is changed.
struct Found {
    /// The newest migration applied; 0 in a new file.
    version: i64,
}

/// Applies the migrations that are missing, in one transaction, or refuses the file.
pub(super) async fn bring_up_to_date(
    path: &Path,
    options: &SqliteConnectOptions,
    migrations: &Migrator,
    now: Timestamp,
) -> Result<(), StoreError> {
    let known = migrations
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0);
    let found = inspect(path, known).await?;
    let missing: Vec<&Migration> = migrations.iter().filter(|m| m.version > found.version).collect();
    if missing.is_empty() {
        return Ok(());
    }
    // With foreign keys on, dropping the old copy of a rewritten table would delete the rows that refer to it.
    let mut connection = options
        .clone()
        .foreign_keys(false)
        .connect()
        .await
        .map_err(|e| opening(path, e))?;
    let rewrites = missing
        .iter()
        .any(|migration| migration.sql.as_str().lines().any(|line| line.trim() == REWRITES));
    if rewrites && found.version > 0 {
        copy(&mut connection, &copy_path(path, found.version, now)).await?;
    }
    let outcome = apply(&mut connection, path, migrations, known).await;
    connection.close().await.map_err(|e| opening(path, e))?;
    outcome
}

/// Looks at the file without changing it.
async fn inspect(path: &Path, known: i64) -> Result<Found, StoreError> {
    if std::fs::metadata(path).map_or(0, |file| file.len()) == 0 {
        return Ok(Found { version: 0 });
    }
    let looking = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(LOOK_TIMEOUT);
    let mut connection = looking.connect().await.map_err(|source| opening(path, source))?;
    let found = look(&mut connection, path, known).await;
    connection.close().await.map_err(|source| opening(path, source))?;
    found
}

async fn look(connection: &mut SqliteConnection, path: &Path, known: i64) -> Result<Found, StoreError> {
    let failed = |source| opening(path, source);
    let (tables, ours): (i64, i64) = sqlx::query_as(
        "SELECT count(*), count(*) FILTER (WHERE name = '_sqlx_migrations') FROM sqlite_schema WHERE type = 'table'",
    )
    .fetch_one(&mut *connection)
    .await
    .map_err(failed)?;
    if tables == 0 {
        return Ok(Found { version: 0 });
    }
    let id: i32 = sqlx::query_scalar("PRAGMA application_id")
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    if ours == 0 || id != APPLICATION_ID {
        return Err(StoreError::NotOurs {
            path: path.to_owned(),
        });
    }
    let version: i64 = sqlx::query_scalar("SELECT coalesce(max(version), 0) FROM _sqlx_migrations")
        .fetch_one(&mut *connection)
        .await
        .map_err(failed)?;
    if version > known {
        return Err(StoreError::DatabaseNewer {
            path: path.to_owned(),
            found: version,
            known,
        });
    }
    Ok(Found { version })
}

async fn apply(
    connection: &mut SqliteConnection,
    path: &Path,
    migrations: &Migrator,
    known: i64,
) -> Result<(), StoreError> {
    let failed = |source| opening(path, source);
    // Takes the write lock first, so that a second process waits here and then finds nothing left to do.
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
    match migrations.run(&mut *tx).await {
        Ok(()) => {}
        Err(MigrateError::VersionMissing(found)) => {
            return Err(StoreError::DatabaseNewer {
                path: path.to_owned(),
                found,
                known,
            });
        }
        Err(MigrateError::Execute(source)) => return Err(opening(path, source)),
        Err(MigrateError::ExecuteMigration(source, version)) => {
            return Err(match StoreError::from_sql(DOING, source) {
                StoreError::Sql { source, .. } | StoreError::Refused { source, .. } => {
                    let source = MigrateError::ExecuteMigration(source, version);
                    StoreError::Migration {
                        path: path.to_owned(),
                        source,
                    }
                }
                other => other,
            });
        }
        Err(source) => {
            return Err(StoreError::Migration {
                path: path.to_owned(),
                source,
            });
        }
    }
    let orphans: i64 = sqlx::query_scalar("SELECT count(*) FROM pragma_foreign_key_check")
        .fetch_one(&mut *tx)
        .await
        .map_err(failed)?;
    if orphans > 0 {
        let detail = format!("{orphans} references to missing rows after the migration");
        return Err(StoreError::Corrupt {
            doing: "bring the database up to date",
            detail,
        });
    }
    tx.commit().await.map_err(failed)
}

/// Beside the file: `promptpal.db` at schema 3 becomes `promptpal.db.schema-3-20240131T120000Z.bak`.
fn copy_path(path: &Path, version: i64, now: Timestamp) -> PathBuf {
    let stamp: String = now
        .to_string()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".schema-{version}-{stamp}.bak"));
    PathBuf::from(name)
}

/// Writes a consistent copy; one that was cut short never has the final name.
async fn copy(connection: &mut SqliteConnection, to: &Path) -> Result<(), StoreError> {
    let doing = "copy the database before a migration";
    let failed = |source| StoreError::File {
        path: to.to_owned(),
        source,
    };
    if to.exists() {
        return Ok(());
    }
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    if partial.exists() {
        std::fs::remove_file(&partial).map_err(failed)?;
    }
    let Some(target) = partial.to_str() else {
        let source = std::io::Error::new(std::io::ErrorKind::InvalidFilename, "the path is not Unicode");
        return Err(failed(source));
    };
    sqlx::query("VACUUM INTO ?1")
        .bind(target)
        .execute(connection)
        .await
        .map_err(|source| StoreError::from_sql(doing, source))?;
    std::fs::File::open(&partial)
        .and_then(|file| file.sync_all())
        .map_err(failed)?;
    std::fs::rename(&partial, to).map_err(failed)
}

fn opening(path: &Path, source: sqlx::Error) -> StoreError {
    if let sqlx::Error::Database(database) = &source
        && primary_code(database.as_ref()) == Some(SQLITE_CANTOPEN)
    {
        let source = std::io::Error::other(database.message().to_owned());
        return StoreError::CannotOpen {
            path: path.to_owned(),
            source,
        };
    }
    StoreError::from_sql(DOING, source)
}

#[cfg(test)]
mod tests;
