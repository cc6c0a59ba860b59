//! `test`: every check there is, in an order that fails early where it is cheap.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::builds;
use crate::layers;
use crate::licences;
use crate::metadata::Metadata;
use crate::places::Places;
use crate::session;
use crate::setup::{self, For, apt};
use crate::shell;
use crate::steps::{Log, Step, run_all};

/// What a person may ask of `test`.
#[derive(Debug, Default)]
pub struct Options {
    only: Vec<String>,
    list: bool,
    verbose: bool,
}

impl Options {
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--only" => options
                    .only
                    .push(rest.next().context("--only needs the name of a step")?.clone()),
                "--list" => options.list = true,
                "--verbose" => options.verbose = true,
                other => bail!("`test` knows --only STEP, --list and --verbose, not `{other}`"),
            }
        }
        Ok(options)
    }
}

pub fn chore(places: &Places, options: &Options) -> Result<ExitCode> {
    let mut steps = plan(places);
    if options.list {
        for step in &steps {
            println!("{:<14} {}", step.name, step.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    if !options.only.is_empty() {
        let chosen = with_needs(&steps, &options.only)?;
        steps.retain(|step| chosen.contains(&step.name));
    }
    // Held until the program ends: two runs in one checkout would write over each other.
    let lock =
        std::fs::File::create(places.artifacts.join("test.lock")).context("creating artifacts/test.lock")?;
    if lock.try_lock().is_err() {
        bail!("another `cargo xtask test` is running in this checkout");
    }
    let passed = run_all(places, &steps, options.verbose)?;
    Ok(if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The names in `only` and everything they need.
fn with_needs(steps: &[Step<'_>], only: &[String]) -> Result<Vec<&'static str>> {
    let mut chosen: Vec<&'static str> = Vec::new();
    let mut open: Vec<&str> = only.iter().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        let step = steps.iter().find(|step| step.name == name);
        let step = step.with_context(|| format!("there is no step `{name}`; --list names them"))?;
        if !chosen.contains(&step.name) {
            chosen.push(step.name);
            open.extend(step.needs);
        }
    }
    Ok(chosen)
}

fn plan(places: &Places) -> Vec<Step<'_>> {
    let mut steps = vec![Step {
        name: "setup",
        about: "system packages, npm packages, libtorch",
        needs: &[],
        // Straight to the terminal: it may have to ask, and downloads show their progress.
        action: Box::new(|_| setup::chore(places, For::Tests)),
    }];
    steps.extend(manifests(places));
    steps.extend(screens(places));
    steps.extend(rust(places));
    if cfg!(target_os = "linux") {
        steps.extend(desktop(places));
    }
    steps
}

/// What can be said without compiling anything.
fn manifests(places: &Places) -> Vec<Step<'_>> {
    vec![
        Step {
            name: "fmt",
            about: "Rust is formatted",
            needs: &[],
            action: Box::new(|log| {
                let mut command = shell::cargo(places);
                command.args(["fmt", "--all", "--check"]);
                log.run(command)
            }),
        },
        Step {
            name: "layers",
            about: "dependencies run one way, and each outside package has its one home",
            needs: &[],
            action: Box::new(|log| layers::step(&Metadata::read(places)?, log)),
        },
        Step {
            name: "licences",
            about: "everything that is linked has a licence on the allow list",
            needs: &[],
            action: Box::new(|log| licences::step(&Metadata::read(places)?, log)),
        },
        Step {
            name: "deny",
            about: "bans, sources and licence texts by cargo-deny",
            needs: &[],
            action: Box::new(|log| deny(places, log)),
        },
    ]
}

/// Where cargo-deny is, if it is: on the path, or among the tools in the cache.
pub fn cargo_deny(places: &Places) -> Option<PathBuf> {
    let cached = places
        .cache
        .join("tools/bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    shell::which("cargo-deny").or_else(|| cached.is_file().then_some(cached))
}

/// The version that `deny.toml` is written for.
const CARGO_DENY: &str = "0.20.2";

/// Runs cargo-deny. Where it is missing it is compiled into the cache, once; that takes about three minutes of processor.
fn deny(places: &Places, log: &mut Log) -> Result<()> {
    let program = match cargo_deny(places) {
        Some(program) => program,
        None => install_cargo_deny(places, log)?,
    };
    let mut command = shell::command(places, program);
    command.args([
        "--offline",
        "--locked",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ]);
    log.run(command)
}

fn install_cargo_deny(places: &Places, log: &mut Log) -> Result<PathBuf> {
    let build = places.target.join("cargo-deny");
    let mut command = shell::cargo(places);
    command
        .args([
            "install",
            "cargo-deny",
            "--locked",
            "--version",
            CARGO_DENY,
            "--root",
        ])
        .arg(places.cache.join("tools"))
        .env("CARGO_TARGET_DIR", &build);
    log.run(command)?;
    std::fs::remove_dir_all(&build).with_context(|| format!("removing {}", build.display()))?;
    cargo_deny(places).context("cargo-deny was installed and is not there")
}

/// TypeScript, without a window.
fn screens(places: &Places) -> Vec<Step<'_>> {
    let script = |name: &'static str| {
        move |log: &mut Log| {
            let mut command = shell::npm(places, &places.ui());
            command.args(["run", name]);
            log.run(command)
        }
    };
    vec![
        Step {
            name: "ui-types",
            about: "TypeScript checks",
            needs: &["setup"],
            action: Box::new(script("types")),
        },
        Step {
            name: "ui-lint",
            about: "biome has no remark",
            needs: &["setup"],
            action: Box::new(script("lint")),
        },
        Step {
            name: "ui-unit",
            about: "tests of the screens' parts",
            needs: &["setup"],
            action: Box::new(script("test")),
        },
        Step {
            name: "ui-build",
            about: "the screens, as they are embedded",
            needs: &["setup"],
            action: Box::new(|log| log.run(builds::ui(places))),
        },
        Step {
            name: "ui-chromium",
            about: "the screens in a browser",
            needs: &["setup"],
            action: Box::new(|log| chromium(places, log)),
        },
    ]
}

/// The screens run on the in-memory program that they are developed with, which is built into a folder of its own.
fn chromium(places: &Places, log: &mut Log) -> Result<()> {
    let browser = apt::browser().context("no Chromium was found; PROMPTPAL_CHROMIUM may name one")?;
    let mut build = shell::npm(places, &places.ui());
    build.args(["run", "build:fake"]);
    log.run(build)?;
    let mut command = shell::command(places, "node");
    command
        .env("PROMPTPAL_CHROMIUM", browser)
        .env("PROMPTPAL_ARTIFACTS", &places.artifacts)
        .current_dir(places.ui());
    session::node_test_arguments(&mut command, &places.ui().join("e2e/browser"))?;
    log.run(command)
}

/// Rust: lints, tests, documents, and the scoring program beside them.
fn rust(places: &Places) -> Vec<Step<'_>> {
    vec![
        Step {
            name: "clippy",
            about: "lints of everything but the scoring program",
            needs: &["ui-build"],
            action: Box::new(|log| {
                let mut command = builds::tested(places, "clippy");
                command.args(["--all-targets", "--", "--deny", "warnings"]);
                log.run(command)
            }),
        },
        Step {
            name: "worker",
            about: "the scoring program: build, lints, tests",
            needs: &["setup"],
            action: Box::new(|log| {
                log.run(builds::worker(places, "build"))?;
                let mut lints = builds::worker(places, "clippy");
                lints.args(["--all-targets", "--", "--deny", "warnings"]);
                log.run(lints)?;
                log.run(builds::worker(places, "test"))
            }),
        },
        Step {
            name: "build",
            about: "the programs",
            needs: &["ui-build"],
            action: Box::new(|log| {
                let mut command = builds::tested(places, "build");
                command.arg("--bins");
                log.run(command)
            }),
        },
        Step {
            name: "rust",
            about: "unit and integration tests, and that generated files are fresh",
            needs: &["ui-build"],
            action: Box::new(|log| rust_tests(places, log)),
        },
        Step {
            name: "docs",
            about: "documents build without a warning, and their examples run",
            needs: &["ui-build"],
            action: Box::new(|log| {
                let mut examples = builds::tested(places, "test");
                examples.args(["--doc", "--no-fail-fast"]);
                log.run(examples)?;
                let mut pages = builds::tested(places, "doc");
                pages
                    .args(["--no-deps", "--document-private-items"])
                    .env("RUSTDOCFLAGS", "--deny warnings");
                log.run(pages)
            }),
        },
    ]
}

/// The files that a test writes from Rust types.
const GENERATED: &[&str] = &["ui/src/backend/bindings.ts"];

fn rust_tests(places: &Places, log: &mut Log) -> Result<()> {
    let read = || {
        GENERATED
            .iter()
            .map(|file| std::fs::read(places.root.join(file)).ok())
            .collect::<Vec<_>>()
    };
    let before = read();
    let mut command = builds::tested(places, "test");
    command.args(["--tests", "--no-fail-fast", "--", "--show-output"]);
    let tests = log.run(command);
    let after = read();
    for (file, (old, new)) in GENERATED.iter().zip(before.iter().zip(&after)) {
        if old != new {
            log.write(&format!(
                "{file} was not what the Rust types say. It has been rewritten: commit it."
            ))?;
            tests?;
            bail!("{file} was stale; it has been rewritten, commit it");
        }
    }
    tests
}

/// What needs a desktop: the secret store and the real window.
fn desktop(places: &Places) -> Vec<Step<'_>> {
    vec![
        Step {
            name: "keyring",
            about: "sign-in with a real secret store",
            needs: &["setup", "rust"],
            action: Box::new(|log| {
                let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
                let tests = builds::tested(places, "test");
                let mut command = session::inside(places, cargo);
                command
                    .args(tests.get_args())
                    .args(["--test", "account", "--", "keyring"]);
                command.env("PROMPTPAL_TEST_KEYRING", "1");
                log.run(command)
            }),
        },
        Step {
            name: "window",
            about: "the real window by WebDriver",
            needs: &["setup", "build"],
            action: Box::new(|log| {
                // Pictures of an earlier run would pass for pictures of this one.
                let pictures = places.artifacts.join("screenshots");
                if pictures.exists() {
                    std::fs::remove_dir_all(&pictures)
                        .with_context(|| format!("emptying {}", pictures.display()))?;
                }
                log.run(session::node_tests(places, &places.ui().join("e2e/window"))?)
            }),
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_stands_after_the_steps_it_needs() -> Result<()> {
        let places = Places::find()?;
        let steps = plan(&places);
        for (position, step) in steps.iter().enumerate() {
            for need in step.needs {
                let before = steps.iter().take(position).any(|earlier| earlier.name == *need);
                assert!(
                    before,
                    "{} needs {need}, which does not come before it",
                    step.name
                );
            }
        }
        Ok(())
    }

    #[test]
    fn only_brings_what_a_step_needs() -> Result<()> {
        let places = Places::find()?;
        let steps = plan(&places);
        let chosen = with_needs(&steps, &["clippy".to_owned()])?;
        assert_eq!(chosen, ["clippy", "ui-build", "setup"]);
        assert!(with_needs(&steps, &["nonsense".to_owned()]).is_err());
        Ok(())
    }
}
