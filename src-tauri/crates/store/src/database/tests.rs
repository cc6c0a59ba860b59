use promptpal_domain::SeriesKey;

use super::*;

fn key() -> SeriesKey {
    SeriesKey {
        venue: promptpal_domain::Venue::binance(),
        symbol: "BTCUSDT".parse().unwrap(),
        interval: promptpal_domain::Interval::Hour1,
    }
}

#[tokio::test]
async fn a_panicking_write_is_undone_and_the_writer_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(
        folder.path().join("w.db"),
        StoreOptions::default(),
        Timestamp::EPOCH,
    )
    .await
    .unwrap();
    let outcome: Result<(), StoreError> = store
        .write("try", |tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO settings VALUES ('a', '1')")
                    .execute(&mut *tx)
                    .await?;
                panic!("for the test");
            })
        })
        .await;
    assert!(
        matches!(outcome, Err(StoreError::Panicked { doing: "try" })),
        "{outcome:?}"
    );
    assert_eq!(store.setting("a").await.unwrap(), None);
    store.ensure_series(&key()).await.unwrap();
}

#[tokio::test]
async fn a_failing_write_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(
        folder.path().join("w.db"),
        StoreOptions::default(),
        Timestamp::EPOCH,
    )
    .await
    .unwrap();
    let outcome: Result<(), StoreError> = store
        .write("try", |tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO settings VALUES ('a', '1')")
                    .execute(&mut *tx)
                    .await?;
                sqlx::query("INSERT INTO coverage VALUES (1, 0, 1)")
                    .execute(&mut *tx)
                    .await?;
                Ok(())
            })
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::Refused { .. })), "{outcome:?}");
    assert_eq!(store.setting("a").await.unwrap(), None);
    store.ensure_series(&key()).await.unwrap();
}

#[tokio::test]
async fn readers_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(
        folder.path().join("w.db"),
        StoreOptions::default(),
        Timestamp::EPOCH,
    )
    .await
    .unwrap();
    let outcome = store
        .read("try", |tx| {
            Box::pin(async move {
                sqlx::query("INSERT INTO settings VALUES ('a', '1')")
                    .execute(&mut **tx)
                    .await?;
                Ok(())
            })
        })
        .await;
    assert!(matches!(outcome, Err(StoreError::ReadOnly { .. })), "{outcome:?}");
}

#[tokio::test]
async fn the_log_is_emptied_while_readers_come_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("w.db");
    let store = Store::open(&path, StoreOptions::default(), Timestamp::EPOCH)
        .await
        .unwrap();
    for i in 0..400 {
        let value = serde_json::Value::from("x".repeat(20_000));
        store.put_setting(&format!("k{}", i % 5), &value).await.unwrap();
        store.setting("k0").await.unwrap();
    }
    let log = std::fs::metadata(folder.path().join("w.db-wal")).unwrap().len();
    // 400 writes are about 9 MB; the log starts over at 1,000 pages of 4 KiB.
    assert!(log < 6_000_000, "the log has {log} bytes");
}
