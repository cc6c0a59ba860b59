//! The direction of dependencies, held against `cargo metadata`.
//!
//! The table below is the map of ARCHITECTURE.md as code: an edge that is not in it fails the build, so that a
//! crate cannot grow an import its layer does not allow. Some outside packages may be named in one manifest only.

use anyhow::{Result, bail};

use crate::metadata::{Kind, Metadata};
use crate::steps::Log;

/// The prefix of our own packages.
const OURS: &str = "promptpal-";

/// A crate and the crates of ours it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("indicators", &["domain"]),
    ("backtest", &["domain", "indicators"]),
    ("store", &["domain"]),
    // Measures the store beside others; never shipped.
    ("store-bench", &["domain", "store"]),
    ("market", &["domain"]),
    ("news", &["domain"]),
    ("sentiment", &["domain"]),
    // The protocol and the manifest of a model are declared once, on the client's side.
    ("sentiment-worker", &["domain", "sentiment"]),
    ("account", &["domain"]),
    (
        "app",
        &[
            "account",
            "backtest",
            "domain",
            "indicators",
            "market",
            "news",
            "sentiment",
            "store",
        ],
    ),
    ("api", &["app", "domain"]),
    ("cli", &["api", "app", "domain"]),
    ("desktop", &["api", "app", "domain"]),
    // The exchange double plays the tape of the market simulator.
    ("testkit", &["domain", "market"]),
];

/// In tests any crate may use the doubles, and look into the database.
const TESTS_MAY_USE: &[&str] = &["store", "testkit"];

/// An outside package (or all that begin with it, when it ends in `*`) and the only crates that may name it.
const ONE_HOME: &[(&str, &[&str])] = &[
    ("tauri", &["desktop"]),
    ("tauri-*", &["desktop"]),
    ("sqlx", &["store", "store-bench"]),
    ("rusqlite", &["store-bench"]),
    ("keyring", &["account"]),
    ("tch", &["sentiment-worker"]),
    ("torch-sys", &["sentiment-worker"]),
    ("rust-bert", &["sentiment-worker"]),
    ("ort", &["sentiment-worker"]),
    ("rhai", &["backtest"]),
    ("scraper", &["news"]),
    ("tokio-tungstenite", &["market", "testkit"]),
];

/// Packages that must not be linked at all: a second TLS stack, a second SQLite.
const BANNED: &[&str] = &["openssl-sys", "native-tls", "aws-lc-sys", "rusqlite"];

/// Crates without I/O: no runtime, no network, no database.
const PURE: &[&str] = &["domain", "indicators", "backtest"];
const IMPURE: &[&str] = &[
    "tokio",
    "reqwest",
    "hyper",
    "axum",
    "sqlx",
    "async-std",
    "tempfile",
];

/// Every breach, one sentence each. Empty means that the arrows run one way.
pub fn breaches(metadata: &Metadata) -> Vec<String> {
    let mut found = Vec::new();
    for package in metadata.members() {
        let Some(name) = package.name.strip_prefix(OURS) else {
            continue;
        };
        let Some((_, allowed)) = MAY_USE.iter().find(|(crate_name, _)| *crate_name == name) else {
            found.push(format!(
                "{name} is not in the table of layers: say what it may use"
            ));
            continue;
        };
        for (dependency, kind) in &package.dependencies {
            if let Some(ours) = dependency.strip_prefix(OURS) {
                let for_tests = *kind == Kind::Dev && TESTS_MAY_USE.contains(&ours);
                if !allowed.contains(&ours) && !for_tests {
                    found.push(format!("{name} must not use {ours}: it may use {allowed:?}"));
                }
            } else {
                found.extend(breach_outside(name, dependency, *kind));
            }
        }
    }
    let reached = metadata.reached();
    for package in metadata
        .packages
        .iter()
        .filter(|package| reached.contains(package.id.as_str()))
    {
        if BANNED.contains(&package.name.as_str()) {
            found.push(format!("{} is linked: see BANNED", package.name));
        }
    }
    found
}

fn breach_outside(name: &str, dependency: &str, kind: Kind) -> Option<String> {
    let home = ONE_HOME
        .iter()
        .find(|(pattern, _)| match pattern.strip_suffix('*') {
            Some(start) => dependency.starts_with(start),
            None => dependency == *pattern,
        });
    if let Some((_, homes)) = home
        && !homes.contains(&name)
    {
        return Some(format!("{name} must not name {dependency}: only {homes:?} may"));
    }
    if kind == Kind::Normal && PURE.contains(&name) && IMPURE.contains(&dependency) {
        return Some(format!("{name} does no I/O and must not name {dependency}"));
    }
    None
}

/// The check as a step.
pub fn step(metadata: &Metadata, log: &mut Log) -> Result<()> {
    let found = breaches(metadata);
    for package in metadata.members() {
        let ours: Vec<&str> = package
            .dependencies
            .iter()
            .filter_map(|(name, _)| name.strip_prefix(OURS))
            .collect();
        log.write(&format!("{} -> {}", package.name, ours.join(", ")))?;
    }
    if found.is_empty() {
        return Ok(());
    }
    for breach in &found {
        log.write(&format!("breach: {breach}"))?;
    }
    bail!(
        "{} dependencies run against the layers: {}",
        found.len(),
        found.join("; ")
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Package;

    fn with_edge(from: &str, to: &str, kind: Kind) -> Metadata {
        let package = Package {
            id: from.to_owned(),
            name: from.to_owned(),
            version: "0.1.0".to_owned(),
            licence: None,
            dependencies: vec![(to.to_owned(), kind)],
            member: true,
        };
        Metadata {
            packages: vec![package],
            resolved: Default::default(),
        }
    }

    #[track_caller]
    fn check(from: &str, to: &str, kind: Kind, allowed: bool) {
        let found = breaches(&with_edge(from, to, kind));
        assert_eq!(found.is_empty(), allowed, "{from} -> {to}: {found:?}");
    }

    #[test]
    fn an_edge_passes_only_when_the_table_has_it() {
        check("promptpal-app", "promptpal-store", Kind::Normal, true);
        check("promptpal-cli", "promptpal-api", Kind::Normal, true);
        check("promptpal-store", "promptpal-market", Kind::Normal, false);
        check("promptpal-domain", "promptpal-app", Kind::Normal, false);
        check("promptpal-app", "promptpal-api", Kind::Normal, false);
        check("promptpal-store", "promptpal-market", Kind::Dev, false);
        check("promptpal-news", "promptpal-testkit", Kind::Dev, true);
        check("promptpal-news", "promptpal-testkit", Kind::Normal, false);
        check("promptpal-new-room", "serde", Kind::Normal, false);
    }

    #[test]
    fn some_packages_have_one_home() {
        check("promptpal-desktop", "tauri", Kind::Normal, true);
        check("promptpal-desktop", "tauri-build", Kind::Build, true);
        check("promptpal-api", "tauri-specta", Kind::Normal, false);
        check("promptpal-app", "sqlx", Kind::Normal, false);
        check("promptpal-store", "sqlx", Kind::Normal, true);
        check("promptpal-sentiment", "tch", Kind::Normal, false);
        check("promptpal-cli", "keyring", Kind::Dev, false);
    }

    #[test]
    fn a_second_tls_stack_is_noticed() {
        let mut metadata = with_edge("promptpal-news", "serde", Kind::Normal);
        assert_eq!(breaches(&metadata).len(), 0);
        let linked = Package {
            id: "tls".to_owned(),
            name: "native-tls".to_owned(),
            member: false,
            ..metadata.packages[0].clone()
        };
        metadata.packages.push(linked);
        assert_eq!(breaches(&metadata).len(), 0, "in the lock file, but not linked");
        metadata
            .resolved
            .insert("promptpal-news".to_owned(), vec!["tls".to_owned()]);
        assert_eq!(breaches(&metadata).len(), 1);
    }

    #[test]
    fn pure_crates_name_no_runtime() {
        check("promptpal-backtest", "tokio", Kind::Normal, false);
        check("promptpal-backtest", "rayon", Kind::Normal, true);
        check("promptpal-domain", "reqwest", Kind::Normal, false);
    }
}
