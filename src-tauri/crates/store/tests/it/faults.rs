//! What goes wrong outside: newer files, full disks, locks, damage, missing rights.

use std::path::Path;
use std::time::Duration;

use promptpal_domain::{LedgerState, SeriesId, Span};
use promptpal_store::{Store, StoreError, StoreOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::fixtures::{HOUR, NOW, flat, full, key, page, series, span, workspace};

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(path)
        .connect()
        .await
        .unwrap()
}

async fn execute(path: &Path, sql: &str) {
    let mut connection = raw(path).await;
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

async fn open(path: &Path) -> Result<Store, StoreError> {
    Store::open(path, StoreOptions::default(), NOW).await
}

#[tokio::test]
async fn a_newer_database_is_refused_untouched() {
    let w = workspace().await;
    let path = w.store.path().to_owned();
    w.store.close().await.unwrap();
    execute(
        &path,
        "INSERT INTO _sqlx_migrations VALUES (9999, 'later', 0, true, x'00', 0)",
    )
    .await;
    let before = std::fs::read(&path).unwrap();
    match open(&path).await {
        Err(StoreError::DatabaseNewer {
            found: 9999, known, ..
        }) => assert!(known >= 1),
        other => panic!("{other:?}"),
    }
    assert!(before == std::fs::read(&path).unwrap(), "the file was changed");
}

#[tokio::test]
async fn reopening_finds_everything() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    w.store
        .put_page(id, page(vec![full(0)], None), NOW)
        .await
        .unwrap();
    assert!(w.store.size_bytes().unwrap() > 4096);
    w.store.close().await.unwrap();
    w.store.close().await.unwrap();
    assert!(
        !w.folder.path().join("w.db-wal").exists(),
        "closing empties the log"
    );
    for refused in [
        w.store.list_series().await.err(),
        w.store.ensure_series(&key("A", "1h")).await.err(),
    ] {
        assert!(matches!(refused, Some(StoreError::Closed { .. })), "{refused:?}");
    }
    let again = open(w.store.path()).await.unwrap();
    assert_eq!(again.candles(id, Span::ALL, 9).await.unwrap(), [full(0)]);
}

#[tokio::test]
async fn two_processes_write_at_once() {
    let w = workspace().await;
    let other = open(w.store.path()).await.unwrap();
    let id = series(&w.store, "1h").await;
    let put = async |store: Store, odd: i64| {
        for i in 0..50 {
            let candle = flat((2 * i + odd) * HOUR, "1", "1");
            store.put_page(id, page(vec![candle], None), NOW).await.unwrap();
        }
    };
    tokio::join!(put(w.store.clone(), 0), put(other.clone(), 1));
    assert_eq!(w.store.series(id).await.unwrap(), other.series(id).await.unwrap());
    let found = other.series(id).await.unwrap();
    assert_eq!((found.rows, found.gaps), (100, 0));
    other.close().await.unwrap();
    w.store.integrity_check().await.unwrap();
}

#[tokio::test]
async fn a_full_disk_keeps_what_was_stored() {
    let folder = tempfile::tempdir().unwrap();
    let options = StoreOptions {
        max_bytes: Some(600_000),
        ..StoreOptions::default()
    };
    let store = Store::open(folder.path().join("w.db"), options, NOW)
        .await
        .unwrap();
    let id = series(&store, "1h").await;
    let mut stored = 0;
    let full = loop {
        let batch = (stored..stored + 1000).map(|i| full(i * HOUR)).collect();
        match store.put_page(id, page(batch, None), NOW).await {
            Ok(_) => stored += 1000,
            Err(error) => break error,
        }
    };
    assert!(
        matches!(
            full,
            StoreError::DiskFull {
                doing: "store candles"
            }
        ),
        "{full:?}"
    );
    assert!(stored > 0);
    assert_eq!(store.bars(id, Span::ALL).await.unwrap().len() as i64, stored);
    // Ledger and journal are what they were before the page that did not fit.
    let ledger = store
        .ledger(id, span(0, (stored + 1000) * HOUR), 9)
        .await
        .unwrap();
    let openings: Vec<_> = ledger
        .iter()
        .map(|part| (part.openings as i64, &part.state))
        .collect();
    assert_eq!(
        openings,
        [(stored, &LedgerState::Present), (1000, &LedgerState::Pending)]
    );
    assert_eq!(store.journal(id, 100).await.unwrap().len() as i64, stored / 1000);
    assert_eq!(store.series(id).await.unwrap().rows as i64, stored);
    // The writer goes on: what makes room is still possible, and then there is room again.
    store.delete_series(id).await.unwrap();
    store.health().await.unwrap();
    let id = series(&store, "1h").await;
    store
        .put_page(id, page(vec![flat(0, "1", "1")], None), NOW)
        .await
        .unwrap();
    store.integrity_check().await.unwrap();
}

#[tokio::test]
async fn pages_of_several_series_are_stored_together_or_not_at_all() {
    let w = workspace().await;
    let (one, other) = (series(&w.store, "1h").await, series(&w.store, "1m").await);
    let put = async |second| {
        let pages = vec![
            (one, page(vec![full(0)], None)),
            (second, page(vec![full(0)], None)),
        ];
        w.store.put_pages(pages, NOW).await
    };
    let error = put(SeriesId(99)).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    assert_eq!(w.store.series(one).await.unwrap().rows, 0);
    let stored = put(other).await.unwrap();
    assert_eq!(
        stored.iter().map(|stored| stored.inserted).collect::<Vec<_>>(),
        [1, 1]
    );
    for id in [one, other] {
        assert_eq!(w.store.series(id).await.unwrap().rows, 1);
    }
}

#[tokio::test]
async fn columns_that_do_not_fit_are_done_without() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let store = open(&path).await.unwrap();
    let id = series(&store, "1m").await;
    let candles = (0..4 * 1440)
        // Noise, so that the columns take more than the free rest of a page.
        .map(|i: i64| {
            flat(
                i * 60_000,
                "1.5",
                &(i * i * 48_271 * 69_621 % 1_000_000_007).to_string(),
            )
        })
        .collect();
    store.put_page(id, page(candles, None), NOW).await.unwrap();
    let rows = store.bars(id, Span::ALL).await.unwrap();
    store.close().await.unwrap();
    let options = StoreOptions {
        max_bytes: Some(std::fs::metadata(&path).unwrap().len()),
        ..StoreOptions::default()
    };
    let full = Store::open(&path, options, NOW).await.unwrap();
    let refused = full.seal(id, NOW).await;
    assert!(matches!(refused, Err(StoreError::DiskFull { .. })), "{refused:?}");
    assert_eq!(full.bars(id, Span::ALL).await.unwrap(), rows);
    full.close().await.unwrap();
    // With room again it resumes.
    let store = open(&path).await.unwrap();
    assert_eq!(store.seal(id, NOW).await.unwrap(), 4);
    assert_eq!(store.bars(id, Span::ALL).await.unwrap(), rows);
}

#[tokio::test]
async fn two_programs_share_a_workspace() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let (one, other) = (open(&path).await.unwrap(), open(&path).await.unwrap());
    let id = series(&one, "1m").await;
    assert_eq!(series(&other, "1m").await, id);
    let day = |number: i64| {
        let minutes = number * 1440..(number + 1) * 1440;
        let candles = minutes.clone().map(|i| flat(i * 60_000, "1.5", "2")).collect();
        page(candles, Some(span(minutes.start * 60_000, minutes.end * 60_000)))
    };
    for number in 0..3 {
        let (a, b) = tokio::join!(
            one.put_page(id, day(2 * number), NOW),
            other.put_page(id, day(2 * number + 1), NOW)
        );
        assert_eq!((a.unwrap().inserted, b.unwrap().inserted), (1440, 1440));
    }
    // Each seals, and drops what the other has sealed when it writes there.
    assert_eq!(one.seal(id, NOW).await.unwrap(), 6);
    assert_eq!(other.seal(id, NOW).await.unwrap(), 0);
    other
        .put_page(id, page(vec![flat(0, "9", "9")], None), NOW)
        .await
        .unwrap();
    assert_eq!(one.bars(id, Span::ALL).await.unwrap().close[0], 9.0);
    let found = one.series(id).await.unwrap();
    assert_eq!(found, other.series(id).await.unwrap());
    assert_eq!(
        (found.rows, found.gaps, found.pending, found.corrections),
        (6 * 1440, 0, 0, 1)
    );
    assert_eq!(one.coverage(id).await.unwrap(), [span(0, 6 * 24 * HOUR)]);
    assert_eq!(one.journal(id, 100).await.unwrap().len(), 7);
}

#[tokio::test]
async fn a_lock_of_another_program_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let options = StoreOptions {
        busy_timeout: Duration::from_millis(50),
        ..StoreOptions::default()
    };
    let store = Store::open(&path, options.clone(), NOW).await.unwrap();
    let id = series(&store, "1h").await;
    let mut other = raw(&path).await;
    sqlx::raw_sql("BEGIN IMMEDIATE")
        .execute(&mut other)
        .await
        .unwrap();
    let refused = store.put_page(id, page(vec![full(0)], None), NOW).await;
    assert!(matches!(refused, Err(StoreError::Locked { .. })), "{refused:?}");
    assert!(store.series(id).await.is_ok(), "reading goes on");
    let refused = store.health().await;
    assert!(matches!(refused, Err(StoreError::Locked { .. })), "{refused:?}");
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    store.put_page(id, page(vec![full(0)], None), NOW).await.unwrap();
    store.health().await.unwrap();
}

#[tokio::test]
async fn damage_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("garbage.db");
    std::fs::write(&garbage, vec![0x55; 10_000]).unwrap();
    let refused = open(&garbage).await;
    assert!(matches!(refused, Err(StoreError::Corrupt { .. })), "{refused:?}");

    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    w.store
        .put_page(id, page((0..20_000).map(|i| full(i * HOUR)).collect(), None), NOW)
        .await
        .unwrap();
    w.store.integrity_check().await.unwrap();
    w.store.close().await.unwrap();
    let mut bytes = std::fs::read(w.store.path()).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 8192].fill(0xAA);
    std::fs::write(w.store.path(), bytes).unwrap();
    let damaged = open(w.store.path()).await.unwrap();
    for found in [
        damaged.integrity_check().await.err(),
        damaged.bars(id, Span::ALL).await.err(),
    ] {
        assert!(matches!(found, Some(StoreError::Corrupt { .. })), "{found:?}");
    }
}

#[tokio::test]
async fn a_path_that_cannot_be_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().to_owned(), folder.path().join("missing/w.db")] {
        let refused = open(&path).await;
        assert!(
            matches!(refused, Err(StoreError::CannotOpen { .. })),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn dropping_the_handle_keeps_what_was_handed_in() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let path = w.store.path().to_owned();
    // Polled once, so that it is handed in, and then dropped.
    let mut put = Box::pin(w.store.put_page(id, page(vec![full(0)], None), NOW));
    let pending =
        std::future::poll_fn(|context| std::task::Poll::Ready(put.as_mut().poll(context).is_pending())).await;
    assert!(pending);
    drop(put);
    w.store.close().await.unwrap();
    assert_eq!(open(&path).await.unwrap().series(id).await.unwrap().rows, 1);
}

/// Rights do not bind root, so the store is then opened by a process of another user.
#[cfg(unix)]
#[test]
fn a_read_only_folder_is_named() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    const CHILD: &str = "PROMPTPAL_STORE_READ_ONLY_CHILD";
    const NOBODY: u32 = 65534;
    if let Some(path) = std::env::var_os(CHILD) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let refused = runtime.block_on(open(Path::new(&path)));
        assert!(matches!(refused, Err(StoreError::ReadOnly { .. })), "{refused:?}");
        return;
    }
    let folder = tempfile::Builder::new()
        .permissions(PermissionsExt::from_mode(0o755))
        .tempdir()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let locked = folder.path().join("locked");
    std::fs::create_dir(&locked).unwrap();
    let existing = locked.join("w.db");
    runtime.block_on(async { open(&existing).await.unwrap().close().await.unwrap() });
    let program = folder.path().join("test");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    let child_of = |path: &Path| {
        let mut command = std::process::Command::new(&program);
        command
            .args(["--exact", "faults::a_read_only_folder_is_named"])
            .env(CHILD, path)
            .current_dir("/");
        if std::fs::File::create(locked.join("probe")).is_ok() {
            command.uid(NOBODY).gid(NOBODY);
        }
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{path:?}: {}",
            String::from_utf8_lossy(&output.stdout)
        );
    };
    std::fs::set_permissions(&existing, PermissionsExt::from_mode(0o444)).unwrap();
    std::fs::set_permissions(&locked, PermissionsExt::from_mode(0o555)).unwrap();
    child_of(&existing);
    child_of(&locked.join("new.db"));
    // The file itself may be written, but not what SQLite makes beside it.
    std::fs::set_permissions(&existing, PermissionsExt::from_mode(0o666)).unwrap();
    child_of(&existing);
    std::fs::set_permissions(&locked, PermissionsExt::from_mode(0o755)).unwrap();
}
