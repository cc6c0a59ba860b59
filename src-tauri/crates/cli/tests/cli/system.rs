//! paths, doctor, help, wrong usage, wrong configuration.

use serde_json::Value;

use crate::program::Home;

#[test]
fn tells_where_files_are() {
    let home = Home::new();
    let paths = home.json(&["paths"]);
    assert_eq!(
        paths["database"],
        home.path().join("promptpal.db").to_str().unwrap()
    );
    assert_eq!(
        paths["config_file"],
        home.path().join("config.toml").to_str().unwrap()
    );
    let other = home.path().join("other.db");
    let paths = home.json(&["--db", other.to_str().unwrap(), "paths"]);
    assert_eq!(paths["database"], other.to_str().unwrap());
    let people = home.run(&["paths"]);
    assert!(people.stdout.contains("Database") && people.stdout.contains("promptpal.db"));
    assert!(!home.path().join("promptpal.db").exists(), "asking makes nothing");
}

#[test]
fn doctor_names_what_is_missing() {
    let home = Home::new();
    let found = home.json_with(1, &["doctor"]);
    assert_eq!(found["healthy"], false);
    let check = |part: &str| -> Value {
        let checks = found["checks"].as_array().unwrap();
        checks.iter().find(|check| check["part"] == part).unwrap().clone()
    };
    assert_eq!(check("database")["ok"], true);
    assert_eq!(
        (&check("scoring worker")["ok"], &check("scoring worker")["needed"]),
        (&Value::from(false), &Value::from(true))
    );
    assert!(check("scoring worker")["advice"].is_string());
    assert_eq!(check("sign-in")["needed"], false);
}

#[test]
fn wrong_usage_ends_with_2() {
    let home = Home::new();
    let check = |line: &[&str]| {
        let answer = home.run(line);
        assert_eq!((answer.code, answer.stdout.as_str()), (2, ""), "{line:?}");
        assert!(
            answer.stderr.contains("Usage") || answer.stderr.contains("--help"),
            "{line:?}"
        );
        let line: Vec<&str> = line.iter().copied().chain(["--json"]).collect();
        let value = home.json_with(2, &line[..line.len() - 1]);
        assert_eq!(value["error"]["code"], "invalid", "{line:?}");
        assert!(value["error"]["message"].is_string() && value["error"]["hint"].is_string());
    };
    check(&["nonsense"]);
    check(&["backtest", "sma-cross"]);
    check(&["fetch", "BTCUSDT", "--interval", "7m"]);
    check(&[
        "backtest",
        "sma-cross",
        "--data",
        "a.csv",
        "--param",
        "fast=quick",
    ]);
    check(&["stream", "BTCUSDT", "--interval", "1m", "--for", "soon"]);
    check(&["export", "BTCUSDT", "--interval", "1h"]);
    assert_eq!(home.run(&[]).code, 2);
}

#[test]
fn help_and_version_are_answers() {
    let home = Home::new();
    for line in [
        &["--help"][..],
        &["backtest", "--help"],
        &["--version"],
        &["help"],
    ] {
        let answer = home.run(line);
        assert_eq!((answer.code, answer.stderr.as_str()), (0, ""), "{line:?}");
        assert!(answer.stdout.contains("promptpal"), "{line:?}");
    }
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let answer = home.run(&["completions", shell]);
        assert_eq!(answer.code, 0);
        assert!(
            answer.stdout.contains("walk-in") || answer.stdout.contains("backtest"),
            "{shell}"
        );
    }
}

#[test]
fn a_wrong_configuration_is_said() {
    let home = Home::new();
    home.file("config.toml", "[exchange]\nrest_ulr = 'x'\n");
    let error = home.error(&["series", "list"], "invalid");
    assert!(error["message"].as_str().unwrap().contains("rest_ulr"), "{error}");
    let error = home.error(&["series", "list", "--config", "missing.toml"], "file");
    assert!(
        error["message"].as_str().unwrap().contains("missing.toml"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let home = Home::new();
    let text = "this is no database, but somebody's diary. ".repeat(200);
    home.file("promptpal.db", &text);
    home.error(&["series", "list"], "database");
    assert_eq!(
        std::fs::read_to_string(home.path().join("promptpal.db")).unwrap(),
        text
    );
}

#[test]
fn the_sample_comes_and_goes() {
    let home = Home::new();
    let loaded = home.json(&["sample", "load"]);
    assert_eq!(loaded["series"], 12);
    assert!(loaded["candles"].as_u64().unwrap() > 20_000 && loaded["articles"].as_u64().unwrap() > 40);
    let series = home.json(&["series", "list"]);
    assert!(
        series["series"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["simulated"] == true)
    );
    assert_eq!(home.json(&["sample", "remove"])["removed"], true);
    assert_eq!(
        home.json(&["series", "list"])["series"].as_array().unwrap().len(),
        0
    );
}
