//! The in-memory program of the window's tests speaks the real catalogue of indicators and the real language: its copies
//! are written here (`UPDATE_DOCS=1 cargo test -p promptpal-api --test fake_catalogues`) and compared ever after.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use promptpal_api::{IndicatorDto, LanguageDto};

fn check(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../ui/src/backend/fake")
        .join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{name} is stale: run UPDATE_DOCS=1 cargo test -p promptpal-api --test fake_catalogues"
    );
}

fn lines<T: serde::Serialize>(entries: impl IntoIterator<Item = T>) -> String {
    let lines: Vec<String> = entries
        .into_iter()
        .map(|entry| serde_json::to_string(&entry).unwrap())
        .collect();
    format!("[\n{}\n]", lines.join(",\n"))
}

#[test]
fn indicators() {
    let all = promptpal_app::indicators().map(IndicatorDto::from);
    check("indicators.json", &(lines(all) + "\n"));
}

#[test]
fn language() {
    let LanguageDto { guide, functions } = LanguageDto::current();
    let guide = serde_json::to_string(&guide).unwrap();
    let functions = lines(functions);
    check(
        "language.json",
        &format!("{{\n\"guide\": {guide},\n\"functions\": {functions}\n}}\n"),
    );
}
