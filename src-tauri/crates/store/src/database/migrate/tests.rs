use std::borrow::Cow;

use sqlx::AssertSqlSafe;
use sqlx::SqlSafeStr;
use sqlx::migrate::MigrationType;

use super::*;

fn migration(version: i64, sql: &'static str) -> Migration {
    Migration::new(
        version,
        Cow::Borrowed("test"),
        MigrationType::Simple,
        sql.into_sql_str(),
        false,
    )
}

/// Ours, and one more that rewrites a table.
fn with_rewrite(sql: &'static str) -> Migrator {
    let mut all: Vec<Migration> = MIGRATIONS.iter().cloned().collect();
    all.push(migration(9000, sql));
    Migrator::with_migrations(all)
}

const REWRITE: &str = "-- promptpal: rewrites a table
    CREATE TABLE settings_new (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, at INTEGER) STRICT, WITHOUT ROWID;
    INSERT INTO settings_new SELECT key, value, 0 FROM settings;
    DROP TABLE settings;
    ALTER TABLE settings_new RENAME TO settings;";

async fn settings(path: &Path, sql: &'static str) -> Vec<(String,)> {
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .connect()
        .await
        .unwrap();
    let rows = sqlx::query_as(sql).fetch_all(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    rows
}

fn copies(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(".schema-"))
        .collect();
    found.sort();
    found
}

#[tokio::test]
async fn a_rewriting_migration_makes_a_copy_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true);
    let now: Timestamp = "2024-01-31T12:00:00Z".parse().unwrap();
    bring_up_to_date(&path, &options, &MIGRATIONS, now).await.unwrap();
    assert!(copies(folder.path()).is_empty(), "a new file needs no copy");
    settings(
        &path,
        "INSERT INTO settings VALUES ('theme', '\"dark\"') RETURNING key",
    )
    .await;

    bring_up_to_date(&path, &options, &with_rewrite(REWRITE), now)
        .await
        .unwrap();
    let copies = copies(folder.path());
    let known = MIGRATIONS.iter().map(|m| m.version).max().unwrap();
    assert_eq!(
        copies,
        [folder
            .path()
            .join(format!("w.db.schema-{known}-20240131T120000Z.bak"))]
    );
    assert_eq!(
        settings(&path, "SELECT key || at FROM settings").await,
        [("theme0".to_owned(),)]
    );
    assert_eq!(
        settings(&copies[0], "SELECT value FROM settings").await,
        [("\"dark\"".to_owned(),)]
    );

    let refused = bring_up_to_date(&path, &options, &MIGRATIONS, now).await;
    assert!(
        matches!(refused, Err(StoreError::DatabaseNewer { found: 9000, .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_failing_migration_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true);
    bring_up_to_date(&path, &options, &MIGRATIONS, Timestamp::EPOCH)
        .await
        .unwrap();
    let broken = with_rewrite("DROP TABLE settings; SELECT no_such_function();");
    let refused = bring_up_to_date(&path, &options, &broken, Timestamp::EPOCH).await;
    assert!(
        matches!(refused, Err(StoreError::Migration { .. })),
        "{refused:?}"
    );
    assert!(settings(&path, "SELECT key FROM settings").await.is_empty());
    bring_up_to_date(&path, &options, &MIGRATIONS, Timestamp::EPOCH)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_migration_that_leaves_orphans_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true);
    let orphan = with_rewrite("INSERT INTO coverage VALUES (77, 0, 1);");
    let refused = bring_up_to_date(&path, &options, &orphan, Timestamp::EPOCH).await;
    assert!(matches!(refused, Err(StoreError::Corrupt { .. })), "{refused:?}");
}

#[tokio::test]
async fn databases_of_others_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let check = async |name: &str, sql: &str| {
        let path = folder.path().join(name);
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true);
        let mut connection = options.connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        let before = std::fs::read(&path).unwrap();
        let refused = bring_up_to_date(&path, &options, &MIGRATIONS, Timestamp::EPOCH).await;
        assert!(
            matches!(refused, Err(StoreError::NotOurs { .. })),
            "{name}: {refused:?}"
        );
        assert!(before == std::fs::read(&path).unwrap(), "{name} was changed");
    };
    check("notes.db", "CREATE TABLE notes (text)").await;
    check(
        "sqlx.db",
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY)",
    )
    .await;
}
