//! The language's page is made from the code and must be fresh.

use std::collections::HashSet;
use std::{fs, path::Path};

use promptpal_backtest::{Script, language_functions, language_reference};

#[test]
fn language_page_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/strategy-language.md");
    let page = language_reference();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        written == page,
        "docs/strategy-language.md is stale: UPDATE_DOCS=1 cargo test -p promptpal-backtest language_page"
    );
}

#[test]
fn the_example_of_the_page_compiles() {
    let page = language_reference();
    let example = page
        .split("```rust\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let script = Script::compile(example).unwrap();
    assert_eq!(
        (script.name(), script.params().len()),
        ("Averages with a filter", 2)
    );
}

#[test]
fn every_function_of_the_page_exists() {
    let functions = language_functions();
    let names: HashSet<_> = functions.iter().map(|function| function.name).collect();
    assert_eq!(names.len(), functions.len());
    for function in &functions {
        // Called with a text it does not take, a function that exists says anything but that it does not.
        let error =
            Script::compile(&format!("{}('x', 'x', 'x', 'x', 'x', 'x');", function.name)).unwrap_err();
        assert!(
            !error.message.contains("there is no function"),
            "{}: {error}",
            function.name
        );
    }
}
