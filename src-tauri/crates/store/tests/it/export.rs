//! Files read back: the values are those that were stored.

use std::fs::File;
use std::path::Path;

use parquet::basic::{LogicalType, Type as PhysicalType};
use parquet::file::reader::{FileReader, SerializedFileReader};
use promptpal_domain::{Candle, Span};
use promptpal_store::{Partition, StoreError};

use crate::fixtures::{HOUR, NOW, d, flat, full, page, series, span, time, workspace};

/// Column names and rows as text.
fn read_parquet(path: &Path) -> Vec<Vec<(String, String)>> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
    rows.map(|row| {
        row.get_column_iter()
            .map(|(name, field)| (name.clone(), field.to_string()))
            .collect()
    })
    .collect()
}

#[tokio::test]
async fn csv_holds_exact_decimals() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    w.store
        .put_page(
            id,
            page(
                vec![flat(0, "0.10", "3"), full(HOUR), flat(9 * HOUR, "1", "1")],
                None,
            ),
            NOW,
        )
        .await
        .unwrap();
    let out = w.folder.path().join("new/folder/c.csv");
    let mut seen = Vec::new();
    let exported = w
        .store
        .export_csv(id, span(0, 9 * HOUR), &out, |rows| seen.push(rows))
        .await
        .unwrap();
    assert_eq!(
        (exported.rows, exported.files.as_slice(), seen),
        (2, [out.clone()].as_slice(), vec![2])
    );
    let text = std::fs::read_to_string(&out).unwrap();
    assert_eq!(exported.bytes, text.len() as u64);
    assert_eq!(
        text,
        "open_time,open,high,low,close,volume,close_time,quote_volume,trades,taker_base_volume,taker_quote_volume\n\
         0,0.1,0.1,0.1,0.1,3,,,,,\n\
         3600000,16850.01,16900.5,16800,16888.88,1234.56789,7199998,20812345.12345678,4321,600.1,10112233.00000001\n"
    );
    assert_eq!(
        std::fs::read_dir(out.parent().unwrap()).unwrap().count(),
        1,
        "no part is left"
    );
}

#[tokio::test]
async fn parquet_holds_exact_decimals_and_utc_times() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    w.store
        .put_page(id, page(vec![flat(0, "0.10", "3"), full(HOUR)], None), NOW)
        .await
        .unwrap();
    let out = w.folder.path().join("c.parquet");
    w.store
        .export_parquet(id, Span::ALL, &out, Partition::SingleFile, |_| ())
        .await
        .unwrap();

    let reader = SerializedFileReader::new(File::open(&out).unwrap()).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr();
    let open = schema.column(1);
    assert_eq!(
        (open.physical_type(), open.type_precision(), open.type_scale()),
        (PhysicalType::INT64, 18, 2)
    );
    assert!(
        matches!(schema.column(0).logical_type_ref(), Some(LogicalType::Timestamp(t)) if t.is_adjusted_to_u_t_c)
    );
    let rows = read_parquet(&out);
    let text = |row: usize| {
        rows[row]
            .iter()
            .map(|(_, value)| value.as_str())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(
        text(0),
        "1970-01-01 00:00:00.000 +00:00 0.10 0.10 0.10 0.10 3.00000 null null null null null"
    );
    assert_eq!(
        text(1),
        "1970-01-01 01:00:00.000 +00:00 16850.01 16900.50 16800.00 16888.88 1234.56789 20812345.12345678 600.10000 \
         10112233.00000001 4321 1970-01-01 01:59:59.998 +00:00"
    );
}

#[tokio::test]
async fn numbers_of_nineteen_digits_get_a_wider_column() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    let mut candle: Candle = flat(0, "1.5", "9223372036854775.807");
    candle.quote_volume = Some(d("1"));
    w.store.put_page(id, page(vec![candle], None), NOW).await.unwrap();
    let out = w.folder.path().join("c.parquet");
    w.store
        .export_parquet(id, Span::ALL, &out, Partition::SingleFile, |_| ())
        .await
        .unwrap();
    let rows = read_parquet(&out);
    assert_eq!(
        rows[0][5],
        ("volume".to_owned(), "9223372036854775.807".to_owned())
    );
    assert_eq!(rows[0][1].1, "1.5");
}

#[tokio::test]
async fn hive_folders_hold_a_year_each() {
    let w = workspace().await;
    let id = series(&w.store, "1M").await;
    let months = [
        "2022-11-01",
        "2022-12-01",
        "2023-01-01",
        "2024-01-01",
        "2024-02-01",
    ];
    let candles = months
        .iter()
        .map(|month| flat(time(month).millis(), "1.25", "1"))
        .collect();
    w.store.put_page(id, page(candles, None), NOW).await.unwrap();
    let out = w.folder.path().join("lake");
    let exported = w
        .store
        .export_parquet(id, Span::ALL, &out, Partition::Hive, |_| ())
        .await
        .unwrap();
    let file = |year: &str| out.join(format!("symbol=BTCUSDT/interval=1mo/year={year}/binance.parquet"));
    assert_eq!(exported.files, [file("2022"), file("2023"), file("2024")]);
    // Series of different scales are read together, so all files have the same.
    assert_eq!(read_parquet(&exported.files[0])[1][4].1, "1.250000000000000000");
    let counts: Vec<usize> = exported
        .files
        .iter()
        .map(|file| read_parquet(file).len())
        .collect();
    assert_eq!((exported.rows, counts), (5, vec![2, 1, 2]));
}

#[tokio::test]
async fn a_failed_export_leaves_nothing() {
    let w = workspace().await;
    let id = series(&w.store, "1h").await;
    w.store
        .put_page(id, page(vec![full(0)], None), NOW)
        .await
        .unwrap();
    let blocked = w.folder.path().join("blocked");
    std::fs::create_dir(&blocked).unwrap();
    std::fs::write(blocked.join("file"), "x").unwrap();
    // The name is taken by a folder that holds something: the last step fails.
    let refused = w.store.export_csv(id, Span::ALL, &blocked, |_| ()).await;
    assert!(matches!(refused, Err(StoreError::File { .. })), "{refused:?}");
    let left: Vec<_> = std::fs::read_dir(w.folder.path())
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert!(
        left.iter().all(|name| !name.to_string_lossy().contains(".part")),
        "{left:?}"
    );

    let cancelled = w.folder.path().join("never.csv");
    let mut export = Box::pin(w.store.export_csv(id, Span::ALL, &cancelled, |_| ()));
    std::future::poll_fn(|context| {
        let _ = export.as_mut().poll(context);
        std::task::Poll::Ready(())
    })
    .await;
    drop(export);
    assert!(!cancelled.exists());
}
