//! import, series, export, resample.

use crate::program::{HOUR, Home, START, csv};

#[test]
fn an_import_reports_rows_gaps_and_rejected_rows() {
    let home = Home::new();
    let text = csv((0..100).chain(103..200)) + "one,two\nx,1,2,3,4,5\n";
    home.file("hours.csv", &text);
    let line = ["import", "hours.csv", "--symbol", "BTCUSDT", "--interval", "1h"];
    let report = home.json_with(3, &line);
    assert_eq!(report["series"], "binance BTCUSDT 1h");
    assert_eq!((&report["rows"], &report["inserted"]), (&197.into(), &197.into()));
    assert_eq!(report["rejected"], 2);
    assert_eq!(report["problems"].as_array().unwrap().len(), 2);
    assert_eq!(
        (report["first"].as_i64(), report["last"].as_i64()),
        (Some(START), Some(START + 199 * HOUR))
    );
    assert_eq!(report["gap_count"], 1);
    assert_eq!(report["gaps"][0]["missing"], 3);
    assert_eq!(report["gaps"][0]["from"], START + 100 * HOUR);

    let people = home.run(&line);
    assert_eq!(people.code, 3);
    assert!(
        people.stdout.contains("197 rows, 0 new, 197 were there"),
        "{}",
        people.stdout
    );
    assert!(people.stdout.contains("1 gaps, 3 candles missing") && people.stdout.contains("2 rows rejected"));
    assert_eq!(people.stderr, "", "no progress bar outside of a terminal");

    let listed = &home.json(&["series", "list"])["series"][0];
    assert_eq!(
        (&listed["rows"], &listed["gaps"], &listed["interval"]),
        (&197.into(), &1.into(), &"1h".into())
    );
    let shown = home.json(&["series", "show", "BTCUSDT", "--interval", "1h"]);
    assert_eq!((&shown["rows"], &shown["missing"]), (&197.into(), &3.into()));
    assert_eq!(shown["gaps"][0]["missing"], 3);
    let jobs = home.json(&["jobs", "list"]);
    assert_eq!(
        (&jobs["jobs"][0]["kind"], &jobs["jobs"][0]["state"]),
        (&"import".into(), &"succeeded".into())
    );
}

#[test]
fn columns_can_be_named() {
    let home = Home::new();
    let text = csv(0..10).replacen("open_time,open", "Moment,Opening", 1);
    home.file("own.csv", &text);
    let line = ["import", "own.csv", "--symbol", "ETHUSDT", "--interval", "1h"];
    home.error(&line, "invalid");
    let line = [
        &line[..],
        &[
            "--map",
            "open_time=Moment",
            "--map",
            "open=Opening",
            "--venue",
            "elsewhere",
        ],
    ]
    .concat();
    let report = home.json(&line);
    assert_eq!(
        (&report["rows"], &report["series"]),
        (&10.into(), &"elsewhere ETHUSDT 1h".into())
    );
}

#[test]
fn what_is_wrong_with_a_file_or_a_series_is_said() {
    let home = Home::with_hours(5);
    let import = |file| ["import", file, "--symbol", "BTCUSDT", "--interval", "1h"];
    let error = home.error(&import("missing.csv"), "file");
    assert!(
        error["message"].as_str().unwrap().contains("missing.csv"),
        "{error}"
    );
    home.file("empty.csv", "");
    home.error(&import("empty.csv"), "invalid");
    home.error(&["series", "show", "ETHUSDT", "--interval", "1h"], "not_found");
    home.error(
        &[
            "export",
            "ETHUSDT",
            "--interval",
            "1h",
            "--to",
            "csv",
            "--out",
            "a.csv",
        ],
        "not_found",
    );
    let partitioned = ["--to", "csv", "--out", "x", "--partition", "symbol/interval/year"];
    home.error(
        &[&["export", "BTCUSDT", "--interval", "1h"], &partitioned[..]].concat(),
        "invalid",
    );
    let delete = ["series", "delete", "BTCUSDT", "--interval", "1h"];
    let error = home.error(&delete, "invalid");
    assert!(error["hint"].as_str().unwrap().contains("--yes"), "{error}");
    assert_eq!(home.json(&[&delete[..], &["--yes"]].concat())["rows"], 5);
    home.error(&["series", "show", "BTCUSDT", "--interval", "1h"], "not_found");
}

#[test]
fn exports_can_be_read_again() {
    let home = Home::with_hours(500);
    let export = |to, out| home.json(&["export", "BTCUSDT", "--interval", "1h", "--to", to, "--out", out]);
    assert_eq!(export("csv", "a.csv")["rows"], 500);
    let again = home.json(&["import", "a.csv", "--symbol", "BTCUSDT", "--interval", "1h"]);
    assert_eq!(
        (&again["unchanged"], &again["corrected"]),
        (&500.into(), &0.into())
    );
    let parquet = export("parquet", "a.parquet");
    assert_eq!(parquet["files"].as_array().unwrap().len(), 1);
    let bytes = std::fs::read(home.path().join("a.parquet")).unwrap();
    assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    let line = [
        "export",
        "BTCUSDT",
        "--interval",
        "1h",
        "--to",
        "parquet",
        "--out",
        "parts",
    ];
    let parts = home.json(&[&line[..], &["--partition", "symbol/interval/year"]].concat());
    let file = parts["files"][0].as_str().unwrap();
    assert!(
        file.contains("symbol=BTCUSDT") && file.contains("interval=1h") && file.contains("year=2024"),
        "{file}"
    );
}

#[test]
fn resamples_a_file() {
    let home = Home::new();
    home.file("hours.csv", &csv(0..48));
    let done = home.json(&[
        "resample",
        "hours.csv",
        "--from",
        "1h",
        "--to",
        "1d",
        "--out",
        "days.csv",
    ]);
    assert_eq!((&done["read"], &done["written"]), (&48.into(), &2.into()));
    assert_eq!(done["partial"], serde_json::json!([]));
    let days = std::fs::read_to_string(home.path().join("days.csv")).unwrap();
    assert_eq!(days.lines().count(), 3);
    assert!(
        days.lines().nth(1).unwrap().starts_with(&format!("{START},")),
        "{days}"
    );
    home.file("parts.csv", &csv((5..30).chain(32..48)));
    let line = [
        "resample",
        "parts.csv",
        "--from",
        "1h",
        "--to",
        "1d",
        "--out",
        "part-days.csv",
    ];
    let done = home.json(&line);
    let mark = |day: i64, present: u64, state: &str| serde_json::json!({"openTime": START + day * 24 * HOUR, "present": present, "expected": 24, "state": state});
    assert_eq!(
        done["partial"],
        serde_json::json!([mark(0, 19, "cut"), mark(1, 22, "holed")])
    );
    let people = home.run(&line);
    assert!(
        people.stdout.contains("19 of 24, the file begins or ends in it"),
        "{}",
        people.stdout
    );
    assert!(
        people.stdout.contains("22 of 24, candles are missing in it"),
        "{}",
        people.stdout
    );
    let days = std::fs::read_to_string(home.path().join("part-days.csv")).unwrap();
    assert!(days.lines().nth(1).unwrap().ends_with(",19,24"), "{days}");
    home.error(
        &[
            "resample",
            "hours.csv",
            "--from",
            "1h",
            "--to",
            "5m",
            "--out",
            "x.csv",
        ],
        "invalid",
    );
}
